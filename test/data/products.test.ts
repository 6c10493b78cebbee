import { describe, expect, test } from "vitest";
import { products } from "../../src/data/products.js";
import { band, coverage, ellipse, softened, spline } from "../../src/data/products-raster.js";
import { edgeF1 } from "../../src/metrics/edges.js";
import { inMemory } from "../../src/shape/items.js";

const { items, given, labels, classes, factors, captions, count } = products({
  count: 240,
  seed: 3,
});
const drawings = given!.items; // products always have them
if (!inMemory(drawings)) throw new Error("procedural sets are in memory");
const area = 32 * 32;
const drawingOf = (i: number) => drawings.subarray(i * area, (i + 1) * area) as Uint8Array; // bytes
const pictureOf = (i: number) => items.subarray(3 * i * area, 3 * (i + 1) * area);

describe("products", () => {
  test("are of four classes and three styles of each, and say what they were drawn from", () => {
    expect(classes).toEqual(["shoe", "bag", "chair", "lamp"]);
    const styles = new Set(
      Array.from({ length: count }, (_, i) => `${labels![i]} ${factors!.style![i]}`),
    );
    expect(styles.size).toBe(12);
    for (const values of Object.values(factors!)) expect(values.length).toBe(count);
    const words = /^an? (\w+) (leather|suede|canvas|patent|metal|wood) [a-z ]+$/;
    captions!.forEach((caption, i) => {
      expect(caption).toMatch(words);
      expect(caption.split(" ")[1]).toBe(factors!.color![i]);
      expect(caption.endsWith(String(factors!.style![i]))).toBe(true);
    });
  });

  test("are the same for the same seed, whatever their number", () => {
    const fewer = products({ count: 5, seed: 3 });
    expect([...fewer.items]).toEqual([...items.subarray(0, fewer.items.length)]);
    expect(products({ count: 5, seed: 4 }).fingerprint).not.toBe(fewer.fingerprint);
    expect(products({ count: 5, seed: 3 }).fingerprint).toBe(fewer.fingerprint);
  });

  test("stand inside of their picture: its border is the backdrop", () => {
    let [most, worst] = [0, -1];
    for (let i = 0; i < count; i++) {
      const picture = pictureOf(i);
      // Along the top row a backdrop is a slow grade.
      for (let x = 1; x < 32; x++) {
        const step = Math.abs(picture[x]! - picture[x - 1]!);
        if (step > most) [most, worst] = [step, i];
      }
    }
    expect(most, `picture ${worst}`).toBeLessThan(6);
  });

  test("come with the drawing of their own edges, and of nobody else's", () => {
    const agreement = (i: number, k: number): number =>
      edgeF1(drawingOf(i), drawingOf(k), { shape: [1, 32, 32], tolerance: 0 }).f1;
    let others = 0;
    for (let i = 0; i < 100; i++) {
      const lines = drawingOf(i).filter((v) => v === 0).length;
      expect(lines, captions![i]).toBeGreaterThan(20);
      expect(lines, captions![i]).toBeLessThan(area / 2);
      expect(agreement(i, i)).toBe(1);
      others += agreement(i, i + 1) / 100;
    }
    expect(others).toBeLessThan(0.4);
  });

  test("a higher boot reaches further up its picture", () => {
    const boots = Array.from({ length: count }, (_, i) => i).filter(
      (i) => factors!.style![i] === "boot",
    );
    const topOf = (i: number): number => drawingOf(i).indexOf(0);
    const sorted = boots.toSorted(
      (a, b) => Number(factors!.height![a]) - Number(factors!.height![b]),
    );
    const third = Math.floor(sorted.length / 3);
    const mean = (some: readonly number[]) =>
      some.reduce((sum, i) => sum + topOf(i), 0) / some.length;
    expect(third).toBeGreaterThan(3);
    // Rows of 32 pixels.
    expect(mean(sorted.slice(0, third)) - mean(sorted.slice(-third))).toBeGreaterThan(3 * 32);
  });

  test("can be of another size, and of nothing that is no number", () => {
    expect(products({ count: 2, size: 28 }).shape).toEqual([3, 28, 28]);
    expect(() => products({ count: 1.5 })).toThrow(
      /^products\.count: expected a whole number of at least 1, received 1\.5$/,
    );
  });
});

describe("outlines in pixels", () => {
  const sum = (values: Float32Array) => values.reduce((total, v) => total + v, 0);

  test("cover as much as they enclose", () => {
    // A square of 10 by 5 pixels, half a pixel off the grid across.
    const box = [1.5, 2, 11.5, 2, 11.5, 7, 1.5, 7].map((v) => v / 16);
    const cover = coverage(box, 16);
    expect(sum(cover)).toBeCloseTo(50, 5);
    expect([cover[2 * 16], cover[2 * 16 + 1], cover[2 * 16 + 2]]).toEqual([0, 0.5, 1]);
    const round = sum(coverage(ellipse([0.5, 0.5], 0.4, 0.3), 64));
    // Twenty-four corners enclose a little less than the ellipse.
    expect(round / (Math.PI * 0.4 * 0.3 * 64 ** 2)).toBeCloseTo(
      (12 / Math.PI) * Math.sin(Math.PI / 12),
      2,
    );
  });

  test("go through their places, and are as wide as bands are told", () => {
    const spots = [
      [0.1, 0.2],
      [0.6, 0.3],
      [0.7, 0.8],
    ] as const;
    const curve = spline(spots, { steps: 4 });
    spots.forEach(([x, y], i) => {
      expect([curve[8 * i], curve[8 * i + 1]]).toEqual([x, y]);
    });
    const straight = band(
      [
        [0.1, 0.5],
        [0.9, 0.5],
      ],
      { from: 0.2, to: 0.1 },
    );
    expect(sum(coverage(straight, 40)) / 40 ** 2).toBeCloseTo(0.8 * 0.15, 4);
  });

  test("softened keep their sum where nothing leaves the picture", () => {
    const spot = new Float32Array(400);
    spot[10 * 20 + 10] = 1;
    const soft = softened(spot, 20, 2);
    expect(sum(soft)).toBeCloseTo(1, 5);
    expect(soft[10 * 20 + 10]).toBeCloseTo(1 / 25, 5);
  });
});
