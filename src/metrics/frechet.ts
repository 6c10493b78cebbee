import { EigenvalueDecomposition, Matrix } from "ml-matrix";

/** Mean and covariance of features: what a Fréchet distance compares. */
export interface Moments {
  readonly mean: Float64Array;
  readonly covariance: Matrix;
}

/** Moments of `n` rows of `d` features; the covariance is the unbiased one. */
export function moments(features: ArrayLike<number>, d: number): Moments {
  const n = features.length / d;
  const mean = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) mean[j]! += features[i * d + j]! / n;
  const sums = new Float64Array(d * d);
  const row = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) row[j] = features[i * d + j]! - mean[j]!;
    for (let j = 0; j < d; j++) {
      const value = row[j]!;
      for (let k = 0; k <= j; k++) sums[j * d + k]! += value * row[k]!;
    }
  }
  const covariance = Matrix.zeros(d, d);
  for (let j = 0; j < d; j++) {
    for (let k = 0; k <= j; k++) {
      const value = sums[j * d + k]! / Math.max(1, n - 1);
      covariance.set(j, k, value);
      covariance.set(k, j, value);
    }
  }
  return { mean, covariance };
}

/**
 * Fréchet distance between the normal distributions with these moments:
 * `‖μ₁ − μ₂‖² + tr(C₁ + C₂ − 2 (C₁^½ C₂ C₁^½)^½)`.
 *
 * Dowson & Landau 1982; Heusel et al. 2017 compare Inception features so.
 */
export function frechetDistance(a: Moments, b: Moments): number {
  const means = a.mean.reduce((total, m, i) => total + (m - b.mean[i]!) ** 2, 0);
  const root = squareRoot(a.covariance);
  const middle = root.mmul(b.covariance).mmul(root);
  const cross = eigenvalues(symmetric(middle)).reduce((t, v) => t + Math.sqrt(Math.max(0, v)), 0);
  return means + a.covariance.trace() + b.covariance.trace() - 2 * cross;
}

const symmetric = (m: Matrix): Matrix => Matrix.add(m, m.transpose()).mul(0.5);

const eigenvalues = (m: Matrix): readonly number[] =>
  new EigenvalueDecomposition(m, { assumeSymmetric: true }).realEigenvalues;

/** The symmetric root of a covariance; tiny negative eigenvalues are rounding. */
function squareRoot(m: Matrix): Matrix {
  const { eigenvectorMatrix: v, realEigenvalues } = new EigenvalueDecomposition(m, {
    assumeSymmetric: true,
  });
  const scaled = v.clone();
  realEigenvalues.forEach((value, j) => {
    scaled.mulColumn(j, Math.sqrt(Math.max(0, value)));
  });
  return scaled.mmul(v.transpose());
}
