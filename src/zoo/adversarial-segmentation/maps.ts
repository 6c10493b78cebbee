import type { DataDescription } from "../../game/draws.js";
import { ConfigurationError } from "../../shape/error.js";
import type { Legend } from "../../shape/legend.js";
import { type Shape, sameShape } from "../../shape/shape.js";

/** What is known of data whose items are maps of photos. */
export interface Mapped {
  readonly legend: Legend;
  /** Classes that count. */
  readonly classes: number;
  /** A photo: `[c h w]`. */
  readonly photo: Shape;
}

/** Stops where items are not maps with a legend, each with a photo of its size. */
export function checkMapped({ shape, legend, given }: DataDescription): Mapped {
  if (legend === undefined || given === undefined || shape.length !== 3) {
    const hint = "try scenes, or photos with label maps whose colours have a legend";
    const why = "needs maps of classes, and a photo for each";
    throw new ConfigurationError({ op: "data", why, hint });
  }
  if (!sameShape(shape.slice(1), given.shape.slice(1))) {
    const operands = [
      { label: "maps", value: shape },
      { label: "photos", value: given.shape },
    ];
    throw new ConfigurationError({ op: "data", why: "maps and photos differ in size", operands });
  }
  const classes = legend.filter(({ ignored }) => ignored !== true).length;
  return { legend, classes, photo: given.shape };
}
