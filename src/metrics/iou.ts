import { ShapeError } from "../shape/error.js";
import type { MemoryItems } from "../shape/items.js";
import type { Legend } from "../shape/legend.js";
import type { Shape } from "../shape/shape.js";

/** What two sets of maps have in common to be compared. */
export interface LegendOption {
  /** What the colours of a map mean. */
  readonly legend: Legend;
}

/** The same, and the size of each map. */
export interface MapOptions extends LegendOption {
  /** Pixels from top to bottom. */
  readonly height: number;
  /** Pixels from left to right. */
  readonly width: number;
}

/** How well the classes of pixels agree, from 0 to 1; classes that are in neither set do not count. */
export interface Overlap {
  /** The mean over classes of |both| / |either|. */
  readonly meanIou: number;
  /** Pixels that have their own class. */
  readonly pixelAccuracy: number;
  /** The mean over classes of how many of its pixels have it. */
  readonly classAccuracy: number;
  /** Intersection over union of each class of the legend, NaN where it is in neither set or ignored. */
  readonly iou: readonly number[];
}

/**
 * The classes of maps that are kept as pictures: for each pixel the place in the legend of the colour
 * that is nearest to its own, `[n 3 h w] → [n h w]`; bytes, or floats from −1 to 1.
 *
 * @throws {ShapeError} when the pictures have other than three channels, or are not whole.
 * @example
 * const legend = [{ name: "sea", colour: [0, 0, 255] }, { name: "land", colour: [0, 160, 0] }] as const;
 * [...labelsIn(Uint8Array.of(0, 9, 0, 150, 255, 20), { shape: [3, 1, 2], legend })]; // → [0,1]
 */
export function labelsIn(
  items: MemoryItems,
  {
    shape,
    legend,
  }: {
    /** One picture: `[3 h w]`. */
    readonly shape: Shape;
    /** What its colours mean. */
    readonly legend?: Legend | undefined;
  },
): Uint8Array<ArrayBuffer> {
  const [channels, height = 0, width = 0] = shape;
  const area = height * width;
  if (channels !== 3 || items.length % (3 * area) !== 0 || legend === undefined) {
    const operands = [
      { label: "numbers", value: `${items.length}` },
      { label: "map", value: shape },
      { label: "legend", value: legend === undefined ? "none" : `${legend.length} colours` },
    ];
    const why = "needs maps in the colours of a legend";
    throw new ShapeError({ op: "labelsIn", why, operands });
  }
  const byte = (value: number): number =>
    items instanceof Uint8Array ? value : (value + 1) * 127.5;
  const out = new Uint8Array(items.length / 3);
  const known = new Map<number, number>();
  for (let i = 0; i < out.length; i++) {
    const at = Math.floor(i / area) * 3 * area + (i % area);
    const [r, g, b] = [0, 1, 2].map((c) => Math.round(byte(items[at + c * area]!))) as Colour;
    const key = (r * 1024 + g) * 1024 + b;
    const label = known.get(key) ?? nearest([r, g, b], legend);
    known.set(key, label);
    out[i] = label;
  }
  return out;
}

type Colour = [number, number, number];

function nearest(colour: Colour, legend: Legend): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  legend.forEach((entry, k) => {
    const away = entry.colour.reduce((sum, v, c) => sum + (v - colour[c]!) ** 2, 0);
    if (away >= least) return;
    [best, least] = [k, away];
  });
  return best;
}

/**
 * How well classes agree, pixel by pixel, `[n h w], [n h w]`: mean intersection over union, pixel and
 * class accuracy, counted over all maps together. Where the truth is an ignored class nothing counts.
 *
 * Everingham et al. 2010, "The PASCAL visual object classes challenge", section 4.3; Long, Shelhamer
 * & Darrell 2015, section 5.
 *
 * @throws {ShapeError} when one has other pixels than the other.
 * @example
 * const legend = [{ name: "sea", colour: [0, 0, 255] }, { name: "land", colour: [0, 160, 0] }] as const;
 * const { meanIou, pixelAccuracy } = overlap([0, 0, 1, 1], [0, 1, 1, 1], { legend });
 * meanIou; // → 0.5833
 * pixelAccuracy; // → 0.75
 */
export function overlap(
  made: ArrayLike<number>,
  truth: ArrayLike<number>,
  { legend }: LegendOption,
): Overlap {
  checkMaps("overlap", made, truth);
  const k = legend.length;
  const seen = { both: new Float64Array(k), made: new Float64Array(k), truth: new Float64Array(k) };
  let [right, total] = [0, 0];
  for (let i = 0; i < truth.length; i++) {
    const [here, said] = [truth[i]!, made[i]!];
    if (legend[here]?.ignored) continue;
    total++;
    seen.truth[here]!++;
    // What is said to be ignored is wrong, and no class of its own.
    if (!legend[said]?.ignored) seen.made[said]!++;
    if (here !== said) continue;
    right++;
    seen.both[here]!++;
  }
  const iou = Array.from({ length: k }, (_, c) =>
    legend[c]!.ignored
      ? Number.NaN
      : seen.both[c]! / (seen.made[c]! + seen.truth[c]! - seen.both[c]!),
  );
  const recall = Array.from({ length: k }, (_, c) => seen.both[c]! / seen.truth[c]!);
  return {
    meanIou: meanOf(iou),
    pixelAccuracy: right / total,
    classAccuracy: meanOf(recall),
    iou,
  };
}

/** The mean of the numbers that there are. */
export function meanOf(values: readonly number[]): number {
  const there = values.filter((value) => !Number.isNaN(value));
  return there.reduce((sum, value) => sum + value, 0) / there.length;
}

/** Stops before maps of other sizes are compared; says how many maps there are. */
export function checkMaps(
  op: string,
  made: ArrayLike<number>,
  truth: ArrayLike<number>,
  { height, width }: { readonly height: number; readonly width: number } = { height: 1, width: 1 },
): number {
  const operands = [
    { label: "made", value: `${made.length} pixels` },
    { label: "truth", value: `${truth.length} pixels` },
  ];
  if (made.length !== truth.length) {
    throw new ShapeError({ op, why: "one has other pixels than the other", operands });
  }
  if (truth.length % (height * width) !== 0) {
    throw new ShapeError({ op, why: `these are no maps of ${height}×${width}`, operands });
  }
  return truth.length / (height * width);
}
