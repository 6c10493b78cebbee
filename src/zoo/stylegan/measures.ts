import type { AttributeProbe } from "../../metrics/attribute-probe.js";
import { featureDistance } from "../../metrics/feature-distance.js";
import { type PathLength, perceptualPathLength } from "../../metrics/perceptual-path.js";
import { randomVgg } from "../../nn/features-random.js";

import { sizeOf } from "../../shape/shape.js";
import type { Ended, Hand } from "./looking.js";

/** Which layers are told another picture's style. */
export type Group = keyof Hand["groups"];

/**
 * Perceptual path length in z or in w, by an untrained network of VGG's form: the two are compared
 * with each other and with no other data's.
 */
export async function pathLengthIn(
  space: "z" | "w",
  hand: Hand,
  {
    look,
    samples,
  }: { readonly look: Pick<Ended, "hyper" | "data" | "random">; readonly samples: number },
): Promise<PathLength> {
  const { shape } = look.data;
  const distance = await featureDistance(randomVgg(), { shape });
  // Noise is no part of a path: it stays.
  const one = hand.noise(look.random("path noise"), 1);
  const many = (count: number): Float32Array =>
    Float32Array.from({ length: count * one.length }, (_, i) => one[i % one.length]!);
  const seen = async (styles: Float32Array): Promise<Float32Array> =>
    await hand.pictured(hand.everywhere(styles), many(styles.length / hand.n));
  try {
    return await perceptualPathLength(
      space === "w" ? seen : async (z) => await seen(await hand.mapped(z)),
      {
        latent: look.hyper.latent,
        size: sizeOf(shape),
        samples,
        batch: 256,
        between: (a, b) => distance.between(a, b),
        ...(space === "w" ? { mapped: (z: Float32Array) => hand.mapped(z) } : {}),
      },
    );
  } finally {
    await distance.release();
  }
}

/** How much of a whole change of styles each group of layers brings about, by attribute. */
export interface StyleShares {
  readonly names: readonly string[];
  /** `shares[group][attribute]`: 1 is as much as when all styles change. */
  readonly shares: Readonly<Record<Group, readonly number[]>>;
  /** The same for other noise and the same styles. */
  readonly noise: readonly number[];
  /** Mean absolute change of a pixel with other noise; pixels are from −1 to 1. */
  readonly noisePixels: number;
}

/** Changes the styles of some layers to those of another picture, and reads what has changed. */
export async function styleShares(
  hand: Hand,
  {
    look,
    probe,
    pairs,
  }: {
    readonly look: Pick<Ended, "random">;
    readonly probe: AttributeProbe;
    readonly pairs: number;
  },
): Promise<StyleShares> {
  const random = look.random("style shares");
  const [a, b] = [
    hand.everywhere(await hand.mapped(hand.latents(random, pairs))),
    hand.everywhere(await hand.mapped(hand.latents(random, pairs))),
  ];
  const [noise, other] = [hand.noise(random, pairs), hand.noise(random, pairs)];
  const first = await hand.pictured(a, noise);
  const before = await probe.read(first);
  const k = probe.names.length;
  const changes = (after: Float64Array): readonly number[] =>
    probe.names.map((_, j) => {
      let sum = 0;
      for (let i = j; i < after.length; i += k) sum += Math.abs(after[i]! - before[i]!);
      return sum;
    });
  const whole = changes(await probe.read(await hand.pictured(b, noise)));
  const asShares = (some: readonly number[]): readonly number[] =>
    some.map((v, j) => v / whole[j]!);
  const shareOf = async (group: Group): Promise<readonly number[]> => {
    const codes = swapped(hand, a, b, group);
    return asShares(changes(await probe.read(await hand.pictured(codes, noise))));
  };
  const noisy = await hand.pictured(a, other);
  const apart = noisy.reduce((sum, v, i) => sum + Math.abs(v - first[i]!), 0);
  return {
    names: probe.names,
    shares: {
      coarse: await shareOf("coarse"),
      middle: await shareOf("middle"),
      fine: await shareOf("fine"),
    },
    noise: asShares(changes(await probe.read(noisy))),
    noisePixels: apart / first.length,
  };
}

/** The styles of one set of pictures, but in some layers those of another: `[count layers n]`. */
export function swapped(
  { layers, n, groups }: Hand,
  a: Float32Array,
  b: Float32Array,
  group: Group,
): Float32Array {
  const [start, end] = groups[group];
  return a.map((v, i) => {
    const layer = Math.floor(i / n) % layers;
    return layer >= start && layer < end ? b[i]! : v;
  });
}

/** Pictures of the same latents, the nearer to the mean style the smaller ψ: `[count c h w]`. */
export async function truncatedBy(
  psi: number,
  hand: Hand,
  {
    look,
    count,
  }: { readonly look: Pick<Ended, "cell" | "hyper" | "random">; readonly count: number },
): Promise<Float32Array> {
  const random = look.random("truncation");
  const w = await hand.mapped(hand.latents(random, count));
  const middle = look.cell("W.mean");
  const { layers, n } = hand;
  const codes = hand.everywhere(w).map((v, i) => {
    const isNear = Math.floor(i / n) % layers < look.hyper.truncated;
    const mean = middle[i % n]!;
    return isNear ? mean + psi * (v - mean) : v;
  });
  return await hand.pictured(codes, hand.noise(random, count));
}

/** The variance of each number of rows, added up. */
export function varianceOf(rows: ArrayLike<number>, size: number): number {
  const count = rows.length / size;
  let all = 0;
  for (let k = 0; k < size; k++) {
    let [sum, squares] = [0, 0];
    for (let i = k; i < rows.length; i += size) {
      sum += rows[i]!;
      squares += rows[i]! ** 2;
    }
    all += squares / count - (sum / count) ** 2;
  }
  return all;
}
