import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { from } from "../../src/data/arrays.js";
import { openData } from "../../src/data/open.js";
import { ring } from "../../src/data/points.js";
import { shapes } from "../../src/data/shapes.js";
import { stacked } from "../../src/data/stacked.js";
import { stackedModes } from "../../src/metrics/stacked-modes.js";
import { fill, png, temporary } from "./make.js";

// Ten grey pictures of 2 × 2, whose every byte is ten times their class.
const digits = from(
  Uint8Array.from({ length: 40 }, (_, i) => 10 * (i >> 2)),
  {
    shape: [1, 2, 2],
    labels: Int32Array.from({ length: 10 }, (_, i) => i),
    classes: Array.from({ length: 10 }, (_, i) => `${i}`),
  },
);

describe("stacked", () => {
  test("three grey pictures make one of colour, whose class is all of theirs", () => {
    const data = stacked(digits, { count: 2000, seed: 4 });
    expect(data).toMatchObject({ kind: "pictures", shape: [3, 2, 2], count: 2000 });
    expect(data.classes).toHaveLength(1000);
    expect(data.classes[704]).toBe("704");
    const items = data.items as Uint8Array; // they were in memory
    expect(items.buffer).toBeInstanceOf(SharedArrayBuffer);
    const seen = new Uint8Array(6000);
    for (let i = 0; i < 2000; i++) {
      const classes = [0, 1, 2].map((c) => {
        const channel = [...items.subarray((3 * i + c) * 4, (3 * i + c + 1) * 4)];
        expect(new Set(channel).size).toBe(1);
        seen[3 * i + c] = channel[0]! / 10;
        return channel[0]! / 10;
      });
      expect(data.classes[data.labels![i]!]).toBe(classes.join(""));
    }
    const { kl, chanceKl } = stackedModes(seen);
    expect(Math.abs(kl - chanceKl)).toBeLessThan(0.1);
  });

  test("depend on their seed and on nothing else", () => {
    const a = stacked(digits, { count: 600, seed: 1 });
    expect(stacked(digits, { count: 600, seed: 1 }).fingerprint).toBe(a.fingerprint);
    expect(stacked(digits, { count: 600, seed: 2 }).fingerprint).not.toBe(a.fingerprint);
    const fewer = stacked(digits, { count: 100, seed: 1 }).items as Uint8Array; // in memory
    expect(fewer).toEqual((a.items as Uint8Array).slice(0, 1200)); // likewise
  });

  test("have no classes where there were none", () => {
    const plain = from(new Uint8Array(40), { shape: [1, 2, 2] });
    const data = stacked(plain, { count: 3 });
    expect([data.labels, data.classes]).toEqual([undefined, []]);
  });

  test("need grey pictures", () => {
    expect(() => stacked(shapes({ count: 2, size: 8 }))).toThrow(
      /^stacked: stacks grey pictures, \[1 h w\]\n {2}shapes {2}\[3 8 8\]$/,
    );
    expect(() => stacked(ring({ count: 2 }))).toThrow(
      /^stacked: stacks grey pictures, \[1 h w\]\n {2}ring {2}\[2\]$/,
    );
  });

  test("are opened by a word before the source", async () => {
    const folder = await temporary();
    await fill(folder, { "a.png": await png([9, 9, 9]), "b.png": await png([200, 200, 200]) });
    const data = await openData(`stacked:${folder}`, { count: 5, seed: 3, size: 4 });
    expect(data).toMatchObject({ shape: [3, 4, 4], count: 5 });
    expect(data.name).toMatch(/^stacked-/);
    expect(new Set(data.items as Uint8Array)).toEqual(new Set([9, 200])); // in memory
  });
});

const mnist = fileURLToPath(new URL("../../../shared/data/mnist", import.meta.url));

test.skipIf(!existsSync(mnist))(
  "26,000 stacks of real digits cover all modes, nearly evenly (skipped without ../shared/data/mnist)",
  async () => {
    const { labels } = await openData(`stacked:${mnist}`, { count: 26_000 });
    const digits = Uint8Array.from(
      { length: 78_000 },
      (_, i) => Math.floor(labels![Math.floor(i / 3)]! / 10 ** (2 - (i % 3))) % 10,
    );
    const { covered, kl, chanceKl } = stackedModes(digits);
    expect(covered).toBe(1000);
    expect(kl).toBeCloseTo(0.0236, 4);
    expect(chanceKl).toBeCloseTo(0.0192, 4);
  },
);
