import { describe, expect, test } from "vitest";
import { blobs, checkerboard, spirals } from "../../src/data/patterns.js";
import { failure, openData } from "./make.js";

/** How many items each label has. */
function countsOf(labels: Int32Array | undefined, classes: number): number[] {
  const counts = Array<number>(classes).fill(0);
  for (const label of labels ?? []) counts[label]!++;
  return counts;
}

describe("the checkerboard", () => {
  const data = checkerboard();

  test("has as many points in each dark square, and none in a light one", () => {
    expect(data).toMatchObject({
      name: "checkerboard",
      shape: [2],
      count: 100_000,
      modes: undefined,
    });
    const counts = new Map<string, number>();
    let furthest = 0;
    for (let i = 0; i < data.count; i++) {
      const [x, y] = [data.items[2 * i]!, data.items[2 * i + 1]!];
      furthest = Math.max(furthest, Math.abs(x), Math.abs(y));
      const square = `${Math.floor(x / 2)} ${Math.floor(y / 2)}`;
      counts.set(square, (counts.get(square) ?? 0) + 1);
    }
    expect(furthest).toBeLessThanOrEqual(4);
    // Alternating squares touch at corners only.
    expect([...counts.keys()].sort()).toEqual(
      ["-1 -1", "-1 1", "-2 -2", "-2 0", "0 -2", "0 0", "1 -1", "1 1"].sort(),
    );
    for (const n of counts.values()) {
      expect(Math.abs(n - 12_500)).toBeLessThan(5 * Math.sqrt(12_500));
    }
    expect([...counts.values()].sort()).toEqual(countsOf(data.labels, 8).sort());
  });

  test("is even within a square: mean ½ and variance 1/12 of the side", () => {
    const { items, count } = checkerboard({ count: 20_000, squares: 1, side: 3, seed: 5 });
    let [sum, squares] = [0, 0];
    for (let i = 0; i < 2 * count; i++) {
      sum += items[i]! / 3;
      squares += (items[i]! / 3) ** 2;
    }
    expect(Math.abs(sum / count / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / 40_000));
    expect(squares / count / 2).toBeCloseTo(1 / 12, 2);
  });
});

describe("spirals", () => {
  test("without noise lie on r = radius · θ / (2π turns), one arm turned against the other", () => {
    const { items, labels, count, classes } = spirals({ count: 2000, deviation: 0 });
    expect(classes).toEqual(["0", "1"]);
    const growth = 4 / (2 * Math.PI * 1.5);
    for (let i = 0; i < count; i++) {
      const [x, y] = [items[2 * i]!, items[2 * i + 1]!];
      const r = Math.hypot(x, y);
      const angle = r / growth + Math.PI * labels![i]!;
      expect(Math.hypot(x - r * Math.cos(angle), y - r * Math.sin(angle))).toBeLessThan(1e-5);
      expect(r).toBeLessThanOrEqual(4 + 1e-6);
    }
  });

  test("have half of their points within 1/√2 of the radius, and noise of the deviation", () => {
    const calm = spirals({ count: 20_000, deviation: 0 });
    let within = 0;
    for (let i = 0; i < calm.count; i++) {
      if (Math.hypot(calm.items[2 * i]!, calm.items[2 * i + 1]!) < 4 * Math.SQRT1_2) within++;
    }
    expect(Math.abs(within - 10_000)).toBeLessThan(5 * Math.sqrt(5000));
    // One arm of no length is a Gaussian at the origin.
    const { items } = spirals({ count: 20_000, radius: 0, deviation: 0.3 });
    const variance = (items as Float32Array).reduce((n, v) => n + v * v, 0) / items.length;
    expect(Math.sqrt(variance)).toBeCloseTo(0.3, 2);
  });
});

describe("blobs", () => {
  test("of one deviation are Gaussians at the modes that they tell", () => {
    const data = blobs({ count: 50_000, modes: 5, deviation: 0.2, seed: 7 });
    expect(data.modes!.centres).toHaveLength(5);
    expect(data.modes!.deviation).toBe(0.2);
    const sums = data.modes!.centres.map(() => ({ n: 0, x: 0, y: 0, xx: 0, yy: 0 }));
    data.labels!.forEach((label, i) => {
      const [cx, cy] = data.modes!.centres[label]!;
      const [x, y] = [data.items[2 * i]! - cx!, data.items[2 * i + 1]! - cy!];
      const sum = sums[label]!;
      sum.n++;
      sum.x += x;
      sum.y += y;
      sum.xx += x * x;
      sum.yy += y * y;
    });
    for (const { n, x, y, xx, yy } of sums) {
      expect(Math.abs(n - 10_000)).toBeLessThan(500);
      expect(Math.hypot(x / n, y / n)).toBeLessThan((5 * 0.2) / Math.sqrt(n));
      expect(Math.sqrt(xx / n)).toBeCloseTo(0.2, 1);
      expect(Math.sqrt(yy / n)).toBeCloseTo(0.2, 1);
    }
    for (const centre of data.modes!.centres) {
      for (const place of centre) expect(Math.abs(place)).toBeLessThanOrEqual(4);
    }
  });

  test("of many deviations tell no modes; their deviations lie between the bounds", () => {
    const data = blobs({ count: 50_000, modes: 4, deviation: [0.1, 0.6], seed: 1 });
    expect(data.modes).toBeUndefined();
    const deviations = [0, 1, 2, 3].map((label) => {
      const xs = [...(data.labels ?? [])].flatMap((l, i) =>
        l === label ? [data.items[2 * i]!] : [],
      );
      const mean = xs.reduce((a, b) => a + b) / xs.length;
      return Math.sqrt(xs.reduce((n, x) => n + (x - mean) ** 2, 0) / xs.length);
    });
    expect(Math.min(...deviations)).toBeGreaterThan(0.09);
    expect(Math.max(...deviations)).toBeLessThan(0.62);
    expect(Math.max(...deviations) - Math.min(...deviations)).toBeGreaterThan(0.05);
  });

  test("depend on their seed, places included", () => {
    const [a, b] = [0, 1].map((seed) => blobs({ count: 10, deviation: 0, seed }));
    expect(a!.modes!.centres).not.toEqual(b!.modes!.centres);
    const few = blobs({ count: 5, deviation: 0 });
    expect(few.items).toEqual(a!.items.slice(0, 10));
    expect(few.modes).toEqual(a!.modes);
  });

  test("say which option makes no sense", () => {
    expect(() => blobs({ deviation: [0.5, 0.1] })).toThrow(
      /^blobs\.deviation: expected \[low, high\], received \[0\.5, 0\.1\]$/,
    );
    expect(() => blobs({ modes: 0 })).toThrow(
      /^blobs\.modes: expected a whole number of at least 1, received 0$/,
    );
    expect(() => spirals({ turns: -1 })).toThrow(
      /^spirals\.turns: expected a number of at least 0, received -1$/,
    );
    expect(() => checkerboard({ squares: 1.5 })).toThrow(
      /^checkerboard\.squares: expected a whole number of at least 1, received 1\.5$/,
    );
  });
});

test.each(["checkerboard", "spirals", "blobs"])("%s opens by its name", async (name) => {
  const data = await openData(name, { count: 9, seed: 3 });
  expect(data).toMatchObject({ name, kind: "points", count: 9, shape: [2] });
  expect((await openData(name, { count: 9, seed: 4 })).fingerprint).not.toBe(data.fingerprint);
});

test("a name that is almost one of them is told", async () => {
  expect(await failure(openData("checkerbord"))).toBe(
    "ConfigurationError: data: checkerbord is no known set, and nothing exists at that path\n" +
      "  hint  did you mean checkerboard?",
  );
});
