import { describe, expect, test } from "vitest";
import { oklch } from "../../src/data/oklch.js";
import { outlines } from "../../src/data/outlines.js";
import { paint } from "../../src/data/paint.js";
import { shapes } from "../../src/data/shapes.js";

describe("shapes", () => {
  const data = shapes({ count: 400, size: 32 });

  test("are labelled pictures with captions and factors", () => {
    expect(data).toMatchObject({
      name: "shapes",
      kind: "pictures",
      shape: [3, 32, 32],
      count: 400,
    });
    expect(data.items).toHaveLength(400 * 3 * 32 * 32);
    expect(data.classes).toEqual(Object.keys(outlines));
    expect(new Set(data.labels)).toEqual(new Set(data.classes.keys()));
    const { shape, color, background } = data.factors!;
    data.captions!.forEach((caption, i) => {
      expect(caption).toMatch(/^an? ((small|large) )?\w+ \w+ on \w+$/);
      expect(caption).toContain(`${color![i]} ${shape![i]} on ${background![i]}`);
      expect(shape![i]).toBe(data.classes[data.labels![i]!]);
    });
  });

  test("are the same for the same seed, item by item", () => {
    expect(shapes({ count: 400 }).fingerprint).toBe(data.fingerprint);
    expect(shapes({ count: 3 }).items).toEqual(data.items.slice(0, 3 * 3 * 32 * 32));
    expect(shapes({ count: 400, seed: 1 }).fingerprint).not.toBe(data.fingerprint);
  });

  test("keep their shape within the picture and apart from its background", () => {
    const plane = 32 * 32;
    for (let i = 0; i < data.count; i++) {
      const item = data.items.subarray(i * 3 * plane, (i + 1) * 3 * plane);
      const differs = (p: number, q: number) =>
        Math.max(...[0, 1, 2].map((c) => Math.abs(item[c * plane + p]! - item[c * plane + q]!)));
      const [x, y] = [data.factors!.x![i], data.factors!.y![i]].map(Number);
      const hollow = ["ring", "moon"].includes(String(data.factors!.shape![i]));
      const centre = Math.round((1 - y!) * 16 - 0.5) * 32 + Math.round((1 + x!) * 16 - 0.5);
      if (!hollow) expect(differs(centre, 0), data.captions![i]!).toBeGreaterThan(30);
      const corners = [0, 31, 31 * 32, 31 * 32 + 31];
      for (const corner of corners) expect(differs(corner, 0)).toBeLessThan(70);
    }
  });
});

test("every outline is a distance: its slope is nowhere above 1, and it fills the unit square", () => {
  for (const [name, outline] of Object.entries(outlines)) {
    let inside = 0;
    for (let i = 0; i < 100; i++) {
      for (let j = 0; j < 100; j++) {
        const [x, y] = [(i - 49.5) / 45, (j - 49.5) / 45];
        const here = outline(x, y);
        if (here < 0) inside++;
        const step = Math.max(
          Math.abs(outline(x + 1e-4, y) - here),
          Math.abs(outline(x, y + 1e-4) - here),
        );
        expect(step, `${name} at ${x}, ${y}`).toBeLessThan(1.01e-4);
        if (Math.hypot(x, y) > 1.15) expect(here, `${name} at ${x}, ${y}`).toBeGreaterThan(0);
      }
    }
    expect(inside / 2025, name).toBeGreaterThan(0.6);
  }
});

test("a circle covers as much as its area says, whatever the resolution", () => {
  for (const size of [16, 33, 64]) {
    const out = new Uint8Array(3 * size * size);
    const ink = { lightness: 1, chroma: 0, hue: 0 };
    paint(
      {
        outline: (x, y) => Math.hypot(x, y) - 1,
        radius: 0.5,
        x: 0.1,
        y: -0.1,
        turn: 1,
        ink: { ...ink, lightness: 2 },
        ground: { ...ink, lightness: -1 },
        slope: 0,
      },
      { size, out },
    );
    const area = out.reduce((sum, value) => sum + value, 0) / 255 / 3 / size ** 2;
    expect(area).toBeCloseTo((Math.PI * 0.25) / 4, 2);
  }
});

test("oklch agrees with CSS Color 4 on the primaries", () => {
  const rounded = (l: number, c: number, h: number) =>
    oklch(l, c, h).map((x) => Math.round(x * 255));
  expect(rounded(0.62796, 0.25768, 29.234)).toEqual([255, 0, 0]);
  expect(rounded(0.86644, 0.29483, 142.495)).toEqual([0, 255, 0]);
  expect(rounded(0.45201, 0.31321, 264.052)).toEqual([0, 0, 255]);
  expect(rounded(1, 0, 0)).toEqual([255, 255, 255]);
});
