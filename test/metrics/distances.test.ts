import { describe, expect, it } from "vitest";
import { kernelMmd, kid } from "../../src/metrics/kid.js";
import { memorization } from "../../src/metrics/memorization.js";
import { nearest } from "../../src/metrics/neighbours.js";
import { prdc } from "../../src/metrics/prdc.js";
import { openProducts } from "../../src/metrics/products.js";
import { Random } from "../../src/shape/random.js";
import { golden, rowsOf } from "./golden.js";

const normals = (n: number, purpose: string): Float32Array => {
  const random = new Random({ seed: 11, purpose });
  return Float32Array.from({ length: n }, () => random.normal());
};

describe("products", () => {
  it("are float64 products of rows, whatever the types and wherever they lie", async () => {
    const [a, b] = [normals(3 * 5, "a"), Float64Array.from(normals(4 * 5, "b"))];
    const shared = new Float32Array(new SharedArrayBuffer(4 * a.length));
    shared.set(a);
    const expected = Array.from({ length: 12 }, (_, at) => {
      const [i, j] = [Math.floor(at / 4), at % 4];
      return [0, 1, 2, 3, 4].reduce((sum, t) => sum + a[5 * i + t]! * b[5 * j + t]!, 0);
    });
    const products = openProducts();
    for (const left of [a, shared, Float64Array.from(a)]) {
      const found = await products.multiply(left, b, 5);
      found.forEach((v, i) => {
        expect(v).toBeCloseTo(expected[i]!, 14);
      });
    }
    await products.release();
  });
});

describe("kernelMmd", () => {
  const { size, all, subsets } = golden.kid;
  const [real, fake] = [rowsOf(golden.kid.real), rowsOf(golden.kid.fake)];
  const pick = (rows: Float32Array, indices: readonly number[]): Float32Array =>
    Float32Array.from(indices.flatMap((i) => [...rows.subarray(i * size, (i + 1) * size)]));

  it("is scikit-learn's, over all rows and over the same subsets", async () => {
    expect(Math.abs((await kernelMmd(real, fake, { size })) / all - 1)).toBeLessThan(1e-10);
    for (const subset of subsets) {
      const [x, y] = [pick(real, subset.real), pick(fake, subset.fake)];
      expect(Math.abs((await kernelMmd(x, y, { size })) / subset.mmd - 1)).toBeLessThan(1e-10);
    }
  });
});

describe("kid", () => {
  const size = 4;
  const [a, b] = [normals(400 * size, "kid a"), normals(400 * size, "kid b")];

  it("is kernelMmd, without deviation, when a subset is everything", async () => {
    const { mean, deviation } = await kid(a, b, { size, subsets: 3, subsetSize: 400 });
    expect(mean).toBeCloseTo(await kernelMmd(a, b, { size }), 12);
    expect(deviation).toBeLessThan(1e-12);
  });

  it("depends on its seed and on nothing else", async () => {
    const options = { size, subsets: 5, subsetSize: 50 };
    const first = await kid(a, b, options);
    expect(await kid(a, b, options)).toEqual(first);
    expect((await kid(a, b, { ...options, seed: 1 })).mean).not.toBe(first.mean);
  });

  it("has no bias: 0 between equal distributions, however small the subsets", async () => {
    const { mean, deviation } = await kid(a, b, { size, subsets: 200, subsetSize: 10 });
    expect(deviation).toBeGreaterThan(0);
    // Disjoint subsets would be 40; overlapping ones tell no more than those.
    expect(Math.abs(mean)).toBeLessThan((4 * deviation) / Math.sqrt(40));
    const moved = b.map((v) => v + 0.5);
    const away = await kid(a, moved, { size, subsets: 200, subsetSize: 10 });
    expect(away.mean).toBeGreaterThan((4 * away.deviation) / Math.sqrt(40));
  });

  it("needs as many rows as a subset has", async () => {
    await expect(kid(a, b, { size })).rejects.toThrow(
      /^kid\.subsetSize: expected 2 to 400, the rows there are, received 1000$/,
    );
  });
});

describe("nearest", () => {
  it("is scikit-learn's", async () => {
    const { size, nearest: expected } = golden.prdc;
    const real = rowsOf(golden.prdc.real).subarray(0, 100 * size);
    const fake = rowsOf(golden.prdc.fake).subarray(0, 60 * size);
    const { indices, distances } = await nearest(fake, real, { size, k: 3 });
    expect([...indices]).toEqual(expected.indices);
    distances.forEach((d, i) => {
      expect(d).toBeCloseTo(expected.distances[i]!, 12);
    });
  });

  it("finds each row itself at exactly 0, across blocks and far from the origin", async () => {
    const rows = normals(2100 * 3, "blocks").map((v) => 1000 + v);
    const { indices, distances } = await nearest(rows, rows, { size: 3 });
    expect([...indices]).toEqual([...indices.keys()]);
    expect(distances.every((d) => d === 0)).toBe(true);
  });

  it("takes the first of equals, and no more rows than there are", async () => {
    const among = Float32Array.of(5, 1, 1, 1);
    const { indices } = await nearest(Float32Array.of(0), among, { size: 1, k: 2 });
    expect([...indices]).toEqual([1, 2]);
    await expect(nearest(among, among, { size: 1, k: 5 })).rejects.toThrow(
      /^nearest\.k: 5 neighbours asked for, there are 4 rows$/,
    );
  });
});

describe("prdc", () => {
  it("is scikit-learn's, with equal rows within a set and across", async () => {
    const { size, at } = golden.prdc;
    const [real, fake] = [rowsOf(golden.prdc.real), rowsOf(golden.prdc.fake)];
    for (const { k, ...expected } of at) {
      const found = await prdc(real, fake, { size, k });
      expect(found.precision).toBe(expected.precision);
      expect(found.recall).toBe(expected.recall);
      expect(found.density).toBeCloseTo(expected.density, 12);
      expect(found.coverage).toBe(expected.coverage);
    }
  });

  it("is 1 in all four of a set and its copy: the k-th neighbour lies outside, the row itself in", async () => {
    const rows = normals(300 * 7, "copy");
    const perfect = { precision: 1, recall: 1, density: 1, coverage: 1 };
    expect(await prdc(rows, rows.slice(), { size: 7, k: 5 })).toEqual(perfect);
  });

  it("covers, between equal distributions, the share that Naeem et al. derive", async () => {
    // Naeem et al. 2020, section 3.3: E[coverage] = 1 − (n−1)…(n−k) / (2n−1)…(2n−k).
    const [n, k, size] = [1500, 5, 20];
    const found = await prdc(normals(n * size, "real"), normals(n * size, "fake"), { size, k });
    let missed = 1;
    for (let i = 1; i <= k; i++) missed *= (n - i) / (2 * n - i);
    expect(Math.abs(found.coverage - (1 - missed))).toBeLessThan(4 * Math.sqrt(missed / n));
    expect(Math.abs(found.density - 1)).toBeLessThan(0.1);
    expect(Math.abs(found.precision - found.recall)).toBeLessThan(0.06);
  });

  it("tells fidelity from diversity", async () => {
    const real = normals(1000 * 2, "both").map((v, i) => v + (i % 4 < 2 ? 20 : -20));
    const half = normals(1000 * 2, "half").map((v) => v + 20);
    const oneSided = await prdc(real, half, { size: 2, k: 5 });
    expect(oneSided.precision).toBeGreaterThan(0.95);
    expect(Math.abs(oneSided.recall - 0.5)).toBeLessThan(0.05);
    expect(Math.abs(oneSided.coverage - 0.5)).toBeLessThan(0.05);
    const noise = normals(1000 * 2, "wide").map((v) => 40 * v);
    const everywhere = await prdc(real, noise, { size: 2, k: 5 });
    expect(everywhere.precision).toBeLessThan(0.1);
    expect(everywhere.density).toBeLessThan(0.1);
    expect(everywhere.recall).toBeGreaterThan(0.9);
  });

  it("needs more than k rows", async () => {
    await expect(prdc(normals(5, "a"), normals(9, "b"), { size: 1 })).rejects.toThrow(
      /^prdc\.k: 5 neighbours asked for, there are 4 rows$/,
    );
  });
});

describe("memorization", () => {
  const size = 6;
  const [training, heldOut] = [normals(600 * size, "training"), normals(400 * size, "held out")];

  it("finds the share it should in fresh samples, and all of it in copies", async () => {
    const fresh = await memorization(normals(400 * size, "fresh"), training, { size, heldOut });
    expect(fresh.copies).toBe(0);
    expect(fresh.beside).toMatchObject({ heldOut: 400, expected: 0.05 });
    expect(Math.abs(fresh.beside!.share - 0.05)).toBeLessThan(4 * Math.sqrt((2 * 0.05) / 400));
    const near = training.slice(0, 200 * size).map((v, i) => (i < 100 * size ? v : v + 0.01));
    const copied = await memorization(near, training, { size, heldOut });
    expect(copied.copies).toBe(100);
    expect(copied.beside!.share).toBe(1);
    expect([...copied.nearest]).toEqual([...copied.nearest.keys()]);
  });

  it("sets the threshold where 5 % of held-out rows are nearer", async () => {
    const { beside } = await memorization(training, training, { size, heldOut });
    const { distances } = await nearest(heldOut, training, { size });
    const nearer = distances.filter((d) => d < beside!.threshold).length;
    expect(nearer).toBe(20);
  });

  it("judges nothing without held-out rows", async () => {
    const found = await memorization(training.subarray(0, size), training, { size });
    expect(found).toEqual({
      nearest: Int32Array.of(0),
      distances: Float64Array.of(0),
      copies: 1,
      beside: undefined,
    });
  });

  it("says which quantile makes no sense", async () => {
    const options = { size, heldOut, quantile: 1 };
    await expect(memorization(training, training, options)).rejects.toThrow(
      /^memorization\.quantile: expected a share from 0 to 1, received 1$/,
    );
  });
});
