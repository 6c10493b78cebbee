import { describe, expect, test } from "vitest";
import { philox, Random } from "../../src/shape/random.js";

const hex = (...words: number[]): string =>
  words.map((n) => n.toString(16).padStart(8, "0")).join(" ");

/** kat_vectors of Random123, philox4x32 with 10 rounds. */
const known: readonly {
  readonly counter: readonly [number, number, number, number];
  readonly key: readonly [number, number];
  readonly expected: string;
}[] = [
  { counter: [0, 0, 0, 0], key: [0, 0], expected: "6627e8d5 e169c58d bc57ac4c 9b00dbd8" },
  {
    counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    key: [0xffffffff, 0xffffffff],
    expected: "408f276d 41c83b0e a20bc7c6 6d5451fd",
  },
  {
    counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    key: [0xa4093822, 0x299f31d0],
    expected: "d16cfe09 94fdcceb 5001e420 24126ea1",
  },
];

test.each(known)("Philox gives $expected", ({ counter, key, expected }) => {
  const out = new Uint32Array(4);
  philox(counter, key, out);
  expect(hex(...out)).toBe(expected);
});

const draw = (n: number, stream: ConstructorParameters<typeof Random>[0]): number[] => {
  const random = new Random(stream);
  return Array.from({ length: n }, () => random.bits());
};

describe("streams", () => {
  test("are functions of seed, purpose and place", () => {
    const stream = { seed: 7, purpose: "noise", at: [3, 1] as const };
    expect(draw(10, stream)).toEqual(draw(10, stream));
    const others = [
      { ...stream, seed: 8 },
      { ...stream, seed: 7 + 2 ** 32 },
      { ...stream, purpose: "order" },
      { ...stream, at: [4, 1] as const },
      { ...stream, at: [3, 2] as const },
    ].map((other) => draw(10, other).join());
    expect(new Set([draw(10, stream).join(), ...others]).size).toBe(6);
  });

  test("at no place are at the first", () => {
    expect(draw(4, { seed: 1, purpose: "x" })).toEqual(
      draw(4, { seed: 1, purpose: "x", at: [0, 0] }),
    );
  });
});

const count = 20_000;
const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;

describe("distributions", () => {
  test("uniform numbers are float32 in [0, 1), evenly", () => {
    const random = new Random({ seed: 1, purpose: "uniform" });
    const list = Array.from({ length: count }, () => random.uniform());
    expect(list.every((u) => u >= 0 && u < 1 && Math.fround(u) === u)).toBe(true);
    const tenths = new Array<number>(10).fill(0);
    for (const u of list) tenths[Math.floor(10 * u)]!++;
    const chiSquared = tenths.reduce((t, n) => t + (n - count / 10) ** 2 / (count / 10), 0);
    // 99.9% of χ² with 9 degrees of freedom; the seed is fixed.
    expect(chiSquared).toBeLessThan(27.9);
  });

  test("normal numbers have the moments of one", () => {
    const random = new Random({ seed: 1, purpose: "normal" });
    const list = Array.from({ length: count }, () => random.normal());
    expect(Math.abs(mean(list))).toBeLessThan(0.03);
    expect(Math.abs(mean(list.map((z) => z ** 2)) - 1)).toBeLessThan(0.04);
    expect(Math.abs(mean(list.map((z) => z ** 3)))).toBeLessThan(0.1);
    expect(Math.abs(mean(list.map((z) => z ** 4)) - 3)).toBeLessThan(0.3);
    // Both halves of Box and Muller are used, and do not follow each other.
    const pairs = list.slice(1).map((z, i) => z * list[i]!);
    expect(Math.abs(mean(pairs))).toBeLessThan(0.03);
  });

  test("integers are even over a range that does not divide 2³²", () => {
    const random = new Random({ seed: 1, purpose: "integer" });
    const seen = new Array<number>(7).fill(0);
    for (let i = 0; i < count; i++) seen[random.integer(7)]!++;
    expect(Math.min(...seen)).toBeGreaterThan(count / 7 - 200);
    // Over three quarters of 2³², taking the remainder would favour the first third twice.
    const n = 3 * 2 ** 30;
    const low = Array.from({ length: count }, () => random.integer(n)).filter((k) => k < n / 3);
    expect(Math.abs(low.length / count - 1 / 3)).toBeLessThan(0.015);
  });

  test("permutations hold everything once, first elements evenly", () => {
    const random = new Random({ seed: 1, purpose: "order" });
    const first = new Array<number>(5).fill(0);
    for (let i = 0; i < 5000; i++) {
      const order = random.permutation(5);
      expect([...order].sort()).toEqual([0, 1, 2, 3, 4]);
      first[order[0]!]!++;
    }
    expect(Math.min(...first)).toBeGreaterThan(900);
  });
});
