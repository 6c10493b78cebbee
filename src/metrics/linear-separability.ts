import { ShapeError } from "../shape/error.js";
import { Random } from "../shape/random.js";
import { checkRows } from "./rows.js";

/** How well planes tell latents apart by what their pictures have. */
export interface LinearSeparability {
  /** 2 to the power of all entropies together: 1 at best. */
  readonly value: number;
  /** By attribute, in bits: what the side of the plane leaves unknown, from 0 to 1. */
  readonly entropies: Readonly<Record<string, number>>;
}

/** Which latents, and what their pictures have. */
export interface LinearSeparabilityOptions {
  /** Numbers in a latent. */
  readonly size: number;
  /** What is read from the pictures, by name: one number for each latent. */
  readonly attributes: Readonly<Record<string, ArrayLike<number>>>;
  /** What the solver's order is drawn with. */
  readonly seed?: number;
}

/**
 * Linear separability of latents `[n size]`: for each attribute the half of the pictures furthest from
 * its median, told apart by a linear support vector machine, and `2^(Σ H(Y | X))`, where Y is the side
 * of the median and X that of the plane.
 *
 * Karras, Laine & Aila 2019, "A style-based generator architecture", section 4.2; their classifiers'
 * confidence is here the distance from the median of a regression.
 *
 * @throws {ShapeError} when there is not one value of each attribute for each latent.
 * @throws {DataError} when a number of a latent is not finite.
 *
 * @example
 * const latents = Float32Array.from({ length: 200 }, (_, i) => Math.sin(1 + i));
 * const attributes = { first: latents.filter((_, i) => i % 2 === 0) };
 * linearSeparability(latents, { size: 2, attributes }).value; // → 1
 */
export function linearSeparability(
  latents: Float32Array,
  { size, attributes, seed = 0 }: LinearSeparabilityOptions,
): LinearSeparability {
  const count = checkRows("linearSeparability", latents, size, "latents");
  const entropies = Object.entries(attributes).map(([name, values]) => {
    if (values.length !== count) {
      const why = `${count} latents, and ${values.length} values of ${name}`;
      throw new ShapeError({ op: "linearSeparability", why });
    }
    const random = new Random({ seed, purpose: `metrics/separability ${name}` });
    return [name, entropyOf(latents, values, { size, random })] as const;
  });
  const sum = entropies.reduce((bits, [, entropy]) => bits + entropy, 0);
  return { value: 2 ** sum, entropies: Object.fromEntries(entropies) };
}

/** H(Y | X) of one attribute, in bits. */
function entropyOf(
  latents: Float32Array,
  values: ArrayLike<number>,
  { size, random }: { readonly size: number; readonly random: Random },
): number {
  const sorted = Float64Array.from(values).sort();
  const last = sorted.length - 1;
  const middle = (sorted[Math.floor(last / 2)]! + sorted[Math.ceil(last / 2)]!) / 2;
  const furthest = Array.from(values, (v, i) => ({ i, far: v - middle }))
    .sort((a, b) => Math.abs(b.far) - Math.abs(a.far))
    .slice(0, Math.ceil(values.length / 2));
  const rows = furthest.map(({ i }) => [...latents.subarray(i * size, (i + 1) * size), 1]);
  const sides = furthest.map(({ far }) => (far > 0 ? 1 : -1));
  const plane = linearSvm(rows, sides, random);
  // How often each side of the plane has each side of the median.
  const table = [0, 0, 0, 0];
  rows.forEach((row, k) => {
    table[(dot(row, plane) > 0 ? 2 : 0) + (sides[k]! > 0 ? 1 : 0)]! += 1 / rows.length;
  });
  return [0, 2].reduce((bits, x) => bits + remaining(table[x]!, table[x + 1]!), 0);
}

/** Bits that are left where two things happen with these probabilities. */
function remaining(a: number, b: number): number {
  const of = (p: number): number => (p === 0 ? 0 : -p * Math.log2(p / (a + b)));
  return of(a) + of(b);
}

const dot = (a: readonly number[], b: ArrayLike<number>): number =>
  a.reduce((sum, v, k) => sum + v * b[k]!, 0);

/**
 * The plane `w` with the least `½‖w‖² + Σ max(0, 1 − y w·x)²`, by coordinate descent in the dual: Hsieh
 * et al. 2008, "A dual coordinate descent method for large-scale linear SVM", Algorithm 1 with L2 loss and
 * C = 1, as LinearSVC has it.
 */
function linearSvm(
  rows: readonly (readonly number[])[],
  sides: readonly number[],
  random: Random,
): Float64Array {
  const plane = new Float64Array(rows[0]!.length);
  const alpha = new Float64Array(rows.length);
  const diagonal = 0.5;
  const squares = rows.map((row) => dot(row, row) + diagonal);
  for (let pass = 0; pass < 200; pass++) {
    let worst = 0;
    for (const i of random.permutation(rows.length)) {
      const [row, side] = [rows[i]!, sides[i]!];
      const slope = side * dot(row, plane) - 1 + diagonal * alpha[i]!;
      const projected = alpha[i] === 0 ? Math.min(0, slope) : slope;
      if (projected === 0) continue;
      worst = Math.max(worst, Math.abs(projected));
      const next = Math.max(0, alpha[i]! - slope / squares[i]!);
      const by = (next - alpha[i]!) * side;
      alpha[i] = next;
      for (let k = 0; k < plane.length; k++) plane[k]! += by * row[k]!;
    }
    if (worst < 1e-4) break;
  }
  return plane;
}
