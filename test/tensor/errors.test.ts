import { expect, test } from "vitest";
import { ShapeError } from "../../src/shape/error.js";
import {
  convolution,
  convolutionWeightGradient,
  transposedConvolution,
} from "../../src/tensor/convolution.js";
import { gradients } from "../../src/tensor/gradients.js";
import * as op from "../../src/tensor/operations.js";
import * as pictures from "../../src/tensor/pictures.js";
import { constant, input, Tensor } from "../../src/tensor/tensor.js";

const float = (...shape: number[]): Tensor => input("x", shape);
const integer = (...shape: number[]): Tensor => input("i", shape, "int32");
const truth = (...shape: number[]): Tensor => input("t", shape, "bool");

/** The texts of errors, one below the other. */
function texts(...actions: readonly (() => unknown)[]): string {
  const written = actions.map((action) => {
    try {
      action();
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
      expect(error.message.split("\n")[0]!.length).toBeLessThanOrEqual(80);
      return error.message;
    }
    throw new Error(`no error from ${action}`);
  });
  return `\n${written.join("\n\n")}\n`;
}

test("elementwise", () => {
  expect(
    texts(
      () => op.exp(integer(2)),
      () => op.relu(truth(2, 3)),
      () => float(2, 3).plus(float(4)),
      () => float(2).minus(integer(2)),
      () => truth(2).times(truth(2)),
      () => float(2).over(float(3)),
      () => op.maximum(float(2), float(3)),
      () => op.minimum(float(2), float(3)),
      () => op.greater(float(2), float(3)),
      () => op.equal(float(2), integer(2)),
      () => op.and(truth(2), float(2)),
      () => op.and(truth(2), truth(3)),
      () => op.not(float(2)),
      () => op.select(float(2), float(2), float(2)),
      () => op.select(truth(2), float(2), integer(2)),
      () => op.select(truth(2), float(3), float(1)),
    ),
  ).toMatchInlineSnapshot(`
    "
    exp: needs float32, has int32
      input  [2]

    relu: needs float32, has bool
      input  [2 3]

    plus: shapes do not broadcast
      left   [2 3]
      right  [4]

    minus: types differ, float32 and int32
      left   [2]
      right  [2]

    times: needs numbers, has bool
      left   [2]
      right  [2]

    over: shapes do not broadcast
      left   [2]
      right  [3]

    maximum: shapes do not broadcast
      left   [2]
      right  [3]

    minimum: shapes do not broadcast
      left   [2]
      right  [3]

    greater: shapes do not broadcast
      left   [2]
      right  [3]

    equal: types differ, float32 and int32
      left   [2]
      right  [2]

    and: needs bool, has float32
      left   [2]
      right  [2]

    and: shapes do not broadcast
      left   [2]
      right  [3]

    not: needs bool, has float32
      input  [2]

    select: needs bool, has float32
      input  [2]

    select: types differ, float32 and int32
      left   [2]
      right  [2]

    select: shapes do not broadcast
      condition  [2]
      branches   [3]
    "
  `);
});

test("reductions", () => {
  expect(
    texts(
      () => op.sum(float(2, 3), { axes: [2] }),
      () => op.max(float(2, 3), { axes: [-3] }),
      () => op.mean(float(2, 3), { axes: [5] }),
      () => op.sum(truth(2)),
      () => op.argMax(float(2, 3), 2),
      () => new Tensor("sum", [float(2, 3)], { axes: [4] }),
      () => new Tensor("argMax", [float(2, 3)], { axis: -1 }),
    ),
  ).toMatchInlineSnapshot(`
    "
    sum: no axis 2
      input  [2 3]

    max: no axis -3
      input  [2 3]

    mean: no axis 5
      input  [2 3]

    sum: needs numbers, has bool
      input  [2]

    argMax: no axis 2
      input  [2 3]

    sum: no axis 4
      input  [2 3]

    argMax: no axis -1
      input  [2 3]
    "
  `);
});

test("form", () => {
  expect(
    texts(
      () => constant([1, 2, 3], { shape: [2, 2] }),
      () => op.reshape(float(2, 3), [4]),
      () => op.transpose(float(2, 3), [0, 0]),
      () => op.transpose(float(2, 3), [0, 1, 2]),
      () => op.broadcast(float(2, 3), [4, 3]),
      () => op.broadcast(float(2, 3), [3]),
      () => op.slice(float(4, 5), [{ start: 3, end: 2 }]),
      () => op.slice(float(4, 5), [undefined, { end: 6, step: 2 }]),
      () => new Tensor("slice", [float(4, 5)], { starts: [0], ends: [4], steps: [1] }),
      () => op.reverse(float(2, 3), [2]),
      () => new Tensor("reverse", [float(2, 3)], { axes: [2] }),
      () => op.pad(float(2, 3), { before: [1] }),
      () => op.pad(float(2, 3), { after: [0, -1] }),
      () => op.concatenate([]),
      () => op.concatenate([float(2, 3), float(2, 4)]),
      () => op.concatenate([float(2), integer(2)]),
      () => op.concatenate([float(2), float(2)], 1),
      () => op.gather(float(3, 2), float(2)),
      () => op.gather(float(3, 2), integer(2), 2),
      () => new Tensor("gather", [float(3, 2), integer(2)], { axis: 7 }),
      () => op.scatterAdd(float(3, 2), integer(2), { axis: 0, size: 4 }),
      () => op.scatterAdd(integer(3), integer(3), { axis: 0, size: 4 }),
    ),
  ).toMatchInlineSnapshot(`
    "
    constant: 3 values do not fill 4 places
      shape  [2 2]

    reshape: 6 elements do not fill 4 places
      from  [2 3]
      to    [4]

    transpose: order [0 0] does not name each axis once
      input  [2 3]

    transpose: order [0 1 2] does not name each axis once
      input  [2 3]

    broadcast: shape cannot be reached
      from  [2 3]
      to    [4 3]

    broadcast: shape cannot be reached
      from  [2 3]
      to    [3]

    slice: axis 0 has no 3 to 2 by 1
      input  [4 5]

    slice: axis 1 has no 0 to 6 by 2
      input  [4 5]

    slice: needs a range for every axis
      input  [4 5]

    reverse: no axis 2
      input  [2 3]

    reverse: no axis 2
      input  [2 3]

    pad: widths [1] do not fit
      input  [2 3]

    pad: widths [0 -1] do not fit
      input  [2 3]

    concatenate: needs a tensor

    concatenate: only axis 0 may differ
      left   [2 3]
      right  [2 4]

    concatenate: types differ, float32 and int32
      left   [2]
      right  [2]

    concatenate: no axis 1
      input  [2]

    gather: needs int32 indices, has float32
      input  [3 2]

    gather: no axis 2
      input  [3 2]

    gather: no axis 7
      input  [3 2]

    scatterAdd: indices do not fit values from axis 0 on
      left   [3 2]
      right  [2]

    scatterAdd: needs float32, has int32
      input  [3]
    "
  `);
});

test("products", () => {
  const options = {
    strides: [1, 1],
    padding: [
      [0, 0],
      [0, 0],
    ],
    dilations: [1, 1],
    groups: 1,
  } as const; // prettier-ignore
  expect(
    texts(
      () => op.matmul(float(64, 100), float(128, 512)),
      () => op.matmul(float(3, 2, 4), float(5, 6)),
      () => op.matmul(float(3), float(3, 2)),
      () => op.matmul(float(2, 3, 4), float(5, 4, 2)),
      () => op.matmul(integer(2, 3), float(3, 2)),
      () => convolution(float(1, 3, 8), float(4, 3, 3, 3)),
      () => convolution(float(1, 3, 8, 8), float(4, 2, 3, 3)),
      () => convolution(float(1, 4, 8, 8), float(4, 4, 3, 3), { groups: 2 }),
      () => convolution(float(1, 3, 2, 8), float(4, 3, 3, 3)),
      () => convolution(float(1, 3, 8, 8), float(4, 3, 3, 3), { stride: [2] }),
      () => convolution(float(1, 3, 8, 8), integer(4, 3, 3, 3)),
      () => transposedConvolution(float(1, 3, 4, 4), float(4, 2, 3, 3)),
      () => transposedConvolution(float(1, 3, 4, 4), float(3, 2, 3)),
      () => transposedConvolution(float(1, 3, 4, 4), float(3, 2, 3, 3), { outputPadding: 1 }),
      () =>
        convolutionWeightGradient(float(2, 3, 4, 4), float(2, 5, 4, 4), {
          ...options,
          kernel: [3, 3],
        }),
    ),
  ).toMatchInlineSnapshot(`
    "
    matmul: inner sizes differ, 100 ≠ 128
      left   [64 100]   m k
      right  [128 512]  k n

    matmul: inner sizes differ, 4 ≠ 5
      left   [3 2 4]  … m k
      right  [5 6]    k n

    matmul: needs two axes
      left   [3]
      right  [3 2]

    matmul: leading axes do not broadcast
      left   [2 3 4]
      right  [5 4 2]

    matmul: needs float32, has int32
      left   [2 3]
      right  [3 2]

    convolution: ranks differ or are below 3
      input   [1 3 8]    b c …
      weight  [4 3 3 3]  out c/groups …

    convolution: 3 channels do not meet a weight for 2
      input   [1 3 8 8]  b c …
      weight  [4 2 3 3]  out c/groups …

    convolution: 4 channels do not meet a weight for 8 in 2 groups
      input   [1 4 8 8]  b c …
      weight  [4 4 3 3]  out c/groups …

    convolution: kernel is larger than the padded input
      input   [1 3 2 8]  b c …
      weight  [4 3 3 3]  out c/groups …

    convolution: needs 2 strides
      input   [1 3 8 8]  b c …
      weight  [4 3 3 3]  out c/groups …

    convolution: needs float32, has int32
      left   [1 3 8 8]
      right  [4 3 3 3]

    transposed convolution: 3 channels do not meet a weight for 4
      input   [1 3 4 4]  b c …
      weight  [4 2 3 3]  c out/groups …

    transposed convolution: ranks differ or are below 3
      input   [1 3 4 4]  b c …
      weight  [3 2 3]    c out/groups …

    transposed convolution: an output of [7 7] has no such input
      input   [1 3 4 4]  b c …
      weight  [3 2 3 3]  c out/groups …

    convolution weight gradient: a kernel of [3 3] does not join these
      input   [2 3 4 4]
      output  [2 5 4 4]
    "
  `);
});

test("gradients", () => {
  expect(
    texts(
      () => gradients(float(2, 3), []),
      () => gradients(integer(), []),
    ),
  ).toMatchInlineSnapshot(`
    "
    gradients: needs a float32 scalar
      loss  float32 [2 3]
      hint  take the mean or the sum

    gradients: needs a float32 scalar
      loss  int32 []
    "
  `);
});

test("pictures", () => {
  expect(
    texts(
      () => pictures.averagePool(float(3, 8, 8), { kernel: 2 }),
      () => pictures.maxPool(float(1, 3, 4, 8), { kernel: 5 }),
      () => pictures.resize(float(1, 3, 4, 4), 0, { filter: "bilinear" }),
      () => pictures.pixelShuffle(float(1, 6, 4, 4), 2),
      () => pictures.pixelUnshuffle(float(1, 6, 5, 4), 2),
      () => pictures.pad2d(float(1, 3, 4, 4), { columns: [4, 0], mode: "reflect" }),
      () => pictures.pad2d(float(1, 3, 4, 4), { rows: [0, 5], mode: "wrap" }),
      () => pictures.blur(float(4, 4), [1]),
    ),
  ).toMatchInlineSnapshot(`
    "
    averagePool: needs 4 axes, has 3
      input  [3 8 8]  b c h w

    maxPool: a window of [5 5] does not fit
      input  [1 3 4 8]

    resize: no picture has a size of [0 0]
      input  [1 3 4 4]

    pixelShuffle: 6 channels do not split into 4 parts
      input  [1 6 4 4]

    pixelUnshuffle: sides are not multiples of 2
      input  [1 6 5 4]

    pad2d: reflect reaches at most 3 pixels, not 4
      input  [1 3 4 4]

    pad2d: wrap reaches at most 4 pixels, not 5
      input  [1 3 4 4]

    blur: needs 4 axes, has 2
      input  [4 4]  b c h w
    "
  `);
});
