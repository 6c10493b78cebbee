import { ShapeError } from "../shape/error.js";
import { concatenate, mean, power, reshape, slice, square } from "../tensor/operations.js";
import type { Tensor } from "../tensor/tensor.js";
import { channelwise, statisticsOf } from "./batch-norm.js";
import { filled, type Initializer } from "./initializers.js";
import { type Layer, type Scope, simple } from "./layer.js";

/** Options of virtual batch norm. */
export interface VirtualBatchNormOptions {
  /** Added to the variance. */
  readonly eps?: number;
  /** Of the scale; ones when left out. */
  readonly initial?: Initializer;
}

/** The mean of an item's numbers and of their squares, for each channel. */
interface Moments {
  readonly middle: Tensor;
  readonly squares: Tensor;
}

/**
 * Normalizes each item by itself and by `count` items of reference, which come first in every batch
 * while training: `[count+b c …] → [count+b c …]`, with means and mean squares
 * `x/(count+1) + (1 − 1/(count+1)) reference`. No item's numbers depend on those beside it. Sampling
 * is given no reference, `[b c …] → [b c …]`, and uses what it was in the last turn.
 *
 * Salimans et al. 2016, "Improved techniques for training GANs", section 3.5, as in the authors'
 * ImageNet code.
 *
 * @throws {ShapeError} when the input has no axis besides the batch, or no items follow the reference.
 * @example
 * chain(conv(8), virtualBatchNorm(64), relu).build([3, 16, 16]).output; // → [8,16,16]
 */
export function virtualBatchNorm(
  count: number,
  { eps = 1e-5, initial = filled(1) }: VirtualBatchNormOptions = {},
): Layer {
  const op = "virtualBatchNorm";
  const name = `virtual batch norm of ${count}`;
  const share = 1 / (count + 1);
  return {
    name,
    build(shape) {
      const spread = channelwise(op, shape);
      const places = shape.map((_, i) => i + 1).slice(1);
      const momentsOf = (x: Tensor, axes: readonly number[]): Moments => ({
        middle: axes.length === 0 ? x : mean(x, { axes, keep: true }),
        squares: axes.length === 0 ? square(x) : mean(square(x), { axes, keep: true }),
      });
      const normalized = (x: Tensor, { middle, squares }: Moments): Tensor =>
        x.minus(middle).times(power(squares.minus(square(middle)).plus(eps), -0.5));
      const beside = (x: Tensor, reference: Moments): Tensor => {
        const own = momentsOf(x, places);
        const mixed = (a: Tensor, b: Tensor): Tensor => a.times(share).plus(b.times(1 - share));
        return normalized(x, {
          middle: mixed(own.middle, reference.middle),
          squares: mixed(own.squares, reference.squares),
        });
      };
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
          const made = scope.training ? together(x, scope) : beside(x, kept(scope));
          return made.times(scale).plus(shift);
        },
      });

      function kept(scope: Scope): Moments {
        const read = (which: string): Tensor => reshape(scope.state(which), spread);
        const middle = read("mean");
        return { middle, squares: read("variance").plus(square(middle)) };
      }

      function together(x: Tensor, scope: Scope): Tensor {
        const all = x.shape[0]!;
        if (all <= count) {
          const why = `needs items after the ${count} of reference`;
          throw new ShapeError({ op, why, operands: [{ label: "input", value: x.shape }] });
        }
        const first = slice(x, [{ start: 0, end: count }]);
        const reference = momentsOf(first, [0, ...places]);
        const { middle, squares } = reference;
        scope.update("mean", reshape(middle, [shape[0]!]));
        scope.update("variance", reshape(squares.minus(square(middle)), [shape[0]!]));
        const rest = slice(x, [{ start: count, end: all }]);
        return concatenate([normalized(first, reference), beside(rest, reference)]);
      }
    },
  };
}
