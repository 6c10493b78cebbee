import { ConfigurationError } from "../shape/error.js";
import type { GradientLearner } from "./optimizers.js";

/**
 * A learner whose numbers are drawn to what they have been on the average, as by one more term:
 * `weight · ‖θ − (1/t) Σ θᵢ‖²`, the mean over all moves so far and no gradient through it.
 *
 * Salimans et al. 2016, "Improved techniques for training GANs", section 3.3.
 *
 * @throws {ConfigurationError} when the weight is negative or no number.
 *
 * @example
 * const learner = historicalAveraging(adam({ beta1: 0.5 }), 1e-3);
 * learner.slots; // → ["m","v","past"]
 */
export function historicalAveraging(learner: GradientLearner, weight: number): GradientLearner {
  if (!(weight >= 0)) {
    const why = `expected ≥ 0, received ${weight}`;
    throw new ConfigurationError({ op: "historicalAveraging.weight", why });
  }
  return {
    ...learner,
    name: `${learner.name}, drawn to its past`,
    slots: [...learner.slots, "past"],
    move(step) {
      const { parameter, gradient, slots, clock } = step;
      const old = slots.past!; // it is one of the names above
      const past = old.plus(parameter.minus(old).over(clock.moves));
      const pulled = gradient.plus(parameter.minus(past).times(2 * weight));
      const moved = learner.move({ ...step, gradient: pulled });
      return { ...moved, slots: { ...moved.slots, past } };
    },
  };
}
