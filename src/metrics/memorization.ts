import { ConfigurationError } from "../shape/error.js";
import { nearest } from "./neighbours.js";
import type { Rows } from "./products.js";

/** Whether samples lie nearer to the training set than items that were never trained on. */
export interface Memorization {
  /** `[n]`: the training row nearest to each sample. */
  readonly nearest: Int32Array;
  /** `[n]`: how far it is, by Euclid. */
  readonly distances: Float64Array;
  /** Samples at distance 0. */
  readonly copies: number;
  /** What held-out rows say; without them nobody knows which distances are too small. */
  readonly beside: BesideHeldOut | undefined;
}

/** Distances to training rows, beside those of held-out rows. */
export interface BesideHeldOut {
  /** Held-out rows that the distances were compared with. */
  readonly heldOut: number;
  /** The distance to training rows that all but a share `expected` of held-out rows exceed. */
  readonly threshold: number;
  /** Share of samples nearer than that. */
  readonly share: number;
  /** The share of a perfect generator; much more is memory, much less is distance from the data. */
  readonly expected: number;
}

export interface MemorizationOptions {
  /** Features in a row. */
  readonly size: number;
  /** Real rows that were never trained on: `[h size]`. */
  readonly heldOut?: Rows;
  /** How many held-out rows to lie below the threshold, as a share. */
  readonly quantile?: number;
  /** Threads of the products. */
  readonly threads?: number;
}

/**
 * The nearest training row of every sample, and the share of samples that lie nearer to the
 * training set than 95 % of held-out rows do: `[n size]` samples, `[m size]` training rows.
 *
 * The comparison is that of Meehan, Chaudhuri & Dasgupta 2020, "A non-parametric test to detect
 * data-copying", told as one share instead of a rank statistic. Training and held-out rows must
 * come from one shuffle, or the threshold measures the difference between the two.
 *
 * @throws {ShapeError} when the features are not whole rows.
 * @throws {DataError} when a feature is not finite.
 * @throws {ConfigurationError} when the quantile is no share.
 *
 * @example
 * const training = Float32Array.of(0, 10, 20);
 * const heldOut = Float32Array.of(3, 14, 25);
 * const { beside } = await memorization(Float32Array.of(0.5, 20), training, { size: 1, heldOut });
 * beside; // → {"heldOut":3,"threshold":3,"share":1,"expected":0.05}
 */
export async function memorization(
  samples: Rows,
  training: Rows,
  { size, heldOut, quantile = 0.05, threads = 1 }: MemorizationOptions,
): Promise<Memorization> {
  if (!(quantile >= 0 && quantile < 1)) {
    const why = `expected a share from 0 to 1, received ${quantile}`;
    throw new ConfigurationError({ op: "memorization.quantile", why });
  }
  const found = await nearest(samples, training, { size, threads });
  const copies = count(found.distances, (d) => d === 0);
  const parts = { nearest: found.indices, distances: found.distances, copies };
  if (heldOut === undefined) return { ...parts, beside: undefined };
  const theirs = (await nearest(heldOut, training, { size, threads })).distances.sort();
  const threshold = theirs[Math.floor(quantile * theirs.length)]!;
  const share = count(found.distances, (d) => d < threshold) / found.distances.length;
  return { ...parts, beside: { heldOut: theirs.length, threshold, share, expected: quantile } };
}

const count = (values: Float64Array, has: (value: number) => boolean): number =>
  values.reduce((sum, value) => sum + (has(value) ? 1 : 0), 0);
