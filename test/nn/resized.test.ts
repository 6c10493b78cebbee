import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type ResizeKernel, resized } from "../../src/nn/resized.js";
import { matlabBicubic } from "../../src/shape/bicubic.js";
import { Random } from "../../src/shape/random.js";
import { evaluate } from "../../src/tensor/reference.js";
import { constant, input, type Tensor } from "../../src/tensor/tensor.js";

interface Golden {
  readonly by: "Pillow" | "imresize";
  readonly kernel: ResizeKernel;
  readonly antialias: boolean;
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly plane: readonly number[];
  readonly resized: readonly number[];
}

const goldens = JSON.parse(
  readFileSync(new URL("../golden/resized.json", import.meta.url), "utf8"),
) as readonly Golden[]; // test/golden/resized.py wrote it

/** The numbers of a tensor that depends on constants alone, in float64. */
const valuesOf = (x: Tensor): Float64Array => evaluate([x])[0]!;

describe("resized", () => {
  test.each(goldens)("$kernel from $from to $to as by $by, antialias $antialias", (golden) => {
    const { by, kernel, antialias, from, to } = golden;
    const x = constant(golden.plane, { shape: [1, 1, ...from] });
    const border = by === "Pillow" ? "renormalize" : "mirror";
    const [height, width] = to;
    const y = resized(x, { height, width, kernel, antialias, border });
    expect(y.shape).toEqual([1, 1, height, width]);
    const found = valuesOf(y);
    // Pillow has single precision, for numbers up to 255.
    const tolerance = by === "Pillow" ? 1e-4 : 1e-8;
    golden.resized.forEach((v, i) => {
      expect(Math.abs(v - found[i]!), `${i}`).toBeLessThan(tolerance);
    });
  });

  test.each([
    [8, 12],
    [21, 5],
    [7, 31],
  ] as const)("bicubic to %i × %i as matlabBicubic", (height, width) => {
    const random = new Random({ seed: 4, purpose: "pictures" });
    const shape = [2, 3, 16, 13] as const;
    const values = Float64Array.from({ length: 2 * 3 * 16 * 13 }, () => random.normal());
    const truth = matlabBicubic(values, { shape, to: [height, width] });
    const x = constant(Array.from(values), { shape });
    const y = resized(x, { height, width, kernel: "bicubic" });
    expect(y.shape).toEqual(truth.shape);
    const found = valuesOf(y);
    truth.values.forEach((v, i) => {
      expect(Math.abs(v - found[i]!)).toBeLessThan(1e-12);
    });
  });

  test("says what it cannot resize", () => {
    const options = { height: 2, width: 2, kernel: "box" } as const;
    const text = "resized: needs 4 axes, has 3\n  input  [3 4 4]  b c h w";
    expect(() => resized(input("x", [3, 4, 4]), options)).toThrow(text);
    expect(() => resized(input("x", [1, 3, 4, 4]), { ...options, width: 0 })).toThrow(
      "resized: no picture has a size of [2 0]\n  input  [1 3 4 4]  b c h w",
    );
  });
});
