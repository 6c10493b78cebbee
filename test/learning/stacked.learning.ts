import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openData } from "../../src/data/open.js";
import { asSaved } from "../../src/metrics/judge.js";
import { judgeStacked } from "../../src/metrics/judge-stacked.js";
import { r3gan } from "../../src/zoo/r3gan.js";
import { classified, shared } from "./classified.js";
import { play, tableOf, valuesOf } from "./seeds.js";

/** Nothing was tuned on stacked digits. */
const seeds = [101];
/** The usual number of samples: Lin et al. 2018. */
const judgeCount = 26_000;

it.skipIf(!existsSync(join(shared, "mnist")))(
  "r3gan covers 1,000 of 1,000 modes of stacked MNIST (skipped where ../shared/data is absent)",
  async () => {
    const { classifier } = await classified("mnist");
    const data = await openData(`stacked:${join(shared, "mnist")}`);
    const judge = (samples: Float32Array) =>
      judgeStacked({ shape: data.shape, count: judgeCount, items: asSaved(samples) }, classifier);
    const trial = { system: r3gan, data, hyper: { width: 32 }, rounds: 10_000, judge, judgeCount };
    const outcomes = await play(trial, seeds);
    console.log(`r3gan, width 32, 10,000 rounds of 32, seeds ${seeds}\n${tableOf(outcomes)}`);
    for (const modes of valuesOf(outcomes, "stacked-modes-of-1000")) expect(modes).toBe(1000);
    for (const kl of valuesOf(outcomes, "stacked-kl")) expect(kl).toBeLessThan(0.3);
  },
);
