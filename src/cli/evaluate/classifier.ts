import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../../data/cache/folder.js";
import {
  type Classifier,
  classifierRecipe,
  openClassifier,
  trainClassifier,
} from "../../metrics/classifier.js";
import { writeWhole } from "../../run/write.js";
import { fingerprint } from "../../runtime/fingerprint.js";
import { ConfigurationError } from "../../shape/error.js";
import type { Progress } from "./progress.js";
import { fitting, type Opening, openSplits, type Sets } from "./sets.js";

/** A classifier of a data set and the file that keeps it. */
export interface Kept {
  readonly classifier: Classifier;
  readonly file: string;
}

/** The classifier of some data: trained once, then kept in the cache folder as an ONNX file. */
export async function classifierOf({ train, test }: Sets, progress: Progress): Promise<Kept> {
  const folder = join(cacheFolder(), "classifiers");
  const facts = [classifierRecipe, train.fingerprint, test?.fingerprint, train.classes.join()];
  const key = fingerprint(new TextEncoder().encode(facts.join("\n"))).slice(0, 16);
  const file = join(folder, `${train.name}-${key}.onnx`);
  const known = readIfThere(file);
  if (known !== undefined) {
    return { classifier: await openClassifier(known, { file, shape: train.shape }), file };
  }
  const onProgress = (done: number, total: number): void =>
    progress.say(`training a classifier of ${train.name}, once: batch`, done, total);
  const classifier = await trainClassifier(train, { test, onProgress });
  mkdirSync(folder, { recursive: true });
  writeWhole(file, [classifier.model]);
  return { classifier, file };
}

/** The classifier that labels each channel of stacked pictures, from single ones of the same size. */
export async function digitClassifier(
  source: string,
  [channels, ...place]: readonly number[],
  { progress, ...opening }: Opening & { readonly progress: Progress },
): Promise<Kept> {
  if (channels !== 3) {
    const why = `needs pictures of 3 channels; these samples have ${channels}`;
    throw new ConfigurationError({ op: "--stacked", why });
  }
  const options = fitting(source, [1, ...place]);
  const sets = await openSplits({ source, options }, opening);
  if (sets.train.classes.length > 1 && sets.train.shape[0] === 1) {
    return await classifierOf(sets, progress);
  }
  const why = `${sets.train.name} has no classes of grey pictures to tell apart`;
  throw new ConfigurationError({ op: "--stacked", why });
}

function readIfThere(file: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return new Uint8Array(readFileSync(file));
  } catch {
    return undefined;
  }
}
