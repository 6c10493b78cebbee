import { Random } from "../../src/shape/random.js";
import { type Shape, sizeOf } from "../../src/shape/shape.js";
import type { Type } from "../../src/shape/type.js";
import * as conv from "../../src/tensor/convolution.js";
import type { ConvolutionOptions } from "../../src/tensor/convolution-shapes.js";
import * as op from "../../src/tensor/operations.js";
import * as pictures from "../../src/tensor/pictures.js";
import type { Primitive } from "../../src/tensor/primitives.js";
import { constant, input, Tensor } from "../../src/tensor/tensor.js";

/** What one input of a case is filled with. */
export interface Given {
  readonly shape: Shape;
  readonly type: Type;
  readonly draw: (random: Random) => number;
}

/** A small graph with its inputs: gradients, devices and mutants are all checked on these. */
export interface Case {
  readonly name: string;
  readonly given: readonly Given[];
  readonly build: (...x: readonly Tensor[]) => Tensor;
}

const normal = (...shape: number[]): Given => ({
  shape,
  type: "float32",
  draw: (random) => random.normal(),
});
/** Between ½ and 2: where logarithms, roots and quotients are smooth. */
const positive = (...shape: number[]): Given => ({
  shape,
  type: "float32",
  draw: (random) => 0.5 + 1.5 * random.uniform(),
});
const below = (n: number, ...shape: number[]): Given => ({
  shape,
  type: "int32",
  draw: (random) => random.integer(n),
});
const truth = (...shape: number[]): Given => ({
  shape,
  type: "bool",
  draw: (random) => random.integer(2),
});

function one<const G extends readonly Given[]>(
  name: string,
  given: G,
  build: (...x: { [K in keyof G]: Tensor }) => Tensor,
): Case {
  // A case is always built with one tensor for each thing given.
  return { name, given, build: build as unknown as Case["build"] };
}

/** The inputs of a case as tensors named after it, and their numbers, exact in float32. */
export function inputsOf({ name, given }: Case): {
  readonly tensors: readonly Tensor<"input">[];
  readonly values: Readonly<Record<string, Float64Array>>;
} {
  const random = new Random({ seed: 1, purpose: name });
  const tensors = given.map(({ shape, type }, i) => input(`${name} x${i}`, shape, type));
  const values = given.map(({ shape, draw }, i) => {
    const numbers = Float64Array.from({ length: sizeOf(shape) }, () => Math.fround(draw(random)));
    return [`${name} x${i}`, numbers] as const;
  });
  return { tensors, values: Object.fromEntries(values) };
}

const unary = (f: (x: Tensor) => Tensor, given = normal(2, 5)): Case[] => [
  one("[2 5]", [given], f),
];

/** Same shapes, broadcasting on either side, and a scalar. */
const binary = (f: (a: Tensor, b: Tensor) => Tensor, make = normal): Case[] => [
  one("[2 3] [2 3]", [make(2, 3), make(2, 3)], f),
  one("[3] [2 1]", [make(3), make(2, 1)], f),
  one("[] [2 3]", [make(), make(2, 3)], f),
];

/** A truth value as a number, so that a loss can depend on it. */
const number = (x: Tensor): Tensor => op.cast(x, "float32");

interface Geometry {
  readonly name: string;
  readonly batch?: number;
  readonly channels?: number;
  readonly out?: number;
  readonly image: Shape;
  readonly kernel: Shape;
  readonly options: Partial<ConvolutionOptions>;
}

const geometries: readonly Geometry[] = [
  { name: "1D", image: [6], kernel: [3], options: { padding: [[1, 1]] } },
  {
    name: "1D, stride 2, dilation 2, one side padded",
    image: [9],
    kernel: [2],
    options: { strides: [2], dilations: [2], padding: [[1, 0]] },
  },
  { name: "2D", image: [4, 5], kernel: [3, 2], options: {} },
  {
    name: "2D, 4 × 4 kernel, stride 2, padding 1",
    image: [6, 6],
    kernel: [4, 4],
    options: {
      strides: [2, 2],
      padding: [
        [1, 1],
        [1, 1],
      ],
    },
  },
  {
    name: "2D, stride that leaves rows over",
    image: [6, 8],
    kernel: [3, 3],
    options: { strides: [2, 3] },
  },
  {
    name: "2D, uneven padding, strides and dilations",
    image: [5, 6],
    kernel: [2, 3],
    options: {
      strides: [1, 2],
      dilations: [2, 1],
      padding: [
        [0, 2],
        [1, 2],
      ],
    },
  },
  {
    name: "2D, 2 groups",
    channels: 4,
    out: 2,
    image: [4, 4],
    kernel: [3, 3],
    options: {
      groups: 2,
      strides: [2, 1],
      padding: [
        [1, 1],
        [1, 1],
      ],
    },
  },
  {
    name: "2D, depthwise",
    channels: 3,
    out: 3,
    image: [4, 4],
    kernel: [3, 3],
    options: {
      groups: 3,
      padding: [
        [1, 1],
        [1, 1],
      ],
    },
  },
  {
    name: "3D",
    batch: 1,
    image: [3, 3, 4],
    kernel: [2, 2, 2],
    options: {
      strides: [1, 2, 2],
      padding: [
        [1, 0],
        [0, 1],
        [0, 0],
      ],
    },
  },
  {
    name: "3D, dilation",
    image: [5, 2, 3],
    kernel: [3, 1, 2],
    options: {
      strides: [2, 1, 1],
      dilations: [2, 1, 2],
      padding: [
        [1, 2],
        [0, 0],
        [0, 1],
      ],
    },
  },
  {
    name: "3D, 2 groups",
    channels: 2,
    out: 4,
    image: [4, 2, 2],
    kernel: [2, 2, 1],
    options: {
      groups: 2,
      strides: [2, 1, 1],
      padding: [
        [1, 1],
        [0, 0],
        [0, 1],
      ],
    },
  },
];

/** Every geometry as the one of the three convolutions that `build` makes. */
function convolutions(
  build: (settled: {
    readonly options: ConvolutionOptions;
    readonly x: Given;
    readonly w: Given;
    readonly y: Given;
    readonly geometry: Geometry;
  }) => Pick<Case, "given" | "build">,
): Case[] {
  return geometries.map((geometry) => {
    const { name, image, kernel, batch = 2, channels = 2, out = 3 } = geometry;
    const options: ConvolutionOptions = {
      strides: image.map(() => 1),
      padding: image.map(() => [0, 0] as const),
      dilations: image.map(() => 1),
      groups: 1,
      ...geometry.options,
    };
    const x = normal(batch, channels, ...image);
    const w = normal(out, channels / options.groups, ...kernel);
    const result = new Tensor("convolution", [input("x", x.shape), input("w", w.shape)], options);
    return { name, ...build({ options, x, w, y: normal(...result.shape), geometry }) };
  });
}

/** At least one case for each primitive; the type asks for a new one with every new primitive. */
export const primitiveCases: { readonly [P in Primitive]: readonly Case[] } = {
  input: [one("itself", [normal(2, 3)], (x) => x)],
  constant: [
    one("beside an input", [normal(3)], (x) => x.times(constant([1, -2, 0.5]))),
    one("of integers", [normal(3)], (x) =>
      x.times(op.cast(constant(Int32Array.of(3, -1, 2)), "float32")),
    ),
  ],
  detach: [one("a factor held still", [normal(2, 3)], (x) => op.detach(op.sin(x)))],

  negate: unary(op.negate),
  exp: unary(op.exp),
  log: unary(op.log, positive(2, 5)),
  sqrt: unary(op.sqrt, positive(2, 5)),
  tanh: unary(op.tanh),
  sigmoid: unary(op.sigmoid),
  softplus: unary(op.softplus),
  sin: unary(op.sin),
  cos: unary(op.cos),
  abs: unary(op.abs),
  sign: unary(op.sign),
  floor: unary(op.floor),
  power: [3, 2, 1, 0, -1, 0.5, -1.5].map((exponent) =>
    one(`to ${exponent}`, [positive(2, 3)], (x) => op.power(x, exponent)),
  ),
  leakyRelu: [
    one("slope 0", [normal(2, 5)], op.relu),
    one("slope 0.2", [normal(2, 5)], (x) => op.leakyRelu(x)),
    one("slope −1", [normal(2, 5)], (x) => op.leakyRelu(x, -1)),
  ],

  add: binary((a, b) => a.plus(b)),
  subtract: binary((a, b) => a.minus(b)),
  multiply: binary((a, b) => a.times(b)),
  divide: binary((a, b) => a.over(b), positive),
  maximum: binary(op.maximum),
  minimum: binary(op.minimum),

  greater: binary((a, b) => number(op.greater(a, b)).times(a)),
  equal: [
    one("of integers", [below(2, 6), below(2, 6), normal(6)], (a, b, x) =>
      number(op.equal(a, b)).times(x),
    ),
    one("of numbers", [normal(6)], (x) => number(op.equal(op.maximum(x, 0), x)).times(x)),
  ],
  and: [
    one("[2 3] [3]", [truth(2, 3), truth(3), normal(2, 3)], (a, b, x) =>
      number(op.and(a, b)).times(x),
    ),
    one("15 of them", [truth(15), truth(15), normal(15)], (a, b, x) =>
      number(op.and(a, b)).times(x),
    ),
  ],
  not: [one("[2 3]", [truth(2, 3), normal(2, 3)], (a, x) => number(op.not(a)).times(x))],
  select: [
    one("same shapes", [truth(2, 3), normal(2, 3), normal(2, 3)], op.select),
    one("broadcast condition", [truth(2, 1), normal(3), normal(2, 3)], op.select),
    one("broadcast branches", [truth(2, 3), normal(3), normal()], op.select),
    one("of integers", [truth(2, 3), below(5, 2, 3), normal(2, 3)], (c, n, x) =>
      number(op.select(c, n, constant(Int32Array.of(7), { shape: [] }))).times(x),
    ),
  ],
  cast: [
    one("bool to number", [truth(2, 3), normal(2, 3)], (a, x) => number(a).times(x)),
    one("integer to number", [below(9, 4), normal(4)], (n, x) => number(n).times(x)),
    one("number to integer and back", [normal(6)], (x) =>
      number(op.cast(x.times(3), "int32")).times(x),
    ),
  ],

  sum: [
    one("all axes", [normal(2, 3, 2)], (x) => op.sum(x)),
    one("first and last, kept", [normal(2, 3, 2)], (x) => op.sum(x, { axes: [0, -1], keep: true })),
    one("middle", [normal(2, 3, 2)], (x) => op.sum(x, { axes: [1] })),
    one("of integers", [below(9, 2, 3), normal(3)], (n, x) =>
      number(op.sum(n, { axes: [0] })).times(x),
    ),
  ],
  max: [
    one("all axes", [normal(2, 3, 2)], (x) => op.max(x)),
    one("last, kept", [normal(2, 3, 2)], (x) => op.max(x, { axes: [-1], keep: true })),
    one("first two", [normal(2, 3, 2)], (x) => op.max(x, { axes: [0, 1] })),
  ],
  argMax: [
    one("last axis", [normal(2, 5)], (x) => number(op.argMax(x)).times(op.sum(x, { axes: [1] }))),
    one("first axis", [normal(4, 3)], (x) =>
      number(op.argMax(x, 0)).times(op.sum(x, { axes: [0] })),
    ),
  ],

  reshape: [
    one("[2 6] → [3 4]", [normal(2, 6)], (x) => op.reshape(x, [3, 4])),
    one("[2 6] → [2 3 2]", [normal(2, 6)], (x) => op.reshape(x, [2, 3, 2])),
    one("[1] → []", [normal(1)], (x) => op.reshape(x, [])),
  ],
  transpose: [
    one("reversed", [normal(2, 3)], (x) => op.transpose(x)),
    one("a cycle of three", [normal(2, 3, 4)], (x) => op.transpose(x, [2, 0, 1])),
  ],
  broadcast: [
    one("[2 1] → [2 3]", [normal(2, 1)], (x) => op.broadcast(x, [2, 3])),
    one("[] → [2 2]", [normal()], (x) => op.broadcast(x, [2, 2])),
    one("[3 1] → [2 3 4]", [normal(3, 1)], (x) => op.broadcast(x, [2, 3, 4])),
  ],
  slice: [
    one("a window", [normal(4, 5)], (x) =>
      op.slice(x, [
        { start: 1, end: 3 },
        { start: 2, end: -1 },
      ]),
    ),
    one("every second and third", [normal(5, 8)], (x) =>
      op.slice(x, [{ step: 2 }, { start: 1, end: 7, step: 3 }]),
    ),
  ],
  reverse: [
    one("one axis", [normal(3, 4)], (x) => op.reverse(x, [1])),
    one("two of three", [normal(2, 3, 2)], (x) => op.reverse(x, [0, -1])),
  ],
  pad: [
    one("before and after", [normal(2, 3)], (x) => op.pad(x, { before: [1, 0], after: [0, 2] })),
    one("between", [normal(2, 3)], (x) =>
      op.pad(x, { before: [0, 1], after: [2, 0], between: [1, 2] }),
    ),
  ],
  concatenate: [
    one("axis 0", [normal(2, 3), normal(1, 3)], (a, b) => op.concatenate([a, b])),
    one("last axis, three parts", [normal(2, 1), normal(2, 3), normal(2, 2)], (a, b, c) =>
      op.concatenate([a, b, c], -1),
    ),
  ],
  gather: [
    one("rows, some twice", [normal(3, 2), below(3, 5)], op.gather),
    one("last axis, indices in a square", [normal(2, 4), below(4, 2, 2)], (x, i) =>
      op.gather(x, i, 1),
    ),
    one("one row", [normal(3, 2), below(3)], op.gather),
  ],
  scatterAdd: [
    one("rows, some twice", [normal(5, 2), below(3, 5)], (x, i) =>
      op.scatterAdd(x, i, { axis: 0, size: 3 }),
    ),
    one("inner axis, indices in a square", [normal(2, 2, 2, 3), below(4, 2, 2)], (x, i) =>
      op.scatterAdd(x, i, { axis: 1, size: 4 }),
    ),
  ],

  matmul: [
    one("[2 3] [3 4]", [normal(2, 3), normal(3, 4)], op.matmul),
    one("a batch", [normal(2, 2, 3), normal(2, 3, 2)], op.matmul),
    one("leading axes broadcast", [normal(2, 1, 2, 3), normal(3, 3, 2)], op.matmul),
    one("a matrix and a batch", [normal(2, 3), normal(2, 3, 2)], op.matmul),
  ],
  convolution: convolutions(({ x, w, options }) => ({
    given: [x, w],
    build: (...inputs) => new Tensor("convolution", inputs, options),
  })),
  convolutionInputGradient: convolutions(({ y, w, options, geometry }) => ({
    given: [y, w],
    build: (...inputs) =>
      new Tensor("convolutionInputGradient", inputs, { ...options, size: geometry.image }),
  })),
  convolutionWeightGradient: convolutions(({ x, y, options, geometry }) => ({
    given: [x, y],
    build: (...inputs) =>
      new Tensor("convolutionWeightGradient", inputs, { ...options, kernel: geometry.kernel }),
  })),
};

type Compositions<M> = {
  readonly [K in keyof M as M[K] extends (...args: never[]) => unknown
    ? K
    : never]?: readonly Case[];
};

/** Functions made of primitives; those that are one primitive under another name are left out. */
export const compositionCases: Compositions<typeof op & typeof conv & typeof pictures> = {
  square: unary(op.square),
  reciprocal: unary(op.reciprocal, positive(2, 5)),
  logSigmoid: unary(op.logSigmoid),
  clamp: unary((x) => op.clamp(x, -0.5, 0.7)),
  less: binary((a, b) => number(op.less(a, b)).times(a)),
  or: [
    one("[2 3] [3]", [truth(2, 3), truth(3), normal(2, 3)], (a, b, x) =>
      number(op.or(a, b)).times(x),
    ),
  ],
  min: [one("last axis", [normal(2, 5)], (x) => op.min(x, { axes: [1] }))],
  mean: [
    one("all axes", [normal(2, 5)], (x) => op.mean(x)),
    one("first axis, kept", [normal(2, 5)], (x) => op.mean(x, { axes: [0], keep: true })),
  ],
  logSumExp: [
    one("all axes", [normal(2, 5)], (x) => op.logSumExp(x)),
    one("last axis", [normal(2, 5)], (x) => op.logSumExp(x, { axes: [-1] })),
    one("first axis, kept", [normal(2, 5)], (x) => op.logSumExp(x, { axes: [0], keep: true })),
  ],
  flatten: [one("[2 3 2]", [normal(2, 3, 2)], op.flatten)],
  sumTo: [one("[2 3 4] → [3 1]", [normal(2, 3, 4)], (x) => op.sumTo(x, [3, 1]))],
  stack: [one("two", [normal(3), normal(3)], (a, b) => op.stack([a, b]))],
  zeros: [one("as a term", [normal(2, 3)], (x) => x.plus(op.zeros([3])))],
  ones: [one("as a term", [normal(2, 3)], (x) => x.minus(op.ones([2, 1])))],
  broadcastTogether: [
    one("[2 1] [3]", [normal(2, 1), normal(3)], (a, b) => {
      const [wideA, wideB] = op.broadcastTogether(a, b);
      return op.matmul(wideA, op.transpose(wideB));
    }),
  ],
  convolution: [
    one("2D, stride 2, padding 1", [normal(2, 2, 5, 5), normal(3, 2, 3, 3)], (x, w) =>
      conv.convolution(x, w, { stride: 2, padding: 1 }),
    ),
    one("one setting per axis", [normal(1, 2, 5, 6), normal(2, 1, 2, 3)], (x, w) =>
      conv.convolution(x, w, { stride: [1, 2], padding: [0, 1], dilation: [2, 1], groups: 2 }),
    ),
  ],
  transposedConvolution: [
    one("doubles a picture", [normal(2, 3, 3, 3), normal(3, 2, 4, 4)], (x, w) =>
      conv.transposedConvolution(x, w, { stride: 2, padding: 1 }),
    ),
    one("output padding", [normal(1, 2, 3, 2), normal(2, 2, 3, 3)], (x, w) =>
      conv.transposedConvolution(x, w, { stride: [2, 3], padding: 1, outputPadding: [1, 2] }),
    ),
    one("groups", [normal(1, 4, 3), normal(4, 2, 3)], (x, w) =>
      conv.transposedConvolution(x, w, { stride: 2, groups: 2 }),
    ),
  ],

  averagePool: [
    one("windows side by side, a row left over", [normal(1, 2, 5, 6)], (x) =>
      pictures.averagePool(x, { kernel: [2, 3] }),
    ),
    one("windows that overlap", [normal(1, 2, 5, 6)], (x) =>
      pictures.averagePool(x, { kernel: 3, stride: [2, 1] }),
    ),
  ],
  maxPool: [
    one("windows side by side, a row left over", [normal(1, 2, 5, 6)], (x) =>
      pictures.maxPool(x, { kernel: [2, 3] }),
    ),
    one("windows that overlap", [normal(1, 2, 5, 6)], (x) =>
      pictures.maxPool(x, { kernel: 3, stride: [2, 1] }),
    ),
  ],
  resize: [
    ...(["nearest", "bilinear", "bicubic"] as const).flatMap((filter) => [
      one(`${filter}, twice as large`, [normal(1, 2, 3, 4)], (x) =>
        pictures.resize(x, [6, 8], { filter }),
      ),
      one(`${filter}, taller and narrower`, [normal(2, 1, 3, 7)], (x) =>
        pictures.resize(x, [5, 3], { filter }),
      ),
    ]),
  ],
  pixelShuffle: [one("by 2", [normal(1, 8, 2, 3)], (x) => pictures.pixelShuffle(x, 2))],
  pixelUnshuffle: [one("by 2", [normal(1, 2, 4, 6)], (x) => pictures.pixelUnshuffle(x, 2))],
  pad2d: (["zero", "reflect", "edge", "wrap"] as const).map((mode) =>
    one(mode, [normal(1, 2, 3, 4)], (x) =>
      pictures.pad2d(x, { rows: [1, 2], columns: [0, 3], mode }),
    ),
  ),
  blur: [
    one("zeros outside", [normal(2, 2, 4, 3)], (x) => pictures.blur(x, [0.25, 0.5, 0.25])),
    one("reflected, even kernel", [normal(1, 2, 4, 3)], (x) =>
      pictures.blur(x, [0.125, 0.375, 0.375, 0.125], "reflect"),
    ),
  ],
};

export interface NamedCase extends Case {
  /** The primitive or function that the case is about. */
  readonly about: string;
}

const flat = (table: Readonly<Record<string, readonly Case[] | undefined>>): NamedCase[] =>
  Object.entries(table).flatMap(([about, cases = []]) =>
    cases.map((c) => ({ ...c, about, name: `${about} ${c.name}` })),
  );

export const allCases: readonly NamedCase[] = [...flat(primitiveCases), ...flat(compositionCases)];
