import { evenPlaces } from "../shape/items.js";
import { type Features, type Items, rowsOf, told } from "./features.js";
import { frechetDistance, moments } from "./frechet.js";
import type { Score } from "./judge.js";
import { kernelMmd, kid } from "./kid.js";
import { type Prdc, prdc } from "./prdc.js";

/** A set of real pictures by name. */
export type Named = Items & { readonly name?: string };

/** What comparing needs to know besides the two sets. */
export interface Comparing {
  /** Real pictures of the other split: gives every score its floor. */
  readonly other?: Named | undefined;
  /** Of the products: 1. */
  readonly threads?: number;
  /** Told of each set whose features are computed: `samples`, 512, 10000. */
  readonly onProgress?: ((what: string, done: number, total: number) => void) | undefined;
}

/** Rows of features of three sets, each spread evenly over its own, and how a protocol tells of them. */
interface Compared {
  readonly samples: Float32Array;
  readonly real: Float32Array;
  readonly other: Float32Array | undefined;
  readonly size: number;
  readonly protocol: string;
}

async function compare(
  samples: Items,
  data: Named,
  { features, other, onProgress }: Comparing & { readonly features: Features },
): Promise<Compared> {
  const rows = (what: string, set: Items): Promise<Float32Array> =>
    rowsOf(features, set, {
      places: evenPlaces(set.count, samples.count),
      onProgress: onProgress && ((done, total) => onProgress(what, done, total)),
    });
  const count = (set: Items): number => Math.min(set.count, samples.count);
  const name = ({ name: known }: Named): string => known ?? "the training data";
  const floor = other === undefined ? "" : `, floor ${count(other)} items of ${name(other)}`;
  return {
    samples: await rows("samples", samples),
    real: await rows(name(data), data),
    other: other && (await rows(name(other), other)),
    size: features.size,
    protocol: `${samples.count} samples to ${count(data)} items of ${name(data)}${floor}; features ${told(features)}`,
  };
}

/** The Fréchet distance alone: what is told at the end of a run. */
export async function frechetScore(
  samples: Items,
  data: Named,
  options: Comparing & { readonly features: Features },
): Promise<Score> {
  return await frechetOf(await compare(samples, data, options), options);
}

/** Every way of comparing two sets of pictures over features. */
export async function pictureScores(
  samples: Items,
  data: Named,
  options: Comparing & { readonly features: Features },
): Promise<readonly Score[]> {
  const compared = await compare(samples, data, options);
  return [
    await frechetOf(compared, options),
    await kernelOf(compared, options),
    ...(await neighboursOf(compared, options)),
  ];
}

interface Over {
  readonly features: Features;
  readonly threads?: number;
}

async function frechetOf(
  { samples, real, other, size, protocol }: Compared,
  { features, threads = 1 }: Over,
): Promise<Score> {
  const theirs = await moments(real, size, { threads });
  const distance = async (rows: Float32Array): Promise<number> =>
    await frechetDistance(theirs, await moments(rows, size, { threads }), { threads });
  const floor = other === undefined ? {} : { floor: await distance(other) };
  const name = `frechet-${features.name}`;
  return { name, value: await distance(samples), better: "lower", protocol, ...floor };
}

const subsetSize = 1000;

async function kernelOf(
  { samples, real, other, size, protocol }: Compared,
  { features, threads = 1 }: Over,
): Promise<Score> {
  const few = Math.min(samples.length, real.length) / size <= subsetSize;
  const distance = async (rows: Float32Array): Promise<number> =>
    few || rows.length / size < subsetSize
      ? await kernelMmd(real, rows, { size, threads })
      : (await kid(real, rows, { size, subsetSize, threads })).mean;
  const how = few ? "all pairs" : `100 subsets of ${subsetSize}`;
  const floor = other === undefined ? {} : { floor: await distance(other) };
  return {
    name: `kid-${features.name}`,
    value: await distance(samples),
    better: "lower",
    protocol: `${protocol}; cubic kernel, unbiased, ${how}`,
    ...floor,
  };
}

/** Naeem et al. 2020 take five, and so do all of these scores here. */
const neighbours = 5;

async function neighboursOf(
  { samples, real, other, size, protocol }: Compared,
  { features, threads = 1 }: Over,
): Promise<Score[]> {
  const sets = [samples, real, ...(other === undefined ? [] : [other])];
  const fewest = Math.min(...sets.map((rows) => rows.length / size));
  const k = Math.min(neighbours, fewest - 1);
  if (k < 1) return [];
  const found = await prdc(real, samples, { size, k, threads });
  const floor = other && (await prdc(real, other, { size, k, threads }));
  const names = ["precision", "recall", "density", "coverage"] as const satisfies (keyof Prdc)[];
  return names.map((name) => ({
    name: `${name}-${features.name}`,
    value: found[name],
    better: "higher",
    protocol: `${protocol}; ${k} nearest neighbours`,
    ...(floor === undefined ? {} : { floor: floor[name] }),
  }));
}
