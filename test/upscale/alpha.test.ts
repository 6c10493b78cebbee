import { join } from "node:path";
import sharp from "sharp";
import { expect, test } from "vitest";
import { alphaFacts } from "../../src/upscale/alpha.js";
import { bled } from "../../src/upscale/bleed.js";
import { upscale } from "../../src/upscale/job.js";
import { openUpscaler } from "../../src/upscale/open.js";
import type { Upscaler } from "../../src/upscale/upscaler.js";
import { folderOf, pixels, png, waves } from "./textures.js";

const wave = waves(16, 4);
/** A disc of one value in a field of another, with a rim of a third. */
const disc = (inside: number, rim: number, outside: number) => (x: number, y: number) => {
  const far = Math.hypot(x - 7.5, y - 7.5);
  return far < 4 ? inside : far < 6 ? rim : outside;
};

async function alphaOf(
  alpha: (x: number, y: number) => number,
  options: Parameters<typeof upscale>[1] = {},
) {
  const file = await png([16, 16, 4], (x, y, c) => (c === 3 ? alpha(x, y) : wave(x, y, c)));
  const folder = folderOf({ "a.png": file });
  const out = `${folder}-out`;
  const { files } = await upscale(folder, { out, ...options });
  const { data, channels } = await pixels(join(out, "a.png"));
  return { result: files[0]!, alpha: data.filter((_, i) => i % channels === 3), channels };
}

test("alpha of few values has states, of more it is smooth", () => {
  expect(alphaFacts(undefined)).toEqual({ kind: "opaque", states: [] });
  expect(alphaFacts(Uint8Array.of(0, 0))).toEqual({ kind: "clear", states: [0] });
  expect(alphaFacts(Uint8Array.of(255, 0, 255))).toEqual({ kind: "states", states: [0, 255] });
  expect(alphaFacts(Uint8Array.of(255, 0, 128))).toEqual({ kind: "states", states: [0, 128, 255] });
  expect(alphaFacts(Uint8Array.of(1, 2, 3, 4))).toEqual({ kind: "smooth", states: [] });
});

const kernelOrModel = [{}, { alpha: "model" }, { model: "lanczos", down: 2 }] as const;

test.each(kernelOrModel)("binary alpha stays binary, and as much of it: %o", async (options) => {
  const { result, alpha } = await alphaOf(disc(255, 255, 0), options);
  expect(result.alpha).toBe("states");
  expect(new Set(alpha)).toEqual(new Set([0, 255]));
  const area = alpha.filter((v) => v === 255).length / alpha.length;
  expect(area).toBeCloseTo((Math.PI * 36) / 256, 1);
});

test("alpha of three states keeps to them, and no rim comes between none and all", async () => {
  const three = await alphaOf(disc(255, 100, 0));
  expect(new Set(three.alpha)).toEqual(new Set([0, 100, 255]));
  // Half of a picture none, half all, and one pixel of a third state far from where they meet.
  const { alpha } = await alphaOf((x, y) => (x === 12 && y === 3 ? 128 : x < 8 ? 0 : 255));
  const middle = Array.from(alpha.filter((_, i) => i % 64 > 8 && i % 64 < 40));
  expect(new Set(middle)).toEqual(new Set([0, 255]));
});

test("clear stays clear, and solid has no alpha", async () => {
  const clear = await alphaOf(() => 0);
  expect(clear.result).toMatchObject({ alpha: "clear" });
  expect(clear.result.consistency).toBeUndefined();
  expect(new Set(clear.alpha)).toEqual(new Set([0]));
  const solid = await alphaOf(() => 255);
  expect([solid.result.alpha, solid.channels]).toEqual(["opaque", 3]);
});

test("smooth alpha stays what it is where everything around is none or all", async () => {
  const fade = (x: number) => Math.max(0, Math.min(255, (x - 4) * 36));
  const { alpha, result } = await alphaOf(fade, { seamless: "none" });
  expect(result.alpha).toBe("smooth");
  for (let y = 0; y < 64; y++) {
    expect(alpha.subarray(64 * y, 64 * y + 12).every((v) => v === 0)).toBe(true);
    expect(alpha.subarray(64 * y + 52, 64 * y + 64).every((v) => v === 255)).toBe(true);
  }
});

test("a model sees alpha as grey, by itself", async () => {
  const kernel = await openUpscaler("bicubic", { scale: 2 });
  const seen: number[] = [];
  const model: Upscaler = {
    ...kernel,
    upscaleRows: (picture, options) => {
      seen.push(picture.channels);
      return kernel.upscaleRows(picture, options);
    },
  };
  await alphaOf((x) => x * 16, { model, alpha: "model" });
  expect(seen).toEqual([1, 3]);
  seen.length = 0;
  await alphaOf((x) => x * 16, { model });
  expect(seen).toEqual([3]);
});

test("colours bleed outwards under what is clear, ring by ring, over the edge where it wraps", () => {
  const picture = {
    width: 5,
    height: 1,
    channels: 1 as const,
    color: Uint8Array.of(7, 7, 100, 7, 7),
    alpha: Uint8Array.of(0, 0, 255, 0, 0),
  };
  expect([...bled(picture, { x: false, y: false })]).toEqual([100, 100, 100, 100, 100]);
  const two = { ...picture, alpha: Uint8Array.of(255, 0, 0, 0, 0) };
  expect([...bled(two, { x: false, y: false })]).toEqual([7, 7, 7, 7, 7]);
  const ends = {
    ...picture,
    color: Uint8Array.of(40, 0, 0, 0, 80),
    alpha: Uint8Array.of(255, 0, 0, 0, 255),
  };
  expect([...bled(ends, { x: false, y: false })]).toEqual([40, 40, 60, 80, 80]);
  // A pixel that is three times as opaque counts three times.
  const weighed = { ...picture, width: 3, color: Uint8Array.of(0, 9, 100) };
  const shares = { ...weighed, alpha: Uint8Array.of(50, 0, 150) };
  expect([...bled(shares, { x: false, y: false })]).toEqual([0, 75, 100]);
  const wrapped = {
    ...picture,
    width: 4,
    color: Uint8Array.of(50, 0, 0, 0),
    alpha: Uint8Array.of(255, 0, 0, 0),
  };
  expect([...bled(wrapped, { x: true, y: true })]).toEqual([50, 50, 50, 50]);
});

test("what a program left under holes is not seen at their rims", async () => {
  // Green leaves, holes filled with bright red.
  const hole = (x: number, y: number) => (x >> 2) % 2 === 0 && (y >> 2) % 2 === 0;
  const file = await png([16, 16, 4], (x, y, c) =>
    c === 3 ? (hole(x, y) ? 0 : 255) : hole(x, y) ? (c === 0 ? 255 : 0) : c === 1 ? 180 : 30,
  );
  const folder = folderOf({ "leaves.png": file });
  await upscale(folder, { out: `${folder}-out`, model: "lanczos" });
  const { data } = await pixels(join(`${folder}-out`, "leaves.png"));
  for (let i = 0; i < data.length; i += 4) {
    expect([data[i], data[i + 1], data[i + 2]]).toEqual([30, 180, 30]);
  }
  // As it would be without: sharp's own resizing of the colours alone.
  const plain = await sharp(await sharp(file).removeAlpha().toBuffer())
    .resize(64, 64, { kernel: "lanczos3" })
    .raw()
    .toBuffer();
  expect(plain.some((v, i) => i % 3 === 0 && v > 100)).toBe(true);
});
