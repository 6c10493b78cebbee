import { exp, log, sqrt, square, tanh } from "../tensor/operations.js";
import { constant, lift, type Tensor } from "../tensor/tensor.js";
import { at, type Scheduled } from "./schedules.js";

/** What a learner may know of the time: scalars that the trainer gives. */
export interface Clock {
  /** From 0 to 1 over the whole run. */
  readonly progress: Tensor;
  /** How often this player has moved, this move included: 1, 2, 3, … */
  readonly moves: Tensor;
}

/** What a learner remembers of one tensor between moves, each of that tensor's shape. */
export type Slots = Readonly<Record<string, Tensor>>;

/** A learner that moves along gradients: one tensor at a time, everything written in tensors. */
export interface GradientLearner {
  readonly name: string;
  /** Names of what is remembered for each tensor; all start at zero. */
  readonly slots: readonly string[];
  /** Changes the gradients of all that a player owns, seen together, before any of them moves. */
  together?(gradients: readonly Tensor[]): readonly Tensor[];
  move(step: Step): Moved;
}

/** One tensor before a move, and what the move depends on. */
export interface Step {
  readonly parameter: Tensor;
  readonly gradient: Tensor;
  readonly slots: Slots;
  readonly clock: Clock;
}

/** One tensor after a move. */
export interface Moved {
  readonly parameter: Tensor;
  readonly slots: Slots;
}

export interface AdamOptions {
  /** Learning rate: how far a move goes. */
  readonly lr?: Scheduled;
  /** Share of the old mean gradient that is kept. */
  readonly beta1?: number;
  /** Share of the old mean square that is kept. */
  readonly beta2?: Scheduled;
  /** Keeps small gradients from being divided by nothing. */
  readonly eps?: number;
}

/** `1 − βᵗ`, accurate for small t: −expm1(x) = −2 tanh(x/2) / (1 − tanh(x/2)) with x = t ln β. */
function correction(beta: number, moves: Tensor): Tensor | number {
  if (beta === 0) return 1;
  const half = tanh(moves.times(Math.log(beta) / 2));
  return half.times(-2).over(constant(1).minus(half));
}

/**
 * Kingma & Ba 2015, Algorithm 1. With a schedule for β₂ its correction is 1 − β₂ᵗ at today's β₂.
 *
 * @example
 * const learner = adam({ lr: cosineFrom({ from: 2e-4, to: 0 }), beta1: 0.5 });
 * learner.slots; // → ["m","v"]
 */
export function adam(options: AdamOptions = {}): GradientLearner {
  const { lr = 1e-3, beta1 = 0.9, beta2 = 0.999, eps = 1e-8 } = options;
  return {
    name: "adam",
    slots: beta1 === 0 ? ["v"] : ["m", "v"],
    move({ parameter, gradient, slots, clock }) {
      const m = beta1 === 0 ? gradient : blend(slots.m!, gradient, beta1);
      const now = at(beta2, clock.progress);
      const v = blend(slots.v!, square(gradient), now);
      const mHat = m.over(correction(beta1, clock.moves));
      const debt =
        typeof now === "number"
          ? correction(now, clock.moves)
          : constant(1).minus(exp(clock.moves.times(log(now))));
      const direction = mHat.over(sqrt(v.over(debt)).plus(eps));
      const next = parameter.minus(direction.times(at(lr, clock.progress)));
      return { parameter: next, slots: beta1 === 0 ? { v } : { m, v } };
    },
  };
}

export interface AdamWOptions extends AdamOptions {
  /** Share of a parameter that is lost at lr 1, at every move. */
  readonly weightDecay?: number;
}

/**
 * Adam whose weights decay by themselves, `θ ← θ − lr · decay · θ`, before each move.
 *
 * Loshchilov & Hutter 2019, "Decoupled Weight Decay Regularization", Algorithm 2, with PyTorch's
 * default of 0.01.
 *
 * @example
 * const learner = adamW({ lr: 1e-3, weightDecay: 0.05 });
 * learner.name; // → "adamW"
 */
export function adamW({ weightDecay = 1e-2, ...options }: AdamWOptions = {}): GradientLearner {
  const { lr = 1e-3 } = options;
  const inner = adam(options);
  return {
    ...inner,
    name: "adamW",
    move(step) {
      const rate = at(lr, step.clock.progress);
      const lost = typeof rate === "number" ? rate * weightDecay : rate.times(weightDecay);
      const kept = step.parameter.times(typeof lost === "number" ? 1 - lost : lift(1).minus(lost));
      return inner.move({ ...step, parameter: kept });
    },
  };
}

export interface RmspropOptions {
  /** Learning rate: how far a move goes. */
  readonly lr?: Scheduled;
  /** Share of the old mean square that is kept. */
  readonly decay?: number;
  /** Keeps small gradients from being divided by nothing. */
  readonly eps?: number;
  /** Divides by the deviation of gradients instead of their root mean square: Graves 2013. */
  readonly centred?: boolean;
}

/**
 * Gradients divided by the root of their running mean square, in PyTorch's form:
 * `v ← α v + (1 − α) g²`, `θ ← θ − lr · g / (√v + eps)`.
 *
 * Tieleman & Hinton 2012, "Neural Networks for Machine Learning", lecture 6.5.
 *
 * @example
 * const learner = clipWeights(rmsprop({ lr: 5e-5 }), 0.01);
 * learner.slots; // → ["v"]
 */
export function rmsprop(options: RmspropOptions = {}): GradientLearner {
  const { lr = 1e-2, decay = 0.99, eps = 1e-8, centred = false } = options;
  return {
    name: centred ? "rmsprop, centred" : "rmsprop",
    slots: centred ? ["v", "mean"] : ["v"],
    move({ parameter, gradient, slots, clock }) {
      const v = blend(slots.v!, square(gradient), decay);
      const mean = centred ? blend(slots.mean!, gradient, decay) : undefined;
      const spread = mean === undefined ? v : v.minus(square(mean));
      const direction = gradient.over(sqrt(spread).plus(eps));
      const next = parameter.minus(direction.times(at(lr, clock.progress)));
      return { parameter: next, slots: mean === undefined ? { v } : { v, mean } };
    },
  };
}

/** `β old + (1 − β) new` */
const blend = (old: Tensor, now: Tensor, beta: Tensor | number): Tensor =>
  old.times(beta).plus(now.times(typeof beta === "number" ? 1 - beta : lift(1).minus(beta)));

export interface SgdOptions {
  /** Learning rate: how far a move goes. */
  readonly lr?: Scheduled;
  /** Share of the old velocity that is kept. */
  readonly momentum?: Scheduled;
}

/**
 * Gradient descent with momentum in PyTorch's form: `v ← μ v + g`, `θ ← θ − lr · v`.
 *
 * @example
 * sgd({ lr: 0.1, momentum: 0.9 }).slots; // → ["v"]
 */
export function sgd({ lr = 1e-2, momentum = 0 }: SgdOptions = {}): GradientLearner {
  const plain = momentum === 0;
  return {
    name: "sgd",
    slots: plain ? [] : ["v"],
    move({ parameter, gradient, slots, clock }) {
      const v = plain ? gradient : slots.v!.times(at(momentum, clock.progress)).plus(gradient);
      const next = parameter.minus(v.times(at(lr, clock.progress)));
      return { parameter: next, slots: plain ? {} : { v } };
    },
  };
}
