import { axes } from "../shape/axes.js";
import { ShapeError } from "../shape/error.js";
import {
  abs,
  broadcast,
  concatenate,
  exp,
  matmul,
  mean,
  negate,
  reshape,
  sqrt,
  square,
  sum,
  transpose,
} from "../tensor/operations.js";
import { type Initializer, kaiming } from "./initializers.js";
import { type Layer, simple } from "./layer.js";

/** Options of minibatch discrimination. */
export interface MinibatchDiscriminationOptions {
  /** Numbers of each feature that are compared between two items. */
  readonly width?: number;
  /** N(0, 1/in) when left out: the authors' code gives each column a norm of 1. */
  readonly initial?: Initializer;
}

/**
 * Tells a discriminator how close each item is to the others that it sees together: `[b in] → [b in+features]`.
 * Feature k of item i is `Σⱼ exp(−‖Mᵢₖ − Mⱼₖ‖₁)`, j = i included, where `M = x T` is `[b features width]`.
 *
 * Salimans et al. 2016, "Improved techniques for training GANs", section 3.2.
 *
 * @throws {ShapeError} when the input has other than one axis besides the batch.
 * @example
 * chain(flatten, minibatchDiscrimination(16)).build([8, 4, 4]).output; // → [144]
 */
export function minibatchDiscrimination(
  features: number,
  { width = 5, initial }: MinibatchDiscriminationOptions = {},
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
        apply(x, scope) {
          const { b } = axes(x, "b _");
          const made = matmul(x, scope.parameter("weight"));
          const each = reshape(made, [b, 1, features, width]);
          const others = transpose(each, [1, 0, 2, 3]);
          // Axes stay until the end, so that an exported model's batch can stay free.
          const distance = sum(abs(each.minus(others)), { axes: [3], keep: true });
          const close = sum(exp(negate(distance)), { axes: [1], keep: true });
          return concatenate([x, reshape(close, [b, features])], 1);
        },
      });
    },
  };
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
