import { describe, expect, it } from "vitest";
import { grid, ring } from "../../src/data/points.js";
import { modeCoverage } from "../../src/metrics/modes.js";

describe("modeCoverage", () => {
  const modes = {
    centres: [
      [0, 0],
      [10, 0],
      [0, 10],
      [10, 10],
    ],
    deviation: 1,
  };

  it("counts a mode from one sample within three deviations, and its boundary", () => {
    const samples = Float32Array.of(0, 2.99, 10, 3.01, 0, 10, 5, 5);
    const { covered, highQuality } = modeCoverage(samples, modes);
    expect(covered).toBe(2);
    expect(highQuality).toBe(0.5);
  });

  it("gives log 4 nats when one of four modes gets everything, and 0 when they share", () => {
    expect(modeCoverage(Float32Array.of(0, 0, 0, 1), modes).reverseKl).toBeCloseTo(Math.log(4), 12);
    const even = Float32Array.of(0, 0, 10, 0, 0, 10, 10, 10);
    expect(modeCoverage(even, modes).reverseKl).toBeCloseTo(0, 12);
  });

  it("judges the data themselves nearly perfect: 98.9 % of a plane's normal lie within 3 deviations", () => {
    for (const data of [ring({ count: 2500, seed: 5 }), grid({ count: 2500, seed: 5 })]) {
      const {
        covered,
        modes: all,
        highQuality,
      } = modeCoverage(
        data.items as Float32Array, // points are floats
        data.modes!,
      );
      expect(covered).toBe(all);
      expect(highQuality).toBeGreaterThan(0.98);
      expect(highQuality).toBeLessThan(0.996);
    }
  });
});
