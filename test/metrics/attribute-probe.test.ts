import { describe, expect, test } from "vitest";
import { avatars } from "../../src/data/avatars.js";
import { attributeProbe } from "../../src/metrics/attribute-probe.js";
import { linearSeparability } from "../../src/metrics/linear-separability.js";
import { ridge } from "../../src/metrics/ridge.js";
import { Random } from "../../src/shape/random.js";

describe("ridge", () => {
  test("solves its normal equations, column by column", () => {
    // (XᵀX + I) = [[3, 1], [1, 2]]; its inverse is [[2, −1], [−1, 3]] / 5.
    const weights = ridge(Float64Array.of(2, 1, 1, 1), Float64Array.of(5, 0, 10, 5), 1);
    expect([...weights].map((v) => Number(v.toFixed(12)))).toEqual([2, -1, 3, 1]);
  });
});

describe("an attribute probe", () => {
  const { items, shape, factors } = avatars({ count: 2400, seed: 3 });
  const seen = (bytes: Uint8Array): Float32Array => Float32Array.from(bytes, (v) => v / 127.5 - 1);
  const known = factors as Readonly<Record<string, number[]>>; // all of avatars' are numbers
  const { x, skin, background } = known;
  const attributes = { x: x!, skin: skin!, background: background! };

  test("reads places and colours from pictures that it never saw", async () => {
    const probe = await attributeProbe(seen(items), { shape, attributes, features: 400 });
    const fresh = avatars({ count: 100, seed: 4 });
    const found = await probe.read(seen(fresh.items));
    await probe.release();
    expect(probe.names).toEqual(["x", "skin", "background"]);
    for (const [k, name] of probe.names.entries()) {
      expect(probe.r2[name]).toBeGreaterThan(0.9);
      const truth = fresh.factors![name]!.map(Number);
      const off = truth.map((v, i) => Math.abs(v - found[3 * i + k]!));
      // Uniform numbers are 0.25 from their mean.
      expect(off.reduce((a, b) => a + b, 0) / 100, name).toBeLessThan(0.08);
    }
  });

  test("says so where there is nothing to read", async () => {
    const random = new Random({ seed: 1, purpose: "nothing" });
    const nothing = Array.from({ length: 2400 }, () => random.uniform());
    const options = { shape, attributes: { nothing }, features: 100 };
    const probe = await attributeProbe(seen(items), options);
    await probe.release();
    expect(probe.r2.nothing).toBeLessThan(0.1);
  });

  test("wants a value for each picture", async () => {
    await expect(attributeProbe(seen(items), { shape, attributes: { x: [1, 2] } })).rejects.toThrow(
      /^attributeProbe: 2400 pictures, and 2 values of x$/,
    );
  });
});

describe("linear separability", () => {
  const random = new Random({ seed: 7, purpose: "latents" });
  const [count, size] = [600, 4];
  const latents = Float32Array.from({ length: count * size }, () => random.normal());
  const row = (i: number): Float32Array => latents.subarray(i * size, (i + 1) * size);
  const of = (f: (z: Float32Array) => number): number[] =>
    Array.from({ length: count }, (_, i) => f(row(i)));

  test("is 1 where planes tell all, and 2 more for each attribute that they tell nothing of", () => {
    const told = of((z) => z[0]! - 2 * z[1]! + z[3]!);
    const ring = of((z) => z[0]! ** 2 + z[1]! ** 2);
    const one = linearSeparability(latents, { size, attributes: { told } });
    expect(one.value).toBeLessThan(1.05);
    const both = linearSeparability(latents, { size, attributes: { told, ring } });
    expect(both.entropies.told).toBe(one.entropies.told);
    expect(both.entropies.ring).toBeGreaterThan(0.9);
    expect(both.value).toBeCloseTo(2 ** (both.entropies.told! + both.entropies.ring!), 12);
  });

  test("is the entropy of mistakes where an attribute is told with mistakes", () => {
    // A tenth of the signs are wrong: what a plane leaves unknown is H(0.1) = 0.469 bits.
    const flipped = of((z) => z[2]! * (random.uniform() < 0.1 ? -1 : 1));
    const { entropies } = linearSeparability(latents, { size, attributes: { flipped } });
    expect(Math.abs(entropies.flipped! - 0.469)).toBeLessThan(0.12);
  });

  test("wants a value for each latent", () => {
    expect(() => linearSeparability(latents, { size, attributes: { a: [1] } })).toThrow(
      /^linearSeparability: 600 latents, and 1 values of a$/,
    );
  });
});
