import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { openData } from "./make.js";

const folder = resolve(import.meta.dirname, "../../../shared/data");
const there = existsSync(folder);
const name = there ? "real data" : "real data (skipped: ../shared/data is absent)";

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
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
