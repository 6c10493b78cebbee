import { ShapeError } from "../shape/error.js";
import { broadcastShape, normalAxis, type Shape, sameShape, sizeOf } from "../shape/shape.js";
import type { Type } from "../shape/type.js";
import { constant, lift, type Operand, Tensor } from "./tensor.js";

/** The same numbers, through which no gradient flows. */
export const detach = (x: Tensor): Tensor => new Tensor("detach", [x], {});

/** `−x` */
export const negate = (x: Tensor): Tensor => new Tensor("negate", [x], {});
/** `eˣ` */
export const exp = (x: Tensor): Tensor => new Tensor("exp", [x], {});
/** The natural logarithm; `x` must be positive. */
export const log = (x: Tensor): Tensor => new Tensor("log", [x], {});
/** The square root; `x` must not be negative, and its slope at 0 is infinite. */
export const sqrt = (x: Tensor): Tensor => new Tensor("sqrt", [x], {});
/** The hyperbolic tangent: from −1 to 1. */
export const tanh = (x: Tensor): Tensor => new Tensor("tanh", [x], {});
/** `1 / (1 + exp(−x))`: from 0 to 1. */
export const sigmoid = (x: Tensor): Tensor => new Tensor("sigmoid", [x], {});
/** The sine of radians. */
export const sin = (x: Tensor): Tensor => new Tensor("sin", [x], {});
/** The cosine of radians. */
export const cos = (x: Tensor): Tensor => new Tensor("cos", [x], {});
/** `|x|`, with slope 0 at 0. */
export const abs = (x: Tensor): Tensor => new Tensor("abs", [x], {});
/** −1, 0 or 1. */
export const sign = (x: Tensor): Tensor => new Tensor("sign", [x], {});
/** The largest whole number that is not above `x`; no gradient flows. */
export const floor = (x: Tensor): Tensor => new Tensor("floor", [x], {});
/** `x²` */
export const square = (x: Tensor): Tensor => x.times(x);
/** `1 / x` */
export const reciprocal = (x: Tensor): Tensor => lift(1).over(x);

/** `log(1 + exp(x))` without overflow: softplus(89) = 89, softplus(−1000) = 0. */
export const softplus = (x: Tensor): Tensor => new Tensor("softplus", [x], {});
/** `log(sigmoid(x))` without underflow: logSigmoid(−1000) = −1000. */
export const logSigmoid = (x: Tensor): Tensor => negate(softplus(negate(x)));
/** `x` to a constant power; `x` must be positive unless the exponent is a whole number. */
export const power = (x: Tensor, exponent: number): Tensor =>
  new Tensor("power", [x], { exponent });

/** `x` where positive, 0 elsewhere; the slope at 0 is 0. */
export const relu = (x: Tensor): Tensor => new Tensor("leakyRelu", [x], { slope: 0 });
/** `x` where positive, `slope · x` elsewhere. */
export const leakyRelu = (x: Tensor, slope = 0.2): Tensor =>
  new Tensor("leakyRelu", [x], { slope });

/** The larger of two, element by element, broadcast; a tie shares its gradient by halves. */
export const maximum = (a: Tensor, b: Operand): Tensor => new Tensor("maximum", [a, lift(b)], {});
/** The smaller of two, element by element, broadcast; a tie shares its gradient by halves. */
export const minimum = (a: Tensor, b: Operand): Tensor => new Tensor("minimum", [a, lift(b)], {});
/** `x` held between two bounds; no gradient flows where it is held. */
export const clamp = (x: Tensor, low: number, high: number): Tensor =>
  minimum(maximum(x, low), high);

/** Where `a > b`, as bool, broadcast. */
export const greater = (a: Tensor, b: Operand): Tensor => new Tensor("greater", [a, lift(b)], {});
/** Where `a < b`, as bool, broadcast. */
export const less = (a: Tensor, b: Operand): Tensor => new Tensor("greater", [lift(b), a], {});
/** Where `a = b`, as bool, broadcast. */
export const equal = (a: Tensor, b: Operand): Tensor => new Tensor("equal", [a, lift(b)], {});
/** Where both hold, broadcast. */
export const and = (a: Tensor, b: Tensor): Tensor => new Tensor("and", [a, b], {});
/** Where it does not hold. */
export const not = (a: Tensor): Tensor => new Tensor("not", [a], {});
/** Where either holds, broadcast. */
export const or = (a: Tensor, b: Tensor): Tensor => not(and(not(a), not(b)));
/** `a` where the condition holds, `b` elsewhere. */
export const select = (condition: Tensor, a: Operand, b: Operand): Tensor =>
  new Tensor("select", [condition, lift(a), lift(b)], {});
/** The same numbers in another type: to int32 towards zero, to bool where not 0. */
export const cast = (x: Tensor, type: Type): Tensor =>
  x.type === type ? x : new Tensor("cast", [x], { type });

export interface ReductionOptions {
  /** All axes when left out; negative axes count from the end. */
  readonly axes?: readonly number[];
  /** Keep reduced axes with size 1. */
  readonly keep?: boolean;
}

function normalAxes(op: string, x: Tensor, axes: readonly number[] | undefined): number[] {
  if (axes === undefined) return x.shape.map((_, i) => i);
  return axes.map((axis) => {
    const normal = normalAxis(axis, x.rank);
    if (normal !== undefined) return normal;
    const operands = [{ label: "input", value: x.shape }];
    throw new ShapeError({ op, why: `no axis ${axis}`, operands });
  });
}

function reduce(op: "sum" | "max", x: Tensor, { axes, keep = false }: ReductionOptions): Tensor {
  const list = normalAxes(op, x, axes);
  const kept = list.length === 0 ? x : new Tensor(op, [x], { axes: list });
  return keep
    ? kept
    : reshape(
        kept,
        x.shape.filter((_, i) => !list.includes(i)),
      );
}

/** The sum along some axes, or of everything: `[b c h w] → []`. */
export const sum = (x: Tensor, options: ReductionOptions = {}): Tensor => reduce("sum", x, options);
/** The largest along some axes, or of everything; ties share their gradient. */
export const max = (x: Tensor, options: ReductionOptions = {}): Tensor => reduce("max", x, options);
/** The smallest along some axes, or of everything; ties share their gradient. */
export const min = (x: Tensor, options: ReductionOptions = {}): Tensor =>
  negate(max(negate(x), options));

/** The mean along some axes, or of everything: `[b c h w] → []`. */
export function mean(x: Tensor, options: ReductionOptions = {}): Tensor {
  const count = normalAxes("mean", x, options.axes).reduce((n, axis) => n * x.shape[axis]!, 1);
  return sum(x, options).times(1 / count);
}

/** `log Σ exp(x)` without overflow. */
export function logSumExp(x: Tensor, options: ReductionOptions = {}): Tensor {
  // The maximum is a constant shift: its gradient cancels.
  const shift = detach(max(x, { ...options, keep: true }));
  const summed = log(sum(exp(x.minus(shift)), options));
  return summed.plus(reshape(shift, summed.shape));
}

/** Index of the largest element along an axis, int32; that axis goes. */
export const argMax = (x: Tensor, axis = -1): Tensor =>
  new Tensor("argMax", [x], { axis: normalAxes("argMax", x, [axis])[0]! });

/** The same elements in row-major order under another shape. */
export const reshape = (x: Tensor, shape: Shape): Tensor =>
  sameShape(x.shape, shape) ? x : new Tensor("reshape", [x], { shape });

/** `[b …] → [b n]` */
export const flatten = (x: Tensor): Tensor =>
  reshape(x, [x.shape[0] ?? 1, sizeOf(x.shape.slice(1))]);

/** Axes in a new order; reversed when no order is given. */
export const transpose = (
  x: Tensor,
  order: Shape = x.shape.map((_, i) => x.rank - 1 - i),
): Tensor => (sameShape(order, [...x.shape.keys()]) ? x : new Tensor("transpose", [x], { order }));

/** Repeats axes of size 1, and new leading axes, up to a shape, by NumPy's rule. */
export const broadcast = (x: Tensor, shape: Shape): Tensor =>
  sameShape(x.shape, shape) ? x : new Tensor("broadcast", [x], { shape });

/** Sums the axes along which `shape` was broadcast: the gradient of broadcasting. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const lead = x.rank - shape.length;
  const axes = x.shape.flatMap((d, i) =>
    i < lead || (shape[i - lead] === 1 && d !== 1) ? [i] : [],
  );
  return reshape(sum(x, { axes, keep: true }), shape);
}

export interface Range {
  readonly start?: number;
  /** One past the last element; negative counts from the end. */
  readonly end?: number;
  readonly step?: number;
}

/** Part of a tensor: one range for each axis, from the first on; axes left out are kept whole. */
export function slice(x: Tensor, ranges: readonly (Range | undefined)[]): Tensor {
  const fromEnd = (i: number, n: number): number => (n < 0 ? n + x.shape[i]! : n);
  const starts = x.shape.map((_, i) => fromEnd(i, ranges[i]?.start ?? 0));
  const ends = x.shape.map((d, i) => fromEnd(i, ranges[i]?.end ?? d));
  const steps = x.shape.map((_, i) => ranges[i]?.step ?? 1);
  const whole = x.shape.every((d, i) => starts[i] === 0 && ends[i] === d && steps[i] === 1);
  return whole ? x : new Tensor("slice", [x], { starts, ends, steps });
}

/** The elements along some axes in reverse order. */
export const reverse = (x: Tensor, axes: readonly number[]): Tensor =>
  new Tensor("reverse", [x], { axes: normalAxes("reverse", x, axes) });

export interface PadOptions {
  readonly before?: Shape;
  readonly after?: Shape;
  /** Zeros put between neighbours. */
  readonly between?: Shape;
}

/** Adds zeros before, after and between the elements of each axis. */
export function pad(x: Tensor, options: PadOptions): Tensor {
  const none = x.shape.map(() => 0);
  const { before = none, after = none, between = none } = options;
  const nothing = [...before, ...after, ...between].every((n) => n === 0);
  return nothing ? x : new Tensor("pad", [x], { before, after, between });
}

/** Tensors joined along an axis. */
export const concatenate = (list: readonly Tensor[], axis = 0): Tensor => {
  const [first] = list;
  if (first === undefined) throw new ShapeError({ op: "concatenate", why: "needs a tensor" });
  if (list.length === 1) return first;
  return new Tensor("concatenate", list, { axis: normalAxes("concatenate", first, [axis])[0]! });
};

/** Tensors of one shape joined along a new first axis. */
export const stack = (list: readonly Tensor[]): Tensor =>
  concatenate(list.map((x) => reshape(x, [1, ...x.shape])));

/** Rows of `x` along an axis, chosen by int32 indices of any shape. */
export const gather = (x: Tensor, indices: Tensor, axis = 0): Tensor =>
  new Tensor("gather", [x, indices], { axis: normalAxes("gather", x, [axis])[0]! });

/** The gradient of `gather`: adds rows into `size` places along an axis. */
export const scatterAdd = (
  values: Tensor,
  indices: Tensor,
  { axis, size }: { readonly axis: number; readonly size: number },
): Tensor => new Tensor("scatterAdd", [values, indices], { axis, size });

/** `[… m k], [… k n] → [… m n]`; leading axes broadcast. */
export const matmul = (a: Tensor, b: Tensor): Tensor => new Tensor("matmul", [a, b], {});

/** Zeros of a shape. */
export const zeros = (shape: Shape): Tensor => broadcast(constant(0), shape);
/** Ones of a shape. */
export const ones = (shape: Shape): Tensor => broadcast(constant(1), shape);

/** Both tensors at their common shape. */
export function broadcastTogether(a: Tensor, b: Tensor): readonly [Tensor, Tensor] {
  const shape = broadcastShape(a.shape, b.shape) ?? a.shape;
  return [broadcast(a, shape), broadcast(b, shape)];
}
