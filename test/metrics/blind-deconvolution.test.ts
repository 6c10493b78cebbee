import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { blindDeconvolution } from "../../src/metrics/blind-deconvolution.js";
import { richardsonLucy } from "../../src/metrics/richardson-lucy.js";
import { ConfigurationError, ShapeError } from "../../src/shape/error.js";
import { blurPlanes } from "../../src/shape/seeing.js";

const bell = (sigma: number): number[] => {
  const heights = [-3, -2, -1, 0, 1, 2, 3].map((x) => Math.exp(-(x ** 2) / (2 * sigma ** 2)));
  const sum = heights.reduce((a, b) => a + b);
  return heights.map((value) => value / sum);
};
const square = (line: readonly number[]): number[] => line.flatMap((a) => line.map((b) => a * b));

const size = [26, 24] as const;
const shape = [2, ...size];
const stars = new Float64Array(2 * 26 * 24);
for (const [at, light] of [
  [8 * 24 + 7, 5],
  [15 * 24 + 14, 8],
  [19 * 24 + 6, 3],
  [624 + 12 * 24 + 12, 6],
] as const) {
  stars[at] = light;
}
const kernel = bell(1.2);
const seen = blurPlanes(stars, { kernel, size });
const widthOf = (found: Float64Array): number =>
  Math.sqrt(found.reduce((sum, value, k) => sum + value * (Math.floor(k / 7) - 3) ** 2, 0));

test("from a wrong guess it comes nearer to the blur, and keeps what it is made of", () => {
  const right = widthOf(Float64Array.from(square(kernel)));
  const guess = square(bell(2));
  const errors = [0, 5, 60].map((iterations) => {
    const found = blindDeconvolution(seen, { shape, guess, iterations });
    expect(found.kernel.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
    expect(Math.min(...found.kernel, ...found.picture)).toBeGreaterThanOrEqual(0);
    expect(found.picture.reduce((a, b) => a + b)).toBeCloseTo(22, 4);
    return Math.abs(widthOf(found.kernel) - right);
  });
  expect(errors).toEqual(errors.toSorted((a, b) => b - a));
  expect(errors[2]!).toBeLessThan(0.6 * errors[0]!);
});

test("its first correction of a picture is Richardson and Lucy's", () => {
  const { picture } = blindDeconvolution(seen, { shape, guess: square(kernel), iterations: 1 });
  const known = richardsonLucy(seen, { shape, kernel, iterations: 1 });
  picture.forEach((value, i) => {
    expect(Math.abs(value - known[i]!)).toBeLessThan(1e-12);
  });
});

test("three corrections of both are NumPy's", () => {
  const {
    shape: of,
    soft,
    blind,
  } = JSON.parse(readFileSync(new URL("../golden/galaxies.json", import.meta.url), "utf8"));
  const light = Float64Array.from(soft, (value: number) => value + 0.1);
  const found = blindDeconvolution(light, { shape: of, guess: blind.guess, iterations: 3 });
  for (const key of ["picture", "kernel"] as const) {
    found[key].forEach((value, i) => {
      expect(Math.abs(value - blind[key][i])).toBeLessThan(1e-6);
    });
  }
});

test("mistakes are named", () => {
  const one = new Float64Array(4);
  expect(() => blindDeconvolution(one, { shape: [3, 3], guess: [1], iterations: 1 })).toThrow(
    new ShapeError({ op: "blindDeconvolution", why: "4 numbers are no planes [3 3]" }),
  );
  expect(() => blindDeconvolution(one, { shape: [2, 2], guess: [1, 1], iterations: 1 })).toThrow(
    new ConfigurationError({
      op: "blindDeconvolution.guess",
      why: "expected an odd square of numbers ≥ 0, received 2 of sum 2",
    }),
  );
  expect(() => blindDeconvolution(one, { shape: [2, 2], guess: [1], iterations: -1 })).toThrow(
    new ConfigurationError({
      op: "blindDeconvolution.iterations",
      why: "expected a whole number of at least 0, received -1",
    }),
  );
});
