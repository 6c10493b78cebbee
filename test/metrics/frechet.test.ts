import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { describe, expect, it, test } from "vitest";
import { frechetDistance, type Moments, moments } from "../../src/metrics/frechet.js";
import { eigenvalues, factor } from "../../src/metrics/symmetric.js";
import { Random } from "../../src/shape/random.js";
import { golden, rowsOf } from "./golden.js";

const normals = (n: number, purpose: string): Float32Array => {
  const random = new Random({ seed: 3, purpose });
  return Float32Array.from({ length: n }, () => random.normal());
};

const diagonal = (values: readonly number[]): Float64Array =>
  Float64Array.from(
    { length: values.length ** 2 },
    (_, i) => (i % (values.length + 1) === 0 ? values[i / (values.length + 1)]! : 0), // i on it
  );

const centred = (covariance: Float64Array): Moments => ({
  mean: new Float64Array(Math.sqrt(covariance.length)),
  covariance,
});

describe("frechetDistance", () => {
  it("is ‖μ‖² between N(0, I) and N(μ, I)", async () => {
    const covariance = diagonal([1, 1, 1, 1]);
    const b = { mean: Float64Array.of(1, -2, 0, 3), covariance };
    expect(await frechetDistance(centred(covariance), b)).toBeCloseTo(14, 12);
  });

  it("is Σ (√λ − √ν)² between commuting covariances", async () => {
    const [a, b] = [centred(diagonal([4, 9, 1])), centred(diagonal([1, 1, 16]))];
    expect(await frechetDistance(a, b)).toBeCloseTo(1 + 4 + 9, 12);
  });

  it("knows covariances that span only part of the space, or nothing", async () => {
    const [a, b] = [centred(diagonal([4, 0, 0, 9])), centred(diagonal([1, 1, 0, 0]))];
    expect(await frechetDistance(a, b)).toBeCloseTo(1 + 1 + 9, 12);
    const point = centred(diagonal([0, 0, 0, 0]));
    expect(await frechetDistance(a, point)).toBeCloseTo(13, 12);
    expect(await frechetDistance(point, point)).toBe(0);
  });

  it("does not change when both are turned by the same rotation, and is symmetric", async () => {
    const turn = new Matrix([
      [0.6, -0.8],
      [0.8, 0.6],
    ]);
    const turned = (m: Float64Array): Moments => {
      const matrix = Matrix.from1DArray(2, 2, m);
      return centred(Float64Array.from(turn.mmul(matrix).mmul(turn.transpose()).to1DArray()));
    };
    const [c1, c2] = [Float64Array.of(2, 0.5, 0.5, 1), Float64Array.of(1, -0.3, -0.3, 3)];
    const plain = await frechetDistance(centred(c1), centred(c2));
    expect(plain).toBeGreaterThan(0.1);
    expect(await frechetDistance(turned(c1), turned(c2))).toBeCloseTo(plain, 12);
    expect(await frechetDistance(centred(c2), centred(c1))).toBeCloseTo(plain, 12);
  });

  it("is NumPy's, also where there are fewer rows than features", async () => {
    for (const { real, fake, size, frechet } of golden.frechet) {
      const [a, b] = [await moments(rowsOf(real), size), await moments(rowsOf(fake), size)];
      const distance = await frechetDistance(a, b);
      expect(Math.abs(distance / frechet - 1)).toBeLessThan(1e-10);
      const small = await frechetDistance(a, a);
      expect(Math.abs(small)).toBeLessThan(1e-6 * frechet);
    }
  });

  it("falls towards zero between growing samples of one distribution", async () => {
    const at = async (n: number): Promise<number> =>
      await frechetDistance(
        await moments(normals(n * 3, "a"), 3),
        await moments(normals(n * 3, "b"), 3),
      );
    expect(await at(4000)).toBeLessThan((await at(40)) / 10);
  });
});

describe("moments", () => {
  it("are unbiased: those of 1, 2, 3, 4 are 2.5 and 5/3", async () => {
    const { mean, covariance } = await moments(Float32Array.of(1, 2, 3, 4), 1);
    expect(mean[0]).toBeCloseTo(2.5, 12);
    expect(covariance[0]).toBeCloseTo(5 / 3, 12);
  });

  it("are the same in one piece and in several", async () => {
    const features = normals(2500 * 3, "chunks").map((v) => 1000 + v);
    const { covariance } = await moments(features, 3);
    const mean = [0, 1, 2].map((j) =>
      features.filter((_, i) => i % 3 === j).reduce((a, v) => a + v / 2500, 0),
    );
    for (const [j, k] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [2, 1],
    ] as const) {
      let sum = 0;
      for (let i = 0; i < 2500; i++)
        sum += (features[3 * i + j]! - mean[j]!) * (features[3 * i + k]! - mean[k]!);
      expect(covariance[3 * j + k]).toBeCloseTo(sum / 2499, 9);
    }
  });

  it("says what is wrong with features", async () => {
    await expect(moments(Float32Array.of(1, 2, 3), 2)).rejects.toThrow(
      /^moments: needs whole rows of 2 features, received 3 numbers$/,
    );
    await expect(moments(Float32Array.of(1, 2, 3, Number.NaN), 2)).rejects.toThrow(
      /^moments: number 1 of row 1 of the features is NaN$/,
    );
  });
});

describe("symmetric matrices", () => {
  const covarianceOf = (rows: number, n: number): Matrix => {
    const x = Matrix.from1DArray(rows, n, Array.from(normals(rows * n, `${rows} × ${n}`)));
    return x.transpose().mmul(x);
  };

  test.each([
    [1, 1],
    [3, 2],
    [60, 40],
    [12, 40],
  ])("of %i rows of %i features have ml-matrix's eigenvalues", (rows, n) => {
    const matrix = covarianceOf(rows, n);
    const options = { assumeSymmetric: true };
    const expected = new EigenvalueDecomposition(matrix, options).realEigenvalues;
    expected.sort((a, b) => a - b);
    const found = eigenvalues(Float64Array.from(matrix.to1DArray()), n);
    found.forEach((v, i) => {
      expect(Math.abs(v - expected[i]!)).toBeLessThan(1e-13 * expected.at(-1)!);
    });
  });

  test("that are indefinite, diagonal or made of blocks have the eigenvalues they were given", () => {
    expect([...eigenvalues(diagonal([3, -1, 2]), 3)]).toEqual([-1, 2, 3]);
    expect(
      [...eigenvalues(Float64Array.of(0, 1, 1, 0), 2)].map((v) => Math.round(v * 1e12) / 1e12),
    ).toEqual([-1, 1]);
    const blocks = Float64Array.of(0, 0, 1, 0, 0, 5, 0, 0, 1, 0, 0, 0, 0, 0, 0, 7);
    eigenvalues(blocks, 4).forEach((v, i) => {
      expect(v).toBeCloseTo([-1, 1, 5, 7][i]!, 12);
    });
  });

  test("are the products of their factors, of as many rows as they have rank", () => {
    for (const [rows, n] of [
      [60, 40],
      [12, 40],
    ] as const) {
      const matrix = covarianceOf(rows, n);
      const { rows: f, rank } = factor(Float64Array.from(matrix.to1DArray()), n);
      expect(rank).toBe(Math.min(rows, n));
      const again = Matrix.from1DArray(rank, n, Array.from(f));
      const error = Matrix.sub(again.transpose().mmul(again), matrix);
      expect(error.norm("frobenius")).toBeLessThan(1e-12 * matrix.norm("frobenius"));
    }
  });
});
