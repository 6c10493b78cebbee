/**
 * Weights that explain columns of targets by rows of features, with a penalty on their squares:
 * `(XᵀX + λ I) W = XᵀY`, by Cholesky's factorization. `gram` is `XᵀX [d d]`, `cross` is `XᵀY [d k]`
 * column after column; so are the weights.
 */
export function ridge(gram: Float64Array, cross: Float64Array, lambda: number): Float64Array {
  const d = Math.round(Math.sqrt(gram.length));
  const l = Float64Array.from(gram);
  for (let j = 0; j < d; j++) {
    l[j * d + j]! += lambda;
    for (let i = j; i < d; i++) {
      let sum = l[i * d + j]!;
      for (let k = 0; k < j; k++) sum -= l[i * d + k]! * l[j * d + k]!;
      l[i * d + j] = i === j ? Math.sqrt(sum) : sum / l[j * d + j]!;
    }
  }
  const weights = Float64Array.from(cross);
  for (let at = 0; at < weights.length; at += d) solve(l, weights.subarray(at, at + d));
  return weights;
}

/** Solves `L Lᵀ w = b` in place. */
function solve(l: Float64Array, b: Float64Array): void {
  const d = b.length;
  for (let i = 0; i < d; i++) {
    for (let k = 0; k < i; k++) b[i]! -= l[i * d + k]! * b[k]!;
    b[i]! /= l[i * d + i]!;
  }
  for (let i = d - 1; i >= 0; i--) {
    for (let k = i + 1; k < d; k++) b[i]! -= l[k * d + i]! * b[k]!;
    b[i]! /= l[i * d + i]!;
  }
}
