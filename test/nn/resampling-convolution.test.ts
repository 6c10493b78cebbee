import { expect, test } from "vitest";
import { conv } from "../../src/nn/convolution.js";
import type { Layer } from "../../src/nn/layer.js";
import { doublingConv, halvingConv } from "../../src/nn/resampling-convolution.js";
import { Random } from "../../src/shape/random.js";
import { type Shape, sizeOf } from "../../src/shape/shape.js";
import { averagePool, resize } from "../../src/tensor/pictures.js";
import { evaluate } from "../../src/tensor/reference.js";
import { constant, type Tensor } from "../../src/tensor/tensor.js";

const random = new Random({ seed: 4, purpose: "test" });
const any = (...shape: Shape): Tensor =>
  constant(
    Array.from({ length: sizeOf(shape) }, () => random.normal()),
    { shape },
  );

const given: Readonly<Record<string, Tensor>> = { weight: any(3, 2, 3, 3), bias: any(3) };

function made(layer: Layer, x: Tensor): Tensor {
  return layer.build(x.shape.slice(1)).apply(x, {
    parameter: (name) => given[name]!,
    state: (name) => given[name]!,
    update: () => undefined,
    training: true,
    condition: undefined,
    uniform: () => x,
  });
}

/** The largest difference of two tensors of one shape. */
function apart(a: Tensor, b: Tensor): number {
  expect(a.shape).toEqual(b.shape);
  const [left, right] = evaluate([a, b]);
  return left!.reduce((most, v, i) => Math.max(most, Math.abs(v - right![i]!)), 0);
}

test("a doubling convolution is nearest neighbours, then a convolution, to the edge", () => {
  const x = any(2, 2, 3, 4);
  const twice = resize(x, [6, 8], { filter: "nearest" });
  expect(apart(made(doublingConv(3), x), made(conv(3), twice))).toBeLessThan(1e-12);
});

test("a halving convolution is a convolution, then means, to the edge", () => {
  const x = any(2, 2, 6, 4);
  const half = averagePool(made(conv(3), x), { kernel: 2 });
  expect(apart(made(halvingConv(3), x), half)).toBeLessThan(1e-12);
});
