import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { rowsOf, told } from "../../src/metrics/features.js";
import { onnxFeatures } from "../../src/metrics/features-onnx.js";
import { type ResizeFilter, resizing } from "../../src/metrics/features-resize.js";
import { pixelFeatures } from "../../src/metrics/pixels.js";
import { lower } from "../../src/onnx/lower.js";
import { encodeModel } from "../../src/onnx/model.js";
import { fingerprint } from "../../src/runtime/fingerprint.js";
import type { Shape } from "../../src/shape/shape.js";
import { flatten, mean, transpose } from "../../src/tensor/operations.js";
import { input, type Tensor } from "../../src/tensor/tensor.js";

interface Golden {
  readonly filter: ResizeFilter;
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly plane: readonly number[];
  readonly resized: readonly number[];
}

const file = new URL("../golden/resize.json", import.meta.url);
const goldens = JSON.parse(readFileSync(file, "utf8")) as readonly Golden[]; // resize.py wrote it

describe("resizing", () => {
  test.each(goldens)("$filter from $from to $to is Pillow's", ({ filter, from, to, ...golden }) => {
    const found = resizing(filter, from, to)(Float32Array.from(golden.plane));
    found.forEach((v, i) => {
      expect(v).toBeCloseTo(golden.resized[i]!, 3);
    });
    expect(found.length).toBe(to[0] * to[1]);
  });

  it("bilinear-tf1 begins at the corner: a place i of 6 takes from i/2", () => {
    const row = resizing("bilinear-tf1", [1, 3], [1, 6])(Float32Array.of(0, 10, 40));
    expect([...row]).toEqual([0, 5, 10, 25, 40, 40]);
    const fewer = resizing("bilinear-tf1", [1, 6], [1, 2])(Float32Array.of(0, 1, 2, 3, 4, 5));
    expect([...fewer]).toEqual([0, 3]);
  });
});

/** A user's network: what `f` makes of an input of this shape, for any batch. */
const network = (
  shape: Shape,
  f: (x: Tensor) => Tensor = flatten,
  metadata: Readonly<Record<string, string>> = {},
) => lower({ rows: f(input("pictures", [7919, ...shape])) }, { freeBatch: true, metadata }).model;

const two = Float32Array.of(-1, -0.5, 0, 1, 0.2, 0.4, 0.6, 0.8);

describe("onnxFeatures", () => {
  it("hands pictures of the network's own kind over as they are, for any number of them", async () => {
    const model = network([1, 2, 2]);
    const features = await onnxFeatures(model, { shape: [1, 2, 2], name: "mine" });
    expect(features).toMatchObject({ name: "mine", size: 4, about: "" });
    expect(features.hash).toBe(fingerprint(model));
    const rows = await features.extract(two);
    rows.forEach((v, i) => {
      expect(v).toBeCloseTo(two[i]!, 6);
    });
    const many = Float32Array.from({ length: 4 * 130 }, (_, i) => (i % 511) / 255 - 1);
    const all = await features.extract(many);
    expect(Math.max(...all.map((v, i) => Math.abs(v - many[i]!)))).toBeLessThan(1e-6);
    await features.release();
  });

  it("scales values, repeats grey, turns the layout and resizes, and tells of it", async () => {
    const model = network([4, 4, 3]);
    const options = { shape: [1, 2, 2], name: "mine", range: "unit", filter: "bilinear" } as const;
    const features = await onnxFeatures(model, options);
    expect(features.about).toBe(
      "resized to 4×4 by antialiased bilinear, grey repeated as colours, values 0 … 1",
    );
    const rows = await features.extract(two);
    const plane = resizing("bilinear", [2, 2], [4, 4])(two.slice(0, 4).map((v) => (v + 1) / 2));
    for (let i = 0; i < 16; i++) {
      for (let c = 0; c < 3; c++) expect(rows[3 * i + c]).toBeCloseTo(plane[i]!, 5);
    }
    expect(told(features)).toBe(`mine (${features.about}), sha256 ${features.hash.slice(0, 12)}`);
    await features.release();
  });

  it("makes colours grey by luma, and uses the range and filter of the model's metadata", async () => {
    const model = network([1, 1, 1], flatten, { range: "byte", filter: "bilinear-tf1" });
    const features = await onnxFeatures(model, { shape: [3, 1, 2], name: "mine" });
    expect(features.about).toBe(
      "resized to 1×1 by bilinear as in TensorFlow 1, colours made grey, values 0 … 255",
    );
    // Red, green and blue of two pixels; the first alone counts.
    const [grey] = await features.extract(Float32Array.of(1, 0, -1, 0, 0, 0));
    expect(grey).toBeCloseTo(0.299 * 255 + 0.114 * 127.5, 3);
    await features.release();
  });

  it("ImageNet's scale is torchvision's", async () => {
    const features = await onnxFeatures(network([3, 1, 1]), {
      shape: [3, 1, 1],
      name: "mine",
      range: "imagenet",
    });
    const rows = await features.extract(Float32Array.of(1, 0, -1));
    const expected = [(1 - 0.485) / 0.229, (0.5 - 0.456) / 0.224, -0.406 / 0.225];
    rows.forEach((v, i) => {
      expect(v).toBeCloseTo(expected[i]!, 5);
    });
    await features.release();
  });

  it("takes a fixed batch, and rows with axes of one behind", async () => {
    const model = encodeModel({
      name: "pool",
      nodes: [{ op: "GlobalAveragePool", inputs: ["x"], outputs: ["pooled"] }],
      initializers: [],
      inputs: [{ name: "x", shape: [3, 1, 2, 2], type: "float32" }],
      outputs: [{ name: "pooled", shape: [3, 1, 1, 1], type: "float32" }],
    });
    const features = await onnxFeatures(model, { shape: [1, 2, 2], name: "pool" });
    const pictures = Float32Array.from({ length: 4 * 5 }, (_, i) => Math.floor(i / 4) / 10);
    const rows = await features.extract(pictures);
    expect([...rows].map((v) => v.toFixed(4))).toEqual([
      "0.0000",
      "0.1000",
      "0.2000",
      "0.3000",
      "0.4000",
    ]);
    await features.release();
  });

  const wide = (x: Tensor): Tensor => transpose(x, [0, 2, 3, 1]);
  test.each<[string, Uint8Array, object, string]>([
    [
      "garbage",
      Uint8Array.of(1, 2, 3),
      {},
      "net.onnx: is no ONNX model that can be run\n  engine ",
    ],
    [
      "an unknown output",
      network([1, 2, 2]),
      { output: "row" },
      "net.onnx: has no output row\n  hint  did you mean rows?",
    ],
    [
      "an output that is a picture",
      network([1, 2, 2], wide),
      {},
      "net.onnx: output rows is no row of numbers for each picture",
    ],
    [
      "no pictures",
      network([5], (x) => x.times(2)),
      {},
      "net.onnx: takes [batch 5], not pictures [n c h w] or [n h w c]",
    ],
    [
      "seven channels",
      network([7, 2, 2], (x) => mean(x, { axes: [2, 3] })),
      {},
      "net.onnx: takes [batch 7 2 2], in which neither place for channels is 1 or 3",
    ],
    [
      "two inputs",
      lower({ rows: flatten(input("a", [2, 1, 2, 2]).plus(input("b", [2, 1, 2, 2]))) }).model,
      {},
      "net.onnx: takes 2 inputs, not one batch of pictures",
    ],
  ])("refuses %s", async (_, model, options, text) => {
    const opening = onnxFeatures(model, { shape: [1, 2, 2], name: "net.onnx", ...options });
    const message = await opening.then(
      () => "nothing",
      (error: Error) => error.message,
    );
    if (text.endsWith(" ")) expect(message.slice(0, text.length)).toBe(text);
    else expect(message).toBe(text);
  });
});

describe("rowsOf", () => {
  it("reads items at their places, bytes as −1 … 1, in pieces", async () => {
    const items = Uint8Array.from({ length: 600 }, (_, i) => i % 256);
    const data = { shape: [1, 1, 1], count: 600, items };
    const places = Array.from({ length: 300 }, (_, i) => 599 - i);
    const seen: number[] = [];
    const onProgress = (done: number): number => seen.push(done);
    const rows = await rowsOf(pixelFeatures([1, 1, 1]), data, { places, onProgress });
    expect([...rows]).toEqual(places.map((p) => Math.fround((p % 256) / 127.5 - 1)));
    expect(seen).toEqual([256, 300]);
  });

  it("pixels have no hash, since there is no network", () => {
    expect(told(pixelFeatures([3, 8, 8]))).toBe("pixels-192");
  });
});
