import { rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { enhancenet } from "../../src/zoo/enhancenet.js";
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

/** Settings were chosen by looking at these seeds, and the claims are checked on the others. */
const tunedOn = [1, 101, 102, 103];
const verifiedOn = (process.env.BELAMY_SEEDS ?? "201,202,203").split(",").map(Number);

describe("EnhanceNet on textures that are four times smaller", () => {
  it("E is nearest to the truth, PAT is more like it: textures that others recognize", async () => {
    const classifiers = await judges();
    console.log(`tuned on seeds ${tunedOn}, verified on ${verifiedOn}; defaults`);
    // Reported and not asked for: an energy of 0.8 to 1.2, which half of the seeds miss from below.
    for (const seed of verifiedOn) {
      const set = unseen(seed);
      const scored = async (losses: "E" | "PAT"): Promise<Scores> => {
        const run = await played(enhancenet, { seed, hyper: { losses }, tag: losses });
        const scores = await scoresOf(await madeBy(run, set), set, classifiers);
        rmSync(run, { recursive: true });
        return scores;
      };
      const plain = await scoresOf(bicubic(set), set, classifiers);
      const [E, PAT] = [await scored("E"), await scored("PAT")];
      const rows = [
        ["bicubic", plain],
        ["ENet-E", E],
        ["ENet-PAT", PAT],
      ] as const;
      console.log(`seed ${seed}\n${table(rows)}`);
      expect(E.psnr).toBeGreaterThan(plain.psnr + 2);
      expect(PAT.psnr).toBeLessThan(E.psnr);
      expect(Math.abs(PAT.energy - 1)).toBeLessThan(Math.abs(E.energy - 1));
      expect(PAT.spectrum).toBeLessThan(E.spectrum);
      expect(PAT.accuracy).toBeGreaterThanOrEqual(E.accuracy);
      expect(E.accuracy).toBeGreaterThan(plain.accuracy);
    }
  });
});
