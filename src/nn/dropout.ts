import { ConfigurationError } from "../shape/error.js";
import { less, select } from "../tensor/operations.js";
import type { Tensor } from "../tensor/tensor.js";
import { type Layer, simple } from "./layer.js";

/**
 * Numbers become 0 by chance, with probability p, and the others grow by 1/(1−p): `[b …] → [b …]`.
 * Only while training; sampling changes nothing.
 *
 * Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting",
 * scaled while training, as in PyTorch.
 *
 * @throws {ConfigurationError} when p is not in [0, 1).
 * @example
 * chain(linear(64), relu, dropout(0.3)).build([8]).output; // → [64]
 */
export function dropout(p = 0.5): Layer {
  if (!(p >= 0 && p < 1)) {
    throw new ConfigurationError({
      op: "dropout",
      why: `expected p from 0 to below 1, received ${p}`,
    });
  }
  const name = `dropout ${p}`;
  return {
    name,
    build: (shape) =>
      simple({
        name,
        output: shape,
        apply(x, scope) {
          if (!scope.training || p === 0) return x;
          return select(less(scope.uniform(x.shape), p), 0, x.times(1 / (1 - p)));
        },
      }),
  };
}

/**
 * What dropout multiplies by, from uniform numbers in [0, 1): 0 with probability p, 1/(1−p)
 * otherwise: `[…] → […]`. For networks that are told what they drop, as a U-Net can be.
 *
 * @example
 * dropsFrom(constant([0.1, 0.6, 0.4, 0.9]), 0.5); // → [0,2,0,2]
 */
export const dropsFrom = (u: Tensor, p: number): Tensor => select(less(u, p), 0, 1 / (1 - p));
