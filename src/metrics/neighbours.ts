import { ConfigurationError } from "../shape/error.js";
import { openProducts, type Products, type Rows } from "./products.js";
import { checkRows, squaredDistance } from "./rows.js";

/** The nearest rows among others, nearest first. */
export interface Neighbours {
  /** `[n k]`: which rows. */
  readonly indices: Int32Array;
  /** `[n k]`: how far they are, by Euclid. */
  readonly distances: Float64Array;
}

export interface NeighbourOptions {
  /** Features in a row. */
  readonly size: number;
  /** How many neighbours of each row. */
  readonly k?: number;
  /** Threads of the products. */
  readonly threads?: number;
}

/**
 * The `k` nearest of some rows to each row, by Euclidean distance: `[n size], [m size] → [n k]`.
 * The search is over float64 products; the distances found are then computed directly, so that
 * equal rows are exactly 0 apart.
 *
 * @throws {ConfigurationError} when there are fewer rows than neighbours.
 *
 * @example
 * const among = Float32Array.of(0, 0, 3, 4, 9, 9);
 * const { indices, distances } = await nearest(Float32Array.of(3, 3), among, { size: 2, k: 2 });
 * [...indices]; // → [1, 0]
 * [...distances]; // → [1, 4.243]
 */
export async function nearest(
  rows: Rows,
  among: Rows,
  { size, k = 1, threads = 1 }: NeighbourOptions,
): Promise<Neighbours> {
  checkRows("nearest", rows, size);
  checkEnough("nearest", checkRows("nearest", among, size), k);
  const products = openProducts({ threads });
  try {
    const found = await nearestBy(products, { rows, among, size, k, others: false });
    return { indices: found.indices, distances: found.squares.map(Math.sqrt) };
  } finally {
    await products.release();
  }
}

/** Checks that there are `k` rows to be near to. */
export function checkEnough(op: string, count: number, k: number): void {
  if (Number.isInteger(k) && k >= 1 && k <= count) return;
  const why = `${k} neighbours asked for, there are ${count} rows`;
  throw new ConfigurationError({ op: `${op}.k`, why });
}

/** The nearest with products that are open already; `others` when a row is not its own neighbour. */
export async function nearestBy(
  products: Products,
  {
    rows,
    among,
    size,
    k,
    others,
  }: {
    readonly rows: Rows;
    readonly among: Rows;
    readonly size: number;
    readonly k: number;
    readonly others: boolean;
  },
): Promise<{ readonly indices: Int32Array; readonly squares: Float64Array }> {
  const count = rows.length / size;
  const indices = new Int32Array(count * k).fill(-1);
  const best = new Float64Array(count * k).fill(Number.POSITIVE_INFINITY);
  await eachPair(products, { a: rows, b: among, size }, ({ i, from, squares }) => {
    const first = i * k;
    const last = first + k - 1;
    let worst = best[last]!;
    for (let t = 0; t < squares.length; t++) {
      const square = squares[t]!;
      if (square >= worst || (others && from + t === i)) continue;
      let at = last;
      for (; at > first && best[at - 1]! > square; at--) {
        best[at] = best[at - 1]!;
        indices[at] = indices[at - 1]!;
      }
      best[at] = square;
      indices[at] = from + t;
      worst = best[last]!;
    }
  });
  for (let i = 0; i < count; i++) {
    const found = [...indices.subarray(i * k, (i + 1) * k)]
      .map((j) => ({ j, square: squaredDistance([rows, i], [among, j], size) }))
      .sort((x, y) => x.square - y.square || x.j - y.j);
    found.forEach(({ j, square }, t) => {
      indices[i * k + t] = j;
      best[i * k + t] = square;
    });
  }
  return { indices, squares: best };
}

/** The squared distances of one row to some that follow each other. */
export interface Pairs {
  readonly i: number;
  /** The index of the first of the others. */
  readonly from: number;
  /** As products give them: off by some `2^-48` of the squared lengths. Reused for the next row. */
  readonly squares: Float64Array;
}

const blockA = 512;
const blockB = 2048;

/** Visits the squared distances of all pairs of rows, in blocks. */
export async function eachPair(
  products: Products,
  { a, b, size }: { readonly a: Rows; readonly b: Rows; readonly size: number },
  visit: (pairs: Pairs) => void,
): Promise<void> {
  const [lengthsA, lengthsB] = [squaredLengths(a, size), squaredLengths(b, size)];
  for (let startA = 0; startA < lengthsA.length; startA += blockA) {
    const left = a.subarray(startA * size, (startA + blockA) * size);
    for (let startB = 0; startB < lengthsB.length; startB += blockB) {
      const right = b.subarray(startB * size, (startB + blockB) * size);
      const block = await products.multiply(left, right, size);
      const n = right.length / size;
      for (let row = 0; row < left.length / size; row++) {
        const i = startA + row;
        const squares = block.subarray(row * n, (row + 1) * n);
        const length = lengthsA[i]!;
        for (let t = 0; t < n; t++) {
          squares[t] = length + lengthsB[startB + t]! - 2 * squares[t]!;
        }
        visit({ i, from: startB, squares });
      }
    }
  }
}

/** `[n size] → [n]` */
export function squaredLengths(rows: Rows, size: number): Float64Array {
  const lengths = new Float64Array(rows.length / size);
  for (let i = 0; i < lengths.length; i++) {
    let sum = 0;
    for (let t = i * size; t < (i + 1) * size; t++) sum += rows[t]! * rows[t]!;
    lengths[i] = sum;
  }
  return lengths;
}
