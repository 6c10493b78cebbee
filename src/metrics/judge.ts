import { evenPlaces, type ItemStore, readItems, writeSeen } from "../shape/items.js";
import type { Shape } from "../shape/shape.js";
import { sizeOf } from "../shape/shape.js";
import { randomFeatures } from "./features.js";
import { frechetDistance, moments } from "./frechet.js";
import { type KnownModes, modeCoverage } from "./modes.js";

/** One score; its name states what was measured, its protocol how. */
export interface Score {
  readonly name: string;
  readonly value: number;
  readonly better: "higher" | "lower";
  readonly protocol: string;
}

/** What samples are held against. */
export interface JudgedData {
  readonly kind: "pictures" | "points";
  readonly shape: Shape;
  readonly count: number;
  /** Bytes for −1 … 1, or floats. */
  readonly items: ItemStore;
  readonly modes: KnownModes | undefined;
}

/** How many samples the scores want: PacGAN's protocol for points, 2,048 for pictures. */
export const samplesToJudge = (data: JudgedData): number =>
  data.kind === "points" ? 2500 : Math.min(2048, Math.max(64, data.count));

/** The scores that fit the data: modes where they are known, else a Fréchet distance. */
export async function judge(samples: Float32Array, data: JudgedData): Promise<readonly Score[]> {
  if (data.modes !== undefined) return pointScores(samples, data.modes);
  const d = sizeOf(data.shape);
  const count = Math.min(samples.length / d, data.count);
  const real = realItems(data, count);
  if (data.kind === "points") {
    const value = await frechetDistance(await moments(real, d), await moments(samples, d));
    const protocol = `${count} samples to ${count} items, over the coordinates themselves`;
    return [{ name: "frechet-coordinates", value, better: "lower", protocol }];
  }
  const features = await randomFeatures(data.shape);
  try {
    const ours = await moments(await features.extract(clamped(samples)), features.size);
    const theirs = await moments(await features.extract(real), features.size);
    const protocol = `${count} samples to ${count} items of the training data; features ${features.name}, an untrained network, sha256 ${features.hash.slice(0, 12)}`;
    const value = await frechetDistance(theirs, ours);
    return [{ name: `frechet-${features.name}`, value, better: "lower", protocol }];
  } finally {
    await features.release();
  }
}

function pointScores(samples: Float32Array, modes: KnownModes): readonly Score[] {
  const { covered, modes: all, highQuality, reverseKl } = modeCoverage(samples, modes);
  const count = samples.length / modes.centres[0]!.length;
  const protocol = `${count} samples; high quality within 3 deviations of a mode (PacGAN)`;
  return [
    { name: `modes-of-${all}`, value: covered, better: "higher", protocol },
    { name: "high-quality-share", value: highQuality, better: "higher", protocol },
    { name: "reverse-kl", value: reverseKl, better: "lower", protocol },
  ];
}

/** Items spread evenly over the data, as floats. */
function realItems(data: JudgedData, count: number): Float32Array {
  const out = new Float32Array(count * sizeOf(data.shape));
  writeSeen(readItems(data, evenPlaces(data.count, count)), { out, at: 0 });
  return out;
}

/** Pictures as they would be saved. */
const clamped = (items: Float32Array): Float32Array =>
  items.map((v) => Math.round((Math.max(-1, Math.min(1, v)) + 1) * 127.5) / 127.5 - 1);
