import { describe, expect, test } from "vitest";
import { Tensor as DeviceTensor } from "#ort";
import { gelu, softmax } from "../../src/nn/activations.js";
import { selfAttention } from "../../src/nn/attention.js";
import { conditionalBatchNorm } from "../../src/nn/conditional-batch-norm.js";
import { conv, conv1d, deconv, deconv1d, deconv3d } from "../../src/nn/convolution.js";
import { embedding } from "../../src/nn/embedding.js";
import { equalized } from "../../src/nn/equalized.js";
import { initialValues, normalWith } from "../../src/nn/initializers.js";
import { joinCondition } from "../../src/nn/join-condition.js";
import { type Condition, chain, type Kept, type Layer } from "../../src/nn/layer.js";
import { linear, unflatten } from "../../src/nn/linear.js";
import { minibatchDiscrimination } from "../../src/nn/minibatch.js";
import { groupNorm, instanceNorm, layerNorm, pixelNorm } from "../../src/nn/norms.js";
import { averagePooling, globalSum } from "../../src/nn/pools.js";
import { gru, rnn } from "../../src/nn/recurrent.js";
import { spectralNorm } from "../../src/nn/spectral-norm.js";
import { lower } from "../../src/onnx/lower.js";
import { compute } from "../../src/runtime/compute.js";
import { openSession } from "../../src/runtime/device.js";
import type { Shape } from "../../src/shape/shape.js";
import { sizeOf } from "../../src/shape/shape.js";
import type { Type } from "../../src/shape/type.js";
import { evaluate } from "../../src/tensor/reference.js";
import { input } from "../../src/tensor/tensor.js";
import { derivativesOf } from "../support/derivatives.js";
import { apply } from "./apply.js";
import { layerCases } from "./layer-cases.js";

/** The largest difference, relative to the largest number where that is above 1. */
function furthest(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  expect(ours.length).toBe(theirs.length);
  const list = Array.from(theirs);
  const scale = Math.max(1, ...list.map(Math.abs));
  return Math.max(...list.map((value, i) => Math.abs(ours[i]! - value))) / scale;
}

describe("values and gradients on the processor are those of plain loops", () => {
  const cases = Object.entries(layerCases).flatMap(([about, list]) =>
    list.map((c) => ({ ...c, name: `${about} ${c.name}` })),
  );
  test.each(cases)("$name", async (c) => {
    const { value, first, values } = derivativesOf(c);
    const named = Object.fromEntries(first.map((g, i) => [`slope ${i}`, g]));
    const found = await compute({ value, ...named }, values);
    const wanted = evaluate([value, ...first], values);
    Object.values(found).forEach((numbers, i) => {
      expect(furthest(numbers, wanted[i]!), `${i}`).toBeLessThan(1e-4);
    });
  });
});

describe("an exported model takes any number of items", () => {
  const labels: Condition = { shape: [], type: "int32" };
  const cases: readonly [string, Layer, Shape, { type?: Type; told?: Condition }][] = [
    [
      "of a conditional generator of pictures",
      chain(
        pixelNorm(),
        joinCondition(embedding(3, 4)),
        equalized(linear(16)),
        unflatten(4, 2, 2),
        conditionalBatchNorm({ classes: 3 }),
        gelu,
        selfAttention({ reduce: 2 }),
        spectralNorm(deconv(4)),
        groupNorm(2),
        instanceNorm(),
        averagePooling(2),
        conv(2),
      ),
      [5],
      { told: labels },
    ],
    [
      "of a generator of sound",
      chain(linear(8), unflatten(2, 4), deconv1d(2), layerNorm(), conv1d(1)),
      [3],
      {},
    ],
    ["of a generator of volumes", chain(unflatten(2, 2, 1, 1), deconv3d(2)), [4], {}],
    ["of sequences", chain(gru(3), rnn(2), layerNorm({ axes: 1 })), [4, 2], {}],
    [
      "of words",
      chain(embedding(5, 3), gru(2, { output: "last" }), softmax),
      [4],
      { type: "int32" },
    ],
    ["of a judge", chain(conv(3), globalSum(), minibatchDiscrimination(2)), [2, 3, 3], {}],
  ];

  test.each(cases)("%s", async (_, layer, shape, { type = "float32", told }) => {
    const built = layer.build(shape, told);
    const net = (b: number) => {
      const x = input("x", [b, ...shape], type);
      const condition = told && input("y", [b, ...told.shape], told.type);
      return apply(built, x, { training: false, ...(condition ? { condition } : {}) }).y;
    };
    const first = ([name, { shape: own }]: [string, Kept]) =>
      [name, initialValues(normalWith(0.5), { shape: own, name, seed: 1 }).map(Math.abs)] as const;
    const weights = Object.fromEntries(
      [built.parameters, built.state].flatMap(Object.entries<Kept>).map(first),
    );
    // A size that no other axis has, as the trainer takes it.
    const { model } = lower({ made: net(7919) }, { weights, freeBatch: true });
    const session = await openSession(model, { device: "cpu" });
    for (const b of [1, 4]) {
      const x = Array.from({ length: b * sizeOf(shape) }, (_, i) =>
        type === "int32" ? i % 5 : Math.sin(3 * i + 1),
      );
      const y = Array.from({ length: b }, (_, i) => i % 3);
      const feeds = {
        x:
          type === "int32"
            ? new DeviceTensor("int32", Int32Array.from(x), [b, ...shape])
            : new DeviceTensor("float32", Float32Array.from(x), [b, ...shape]),
        ...(told ? { y: new DeviceTensor("int32", Int32Array.from(y), [b]) } : {}),
      };
      const found = (await session.run(feeds)).made!;
      expect(found.dims).toEqual([b, ...built.output]);
      const [wanted] = evaluate([net(b)], { x, y, ...weights });
      expect(furthest(found.data as Float32Array, wanted!), `${b} items`).toBeLessThan(1e-4); // float32
    }
    await session.release();
  });
});
