import { checkEnough, eachPair, nearestBy, squaredLengths } from "./neighbours.js";
import { openProducts, type Rows } from "./products.js";
import { checkRows, squaredDistance } from "./rows.js";

/** How alike two sets of features are, told apart by fidelity and diversity. */
export interface Prdc {
  /** Share of fakes inside the ball of any real: fidelity, 0 to 1. */
  readonly precision: number;
  /** Share of reals inside the ball of any fake: diversity, 0 to 1. */
  readonly recall: number;
  /** Real balls that hold a fake, on average, over `k`: fidelity; 1 for equal distributions, no bound. */
  readonly density: number;
  /** Share of reals whose ball holds any fake: diversity, 0 to 1. */
  readonly coverage: number;
}

export interface PrdcOptions {
  /** Features in a row. */
  readonly size: number;
  /** A row's ball reaches to its `k`-th nearest neighbour in its own set, which lies outside. */
  readonly k?: number;
  /** Threads of the products. */
  readonly threads?: number;
}

/** Around this share of the squared lengths, rounding could decide who is inside. */
const close = 2 ** -44;

/**
 * Precision, recall, density and coverage of fake rows `[m size]` beside real ones `[n size]`.
 *
 * Precision and recall: Kynkäänniemi et al. 2019, "Improved precision and recall metric", section 2
 * (they take `k = 3`). Density and coverage: Naeem et al. 2020, "Reliable fidelity and diversity
 * metrics", equations 3 and 4 (`k = 5`). Balls are open, as in Naeem's `prdc`; pairs too close to
 * call are computed again directly, so equal rows are counted as they should be.
 *
 * @throws {ShapeError} when the features are not whole rows.
 * @throws {DataError} when a feature is not finite.
 * @throws {ConfigurationError} when a set has no more than `k` rows.
 *
 * @example
 * const real = Float32Array.of(0, 1, 2, 3);
 * await prdc(real, Float32Array.of(0.5, 9), { size: 1, k: 1 });
 * // → {"precision":0.5,"recall":1,"density":1,"coverage":0.5}
 */
export async function prdc(
  real: Rows,
  fake: Rows,
  { size, k = 5, threads = 1 }: PrdcOptions,
): Promise<Prdc> {
  const [n, m] = [checkRows("prdc", real, size), checkRows("prdc", fake, size)];
  checkEnough("prdc", Math.min(n, m) - 1, k);
  const products = openProducts({ threads });
  try {
    const radii = async (rows: Rows): Promise<Float64Array> => {
      const found = await nearestBy(products, { rows, among: rows, size, k, others: true });
      return found.squares.filter((_, i) => i % k === k - 1);
    };
    const [realRadii, fakeRadii] = [await radii(real), await radii(fake)];
    const [realLengths, fakeLengths] = [squaredLengths(real, size), squaredLengths(fake, size)];
    const held = new Uint32Array(m);
    const recalled = new Uint8Array(n);
    const covered = new Uint8Array(n);
    await eachPair(products, { a: real, b: fake, size }, ({ i, from, squares }) => {
      const radius = realRadii[i]!;
      for (let t = 0; t < squares.length; t++) {
        const j = from + t;
        const slack = close * (realLengths[i]! + fakeLengths[j]!);
        let square = squares[t]!;
        if (Math.abs(square - radius) <= slack || Math.abs(square - fakeRadii[j]!) <= slack) {
          square = squaredDistance([real, i], [fake, j], size);
        }
        if (square < radius) {
          held[j]!++;
          covered[i] = 1;
        }
        if (square < fakeRadii[j]!) recalled[i] = 1;
      }
    });
    return {
      precision: share(held),
      recall: share(recalled),
      density: held.reduce((sum, count) => sum + count, 0) / (k * m),
      coverage: share(covered),
    };
  } finally {
    await products.release();
  }
}

function share(counts: Uint8Array | Uint32Array): number {
  let some = 0;
  for (const count of counts) if (count > 0) some++;
  return some / counts.length;
}
