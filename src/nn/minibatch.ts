import { axes } from "../shape/axes.js";
import { ShapeError } from "../shape/error.js";
import {
  abs,
  broadcast,
  concatenate,
  detach,
  equal,
  exp,
  matmul,
  mean,
  min,
  negate,
  reshape,
  select,
  sqrt,
  square,
  sum,
  transpose,
} from "../tensor/operations.js";
import { constant, type Tensor } from "../tensor/tensor.js";
import { filled, type Initializer, kaiming } from "./initializers.js";
import { type Layer, type Scope, simple } from "./layer.js";

/** Options of minibatch discrimination. */
export interface MinibatchDiscriminationOptions {
  /** Numbers of each feature that are compared between two items. */
  readonly width?: number;
  /** N(0, 1/in) when left out: the authors' code gives each column a norm of 1. */
  readonly initial?: Initializer;
  /**
   * Whether distances are measured in half of what they are to the nearest item in the first batch
   * that is seen, and features from their mean there: without it they may all be near 0 or near b,
   * where they have no slope.
   */
  readonly fitted?: boolean;
}

/**
 * Tells a discriminator how close each item is to the others that it sees together: `[b in] → [b in+features]`.
 * Feature k of item i is `Σⱼ exp(−‖Mᵢₖ − Mⱼₖ‖₁)`, j = i included, where `M = x T` is `[b features width]`.
 *
 * Salimans et al. 2016, "Improved techniques for training GANs", section 3.2; `fitted` as in the
 * authors' code, whose first batch settles a scale and a shift.
 *
 * @throws {ShapeError} when the input has other than one axis besides the batch.
 * @example
 * chain(flatten, minibatchDiscrimination(16)).build([8, 4, 4]).output; // → [144]
 */
export function minibatchDiscrimination(
  features: number,
  { width = 5, initial, fitted = false }: MinibatchDiscriminationOptions = {},
): Layer {
  const name = `minibatch discrimination ${features}`;
  return {
    name,
    build(shape) {
      if (shape.length !== 1) {
        throw new ShapeError({
          op: "minibatchDiscrimination",
          why: "needs one axis besides the batch",
          operands: [{ label: "input", value: shape }],
          hint: "put flatten before it",
        });
      }
      const fanIn = shape[0]!;
      return simple({
        name,
        output: [fanIn + features],
        parameters: {
          weight: { shape: [fanIn, features * width], initial: initial ?? kaiming(fanIn, 1) },
        },
        // Zeros say that no batch was seen yet.
        state: fitted
          ? {
              near: { shape: [features], initial: filled(0) },
              middle: { shape: [features], initial: filled(0) },
            }
          : {},
        apply(x, scope) {
          const { b } = axes(x, "b _");
          const made = matmul(x, scope.parameter("weight"));
          const each = reshape(made, [b, 1, features, width]);
          const others = transpose(each, [1, 0, 2, 3]);
          // Axes stay until the end, so that an exported model's batch can stay free.
          const distance = sum(abs(each.minus(others)), { axes: [3], keep: true });
          if (fitted) return concatenate([x, fittedTo(distance, scope)], 1);
          const close = sum(exp(negate(distance)), { axes: [1], keep: true });
          return concatenate([x, reshape(close, [b, features])], 1);
        },
      });
    },
  };
}

/** Closeness from distances `[b b features 1]`, by the scale and from the mean of the first batch. */
function fittedTo(distance: Tensor, scope: Scope): Tensor {
  const [b, , features] = distance.shape as readonly [number, number, number, number]; // as made above
  const isFresh = equal(sum(abs(scope.state("near"))), 0);
  const settled = (name: string, now: Tensor): Tensor => {
    const value = select(isFresh, detach(now), scope.state(name));
    if (scope.training) scope.update(name, value);
    return value;
  };
  const self = constant(
    Float32Array.from({ length: b * b }, (_, i) => (i % (b + 1) === 0 ? 1e6 : 0)),
    { shape: [b, b, 1, 1] },
  );
  const nearest = min(distance.plus(self), { axes: [1] });
  const near = settled("near", reshape(mean(nearest, { axes: [0] }), [features]).times(0.5));
  const unit = reshape(near.plus(1e-12), [1, 1, features, 1]);
  const close = reshape(sum(exp(negate(distance.over(unit))), { axes: [1] }), [b, features]);
  return close.minus(settled("middle", mean(close, { axes: [0] })));
}

/** Options of the minibatch standard deviation; StyleGAN's names are group_size and num_channels. */
export interface MinibatchDeviationOptions {
  /** Items compared with each other; the whole batch where it is smaller. */
  readonly group?: number;
  /** Channels that are added. */
  readonly features?: number;
}

/**
 * Adds channels that say how much items differ: `[b c …] → [b c+features …]`. Each is the standard
 * deviation over a group of items, averaged over a share of the channels and all places. Items i,
 * i + b/group, i + 2b/group … are a group, as in StyleGAN's code.
 *
 * Karras et al. 2018, "Progressive growing of GANs", section 3; group and features as in StyleGAN 2.
 *
 * @throws {ShapeError} when features do not divide the channels, or groups the batch.
 * @example
 * minibatchDeviation({ group: 4 }).build([512, 4, 4]).output; // → [513,4,4]
 */
export function minibatchDeviation(options: MinibatchDeviationOptions = {}): Layer {
  const { group = 4, features = 1 } = options;
  const name = `minibatch deviation of ${group}`;
  const fail = (why: string, label: string, value: readonly number[]): never => {
    throw new ShapeError({ op: "minibatchDeviation", why, operands: [{ label, value }] });
  };
  return {
    name,
    build(shape) {
      const [channels, ...places] = shape;
      if (channels === undefined) return fail("needs an axis besides the batch", "input", shape);
      if (channels % features !== 0) {
        fail(`${features} features do not divide ${channels} channels`, "input", shape);
      }
      return simple({
        name,
        output: [channels + features, ...places],
        apply(x) {
          const b = x.shape[0]!;
          const size = Math.min(group, b);
          if (b % size !== 0)
            fail(`groups of ${size} do not divide a batch of ${b}`, "given", x.shape);
          const apart = reshape(x, [size, b / size, features, channels / features, ...places]);
          const centred = apart.minus(mean(apart, { axes: [0], keep: true }));
          const deviation = sqrt(mean(square(centred), { axes: [0] }).plus(1e-8));
          const averaged = mean(deviation, { axes: deviation.shape.map((_, i) => i).slice(2) });
          const spread = [1, b / size, features, ...places.map(() => 1)];
          const full = broadcast(reshape(averaged, spread), [size, b / size, features, ...places]);
          return concatenate([x, reshape(full, [b, features, ...places])], 1);
        },
      });
    },
  };
}
