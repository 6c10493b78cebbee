import { rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { esrgan } from "../../src/zoo/esrgan.js";
import {
  bicubic,
  judges,
  madeBy,
  played,
  type Scores,
  scoresOf,
  table,
  unseen,
} from "./enlarging.js";

/** Settings were chosen by looking at this seed, and the claims are checked on the others. */
const tunedOn = [1];
const verifiedOn = (process.env.BELAMY_SEEDS ?? "101,102,103").split(",").map(Number);
const alphas = [0, 0.25, 0.5, 0.75, 1];

/** Every network between both stages of a run, tried on pictures that were not trained on. */
async function curve(seed: number, hyper: object, tag: string): Promise<readonly Scores[]> {
  const classifiers = await judges();
  const set = unseen(seed);
  const run = await played(esrgan, { seed, hyper, tag });
  const all: Scores[] = [];
  for (const alpha of alphas)
    all.push(await scoresOf(await madeBy(run, set, alpha), set, classifiers));
  rmSync(run, { recursive: true });
  const plain = await scoresOf(bicubic(set), set, classifiers);
  const rows = all.map((scores, i) => [`α = ${alphas[i]}`, scores] as const);
  console.log(`seed ${seed}, ${tag}\n${table([["bicubic", plain], ...rows])}`);
  expect(all[0]!.psnr).toBeGreaterThan(plain.psnr);
  return all;
}

describe("ESRGAN on textures that are four times smaller", () => {
  it("between its stages PSNR falls, and pictures become more like real ones", async () => {
    console.log(`tuned on seeds ${tunedOn}, verified on ${verifiedOn}; defaults`);
    // Reported and not asked for: the Fréchet distance, which fell on the seed of tuning alone, and the
    // distance of features from the truth, which grows as pixels move away from it.
    for (const seed of verifiedOn) {
      const all = await curve(seed, {}, "relativistic");
      const [first, last] = [all[0]!, all.at(-1)!]; // five places
      for (let i = 1; i < all.length; i++) expect(all[i]!.psnr).toBeLessThan(all[i - 1]!.psnr);
      expect(last.spectrum).toBeLessThan(first.spectrum);
      expect(last.accuracy).toBeGreaterThan(first.accuracy);
      expect(Math.abs(last.energy - 1)).toBeLessThan(Math.abs(first.energy - 1));
    }
  });

  it("a standard judge beside the relativistic one: reported", async () => {
    for (const seed of verifiedOn.slice(0, 1)) await curve(seed, { loss: "standard" }, "standard");
  });
});
