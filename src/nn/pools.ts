import { ShapeError } from "../shape/error.js";
import { mean, sum } from "../tensor/operations.js";
import { averagePool, maxPool, type Pair } from "../tensor/pictures.js";
import type { Tensor } from "../tensor/tensor.js";
import { fromFunction, type Layer } from "./layer.js";

/** Options of pools besides their window. */
export interface PoolingOptions {
  /** As large as the window when left out. */
  readonly stride?: Pair;
}

const sized = (pair: Pair): string => (typeof pair === "number" ? [pair, pair] : pair).join("×");

const named = (what: string, kernel: Pair, { stride }: PoolingOptions): string =>
  `${what} pool ${sized(kernel)}${stride === undefined ? "" : ` /${[stride].flat().join("×")}`}`;

/**
 * The mean of each window as a layer: `[b c h w] → [b c h/kernel w/kernel]`.
 *
 * @throws {ShapeError} when the input is no picture or no window fits.
 * @example
 * averagePooling(2).build([3, 8, 8]).output; // → [3,4,4]
 */
export const averagePooling = (kernel: Pair, options: PoolingOptions = {}): Layer =>
  fromFunction((x) => averagePool(x, { kernel, ...options }), named("average", kernel, options));

/**
 * The largest of each window as a layer: `[b c h w] → [b c h/kernel w/kernel]`.
 *
 * @throws {ShapeError} when the input is no picture or no window fits.
 * @example
 * maxPooling(3, { stride: 2 }).build([3, 9, 9]).output; // → [3,4,4]
 */
export const maxPooling = (kernel: Pair, options: PoolingOptions = {}): Layer =>
  fromFunction((x) => maxPool(x, { kernel, ...options }), named("max", kernel, options));

/** Axes after the channels. */
function places(op: string, x: Tensor): readonly number[] {
  if (x.rank >= 3) return x.shape.map((_, i) => i).slice(2);
  const operands = [{ label: "input", value: x.shape.slice(1) }];
  throw new ShapeError({ op, why: "needs an axis besides the channels", operands });
}

/**
 * The mean of each channel over all of its places: `[b c …] → [b c]`.
 *
 * @throws {ShapeError} when there are no places.
 * @example
 * globalAverage().build([64, 4, 4]).output; // → [64]
 */
export const globalAverage = (): Layer =>
  fromFunction((x) => mean(x, { axes: places("globalAverage", x) }), "global average");

/**
 * The sum of each channel over all of its places, as discriminators with projection end:
 * `[b c …] → [b c]`.
 *
 * Miyato & Koyama 2018, "cGANs with projection discriminator".
 *
 * @throws {ShapeError} when there are no places.
 * @example
 * globalSum().build([64, 4, 4]).output; // → [64]
 */
export const globalSum = (): Layer =>
  fromFunction((x) => sum(x, { axes: places("globalSum", x) }), "global sum");
