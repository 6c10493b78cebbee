import {
  detach,
  exp,
  greater,
  logSumExp,
  max,
  select,
  sigmoid,
  sum,
  tanh,
} from "../tensor/operations.js";
import type { Tensor } from "../tensor/tensor.js";

/**
 * `x` where positive, `α (eˣ − 1)` elsewhere: `[…] → […]`.
 *
 * Clevert, Unterthiner & Hochreiter 2016, "Exponential linear units", equation 15.
 *
 * @example
 * const { y } = await compute({ y: elu(constant([-100, 0, 2])) });
 * y; // → [-1,0,2]
 */
export function elu(x: Tensor, alpha = 1): Tensor {
  const isPositive = greater(x, 0);
  // What is not chosen must stay finite: its slope is multiplied by zero.
  const below = select(isPositive, 0, x);
  return select(isPositive, x, exp(below).minus(1).times(alpha));
}

/**
 * `x Φ(x)` in its tanh form, `½ x (1 + tanh(√(2/π) (x + 0.044715 x³)))`: `[…] → […]`. It is
 * PyTorch's `approximate="tanh"`, within 0.0005 of the exact one.
 *
 * Hendrycks & Gimpel 2016, "Gaussian error linear units", section 2.
 *
 * @example
 * const { y } = await compute({ y: gelu(constant([-100, 0, 100])) });
 * y; // → [0,0,100]
 */
export function gelu(x: Tensor): Tensor {
  const cubic = x.times(x).times(0.044715).plus(1).times(x);
  return tanh(cubic.times(Math.sqrt(2 / Math.PI)))
    .plus(1)
    .times(x)
    .times(0.5);
}

/**
 * `x σ(x)`, also called swish: `[…] → […]`.
 *
 * Hendrycks & Gimpel 2016, section 2; Ramachandran, Zoph & Le 2017, "Searching for activation
 * functions", with β = 1.
 *
 * @example
 * const { y } = await compute({ y: silu(constant([-100, 0, 100])) });
 * y; // → [0,0,100]
 */
export const silu = (x: Tensor): Tensor => x.times(sigmoid(x));

/**
 * `eˣ / Σ eˣ` along an axis, without overflow: `[… k] → [… k]`, positive, summing to 1.
 *
 * @throws {ShapeError} when there is no such axis.
 * @example
 * const { y } = await compute({ y: softmax(constant([7, 7, -100, 7, 7])) });
 * y; // → [0.25,0.25,0,0.25,0.25]
 */
export function softmax(x: Tensor, axis = -1): Tensor {
  // The maximum is a constant shift: its gradient cancels.
  const powers = exp(x.minus(detach(max(x, { axes: [axis], keep: true }))));
  return powers.over(sum(powers, { axes: [axis], keep: true }));
}

/**
 * `log softmax(x)` along an axis, without overflow or underflow: `[… k] → [… k]`.
 *
 * @throws {ShapeError} when there is no such axis.
 * @example
 * const { y } = await compute({ y: logSoftmax(constant([-1000, 0])) });
 * y; // → [-1000,0]
 */
export const logSoftmax = (x: Tensor, axis = -1): Tensor =>
  x.minus(logSumExp(x, { axes: [axis], keep: true }));
