import type { Shape } from "../shape/shape.js";
import type { Type } from "../shape/type.js";
import type { Attributes, Primitive } from "../tensor/primitives.js";
import type { Tensor } from "../tensor/tensor.js";
import { convolve, transposeConvolve } from "./convolve.js";
import type { AttributeValue } from "./model.js";
import { transposeVolumes } from "./volumes.js";

/** What a lowering rule writes with. */
export interface Emitter {
  /** Adds an operator and names its first output. */
  node(
    op: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, AttributeValue>>,
  ): string;
  /** Names a constant vector of int64, as operators take axes and shapes. */
  integers(values: readonly number[]): string;
  /** Names a constant of a tensor type. */
  constant(values: ArrayLike<number>, shape: Shape, type: Type): string;
}

type Lower<P extends Primitive> = (
  emit: Emitter,
  node: {
    readonly names: readonly string[];
    readonly inputs: readonly Tensor[];
    readonly shape: Shape;
    readonly type: Type;
    readonly attributes: Attributes[P];
  },
) => string;

const operator =
  (op: string): Lower<Primitive> =>
  (emit, { names }) =>
    emit.node(op, names);

const onnxTypes: Readonly<Record<Type, number>> = { float32: 1, int32: 6, bool: 9 };

const reduce =
  (op: string): Lower<"sum" | "max"> =>
  (emit, { names, attributes: { axes } }) =>
    emit.node(op, [names[0]!, emit.integers(axes)], { keepdims: 1 });

/** Which ONNX operators compute each primitive. */
export const lowerings: { readonly [P in Primitive]: Lower<P> } = {
  input: (_, { attributes: { name } }) => name,
  constant: (emit, { attributes: { values, shape, type } }) => emit.constant(values, shape, type),
  detach: operator("Identity"),

  negate: operator("Neg"),
  exp: operator("Exp"),
  log: operator("Log"),
  sqrt: operator("Sqrt"),
  tanh: operator("Tanh"),
  sigmoid: operator("Sigmoid"),
  softplus: operator("Softplus"),
  sin: operator("Sin"),
  cos: operator("Cos"),
  abs: operator("Abs"),
  // Not "Sign", which WebGPU lacks; what is not a number stays so.
  sign: (emit, { names: [x] }) => {
    const number = (value: number): string => emit.constant([value], [], "float32");
    const least = emit.node("Where", [
      emit.node("Less", [x!, number(0)]),
      number(-1),
      emit.node("Mul", [x!, number(0)]),
    ]);
    return emit.node("Where", [emit.node("Greater", [x!, number(0)]), number(1), least]);
  },
  floor: operator("Floor"),
  power: (emit, { names, attributes: { exponent } }) =>
    emit.node("Pow", [names[0]!, emit.constant([exponent], [], "float32")]),
  leakyRelu: (emit, { names, attributes: { slope } }) =>
    slope === 0
      ? emit.node("Relu", names)
      : emit.node("LeakyRelu", names, { alpha: { float: slope } }),

  add: operator("Add"),
  subtract: operator("Sub"),
  multiply: operator("Mul"),
  divide: operator("Div"),
  maximum: operator("Max"),
  minimum: operator("Min"),

  greater: operator("Greater"),
  equal: operator("Equal"),
  and: operator("And"),
  not: operator("Not"),
  select: operator("Where"),
  cast: (emit, { names, attributes: { type } }) =>
    emit.node("Cast", names, { to: onnxTypes[type] }),

  sum: reduce("ReduceSum"),
  max: reduce("ReduceMax"),
  argMax: (emit, { names, attributes: { axis } }) =>
    emit.node("Cast", [emit.node("ArgMax", names, { axis, keepdims: 0 })], { to: onnxTypes.int32 }),

  // A leading 0 copies the size and −1 infers it, so that a model's batch can stay free.
  reshape: (emit, { names, inputs, attributes: { shape } }) => {
    const first = shape[0] === inputs[0]!.shape[0] ? 0 : -1;
    const sizes = shape.length === 0 ? [] : [first, ...shape.slice(1)];
    // Between the two, ONNX Runtime would move the transposition to where it takes far longer.
    const x =
      inputs[0]!.op === "transpose" ? emit.node("Flatten", [names[0]!], { axis: 1 }) : names[0]!;
    return emit.node("Reshape", [x, emit.integers(sizes)]);
  },
  transpose: (emit, { names, attributes: { order } }) =>
    emit.node("Transpose", names, { perm: order }),
  // A 1 keeps the size, so that a model's batch can stay free.
  broadcast: (emit, { names, inputs, attributes: { shape } }) => {
    const lead = shape.length - inputs[0]!.shape.length;
    const sizes = shape.map((d, i) => (inputs[0]!.shape[i - lead] === d ? 1 : d));
    return emit.node("Expand", [names[0]!, emit.integers(sizes)]);
  },
  slice: (emit, { names, attributes: { starts, ends, steps } }) =>
    emit.node("Slice", [
      names[0]!,
      emit.integers(starts),
      emit.integers(ends),
      emit.integers(starts.map((_, i) => i)),
      emit.integers(steps),
    ]),
  reverse: (emit, { names, attributes: { axes } }) =>
    emit.node("Slice", [
      names[0]!,
      emit.integers(axes.map(() => -1)),
      // Counting down stops after index 0, which no end but one below −size can say.
      emit.integers(axes.map(() => -2_147_483_648)),
      emit.integers(axes),
      emit.integers(axes.map(() => -1)),
    ]),
  pad: (emit, { names, inputs, type, attributes: { before, after, between } }) => {
    const { shape } = inputs[0]!;
    const zero = emit.constant([0], [], type);
    const widen = (x: string, left: Shape, right: Shape): string =>
      [...left, ...right].every((n) => n === 0)
        ? x
        : emit.node("Pad", [x, emit.integers([...left, ...right]), zero]);
    if (between.every((n) => n === 0)) return widen(names[0]!, before, after);
    // Zeros between neighbours: give every element an axis of its own, pad that, and join again.
    const split = emit.node("Reshape", [names[0]!, emit.integers(shape.flatMap((d) => [d, 1]))]);
    const none = shape.flatMap(() => [0, 0]);
    const spread = widen(
      split,
      none,
      between.flatMap((n) => [0, n]),
    );
    const joined = shape.map((d, i) => d * (between[i]! + 1));
    const merged = emit.node("Reshape", [spread, emit.integers(joined)]);
    const ends = joined.map((d, i) => d - between[i]!);
    const trimmed = emit.node("Slice", [
      merged,
      emit.integers(ends.map(() => 0)),
      emit.integers(ends),
    ]);
    return widen(trimmed, before, after);
  },
  concatenate: (emit, { names, attributes: { axis } }) => emit.node("Concat", names, { axis }),
  gather: (emit, { names, attributes: { axis } }) => emit.node("Gather", names, { axis }),
  scatterAdd: (emit, { names, inputs, shape, attributes: { axis, size } }) => {
    // A product with a one-hot matrix: the same sum in the same order on every device.
    const count = inputs[1]!.shape.reduce((n, d) => n * d, 1);
    const places = Array.from({ length: size }, (_, i) => i);
    const row = emit.node("Reshape", [names[1]!, emit.integers([1, count])]);
    const column = emit.constant(places, [size, 1], "int32");
    const oneHot = emit.node("Cast", [emit.node("Equal", [column, row])], { to: 1 });
    const outer = shape.slice(0, axis).reduce((n, d) => n * d, 1);
    const values = emit.node("Reshape", [names[0]!, emit.integers([outer, count, -1])]);
    const product = emit.node("MatMul", [oneHot, values]);
    return emit.node("Reshape", [product, emit.integers(shape)]);
  },

  matmul: operator("MatMul"),
  convolution: (emit, { names, inputs, shape, attributes }) => {
    const [x, w] = inputs as readonly [Tensor, Tensor]; // the signature has two
    return convolve(emit, names as readonly [string, string], {
      channels: x.shape[1]!,
      weight: w.shape,
      output: shape.slice(2),
      options: attributes,
    });
  },
  convolutionInputGradient: (emit, { names, inputs, attributes }) => {
    const [g, w] = inputs as readonly [Tensor, Tensor]; // the signature has two
    const transpose = g.rank === 5 ? transposeVolumes : transposeConvolve;
    const shapes = [g.shape, w.shape] as const;
    return transpose(emit, names as readonly [string, string], { shapes, options: attributes });
  },
  convolutionWeightGradient: (emit, { names, inputs, attributes }) => {
    // A convolution over the batch: batch and channels change places, strides and dilations too.
    const [x, g] = inputs as readonly [Tensor, Tensor]; // the signature has two
    const { strides, padding, dilations, groups, kernel } = attributes;
    const [b, c] = [x.shape[0]!, x.shape[1]!];
    const image = x.shape.slice(2);
    const axes = image.map((_, i) => i);
    let pictures = names[0]!;
    if (groups === 1) {
      pictures = emit.node("Transpose", [pictures], { perm: [1, 0, ...axes.map((i) => i + 2)] });
    } else {
      const apart = emit.integers([b, groups, c / groups, ...image]);
      pictures = emit.node("Reshape", [pictures, apart]);
      pictures = emit.node("Transpose", [pictures], { perm: [2, 1, 0, ...axes.map((i) => i + 3)] });
      const joined = emit.integers([c / groups, groups * b, ...image]);
      pictures = emit.node("Reshape", [pictures, joined]);
    }
    const kernels = emit.node("Transpose", [names[1]!], {
      perm: [1, 0, ...axes.map((i) => i + 2)],
    });
    const exchanged = { strides: dilations, dilations: strides, padding, groups };
    // Rows that the strides of the forward convolution never reached.
    const reached = kernel.map((_, i) => {
      const span = strides[i]! * (g.shape[i + 2]! - 1) + 1;
      const padded = image[i]! + padding[i]![0] + padding[i]![1];
      return Math.floor((padded - span) / dilations[i]!) + 1;
    });
    let result = convolve(emit, [pictures, kernels], {
      channels: groups * b,
      weight: [g.shape[1]!, b, ...g.shape.slice(2)],
      output: reached,
      options: exchanged,
    });
    if (reached.some((n, i) => n !== kernel[i])) {
      result = emit.node("Slice", [
        result,
        emit.integers(kernel.map(() => 0)),
        emit.integers(kernel),
        emit.integers(axes.map((i) => i + 2)),
      ]);
    }
    return emit.node("Transpose", [result], { perm: [1, 0, ...axes.map((i) => i + 2)] });
  },
};

/** Writes the operators of one node and names its result. */
export function lowerNode<P extends Primitive>(
  emit: Emitter,
  node: Tensor<P>,
  names: readonly string[],
): string {
  const { inputs, shape, type, attributes } = node;
  return lowerings[node.op](emit, { names, inputs, shape, type, attributes });
}
