import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { type Shape, sizeOf } from "../../src/shape/shape.js";
import {
  type ConvolutionSettings,
  convolution,
  type TransposedSettings,
  transposedConvolution,
} from "../../src/tensor/convolution.js";
import { gradients } from "../../src/tensor/gradients.js";
import {
  gather,
  leakyRelu,
  logSigmoid,
  logSumExp,
  matmul,
  maximum,
  power,
  sigmoid,
  softplus,
  square,
  sum,
  tanh,
} from "../../src/tensor/operations.js";
import {
  averagePool,
  maxPool,
  pad2d,
  pixelShuffle,
  pixelUnshuffle,
  resize,
} from "../../src/tensor/pictures.js";
import { evaluate } from "../../src/tensor/reference.js";
import { constant, input, type Tensor } from "../../src/tensor/tensor.js";
import { devices, furthest, jobOf, type Result } from "../support/devices.js";

interface Golden {
  readonly name: string;
  readonly inputs: readonly { readonly shape: Shape; readonly values: readonly number[] }[];
  readonly output: { readonly shape: Shape; readonly values: readonly number[] };
  readonly gradients: readonly (readonly number[])[];
  readonly penalty: number;
  readonly penaltyGradients: readonly (readonly number[])[];
}

const file = new URL("../golden/tensor.json", import.meta.url);
const { cases: goldens } = JSON.parse(readFileSync(file, "utf8")) as {
  readonly cases: readonly Golden[];
};

type Build = (a: Tensor, b: Tensor) => Tensor;
const conv =
  (settings: ConvolutionSettings): Build =>
  (x, w) =>
    convolution(x, w, settings);
const back =
  (settings: TransposedSettings): Build =>
  (x, w) =>
    transposedConvolution(x, w, settings);
const frame =
  (mode: "reflect" | "edge" | "wrap"): Build =>
  (x) =>
    pad2d(x, { rows: [1, 2], columns: [2, 0], mode });

/** Ours, under the names that the script gives them. */
const ours: Readonly<Record<string, Build>> = {
  "convolution 1D, stride 2, padding 2, dilation 2": conv({ stride: 2, padding: 2, dilation: 2 }),
  "convolution 2D, 4 x 4, stride 2, padding 1": conv({ stride: 2, padding: 1 }),
  "convolution 2D, stride that leaves rows over": conv({ stride: [2, 3] }),
  "convolution 2D, 2 groups, padding per axis": conv({ padding: [1, 0], groups: 2 }),
  "convolution 2D, depthwise": conv({ padding: 1, groups: 3 }),
  "convolution 3D, stride and padding per axis": conv({ stride: [1, 2, 2], padding: [1, 0, 1] }),
  "transposed convolution 1D, stride 3, output padding 2": back({
    stride: 3,
    padding: 1,
    outputPadding: 2,
  }),
  "transposed convolution 2D, 4 x 4, stride 2, padding 1": back({ stride: 2, padding: 1 }),
  "transposed convolution 2D, 3 x 3, stride 2, padding 1, output padding 1": back({
    stride: 2,
    padding: 1,
    outputPadding: 1,
  }),
  "transposed convolution 2D, 2 groups, dilation 2": back({ dilation: 2, groups: 2 }),
  "transposed convolution 3D, stride 2, padding 1": back({ stride: 2, padding: 1 }),
  "resize bilinear to 6 x 8": (x) => resize(x, [6, 8], { filter: "bilinear" }),
  "resize bilinear to 5 x 3": (x) => resize(x, [5, 3], { filter: "bilinear" }),
  "resize bilinear to 2 x 9": (x) => resize(x, [2, 9], { filter: "bilinear" }),
  "resize bicubic to 6 x 8": (x) => resize(x, [6, 8], { filter: "bicubic" }),
  "resize bicubic to 5 x 3": (x) => resize(x, [5, 3], { filter: "bicubic" }),
  "resize bicubic to 2 x 9": (x) => resize(x, [2, 9], { filter: "bicubic" }),
  "resize nearest-exact to 6 x 8": (x) => resize(x, [6, 8], { filter: "nearest" }),
  "resize nearest-exact to 5 x 3": (x) => resize(x, [5, 3], { filter: "nearest" }),
  "resize nearest-exact to 2 x 9": (x) => resize(x, [2, 9], { filter: "nearest" }),
  "average pool 2": (x) => averagePool(x, { kernel: 2 }),
  "average pool 3, stride 2": (x) => averagePool(x, { kernel: 3, stride: 2 }),
  "max pool 2": (x) => maxPool(x, { kernel: 2 }),
  "max pool 3, stride 2": (x) => maxPool(x, { kernel: 3, stride: 2 }),
  "pixel shuffle 2": (x) => pixelShuffle(x, 2),
  "pixel unshuffle 2": (x) => pixelUnshuffle(x, 2),
  "pad reflect": frame("reflect"),
  "pad edge": frame("edge"),
  "pad wrap": frame("wrap"),
  softplus,
  "log sigmoid": logSigmoid,
  "log sum exp over the last axis": (x) => logSumExp(x, { axes: [1] }),
  "leaky relu": (x) => leakyRelu(x),
  tanh,
  sigmoid,
  "power 1.5": (x) => power(x, 1.5),
  "quotient that broadcasts": (a, b) => a.over(b),
  maximum,
  "matrix product of batches": matmul,
  "rows by index": (x) => gather(x, constant(Int32Array.of(2, 0, 2))),
};

interface Ours {
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly feeds: Readonly<Record<string, readonly number[]>>;
  readonly expected: Readonly<Record<string, readonly number[]>>;
}

/** The same value, gradients and penalty that the script computes. */
function graphOf(golden: Golden): Ours {
  const xs = golden.inputs.map(({ shape }, i) => input(`x${i}`, shape));
  const value = ours[golden.name]!(xs[0]!, xs[1]!);
  expect(value.shape).toEqual(golden.output.shape);
  const w = Array.from({ length: sizeOf(value.shape) }, (_, i) => Math.cos(0.7 * i + 0.3));
  const weighted = sum(value.times(constant(w, { shape: value.shape })));
  const bent = weighted.plus(sum(power(value, 3).times(1 / 8)));
  const penalty = gradients(bent, xs)
    .map((g) => sum(square(g)))
    .reduce((total, part) => total.plus(part));
  const list = (name: string, tensors: readonly Tensor[]) =>
    tensors.map((x, i) => [`${name} ${i}`, x] as const);
  const values = (name: string, numbers: readonly (readonly number[])[]) =>
    numbers.map((n, i) => [`${name} ${i}`, n] as const);
  return {
    outputs: Object.fromEntries([
      ["value", value],
      ["penalty", penalty],
      ...list("gradient", gradients(weighted, xs)),
      ...list("penalty gradient", gradients(penalty, xs)),
    ]),
    // Nine digits name a float32 exactly, after rounding.
    feeds: Object.fromEntries(golden.inputs.map((x, i) => [`x${i}`, x.values.map(Math.fround)])),
    expected: Object.fromEntries([
      ["value", golden.output.values],
      ["penalty", [golden.penalty]],
      ...values("gradient", golden.gradients),
      ...values("penalty gradient", golden.penaltyGradients),
    ]),
  };
}

test("every golden case has a counterpart here, and the other way round", () => {
  expect(goldens.map((g) => g.name).sort()).toEqual(Object.keys(ours).sort());
});

describe("float64 reference against PyTorch", () => {
  test.each(goldens)("$name", (golden) => {
    const { outputs, feeds, expected } = graphOf(golden);
    const found = evaluate(Object.values(outputs), feeds);
    Object.keys(outputs).forEach((name, i) => {
      expect(furthest(found[i]!, expected[name]!), name).toBeLessThan(2e-8);
    });
  });
});

describe("CPU against PyTorch", () => {
  let results: readonly Result[] = [];
  beforeAll(async () => {
    const [cpu] = devices;
    results = await cpu!.run(
      goldens.map((golden) => {
        const { outputs, feeds } = graphOf(golden);
        return jobOf(golden.name, outputs, { feeds });
      }),
    );
  });

  test.each(goldens.map((golden, i) => ({ golden, i })))("$golden.name", ({ golden, i }) => {
    const { error, first } = results[i]!;
    expect(error).toBeUndefined();
    for (const [name, wanted] of Object.entries(graphOf(golden).expected)) {
      expect(furthest(first.outputs[name]!, wanted), name).toBeLessThan(5e-6);
    }
  });
});
