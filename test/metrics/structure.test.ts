import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { scenes } from "../../src/data/scenes.js";
import { boundaryF1 } from "../../src/metrics/boundary.js";
import { labelsIn, overlap } from "../../src/metrics/iou.js";
import { structure } from "../../src/metrics/structure.js";
import { judgeMaps } from "../../src/metrics/structure-judge.js";
import { components, holesIn } from "../../src/shape/components.js";
import type { Legend } from "../../src/shape/legend.js";

interface Golden {
  readonly masks: readonly {
    readonly height: number;
    readonly width: number;
    readonly mask: readonly number[];
    readonly four: number;
    readonly eight: number;
    readonly sizes: readonly number[];
    readonly labels: readonly number[];
    readonly holes: number;
  }[];
  readonly overlap: readonly {
    readonly classes: number;
    readonly truth: readonly number[];
    readonly made: readonly number[];
    readonly iou: readonly number[];
    readonly meanIou: number;
    readonly pixelAccuracy: number;
    readonly classAccuracy: number;
  }[];
}

// Made by test/golden/structure.py.
const golden = JSON.parse(
  readFileSync(new URL("../golden/structure.json", import.meta.url), "utf8"),
) as Golden;

const grey = (k: number, ignored?: true): Legend[number] => {
  return { name: `class ${k}`, colour: [k, k, k], ...(ignored ? { ignored } : {}) };
};
const legend = [grey(0), grey(1), grey(2), grey(3, true)];

/** Rows of digits, spaces for 0. */
const map = (...rows: readonly string[]): number[] =>
  rows.flatMap((row) => [...row].map((digit) => Number(digit.trim())));

describe("components", () => {
  it.each(golden.masks)("and holes of $height × $width are those of scipy", (wanted) => {
    const { height, width, mask } = wanted;
    const found = components(mask, { height, width });
    expect(found.count).toBe(wanted.eight);
    expect(found.sizes).toEqual(wanted.sizes);
    expect([...found.labels]).toEqual(wanted.labels);
    expect(components(mask, { height, width, neighbours: 4 }).count).toBe(wanted.four);
    expect(holesIn(mask, { height, width })).toBe(wanted.holes);
  });

  it("know whether they reach the rim", () => {
    const mask = map("1   ", "  1 ", "    ");
    expect(components(mask, { height: 3, width: 4 }).atRim).toEqual([true, false]);
  });
});

describe("overlap", () => {
  it.each(golden.overlap)(
    "of $classes classes and void is that of the confusion matrix",
    (wanted) => {
      const { classes, truth, made } = wanted;
      const names = Array.from({ length: classes + 1 }, (_, k) =>
        grey(k, k === classes ? true : undefined),
      );
      const found = overlap(made, truth, { legend: names });
      expect(found.meanIou).toBeCloseTo(wanted.meanIou, 12);
      expect(found.pixelAccuracy).toBeCloseTo(wanted.pixelAccuracy, 12);
      expect(found.classAccuracy).toBeCloseTo(wanted.classAccuracy, 12);
      wanted.iou.forEach((value, k) => {
        expect(found.iou[k]).toBeCloseTo(value, 12);
      });
      expect(found.iou[classes]).toBeNaN();
    },
  );

  it("leaves classes out that are in neither, and counts what is wrongly ignored as wrong", () => {
    const found = overlap([0, 0, 3, 1], [0, 0, 0, 3], { legend });
    expect(found.iou[0]).toBeCloseTo(2 / 3, 12);
    expect(found.iou[1]).toBeNaN();
    expect(found.meanIou).toBeCloseTo(2 / 3, 12);
    expect(found.pixelAccuracy).toBeCloseTo(2 / 3, 12);
  });

  it("refuses maps of other sizes", () => {
    expect(() => overlap([0], [0, 1], { legend })).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: overlap: one has other pixels than the other
        made   1 pixels
        truth  2 pixels]
    `);
    expect(() =>
      structure([0, 0], [0, 1], { legend, height: 2, width: 2 }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: structure: these are no maps of 2×2
        made   2 pixels
        truth  2 pixels]
    `);
  });
});

describe("labelsIn", () => {
  it("finds the nearest colour, of bytes as of what a game sees", () => {
    const data = scenes({ count: 2 });
    const labels = labelsIn(data.items, data);
    const seen = Float32Array.from(data.items, (byte) => byte / 127.5 - 1);
    expect(labelsIn(seen, data)).toEqual(labels);
    const off = data.items.map((byte) => Math.min(255, byte + 7));
    expect(labelsIn(off, data)).toEqual(labels);
    expect(new Set(labels).size).toBeGreaterThan(3);
  });

  it("refuses pictures that are no maps", () => {
    expect(() =>
      labelsIn(new Uint8Array(4), { shape: [1, 2, 2], legend }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: labelsIn: needs maps in the colours of a legend
        numbers  4
        map      [1 2 2]
        legend   4 colours]
    `);
    expect(() =>
      labelsIn(new Uint8Array(12), { shape: [3, 2, 2] }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: labelsIn: needs maps in the colours of a legend
        numbers  12
        map      [3 2 2]
        legend   none]
    `);
  });
});

describe("structure", () => {
  const truth = map("111111", "1    1", "1 22 1", "1 22 1", "1    1", "111111");
  const size = { height: 6, width: 6, legend };

  it("is right where maps are the same", () => {
    const found = structure(truth, truth, size);
    expect(found).toMatchObject({ componentError: 0, extraFragments: 0, holeError: 0 });
  });

  it("counts parts and holes that are too many or too few, class by class", () => {
    // The ring is cut in two; of the core there are two, of ground still one part, without a hole.
    const made = map("11 111", "1    1", "1 2  1", "1    1", "1  2 1", "11 111");
    const found = structure(made, truth, size);
    const of = (k: number) => found.ofClasses[k]!;
    expect(of(1)).toEqual({ name: "class 1", componentError: 1, extraFragments: 1, holeError: 1 });
    expect(of(2)).toEqual({ name: "class 2", componentError: 1, extraFragments: 1, holeError: 0 });
    // The upper core is a hole in the ground as the whole one was; the lower one lies on the ring.
    expect(of(0)).toEqual({ name: "class 0", componentError: 0, extraFragments: 0, holeError: 0 });
    expect(found).toMatchObject({ componentError: 2, extraFragments: 2, holeError: 1 });
    const fewer = structure(
      truth.map((label) => (label === 2 ? 0 : label)),
      truth,
      size,
    );
    expect(fewer).toMatchObject({ componentError: 1, extraFragments: 0, holeError: 1 });
  });

  it("is a mean over maps, and sees nothing where the truth is ignored", () => {
    const made = [...truth.map((label) => (label === 2 ? 0 : label)), ...truth];
    expect(structure(made, [...truth, ...truth], size).componentError).toBe(0.5);
    const void2 = truth.map((label) => (label === 2 ? 3 : label));
    expect(structure(truth, void2, size).componentError).toBe(0);
  });
});

describe("boundaryF1", () => {
  const square = (left: number, size = 12): number[] =>
    Array.from({ length: size * size }, (_, i) => {
      const [x, y] = [i % size, Math.floor(i / size)];
      return x >= left && x < left + 4 && y >= 4 && y < 8 ? 1 : 0;
    });
  const size = { height: 12, width: 12, legend };

  it("is 1 for the same map and for one that is off by no more than the tolerance", () => {
    expect(boundaryF1(square(4), square(4), size)).toBe(1);
    expect(boundaryF1(square(5), square(4), size)).toBe(1);
    expect(boundaryF1(square(6), square(4), { ...size, tolerance: 2 })).toBe(1);
  });

  it("is what counting gives where it is off by more", () => {
    const byHand = (a: number[], b: number[], label: number): number => {
      const outline = (m: number[]) =>
        m.flatMap((value, i) => {
          const [x, y] = [i % 12, Math.floor(i / 12)];
          const next = [
            [x - 1, y],
            [x + 1, y],
            [x, y - 1],
            [x, y + 1],
          ].filter(([u, v]) => u! >= 0 && v! >= 0 && u! < 12 && v! < 12);
          return value === label && next.some(([u, v]) => m[v! * 12 + u!] !== label)
            ? [[x, y]]
            : [];
        });
      const [mine, theirs] = [outline(a), outline(b)];
      const near = (from: number[][], to: number[][]): number =>
        from.filter(([x, y]) => to.some(([u, v]) => Math.hypot(x! - u!, y! - v!) <= 1)).length /
        from.length;
      const [p, r] = [near(mine, theirs), near(theirs, mine)];
      return (2 * p * r) / (p + r);
    };
    const [made, truth] = [square(6), square(4)];
    const wanted = (byHand(made, truth, 0) + byHand(made, truth, 1)) / 2;
    expect(wanted).toBeLessThan(0.8);
    expect(boundaryF1(made, truth, { ...size, legend: [grey(0), grey(1)] })).toBeCloseTo(
      wanted,
      12,
    );
  });
});

it("judgeMaps names its scores and says over what", () => {
  const truth = scenes({ count: 3 });
  const shifted = { ...truth, items: truth.items.map((_, i) => truth.items[i + 1] ?? 0) };
  const scores = judgeMaps(shifted, truth, { legend: truth.legend! });
  const named = Object.fromEntries(scores.map(({ name, value }) => [name, value]));
  expect(Object.keys(named)).toEqual([
    "mean-iou",
    "pixel-accuracy",
    "class-accuracy",
    "boundary-f1",
    "component-error",
    "extra-fragments",
    "hole-error",
  ]);
  expect(named["mean-iou"]).toBeGreaterThan(0.4);
  expect(named["mean-iou"]).toBeLessThan(0.9);
  expect(named["boundary-f1"]).toBeGreaterThan(0.95);
  expect(scores[0]?.protocol).toBe(
    "3 maps, 6 classes; intersection over union, counted over all maps together",
  );
});
