import { Random } from "../shape/random.js";
import type { Dataset, Modes } from "./dataset.js";
import { fingerprintOf } from "./fingerprint.js";
import { sharedFloats, sharedInts } from "./memory.js";

/** How many points, and the seed they are drawn with. */
export interface PointOptions {
  /** How many points. */
  readonly count?: number;
  /** What they are drawn with: the same seed gives the same points. */
  readonly seed?: number;
}

/** Where one point in the plane lies, and its class. */
export type Placed = readonly [x: number, y: number, label: number];

/** What is known of a set of points before one is drawn. */
export interface PointSet {
  readonly name: string;
  readonly count: number;
  readonly seed: number;
  readonly classes: readonly string[];
  readonly modes?: Modes | undefined;
}

/** A labelled set of points in the plane, drawn one after the other from one stream. */
export function pointSet(
  { name, count, seed, classes, modes }: PointSet,
  draw: (random: Random) => Placed,
): Dataset<Float32Array> {
  const random = new Random({ seed, purpose: `data/${name}` });
  const items = sharedFloats(2 * count);
  const labels = sharedInts(count);
  for (let i = 0; i < count; i++) {
    const [x, y, label] = draw(random);
    items[2 * i] = x;
    items[2 * i + 1] = y;
    labels[i] = label;
  }
  const data = {
    name,
    kind: "points",
    shape: [2],
    count,
    items,
    labels,
    classes,
    modes,
    skipped: [],
  } as const;
  return { ...data, fingerprint: fingerprintOf(data) };
}

/** Classes that have no better names than their numbers. */
export const numbered = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${i}`);
