import { broadcast, mean } from "../tensor/operations.js";
import { filled } from "./initializers.js";
import { type Layer, simple } from "./layer.js";

/**
 * What a quantity is on the whole: `a ← decay · a + (1 − decay) · E[x]`, the new a for each item:
 * `[b …] → [b …]`. It begins at 0 and owns no parameters; gradients flow to x, as in StyleGAN2's
 * code, through the share that is new. Sampling leaves a as it is.
 *
 * Karras et al. 2020, "Analyzing and Improving the Image Quality of StyleGAN", section 3.2.
 *
 * @example
 * const a = network([], runningMean({ decay: 0.99 }));
 * a.built.output; // → []
 */
export function runningMean({ decay = 0.99 }: { readonly decay?: number } = {}): Layer {
  const name = "running mean";
  return {
    name,
    build: (shape) =>
      simple({
        name,
        output: shape,
        state: { mean: { shape, initial: filled(0) } },
        apply(x, scope) {
          const old = scope.state("mean");
          if (!scope.training) return broadcast(old, x.shape);
          const now = old.times(decay).plus(mean(x, { axes: [0] }).times(1 - decay));
          scope.update("mean", now);
          return broadcast(now, x.shape);
        },
      }),
  };
}
