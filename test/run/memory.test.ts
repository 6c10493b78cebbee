import { expect, it } from "vitest";
import { train } from "../../src/run/train.js";
import { points } from "./support.js";

const megabyte = 2 ** 20;

it("memory stays flat over thousands of rounds", async () => {
  const sizes: number[] = [];
  const options = { ...points, rounds: 6000, samplesEvery: 50, folder: null };
  for await (const event of train(options)) {
    // Worker threads are part of this process.
    if (event.type === "round" && event.round % 250 === 0) sizes.push(process.memoryUsage.rss());
  }
  expect(sizes).toHaveLength(24);
  const least = (part: readonly number[]): number => Math.min(...part);
  const early = least(sizes.slice(8, 14));
  const late = least(sizes.slice(18));
  // One leaked tensor of the smallest kind a round is 4 bytes and about 500 of bookkeeping: 2 MB.
  expect((late - early) / megabyte).toBeLessThan(8);
});
