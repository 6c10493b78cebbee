import { describe, expect, test } from "vitest";
import { galaxies } from "../../src/data/galaxies.js";
import { armAngle, drawGalaxy, type Galaxy } from "../../src/data/galaxy.js";
import { proceduralData } from "../../src/data/procedural.js";
import { stacked } from "../../src/data/stacked.js";
import { fluxOf } from "../../src/shape/flux.js";

const count = 60;
const data = galaxies({ count });
const each = 3 * 48 * 48;
const fluxAt = (i: number): Float64Array =>
  fluxOf(Float64Array.from(data.items.subarray(i * each, (i + 1) * each)));
const factor = (name: string): readonly (string | number)[] => data.factors![name]!;
const placesAt = (name: string, i: number): number[][] =>
  String(factor(name)[i])
    .split("; ")
    .filter((text) => text !== "")
    .map((text) => text.split(" ").map(Number));

describe("galaxies", () => {
  test("are float32 pictures of light, labelled, the same for the same seed, one by one", () => {
    expect(data).toMatchObject({ kind: "pictures", shape: [3, 48, 48], count, flux: { unit: 1 } });
    expect(data.items).toBeInstanceOf(Float32Array);
    expect(galaxies({ count: 2 }).items).toEqual(data.items.subarray(0, 2 * each));
    expect(galaxies({ count: 2, seed: 1 }).fingerprint).not.toBe(
      galaxies({ count: 2 }).fingerprint,
    );
    expect(proceduralData("galaxies", { count: 2, size: 16 }).shape).toEqual([3, 16, 16]);
    const spirals = [...data.labels!].filter((label) => data.classes[label] === "spiral").length;
    expect(spirals / count).toBeGreaterThan(0.5);
    expect(spirals / count).toBeLessThan(0.85);
  });

  test("have as much light as is said, and the camera's noise in their sky", () => {
    for (let i = 0; i < count; i++) {
      const flux = fluxAt(i);
      // The sum of 6,912 numbers whose noise deviates by 0.02.
      const total = flux.reduce((a, b) => a + b);
      expect(Math.abs(total - Number(factor("light")[i]))).toBeLessThan(5 * 0.02 * Math.sqrt(each));
    }
    const [noisy, quiet] = [0.02, 0].map((noise) => galaxies({ count: 8, noise }).items);
    const apart = fluxOf(noisy!).map((value, i) => value - fluxOf(quiet!.subarray(i, i + 1))[0]!);
    const square = apart.reduce((sum, value) => sum + value ** 2, 0) / apart.length;
    expect(Math.sqrt(square)).toBeCloseTo(0.02, 3);
  });

  test("have clumps and stars where they are said to be, brighter than around them", () => {
    for (const name of ["clumps", "stars"]) {
      let [higher, all] = [0, 0];
      for (let i = 0; i < count; i++) {
        const flux = fluxAt(i);
        const light = (x: number, y: number): number =>
          [0, 1, 2].reduce((sum, c) => sum + flux[(c * 48 + y) * 48 + x]!, 0);
        for (const [x, y, peak] of placesAt(name, i) as [number, number, number][]) {
          const [column, row] = [Math.floor(x), Math.floor(y)];
          if (Math.min(column, row) < 4 || Math.max(column, row) > 43 || peak < 0.3) continue;
          const around = [
            [4, 0],
            [-4, 0],
            [0, 4],
            [0, -4],
          ].map(([u, v]) => light(column + u!, row + v!));
          all++;
          if (light(column, row) > around.sort((a, b) => a - b)[1]! + 0.3 * peak) higher++;
        }
      }
      expect(all).toBeGreaterThan(40);
      expect(higher / all, name).toBeGreaterThan(0.85);
    }
    const spirals = [...data.labels!].flatMap((label, i) => (label === 0 ? [i] : []));
    for (const i of spirals) {
      const clumps = placesAt("clumps", i).length;
      expect(clumps).toBeGreaterThanOrEqual(3);
      expect(clumps).toBeLessThanOrEqual(12);
      expect([2, 3]).toContain(factor("arms")[i]);
    }
  });

  test("can be stacked, and stay light", () => {
    const grey = { ...data, shape: [1, 48, 48], count: 3 * count };
    const { items, flux } = stacked(grey, { count: 2 });
    expect(items).toBeInstanceOf(Float32Array);
    expect(flux).toEqual({ unit: 1 });
  });
});

const plain: Galaxy = {
  ...{ x: 100, y: 100, angle: 0.6, axis: 0.7 },
  bulge: { n: 1, radius: 12, axis: 0.7, light: [1, 2, 0.5] },
  clumps: [],
  stars: [],
};

describe("drawn light", () => {
  test("has half of a Sérsic profile's within its radius, and as much as the profile's integral", () => {
    for (const [n, gamma, tolerance] of [
      // (n − 1)! of the closed form: ∫ = 2π q Rₑ² n e^b b^(−2n) Γ(2n); far wings lie outside for n = 4.
      [1, 1, 0.01],
      [2, 6, 0.02],
      [4, 5040, 0.12],
    ] as const) {
      const size = 200;
      const out = new Float64Array(3 * size * size);
      drawGalaxy({ ...plain, bulge: { ...plain.bulge, n } }, size, out);
      const b = 2 * n - 1 / 3 + 4 / (405 * n);
      const total = 2 * Math.PI * 0.7 * 144 * n * Math.exp(b) * b ** (-2 * n) * gamma;
      const green = out.subarray(size * size, 2 * size * size);
      expect(Math.abs(green.reduce((x, y) => x + y) / (2 * total) - 1)).toBeLessThan(tolerance);
      let within = 0;
      green.forEach((value, i) => {
        const [dx, dy] = [(i % size) + 0.5 - 100, Math.floor(i / size) + 0.5 - 100];
        const [u, v] = [
          dx * Math.cos(0.6) + dy * Math.sin(0.6),
          dy * Math.cos(0.6) - dx * Math.sin(0.6),
        ];
        if (Math.hypot(u, v / 0.7) < 12) within += value;
      });
      expect(within / (2 * total)).toBeCloseTo(0.5, 1);
    }
  });

  test("lies in arms where they are said to be, and arms are as bright on the whole as their colour says", () => {
    const arms = { count: 2, pitch: 0.35, phase: 1, hand: -1, share: 0.8 };
    const light = [1, 1, 1] as const;
    const none = { ...plain, bulge: { ...plain.bulge, light: [0, 0, 0] as const } };
    const draw = (share: number): Float64Array => {
      const out = new Float64Array(3 * 200 * 200);
      drawGalaxy({ ...none, disc: { scale: 14, light, arms: { ...arms, share } } }, 200, out);
      return out;
    };
    const [smooth, wound] = [draw(0), draw(0.8)];
    const at = (out: Float64Array, r: number, angle: number): number => {
      const [u, v] = [14 * r * Math.cos(angle), 0.7 * 14 * r * Math.sin(angle)];
      const x = Math.floor(100 + u * Math.cos(0.6) - v * Math.sin(0.6));
      const y = Math.floor(100 + u * Math.sin(0.6) + v * Math.cos(0.6));
      return out[40_000 + y * 200 + x]!;
    };
    for (const r of [1, 1.7, 2.5]) {
      const crest = armAngle(arms, r);
      expect(at(wound, r, crest)).toBeGreaterThan(1.5 * at(smooth, r, crest));
      expect(at(wound, r, crest + Math.PI)).toBeGreaterThan(1.5 * at(smooth, r, crest));
      expect(at(wound, r, crest + Math.PI / 2)).toBeLessThan(0.6 * at(smooth, r, crest));
    }
    const green = (out: Float64Array): number => out.slice(40_000, 80_000).reduce((a, b) => a + b);
    // A disc that is all arms is 0.9 times as bright in r, and their share falls towards the middle.
    const ratio = green(wound) / green(smooth);
    expect(ratio).toBeGreaterThan(1 - 0.1 * 0.8);
    expect(ratio).toBeLessThan(1 - 0.1 * 0.8 + 0.02);
  });
});
