import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Dataset } from "../../src/data/dataset.js";
import { nodeFingerprint } from "../../src/data/files/hash.js";
import { fingerprintOf } from "../../src/data/fingerprint.js";
import { grid, moons, ring } from "../../src/data/points.js";

/** Mean and deviation of the distances to each label's centre, along both axes. */
function spread({ items, labels, modes }: Dataset<Float32Array>): {
  mean: number;
  deviation: number;
} {
  let sum = 0;
  let squares = 0;
  labels!.forEach((label, i) => {
    for (let axis = 0; axis < 2; axis++) {
      const off = items[2 * i + axis]! - modes!.centres[label]![axis]!;
      sum += off;
      squares += off * off;
    }
  });
  const n = 2 * labels!.length;
  return { mean: sum / n, deviation: Math.sqrt(squares / n) };
}

describe("ring", () => {
  test("is PacGAN's: eight modes on the unit circle, deviation 0.01", () => {
    const data = ring();
    expect(data).toMatchObject({ name: "ring", kind: "points", shape: [2], count: 100_000 });
    expect(data.items).toBeInstanceOf(Float32Array);
    expect(data.items.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(data.modes!.centres).toHaveLength(8);
    for (const [x, y] of data.modes!.centres) expect(Math.hypot(x!, y!)).toBeCloseTo(1, 12);
    const { mean, deviation } = spread(data);
    expect(Math.abs(mean)).toBeLessThan(1e-4);
    expect(deviation).toBeCloseTo(0.01, 4);
    const counts = new Int32Array(8);
    for (const label of data.labels!) counts[label]!++;
    for (const n of counts) expect(Math.abs(n - 12_500)).toBeLessThan(5 * Math.sqrt(12_500));
  });

  test("depends on its seed and on nothing else", () => {
    const a = ring({ count: 50, seed: 3 });
    expect(ring({ count: 50, seed: 3 }).fingerprint).toBe(a.fingerprint);
    expect(ring({ count: 50, seed: 4 }).fingerprint).not.toBe(a.fingerprint);
    expect(ring({ count: 20, seed: 3 }).items).toEqual(a.items.slice(0, 40));
  });

  test("says which option makes no sense", () => {
    expect(() => ring({ count: 0 })).toThrow(
      /^ring\.count: expected a whole number of at least 1, received 0$/,
    );
    expect(() => ring({ deviation: -1 })).toThrow(
      /^ring\.deviation: expected a number of at least 0, received -1$/,
    );
  });
});

test("the grid is PacGAN's: 25 modes from −4 to 4, deviation 0.05", () => {
  const data = grid();
  expect(data.modes!.centres).toHaveLength(25);
  expect(data.modes!.centres[0]).toEqual([-4, -4]);
  expect(data.modes!.centres[7]).toEqual([-2, 0]);
  expect(data.modes!.centres[24]).toEqual([4, 4]);
  expect(spread(data).deviation).toBeCloseTo(0.05, 3);
});

test("without noise, moons lie on two half circles", () => {
  const { items, labels, classes } = moons({ count: 1000, deviation: 0 });
  expect(classes).toEqual(["upper", "lower"]);
  labels!.forEach((label, i) => {
    const [x, y] = [items[2 * i]!, items[2 * i + 1]!];
    expect(Math.hypot(x - label, y - label / 2)).toBeCloseTo(1, 5);
    expect(label === 0 ? y : 0.5 - y).toBeGreaterThanOrEqual(-1e-6);
  });
});

test("a fingerprint is the SHA-256 of a line, the items and the labels, here and in Node", () => {
  const data = ring({ count: 3 });
  const bytes = (part: ArrayBufferView) =>
    new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
  const expected = createHash("sha256")
    .update("points [2] labelled\n")
    .update(bytes(data.items))
    .update(bytes(data.labels!))
    .digest("hex");
  expect(data.fingerprint).toBe(expected);
  expect(nodeFingerprint(data)).toBe(expected);
  expect(fingerprintOf({ ...data, labels: undefined })).not.toBe(expected);
});
