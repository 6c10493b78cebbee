import { clamp, minimum, reciprocal, sqrt, square, sum } from "../tensor/operations.js";
import { constant } from "../tensor/tensor.js";
import type { GradientLearner } from "./optimizers.js";

/**
 * A learner that sees each number of a gradient held within ±`most`.
 *
 * @example
 * clipGradients(adam(), 0.5).name; // → "adam with gradients within ±0.5"
 */
export const clipGradients = (learner: GradientLearner, most: number): GradientLearner => ({
  ...learner,
  name: `${learner.name} with gradients within ±${most}`,
  together(gradients) {
    const held = gradients.map((g) => clamp(g, -most, most));
    return learner.together?.(held) ?? held;
  },
});

/**
 * A learner that sees the gradients of all that its player owns scaled down together, where their
 * common norm exceeds `most`, by `most / (norm + 1e-6)`.
 *
 * Pascanu, Mikolov & Bengio 2013, "On the difficulty of training recurrent neural networks",
 * Algorithm 1; the small number as in PyTorch.
 *
 * @example
 * clipGradientNorm(adam(), 1).name; // → "adam with a gradient norm up to 1"
 */
export const clipGradientNorm = (learner: GradientLearner, most: number): GradientLearner => ({
  ...learner,
  name: `${learner.name} with a gradient norm up to ${most}`,
  together(gradients) {
    const squared = gradients.reduce((total, g) => total.plus(sum(square(g))), constant(0));
    const share = minimum(reciprocal(sqrt(squared).plus(1e-6)).times(most), 1);
    const held = gradients.map((g) => g.times(share));
    return learner.together?.(held) ?? held;
  },
});

/**
 * A learner that leaves each number of a parameter within ±`most` after its move.
 *
 * Arjovsky et al. 2017, "Wasserstein GAN", Algorithm 1.
 *
 * @example
 * clipWeights(rmsprop(), 0.01).name; // → "rmsprop with weights within ±0.01"
 */
export const clipWeights = (learner: GradientLearner, most: number): GradientLearner => ({
  ...learner,
  name: `${learner.name} with weights within ±${most}`,
  move(step) {
    const { parameter, slots } = learner.move(step);
    return { parameter: clamp(parameter, -most, most), slots };
  },
});
