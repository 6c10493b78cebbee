import { elu, gelu, logSoftmax, silu, softmax } from "../../src/nn/activations.js";
import { adaptiveInstanceNorm } from "../../src/nn/adain.js";
import { selfAttention } from "../../src/nn/attention.js";
import { batchNorm } from "../../src/nn/batch-norm.js";
import { circularFields, seenThrough } from "../../src/nn/circular-fields.js";
import { conditionalBatchNorm } from "../../src/nn/conditional-batch-norm.js";
import { conv, conv1d, conv3d, deconv, deconv1d, deconv3d } from "../../src/nn/convolution.js";
import { dropout } from "../../src/nn/dropout.js";
import { embedding } from "../../src/nn/embedding.js";
import { equalized } from "../../src/nn/equalized.js";
import { gaussianNoise } from "../../src/nn/gaussian-noise.js";
import { joinCondition } from "../../src/nn/join-condition.js";
import type { Condition, Layer, Scope } from "../../src/nn/layer.js";
import { linear } from "../../src/nn/linear.js";
import { linearEach, others } from "../../src/nn/linear-each.js";
import { mappingNetwork } from "../../src/nn/mapping.js";
import { minibatchDeviation, minibatchDiscrimination } from "../../src/nn/minibatch.js";
import { noisyLinear } from "../../src/nn/noisy-linear.js";
import { groupNorm, instanceNorm, layerNorm, pixelNorm } from "../../src/nn/norms.js";
import { patchDiscriminator } from "../../src/nn/patch-discriminator.js";
import { averagePooling, globalAverage, globalSum, maxPooling } from "../../src/nn/pools.js";
import { gru, gruCell, rnn, rnnCell } from "../../src/nn/recurrent.js";
import { doublingConv, halvingConv } from "../../src/nn/resampling-convolution.js";
import { spectralNorm } from "../../src/nn/spectral-norm.js";
import { styleEpilogue } from "../../src/nn/style-epilogue.js";
import { uNet } from "../../src/nn/u-net.js";
import { virtualBatchNorm } from "../../src/nn/virtual-batch-norm.js";
import { weightNorm } from "../../src/nn/weight-norm.js";
import type { Shape } from "../../src/shape/shape.js";
import { zeros } from "../../src/tensor/operations.js";
import { constant, type Tensor } from "../../src/tensor/tensor.js";
import type { Case, Given } from "../support/cases.js";

export const normal = (...shape: Shape): Given => ({
  shape,
  type: "float32",
  draw: (random) => random.normal(),
});
/** Uniform numbers between two bounds. */
export const uniform = (low: number, high: number, ...shape: Shape): Given => ({
  shape,
  type: "float32",
  draw: (random) => low + (high - low) * random.uniform(),
});
/** int32 numbers below n. */
const labels = (n: number, ...shape: Shape): Given => ({
  shape,
  type: "int32",
  draw: (random) => random.integer(n),
});

interface Around {
  readonly shape: Shape;
  readonly batch?: number;
  /** When sampling, the state is given too. */
  readonly training?: boolean;
  /** Labels in place of numbers as its input. */
  readonly classes?: number;
  /** What the network is told, batch included. */
  readonly told?: Given;
  /** Uniform numbers that it asks for. */
  readonly chance?: Given;
}

/** A layer as a function of a batch, of every parameter, and of all else that its output depends on. */
export function ofLayer(name: string, layer: Layer, around: Around): Case {
  const { shape, batch = 3, training = true, classes, told, chance } = around;
  const condition: Condition | undefined = told && { shape: told.shape.slice(1), type: told.type };
  const built = layer.build(shape, condition);
  const kept = [built.parameters, training ? {} : built.state].flatMap(Object.entries);
  const items = classes === undefined ? normal(batch, ...shape) : labels(classes, batch, ...shape);
  const numbers = kept.map(([key, { shape: own }]) =>
    key.endsWith("variance") ? uniform(0.5, 2, ...own) : normal(...own),
  );
  const others = [told, chance].filter((g) => g !== undefined);
  return {
    name,
    given: [items, ...others, ...numbers],
    build(x, ...rest) {
      const [y, u] = [told && rest[0]!, chance && rest[told === undefined ? 0 : 1]!];
      const known = new Map(kept.map(([key], i) => [key, rest[i + others.length]!]));
      const find = (key: string): Tensor => {
        const tensor = known.get(key);
        if (tensor === undefined) throw new Error(`${key} is not given`);
        return tensor;
      };
      const scope: Scope = {
        parameter: find,
        // While training only what is written depends on the state that was.
        state: (key) => (training ? zeros(built.state[key]!.shape) : find(key)),
        update: () => undefined,
        training,
        condition: y,
        uniform: () => u!,
      };
      return built.apply(x!, scope);
    },
  };
}

const unary = (f: (x: Tensor) => Tensor): readonly Case[] => [
  { name: "[3 4]", given: [normal(3, 4)], build: (x) => f(x!) },
];

const picture: Shape = [4, 3, 2];

/** At least one case for each layer beyond the first few, and each activation. */
export const layerCases: Readonly<Record<string, readonly Case[]>> = {
  conv1d: [
    ofLayer("3", conv1d(3), { shape: [2, 5], batch: 2 }),
    ofLayer("stride 2, 2 groups", conv1d(2, { kernel: 4, stride: 2, groups: 2, bias: false }), {
      shape: [4, 6],
      batch: 2,
    }),
  ],
  conv3d: [ofLayer("3×3×3", conv3d(2), { shape: [1, 3, 2, 2], batch: 2 })],
  deconv1d: [
    ofLayer("4 ×2", deconv1d(2), { shape: [3, 3], batch: 2 }),
    ofLayer("output padding", deconv1d(1, { kernel: 5, stride: 4 }), { shape: [2, 2], batch: 2 }),
  ],
  deconv3d: [ofLayer("4×4×4 ×2", deconv3d(1), { shape: [2, 2, 1, 2], batch: 1 })],

  linearEach: [
    ofLayer("2 units", linearEach(3), { shape: [2, 4], batch: 3 }),
    ofLayer("no bias", linearEach(1, { bias: false }), { shape: [3, 2], batch: 2 }),
  ],
  others: [ofLayer("of 4", others(), { shape: [4], batch: 2 })],
  seenThrough: [
    {
      name: "two windows of each picture",
      given: [normal(2, 2, 15, 15)],
      // Places are steps from pixel to pixel, and have no slope.
      build: (x) =>
        seenThrough(
          circularFields({ units: 2, area: 12, spacing: 1 }),
          x!,
          constant([0.2, 0.9, 0.1, 0.5, 0.3, 0.6, 0.8, 0.4, 0.9, 0, 0, 0], { shape: [2, 2, 3] }),
        ),
    },
  ],

  conditionalBatchNorm: [
    ofLayer("of labels, training", conditionalBatchNorm({ classes: 2 }), {
      shape: [2, 2, 2],
      told: labels(2, 3),
    }),
    ofLayer("of numbers, training", conditionalBatchNorm(), { shape: [3, 2], told: normal(3, 2) }),
    ofLayer("of numbers, sampling", conditionalBatchNorm(), {
      shape: [3, 2],
      told: normal(3, 2),
      training: false,
    }),
  ],
  joinCondition: [
    ofLayer("labels beside points", joinCondition(embedding(3, 2)), {
      shape: [2],
      told: labels(3, 3),
    }),
    ofLayer("numbers beside pictures", joinCondition(), { shape: [1, 2, 2], told: normal(3, 2) }),
  ],
  noisyLinear: [
    ofLayer("told more than it takes", noisyLinear(2, { from: 1 }), {
      shape: [4],
      told: normal(3, 4),
    }),
  ],
  instanceNorm: [
    ofLayer("plain", instanceNorm(), { shape: picture }),
    ofLayer("affine", instanceNorm({ affine: true, eps: 0.1 }), { shape: [2, 4] }),
  ],
  adaptiveInstanceNorm: [
    ofLayer("told 3 numbers", adaptiveInstanceNorm({ eps: 0.1 }), {
      shape: [2, 2, 3],
      batch: 2,
      told: normal(2, 3),
    }),
  ],
  styleEpilogue: [
    ofLayer("2 numbers of style, 6 of noise", styleEpilogue(), {
      shape: [2, 2, 3],
      batch: 2,
      told: normal(2, 8),
    }),
  ],
  doublingConv: [ofLayer("2", doublingConv(2), { shape: [2, 2, 3], batch: 2 })],
  halvingConv: [ofLayer("2", halvingConv(2, { bias: false }), { shape: [1, 4, 2], batch: 2 })],
  mappingNetwork: [
    ofLayer("2 layers", mappingNetwork({ width: 3, layers: 2, multiplier: 0.5 }), { shape: [2] }),
  ],
  layerNorm: [
    ofLayer("of all", layerNorm(), { shape: [2, 3] }),
    ofLayer("of the last axis, plain", layerNorm({ axes: 1, affine: false }), { shape: [2, 3] }),
  ],
  groupNorm: [
    ofLayer("2 groups", groupNorm(2), { shape: picture }),
    ofLayer("plain", groupNorm(2, { affine: false }), { shape: [6] }),
  ],
  pixelNorm: [ofLayer("of pictures", pixelNorm(), { shape: picture, batch: 2 })],

  spectralNorm: [
    ofLayer("linear", spectralNorm(linear(3)), { shape: [4], training: false }),
    ofLayer("conv", spectralNorm(conv(2)), { shape: [2, 3, 2], batch: 1, training: false }),
    ofLayer("deconv", spectralNorm(deconv(2)), { shape: [3, 1, 2], batch: 1, training: false }),
  ],
  weightNorm: [
    ofLayer("linear", weightNorm(linear(3)), { shape: [4] }),
    ofLayer("conv", weightNorm(conv(2)), { shape: [2, 3, 2], batch: 1 }),
    ofLayer("deconv", weightNorm(deconv(2)), { shape: [3, 1, 2], batch: 1 }),
  ],
  virtualBatchNorm: [
    ofLayer("3 beside 2", virtualBatchNorm(2), { shape: [3, 2], batch: 5 }),
    ofLayer("sampling", virtualBatchNorm(2), { shape: [3, 2], batch: 2, training: false }),
  ],
  gaussianNoise: [
    ofLayer("0.3", gaussianNoise(0.3), {
      shape: [4],
      chance: { shape: [3, 2, 4], type: "float32", draw: (r) => 0.1 + 0.8 * r.uniform() },
    }),
  ],
  equalized: [
    ofLayer("linear", equalized(linear(3), { gain: 1, multiplier: 0.5 }), { shape: [4] }),
    ofLayer("conv without bias", equalized(conv(2, { bias: false })), { shape: [1, 2, 2] }),
  ],

  minibatchDiscrimination: [
    ofLayer("3 features", minibatchDiscrimination(3, { width: 2 }), { shape: [4], batch: 4 }),
  ],
  minibatchDeviation: [
    ofLayer("groups of 2", minibatchDeviation({ group: 2, features: 2 }), {
      shape: [4, 2, 1],
      batch: 4,
    }),
    ofLayer("of points", minibatchDeviation(), { shape: [3] }),
  ],
  selfAttention: [ofLayer("reduced by 2", selfAttention({ reduce: 2 }), { shape: [4, 2, 2] })],
  dropout: [
    ofLayer("30 %", dropout(0.3), { shape: [5], chance: uniform(0, 1, 3, 5) }),
    ofLayer("sampling", dropout(), { shape: [5], training: false }),
  ],
  uNet: [
    ofLayer("training", uNet({ widths: [2, 3], channels: 1 }), {
      shape: [2, 4, 4],
      batch: 2,
      chance: uniform(0, 1, 2, 2, 2, 2),
    }),
    ofLayer("told its drops", uNet({ widths: [2, 3], channels: 1 }), {
      shape: [2, 4, 4],
      batch: 2,
      told: normal(2, 8),
    }),
  ],
  patchDiscriminator: [
    ofLayer("16×16", patchDiscriminator({ field: 16, width: 2 }), { shape: [2, 8, 8], batch: 2 }),
    ofLayer("1×1", patchDiscriminator({ field: 1, width: 2 }), { shape: [2, 3, 2], batch: 2 }),
  ],
  rnn: [
    ofLayer("every state", rnn(3), { shape: [3, 2], batch: 2 }),
    ofLayer("last state", rnn(2, { output: "last" }), { shape: [2, 2], batch: 2 }),
  ],
  gru: [
    ofLayer("every state", gru(2), { shape: [3, 2], batch: 2 }),
    ofLayer("last state", gru(2, { output: "last" }), { shape: [2, 3], batch: 2 }),
  ],
  rnnCell: [ofLayer("one step", rnnCell(3), { shape: [2], told: normal(3, 3) })],
  gruCell: [ofLayer("one step", gruCell(2), { shape: [3], told: normal(3, 2) })],
  embedding: [
    ofLayer("labels", embedding(4, 3), { shape: [], batch: 5, classes: 4 }),
    ofLayer("sequences", embedding(3, 2), { shape: [2], classes: 3 }),
  ],
  averagePooling: [
    ofLayer("2", averagePooling(2), { shape: [1, 4, 5], batch: 2 }),
    ofLayer("3 by 2", averagePooling(3, { stride: 2 }), { shape: [1, 5, 5], batch: 2 }),
  ],
  maxPooling: [ofLayer("3 by 2", maxPooling(3, { stride: 2 }), { shape: [1, 5, 5], batch: 2 })],
  globalAverage: [ofLayer("of pictures", globalAverage(), { shape: picture })],
  globalSum: [ofLayer("of rows", globalSum(), { shape: [3, 4] })],
  batchNorm: [ofLayer("sampling", batchNorm(), { shape: [3, 2], training: false })],

  elu: unary(elu),
  gelu: unary(gelu),
  silu: unary(silu),
  softmax: [
    ...unary(softmax),
    { name: "along 0", given: [normal(3, 4)], build: (x) => softmax(x!, 0) },
  ],
  logSoftmax: unary(logSoftmax),
};
