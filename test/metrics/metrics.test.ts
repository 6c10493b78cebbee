import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { grid, ring } from "../../src/data/points.js";
import { randomFeatures } from "../../src/metrics/features.js";
import { frechetDistance, moments } from "../../src/metrics/frechet.js";
import { judge } from "../../src/metrics/judge.js";
import { modeCoverage } from "../../src/metrics/modes.js";
import { Random } from "../../src/shape/random.js";

const normals = (n: number, purpose: string): Float32Array => {
  const random = new Random({ seed: 3, purpose });
  return Float32Array.from({ length: n }, () => random.normal());
};

describe("frechetDistance", () => {
  it("is ‖μ‖² between N(0, I) and N(μ, I)", () => {
    const identity = Matrix.eye(4, 4);
    const a = { mean: new Float64Array(4), covariance: identity };
    const b = { mean: Float64Array.of(1, -2, 0, 3), covariance: identity };
    expect(frechetDistance(a, b)).toBeCloseTo(14, 9);
  });

  it("is Σ (√λ − √ν)² between commuting covariances", () => {
    const mean = new Float64Array(3);
    const a = { mean, covariance: Matrix.diag([4, 9, 1]) };
    const b = { mean, covariance: Matrix.diag([1, 1, 16]) };
    expect(frechetDistance(a, b)).toBeCloseTo(1 + 4 + 9, 9);
  });

  it("does not change when both are turned by the same rotation, and is symmetric", () => {
    const turn = new Matrix([
      [0.6, -0.8],
      [0.8, 0.6],
    ]);
    const turned = (m: Matrix): Matrix => turn.mmul(m).mmul(turn.transpose());
    const mean = new Float64Array(2);
    const [c1, c2] = [
      new Matrix([
        [2, 0.5],
        [0.5, 1],
      ]),
      new Matrix([
        [1, -0.3],
        [-0.3, 3],
      ]),
    ];
    const plain = frechetDistance({ mean, covariance: c1 }, { mean, covariance: c2 });
    const rotated = frechetDistance(
      { mean, covariance: turned(c1) },
      { mean, covariance: turned(c2) },
    );
    expect(rotated).toBeCloseTo(plain, 9);
    expect(frechetDistance({ mean, covariance: c2 }, { mean, covariance: c1 })).toBeCloseTo(
      plain,
      9,
    );
    expect(plain).toBeGreaterThan(0.1);
  });

  it("has unbiased moments: those of 1, 2, 3, 4 are 2.5 and 5/3", () => {
    const { mean, covariance } = moments([1, 2, 3, 4], 1);
    expect(mean[0]).toBeCloseTo(2.5, 12);
    expect(covariance.get(0, 0)).toBeCloseTo(5 / 3, 12);
  });

  it("falls towards zero between growing samples of one distribution", () => {
    const at = (n: number): number =>
      frechetDistance(moments(normals(n * 3, "a"), 3), moments(normals(n * 3, "b"), 3));
    expect(at(4000)).toBeLessThan(at(40) / 10);
  });
});

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

describe("judge", () => {
  const shape = [3, 16, 16] as const;
  const pictures = (n: number, brightness: number, purpose: string): Uint8Array => {
    const random = new Random({ seed: 1, purpose });
    return Uint8Array.from({ length: n * 768 }, () =>
      Math.max(0, Math.min(255, brightness + 30 * random.normal())),
    );
  };
  const asFloats = (bytes: Uint8Array): Float32Array =>
    Float32Array.from(bytes, (v) => v / 127.5 - 1);

  it("ranks pictures: like the data, then a little darker, then much darker", async () => {
    const data = {
      kind: "pictures",
      shape,
      count: 256,
      items: pictures(256, 160, "real"),
      modes: undefined,
    } as const;
    const score = async (brightness: number): Promise<number> => {
      const [first] = await judge(asFloats(pictures(256, brightness, "fake")), data);
      return first!.value;
    };
    const [same, darker, dark] = [await score(160), await score(140), await score(80)];
    expect(same).toBeLessThan(darker / 2);
    expect(darker).toBeLessThan(dark / 2);
  });

  it("names its features and their hash, which stay the same", async () => {
    const features = await randomFeatures(shape);
    expect(features.name).toBe("random-conv-304");
    expect(features.hash).toMatchInlineSnapshot(
      `"1dbcd99cff8231a64a447a4641cf4276cd31d5db640f1b35c7fb0c6c95dc2879"`,
    );
    const rows = await features.extract(asFloats(pictures(70, 100, "rows")));
    expect(rows.length).toBe(70 * 304);
    await features.release();
  });
});
