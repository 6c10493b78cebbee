import { type Shape, sizeOf, stridesOf } from "../shape/shape.js";
import type { ConvolutionOptions } from "./convolution-shapes.js";
import { inOrder } from "./gradients.js";
import type { Attributes, Primitive } from "./primitives.js";
import type { Tensor } from "./tensor.js";

/**
 * The slow twin of every device: plain loops in float64, one function for each primitive. It folds
 * constants, and tests hold devices and gradients against it.
 */
type Kernel<P extends Primitive> = (node: {
  readonly shape: Shape;
  readonly attributes: Attributes[P];
  readonly inputs: readonly Values[];
}) => Float64Array;

export interface Values {
  readonly shape: Shape;
  readonly data: Float64Array;
}

/** Calls `visit` with every index of a shape, in row-major order, reusing one array. */
function forEachIndex(shape: Shape, visit: (index: number[], flat: number) => void): void {
  const index = new Array<number>(shape.length).fill(0);
  const count = sizeOf(shape);
  for (let flat = 0; flat < count; flat++) {
    visit(index, flat);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]!++;
      if (index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
}

const dot = (index: readonly number[], strides: readonly number[]): number =>
  index.reduce((at, n, i) => at + n * strides[i]!, 0);

/** Strides with which `from` is read at the indices of `to`: zero along broadcast axes. */
function broadcastStrides(from: Shape, to: Shape): number[] {
  const strides = stridesOf(from);
  const lead = to.length - from.length;
  return to.map((_, i) => (i < lead || from[i - lead] === 1 ? 0 : strides[i - lead]!));
}

const elementwise =
  (f: (...values: number[]) => number): Kernel<Primitive> =>
  ({ shape, inputs }) => {
    const out = new Float64Array(sizeOf(shape));
    const strides = inputs.map((x) => broadcastStrides(x.shape, shape));
    forEachIndex(shape, (index, flat) => {
      out[flat] = f(...inputs.map((x, i) => x.data[dot(index, strides[i]!)]!));
    });
    return out;
  };

const reduce =
  (start: number, f: (total: number, value: number) => number): Kernel<"sum" | "max"> =>
  ({ shape, inputs: [x] }) => {
    const out = new Float64Array(sizeOf(shape)).fill(start);
    const strides = broadcastStrides(shape, x!.shape);
    forEachIndex(x!.shape, (index, flat) => {
      const at = dot(index, strides);
      out[at] = f(out[at]!, x!.data[flat]!);
    });
    return out;
  };

/** Reads the input at an index computed from the output's. */
function pick(x: Values, shape: Shape, place: (index: readonly number[]) => number): Float64Array {
  const out = new Float64Array(sizeOf(shape));
  forEachIndex(shape, (index, flat) => {
    out[flat] = x.data[place(index)]!;
  });
  return out;
}

/** Calls `visit` for each product of a convolution: flat places of image, weight and output. */
function forEachProduct(
  { image, weight, output }: { image: Shape; weight: Shape; output: Shape },
  { strides, padding, dilations, groups }: ConvolutionOptions,
  visit: (x: number, w: number, y: number) => void,
): void {
  const [xs, ws] = [stridesOf(image), stridesOf(weight)];
  const perGroup = weight[0]! / groups;
  forEachIndex(output, (at, y) => {
    const [b, o] = [at[0]!, at[1]!];
    const firstChannel = Math.floor(o / perGroup) * weight[1]!;
    forEachIndex(weight.slice(1), (k) => {
      let x = b * xs[0]! + (firstChannel + k[0]!) * xs[1]!;
      let w = o * ws[0]! + k[0]! * ws[1]!;
      for (let i = 0; i < strides.length; i++) {
        const s = at[i + 2]! * strides[i]! + k[i + 1]! * dilations[i]! - padding[i]![0];
        if (s < 0 || s >= image[i + 2]!) return;
        x += s * xs[i + 2]!;
        w += k[i + 1]! * ws[i + 2]!;
      }
      visit(x, w, y);
    });
  });
}

const kernels: { readonly [P in Primitive]: Kernel<P> } = {
  input: () => {
    throw new Error("an input has no value of its own");
  },
  constant: ({ attributes: { values } }) => values,
  detach: ({ inputs: [x] }) => x!.data,

  negate: elementwise((x) => -x!),
  exp: elementwise((x) => Math.exp(x!)),
  log: elementwise((x) => Math.log(x!)),
  sqrt: elementwise((x) => Math.sqrt(x!)),
  tanh: elementwise((x) => Math.tanh(x!)),
  sigmoid: elementwise((x) => 1 / (1 + Math.exp(-x!))),
  softplus: elementwise((x) => Math.max(x!, 0) + Math.log1p(Math.exp(-Math.abs(x!)))),
  sin: elementwise((x) => Math.sin(x!)),
  cos: elementwise((x) => Math.cos(x!)),
  abs: elementwise((x) => Math.abs(x!)),
  sign: elementwise((x) => Math.sign(x!)),
  floor: elementwise((x) => Math.floor(x!)),
  power: (node) => elementwise((x) => x! ** node.attributes.exponent)(node),
  leakyRelu: (node) => elementwise((x) => (x! > 0 ? x! : x! * node.attributes.slope))(node),

  add: elementwise((a, b) => a! + b!),
  subtract: elementwise((a, b) => a! - b!),
  multiply: elementwise((a, b) => a! * b!),
  divide: elementwise((a, b) => a! / b!),
  maximum: elementwise((a, b) => Math.max(a!, b!)),
  minimum: elementwise((a, b) => Math.min(a!, b!)),

  greater: elementwise((a, b) => (a! > b! ? 1 : 0)),
  equal: elementwise((a, b) => (a === b ? 1 : 0)),
  and: elementwise((a, b) => (a !== 0 && b !== 0 ? 1 : 0)),
  not: elementwise((a) => (a === 0 ? 1 : 0)),
  select: elementwise((condition, a, b) => (condition !== 0 ? a! : b!)),
  cast: (node) => {
    const { type } = node.attributes;
    if (type === "bool") return elementwise((x) => (x !== 0 ? 1 : 0))(node);
    return elementwise((x) => (type === "int32" ? Math.trunc(x!) : x!))(node);
  },

  sum: reduce(0, (total, x) => total + x),
  max: reduce(Number.NEGATIVE_INFINITY, Math.max),
  argMax: ({ shape, inputs: [x], attributes: { axis } }) => {
    const strides = stridesOf(x!.shape);
    const others = strides.filter((_, i) => i !== axis);
    const out = new Float64Array(sizeOf(shape));
    forEachIndex(shape, (index, flat) => {
      const first = dot(index, others);
      let best = 0;
      for (let i = 1; i < x!.shape[axis]!; i++) {
        if (x!.data[first + i * strides[axis]!]! > x!.data[first + best * strides[axis]!]!)
          best = i;
      }
      out[flat] = best;
    });
    return out;
  },

  reshape: ({ inputs: [x] }) => x!.data,
  transpose: ({ shape, inputs: [x], attributes: { order } }) => {
    const strides = stridesOf(x!.shape);
    const moved = order.map((axis) => strides[axis]!);
    return pick(x!, shape, (index) => dot(index, moved));
  },
  broadcast: ({ shape, inputs: [x] }) => {
    const strides = broadcastStrides(x!.shape, shape);
    return pick(x!, shape, (index) => dot(index, strides));
  },
  slice: ({ shape, inputs: [x], attributes: { starts, steps } }) => {
    const strides = stridesOf(x!.shape);
    return pick(x!, shape, (index) =>
      index.reduce((at, n, i) => at + (starts[i]! + n * steps[i]!) * strides[i]!, 0),
    );
  },
  reverse: ({ shape, inputs: [x], attributes: { axes } }) => {
    const strides = stridesOf(shape);
    return pick(x!, shape, (index) =>
      index.reduce((at, n, i) => at + (axes.includes(i) ? shape[i]! - 1 - n : n) * strides[i]!, 0),
    );
  },
  pad: ({ shape, inputs: [x], attributes: { before, between } }) => {
    const out = new Float64Array(sizeOf(shape));
    const strides = stridesOf(shape);
    forEachIndex(x!.shape, (index, flat) => {
      const place = index.map((n, i) => before[i]! + n * (between[i]! + 1));
      out[dot(place, strides)] = x!.data[flat]!;
    });
    return out;
  },
  concatenate: ({ shape, inputs, attributes: { axis } }) => {
    const out = new Float64Array(sizeOf(shape));
    const strides = stridesOf(shape);
    let start = 0;
    for (const x of inputs) {
      forEachIndex(x.shape, (index, flat) => {
        out[dot(index, strides) + start * strides[axis]!] = x.data[flat]!;
      });
      start += x.shape[axis]!;
    }
    return out;
  },
  gather: ({ shape, inputs: [x, indices], attributes: { axis } }) => {
    const strides = stridesOf(x!.shape);
    const indexStrides = stridesOf(indices!.shape);
    const rank = indices!.shape.length;
    return pick(x!, shape, (at) => {
      const row = indices!.data[dot(at.slice(axis, axis + rank), indexStrides)]!;
      return dot([...at.slice(0, axis), row, ...at.slice(axis + rank)], strides);
    });
  },
  scatterAdd: ({ shape, inputs: [values, indices], attributes: { axis } }) => {
    const out = new Float64Array(sizeOf(shape));
    const strides = stridesOf(shape);
    const indexStrides = stridesOf(indices!.shape);
    const rank = indices!.shape.length;
    forEachIndex(values!.shape, (at, flat) => {
      const row = indices!.data[dot(at.slice(axis, axis + rank), indexStrides)]!;
      const place = dot([...at.slice(0, axis), row, ...at.slice(axis + rank)], strides);
      out[place] = out[place]! + values!.data[flat]!;
    });
    return out;
  },

  matmul: ({ shape, inputs: [a, b] }) => {
    const [m, k] = a!.shape.slice(-2) as [number, number]; // rank was checked when the node was made
    const n = b!.shape[b!.shape.length - 1]!;
    const out = new Float64Array(sizeOf(shape));
    const batch = shape.slice(0, -2);
    const aStrides = broadcastStrides(a!.shape.slice(0, -2), batch);
    const bStrides = broadcastStrides(b!.shape.slice(0, -2), batch);
    forEachIndex(batch, (index, flat) => {
      const [aAt, bAt] = [dot(index, aStrides) * m * k, dot(index, bStrides) * k * n];
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          let total = 0;
          for (let p = 0; p < k; p++) {
            total += a!.data[aAt + i * k + p]! * b!.data[bAt + p * n + j]!;
          }
          out[(flat * m + i) * n + j] = total;
        }
      }
    });
    return out;
  },
  convolution: ({ shape, inputs: [x, w], attributes }) => {
    const out = new Float64Array(sizeOf(shape));
    const shapes = { image: x!.shape, weight: w!.shape, output: shape };
    forEachProduct(shapes, attributes, (i, j, y) => {
      out[y] = out[y]! + x!.data[i]! * w!.data[j]!;
    });
    return out;
  },
  convolutionInputGradient: ({ shape, inputs: [g, w], attributes }) => {
    const out = new Float64Array(sizeOf(shape));
    const shapes = { image: shape, weight: w!.shape, output: g!.shape };
    forEachProduct(shapes, attributes, (i, j, y) => {
      out[i] = out[i]! + g!.data[y]! * w!.data[j]!;
    });
    return out;
  },
  convolutionWeightGradient: ({ shape, inputs: [x, g], attributes }) => {
    const out = new Float64Array(sizeOf(shape));
    const shapes = { image: x!.shape, weight: shape, output: g!.shape };
    forEachProduct(shapes, attributes, (i, j, y) => {
      out[j] = out[j]! + x!.data[i]! * g!.data[y]!;
    });
    return out;
  },
};

function run<P extends Primitive>(node: Tensor<P>, inputs: readonly Values[]): Float64Array {
  return kernels[node.op]({ shape: node.shape, attributes: node.attributes, inputs });
}

/**
 * The numbers of some tensors, computed in float64; `inputs` gives those of every input by name.
 *
 * @example
 * evaluate([input("x", [2]).plus(1)], { x: [1, 2] }); // → [[2,3]]
 */
export function evaluate(
  outputs: readonly Tensor[],
  inputs: Readonly<Record<string, ArrayLike<number>>> = {},
): Float64Array[] {
  const known = new Map<Tensor, Values>();
  for (const node of inOrder(outputs)) {
    const given =
      node.op === "input" ? inputs[(node as Tensor<"input">).attributes.name] : undefined; // op says so
    const data =
      given !== undefined
        ? Float64Array.from(given)
        : run(
            node,
            node.inputs.map((x) => known.get(x)!),
          );
    known.set(node, { shape: node.shape, data });
  }
  return outputs.map((x) => known.get(x)!.data);
}
