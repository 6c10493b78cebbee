import { ConfigurationError } from "../shape/error.js";
import { checkRows } from "./rows.js";

/** A score over splits of the samples: their mean, and how far they lie apart. */
export interface SplitScore {
  readonly mean: number;
  readonly deviation: number;
}

/**
 * `exp E[KL(p(y|x) ‖ p(y))]` of class probabilities `[n classes]`, over `splits` that follow
 * each other: from 1 (every sample alike to the classifier) to the number of classes. It is called
 * Inception score only when the classifier is Inception.
 *
 * Salimans et al. 2016, "Improved techniques for training GANs", section 4; 10 splits, as their code.
 *
 * @throws {ShapeError} when the probabilities are not whole rows.
 * @throws {ConfigurationError} when there are fewer samples than splits.
 *
 * @example
 * const sure = Float32Array.of(1, 0, 0, 1);
 * inceptionScore(sure, { classes: 2, splits: 1 }); // → {"mean":2,"deviation":0}
 */
export function inceptionScore(
  probabilities: Float32Array | Float64Array,
  { classes, splits = 10 }: { readonly classes: number; readonly splits?: number },
): SplitScore {
  const n = checkRows("inceptionScore", probabilities, classes, "probabilities");
  if (!(Number.isInteger(splits) && splits >= 1 && splits <= n)) {
    const why = `expected 1 to ${n}, the samples there are, received ${splits}`;
    throw new ConfigurationError({ op: "inceptionScore.splits", why });
  }
  const scores = Array.from({ length: splits }, (_, i) => {
    const [from, to] = [Math.floor((i * n) / splits), Math.floor(((i + 1) * n) / splits)];
    return scoreOf(probabilities.subarray(from * classes, to * classes), classes);
  });
  const mean = scores.reduce((sum, v) => sum + v, 0) / splits;
  const variance = scores.reduce((sum, v) => sum + (v - mean) ** 2, 0) / splits;
  return { mean, deviation: Math.sqrt(variance) };
}

function scoreOf(rows: Float32Array | Float64Array, classes: number): number {
  const n = rows.length / classes;
  const marginal = new Float64Array(classes);
  rows.forEach((p, i) => {
    marginal[i % classes]! += p / n;
  });
  let divergence = 0;
  rows.forEach((p, i) => {
    if (p > 0) divergence += p * Math.log(p / marginal[i % classes]!);
  });
  return Math.exp(divergence / n);
}
