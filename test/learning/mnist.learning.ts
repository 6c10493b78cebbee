import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dcgan } from "../../src/zoo/dcgan.js";
import { r3gan } from "../../src/zoo/r3gan.js";
import { classified, drawnBy, shared } from "./classified.js";
import { type Outcome, play, tableOf, valuesOf } from "./seeds.js";

/** Nothing was tuned here: the systems' defaults, chosen on other seeds and mostly on other data. */
const seeds = [1, 2, 3];
const judgeCount = 10_000;

/** Where peers/mnist.py has left its samples: `dcgan-1-4000.npy` and so on; without it only ours run. */
const peers = process.env.BELAMY_PEERS;

const games = [
  // As the peer does it: the batch is normalized whole.
  { system: dcgan, hyper: { group: 64 }, rounds: 4000 },
  { system: r3gan, hyper: {}, rounds: 5000 },
];

describe.each(games)(
  "$system.name on MNIST, judged by a classifier",
  ({ system, hyper, rounds }) => {
    it.skipIf(!existsSync(join(shared, "mnist")))(
      "makes all ten digits, as near to the test pictures as PyTorch's (skipped without ../shared/data)",
      async () => {
        const { train, classifier, score } = await classified("mnist");
        console.log(`${classifier.name}: ${classifier.about}, sha256 ${classifier.hash}`);
        expect(classifier.accuracy).toBeGreaterThanOrEqual(0.99);
        const judge = (samples: Float32Array) => score(samples);
        const outcomes = await play(
          { system, data: train, hyper, rounds, judge, judgeCount },
          seeds,
        );
        console.log(`${system.name}, ${rounds} rounds, seeds ${seeds}\n${tableOf(outcomes)}`);
        expect(valuesOf(outcomes, "classes-of-10")).toEqual(seeds.map(() => 10));
        if (peers === undefined) return;
        const theirs: Outcome[] = [];
        for (const seed of seeds) {
          const drawn = await drawnBy(join(peers, `${system.name}-${seed}-${rounds}.npy`));
          theirs.push({ seed, minutes: 0, scores: await score(drawn) });
        }
        console.log(`the same by PyTorch\n${tableOf(theirs)}`);
        const name = `frechet-${classifier.name}`;
        const [mine, other] = [valuesOf(outcomes, name), valuesOf(theirs, name)];
        const mean = (list: readonly number[]): number =>
          list.reduce((n, v) => n + v, 0) / list.length;
        const spread = Math.max(...other) - Math.min(...other);
        // Ours may be better by any amount.
        expect(mean(mine)).toBeLessThanOrEqual(mean(other) + spread);
      },
    );
  },
);
