import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openData } from "../../src/data/open.js";
import { trainClassifier } from "../../src/metrics/classifier.js";

const shared = new URL("../../../shared/data/", import.meta.url).pathname;

/** Share of test pictures that a classifier must tell; Fashion-MNIST by 20,000 pictures alone. */
const sets = [
  { name: "mnist", least: 0.99 },
  { name: "fashion-mnist", least: 0.9 },
];

describe.each(sets)("a classifier of $name", ({ name, least }) => {
  it.skipIf(!existsSync(join(shared, name)))(
    `tells ${100 * least} % of the test pictures, from each of 3 seeds (skipped where ../shared/data is absent)`,
    async () => {
      const train = await openData(join(shared, name));
      const test = await openData(join(shared, name), { split: "test" });
      for (const seed of [0, 1, 2]) {
        const began = process.cpuUsage();
        const classifier = await trainClassifier(train, { test, seed });
        const { user, system } = process.cpuUsage(began);
        const seconds = ((user + system) / 1e6).toFixed(0);
        console.log(`${name}, seed ${seed}: ${classifier.about}, ${seconds} s of one core`);
        expect(classifier.accuracy).toBeGreaterThan(least);
        await classifier.release();
      }
    },
  );
});
