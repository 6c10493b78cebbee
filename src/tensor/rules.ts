import type { Shape } from "../shape/shape.js";
import { convolutionInputGradient, convolutionWeightGradient } from "./convolution.js";
import type { ConvolutionOptions } from "./convolution-shapes.js";
import {
  broadcast,
  cast,
  cos,
  equal,
  gather,
  greater,
  matmul,
  negate,
  pad,
  power,
  reshape,
  reverse,
  scatterAdd,
  select,
  sigmoid,
  sign,
  sin,
  slice,
  sum,
  sumTo,
  transpose,
} from "./operations.js";
import type { Attributes, Primitive } from "./primitives.js";
import { constant, Tensor } from "./tensor.js";

/** One gradient for each input, written in primitives; `undefined` where none flows. */
type Rule<P extends Primitive> = (
  gradient: Tensor,
  node: {
    readonly output: Tensor;
    readonly inputs: readonly Tensor[];
    readonly attributes: Attributes[P];
  },
) => readonly (Tensor | undefined)[];

/** What does not depend smoothly on its inputs. */
const none = (): readonly undefined[] => [];

/** Of an elementwise function of one variable: its slope, times the gradient. */
const slope =
  (of: (x: Tensor, y: Tensor) => Tensor): Rule<Primitive> =>
  (g, { output, inputs: [x] }) => [g.times(of(x!, output))];

/** Shares a gradient between two operands; ties get half each, as in PyTorch and JAX. */
const winner: Rule<"maximum" | "minimum"> = (g, { output, inputs: [a, b] }) => {
  const wins = (x: Tensor): Tensor => cast(equal(x, output), "float32");
  const [wonByA, wonByB] = [wins(a!), wins(b!)];
  const share = g.over(wonByA.plus(wonByB));
  return [sumTo(share.times(wonByA), a!.shape), sumTo(share.times(wonByB), b!.shape)];
};

const swapLast = (x: Tensor): Tensor =>
  transpose(x, [...x.shape.keys()].slice(0, -2).concat(x.rank - 1, x.rank - 2));

const kernelOf = (w: Tensor): Shape => w.shape.slice(2);
const sizeOfImage = (x: Tensor): Shape => x.shape.slice(2);

/** The convolution whose gradients these are, from the attributes of any of the three. */
const forward = ({
  strides,
  padding,
  dilations,
  groups,
}: ConvolutionOptions): ConvolutionOptions => ({
  strides,
  padding,
  dilations,
  groups,
});

/** How a gradient flows back through every primitive. */
export const rules: { readonly [P in Primitive]: Rule<P> } = {
  input: none,
  constant: none,
  detach: none,

  negate: (g) => [negate(g)],
  exp: slope((_, y) => y),
  log: (g, { inputs: [x] }) => [g.over(x!)],
  sqrt: (g, { output }) => [g.times(0.5).over(output)],
  tanh: slope((_, y) => constant(1).minus(y.times(y))),
  sigmoid: slope((_, y) => y.times(constant(1).minus(y))),
  softplus: slope((x) => sigmoid(x)),
  sin: slope((x) => cos(x)),
  cos: slope((x) => negate(sin(x))),
  abs: slope((x) => sign(x)),
  sign: none,
  floor: none,
  // Without the case of 0, the third derivative of x² at 0 would be 0 · ∞.
  power: (g, { inputs: [x], attributes: { exponent } }) => [
    exponent === 0 ? undefined : g.times(power(x!, exponent - 1).times(exponent)),
  ],
  leakyRelu: (g, { inputs: [x], attributes: { slope: below } }) => [
    select(greater(x!, 0), g, below === 0 ? 0 : g.times(below)),
  ],

  add: (g, { inputs: [a, b] }) => [sumTo(g, a!.shape), sumTo(g, b!.shape)],
  subtract: (g, { inputs: [a, b] }) => [sumTo(g, a!.shape), sumTo(negate(g), b!.shape)],
  multiply: (g, { inputs: [a, b] }) => [sumTo(g.times(b!), a!.shape), sumTo(g.times(a!), b!.shape)],
  divide: (g, { output, inputs: [a, b] }) => {
    const toA = g.over(b!);
    return [sumTo(toA, a!.shape), sumTo(negate(toA.times(output)), b!.shape)];
  },
  maximum: winner,
  minimum: winner,

  greater: none,
  equal: none,
  and: none,
  not: none,
  select: (g, { inputs: [condition, a, b] }) => [
    undefined,
    sumTo(select(condition!, g, 0), a!.shape),
    sumTo(select(condition!, 0, g), b!.shape),
  ],
  cast: (g, { inputs: [x] }) => [x!.type === "float32" ? g : undefined],

  sum: (g, { inputs: [x] }) => [broadcast(g, x!.shape)],
  max: (g, { output, inputs: [x], attributes: { axes } }) => {
    const wins = cast(equal(x!, output), "float32");
    return [wins.times(g.over(sum(wins, { axes, keep: true })))];
  },
  argMax: none,

  reshape: (g, { inputs: [x] }) => [reshape(g, x!.shape)],
  transpose: (g, { attributes: { order } }) => {
    const inverse = order.map((_, axis) => order.indexOf(axis));
    return [transpose(g, inverse)];
  },
  broadcast: (g, { inputs: [x] }) => [sumTo(g, x!.shape)],
  slice: (g, { inputs: [x], attributes: { starts, steps } }) => {
    const between = steps.map((n) => n - 1);
    const after = x!.shape.map((d, i) => d - starts[i]! - ((g.shape[i]! - 1) * steps[i]! + 1));
    return [pad(g, { before: starts, after, between })];
  },
  reverse: (g, { attributes: { axes } }) => [reverse(g, axes)],
  pad: (g, { inputs: [x], attributes: { before, between } }) => [
    slice(
      g,
      x!.shape.map((d, i) => ({
        start: before[i]!,
        end: before[i]! + (d - 1) * (between[i]! + 1) + 1,
        step: between[i]! + 1,
      })),
    ),
  ],
  concatenate: (g, { inputs, attributes: { axis } }) => {
    let start = 0;
    return inputs.map((x) => {
      const range = { start, end: start + x.shape[axis]! };
      start = range.end;
      return slice(
        g,
        g.shape.map((_, i) => (i === axis ? range : undefined)),
      );
    });
  },
  gather: (g, { inputs: [x, indices], attributes: { axis } }) => [
    scatterAdd(g, indices!, { axis, size: x!.shape[axis]! }),
  ],
  scatterAdd: (g, { inputs: [, indices], attributes: { axis } }) => [gather(g, indices!, axis)],

  matmul: (g, { inputs: [a, b] }) => [
    sumTo(matmul(g, swapLast(b!)), a!.shape),
    sumTo(matmul(swapLast(a!), g), b!.shape),
  ],
  convolution: (g, { inputs: [x, w], attributes }) => [
    convolutionInputGradient(g, w!, { ...attributes, size: sizeOfImage(x!) }),
    convolutionWeightGradient(x!, g, { ...attributes, kernel: kernelOf(w!) }),
  ],
  convolutionInputGradient: (g, { inputs: [x, w], attributes }) => [
    new Tensor("convolution", [g, w!], forward(attributes)),
    convolutionWeightGradient(g, x!, { ...forward(attributes), kernel: kernelOf(w!) }),
  ],
  convolutionWeightGradient: (g, { inputs: [x, y], attributes }) => [
    convolutionInputGradient(y!, g, { ...forward(attributes), size: sizeOfImage(x!) }),
    new Tensor("convolution", [x!, g], forward(attributes)),
  ],
};

/** The gradients that one node passes to its inputs. */
export function pullBack<P extends Primitive>(
  gradient: Tensor,
  node: Tensor<P>,
): readonly (Tensor | undefined)[] {
  const { inputs, attributes } = node;
  return rules[node.op](gradient, { output: node, inputs, attributes });
}
