import { openProducts, type Products } from "./products.js";
import { checkRows } from "./rows.js";
import { eigenvalues, factor } from "./symmetric.js";

/** Mean and covariance of features: what a Fréchet distance compares. */
export interface Moments {
  /** `[d]` */
  readonly mean: Float64Array;
  /** `[d d]`, row after row. */
  readonly covariance: Float64Array;
}

const chunk = 1024;

/**
 * Moments of `n` rows of `d` features, `[n d] → [d], [d d]`; the covariance is the unbiased one. It
 * is computed with some `threads`.
 *
 * @throws {ShapeError} when the features are not whole rows.
 * @throws {DataError} when a feature is not finite.
 *
 * @example
 * const { mean } = await moments(Float32Array.of(1, 2, 3, 4, 5, 9), 2);
 * [...mean]; // → [3, 5]
 */
export async function moments(
  features: Float32Array | Float64Array,
  d: number,
  { threads = 1 }: { readonly threads?: number } = {},
): Promise<Moments> {
  const n = checkRows("moments", features, d);
  const mean = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) mean[j]! += features[i * d + j]! / n;
  const covariance = new Float64Array(d * d);
  const products = openProducts({ threads });
  try {
    for (let start = 0; start < n; start += chunk) {
      const k = Math.min(chunk, n - start);
      const columns = new Float64Array(d * k);
      for (let i = 0; i < k; i++)
        for (let j = 0; j < d; j++) columns[j * k + i] = features[(start + i) * d + j]! - mean[j]!;
      const part = await products.multiply(columns, columns, k);
      for (let i = 0; i < part.length; i++) covariance[i]! += part[i]! / Math.max(1, n - 1);
    }
  } finally {
    await products.release();
  }
  return { mean, covariance };
}

/**
 * Fréchet distance between the normal distributions with these moments:
 * `‖μ₁ − μ₂‖² + tr(C₁ + C₂ − 2 (C₁^½ C₂ C₁^½)^½)`.
 *
 * With any factors `C = F Fᵀ`, the trace of that last root is the sum of the singular values of
 * `F₁ᵀ F₂`: no root is taken of a matrix, and directions that the data do not span add no rounding.
 * Products are computed with some `threads`.
 *
 * Dowson & Landau 1982, equation 4; Heusel et al. 2017 compare Inception features so.
 *
 * @example
 * const a = await moments(Float32Array.of(-1, 1), 1);
 * await frechetDistance(a, await moments(Float32Array.of(1, 3), 1)); // → 4
 */
export async function frechetDistance(
  a: Moments,
  b: Moments,
  { threads = 1 }: { readonly threads?: number } = {},
): Promise<number> {
  const d = a.mean.length;
  let distance = 0;
  for (let i = 0; i < d; i++) {
    distance += (a.mean[i]! - b.mean[i]!) ** 2;
    distance += a.covariance[i * d + i]! + b.covariance[i * d + i]!;
  }
  const products = openProducts({ threads });
  try {
    return distance - 2 * (await crossTrace(a.covariance, b.covariance, { d, products }));
  } finally {
    await products.release();
  }
}

/** `tr (C₁^½ C₂ C₁^½)^½` */
async function crossTrace(
  first: Float64Array,
  second: Float64Array,
  { d, products }: { readonly d: number; readonly products: Products },
): Promise<number> {
  let [few, many] = [factor(first, d), factor(second, d)];
  if (few.rank > many.rank) [few, many] = [many, few];
  if (few.rank === 0) return 0;
  const cross = await products.multiply(few.rows, many.rows, d);
  const squares = await products.multiply(cross, cross, many.rank);
  return eigenvalues(squares, few.rank).reduce((sum, v) => sum + Math.sqrt(Math.max(0, v)), 0);
}
