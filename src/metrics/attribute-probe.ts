import { ShapeError } from "../shape/error.js";
import { Random } from "../shape/random.js";
import { type Shape, sizeOf } from "../shape/shape.js";
import { openProducts, type Products } from "./products.js";
import { ridge } from "./ridge.js";
import { checkRows } from "./rows.js";

/** Reads attributes from pictures, such as where a head is and what colour. */
export interface AttributeProbe {
  /** What it reads, in this order. */
  readonly names: readonly string[];
  /** How well, by name: R² on pictures that it was not fitted to, 1 at best. */
  readonly r2: Readonly<Record<string, number>>;
  /** Pictures from −1 to 1, `[n c h w]` → `[n names]`. */
  read(pictures: Float32Array): Promise<Float64Array>;
  /** Gives back what it holds; it is not used afterwards. */
  release(): Promise<void>;
}

/** What a probe is fitted to. */
export interface AttributeProbeOptions {
  /** One picture: `[c h w]`. */
  readonly shape: Shape;
  /** What is known of each picture, by name. */
  readonly attributes: Readonly<Record<string, readonly number[]>>;
  /** Random features that attributes are read from. */
  readonly features?: number;
  /** What features are drawn with. */
  readonly seed?: number;
}

/** Of the pictures, what R² is measured on. */
const heldBack = 1 / 8;
/** Found on avatars of 16 × 16; between a tenth of it and ten times as much R² hardly changes. */
const penalty = 1e-4;

/**
 * Fits a probe to pictures from −1 to 1 with known attributes, `[n c h w]`: random filters on random
 * places, rectified, and a linear regression with a penalty on its squares. Nothing of it is trained
 * by descent, and it knows no system that it judges.
 *
 * @throws {ShapeError} when there is not one value of each attribute for each picture.
 * @throws {DataError} when a number of a picture is not finite.
 *
 * @example
 * const { items, shape, factors } = data.avatars({ count: 400 });
 * const pictures = Float32Array.from(items, (byte) => byte / 127.5 - 1);
 * const { background } = factors as Record<string, number[]>;
 * const probe = await attributeProbe(pictures, { shape, attributes: { background }, features: 100 });
 * probe.r2.background > 0.9; // → true
 */
export async function attributeProbe(
  pictures: Float32Array,
  { shape, attributes, features = 800, seed = 0 }: AttributeProbeOptions,
): Promise<AttributeProbe> {
  const size = sizeOf(shape);
  const count = checkRows("attributeProbe", pictures, size, "pictures");
  const names = Object.keys(attributes);
  for (const name of names) {
    if (attributes[name]!.length === count) continue;
    const why = `${count} pictures, and ${attributes[name]!.length} values of ${name}`;
    throw new ShapeError({ op: "attributeProbe", why });
  }
  const products = openProducts();
  const filters = filtersFor(shape, features, new Random({ seed, purpose: "metrics/probe" }));
  const centre = meanOf(pictures, size);
  const rectified = (some: Float32Array): Promise<Float64Array> =>
    seenBy(products, some, { centre, filters });
  const fitted = count - Math.max(1, Math.floor(count * heldBack));
  const rows = await rectified(pictures);
  const d = features + 1;
  const columns = transposed(rows.subarray(0, fitted * d), d);
  const targets = Float64Array.from(names.flatMap((name) => attributes[name]!.slice(0, fitted)));
  const gram = await products.multiply(columns, columns, fitted);
  const cross = await products.multiply(targets, columns, fitted);
  const weights = ridge(gram, cross, penalty * fitted);
  const read = (some: Float64Array): Promise<Float64Array> => products.multiply(some, weights, d);
  const found = await read(rows.subarray(fitted * d));
  const r2 = names.map((name, k) => {
    const ours = Float64Array.from(
      { length: count - fitted },
      (_, i) => found[i * names.length + k]!,
    );
    return [name, determination(ours, attributes[name]!.slice(fitted))];
  });
  return {
    names,
    r2: Object.fromEntries(r2),
    read: async (some) => await read(await rectified(some)),
    release: () => products.release(),
  };
}

interface Filters {
  /** `[features pixels]` */
  readonly weights: Float64Array;
  readonly biases: Float64Array;
}

/** Filters of length 1 on squares of three sizes or on all of a picture; half see one colour alone. */
function filtersFor(shape: Shape, features: number, random: Random): Filters {
  const [channels, height, width] = shape as readonly [number, number, number]; // pictures have three axes
  const size = sizeOf(shape);
  const weights = new Float64Array(features * size);
  const biases = new Float64Array(features);
  for (let f = 0; f < features; f++) {
    const share = [3 / 16, 5 / 16, 7 / 16, 2][random.integer(4)]!;
    const [y0, x0] = [random.uniform(), random.uniform()];
    const colour = Array.from({ length: channels }, () => random.normal());
    const isEven = random.integer(2) === 1;
    const own = weights.subarray(f * size, (f + 1) * size);
    for (let i = 0; i < size; i++) {
      const [y, x] = [(Math.floor(i / width) % height) + 0.5, (i % width) + 0.5];
      const far = Math.max(Math.abs(y / height - y0), Math.abs(x / width - x0));
      const number = isEven ? colour[Math.floor(i / (height * width))]! : random.normal();
      own[i] = far <= share / 2 ? number : 0;
    }
    const length = Math.hypot(...own) || 1;
    for (let i = 0; i < size; i++) own[i]! /= length;
    biases[f] = random.normal() / 2;
  }
  return { weights, biases };
}

/** What filters see of pictures, rectified, and 1: `[n features + 1]`. */
async function seenBy(
  products: Products,
  pictures: Float32Array,
  { centre, filters }: { readonly centre: Float64Array; readonly filters: Filters },
): Promise<Float64Array> {
  const centred = Float64Array.from(pictures, (v, i) => v - centre[i % centre.length]!);
  const { weights, biases } = filters;
  const seen = await products.multiply(centred, weights, centre.length);
  const features = biases.length;
  const rows = new Float64Array((pictures.length / centre.length) * (features + 1));
  for (let i = 0; i < rows.length; i++) {
    const [row, f] = [Math.floor(i / (features + 1)), i % (features + 1)];
    rows[i] = f === features ? 1 : Math.max(0, seen[row * features + f]! + biases[f]!);
  }
  return rows;
}

function meanOf(pictures: Float32Array, size: number): Float64Array {
  const mean = new Float64Array(size);
  const count = pictures.length / size;
  pictures.forEach((v, i) => {
    mean[i % size]! += v / count;
  });
  return mean;
}

/** `[n d] → [d n]` */
const transposed = (rows: Float64Array, d: number): Float64Array => {
  const n = rows.length / d;
  return Float64Array.from(rows, (_, i) => rows[(i % n) * d + Math.floor(i / n)]!);
};

/** 1 − the squared error, as a share of the variance. */
function determination(found: Float64Array, known: readonly number[]): number {
  const mean = known.reduce((sum, v) => sum + v, 0) / known.length;
  const of = (f: (v: number, i: number) => number): number =>
    known.reduce((sum, v, i) => sum + f(v, i) ** 2, 0);
  return 1 - of((v, i) => v - found[i]!) / of((v) => v - mean);
}
