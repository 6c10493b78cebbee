import { ShapeError } from "../shape/error.js";
import { mean, power, reshape, square } from "../tensor/operations.js";
import { filled, type Initializer } from "./initializers.js";
import { type Layer, simple } from "./layer.js";

export interface BatchNormOptions {
  readonly eps?: number;
  /** Share of a new batch in the running statistics. */
  readonly momentum?: number;
  /** Of the scale; ones when left out. */
  readonly initial?: Initializer;
}

/**
 * Normalizes each channel by the mean and variance of the pictures seen together, then scales and
 * shifts it: `[b c …] → [b c …]`. Sampling uses running statistics.
 *
 * Ioffe & Szegedy 2015, Algorithms 1 and 2; running variance unbiased, as in PyTorch.
 */
export function batchNorm(options: BatchNormOptions = {}): Layer {
  const { eps = 1e-5, momentum = 0.1, initial = filled(1) } = options;
  const name = "batch norm";
  return {
    name,
    build(shape) {
      if (shape.length === 0) {
        const operands = [{ label: "input", value: shape }];
        throw new ShapeError({ op: "batchNorm", why: "needs an axis besides the batch", operands });
      }
      const channels = [shape[0]!];
      const spread = [1, shape[0]!, ...shape.slice(1).map(() => 1)];
      return simple({
        name,
        output: shape,
        parameters: {
          scale: { shape: channels, initial },
          shift: { shape: channels, initial: filled(0) },
        },
        state: {
          mean: { shape: channels, initial: filled(0) },
          variance: { shape: channels, initial: filled(1) },
        },
        apply(x, scope) {
          const scale = reshape(scope.parameter("scale"), spread);
          const shift = reshape(scope.parameter("shift"), spread);
          if (!scope.training) {
            const slope = scale.times(
              reshape(power(scope.state("variance").plus(eps), -0.5), spread),
            );
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
          const blend = (old: string, now: typeof x): typeof x =>
            scope
              .state(old)
              .times(1 - momentum)
              .plus(reshape(now, channels).times(momentum));
          scope.update("mean", blend("mean", middle));
          scope.update(
            "variance",
            blend("variance", variance.times(count / Math.max(1, count - 1))),
          );
          return centred.times(power(variance.plus(eps), -0.5).times(scale)).plus(shift);
        },
      });
    },
  };
}
