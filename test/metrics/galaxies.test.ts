import { describe, expect, test } from "vitest";
import { f1Of, findClumps, matchPlaces } from "../../src/metrics/clumps.js";
import { agreement, rankCorrelation } from "../../src/metrics/ensemble.js";
import { armContrast, fluxBias } from "../../src/metrics/galaxies.js";
import { ShapeError } from "../../src/shape/error.js";
import { Random } from "../../src/shape/random.js";

const random = new Random({ seed: 1, purpose: "test galaxies" });

describe("clumps", () => {
  const size = [32, 30] as const;
  const places = [
    { x: 8.5, y: 6.5 },
    { x: 20.5, y: 10.5 },
    { x: 13.5, y: 25.5 },
  ];
  const sky = Float64Array.from({ length: 32 * 30 }, (_, i) => {
    const [x, y] = [(i % 30) + 0.5, Math.floor(i / 30) + 0.5];
    const disc = Math.exp(-((x - 15) ** 2 + (y - 16) ** 2) / 200);
    return places.reduce(
      (sum, p, k) => sum + (1 - 0.3 * k) * Math.exp(-((x - p.x) ** 2 + (y - p.y) ** 2) / 2),
      disc,
    );
  });

  test("are found where they are, on a disc that falls off", () => {
    const found = findClumps(sky, { size, threshold: 0.1 });
    expect(found).toEqual(places);
    // Less and less is found the higher the threshold.
    const counts = [0.1, 0.3, 0.42, 2].map(
      (threshold) => findClumps(sky, { size, threshold }).length,
    );
    expect(counts).toEqual([3, 2, 1, 0]);
  });

  test("one plateau is one clump, and noise below the threshold none", () => {
    const flat = new Float64Array(81);
    flat[40] = flat[41] = 1;
    expect(findClumps(flat, { size: [9, 9], threshold: 0.05 })).toHaveLength(1);
    const noise = Float64Array.from({ length: 81 }, () => 0.01 * random.normal());
    expect(findClumps(noise, { size: [9, 9], threshold: 0.05 })).toEqual([]);
  });

  test("are matched one to one, the nearest first, and what is ignored counts neither way", () => {
    const found = [
      { x: 8, y: 6 },
      { x: 9.5, y: 6.5 },
      { x: 25, y: 25 },
    ];
    expect(matchPlaces(found, places)).toEqual({ right: 1, found: 3, there: 3 });
    const ignored = [
      { x: 24, y: 25, radius: 2 },
      { x: 13.5, y: 25, radius: 1 },
    ];
    expect(matchPlaces(found, places, { ignored })).toEqual({ right: 1, found: 2, there: 2 });
    expect(matchPlaces(found, places, { tolerance: 0.1 }).right).toBe(0);
    expect(f1Of([matchPlaces(places, places)])).toBe(1);
    expect(f1Of([{ right: 1, found: 3, there: 2 }])).toBeCloseTo(0.4, 12);
    expect(f1Of([])).toBe(1);
  });

  test("mistakes are named", () => {
    expect(() => findClumps(sky, { size: [9, 9], threshold: 1 })).toThrow(
      new ShapeError({ op: "findClumps", why: "960 numbers are no plane of 9 × 9" }),
    );
  });
});

describe("arms", () => {
  const place = { x: 31, y: 33, angle: 0.4, axis: 0.6, scale: 9, arms: 2, pitch: -0.3, phase: 0.7 };
  const disc = (amplitude: number, shift = 0): Float64Array =>
    Float64Array.from({ length: 64 * 64 }, (_, i) => {
      const [dx, dy] = [(i % 64) + 0.5 - 31, Math.floor(i / 64) + 0.5 - 33];
      const [c, s] = [Math.cos(0.4), Math.sin(0.4)];
      const [u, v] = [dx * c + dy * s, (dy * c - dx * s) / 0.6];
      const r = Math.hypot(u, v) / 9;
      const off = 2 * (Math.atan2(v, u) - 0.7 - Math.log(r) / Math.tan(-0.3)) + shift;
      return Math.exp(-r) * (1 + amplitude * Math.cos(off));
    });

  test("have the contrast that they are drawn with, whatever the disc's brightness", () => {
    for (const amplitude of [0, 0.3, 0.8]) {
      expect(armContrast(disc(amplitude), [64, 64], place)).toBeCloseTo(amplitude, 1);
      const bright = disc(amplitude).map((value) => 7 * value);
      expect(armContrast(bright, [64, 64], place)).toBeCloseTo(
        armContrast(disc(amplitude), [64, 64], place),
        9,
      );
    }
    // Between the arms is the opposite of in the arms.
    expect(armContrast(disc(0.5, Math.PI), [64, 64], place)).toBeCloseTo(-0.5, 1);
    expect(() => armContrast(disc(0), [9, 9], place)).toThrow(
      "armContrast: 4096 numbers are no plane of 9 × 9",
    );
  });
});

test("flux bias is the mean of each picture's own", () => {
  const truth = Float64Array.of(1, 3, 10, 30);
  expect(fluxBias([1.1, 3.3, 10, 30], truth, { size: 2 })).toBeCloseTo(0.05, 12);
  expect(fluxBias(truth, truth, { size: 4 })).toBe(0);
  expect(() => fluxBias([1], truth, { size: 2 })).toThrow(
    "fluxBias: 1 and 4 numbers are not as many pictures of 2",
  );
});

describe("ensembles", () => {
  test("agree in the mean, and where they differ most they are wrong most", () => {
    const truth = Array.from({ length: 2000 }, () => random.normal());
    const doubt = truth.map(() => random.uniform() ** 2);
    const answers = [1, 2, 3, 4, 5].map(() => truth.map((t, i) => t + doubt[i]! * random.normal()));
    const { mean, deviation } = agreement(answers);
    const error = (values: ArrayLike<number>): number =>
      truth.reduce((sum, t, i) => sum + (values[i]! - t) ** 2, 0);
    expect(error(mean)).toBeLessThan(0.25 * error(answers[0]!));
    const wrong = truth.map((t, i) => Math.abs(mean[i]! - t));
    expect(rankCorrelation(deviation, wrong)).toBeGreaterThan(0.5);
    expect(() => agreement([[1]])).toThrow("agreement: needs two answers or more, received 1");
    expect(() => agreement([[1], [1, 2]])).toThrow("agreement: answers have 1 and 2 numbers");
  });

  test("ranks are what counts, and ties share theirs", () => {
    expect(rankCorrelation([1, 2, 3], [10, 100, 1000])).toBe(1);
    expect(rankCorrelation([1, 2, 3], [3, 2, 1])).toBe(-1);
    // NumPy's corrcoef of the ranks [0, 1.5, 1.5, 3, 4] and [2, 0.5, 0.5, 3.5, 3.5].
    expect(rankCorrelation([1, 2, 2, 4, 5], [5, 1, 1, 7, 7])).toBeCloseTo(0.64889, 5);
    expect(rankCorrelation([1, 1], [1, 2])).toBe(0);
    expect(() => rankCorrelation([1], [1])).toThrow(
      "rankCorrelation: needs two rows of one length, received 1 and 1 numbers",
    );
  });
});
