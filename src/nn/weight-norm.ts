import { reshape, sqrt, square, sum } from "../tensor/operations.js";
import { filled } from "./initializers.js";
import type { Layer } from "./layer.js";
import { reweighted } from "./reweighted.js";

/**
 * A layer, `[b …] → [b …]`, whose weights have a direction and a length of their own for each output,
 * `W = g v / ‖v‖`: `weightNorm(linear(64))`. The lengths are its parameter `gain`, 1 at first.
 *
 * Salimans & Kingma 2016, "Weight normalization", equation 2.
 *
 * @throws {ConfigurationError} when the layer has no weight of its own.
 * @example
 * weightNorm(linear(64)).name; // → "linear 64, weight norm"
 */
export const weightNorm = (layer: Layer): Layer =>
  reweighted({ op: "weightNorm", told: "weight norm" }, layer, ({ axis, outputs, shape }) => ({
    parameters: { gain: { shape: [outputs], initial: filled(1) } },
    seen(scope) {
      const v = scope.parameter("weight");
      const axes = shape.map((_, i) => i).filter((i) => i !== axis);
      const length = sqrt(sum(square(v), { axes, keep: true }).plus(1e-12));
      const gain = reshape(
        scope.parameter("gain"),
        shape.map((d, i) => (i === axis ? d : 1)),
      );
      return { weight: v.times(gain.over(length)) };
    },
  }));
