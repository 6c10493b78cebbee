import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { textures } from "../../src/data/textures.js";
import type { System } from "../../src/game/system.js";
import { type Classifier, openClassifier, trainClassifier } from "../../src/metrics/classifier.js";
import { featureDistance } from "../../src/metrics/feature-distance.js";
import { asSaved } from "../../src/metrics/judge.js";
import { frechetScore } from "../../src/metrics/judge-pictures.js";
import { energyAbove, powerSpectrum, spectrumError } from "../../src/metrics/spectrum.js";
import { psnrY } from "../../src/metrics/super-resolution.js";
import { randomVgg } from "../../src/nn/features-random.js";
import { train } from "../../src/run/train.js";
import { Translator } from "../../src/run/translate.js";
import { matlabBicubic } from "../../src/shape/bicubic.js";

const shape = [3, 48, 48] as const;
const small = [3, 12, 12] as const;
const each = 3 * 48 * 48;
const count = 256;
const folder = join(tmpdir(), "belamy-learning");

/** Pictures that were not trained on, as they are and four times smaller: bytes one after another. */
export interface Textures {
  readonly truth: Uint8Array;
  readonly small: Uint8Array;
  readonly labels: Int32Array;
}

/** What pictures are scored by: nothing of it stands in a loss. */
export interface Scores {
  /** Luma, the papers' protocol: decibels. */
  readonly psnr: number;
  /** Energy above what small pictures have, as a share of the truth's. */
  readonly energy: number;
  /** Mean of `|ln|` of the ratio of powers at each frequency. */
  readonly spectrum: number;
  /** Share whose texture classifiers tell, that learned from real textures alone: the mean of two. */
  readonly accuracy: number;
  /** Fréchet distance over those classifiers' features: the mean of two. */
  readonly frechet: number;
  /** Distance of features of an untrained network from those of the truth: LPIPS-like. */
  readonly features: number;
}

export const names = ["psnr", "energy", "spectrum", "accuracy", "frechet", "features"] as const;

/** Textures of a seed that no run is trained on. */
export function unseen(seed: number): Textures {
  const { items, labels } = textures({ count, seed: 5000 + seed });
  const truth = items.slice();
  const less = new Uint8Array((count * each) / 16);
  for (let i = 0; i < count; i++) {
    const one = truth.slice(i * each, (i + 1) * each);
    less.set(matlabBicubic(one, { shape, scale: 1 / 4 }).values, (i * each) / 16);
  }
  return { truth, small: less, labels: labels! }; // textures have labels
}

/** Small pictures made larger by interpolation. */
export function bicubic({ small: less }: Textures): Uint8Array {
  const made = new Uint8Array(16 * less.length);
  for (let i = 0; i < count; i++) {
    const one = less.slice((i * each) / 16, ((i + 1) * each) / 16);
    made.set(matlabBicubic(one, { shape: small, scale: 4 }).values, i * each);
  }
  return made;
}

/** Plays a system on textures, in a folder of its own; gives that folder. */
export async function played(
  system: System,
  { seed, hyper, tag }: { readonly seed: number; readonly hyper: object; readonly tag: string },
): Promise<string> {
  const run = join(folder, `${system.name}-${tag}-${seed}-${Date.now()}`);
  const data = textures({ count: 2048, seed });
  const options = { system, data, hyper: { ...hyper }, seed, replicas: 1, folder: run };
  for await (const event of train(options)) {
    if (event.type === "stopped" && event.reason !== "finished") throw new Error(event.message);
  }
  return run;
}

/** What a run makes of small pictures; with `alpha`, what lies between its stages does. */
export async function madeBy(
  run: string,
  { small: less }: Textures,
  alpha = 1,
): Promise<Uint8Array> {
  const translator = Translator.open(run, { alpha });
  try {
    return asSaved(await translator.translate(Float32Array.from(less, (v) => v / 127.5 - 1)));
  } finally {
    await translator.release();
  }
}

/** Two classifiers of textures that stand in no loss, each of weights and pictures of its own. */
export async function judges(): Promise<readonly Classifier[]> {
  mkdirSync(folder, { recursive: true });
  const all: Classifier[] = [];
  for (const seed of [7, 8]) {
    const data = textures({ count: 2048, seed: 1000 + seed });
    const file = join(folder, `textures-${seed}-${data.fingerprint.slice(0, 12)}.onnx`);
    const test = textures({ count: 512, seed: 2000 + seed });
    const judge = existsSync(file)
      ? await openClassifier(new Uint8Array(readFileSync(file)), { file })
      : await trainClassifier(data, { test, seed });
    writeFileSync(file, judge.model);
    all.push(judge);
  }
  return all;
}

/** Scores of pictures beside the truth. */
export async function scoresOf(
  made: Uint8Array,
  { truth, labels }: Textures,
  classifiers: readonly Classifier[],
): Promise<Scores> {
  const seen = (bytes: Uint8Array): Float32Array => Float32Array.from(bytes, (v) => v / 127.5 - 1);
  const [own, real] = [powerSpectrum(seen(made), { shape }), powerSpectrum(seen(truth), { shape })];
  let psnr = 0;
  for (let i = 0; i < count; i++) {
    const one = (all: Uint8Array): Uint8Array => all.subarray(i * each, (i + 1) * each);
    psnr += psnrY(one(made), one(truth), { shape }) / count;
  }
  let [accuracy, frechet] = [0, 0];
  for (const features of classifiers) {
    const told = await features.classify(seen(made));
    const right = told.reduce((sum, label, i) => sum + (label === labels[i] ? 1 : 0), 0);
    accuracy += right / count / classifiers.length;
    const sets = [made, truth].map((items) => ({ shape, count, items }));
    frechet += (await frechetScore(sets[0]!, sets[1]!, { features })).value / classifiers.length;
  }
  const distance = await featureDistance(randomVgg({ seed: 9 }), { shape });
  const distances = await distance.between(seen(made), seen(truth));
  await distance.release();
  return {
    psnr,
    energy: energyAbove(own, 1 / 8) / energyAbove(real, 1 / 8),
    spectrum: spectrumError(own, real),
    accuracy,
    frechet,
    features: distances.reduce((a, b) => a + b, 0) / distances.length,
  };
}

/** Rows of a Markdown table. */
export const table = (rows: readonly (readonly [what: string, scores: Scores])[]): string =>
  [
    `| | ${names.join(" | ")} |`,
    `|${" --- |".repeat(names.length + 1)}`,
    ...rows.map(
      ([what, scores]) =>
        `| ${what} | ${names.map((name) => Number(scores[name].toPrecision(4))).join(" | ")} |`,
    ),
  ].join("\n");
