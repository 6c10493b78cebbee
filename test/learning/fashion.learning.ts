import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { lsgan } from "../../src/zoo/lsgan.js";
import { sngan } from "../../src/zoo/sngan.js";
import { classified, shared } from "./classified.js";
import { play, tableOf, valuesOf } from "./seeds.js";

/** Nothing was tuned: the systems' defaults. */
const seeds = [101, 102, 103];

const games = [
  { system: lsgan, rounds: 3000 },
  { system: sngan, rounds: 3000 },
];

describe.each(games)("$system.name on Fashion-MNIST", ({ system, rounds }) => {
  it.skipIf(!existsSync(join(shared, "fashion-mnist")))(
    "makes clothes of all ten kinds (skipped where ../shared/data is absent)",
    async () => {
      const { train, classifier, score } = await classified("fashion-mnist");
      const judge = (samples: Float32Array) => score(samples);
      const trial = { system, data: train, hyper: {}, rounds, judge, judgeCount: 10_000 };
      const outcomes = await play(trial, seeds);
      console.log(`${classifier.name}: ${classifier.about}, sha256 ${classifier.hash}`);
      console.log(`${system.name}, ${rounds} rounds, seeds ${seeds}\n${tableOf(outcomes)}`);
      expect(valuesOf(outcomes, "classes-of-10")).toEqual(seeds.map(() => 10));
    },
  );
});
