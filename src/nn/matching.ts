import { logSumExp, mean, square } from "../tensor/operations.js";
import type { Tensor } from "../tensor/tensor.js";

/**
 * Feature matching: how far apart the means of two batches are, `E_k[(E[a_k] − E[b_k])²]`, mean over
 * the numbers k of an item: `[b …], [b …] → []`. Minimized by a generator of what a discriminator
 * sees in its items and in real ones.
 *
 * Salimans et al. 2016, "Improved techniques for training GANs", section 3.1; the mean over numbers
 * is the authors' code's.
 *
 * @example
 * const [a, b] = [constant([1, 3], { shape: [2, 1] }), constant([4, 6], { shape: [2, 1] })];
 * meansApart(a, b); // → 9
 */
export const meansApart = (a: Tensor, b: Tensor): Tensor =>
  mean(square(mean(a, { axes: [0] }).minus(mean(b, { axes: [0] }))));

/**
 * The logit of belonging to any of K classes, where the logit of being made is 0: `log Σ exp l_k`,
 * `[b k] → [b]`. A classifier with it is a discriminator of K + 1 classes: `saysReal(ofAnyClass(l))`.
 *
 * Salimans et al. 2016, "Improved techniques for training GANs", section 5.
 *
 * @example
 * ofAnyClass(constant([0, 0, 1, 3], { shape: [2, 2] })); // → [0.6931,3.1269]
 */
export const ofAnyClass = (logits: Tensor): Tensor => logSumExp(logits, { axes: [1] });
