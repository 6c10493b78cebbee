import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { richardsonLucy } from "../../src/metrics/richardson-lucy.js";
import { cosineSpectrum, wiener } from "../../src/metrics/wiener.js";
import { Random } from "../../src/shape/random.js";
import { blurPlanes, seeingKernel } from "../../src/shape/seeing.js";

type Rows = Readonly<Record<string, readonly number[]>>;
const golden: {
  readonly shape: readonly number[];
  readonly kernel: readonly number[];
  readonly soft: readonly number[];
  readonly wiener: Rows;
  readonly richardsonLucy: Rows;
} = JSON.parse(readFileSync(new URL("../golden/galaxies.json", import.meta.url), "utf8"));

const { shape } = golden;
const kernel = seeingKernel(1.4);
const soft = Float64Array.from(golden.soft);

const apart = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);

describe("as NumPy computes it by Fourier transforms of a mirrored picture", () => {
  test.each(Object.entries(golden.wiener))("Wiener, K = %s", (k, expected) => {
    expect(apart(wiener(soft, { shape, kernel, noise: Number(k) }), expected)).toBeLessThan(1e-6);
  });

  test.each(Object.entries(golden.richardsonLucy))(
    "Richardson and Lucy, %s times",
    (n, expected) => {
      const lifted = soft.map((value) => value + 0.1);
      const found = richardsonLucy(lifted, { shape, kernel, iterations: Number(n) });
      expect(apart(found, expected)).toBeLessThan(1e-6);
    },
  );
});

const random = new Random({ seed: 2, purpose: "test deconvolution" });
const noise = (count: number): Float64Array =>
  Float64Array.from({ length: count }, () => random.normal());

test("without blur Wiener divides by 1 + K, with a narrow one and K = 0 it undoes the blur", () => {
  const picture = noise(2 * 9 * 8);
  const plain = wiener(picture, { shape: [2, 9, 8], kernel: [1], noise: 0.25 });
  expect(
    apart(
      plain,
      picture.map((value) => value / 1.25),
    ),
  ).toBeLessThan(1e-12);
  // Mirrored at half a pixel is what a repeated edge is, for a kernel of three.
  const narrow = [0.2, 0.6, 0.2];
  const blurred = blurPlanes(picture, { kernel: narrow, size: [9, 8] });
  expect(
    apart(wiener(blurred, { shape: [2, 9, 8], kernel: narrow, noise: 0 }), picture),
  ).toBeLessThan(1e-12);
});

test("K of each frequency, noise over picture, has a smaller error than any one K", () => {
  const [h, w, count] = [16, 16, 40];
  const wide = { kernel: seeingKernel(2), size: [h, w] as const };
  const pictures = blurPlanes(noise(count * h * w), wide).map((value) => 6 * value);
  const dirt = noise(count * h * w).map((value) => 0.3 * value);
  const seen = blurPlanes(pictures, { kernel, size: [h, w] }).map((value, i) => value + dirt[i]!);
  const [power, dark] = [cosineSpectrum(pictures, [h, w]), cosineSpectrum(dirt, [h, w])];
  expect(dark.reduce((a, b) => a + b) / dark.length).toBeCloseTo(0.09, 2);
  const error = (k: number | Float64Array): number =>
    wiener(seen, { shape: [count, h, w], kernel, noise: k }).reduce(
      (sum, value, i) => sum + (value - pictures[i]!) ** 2,
      0,
    );
  const best = Math.min(...[0.003, 0.01, 0.03, 0.1, 0.3].map(error));
  expect(error(dark.map((value, i) => value / power[i]!))).toBeLessThan(0.97 * best);
});

test("Richardson and Lucy's picture has no negative light, as much in all, and fits ever better", () => {
  const size = [24, 24] as const;
  const stars = new Float64Array(24 * 24);
  for (const [at, light] of [
    [12 * 24 + 10, 5],
    [12 * 24 + 13, 3],
    [8 * 24 + 11, 2],
  ] as const) {
    stars[at] = light;
  }
  const seen = blurPlanes(stars, { kernel, size });
  let last = Number.POSITIVE_INFINITY;
  for (const iterations of [1, 3, 10, 40]) {
    const found = richardsonLucy(seen, { shape: [24, 24], kernel, iterations });
    expect(Math.min(...found)).toBeGreaterThanOrEqual(0);
    expect(found.reduce((a, b) => a + b)).toBeCloseTo(10, 6);
    const again = blurPlanes(found, { kernel, size });
    // What it climbs is the likelihood of counted photons.
    const surprise = again.reduce(
      (sum, value, i) => sum + value - seen[i]! * Math.log(value + 1e-300),
      0,
    );
    expect(surprise).toBeLessThan(last);
    last = surprise;
  }
  expect(
    richardsonLucy(Float64Array.of(-1, 2), { shape: [1, 2], kernel: [1], iterations: 0 }),
  ).toEqual(Float64Array.of(0, 2));
});

test("mistakes are named", () => {
  const options = { shape: [2, 3], kernel: [1], noise: 0 };
  expect(() => wiener(new Float64Array(5), options)).toThrow(
    "wiener: 5 numbers are no planes [2 3]",
  );
  expect(() => wiener(new Float64Array(6), { ...options, kernel: [1, 2, 3] })).toThrow(
    "wiener.kernel: expected an odd count of symmetric numbers, received 1, 2, 3",
  );
  expect(() => wiener(new Float64Array(6), { ...options, noise: -1 })).toThrow(
    "wiener.noise: expected K ≥ 0, received -1",
  );
  const lucy = { shape: [2, 3], kernel: [1, 1], iterations: 2 };
  expect(() => richardsonLucy(new Float64Array(6), lucy)).toThrow(
    "richardsonLucy.kernel: expected an odd count of symmetric numbers, received 1, 1",
  );
  expect(() =>
    richardsonLucy(new Float64Array(6), { ...lucy, kernel: [1], iterations: 0.5 }),
  ).toThrow("richardsonLucy.iterations: expected a whole number of at least 0, received 0.5");
});
