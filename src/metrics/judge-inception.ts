import { DataError } from "../shape/error.js";
import { evenPlaces } from "../shape/items.js";
import { type Items, rowsOf, told } from "./features.js";
import { PictureNetwork } from "./features-network.js";
import type { NetworkOptions } from "./features-socket.js";
import { frechetDistance, moments } from "./frechet.js";
import { inceptionScore } from "./inception-score.js";
import type { Score } from "./judge.js";
import type { Comparing, Named } from "./judge-pictures.js";

/** Numbers of Inception-v3's last pool, and of its decisions: ImageNet's 1,000, or 1,008 in TensorFlow's. */
const poolSize = 2048;
const decisionSizes: readonly number[] = [1000, 1008];

/** An Inception-v3 that the user has: what alone makes a distance an FID. */
export interface Inception {
  /** The network, ready for pictures of one set. */
  readonly network: PictureNetwork;
  /** The name of its output of 2,048 numbers. */
  readonly pool: string;
  /** The name of its output of decisions, when it has one. */
  readonly decisions: string | undefined;
}

/**
 * Opens an Inception-v3 as ONNX, with an output of 2,048 numbers for FID and, for the Inception
 * Score, one of 1,000 or 1,008.
 *
 * @throws {DataError} when no output is Inception-v3's last pool
 *
 * @example
 * const x = input("x", [16, 3, 32, 32]);
 * const { model } = lower({ pool: slice(flatten(x), [undefined, { end: 2048 }]) });
 * (await openInception(model, { shape: [3, 32, 32], name: "not really" })).pool; // → "pool"
 */
export async function openInception(
  model: Uint8Array,
  options: NetworkOptions,
): Promise<Inception> {
  const network = await PictureNetwork.open(model, options);
  const named = (sizes: readonly number[]): string | undefined =>
    Object.entries(network.outputs).find(([, size]) => sizes.includes(size))?.[0];
  const pool = named([poolSize]);
  if (pool === undefined) {
    await network.release();
    const why = `is no Inception-v3: no output has ${poolSize} numbers`;
    const hint = "give other networks with --features";
    throw new DataError({ op: options.name, why, hint });
  }
  return { network, pool, decisions: named(decisionSizes) };
}

/** `50k` for 50,000: a name states its number of samples. */
const countName = (n: number): string => (n % 1000 === 0 ? `${n / 1000}k` : String(n));

/**
 * FID, and the Inception Score where the network decides, named after the number of samples:
 * `fid50k`, `is50k`. All real pictures are used, as is the custom.
 *
 * @example
 * const pictures = data.shapes({ count: 16, size: 32 });
 * const x = input("x", [16, 3, 32, 32]);
 * const { model } = lower({ pool: slice(flatten(x), [undefined, { end: 2048 }]) });
 * const inception = await openInception(model, { shape: [3, 32, 32], name: "not really" });
 * const [fid] = await judgeByInception(pictures, pictures, { inception });
 * fid?.name; // → "fid16"
 */
export async function judgeByInception(
  samples: Items,
  data: Named,
  {
    inception,
    threads = 1,
    onProgress,
  }: Comparing & {
    /** The user's network. */
    readonly inception: Inception;
  },
): Promise<readonly Score[]> {
  const { network, pool, decisions } = inception;
  const said: Float32Array[] = [];
  const rows = async (what: string, set: Items, keep: boolean): Promise<Float32Array> => {
    const names = keep && decisions !== undefined ? [pool, decisions] : [pool];
    const extract = async (items: Float32Array): Promise<Float32Array> => {
      const outputs = await network.run(items, names);
      if (names[1] !== undefined) said.push(outputs[names[1]]!);
      return outputs[pool]!;
    };
    const places = evenPlaces(set.count, set.count);
    return await rowsOf({ size: poolSize, extract }, set, {
      places,
      onProgress: onProgress && ((done, total) => onProgress(what, done, total)),
    });
  };
  const name = data.name ?? "the training data";
  const ours = await moments(await rows("samples", samples, true), poolSize, { threads });
  const theirs = await moments(await rows(name, data, false), poolSize, { threads });
  const about = ["8-bit pictures", network.preparation].filter((text) => text !== "").join(", ");
  const judge = told({ name: "of the user's Inception-v3", about, hash: network.hash });
  const fid: Score = {
    name: `fid${countName(samples.count)}`,
    value: await frechetDistance(theirs, ours, { threads }),
    better: "lower",
    protocol: `${samples.count} samples to all ${data.count} items of ${name}; features ${judge}`,
  };
  if (decisions === undefined) return [fid];
  const classes = network.outputs[decisions]!;
  const { probabilities, how } = asProbabilities(said, classes);
  const { mean, deviation } = inceptionScore(probabilities, { classes });
  const is: Score = {
    name: `is${countName(samples.count)}`,
    value: mean,
    better: "higher",
    protocol: `${samples.count} samples, mean of 10 splits (deviation ${deviation.toPrecision(3)}); ${how} ${judge}`,
  };
  return [fid, is];
}

/** Rows that add up to 1 are taken as they are, others through a softmax. */
function asProbabilities(
  parts: readonly Float32Array[],
  classes: number,
): { readonly probabilities: Float32Array; readonly how: string } {
  const rows = parts.flatMap((part) =>
    Array.from({ length: part.length / classes }, (_, i) =>
      part.subarray(i * classes, (i + 1) * classes),
    ),
  );
  const isShare = (row: Float32Array): boolean =>
    row.every((v) => v >= 0) && Math.abs(row.reduce((a, b) => a + b, 0) - 1) < 1e-3;
  const known = rows.every(isShare);
  const probabilities = new Float32Array(rows.length * classes);
  rows.forEach((row, i) => {
    probabilities.set(known ? row : softmax(row), i * classes);
  });
  return { probabilities, how: known ? "probabilities" : "softmax of logits" };
}

function softmax(row: Float32Array): Float32Array {
  const most = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const powers = row.map((v) => Math.exp(v - most));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((v) => v / total);
}
