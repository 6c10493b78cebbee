import { expect, test } from "vitest";
import { energyAbove, powerSpectrum, spectrumError } from "../../src/metrics/spectrum.js";
import { Random } from "../../src/shape/random.js";

const picture = (side: number, at: (x: number, y: number) => number): Float64Array =>
  Float64Array.from({ length: side * side }, (_, i) => at(i % side, Math.floor(i / side)));
const shape = [1, 32, 32];
const noise = (seed: number, deviation = 1): Float64Array => {
  const random = new Random({ seed, purpose: "noise" });
  return picture(32, () => deviation * random.normal());
};

test("a wave is at its frequency, whatever its direction", () => {
  const wave = (fx: number, fy: number) =>
    powerSpectrum(
      picture(32, (x, y) => Math.cos(2 * Math.PI * (fx * x + fy * y))),
      { shape },
    );
  for (const [fx, fy] of [
    [4 / 32, 0],
    [0, 10 / 32],
    [6 / 32, 8 / 32],
    [-6 / 32, 8 / 32],
  ] as const) {
    const { frequencies, power } = wave(fx, fy);
    const strongest = frequencies[power.indexOf(Math.max(...power))]!;
    expect(strongest).toBeCloseTo(Math.hypot(fx, fy), 5);
  }
});

test("white noise has its variance at every frequency", () => {
  const many = Float64Array.from([1, 2, 3, 4, 5, 6, 7, 8].flatMap((seed) => [...noise(seed, 3)]));
  const { power } = powerSpectrum(many, { shape });
  // The lowest ring lost some to the mean that was taken away.
  for (const p of power.slice(2)) expect(p / 9).toBeCloseTo(1, 0);
  expect(power.slice(2).reduce((a, b) => a + b, 0) / (9 * (power.length - 2))).toBeCloseTo(1, 1);
});

test("brightness and contrast: one changes nothing, the other all frequencies alike", () => {
  const [a, brighter, stronger] = [noise(1), noise(1).map((v) => v + 7), noise(1, Math.E)].map(
    (items) => powerSpectrum(items, { shape }),
  ) as [
    ReturnType<typeof powerSpectrum>,
    ReturnType<typeof powerSpectrum>,
    ReturnType<typeof powerSpectrum>,
  ];
  expect(spectrumError(a, brighter)).toBeCloseTo(0, 9);
  expect(spectrumError(a, stronger)).toBeCloseTo(2, 9);
});

test("energy above a frequency is that of the waves above it", () => {
  const wave = (f: number, height: number) =>
    picture(32, (x) => height * Math.cos(2 * Math.PI * f * x));
  const [low, high] = [wave(3 / 32, 1), wave(12 / 32, 0.5)];
  const both = powerSpectrum(
    low.map((v, i) => v + high[i]!),
    { shape },
  );
  const alone = powerSpectrum(high, { shape });
  expect(energyAbove(both, 1 / 4) / energyAbove(alone, 1 / 4)).toBeCloseTo(1, 2);
  expect(energyAbove(both, 0) / energyAbove(alone, 0)).toBeCloseTo(5, 1);
});

test("colours are averaged, pictures too, and sizes may differ along axes", () => {
  const grey = noise(2).subarray(0, 16 * 24);
  const one = powerSpectrum(grey, { shape: [1, 16, 24] });
  const colours = Float64Array.from([...grey.map((v) => 3 * v), ...grey, ...grey.map((v) => -v)]);
  expect(spectrumError(one, powerSpectrum(colours, { shape: [3, 16, 24] }))).toBeCloseTo(0, 9);
  const twice = Float64Array.from([...grey, ...grey]);
  const both = powerSpectrum(twice, { shape: [1, 16, 24] });
  expect(Array.from(both.power)).toEqual(Array.from(one.power, (p) => expect.closeTo(p, 9)));
  expect(both.places).toEqual(one.places);
});

test("what is no picture is refused", () => {
  expect(() => powerSpectrum(new Float32Array(10), { shape: [1, 4, 4] })).toThrow(
    /^powerSpectrum: 10 numbers are no pictures \[1 4 4\]$/,
  );
  expect(() => powerSpectrum(new Float32Array(9), { shape: [1, 3, 3] })).toThrow(
    /^powerSpectrum: 3×3 is less than 4×4$/,
  );
  const [a, b] = [8, 10].map((n) =>
    powerSpectrum(new Float32Array(n * n), { shape: [1, n, n] }),
  ) as [ReturnType<typeof powerSpectrum>, ReturnType<typeof powerSpectrum>];
  expect(() => spectrumError(a, b)).toThrow(
    /^spectrumError: needs spectra of one size, received 4 and 5 rings$/,
  );
});
