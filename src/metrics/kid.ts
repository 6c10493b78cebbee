import { ConfigurationError } from "../shape/error.js";
import { Random } from "../shape/random.js";
import { openProducts, type Products, type Rows } from "./products.js";
import { checkRows } from "./rows.js";

/** A kernel distance over subsets: their mean, and how far they lie apart. */
export interface KernelDistance {
  readonly mean: number;
  /** Standard deviation over the subsets; not an error of the mean, for subsets overlap. */
  readonly deviation: number;
}

export interface KernelDistanceOptions {
  /** Features in a row. */
  readonly size: number;
  /** How many subsets. */
  readonly subsets?: number;
  /** Rows of each set in a subset. */
  readonly subsetSize?: number;
  /** What subsets are drawn with. */
  readonly seed?: number;
  /** Threads of the products. */
  readonly threads?: number;
}

/**
 * The kernel distance between real rows `[n size]` and fake ones `[m size]`: `kernelMmd` over
 * subsets drawn without replacement, as the paper's code does. It is called KID when the features
 * are Inception's. Its expected value is 0 between equal distributions, whatever the sample size,
 * and single values may be negative.
 *
 * Bińkowski, Sutherland, Arbel & Gretton 2018, "Demystifying MMD GANs", section 4.
 *
 * @throws {ShapeError} when the features are not whole rows.
 * @throws {DataError} when a feature is not finite.
 * @throws {ConfigurationError} when a set is smaller than a subset.
 *
 * @example
 * const real = Float32Array.of(0, 1, 2, 3);
 * await kid(real, Float32Array.of(4, 5, 6), { size: 1, subsets: 2, subsetSize: 2 });
 */
export async function kid(
  real: Rows,
  fake: Rows,
  { size, subsets = 100, subsetSize = 1000, seed = 0, threads = 1 }: KernelDistanceOptions,
): Promise<KernelDistance> {
  const [n, m] = [checkRows("kid", real, size), checkRows("kid", fake, size)];
  if (!(subsetSize >= 2 && subsetSize <= Math.min(n, m))) {
    const why = `expected 2 to ${Math.min(n, m)}, the rows there are, received ${subsetSize}`;
    throw new ConfigurationError({ op: "kid.subsetSize", why });
  }
  const random = new Random({ seed, purpose: "metrics/kid" });
  const products = openProducts({ threads });
  try {
    const values: number[] = [];
    for (let i = 0; i < subsets; i++) {
      const x = pick(real, choose(n, subsetSize, random), size);
      const y = pick(fake, choose(m, subsetSize, random), size);
      values.push(await mmdBy(products, x, y, size));
    }
    const mean = values.reduce((sum, v) => sum + v, 0) / subsets;
    const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / subsets;
    return { mean, deviation: Math.sqrt(variance) };
  } finally {
    await products.release();
  }
}

/**
 * The unbiased squared maximum mean discrepancy between rows `[n size]` and `[m size]` under the
 * cubic kernel `(x·y / size + 1)³`, over all pairs of rows.
 *
 * Gretton et al. 2012, "A kernel two-sample test", lemma 6; the kernel is that of Bińkowski et al.
 *
 * @throws {ShapeError} when the features are not whole rows.
 * @throws {DataError} when a feature is not finite.
 *
 * @example
 * await kernelMmd(Float32Array.of(0, 1), Float32Array.of(2, 3), { size: 1 }); // → 297.5
 */
export async function kernelMmd(
  x: Rows,
  y: Rows,
  { size, threads = 1 }: Pick<KernelDistanceOptions, "size" | "threads">,
): Promise<number> {
  checkRows("kernelMmd", x, size);
  checkRows("kernelMmd", y, size);
  const products = openProducts({ threads });
  try {
    return await mmdBy(products, x, y, size);
  } finally {
    await products.release();
  }
}

async function mmdBy(products: Products, x: Rows, y: Rows, size: number): Promise<number> {
  const [n, m] = [x.length / size, y.length / size];
  const within = async (rows: Rows, count: number): Promise<number> => {
    const dots = await products.multiply(rows, rows, size);
    let sum = 0;
    for (let i = 0; i < count; i++) sum -= kernel(dots[i * count + i]!, size);
    return (sum + total(dots, size)) / (count * (count - 1));
  };
  const across = total(await products.multiply(x, y, size), size) / (n * m);
  return (await within(x, n)) + (await within(y, m)) - 2 * across;
}

const kernel = (dot: number, size: number): number => (dot / size + 1) ** 3;

function total(dots: Float64Array, size: number): number {
  let sum = 0;
  for (let i = 0; i < dots.length; i++) {
    const base = dots[i]! / size + 1;
    sum += base * base * base;
  }
  return sum;
}

/** Some of `n`, each at most once: the beginning of Fisher and Yates's shuffle. */
function choose(n: number, count: number, random: Random): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = 0; i < count; i++) {
    const j = i + random.integer(n - i);
    const kept = order[i]!;
    order[i] = order[j]!;
    order[j] = kept;
  }
  return order.subarray(0, count);
}

function pick(rows: Rows, indices: Uint32Array, size: number): Rows {
  const picked =
    rows instanceof Float32Array
      ? new Float32Array(indices.length * size)
      : new Float64Array(indices.length * size);
  indices.forEach((row, i) => {
    picked.set(rows.subarray(row * size, (row + 1) * size), i * size);
  });
  return picked;
}
