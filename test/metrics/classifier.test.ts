import { describe, expect, it, test } from "vitest";
import { ring } from "../../src/data/points.js";
import { shapes } from "../../src/data/shapes.js";
import { openClassifier, trainClassifier } from "../../src/metrics/classifier.js";
import { classifierLayers, trainingProgram } from "../../src/metrics/classifier-network.js";
import { lower } from "../../src/onnx/lower.js";
import { fingerprint } from "../../src/runtime/fingerprint.js";
import { writeSeen } from "../../src/shape/items.js";
import { input } from "../../src/tensor/tensor.js";

const data = shapes({ count: 400, size: 16 });
const test16 = shapes({ count: 200, size: 16, seed: 1 });

const seen = (items: Uint8Array): Float32Array => {
  const out = new Float32Array(items.length);
  writeSeen(items, { out, at: 0 });
  return out;
};

describe("trainClassifier", () => {
  it("learns shapes far better than the eighth that chance gets right, and keeps it in a file", async () => {
    const moves = 60;
    const told: number[] = [];
    const onProgress = (done: number): number => told.push(done);
    const first = await trainClassifier(data, { test: test16, moves, onProgress });
    expect(told.at(-1)).toBe(moves);
    expect(first.accuracy).toBeGreaterThan(0.5);
    expect(first.about).toBe(
      `${Number((100 * first.accuracy).toFixed(2))} % right on 200 test pictures`,
    );
    expect(first).toMatchObject({
      name: "shapes-classifier-128",
      size: 128,
      shape: [3, 16, 16],
      classes: data.classes,
      data: data.fingerprint,
    });
    expect(first.hash).toBe(fingerprint(first.model));

    const items = seen(test16.items as Uint8Array); // pictures are bytes
    const labels = await first.classify(items);
    const right = labels.filter((label, i) => label === test16.labels![i]).length;
    expect(right / 200).toBe(first.accuracy);
    expect((await first.extract(items)).length).toBe(200 * 128);

    const again = await openClassifier(first.model, { shape: [3, 16, 16] });
    expect(await again.classify(items)).toEqual(labels);
    expect(again.accuracy).toBe(first.accuracy);
    await first.release();
    await again.release();
  });

  it("is the same from the same seed, another from another; holds a tenth back without a test set", async () => {
    const few = shapes({ count: 100, size: 8 });
    const hash = async (seed: number): Promise<string> => {
      const classifier = await trainClassifier(few, { seed, moves: 2 });
      expect(classifier.tested).toBe("10 pictures held back");
      await classifier.release();
      return classifier.hash;
    };
    const one = await hash(1);
    expect(await hash(1)).toBe(one);
    expect(await hash(2)).not.toBe(one);
  });

  test.each([
    [[1, 28, 28], "linear 128"],
    [[3, 64, 64], "linear 128"],
    [[3, 96, 32], "linear 128"],
    [[1, 5, 5], "linear 128"],
  ])("has layers for pictures of %s", (shape, name) => {
    const layers = classifierLayers(shape, 10);
    expect(layers.body.rows.some((row) => row.name === name)).toBe(true);
    expect(trainingProgram(layers, 2).returns.map((port) => port.name)).toEqual(["loss"]);
  });

  it("needs classes", async () => {
    await expect(trainClassifier({ ...data, labels: undefined, classes: [] })).rejects.toThrow(
      /^shapes: has no classes to learn\n {2}hint {2}choose other features, such as random-conv$/,
    );
    const one = { ...ring({ count: 10 }), classes: ["all"] };
    await expect(trainClassifier(one)).rejects.toThrow(/^ring: has no classes to learn/);
  });
});

describe("openClassifier", () => {
  const message = (opening: Promise<unknown>): Promise<string> =>
    opening.then(
      () => "nothing",
      (error: Error) => error.message,
    );

  it("refuses what is none, and one for other pictures", async () => {
    const { model } = lower({ y: input("x", [1, 1, 2, 2]).times(2) });
    expect(await message(openClassifier(model, { file: "c.onnx" }))).toBe(
      "c.onnx: is no classifier that Belamy trained",
    );
    expect(await message(openClassifier(Uint8Array.of(255), { file: "c.onnx" }))).toBe(
      "c.onnx: is no ONNX model",
    );
    const small = await trainClassifier(shapes({ count: 20, size: 8 }), { moves: 1 });
    await small.release();
    const opening = openClassifier(small.model, { file: "c.onnx", shape: [1, 28, 28] });
    expect(await message(opening)).toBe(
      "c.onnx: tells pictures of [3 8 8] apart, not of [1 28 28]",
    );
  });
});
