import { ShapeError } from "../shape/error.js";
import type { Shape } from "../shape/shape.js";
import { mean, power, reshape, square } from "../tensor/operations.js";
import type { Tensor } from "../tensor/tensor.js";
import { filled, type Initializer } from "./initializers.js";
import { type Kept, type Layer, type Scope, simple } from "./layer.js";

/** How statistics of a batch are kept. */
export interface StatisticsOptions {
  /** Added to the variance. */
  readonly eps?: number;
  /** Share of a new batch in the running statistics. */
  readonly momentum?: number;
}

/** Options of batch norm. */
export interface BatchNormOptions extends StatisticsOptions {
  /** Of the scale; ones when left out. */
  readonly initial?: Initializer;
}

/** Running statistics of an input `[c …]`. */
export const statisticsOf = (shape: Shape): Readonly<Record<"mean" | "variance", Kept>> => ({
  mean: { shape: [shape[0]!], initial: filled(0) },
  variance: { shape: [shape[0]!], initial: filled(1) },
});

/** `[1 c 1 …]` for an input `[c …]`; an error without channels. */
export function channelwise(op: string, shape: Shape): Shape {
  if (shape.length === 0) {
    const operands = [{ label: "input", value: shape }];
    throw new ShapeError({ op, why: "needs an axis besides the batch", operands });
  }
  return [1, ...shape.map((d, i) => (i === 0 ? d : 1))];
}

/**
 * `x [b c …]` normalized by the statistics of the pictures seen together, which are kept in the
 * scope's `mean` and `variance`, or by the kept ones when sampling; then scaled and shifted.
 */
export function normalizeBatch(
  x: Tensor,
  scope: Scope,
  {
    scale,
    shift,
    eps = 1e-5,
    momentum = 0.1,
  }: StatisticsOptions & { readonly scale: Tensor; readonly shift: Tensor },
): Tensor {
  const channels = [x.shape[1]!];
  const spread = x.shape.map((d, i) => (i === 1 ? d : 1));
  if (!scope.training) {
    const slope = scale.times(reshape(power(scope.state("variance").plus(eps), -0.5), spread));
    return x
      .minus(reshape(scope.state("mean"), spread))
      .times(slope)
      .plus(shift);
  }
  const axes = x.shape.flatMap((_, i) => (i === 1 ? [] : [i]));
  const count = axes.reduce((n, axis) => n * x.shape[axis]!, 1);
  const middle = mean(x, { axes, keep: true });
  const centred = x.minus(middle);
  const variance = mean(square(centred), { axes, keep: true });
  const blend = (old: string, now: Tensor): Tensor =>
    scope
      .state(old)
      .times(1 - momentum)
      .plus(reshape(now, channels).times(momentum));
  scope.update("mean", blend("mean", middle));
  scope.update("variance", blend("variance", variance.times(count / Math.max(1, count - 1))));
  return centred.times(power(variance.plus(eps), -0.5).times(scale)).plus(shift);
}

/**
 * Normalizes each channel by the mean and variance of the pictures seen together, then scales and
 * shifts it: `[b c …] → [b c …]`. Sampling uses running statistics.
 *
 * Ioffe & Szegedy 2015, Algorithms 1 and 2; running variance unbiased, as in PyTorch.
 *
 * @throws {ShapeError} when the input has no axis besides the batch.
 * @example
 * chain(conv(8), batchNorm(), relu).build([3, 16, 16]).output; // → [8,16,16]
 */
export function batchNorm(options: BatchNormOptions = {}): Layer {
  const { initial = filled(1), ...statistics } = options;
  const name = "batch norm";
  return {
    name,
    build(shape) {
      const spread = channelwise("batchNorm", shape);
      return simple({
        name,
        output: shape,
        parameters: {
          scale: { shape: [shape[0]!], initial },
          shift: { shape: [shape[0]!], initial: filled(0) },
        },
        state: statisticsOf(shape),
        apply(x, scope) {
          const scale = reshape(scope.parameter("scale"), spread);
          const shift = reshape(scope.parameter("shift"), spread);
          return normalizeBatch(x, scope, { ...statistics, scale, shift });
        },
      });
    },
  };
}
