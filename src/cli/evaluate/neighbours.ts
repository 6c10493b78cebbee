import { type Features, rowsOf, told } from "../../metrics/features.js";
import type { Score } from "../../metrics/judge.js";
import type { Named } from "../../metrics/judge-pictures.js";
import { memorization } from "../../metrics/memorization.js";
import { nearest } from "../../metrics/neighbours.js";
import { evenPlaces, readItems, writeSeen } from "../../shape/items.js";
import { sizeOf } from "../../shape/shape.js";
import { type Raster, sheetOf } from "../sheet.js";

/** How many samples are shown, and how many pictures beside each. */
const shown = 12;
const beside = 8;

/** What lies nearest to samples among everything that was trained on. */
export interface Nearest {
  /** Each row a sample, a gap, and the training pictures that are nearest to it, nearest first. */
  readonly sheet: Raster;
  readonly scores: readonly Score[];
}

export interface NearestOptions {
  readonly features: Features;
  /** Real pictures that were never trained on. */
  readonly heldOut: Named | undefined;
  readonly threads: number;
  readonly onProgress: (what: string, done: number, total: number) => void;
}

/** Looks for copies of training pictures among samples. */
export async function nearestTraining(
  samples: Named,
  train: Named,
  { features, heldOut, threads, onProgress }: NearestOptions,
): Promise<Nearest> {
  const rows = (what: string, set: Named, most = set.count): Promise<Float32Array> =>
    rowsOf(features, set, {
      places: evenPlaces(set.count, most),
      onProgress: (done, total) => onProgress(what, done, total),
    });
  const ours = await rows("samples", samples);
  const theirs = await rows("all training pictures", train);
  const held = heldOut && (await rows("held-out pictures", heldOut, samples.count));
  const size = features.size;
  const first = ours.subarray(0, Math.min(shown, samples.count) * size);
  const k = Math.min(beside, train.count);
  const { indices } = await nearest(first, theirs, { size, k, threads });
  const options = { size, threads, ...(held === undefined ? {} : { heldOut: held }) };
  const { copies, beside: found } = await memorization(ours, theirs, options);
  const protocol = `${samples.count} samples beside all ${train.count} training pictures; features ${told(features)}`;
  const copied: Score = {
    name: `copies-${features.name}`,
    value: copies,
    better: "lower",
    protocol: `${protocol}; equal features`,
  };
  const scores: Score[] = [copied];
  if (found !== undefined) {
    const { share, expected, heldOut: count } = found;
    scores.push({
      name: `memorized-${features.name}`,
      value: share,
      better: "lower",
      protocol: `${protocol}; share that is nearer to one than ${100 * (1 - expected)} % of ${count} held-out pictures are`,
      floor: expected,
    });
  }
  return { sheet: sheetBeside(samples, train, { indices, k }), scores };
}

function sheetBeside(
  samples: Named,
  train: Named,
  { indices, k }: { readonly indices: Int32Array; readonly k: number },
): Raster {
  const rows = indices.length / k;
  const each = sizeOf(train.shape);
  const columns = k + 2;
  // White, so that a gap parts samples from data.
  const items = new Float32Array(rows * columns * each).fill(1);
  for (let i = 0; i < rows; i++) {
    const at = i * columns * each;
    writeSeen(readItems(samples, [i]), { out: items, at });
    const near = indices.subarray(i * k, (i + 1) * k);
    writeSeen(readItems(train, near), { out: items, at: at + 2 * each });
  }
  return sheetOf({ items, shape: train.shape, count: rows * columns }, { rows, columns });
}
