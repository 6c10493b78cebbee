// Symmetric matrices in float64, `[n n]` row after row, as Fréchet distances need them: 2,048
// features take seconds here and minutes in general libraries (docs/results.md).

/**
 * `Fᵀ` of a positive semidefinite `C = F Fᵀ`: `[n n] → [rank n]`, by Cholesky's method with pivots.
 * What is left when the largest pivot falls under rounding (`n ε` of the first) is rounding itself.
 *
 * Higham 2002, "Accuracy and Stability of Numerical Algorithms", section 10.3.
 */
export function factor(
  c: Float64Array,
  n: number,
): { readonly rows: Float64Array; readonly rank: number } {
  const f = new Float64Array(n * n);
  const left = Float64Array.from({ length: n }, (_, i) => c[i * n + i]!);
  const waiting = new Set(left.keys());
  const smallest = n * Number.EPSILON * left.reduce((a, b) => Math.max(a, b), 0);
  let rank = 0;
  for (; rank < n; rank++) {
    let pivot = -1;
    let most = smallest;
    for (const i of waiting) if (left[i]! > most) [pivot, most] = [i, left[i]!];
    if (pivot < 0) break;
    const root = Math.sqrt(most);
    const p = pivot * n;
    f[p + rank] = root;
    waiting.delete(pivot);
    for (const i of waiting) {
      const r = i * n;
      let dot = 0;
      for (let t = 0; t < rank; t++) dot += f[r + t]! * f[p + t]!;
      const value = (c[p + i]! - dot) / root;
      f[r + rank] = value;
      left[i]! -= value * value;
    }
  }
  const rows = new Float64Array(rank * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < rank; j++) rows[j * n + i] = f[i * n + j]!;
  return { rows, rank };
}

/**
 * Eigenvalues of a symmetric matrix, `[n n] → [n]`, in rising order; only the lower triangle is read.
 *
 * Householder's reduction to three diagonals, then QL with implicit shifts: Martin, Reinsch &
 * Wilkinson 1968 (tred), Dubrulle 1970 (imtql1), both in EISPACK.
 */
export function eigenvalues(matrix: Float64Array, n: number): Float64Array {
  const { diagonal, beside } = tridiagonal(matrix.slice(), n);
  return implicitQl(diagonal, beside);
}

/**
 * Three diagonals with the same eigenvalues. Each sweep over the matrix ends one reflection
 * (`A −= u qᵀ + q uᵀ`) and begins the next (`p = A u`), so that memory is read once for both.
 */
function tridiagonal(
  a: Float64Array,
  n: number,
): { readonly diagonal: Float64Array; readonly beside: Float64Array } {
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(Math.max(0, n - 1));
  let [u, q] = [new Float64Array(n), new Float64Array(n)];
  let [nextU, p] = [new Float64Array(n), new Float64Array(n)];
  for (let i = n - 1; i >= 0; i--) {
    const row = i * n;
    for (let j = 0; j <= i; j++) a[row + j]! -= u[i]! * q[j]! + q[i]! * u[j]!;
    diagonal[i] = a[row + i]!;
    if (i === 0) break;
    const h = reflector(a.subarray(row, row + i), nextU, (value) => {
      beside[i - 1] = value;
    });
    p.fill(0, 0, i);
    for (let r = 0; r < i; r++) {
      const at = r * n;
      const [ur, qr, vr] = [u[r]!, q[r]!, nextU[r]!];
      let sum = 0;
      for (let j = 0; j < r; j++) {
        const value = a[at + j]! - ur * q[j]! - qr * u[j]!;
        a[at + j] = value;
        sum += value * nextU[j]!;
        p[j]! += value * vr;
      }
      const value = a[at + r]! - 2 * ur * qr;
      a[at + r] = value;
      p[r]! += sum + value * vr;
    }
    if (h > 0) {
      let dot = 0;
      for (let j = 0; j < i; j++) dot += nextU[j]! * p[j]!;
      const half = dot / (2 * h);
      for (let j = 0; j < i; j++) p[j] = (p[j]! - half * nextU[j]!) / h;
    }
    [u, nextU, q, p] = [nextU, u, p, q];
  }
  return { diagonal, beside };
}

/** The vector whose reflection leaves only the last element of `x`; gives `‖u‖²/2`, 0 for none. */
function reflector(x: Float64Array, u: Float64Array, keep: (value: number) => void): number {
  const last = x.length - 1;
  let scale = 0;
  for (let j = 0; j < last; j++) scale = Math.max(scale, Math.abs(x[j]!));
  if (scale === 0) {
    u.fill(0, 0, x.length);
    keep(x[last]!);
    return 0;
  }
  scale = Math.max(scale, Math.abs(x[last]!));
  let squares = 0;
  for (let j = 0; j <= last; j++) {
    u[j] = x[j]! / scale;
    squares += u[j]! * u[j]!;
  }
  const f = u[last]!;
  const g = f >= 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
  keep(scale * g);
  u[last] = f - g;
  return squares - f * g;
}

function implicitQl(d: Float64Array, beside: Float64Array): Float64Array {
  const n = d.length;
  const e = new Float64Array(n);
  e.set(beside);
  for (let l = 0; l < n; l++) {
    for (let turns = 0; ; turns++) {
      let m = l;
      for (; m < n - 1; m++) {
        const near = Math.abs(d[m]!) + Math.abs(d[m + 1]!);
        if (Math.abs(e[m]!) <= Number.EPSILON * near) break;
      }
      if (m === l || turns === 60) break; // EISPACK allows 30; none of our matrices needed 10
      let g = (d[l + 1]! - d[l]!) / (2 * e[l]!);
      let r = Math.hypot(g, 1);
      g = d[m]! - d[l]! + e[l]! / (g + (g < 0 ? -r : r));
      let [s, c, p] = [1, 1, 0];
      let i = m - 1;
      for (; i >= l; i--) {
        const f = s * e[i]!;
        const b = c * e[i]!;
        r = Math.hypot(f, g);
        e[i + 1] = r;
        if (r === 0) {
          d[i + 1]! -= p;
          e[m] = 0;
          break;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1]! - p;
        r = (d[i]! - g) * s + 2 * c * b;
        p = s * r;
        d[i + 1] = g + p;
        g = c * r - b;
      }
      if (i >= l) continue;
      d[l]! -= p;
      e[l] = g;
      e[m] = 0;
    }
  }
  return d.sort();
}
