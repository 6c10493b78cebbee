import { ConfigurationError, closest } from "../shape/error.js";
import type { MemoryItems } from "../shape/items.js";
import { avatars } from "./avatars.js";
import { bimodal } from "./bimodal.js";
import { patternSets } from "./binary-patterns.js";
import type { Dataset } from "./dataset.js";
import { deadLeaves } from "./dead-leaves.js";
import { designs } from "./designs.js";
import { factors } from "./factors.js";
import { galaxies } from "./galaxies.js";
import { letters } from "./letters.js";
import { mixture4d } from "./mixture.js";
import { mugs } from "./mugs.js";
import { nothing } from "./nothing.js";
import { blobs, checkerboard, spirals } from "./patterns.js";
import { grid, moons, ring } from "./points.js";
import { portraits } from "./portraits.js";
import { products } from "./products.js";
import { scenes } from "./scenes.js";
import { shapes } from "./shapes.js";
import { textures } from "./textures.js";
import { twoGaussians } from "./two-gaussians.js";

/** What every procedural set takes; `size` is for pictures. */
export interface ProceduralOptions {
  /** How many items of a procedural set. */
  readonly count?: number;
  /** Pixels a side. */
  readonly size?: number;
  /** What a procedural set is drawn with. */
  readonly seed?: number;
}

const sets = {
  nothing,
  ring,
  grid,
  moons,
  checkerboard,
  spirals,
  blobs,
  bimodal,
  "mixture-4d": mixture4d,
  avatars,
  designs,
  mugs,
  portraits,
  products,
  scenes,
  shapes,
  letters,
  factors,
  "dead-leaves": deadLeaves,
  galaxies,
  textures,
  ...patternSets,
  "gaussians-2d": twoGaussians,
} as const;

export type ProceduralName = keyof typeof sets;

// Object.keys forgets that the keys are the table's own.
/** The data sets that need no files. */
export const proceduralNames = Object.keys(sets) as readonly ProceduralName[];

/** Whether a word names a procedural set. */
export const isProcedural = (name: string): name is ProceduralName => Object.hasOwn(sets, name);

/** A procedural data set by its name: `proceduralData("shapes", { size: 64 })`. */
export function proceduralData(
  name: string,
  options: ProceduralOptions = {},
): Dataset<MemoryItems> {
  if (!isProcedural(name)) throw unknownData(name, "is none of the procedural sets");
  const { count, size, seed } = options;
  return sets[name]({
    ...(count === undefined ? {} : { count }),
    ...(size === undefined ? {} : { size }),
    ...(seed === undefined ? {} : { seed }),
  });
}

/** The error for a word that names no data, with the name that was probably meant. */
export function unknownData(
  name: string,
  why: string,
  names: readonly string[] = proceduralNames,
): ConfigurationError {
  const meant = closest(name, names);
  const hint = meant ? `did you mean ${meant}?` : `the sets are ${names.join(", ")}`;
  return new ConfigurationError({ op: "data", why: `${name} ${why}`, hint });
}
