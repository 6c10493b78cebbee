import { describe, expect, test } from "vitest";
import { adaptiveInstanceNorm } from "../../src/nn/adain.js";
import { selfAttention } from "../../src/nn/attention.js";
import { conditionalBatchNorm } from "../../src/nn/conditional-batch-norm.js";
import { conv, conv1d, conv3d, deconv1d, deconv3d } from "../../src/nn/convolution.js";
import { dropout } from "../../src/nn/dropout.js";
import { embedding } from "../../src/nn/embedding.js";
import { equalized } from "../../src/nn/equalized.js";
import { joinCondition } from "../../src/nn/join-condition.js";
import { type Condition, chain, type Layer } from "../../src/nn/layer.js";
import { minibatchDeviation, minibatchDiscrimination } from "../../src/nn/minibatch.js";
import { groupNorm, instanceNorm, layerNorm, pixelNorm } from "../../src/nn/norms.js";
import { averagePooling, globalAverage, globalSum, maxPooling } from "../../src/nn/pools.js";
import { gru, gruCell, rnn, rnnCell } from "../../src/nn/recurrent.js";
import { doublingConv, halvingConv } from "../../src/nn/resampling-convolution.js";
import { spectralNorm } from "../../src/nn/spectral-norm.js";
import { styleEpilogue } from "../../src/nn/style-epilogue.js";
import { BelamyError } from "../../src/shape/error.js";
import type { Shape } from "../../src/shape/shape.js";
import { input } from "../../src/tensor/tensor.js";
import { apply } from "./apply.js";

/** The lines of the error that an action throws, as a user sees them. */
function linesOf(action: () => unknown): readonly string[] {
  try {
    action();
  } catch (error) {
    if (error instanceof BelamyError) return `${error.name}: ${error.message}`.split("\n");
    throw error;
  }
  throw new Error("nothing was thrown");
}

type Mistake = readonly [string, Layer, Shape, readonly string[], Condition?];

const mistakes: readonly Mistake[] = [
  [
    "a doubling convolution of rows",
    doublingConv(4),
    [3, 8],
    [
      "ShapeError: doublingConv: needs three axes besides the batch, has 2",
      "  input  [3 8]  c h w",
    ],
  ],
  [
    "a halving convolution of odd sides",
    halvingConv(4),
    [3, 8, 7],
    ["ShapeError: halvingConv: needs sides that can be halved", "  input  [3 8 7]  c h w"],
  ],
  [
    "an adaptive instance norm that is told labels",
    adaptiveInstanceNorm(),
    [4, 8, 8],
    [
      "ShapeError: adaptiveInstanceNorm: needs a condition of numbers [b n]",
      "  condition  int32 [b]",
    ],
    { shape: [], type: "int32" },
  ],
  [
    "an adaptive instance norm that is told nothing",
    adaptiveInstanceNorm(),
    [4, 8, 8],
    ["ShapeError: adaptiveInstanceNorm: needs a condition of numbers [b n]", "  condition  none"],
  ],
  [
    "a style's epilogue of rows",
    styleEpilogue(),
    [64],
    ["ShapeError: styleEpilogue: needs three axes besides the batch", "  input  [64]"],
    { shape: [80], type: "float32" },
  ],
  [
    "a style's epilogue that is told too little noise",
    styleEpilogue(),
    [4, 8, 8],
    [
      "ShapeError: styleEpilogue: needs a style and 64 numbers of noise",
      "  input      [4 8 8]",
      "  condition  [64]",
    ],
    { shape: [64], type: "float32" },
  ],
  [
    "conv1d on pictures",
    conv1d(4),
    [3, 8, 8],
    ["ShapeError: conv1d: needs two axes besides the batch, has 3", "  input  [3 8 8]  c l"],
  ],
  [
    "conv1d with a long kernel",
    conv1d(4, { kernel: 9, padding: 1 }),
    [3, 6],
    ["ShapeError: conv1d: kernel 9 is larger than the padded input, 8", "  input  [3 6]  c l"],
  ],
  [
    "conv3d on pictures",
    conv3d(4),
    [3, 8, 8],
    ["ShapeError: conv3d: needs four axes besides the batch, has 3", "  input  [3 8 8]  c d h w"],
  ],
  [
    "conv3d in groups",
    conv3d(3, { groups: 2 }),
    [2, 4, 4, 4],
    [
      "ShapeError: conv3d: 2 groups do not divide 3 channels of output",
      "  input  [2 4 4 4]  c d h w",
    ],
  ],
  [
    "deconv1d in groups",
    deconv1d(2, { groups: 2 }),
    [3, 4],
    ["ShapeError: deconv1d: 2 groups do not divide 3 channels", "  input  [3 4]  c l"],
  ],
  [
    "deconv3d with too much padding",
    deconv3d(4, { padding: 3 }),
    [3, 2, 1, 2],
    ["ShapeError: deconv3d: padding 3 leaves no output", "  input  [3 2 1 2]  c d h w"],
  ],
  [
    "instance norm of one number",
    instanceNorm(),
    [4, 1, 1],
    ["ShapeError: instanceNorm: needs two numbers or more in a channel", "  input  [4 1 1]  c …"],
  ],
  [
    "layer norm over more axes than there are",
    layerNorm({ axes: 3 }),
    [4, 2],
    ["ShapeError: layerNorm: needs 3 axes besides the batch, has 2", "  input  [4 2]"],
  ],
  [
    "layer norm of scalars",
    layerNorm(),
    [],
    ["ShapeError: layerNorm: needs 1 axis besides the batch, has 0", "  input  []"],
  ],
  [
    "group norm with a remainder",
    groupNorm(3),
    [4, 2, 2],
    ["ShapeError: groupNorm: 3 groups do not divide 4 channels", "  input  [4 2 2]  c …"],
  ],
  [
    "group norm of scalars",
    groupNorm(3),
    [],
    ["ShapeError: groupNorm: needs an axis besides the batch", "  input  []  c …"],
  ],
  [
    "pixel norm of scalars",
    pixelNorm(),
    [],
    ["ShapeError: pixelNorm: needs an axis besides the batch", "  input  []"],
  ],
  [
    "conditional batch norm of scalars",
    conditionalBatchNorm(),
    [],
    ["ShapeError: conditionalBatchNorm: needs an axis besides the batch", "  input  []"],
  ],
  [
    "conditional batch norm without a condition",
    conditionalBatchNorm({ classes: 3 }),
    [4],
    [
      "ShapeError: conditionalBatchNorm: needs labels or numbers as its network's condition",
      "  hint  give network(…) the option condition",
    ],
  ],
  [
    "conditional batch norm of labels without their number",
    conditionalBatchNorm(),
    [4],
    [
      "ConfigurationError: conditionalBatchNorm: needs to know how many classes there are",
      "  hint  pass conditionalBatchNorm({ classes: 10 })",
    ],
    { shape: [], type: "int32" },
  ],
  [
    "conditional batch norm told of pictures",
    conditionalBatchNorm(),
    [4],
    [
      "ShapeError: conditionalBatchNorm: needs a condition of labels [b] or numbers [b e]",
      "  condition  float32 [b 3 4 4]",
    ],
    { shape: [3, 4, 4], type: "float32" },
  ],
  [
    "joining no condition",
    joinCondition(),
    [4],
    [
      "ShapeError: joinCondition: needs its network's condition",
      "  hint  give network(…) the option condition",
    ],
  ],
  [
    "joining labels as they are",
    joinCondition(),
    [4],
    [
      "ShapeError: joinCondition: needs a step for int32",
      "  hint  pass joinCondition(embedding(classes, size))",
    ],
    { shape: [], type: "int32" },
  ],
  [
    "joining pictures",
    joinCondition(),
    [4],
    ["ShapeError: joinCondition: needs one axis besides the batch, is told 3", "  told  [3 4 4]"],
    { shape: [3, 4, 4], type: "float32" },
  ],
  [
    "joining to scalars",
    joinCondition(),
    [],
    ["ShapeError: joinCondition: needs an axis besides the batch", "  input  []"],
    { shape: [2], type: "float32" },
  ],
  [
    "spectral norm of a function",
    spectralNorm(pixelNorm()),
    [4],
    ["ConfigurationError: spectralNorm: pixel norm has no weight of its own"],
  ],
  [
    "spectral norm of a chain",
    spectralNorm(chain(conv(4))),
    [3, 8, 8],
    [
      "ConfigurationError: spectralNorm: chain has no weight of its own",
      "  hint  wrap the layers inside",
    ],
  ],
  [
    "equalized attention",
    equalized(selfAttention()),
    [8, 4, 4],
    [
      "ConfigurationError: equalized: self-attention has no weight of its own",
      "  hint  wrap the layers inside",
    ],
  ],
  [
    "minibatch discrimination of pictures",
    minibatchDiscrimination(4),
    [3, 8, 8],
    [
      "ShapeError: minibatchDiscrimination: needs one axis besides the batch",
      "  input  [3 8 8]",
      "  hint   put flatten before it",
    ],
  ],
  [
    "minibatch deviation with a remainder",
    minibatchDeviation({ features: 3 }),
    [4, 2, 2],
    ["ShapeError: minibatchDeviation: 3 features do not divide 4 channels", "  input  [4 2 2]"],
  ],
  [
    "minibatch deviation of scalars",
    minibatchDeviation(),
    [],
    ["ShapeError: minibatchDeviation: needs an axis besides the batch", "  input  []"],
  ],
  [
    "self-attention of points",
    selfAttention(),
    [8],
    ["ShapeError: selfAttention: needs three axes besides the batch, has 1", "  input  [8]  c h w"],
  ],
  [
    "self-attention with a remainder",
    selfAttention(),
    [12, 4, 4],
    ["ShapeError: selfAttention: 8 does not divide 12 channels", "  input  [12 4 4]  c h w"],
  ],
  [
    "self-attention whose convolutions do not fit",
    selfAttention({ conv: (out) => conv(out, { kernel: 7, padding: 0 }) }),
    [8, 4, 4],
    [
      "ShapeError: conv: kernel 7×7 is larger than the padded input, 4×4",
      "  input  [8 4 4]  c h w",
      "  in     f",
    ],
  ],
  [
    "rnn on points",
    rnn(4),
    [3],
    ["ShapeError: rnn: needs two axes besides the batch, has 1", "  input  [3]  t in"],
  ],
  [
    "gru on pictures",
    gru(4),
    [3, 8, 8],
    ["ShapeError: gru: needs two axes besides the batch, has 3", "  input  [3 8 8]  t in"],
  ],
  [
    "rnnCell of a sequence",
    rnnCell(4),
    [5, 3],
    ["ShapeError: rnnCell: needs one axis besides the batch, has 2", "  input  [5 3]  in"],
  ],
  [
    "gruCell that is told nothing",
    gruCell(4),
    [3],
    [
      "ShapeError: gruCell: is not told its state",
      "  input  [3]",
      "  hint   give network(…) the option condition: [4]",
    ],
  ],
  [
    "average pool of points",
    averagePooling(2),
    [3],
    ["ShapeError: averagePool: needs 4 axes, has 2", "  input  [1 3]  b c h w"],
  ],
  [
    "max pool of too little",
    maxPooling(3),
    [1, 2, 2],
    ["ShapeError: maxPool: a window of [3 3] does not fit", "  input  [1 1 2 2]"],
  ],
  [
    "global average of points",
    globalAverage(),
    [3],
    ["ShapeError: globalAverage: needs an axis besides the channels", "  input  [3]"],
  ],
  [
    "global sum of points",
    globalSum(),
    [3],
    ["ShapeError: globalSum: needs an axis besides the channels", "  input  [3]"],
  ],
];

describe("mistakes with layers, as they are told", () => {
  const named = mistakes.map(([name, layer, shape, text, condition]) => {
    return { name, layer, shape, text, condition };
  });
  test.each(named)("$name", ({ layer, shape, text, condition }) => {
    const said = linesOf(() => layer.build(shape, condition));
    expect(said).toEqual(text);
    // The first line, without the kind of error.
    expect(said[0]!.replace(/^\w+: /, "").length).toBeLessThanOrEqual(80);
  });

  test("an attention that would change the size", () => {
    const layer = selfAttention({ conv: (out) => conv(out, { kernel: 3, padding: 0 }) });
    expect(linesOf(() => layer.build([8, 4, 4]))).toEqual([
      "ShapeError: selfAttention: its convolutions change the shape",
      "  wanted  [1 4 4]",
      "  made    [1 2 2]",
      "  in      f",
    ]);
  });

  test("groups that do not divide a batch", () => {
    const built = minibatchDeviation({ group: 4 }).build([2, 3, 3]);
    expect(linesOf(() => apply(built, input("x", [6, 2, 3, 3])))).toEqual([
      "ShapeError: minibatchDeviation: groups of 4 do not divide a batch of 6",
      "  given  [6 2 3 3]",
    ]);
  });

  test("numbers for labels", () => {
    const built = embedding(10, 4).build([]);
    expect(linesOf(() => apply(built, input("x", [6])))).toEqual([
      "ShapeError: embedding: needs int32 labels, has float32",
      "  input  [6]",
    ]);
  });

  test.each([1, -0.1, Number.NaN])("a share of %s", (p) => {
    expect(linesOf(() => dropout(p))).toEqual([
      `ConfigurationError: dropout: expected p from 0 to below 1, received ${p}`,
    ]);
  });
});
