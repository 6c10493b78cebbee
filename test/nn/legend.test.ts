import { describe, expect, it } from "vitest";
import { classesOf, coloursOf } from "../../src/nn/legend.js";
import { writeSeen } from "../../src/shape/items.js";
import type { Legend } from "../../src/shape/legend.js";
import { Random } from "../../src/shape/random.js";
import { zeros } from "../../src/tensor/operations.js";
import { evaluate } from "../../src/tensor/reference.js";
import { constant, type Tensor } from "../../src/tensor/tensor.js";

const legend: Legend = [
  { name: "sea", colour: [0, 0, 255] },
  { name: "cloud", colour: [255, 255, 255], ignored: true },
  { name: "land", colour: [0, 160, 0] },
  { name: "sand", colour: [0, 161, 0] },
];

const valuesOf = (x: Tensor): number[] => [...evaluate([x])[0]!];

/** A map of random classes `[b 3 h w]` as a game sees it, and the classes. */
function randomMap(shape: readonly [number, number, number, number]) {
  const [b, , h, w] = shape;
  const random = new Random({ seed: 3, purpose: "test" });
  const classes = Array.from({ length: b * h * w }, () => random.integer(legend.length));
  const bytes = new Uint8Array(b * 3 * h * w);
  classes.forEach((k, i) => {
    const at = Math.floor(i / (h * w)) * 3 * h * w + (i % (h * w));
    legend[k]!.colour.forEach((value, c) => {
      bytes[at + c * h * w] = value;
    });
  });
  const seen = new Float32Array(bytes.length);
  writeSeen(bytes, { out: seen, at: 0 });
  return { classes, map: constant([...seen], { shape }) };
}

const message = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    return String(error);
  }
  return "nothing";
};

describe("maps in a graph", () => {
  it("has 1 where a pixel has a class's colour, and all 0 where it is ignored", () => {
    const { classes, map } = randomMap([2, 3, 4, 5]);
    const found = classesOf(map, legend);
    expect(found.shape).toEqual([2, 3, 4, 5]);
    const values = valuesOf(found);
    const channels = [0, 2, 3]; // of the legend's classes, those that count
    classes.forEach((k, i) => {
      const at = Math.floor(i / 20) * 60 + (i % 20);
      expect([0, 20, 40].map((c) => values[at + c])).toEqual(
        channels.map((c) => (c === k ? 1 : 0)),
      );
    });
  });

  it("is none of the classes where a colour is a byte off", () => {
    const off = constant([0 / 127.5 - 1, 159 / 127.5 - 1, -1], { shape: [1, 3, 1, 1] });
    expect(valuesOf(classesOf(off, legend))).toEqual([0, 0, 0]);
  });

  it("knows every byte of every channel as float32 sees it", () => {
    const greys = Array.from({ length: 256 }, (_, v) => [v, 255 - v, (7 * v) % 256] as const);
    const many: Legend = greys.map((colour, i) => ({ name: `${i}`, colour }));
    const bytes = Uint8Array.from([0, 1, 2].flatMap((c) => greys.map((colour) => colour[c]!)));
    const seen = new Float32Array(bytes.length);
    writeSeen(bytes, { out: seen, at: 0 });
    const values = valuesOf(classesOf(constant([...seen], { shape: [1, 3, 16, 16] }), many));
    const wrong = values.filter((v, i) => v !== (Math.floor(i / 256) === i % 256 ? 1 : 0));
    expect(wrong).toEqual([]);
  });

  it("paints classes back to the map they are from", () => {
    const { map } = randomMap([2, 3, 4, 5]);
    const back = valuesOf(coloursOf(classesOf(map, legend), legend));
    valuesOf(map).forEach((v, i) => {
      expect(back[i]).toBeCloseTo(v, 6);
    });
  });

  it("mixes colours as likely as they are", () => {
    const p = constant([0.25, 0.5, 0.25], { shape: [1, 3, 1, 1] });
    const expected = [0, 0.5 * 160 + 0.25 * 161, 0.25 * 255].map((byte) => byte / 127.5 - 1);
    valuesOf(coloursOf(p, legend)).forEach((v, i) => {
      expect(v).toBeCloseTo(expected[i]!, 6);
    });
  });

  it("names what is no map and what is no legend", () => {
    expect(message(() => classesOf(zeros([2, 1, 4, 4]), legend))).toBe(
      "ShapeError: classesOf: expected a map [b 3 h w]\n  map  [2 1 4 4]",
    );
    expect(message(() => coloursOf(zeros([2, 4, 4, 4]), legend))).toBe(
      "ShapeError: coloursOf: expected [b 3 h w], a channel for each class that counts\n  probabilities  [2 4 4 4]",
    );
    expect(message(() => classesOf(zeros([2, 3, 4, 4]), []))).toBe(
      "ConfigurationError: classesOf: the legend is empty",
    );
    expect(message(() => classesOf(zeros([2, 3, 4, 4]), [legend[1]!]))).toBe(
      "ConfigurationError: classesOf: every class of the legend is ignored",
    );
  });
});
