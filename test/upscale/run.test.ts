import { join } from "node:path";
import { expect, test } from "vitest";
import { textures } from "../../src/data/textures.js";
import { exportGenerator } from "../../src/run/export.js";
import { train } from "../../src/run/train.js";
import { BelamyError } from "../../src/shape/error.js";
import { openUpscaler } from "../../src/upscale/open.js";
import type { Planes } from "../../src/upscale/upscaler.js";
import { esrgan } from "../../src/zoo/esrgan.js";
import { gan } from "../../src/zoo/gan.js";
import { points, temporaryFolder } from "../run/support.js";

const folder = temporaryFolder();

test("a run and the weights that it exports make the same larger picture", async () => {
  const path = join(folder, "run");
  const hyper = { blocks: 1, channels: 8, growth: 4, width: 4, scale: 2, patch: 16 };
  const options = { system: esrgan, data: textures({ count: 8, size: 16 }), folder: path };
  const run = train({ ...options, hyper: { ...hyper, batch: 4, group: 4 }, rounds: 3 });
  expect((await run.finish()).reason).toBe("finished");
  const weights = await exportGenerator(path, { system: esrgan, format: "safetensors" });
  const data = Float32Array.from({ length: 3 * 13 * 18 }, (_, i) => 0.5 + 0.5 * Math.sin(i * i));
  const picture: Planes = { channels: 3, height: 13, width: 18, data };
  const [byRun, byWeights] = [await openUpscaler(path), await openUpscaler(weights)];
  expect([byRun.scale, byWeights.scale]).toEqual([2, 2]);
  expect(byRun.about).toBe(`×2 of run ${path}`);
  // Their tiles and threads differ, and with them the order of additions.
  const [a, b] = [await byRun.upscale(picture), await byWeights.upscale(picture)];
  expect([a.channels, a.height, a.width]).toEqual([3, 26, 36]);
  const apart = a.data.map((v, i) => Math.abs(v - b.data[i]!)).reduce((x, y) => Math.max(x, y));
  expect(apart).toBeLessThan(1e-5);
  expect(a.data.reduce((x, y) => Math.max(x, y))).toBeGreaterThan(0.05);
  await byRun.release();
  const before = await openUpscaler(path, { alpha: 0, threads: 1 });
  const c = await before.upscale(picture);
  expect(c.data.some((v, i) => Math.abs(v - a.data[i]!) > 1e-5)).toBe(true);
  await before.release();
  await byWeights.release();
});

test("a run that makes no pictures from pictures says so", async () => {
  const path = join(folder, "points");
  await train({ ...points, system: gan, folder: path, rounds: 1 }).finish();
  const error = await openUpscaler(path).catch((thrown: unknown) => thrown);
  expect(error instanceof BelamyError && error.message.split("\n")[0]).toBe(
    "translate: gan makes no pictures from pictures",
  );
});
