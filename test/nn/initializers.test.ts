import { describe, expect, test } from "vitest";
import {
  type Initializer,
  initialValues,
  orthogonal,
  truncatedNormal,
  xavierNormal,
  xavierUniform,
} from "../../src/nn/initializers.js";
import { ShapeError } from "../../src/shape/error.js";
import type { Shape } from "../../src/shape/shape.js";

const drawn = (initializer: Initializer, shape: Shape, seed = 1): Float32Array =>
  initialValues(initializer, { shape, name: "w", seed });

function deviationOf(list: Float32Array): number {
  const middle = list.reduce((n, v) => n + v, 0) / list.length;
  return Math.sqrt(list.reduce((n, v) => n + (v - middle) ** 2, 0) / list.length);
}

describe("orthogonal", () => {
  /** All products of rows, or of columns, of a matrix. */
  function products(list: Float32Array, rows: number, of: "rows" | "columns"): number[][] {
    const columns = list.length / rows;
    const at = (i: number, k: number): number =>
      of === "rows" ? list[i * columns + k]! : list[k * columns + i]!;
    const [count, length] = of === "rows" ? [rows, columns] : [columns, rows];
    return Array.from({ length: count }, (_, i) =>
      Array.from({ length: count }, (_, j) =>
        Array.from({ length }, (_, k) => at(i, k) * at(j, k)).reduce((a, b) => a + b),
      ),
    );
  }

  test.each([
    ["a wide matrix", [5, 20], "rows"],
    ["a tall matrix", [20, 5], "columns"],
    ["a square one", [16, 16], "columns"],
    ["a kernel, its first axis against all others", [6, 3, 3, 3], "rows"],
  ] as const)("%s has %s at right angles, of length gain", (_, shape, of) => {
    const found = products(drawn(orthogonal(1.5), shape), shape[0], of);
    found.forEach((row, i) => {
      row.forEach((value, j) => {
        expect(value).toBeCloseTo(i === j ? 2.25 : 0, 5);
      });
    });
  });

  test("every direction is as likely: the entries of many have mean 0 and variance 1/n", () => {
    const corner = Float32Array.from(
      { length: 2000 },
      (_, seed) => drawn(orthogonal(), [3, 3], seed)[0]!,
    );
    // Deviations of the mean and of the variance over 2,000 seeds are 0.013 and 0.007.
    expect(Math.abs(corner.reduce((n, v) => n + v, 0) / 2000)).toBeLessThan(0.065);
    expect(Math.abs(deviationOf(corner) ** 2 - 1 / 3)).toBeLessThan(0.035);
  });

  test("a vector has no angles", () => {
    expect(() => drawn(orthogonal(), [3])).toThrow(
      new ShapeError({
        op: "orthogonal",
        why: "needs two axes, has 1",
        operands: [{ label: "shape", value: [3] }],
      }),
    );
  });
});

describe("truncated normal numbers", () => {
  const list = drawn(truncatedNormal(0.5, 1), [200, 200]);

  test("stay within two deviations and come near them", () => {
    expect(Math.min(...list)).toBeGreaterThanOrEqual(0);
    expect(Math.min(...list)).toBeLessThan(0.01);
    expect(Math.max(...list)).toBeLessThanOrEqual(2);
    expect(Math.max(...list)).toBeGreaterThan(1.99);
  });

  test("have the deviation of their closed form", () => {
    // 1 − 4 φ(2) / (2 Φ(2) − 1)
    const density = Math.exp(-2) / Math.sqrt(2 * Math.PI);
    const closed = Math.sqrt(1 - (4 * density) / 0.9544997361036416);
    expect(Math.abs(deviationOf(list) / 0.5 / closed - 1)).toBeLessThan(0.02);
  });
});

test("Xavier's numbers keep the variance that their fans ask for", () => {
  const wanted = Math.sqrt(2 / (30 + 70));
  for (const initializer of [xavierNormal(30, 70), xavierUniform(30, 70)]) {
    expect(Math.abs(deviationOf(drawn(initializer, [200, 200])) / wanted - 1)).toBeLessThan(0.02);
  }
});

test("initializers are plain data that threads can be sent", () => {
  for (const initializer of [orthogonal(2), truncatedNormal(0.02), xavierUniform(2, 3)]) {
    expect(structuredClone(initializer)).toEqual(initializer);
    const sent = drawn(structuredClone(initializer), [4, 6]);
    expect(sent).toEqual(drawn(initializer, [4, 6]));
  }
});
