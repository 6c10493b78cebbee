import { describe, expect, it } from "vitest";
import { edgesOf } from "../../src/data/edges.js";
import { edgeF1 } from "../../src/metrics/edges.js";
import { Random } from "../../src/shape/random.js";

/** A grey picture `[1 n n]` from a function of its places. */
const drawn = (n: number, value: (x: number, y: number) => number): Uint8Array =>
  Uint8Array.from({ length: n * n }, (_, i) => value(i % n, Math.floor(i / n)));

const lines = (picture: Uint8Array, n: number): (readonly [x: number, y: number])[] =>
  [...picture].flatMap((v, i) => (v === 0 ? [[i % n, Math.floor(i / n)] as const] : []));

const message = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    return String(error);
  }
  return "nothing";
};

describe("edges", () => {
  it("draws a disc as one closed line of one pixel where its rim is", () => {
    const n = 48;
    const radius = 15.3;
    const disc = drawn(n, (x, y) => (Math.hypot(x - 23.6, y - 23.2) < radius ? 200 : 40));
    const points = lines(edgesOf(disc, { shape: [1, n, n] }), n);
    for (const [x, y] of points) {
      expect(Math.abs(Math.hypot(x - 23.6, y - 23.2) - radius)).toBeLessThan(1.5);
    }
    // Every direction from the centre meets a line.
    for (let degrees = 0; degrees < 360; degrees += 2) {
      const [dx, dy] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
      const [px, py] = [23.6 + radius * dx, 23.2 + radius * dy];
      expect(points.some(([x, y]) => Math.hypot(x - px, y - py) < 1.6)).toBe(true);
    }
    // Steps from pixel to pixel cover 0.9 of the way around when all may be diagonal and 1.27 when
    // none may; a line of two pixels is 1.8 long.
    expect(points.length).toBeGreaterThan(0.89 * 2 * Math.PI * radius);
    expect(points.length).toBeLessThan(1.28 * 2 * Math.PI * radius);
  });

  it("draws the sides of a square as straight lines", () => {
    const n = 24;
    const square = drawn(n, (x, y) => (x >= 6 && x < 18 && y >= 6 && y < 18 ? 255 : 0));
    const points = lines(edgesOf(square, { shape: [1, n, n] }), n);
    const column = (at: number) => points.filter(([x, y]) => x === at && y >= 9 && y < 15).length;
    expect([4, 5, 6, 7].map(column)).toEqual([0, 6, 0, 0]);
    expect([16, 17, 18].map(column)).toEqual([0, 6, 0]);
  });

  it("draws nothing on flat paper, on faint grain and on a gentle slope", () => {
    const n = 32;
    const random = new Random({ seed: 1, purpose: "test" });
    const blank = new Uint8Array(n * n).fill(255);
    for (const value of [() => 90, () => 90 + random.integer(4), (x: number) => 2 * x]) {
      expect(edgesOf(drawn(n, value), { shape: [1, n, n] })).toEqual(blank);
    }
    expect(
      edgesOf(
        drawn(n, () => 7),
        { shape: [1, n, n], least: 0 },
      ),
    ).toEqual(blank);
  });

  it("keeps a weak line that hangs on a strong one and drops one that stands alone", () => {
    const n = 40;
    // An edge that fades from 200 grey levels to 30, and the same 30 by itself.
    const fading = drawn(n, (x, y) => (x < 12 ? 0 : x < 26 ? 200 - 4.3 * y : 170));
    const options = { shape: [1, n, n], strong: 0.97, weak: 0.5 };
    const points = lines(edgesOf(fading, options), n);
    expect(new Set(points.flatMap(([x, y]) => (x === 11 || x === 12 ? [y] : []))).size).toBe(n);
    const alone = drawn(n, (x, y) => (x < 12 || (y > 24 && x < 26) ? 0 : x < 26 ? 255 : 30));
    expect(lines(edgesOf(alone, options), n).some(([x, y]) => x === 25 && y > 30)).toBe(false);
  });

  it("sees the same edges in a mirror, upside down and lying on its side", () => {
    const n = 32;
    const random = new Random({ seed: 2, purpose: "test" });
    const blobs = Array.from({ length: 6 }, () => [random.integer(n), random.integer(n)] as const);
    const value = (x: number, y: number): number =>
      Math.min(
        255,
        blobs.reduce((s, [u, v]) => s + 200 * Math.exp(-((x - u) ** 2 + (y - v) ** 2) / 20), 0),
      );
    const shape = [1, n, n];
    const found = edgesOf(drawn(n, value), { shape });
    const turned = {
      mirror: (x: number, y: number) => [n - 1 - x, y] as const,
      down: (x: number, y: number) => [x, n - 1 - y] as const,
      side: (x: number, y: number) => [y, x] as const,
    };
    for (const turn of Object.values(turned)) {
      const other = edgesOf(
        drawn(n, (x, y) => value(...turn(x, y))),
        { shape },
      );
      const back = drawn(n, (x, y) => {
        const [u, v] = turn(x, y);
        return other[v * n + u]!;
      });
      expect(edgeF1(back, found, { shape }).f1).toBe(1);
    }
  });

  it("weighs colours as eyes do and takes no notice of alpha", () => {
    const n = 16;
    const grey = drawn(n, (x) => (x < 8 ? 50 : 180));
    const colour = new Uint8Array([...grey, ...grey, ...grey, ...drawn(n, (_, y) => 16 * y)]);
    expect(edgesOf(colour, { shape: [4, n, n] })).toEqual(edgesOf(grey, { shape: [1, n, n] }));
  });

  it("names what is no picture and what is no number", () => {
    const picture = new Uint8Array(16);
    const shape = [1, 4, 4];
    expect(message(() => edgesOf(picture, { shape: [4, 4] }))).toBe(
      "ShapeError: edgesOf: expected a picture [c h w], received [4 4]",
    );
    expect(message(() => edgesOf(picture, { shape: [3, 4, 4] }))).toBe(
      "ShapeError: edgesOf: 16 bytes are no picture [3 4 4]",
    );
    expect(message(() => edgesOf(picture, { shape, strong: 2 }))).toBe(
      "ConfigurationError: edgesOf.strong: expected a number from 0 to 1, received 2",
    );
    expect(message(() => edgesOf(picture, { shape, sigma: -1 }))).toBe(
      "ConfigurationError: edgesOf.sigma: expected a number of at least 0, received -1",
    );
    expect(message(() => edgesOf(picture, { shape, strong: 0.5, weak: 0.6 }))).toBe(
      "ConfigurationError: edgesOf.weak: expected weak ≤ strong, received 0.6 and 0.5",
    );
  });
});

describe("agreement of edges", () => {
  const n = 8;
  const shape = [1, n, n];
  const column = (...at: number[]): Uint8Array => drawn(n, (x) => (at.includes(x) ? 0 : 255));

  it("counts lines within a pixel, in both directions", () => {
    expect(edgeF1(column(2, 6), column(3), { shape })).toEqual({
      precision: 0.5,
      recall: 1,
      f1: 2 / 3,
    });
    expect(edgeF1(column(5), column(3), { shape }).f1).toBe(0);
    expect(edgeF1(column(5), column(3), { shape, tolerance: 2 }).f1).toBe(1);
  });

  it("agrees where there is nothing, and not where only one has lines", () => {
    expect(edgeF1(column(), column(), { shape }).f1).toBe(1);
    expect(edgeF1(column(), column(1), { shape })).toEqual({ precision: 0, recall: 0, f1: 0 });
    expect(edgeF1(column(1), column(), { shape })).toEqual({ precision: 0, recall: 0, f1: 0 });
  });

  it("names what is no drawing", () => {
    expect(message(() => edgeF1(column(1), column(1), { shape: [3, 8, 8] }))).toBe(
      "ShapeError: edgeF1: 64 bytes are no drawing [1 h w] of [3 8 8]",
    );
    expect(message(() => edgeF1(column(1), column(1), { shape, tolerance: 0.5 }))).toBe(
      "ConfigurationError: edgeF1.tolerance: expected a whole number of at least 0, received 0.5",
    );
  });
});
