import { clamp, mean, sign } from "../tensor/operations.js";
import type { Tensor } from "../tensor/tensor.js";
import type { GradientLearner } from "./optimizers.js";
import { at, type Scheduled } from "./schedules.js";

export interface FeedbackOptions {
  /** How far each move goes, whatever the size of the gradient. */
  readonly step: Scheduled;
  /** The smallest value it comes to. */
  readonly low?: number;
  /** The largest value it comes to. */
  readonly high?: number;
}

/**
 * A rule of feedback: a fixed step against the sign of the gradient, within bounds:
 * `θ ← clamp(θ − step · sign(g), low, high)`. It remembers nothing.
 *
 * Karras et al. 2020, "Training Generative Adversarial Networks with Limited Data", section 3.2,
 * moves the probability of augmentation so (ADA): a player owns it as `p: tensor([], filled(0))`
 * and minimizes `p.times(detach(constant(0.6).minus(overfitting(D(augment(x, u, …))))))`, where
 * `augment` has the option `probability: p`. A step of batch / 500,000 brings p from 0 to 1 in
 * 500,000 items.
 *
 * @example
 * const learner = feedback({ step: 64 / 500_000, low: 0, high: 1 });
 * learner.slots; // → []
 */
export const feedback = (options: FeedbackOptions): GradientLearner => {
  const { step, low = 0, high = 1 } = options;
  return {
    name: `feedback within ${low} to ${high}`,
    slots: [],
    move({ parameter, gradient, clock }) {
      const next = parameter.minus(sign(gradient).times(at(step, clock.progress)));
      return { parameter: clamp(next, low, high), slots: {} };
    },
  };
};

/**
 * How surely D takes real items for real, `E[sign(logits)]`: `[b …] → []`, from −1 to 1. Near 0 D
 * cannot tell; near 1 it knows its items by heart. No gradient flows.
 *
 * Karras et al. 2020, "Training Generative Adversarial Networks with Limited Data", equation 1, rₜ,
 * whose target is 0.6. With a relativistic D, whose logits have no zero of their own, measure from
 * the fakes first: `overfitting(relativeTo(D(x), D(fake)))`.
 *
 * @example
 * overfitting(constant([3, 0.2, -1, 5])); // → 0.5
 */
export const overfitting = (logits: Tensor): Tensor => mean(sign(logits));
