import { ShapeError } from "../shape/error.js";
import type { Shape } from "../shape/shape.js";
import { mean, power, reshape, square } from "../tensor/operations.js";
import type { Tensor } from "../tensor/tensor.js";
import { filled, type Initializer } from "./initializers.js";
import { fromFunction, type Kept, type Layer, type Scope, simple } from "./layer.js";

/** Options of norms that look at one item at a time. */
export interface NormOptions {
  /** Added to the variance. */
  readonly eps?: number;
  /** Whether a learned scale and shift follow. */
  readonly affine?: boolean;
}

/** Mean 0 and variance 1 over some axes. */
function standardized(x: Tensor, axes: readonly number[], eps: number): Tensor {
  const centred = x.minus(mean(x, { axes, keep: true }));
  const variance = mean(square(centred), { axes, keep: true });
  return centred.times(power(variance.plus(eps), -0.5));
}

const from = (first: number, rank: number): readonly number[] =>
  Array.from({ length: rank - first }, (_, i) => first + i);

/** A scale and a shift of one shape, beginning as 1 and 0. */
const affineOf = (shape: Shape, initial = filled(1)): Readonly<Record<string, Kept>> => ({
  scale: { shape, initial },
  shift: { shape, initial: filled(0) },
});

/** `y · scale + shift`, each spread over the axes of `y`. */
function affine(y: Tensor, scope: Scope, spread: Shape): Tensor {
  const scale = reshape(scope.parameter("scale"), spread);
  return y.times(scale).plus(reshape(scope.parameter("shift"), spread));
}

/** `[1 c 1 …]` for an input `[c …]` */
const byChannel = (shape: Shape): Shape => [1, ...shape.map((d, i) => (i === 0 ? d : 1))];

/** Options of instance norm. */
export interface InstanceNormOptions extends NormOptions {
  /** Of the scale; ones when left out. */
  readonly initial?: Initializer;
}

/**
 * Normalizes each channel of each item by itself: `[b c …] → [b c …]`.
 *
 * Ulyanov, Vedaldi & Lempitsky 2016, "Instance normalization". No scale and shift unless asked for,
 * as in PyTorch.
 *
 * @throws {ShapeError} when a channel holds fewer than two numbers.
 * @example
 * chain(conv(8), instanceNorm(), relu).build([3, 16, 16]).output; // → [8,16,16]
 */
export function instanceNorm(options: InstanceNormOptions = {}): Layer {
  const { eps = 1e-5, affine: isAffine = false, initial } = options;
  const name = "instance norm";
  return {
    name,
    build(shape) {
      if (shape.slice(1).reduce((n, d) => n * d, 1) < 2) {
        const operands = [{ label: "input", value: shape, axes: "c …" }];
        const why = "needs two numbers or more in a channel";
        throw new ShapeError({ op: "instanceNorm", why, operands });
      }
      return simple({
        name,
        output: shape,
        ...(isAffine ? { parameters: affineOf([shape[0]!], initial) } : {}),
        apply(x, scope) {
          const y = standardized(x, from(2, x.rank), eps);
          return isAffine ? affine(y, scope, byChannel(shape)) : y;
        },
      });
    },
  };
}

/** Options of layer norm. */
export interface LayerNormOptions extends NormOptions {
  /** How many last axes are normalized together; all besides the batch when left out. */
  readonly axes?: number;
}

/**
 * Normalizes each item over its last axes: `[b …] → [b …]`. Scale and shift have the shape of what is
 * normalized together, as in PyTorch.
 *
 * Ba, Kiros & Hinton 2016, "Layer normalization".
 *
 * @throws {ShapeError} when the input has fewer axes than are to be normalized, or none.
 * @example
 * chain(linear(64), layerNorm(), relu).build([2]).output; // → [64]
 */
export function layerNorm(options: LayerNormOptions = {}): Layer {
  const { eps = 1e-5, affine: isAffine = true } = options;
  const name = "layer norm";
  return {
    name,
    build(shape) {
      const count = options.axes ?? shape.length;
      if (shape.length < count || count < 1) {
        const needed = Math.max(1, count);
        const why = `needs ${needed} ${needed === 1 ? "axis" : "axes"} besides the batch, has ${shape.length}`;
        const operands = [{ label: "input", value: shape }];
        throw new ShapeError({ op: "layerNorm", why, operands });
      }
      const last = shape.slice(shape.length - count);
      return simple({
        name,
        output: shape,
        ...(isAffine ? { parameters: affineOf(last) } : {}),
        apply(x, scope) {
          const y = standardized(x, from(x.rank - count, x.rank), eps);
          return isAffine ? affine(y, scope, last) : y;
        },
      });
    },
  };
}

/**
 * Normalizes groups of channels of each item, with a scale and a shift for each channel:
 * `[b c …] → [b c …]`.
 *
 * Wu & He 2018, "Group normalization", equation 7.
 *
 * @throws {ShapeError} when the groups do not divide the channels.
 * @example
 * chain(conv(32), groupNorm(8), silu).build([3, 16, 16]).output; // → [32,16,16]
 */
export function groupNorm(
  groups: number,
  { eps = 1e-5, affine: isAffine = true }: NormOptions = {},
): Layer {
  const name = `group norm of ${groups}`;
  return {
    name,
    build(shape) {
      const [channels] = shape;
      if (channels === undefined || channels % groups !== 0) {
        const operands = [{ label: "input", value: shape, axes: "c …" }];
        const why =
          channels === undefined
            ? "needs an axis besides the batch"
            : `${groups} groups do not divide ${channels} channels`;
        throw new ShapeError({ op: "groupNorm", why, operands });
      }
      return simple({
        name,
        output: shape,
        ...(isAffine ? { parameters: affineOf([channels]) } : {}),
        apply(x, scope) {
          const apart = reshape(x, [x.shape[0]!, groups, channels / groups, ...shape.slice(1)]);
          const y = reshape(standardized(apart, from(2, apart.rank), eps), x.shape);
          return isAffine ? affine(y, scope, byChannel(shape)) : y;
        },
      });
    },
  };
}

/**
 * Scales each pixel's channels to a mean square of 1: `[b c …] → [b c …]`; also for codes `[b z]`.
 *
 * Karras et al. 2018, "Progressive growing of GANs", section 4.2.
 *
 * @throws {ShapeError} when the input has no axis besides the batch.
 * @example
 * chain(pixelNorm(), linear(64)).build([512]).output; // → [64]
 */
export const pixelNorm = ({ eps = 1e-8 }: Pick<NormOptions, "eps"> = {}): Layer =>
  fromFunction((x) => {
    if (x.rank < 2) {
      const operands = [{ label: "input", value: x.shape.slice(1) }];
      throw new ShapeError({ op: "pixelNorm", why: "needs an axis besides the batch", operands });
    }
    return x.times(power(mean(square(x), { axes: [1], keep: true }).plus(eps), -0.5));
  }, "pixel norm");
