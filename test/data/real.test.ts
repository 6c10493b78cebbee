import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import type { Legend } from "../../src/shape/legend.js";
import { openData } from "./make.js";

const folder = resolve(import.meta.dirname, "../../../shared/data");
const there = existsSync(folder);
const name = there ? "real data" : "real data (skipped: ../shared/data is absent)";

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** In ten thousandths, as Python's zlib and a PNG filter by hand count the maps' numbers. */
const camvidShares = [1685, 2325, 99, 3165, 448, 972, 117, 113, 587, 64, 29, 396];

/** How many pixels of maps `[n 3 96 128]` have each colour, as a share of all. */
function sharesOf(maps: Uint8Array, legend: Legend): readonly number[] {
  const area = 96 * 128;
  const counts = new Uint32Array(2 ** 24);
  for (let start = 0; start < maps.length; start += 3 * area) {
    for (let i = start; i < start + area; i++) {
      counts[(maps[i]! << 16) | (maps[i + area]! << 8) | maps[i + 2 * area]!]!++;
    }
  }
  return legend.map(
    ({ colour: [r, g, b] }) => (3 * counts[(r << 16) | (g << 8) | b]!) / maps.length,
  );
}

describe.skipIf(!there)(name, () => {
  const open = (file: string, options = {}) => openData(join(folder, file), options);

  test.each([
    ["portraits64.zip", [3, 64, 64], 1775, ["Baroque", "Romanticism", "Impressionism"]],
    ["smiles48.zip", [1, 48, 48], 4000, ["not smiling", "smiling"]],
    ["utkface64.zip", [3, 64, 64], 1350, []],
    ["galaxies64.zip", [3, 64, 64], 1400, ["non_spiral", "spiral"]],
    ["dcss-tiles32.zip", [3, 32, 32], 3175, ["dngn", "effect", "item", "misc", "mon", "player"]],
    ["minetest-textures16.zip", [3, 16, 16], 417, ["has transparency", "opaque block texture"]],
    ["bsds-patches96.zip", [3, 64, 64], 400, []],
    ["sr/Set5", [3, 64, 64], 10, []],
    ["style", [3, 64, 64], 16, []],
  ])("%s", async (file, shape, count, classes) => {
    const data = await open(file);
    expect(data).toMatchObject({ kind: "pictures", shape, count, classes, skipped: [] });
    expect(data.labels?.length).toBe(classes.length > 0 ? count : undefined);
    expect(mean(data.items)).toBeGreaterThan(10);
    expect(mean(data.items)).toBeLessThan(245);
  });

  test("camvid128x96.zip: photos with maps, and maps with photos", async () => {
    const size = [96, 128] as const;
    const zip = "camvid128x96.zip";
    const streets = await open(`${zip}/train-images`, { given: "train-labels", size });
    expect(streets).toMatchObject({ name: "camvid128x96", count: 367, shape: [3, 96, 128] });
    const { legend, ...given } = streets.given!;
    expect(given.shape).toEqual([3, 96, 128]);
    expect(legend?.map(({ name, ignored }) => [name, ignored ?? false]).slice(-2)).toEqual([
      ["Bicyclist", false],
      ["Unlabelled", true],
    ]);
    // How much of all pixels each class has, counted from the PNGs' own numbers by another program.
    const shares = sharesOf(given.items as Uint8Array, legend!); // bytes
    expect(shares.map((share) => Math.round(1e4 * share))).toEqual(camvidShares);
    const maps = await open(zip, { within: "labels", given: "images", split: "test", size });
    expect(maps).toMatchObject({ name: "camvid128x96-test", count: 101, legend });
    expect(maps.given?.legend).toBe(undefined);
  });

  test("emoji32.zip has captions", async () => {
    const data = await open("emoji32.zip");
    expect(data).toMatchObject({ shape: [3, 32, 32], count: 1644 });
    expect(data.classes).toHaveLength(9);
    expect(data.captions!.slice(0, 2)).toEqual(["keycap #", "keycap *"]);
  });

  test("utkface64.zip has ages, galaxies64.zip a test split, the clips labelled folders", async () => {
    const { factors } = await open("utkface64.zip", { limit: 5 });
    expect(factors!.ages).toHaveLength(5);
    const { name, count } = await open("galaxies64.zip", { split: "test" });
    expect([name, count]).toEqual(["galaxies64-test", 600]);
    const clips = await open("video-actions32.zip", { limit: 224 });
    expect(new Set(clips.labels)).toEqual(new Set([0, 1, 2, 3]));
  });

  test("mnist and fashion-mnist are found in their folders", async () => {
    const data = await open("mnist");
    expect(data).toMatchObject({ name: "mnist", shape: [1, 28, 28], count: 60_000 });
    expect([...data.labels!.slice(0, 5)]).toEqual([5, 0, 4, 1, 9]);
    // The mean of the canonical training pixels.
    expect(mean(data.items) / 255).toBeCloseTo(0.1307, 4);
    expect((await open("mnist", { split: "test" })).count).toBe(10_000);
    expect((await open("fashion-mnist")).count).toBe(20_000);
  });

  test("cifar10-jpeg.tar.gz is split and classed by its folders", async () => {
    const data = await open("cifar10-jpeg.tar.gz", { limit: 1000 });
    expect(data).toMatchObject({ name: "cifar10-jpeg", shape: [3, 32, 32], count: 1000 });
    expect(data.classes).toContain("frog");
    const counts = new Int32Array(10);
    for (const label of data.labels!) counts[label]!++;
    expect([...counts]).toEqual(Array(10).fill(100));
  });

  test("models that are no pictures are refused", async () => {
    await expect(open("voxels-mmmm.zip")).rejects.toThrow("holds no pictures");
    await expect(open("voxels-modelnet10.npz")).rejects.toThrow(
      "voxels: holds [1290 32 32 32], which seems to be volumes; these are not read yet",
    );
  });
});
