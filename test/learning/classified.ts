import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Dataset } from "../../src/data/dataset.js";
import { openData } from "../../src/data/open.js";
import type { Score } from "../../src/game/events.js";
import { type Classifier, openClassifier, trainClassifier } from "../../src/metrics/classifier.js";
import type { Items } from "../../src/metrics/features.js";
import { asSaved, judge } from "../../src/metrics/judge.js";
import { classScores, classShares } from "../../src/metrics/judge-classes.js";
import { inMemory } from "../../src/shape/items.js";
import { sizeOf } from "../../src/shape/shape.js";

/** Real pictures of both splits, and a classifier of them that stands in no loss. */
export interface Classified {
  readonly train: Dataset;
  readonly test: Dataset;
  readonly classifier: Classifier;
  /** Scores of samples beside the test pictures, each with its floor, train to test. */
  score(samples: Float32Array | Items): Promise<readonly Score[]>;
}

export const shared = new URL("../../../shared/data/", import.meta.url).pathname;

/** Opens a set of the shared data and trains its classifier, or takes the one of an earlier run. */
export async function classified(name: string): Promise<Classified> {
  const train = await openData(join(shared, name));
  const test = await openData(join(shared, name), { split: "test" });
  const folder = join(tmpdir(), "belamy-learning");
  const file = join(folder, `${name}-${train.fingerprint.slice(0, 12)}.onnx`);
  const classifier = existsSync(file)
    ? await openClassifier(new Uint8Array(readFileSync(file)), { file })
    : await trainClassifier(train, { test });
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, classifier.model);
  const { labels } = test;
  return {
    train,
    test,
    classifier,
    async score(samples) {
      const made =
        samples instanceof Float32Array
          ? {
              shape: train.shape,
              count: samples.length / sizeOf(train.shape),
              items: asSaved(samples),
            }
          : samples;
      const shares = await classShares(made, classifier);
      return [
        ...(await judge(made, test, { features: classifier, other: train })),
        ...classScores(shares, { classifier, count: made.count, labels }),
      ];
    },
  };
}

/** Pictures that a peer has drawn: an NPY file of bytes. */
export async function drawnBy(file: string): Promise<Items> {
  const { shape, count, items } = await openData(file);
  if (!inMemory(items)) throw new Error(`${file} does not fit into memory`);
  return { shape, count, items };
}
