import { ShapeError } from "../shape/error.js";
import { convolution } from "./convolution.js";
import {
  broadcast,
  concatenate,
  gather,
  matmul,
  max,
  maximum,
  mean,
  pad,
  type Range,
  reshape,
  reverse,
  slice,
  transpose,
} from "./operations.js";
import { constant, type Tensor } from "./tensor.js";

/** One number for height and width, or one for each. */
export type Pair = number | readonly [number, number];

const pair = (value: Pair): readonly [number, number] =>
  typeof value === "number" ? [value, value] : value;

function fail(op: string, why: string, x: Tensor): never {
  throw new ShapeError({ op, why, operands: [{ label: "input", value: x.shape }] });
}

function sizes(op: string, x: Tensor): readonly [number, number, number, number] {
  if (x.rank !== 4) {
    const operands = [{ label: "input", value: x.shape, axes: "b c h w" }];
    throw new ShapeError({ op, why: `needs 4 axes, has ${x.rank}`, operands });
  }
  return x.shape as readonly [number, number, number, number]; // just counted
}

export interface PoolOptions {
  /** Size of a window. */
  readonly kernel: Pair;
  /** As large as the kernel when left out. */
  readonly stride?: Pair;
}

/** Pictures cut into windows: by `blocks` where they do not overlap, by `shifts` along an axis where they do. */
function pool(
  op: string,
  x: Tensor,
  { kernel, stride = kernel }: PoolOptions,
  reduce: {
    readonly blocks: (x: Tensor, axes: readonly number[]) => Tensor;
    readonly shifts: (list: readonly Tensor[]) => Tensor;
  },
): Tensor {
  const [b, c, ...size] = sizes(op, x);
  const [k, s] = [pair(kernel), pair(stride)];
  const count = size.map((d, i) => Math.floor((d - k[i]!) / s[i]!) + 1);
  if (count.some((n) => n < 1)) fail(op, `a window of [${k.join(" ")}] does not fit`, x);
  const [h, w] = count as [number, number]; // height and width
  if (k[0] === s[0] && k[1] === s[1]) {
    const whole = slice(x, [undefined, undefined, { end: h * k[0] }, { end: w * k[1] }]);
    return reduce.blocks(reshape(whole, [b, c, h, k[0], w, k[1]]), [3, 5]);
  }
  return [2, 3].reduce((pictures, axis) => {
    const [length, step, n] = [k[axis - 2]!, s[axis - 2]!, count[axis - 2]!];
    const at = (start: number): Range => ({ start, end: start + (n - 1) * step + 1, step });
    const shifted = Array.from({ length }, (_, start) => slice(pictures, along(axis, at(start))));
    return reduce.shifts(shifted);
  }, x);
}

const along = (axis: number, range: Range): (Range | undefined)[] =>
  Array.from({ length: axis + 1 }, (_, i) => (i === axis ? range : undefined));

/**
 * The mean of each window: `[b c h w] → [b c t u]`, t = ⌊(h − kernel) / stride⌋ + 1
 *
 * @example
 * const x = constant([1, 2, 3, 6], { shape: [1, 1, 2, 2] });
 * averagePool(x, { kernel: 2 }); // → [[[[3]]]]
 */
export const averagePool = (x: Tensor, options: PoolOptions): Tensor =>
  pool("averagePool", x, options, {
    blocks: (blocks, axes) => mean(blocks, { axes }),
    shifts: (list) => list.reduce((total, y) => total.plus(y)).times(1 / list.length),
  });

/**
 * The largest of each window: `[b c h w] → [b c t u]`, t = ⌊(h − kernel) / stride⌋ + 1
 *
 * @example
 * const x = constant([1, 2, 3, 6], { shape: [1, 1, 2, 2] });
 * maxPool(x, { kernel: [1, 2] }); // → [[[[2],[6]]]]
 */
export const maxPool = (x: Tensor, options: PoolOptions): Tensor =>
  pool("maxPool", x, options, {
    blocks: (blocks, axes) => max(blocks, { axes }),
    shifts: (list) => list.reduce((best, y) => maximum(best, y)),
  });

export interface ResizeOptions {
  /** How a pixel is made from its neighbours. */
  readonly filter: "nearest" | "bilinear" | "bicubic";
}

/** Weights of the neighbours at −1, 0, 1 and 2, for a place `t` of the way from 0 to 1. */
const taps: Readonly<Record<"bilinear" | "bicubic", (t: number) => readonly number[]>> = {
  bilinear: (t) => [0, 1 - t, t, 0],
  // Keys 1981 with a = −0.75, as PyTorch and OpenCV have it.
  bicubic: (t) => {
    const a = -0.75;
    const near = (d: number): number => ((a + 2) * d - (a + 3)) * d * d + 1;
    const far = (d: number): number => ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
    return [far(1 + t), near(t), near(1 - t), far(2 - t)];
  },
};

/** `[to from]`: what each new place takes from the old ones; pixels are centred at ½, 1½, … */
function interpolation(filter: "bilinear" | "bicubic", from: number, to: number): Tensor {
  const matrix = new Float64Array(to * from);
  for (let i = 0; i < to; i++) {
    const place = ((i + 0.5) * from) / to - 0.5;
    const first = Math.floor(place);
    taps[filter](place - first).forEach((weight, k) => {
      const j = Math.min(Math.max(first - 1 + k, 0), from - 1);
      matrix[i * from + j] = matrix[i * from + j]! + weight;
    });
  }
  return constant(Array.from(matrix), { shape: [to, from] });
}

/**
 * Pictures at another size: `[b c h w] → [b c size]`. Pixel centres are at halves, as in PyTorch
 * with `align_corners=False` and `antialias=False`; nearest is its `nearest-exact`.
 *
 * @throws {ShapeError} when `x` has other than four axes, or the size is none.
 *
 * @example
 * const x = constant([0, 1], { shape: [1, 1, 1, 2] });
 * resize(x, [1, 4], { filter: "bilinear" }); // → [[[[0,0.25,0.75,1]]]]
 */
export function resize(x: Tensor, size: Pair, { filter }: ResizeOptions): Tensor {
  const [b, c, h, w] = sizes("resize", x);
  const [t, u] = pair(size);
  if (!(t >= 1 && u >= 1)) fail("resize", `no picture has a size of [${t} ${u}]`, x);
  if (filter === "nearest") return nearest(x, [t, u]);
  const rows = w === u ? x : matmul(reshape(x, [b * c * h, w]), widths(filter, w, u));
  const wide = reshape(rows, [b, c, h, u]);
  return h === t ? wide : matmul(interpolation(filter, h, t), wide);
}

const widths = (filter: "bilinear" | "bicubic", from: number, to: number): Tensor =>
  transpose(interpolation(filter, from, to));

function nearest(x: Tensor, [t, u]: readonly [number, number]): Tensor {
  const [b, c, h, w] = sizes("resize", x);
  if (t % h === 0 && u % w === 0) {
    const spread = broadcast(reshape(x, [b, c, h, 1, w, 1]), [b, c, h, t / h, w, u / w]);
    return reshape(spread, [b, c, t, u]);
  }
  const places = (from: number, to: number): Tensor =>
    constant(Int32Array.from({ length: to }, (_, i) => Math.floor(((i + 0.5) * from) / to)));
  return gather(gather(x, places(h, t), 2), places(w, u), 3);
}

/**
 * Channels become neighbours: `[b c·r² h w] → [b c r·h r·w]`
 *
 * @throws {ShapeError} when the channels do not split into r² parts.
 *
 * @example
 * pixelShuffle(constant([1, 2, 3, 4], { shape: [1, 4, 1, 1] }), 2); // → [[[[1,2],[3,4]]]]
 */
export function pixelShuffle(x: Tensor, r: number): Tensor {
  const [b, c, h, w] = sizes("pixelShuffle", x);
  if (c % (r * r) !== 0) fail("pixelShuffle", `${c} channels do not split into ${r * r} parts`, x);
  const apart = reshape(x, [b, c / (r * r), r, r, h, w]);
  return reshape(transpose(apart, [0, 1, 4, 2, 5, 3]), [b, c / (r * r), h * r, w * r]);
}

/**
 * Neighbours become channels: `[b c r·h r·w] → [b c·r² h w]`
 *
 * @throws {ShapeError} when the sides are no multiples of r.
 *
 * @example
 * pixelUnshuffle(ones([1, 3, 8, 8]), 2).shape; // → [1,12,4,4]
 */
export function pixelUnshuffle(x: Tensor, r: number): Tensor {
  const [b, c, h, w] = sizes("pixelUnshuffle", x);
  if (h % r !== 0 || w % r !== 0) fail("pixelUnshuffle", `sides are not multiples of ${r}`, x);
  const apart = reshape(x, [b, c, h / r, r, w / r, r]);
  return reshape(transpose(apart, [0, 1, 3, 5, 2, 4]), [b, c * r * r, h / r, w / r]);
}

export type Edge = "zero" | "reflect" | "edge" | "wrap";

export interface EdgeOptions {
  /** Rows above and below. */
  readonly rows?: readonly [number, number];
  /** Columns on the left and on the right. */
  readonly columns?: readonly [number, number];
  /** What stands outside: zeros, a mirror in the outermost pixel, that pixel itself, or the other side. */
  readonly mode: Edge;
}

/**
 * A frame around pictures: `[b c h w] → [b c h+rows w+columns]`
 *
 * @throws {ShapeError} when a mirror or the other side does not reach that far.
 *
 * @example
 * const x = constant([1, 2, 3], { shape: [1, 1, 1, 3] });
 * pad2d(x, { columns: [1, 2], mode: "reflect" }); // → [[[[2,1,2,3,2,1]]]]
 */
export function pad2d(x: Tensor, { rows = [0, 0], columns = [0, 0], mode }: EdgeOptions): Tensor {
  const [, , h, w] = sizes("pad2d", x);
  if (mode === "zero") {
    return pad(x, { before: [0, 0, rows[0], columns[0]], after: [0, 0, rows[1], columns[1]] });
  }
  const room = mode === "reflect" ? [h - 1, w - 1] : mode === "wrap" ? [h, w] : [];
  [rows, columns].forEach((widths, i) => {
    if (Math.max(...widths) > (room[i] ?? Number.POSITIVE_INFINITY)) {
      fail("pad2d", `${mode} reaches at most ${room[i]} pixels, not ${Math.max(...widths)}`, x);
    }
  });
  return framed(framed(x, 2, rows, mode), 3, columns, mode);
}

function framed(
  x: Tensor,
  axis: 2 | 3,
  [before, after]: readonly [number, number],
  mode: Exclude<Edge, "zero">,
): Tensor {
  const parts = [x];
  if (before > 0) parts.unshift(outside(x, axis, mode, { side: "before", count: before }));
  if (after > 0) parts.push(outside(x, axis, mode, { side: "after", count: after }));
  return concatenate(parts, axis);
}

function outside(
  x: Tensor,
  axis: 2 | 3,
  mode: Exclude<Edge, "zero">,
  { side, count }: { readonly side: "before" | "after"; readonly count: number },
): Tensor {
  const n = x.shape[axis]!;
  const first = side === "before";
  const part = (start: number): Tensor => slice(x, along(axis, { start, end: start + count }));
  if (mode === "wrap") return part(first ? n - count : 0);
  if (mode === "reflect") return reverse(part(first ? 1 : n - 1 - count), [axis]);
  const at = first ? 0 : n - 1;
  const shape = x.shape.map((d, i) => (i === axis ? count : d));
  return broadcast(slice(x, along(axis, { start: at, end: at + 1 })), shape);
}

/**
 * Every channel convolved with the same kernel along rows and along columns: `[b c h w] → [b c h w]`.
 * The kernel is used as it is: give one that sums to 1, such as [¼ ½ ¼].
 *
 * @example
 * const x = constant([0, 0, 4, 0, 0, 0, 0, 0, 0], { shape: [1, 1, 3, 3] });
 * blur(x, [0.25, 0.5, 0.25]); // → [[[[0,0.5,1],[0,0.25,0.5],[0,0,0]]]]
 */
export function blur(x: Tensor, kernel: readonly number[], mode: Edge = "zero"): Tensor {
  const [b, c, h, w] = sizes("blur", x);
  const before = Math.floor((kernel.length - 1) / 2);
  const sides = [before, kernel.length - 1 - before] as const;
  const wide = pad2d(x, { rows: sides, columns: sides, mode });
  const [, , t, u] = sizes("blur", wide);
  // Channels stand in the batch, so that all share one kernel.
  const single = reshape(wide, [b * c, 1, t, u]);
  const row = constant(kernel, { shape: [1, 1, 1, kernel.length] });
  const column = constant(kernel, { shape: [1, 1, kernel.length, 1] });
  return reshape(convolution(convolution(single, row), column), [b, c, h, w]);
}
