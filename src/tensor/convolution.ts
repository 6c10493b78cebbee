import type { Shape } from "../shape/shape.js";
import type { ConvolutionOptions } from "./convolution-shapes.js";
import { Tensor } from "./tensor.js";

/** One number for all spatial axes, or one for each. */
export type PerAxis<T> = T | readonly T[];

export interface ConvolutionSettings {
  /** Places between two windows. */
  readonly stride?: PerAxis<number>;
  /** Zeros on both sides of each spatial axis. */
  readonly padding?: PerAxis<number>;
  /** Places between two numbers of a filter. */
  readonly dilation?: PerAxis<number>;
  /** Parts that the channels are split into, each with filters of its own. */
  readonly groups?: number;
}

const perAxis = (value: PerAxis<number>, rank: number): readonly number[] =>
  typeof value === "number" ? new Array<number>(rank).fill(value) : value;

function settle(settings: ConvolutionSettings, rank: number): ConvolutionOptions {
  const { stride = 1, padding = 0, dilation = 1, groups = 1 } = settings;
  return {
    strides: perAxis(stride, rank),
    padding: perAxis(padding, rank).map((n) => [n, n] as const),
    dilations: perAxis(dilation, rank),
    groups,
  };
}

/**
 * Cross-correlation in one, two or three dimensions.
 *
 * `x [b c …s], w [o c/groups …k] → [b o …t]`, t = ⌊(s + 2·padding − dilation·(k−1) − 1) / stride⌋ + 1
 *
 * @throws {ShapeError} when channels, groups or sizes do not fit.
 *
 * @example
 * const [x, w] = [ones([1, 1, 4, 4]), ones([8, 1, 3, 3])];
 * convolution(x, w).shape; // → [1,8,2,2]
 * convolution(x, w, { stride: 2, padding: 1 }).shape; // → [1,8,2,2]
 */
export const convolution = (x: Tensor, w: Tensor, settings: ConvolutionSettings = {}): Tensor =>
  new Tensor("convolution", [x, w], settle(settings, x.rank - 2));

export interface TransposedSettings extends ConvolutionSettings {
  /** Extra places at the end of each spatial axis, below the stride; chooses among possible sizes. */
  readonly outputPadding?: PerAxis<number>;
}

/**
 * Transposed convolution: the gradient of `convolution` with respect to its input.
 *
 * `x [b i …s], w [i o/groups …k] → [b o …t]`, t = (s−1)·stride − 2·padding + dilation·(k−1) + 1 + outputPadding
 *
 * @throws {ShapeError} when channels, groups or sizes do not fit.
 *
 * @example
 * const [x, w] = [ones([1, 8, 4, 4]), ones([8, 3, 4, 4])];
 * transposedConvolution(x, w, { stride: 2, padding: 1 }).shape; // → [1,3,8,8]
 */
export function transposedConvolution(
  x: Tensor,
  w: Tensor,
  settings: TransposedSettings = {},
): Tensor {
  const rank = x.rank - 2;
  const options = settle(settings, rank);
  const extra = perAxis(settings.outputPadding ?? 0, rank);
  const size = x.shape.slice(2).map((s, i) => {
    const span = options.dilations[i]! * ((w.shape[i + 2] ?? 1) - 1) + 1;
    const [before, after] = options.padding[i]!;
    return (s - 1) * options.strides[i]! - before - after + span + extra[i]!;
  });
  return new Tensor("convolutionInputGradient", [x, w], { ...options, size });
}

/** `g [b o …t], w [o c/g …k] → [b c …size]` */
export const convolutionInputGradient = (
  g: Tensor,
  w: Tensor,
  options: ConvolutionOptions & { readonly size: Shape },
): Tensor => new Tensor("convolutionInputGradient", [g, w], options);

/** `x [b c …s], g [b o …t] → [o c/g …kernel]` */
export const convolutionWeightGradient = (
  x: Tensor,
  g: Tensor,
  options: ConvolutionOptions & { readonly kernel: Shape },
): Tensor => new Tensor("convolutionWeightGradient", [x, g], options);
