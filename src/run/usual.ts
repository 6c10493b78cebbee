import { isProcedural, proceduralData } from "../data/procedural.js";
import type { DataDescription } from "../game/draws.js";
import type { System } from "../game/system.js";
import { descriptionOf } from "./asked.js";

/**
 * What a system's own data are like, when it has some: of pictures only one is made, since drawing
 * thousands takes seconds.
 */
export function ownDescription({ data: name }: System): DataDescription | undefined {
  if (name === undefined || !isProcedural(name)) return undefined;
  const one = proceduralData(name, { count: 1 });
  return descriptionOf({ data: one.kind === "pictures" ? one : proceduralData(name) });
}
