import { describe, expect, it } from "vitest";
import { inceptionScore } from "../../src/metrics/inception-score.js";
import { stackedModes } from "../../src/metrics/stacked-modes.js";
import { Random } from "../../src/shape/random.js";
import { golden } from "./golden.js";

describe("inceptionScore", () => {
  it("is the number of classes when every sample is sure and classes are even, 1 when nothing is", () => {
    const sure = Float32Array.from({ length: 400 }, (_, i) => (i % 4 === (i >> 2) % 4 ? 1 : 0));
    expect(inceptionScore(sure, { classes: 4, splits: 5 })).toEqual({ mean: 4, deviation: 0 });
    const unsure = new Float64Array(400).fill(0.25);
    expect(inceptionScore(unsure, { classes: 4 }).mean).toBeCloseTo(1, 12);
  });

  it("is SciPy's, with splits of unequal size", () => {
    const { probabilities, mean, deviation } = golden.inception;
    const found = inceptionScore(Float64Array.from(probabilities), { classes: 5, splits: 4 });
    expect(found.mean).toBeCloseTo(mean, 12);
    expect(found.deviation).toBeCloseTo(deviation, 12);
  });

  it("needs a sample in every split", () => {
    expect(() => inceptionScore(new Float32Array(6), { classes: 2 })).toThrow(
      /^inceptionScore\.splits: expected 1 to 3, the samples there are, received 10$/,
    );
  });
});

describe("stackedModes", () => {
  it("covers all of 1,000, without divergence, when every combination comes equally often", () => {
    const labels = Uint8Array.from(
      { length: 6000 },
      (_, i) => Math.floor((Math.floor(i / 3) % 1000) / 10 ** (2 - (i % 3))) % 10,
    );
    const { covered, modes, kl } = stackedModes(labels);
    expect([covered, modes]).toEqual([1000, 1000]);
    expect(kl).toBeCloseTo(0, 12);
  });

  it("is log 1000 when one combination is all there is, whichever", () => {
    const { covered, kl } = stackedModes(Int32Array.of(3, 0, 9, 3, 0, 9));
    expect(covered).toBe(1);
    expect(kl).toBeCloseTo(Math.log(1000), 12);
    expect(stackedModes(Int32Array.of(3, 0, 9, 9, 0, 3)).covered).toBe(2);
  });

  it("is SciPy's on uneven digits", () => {
    const { labels, covered, kl } = golden.stacked;
    const found = stackedModes(Int32Array.from(labels));
    expect(found.covered).toBe(covered);
    expect(found.kl).toBeCloseTo(kl, 12);
  });

  it("says what KL chance alone gives to 26,000 uniform samples", () => {
    const random = new Random({ seed: 2, purpose: "stacked" });
    const uniform = Uint8Array.from({ length: 78_000 }, () => random.integer(10));
    const { covered, kl, chanceKl } = stackedModes(uniform);
    expect(covered).toBe(1000);
    expect(chanceKl).toBeCloseTo(999 / 52_000, 12);
    // 2n KL is χ² with 999 degrees: its deviation is √(2 · 999).
    expect(Math.abs(kl - chanceKl)).toBeLessThan((4 * Math.sqrt(2 * 999)) / 52_000);
  });

  it("names the label that is no class", () => {
    expect(() => stackedModes(Int32Array.of(1, 2, 3, 4, 10, 5))).toThrow(
      /^stackedModes: label 10 of sample 1 is none of the 10 classes$/,
    );
    expect(() => stackedModes(Int32Array.of(1, 2, 3, 4))).toThrow(
      /^stackedModes: needs whole rows of 3 labels, received 4 numbers$/,
    );
  });
});
