import { ShapeError } from "../shape/error.js";
import { broadcastShape, normalAxis, type Shape, sameShape, sizeOf } from "../shape/shape.js";
import { detach, exp, log, negate } from "./elementwise.js";
import { constant, Tensor } from "./tensor.js";

export {
  abs,
  and,
  cast,
  clamp,
  cos,
  detach,
  equal,
  exp,
  floor,
  greater,
  leakyRelu,
  less,
  log,
  logSigmoid,
  maximum,
  minimum,
  negate,
  not,
  or,
  power,
  reciprocal,
  relu,
  select,
  sigmoid,
  sign,
  sin,
  softplus,
  sqrt,
  square,
  tanh,
} from "./elementwise.js";

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

/**
 * The sum along some axes, or of everything: `[b c h w] → []`
 * @example
 * const x = constant([1, 2, 3, 4], { shape: [2, 2] });
 * sum(x); // → 10
 * sum(x, { axes: [0] }); // → [4,6]
 */
export const sum = (x: Tensor, options: ReductionOptions = {}): Tensor => reduce("sum", x, options);
/**
 * The largest along some axes, or of everything: `[b c h w] → []`; ties share their gradient.
 * @example max(constant([1, 7, 3])); // → 7
 */
export const max = (x: Tensor, options: ReductionOptions = {}): Tensor => reduce("max", x, options);
/**
 * The smallest along some axes, or of everything: `[b c h w] → []`; ties share their gradient.
 * @example min(constant([1, 7, 3])); // → 1
 */
export const min = (x: Tensor, options: ReductionOptions = {}): Tensor =>
  negate(max(negate(x), options));

/**
 * The mean along some axes, or of everything: `[b c h w] → []`
 * @example
 * const x = constant([1, 2, 3, 6], { shape: [2, 2] });
 * mean(x, { axes: [1], keep: true }); // → [[1.5],[4.5]]
 */
export function mean(x: Tensor, options: ReductionOptions = {}): Tensor {
  const count = normalAxes("mean", x, options.axes).reduce((n, axis) => n * x.shape[axis]!, 1);
  return sum(x, options).times(1 / count);
}

/**
 * `log Σ exp(x)` without overflow, along some axes or of everything: `[b n] → []`
 * @example logSumExp(constant([1000, 1000])); // → 1000.693
 */
export function logSumExp(x: Tensor, options: ReductionOptions = {}): Tensor {
  // The maximum is a constant shift: its gradient cancels.
  const shift = detach(max(x, { ...options, keep: true }));
  const summed = log(sum(exp(x.minus(shift)), options));
  return summed.plus(reshape(shift, summed.shape));
}

/**
 * Index of the largest element along an axis, int32; that axis goes: `[b k] → [b]`
 * @example argMax(constant([1, 7, 3, 4, 2, 0], { shape: [2, 3] })); // → [1,0]
 */
export const argMax = (x: Tensor, axis = -1): Tensor =>
  new Tensor("argMax", [x], { axis: normalAxes("argMax", x, [axis])[0]! });

/**
 * The same elements in row-major order under another shape: `[…] → [shape]`
 * @throws {ShapeError} when the shape has another number of elements.
 * @example reshape(constant([1, 2, 3, 4]), [2, 2]); // → [[1,2],[3,4]]
 */
export const reshape = (x: Tensor, shape: Shape): Tensor =>
  sameShape(x.shape, shape) ? x : new Tensor("reshape", [x], { shape });

/**
 * All axes but the batch become one: `[b …] → [b n]`
 * @example flatten(zeros([2, 3, 4])).shape; // → [2,12]
 */
export const flatten = (x: Tensor): Tensor =>
  reshape(x, [x.shape[0] ?? 1, sizeOf(x.shape.slice(1))]);

/**
 * Axes in a new order, reversed when none is given: `[m n] → [n m]`
 * @example
 * transpose(constant([1, 2, 3, 4], { shape: [2, 2] })); // → [[1,3],[2,4]]
 * transpose(zeros([2, 3, 4]), [0, 2, 1]).shape; // → [2,4,3]
 */
export const transpose = (
  x: Tensor,
  order: Shape = x.shape.map((_, i) => x.rank - 1 - i),
): Tensor => (sameShape(order, [...x.shape.keys()]) ? x : new Tensor("transpose", [x], { order }));

/**
 * Repeats axes of size 1, and new leading axes, by NumPy's rule: `[… 1] → [shape]`
 * @throws {ShapeError} when an axis has neither size 1 nor the one asked for.
 * @example broadcast(constant([1, 2]), [2, 2]); // → [[1,2],[1,2]]
 */
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

/**
 * Part of a tensor, one range for each axis from the first on: `[b n] → [b m]`
 * @throws {ShapeError} when a range leaves its axis.
 * @example
 * slice(constant([1, 2, 3, 4]), [{ start: 1, end: -1 }]); // → [2,3]
 * slice(constant([1, 2, 3, 4]), [{ step: 2 }]); // → [1,3]
 */
export function slice(x: Tensor, ranges: readonly (Range | undefined)[]): Tensor {
  const fromEnd = (i: number, n: number): number => (n < 0 ? n + x.shape[i]! : n);
  const starts = x.shape.map((_, i) => fromEnd(i, ranges[i]?.start ?? 0));
  const ends = x.shape.map((d, i) => fromEnd(i, ranges[i]?.end ?? d));
  const steps = x.shape.map((_, i) => ranges[i]?.step ?? 1);
  const whole = x.shape.every((d, i) => starts[i] === 0 && ends[i] === d && steps[i] === 1);
  return whole ? x : new Tensor("slice", [x], { starts, ends, steps });
}

/**
 * The elements along some axes in reverse order: `[…] → […]`
 * @example reverse(constant([1, 2, 3]), [0]); // → [3,2,1]
 */
export const reverse = (x: Tensor, axes: readonly number[]): Tensor =>
  new Tensor("reverse", [x], { axes: normalAxes("reverse", x, axes) });

export interface PadOptions {
  /** Zeros before each axis. */
  readonly before?: Shape;
  /** Zeros after each axis. */
  readonly after?: Shape;
  /** Zeros put between neighbours. */
  readonly between?: Shape;
}

/**
 * Adds zeros before, after and between the elements of each axis: `[n] → [before+n+after]`
 * @example
 * pad(constant([1, 2]), { before: [1], after: [2] }); // → [0,1,2,0,0]
 * pad(constant([1, 2]), { between: [1] }); // → [1,0,2]
 */
export function pad(x: Tensor, options: PadOptions): Tensor {
  const none = x.shape.map(() => 0);
  const { before = none, after = none, between = none } = options;
  const nothing = [...before, ...after, ...between].every((n) => n === 0);
  return nothing ? x : new Tensor("pad", [x], { before, after, between });
}

/**
 * Tensors joined along an axis: `[m k], [n k] → [m+n k]`
 * @throws {ShapeError} when there is no tensor, or other axes differ.
 * @example concatenate([constant([1, 2]), constant([3])]); // → [1,2,3]
 */
export const concatenate = (list: readonly Tensor[], axis = 0): Tensor => {
  const [first] = list;
  if (first === undefined) throw new ShapeError({ op: "concatenate", why: "needs a tensor" });
  if (list.length === 1) return first;
  return new Tensor("concatenate", [...list], {
    axis: normalAxes("concatenate", first, [axis])[0]!,
  });
};

/**
 * Tensors of one shape joined along a new first axis: `[…], […] → [2 …]`
 * @example stack([constant([1, 2]), constant([3, 4])]); // → [[1,2],[3,4]]
 */
export const stack = (list: readonly Tensor[]): Tensor =>
  concatenate(list.map((x) => reshape(x, [1, ...x.shape])));

/**
 * Rows of `x` along an axis, chosen by int32 indices: `[n d], [b] → [b d]`
 * @example gather(constant([10, 20, 30]), constant(Int32Array.of(2, 0))); // → [30,10]
 */
export const gather = (x: Tensor, indices: Tensor, axis = 0): Tensor =>
  new Tensor("gather", [x, indices], { axis: normalAxes("gather", x, [axis])[0]! });

/**
 * The gradient of `gather`, adds rows into `size` places along an `axis`: `[b d], [b] → [size d]`
 * @example
 * const [values, places] = [constant([1, 2, 3]), constant(Int32Array.of(0, 2, 0))];
 * scatterAdd(values, places, { axis: 0, size: 3 }); // → [4,0,2]
 */
export const scatterAdd = (
  values: Tensor,
  indices: Tensor,
  { axis, size }: { readonly axis: number; readonly size: number },
): Tensor => new Tensor("scatterAdd", [values, indices], { axis, size });

/**
 * Matrix products: `[… m k], [… k n] → [… m n]`; leading axes broadcast.
 * @throws {ShapeError} when inner sizes differ.
 * @example
 * const a = constant([1, 2, 3, 4], { shape: [2, 2] });
 * matmul(a, constant([1, 1], { shape: [2, 1] })); // → [[3],[7]]
 */
export const matmul = (a: Tensor, b: Tensor): Tensor => new Tensor("matmul", [a, b], {});

/**
 * Zeros of a shape: `→ [shape]`
 * @example zeros([2, 2]); // → [[0,0],[0,0]]
 */
export const zeros = (shape: Shape): Tensor => broadcast(constant(0), shape);
/**
 * Ones of a shape: `→ [shape]`
 * @example ones([3]); // → [1,1,1]
 */
export const ones = (shape: Shape): Tensor => broadcast(constant(1), shape);

/** Both tensors at their common shape. */
export function broadcastTogether(a: Tensor, b: Tensor): readonly [Tensor, Tensor] {
  const shape = broadcastShape(a.shape, b.shape) ?? a.shape;
  return [broadcast(a, shape), broadcast(b, shape)];
}
