import { ConfigurationError } from "../shape/error.js";
import { cos, log, reshape, slice, sqrt } from "../tensor/operations.js";
import { constant, type Tensor } from "../tensor/tensor.js";
import { type Layer, simple } from "./layer.js";

/**
 * Adds normal noise of a `deviation` to every number: `[b …] → [b …]`. Only while training;
 * sampling changes nothing.
 *
 * Normal numbers are made from uniform ones: Box & Muller 1958, "A note on the generation of random
 * normal deviates".
 *
 * @throws {ConfigurationError} when the deviation is negative or no number.
 * @example
 * chain(gaussianNoise(0.3), linear(64)).build([8]).output; // → [64]
 */
export function gaussianNoise(deviation: number): Layer {
  if (!(deviation >= 0)) {
    const why = `expected a deviation ≥ 0, received ${deviation}`;
    throw new ConfigurationError({ op: "gaussianNoise", why });
  }
  const name = `noise ${deviation}`;
  return {
    name,
    build: (shape) =>
      simple({
        name,
        output: shape,
        apply(x, scope) {
          if (!scope.training || deviation === 0) return x;
          const [b = 1, ...rest] = x.shape;
          const two = scope.uniform([b, 2, ...rest]);
          const part = (k: number): Tensor =>
            reshape(slice(two, [undefined, { start: k, end: k + 1 }]), x.shape);
          const length = sqrt(log(constant(1).minus(part(0))).times(-2));
          return x.plus(length.times(cos(part(1).times(2 * Math.PI))).times(deviation));
        },
      }),
  };
}
