import { describe, expect, test } from "vitest";
import { type ArrayItems, type ArrayOptions, from } from "../../src/data/arrays.js";
import { fingerprintOf } from "../../src/data/fingerprint.js";
import { ring } from "../../src/data/points.js";

describe("arrays as data", () => {
  test("rows become points", () => {
    const rows = [[1, 2, 3], Float32Array.of(4, 5, 6)];
    const set = from(rows, { name: "mine", labels: [1, 0] });
    expect({ ...set, items: [...set.items], labels: [...set.labels!] }).toMatchObject({
      name: "mine",
      kind: "points",
      shape: [3],
      count: 2,
      items: [1, 2, 3, 4, 5, 6],
      labels: [1, 0],
      classes: ["0", "1"],
    });
  });

  test("the same points have the same fingerprint, wherever they come from", () => {
    const { items, labels, shape, fingerprint } = ring({ count: 20 });
    const copy = from(items, { shape, labels: labels! });
    expect(copy.fingerprint).toBe(fingerprint);
    expect(copy.items).not.toBe(items);
    expect(fingerprintOf(from(items, { shape }))).not.toBe(fingerprint);
  });

  test("bytes stay as they are, floats become the bytes they stand for", () => {
    const bytes = Uint8Array.of(0, 1, 127, 128, 254, 255);
    const shape = [1, 2, 3];
    expect([...from(bytes, { shape }).items]).toEqual([...bytes]);
    const floats = Float32Array.from(bytes, (byte) => byte / 127.5 - 1);
    expect(from(floats, { shape }).fingerprint).toBe(from(bytes, { shape }).fingerprint);
    expect(from(bytes, { shape })).toMatchObject({ kind: "pictures", count: 1, classes: [] });
  });

  test("names of classes", () => {
    const set = from([[1], [2]], { labels: Int32Array.of(0, 1), classes: ["cat", "dog", "owl"] });
    expect(set.classes).toEqual(["cat", "dog", "owl"]);
  });
});

test.each<[string, ArrayItems, ArrayOptions]>([
  ["arrays: has no items", [], { shape: [2] }],
  ["data.shape: expected [d] or [c h w], received [0]", [], {}],
  ["data.shape: expected [d] or [c h w], received [2 2]", [], { shape: [2, 2] }],
  [
    "mine: row 1 has 3 numbers, not 2",
    [
      [1, 2],
      [1, 2, 3],
    ],
    { name: "mine" },
  ],
  ["arrays: 5 numbers are no whole number of items [2]", new Float32Array(5), { shape: [2] }],
  ["arrays: item 1 has NaN, which is no finite number", [[1], [Number.NaN]], {}],
  ["arrays: 3 labels for 2 items", [[1], [2]], { labels: [0, 1, 0] }],
  ["arrays: label 1.5 of item 1 is none of 0, 1, 2, …", [[1], [2]], { labels: [0, 1.5] }],
  ["arrays: label 2 of item 0 is none of 0 … 1", [[1]], { labels: [2], classes: ["a", "b"] }],
  [
    "arrays: item 1 has 200; floats of pictures are −1 … 1\n  hint  pass 0 … 255 as a Uint8Array",
    [[0], [200]],
    { shape: [1, 1, 1] },
  ],
])("%s", (message, items, options) => {
  expect(() => from(items, options)).toThrow(expect.objectContaining({ message }));
});
