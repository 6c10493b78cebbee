import { expect, it } from "vitest";
import { train } from "../../src/run/train.js";
import { points } from "./support.js";

const megabyte = 2 ** 20;

it("memory stays flat over thousands of rounds", async () => {
  const sizes: number[] = [];
  // One array of noise is 40 kB: kept in each round, it would come to 80 MB below.
  const hyper = { ...points.hyper, latent: 100, batch: 100, group: 100 };
  const options = { ...points, hyper, rounds: 4000, samplesEvery: 100, folder: null };
  for await (const event of train(options)) {
    // Worker threads are part of this process.
    if (event.type === "round" && event.round % 250 === 0) sizes.push(process.memoryUsage.rss());
  }
  expect(sizes).toHaveLength(16);
  const early = Math.min(...sizes.slice(4, 7));
  const late = Math.min(...sizes.slice(13));
  // V8 lets its own heaps grow by some 15 MB before it tidies them.
  expect((late - early) / megabyte).toBeLessThan(40);
});
