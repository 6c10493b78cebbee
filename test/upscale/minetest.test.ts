import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { openZip } from "../../src/data/files/zip.js";
import { upscale } from "../../src/upscale/job.js";
import type { TextureResult, UpscaleReport } from "../../src/upscale/job-report.js";
import { stepsOf } from "../../src/upscale/seam.js";
import { type GamePicture, readGamePicture } from "../../src/upscale/texture-read.js";
import { emptyFolder, pixels } from "./textures.js";

const zip = fileURLToPath(new URL("../../../shared/data/minetest-textures16.zip", import.meta.url));

// 417 textures of a game, 16 × 16 with alpha; skipped where they are not.
describe.skipIf(!existsSync(zip))("minetest's textures (../shared/data)", () => {
  const out = join(emptyFolder(), "textures");
  const sources = new Map<string, GamePicture>();
  const results = new Map<string, Awaited<ReturnType<typeof pixels>>>();
  let report: UpscaleReport;

  beforeAll(async () => {
    report = await upscale(zip, { out });
    const source = await openZip(zip);
    await source.visit(
      source.names.map((_, i) => i),
      async (i, read) => {
        sources.set(source.names[i]!, await readGamePicture(await read()));
      },
    );
    await source.close();
    for (const { name, out: to } of report.files) results.set(name, await pixels(join(out, to)));
  });

  test("417 of 417 files, four times as large", () => {
    expect(report.files).toHaveLength(417);
    expect(report.skipped).toEqual([]);
    for (const { name } of report.files) {
      expect([results.get(name)!.width, results.get(name)!.height]).toEqual([64, 64]);
    }
  });

  test("alpha is intact: clear stays clear, solid stays solid, states stay states", () => {
    let [clear, solid, wrong] = [0, 0, 0];
    for (const { name, alpha } of report.files) {
      const source = sources.get(name)!;
      const made = results.get(name)!;
      const most = made.channels;
      const of = (i: number): number => (most === 4 ? made.data[4 * i + 3]! : 255);
      expect(made.channels === 4).toBe(alpha !== "opaque");
      if (alpha === "opaque") continue;
      if (alpha !== "smooth") {
        const before = new Set(source.alpha);
        for (let i = 0; i < 64 * 64; i++) if (!before.has(of(i))) wrong++;
      }
      // Where all around is clear, or solid, so is all that it becomes.
      for (let i = 0; i < 256; i++) {
        const around = surroundings(source.alpha!, i);
        const value = around.every((v) => v === around[0]) ? around[0] : undefined;
        if (value !== 0 && value !== 255) continue;
        if (value === 0) clear++;
        else solid++;
        for (let k = 0; k < 16; k++) {
          const y = 4 * Math.floor(i / 16) + (k >> 2);
          if (of(64 * y + 4 * (i % 16) + (k & 3)) !== value) wrong++;
        }
      }
    }
    expect({ wrong, enough: clear > 10_000 && solid > 1000 }).toEqual({ wrong: 0, enough: true });
  });

  test("the mean of what is visible is the source's, to half a level", () => {
    for (const { mean } of report.files) {
      if (!mean) continue;
      mean[0].forEach((value, c) => {
        expect(Math.abs(value - mean[1][c]!)).toBeLessThan(0.51);
      });
    }
  });

  test("no seam: the edge of a seamless texture is as any line inside of it", () => {
    const edge = { fits: 0, all: 0 };
    const inside = { fits: 0, all: 0 };
    for (const file of report.files) {
      const turned = stepsOf(halfTurned(results.get(file.name)!));
      for (const axis of ["x", "y"] as const) {
        if (!file.seamless[axis]) continue;
        count(edge, file.seams[axis][1]);
        // The same result turned by half: what stands at its edge is a line inside.
        count(inside, turned[axis]);
      }
    }
    expect(edge.all).toBeGreaterThan(700);
    // The largest of 64 steps at an edge, within 99 of 100 inside.
    const [share, control] = [edge.fits / edge.all, inside.fits / inside.all];
    expect(share).toBeGreaterThan(control - 0.03);
    expect(share).toBeGreaterThan(0.85);
  });
});

const count = (
  counts: { fits: number; all: number },
  { largest, inside }: TextureResult["seams"]["x"][0],
): void => {
  counts.all++;
  if (largest <= inside) counts.fits++;
};

/** Values of a pixel of 16 × 16 and of the 24 around it, over the edges. */
const surroundings = (alpha: ArrayLike<number>, i: number): number[] =>
  Array.from({ length: 25 }, (_, k) => {
    const y = (Math.floor(i / 16) + Math.floor(k / 5) + 14) % 16;
    return alpha[16 * y + (((i % 16) + (k % 5) + 14) % 16)]!;
  });

/** A result turned by half of its size along both axes. */
function halfTurned({ data, width, channels }: Awaited<ReturnType<typeof pixels>>): GamePicture {
  const at = (i: number): number => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return ((y + 32) % 64) * width + ((x + 32) % 64);
  };
  const area = width * width;
  const color = new Uint8Array(3 * area).map((_, i) => {
    return data[channels * at(Math.floor(i / 3)) + (i % 3)]!;
  });
  const alpha =
    channels === 4 ? new Uint8Array(area).map((_, i) => data[4 * at(i) + 3]!) : undefined;
  return {
    ...{ width, height: width, channels: 3, color, alpha, most: 255 },
    ...{ format: "png", indexed: false, lossless: true },
  };
}
