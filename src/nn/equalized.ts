import { filled, normalWith } from "./initializers.js";
import type { Layer } from "./layer.js";
import { reweighted } from "./reweighted.js";

/** Options of the equalized learning rate. */
export interface EqualizedOptions {
  /** √2 for layers that a rectifier follows; 1 for the last and in StyleGAN 2. */
  readonly gain?: number;
  /** How many times faster the layer learns; StyleGAN's mapping network has 0.01. */
  readonly multiplier?: number;
  /** What the bias begins with. */
  readonly bias?: number;
}

/**
 * A layer, `[b …] → [b …]`, whose weight begins as N(0, 1) and is scaled when it is used, by
 * `gain / √fanIn`, so that Adam moves all layers at the same pace: `equalized(linear(512))`. With a
 * multiplier m, weights begin as N(0, 1/m²) and are scaled by m more, and biases begin as bias/m
 * and are scaled by m.
 *
 * Karras et al. 2018, "Progressive growing of GANs", section 4.1; the multiplier as in StyleGAN,
 * Karras et al. 2019, appendix C.
 *
 * @throws {ConfigurationError} when the layer has no weight of its own.
 * @example
 * equalized(linear(512), { multiplier: 0.01 }).name; // → "linear 512, equalized"
 */
export function equalized(layer: Layer, options: EqualizedOptions = {}): Layer {
  const { gain = Math.SQRT2, multiplier = 1, bias = 0 } = options;
  return reweighted({ op: "equalized", told: "equalized" }, layer, (weight, { parameters }) => {
    const initial = normalWith(1 / multiplier);
    const scale = (gain / Math.sqrt(weight.fanIn)) * multiplier;
    const old = parameters.bias;
    const first = old && { bias: { ...old, initial: filled(bias / multiplier) } };
    return {
      parameters: {
        weight: { ...parameters.weight!, initial },
        ...first,
      },
      seen: (scope) => ({
        weight: scope.parameter("weight").times(scale),
        ...(old ? { bias: scope.parameter("bias").times(multiplier) } : {}),
      }),
    };
  });
}
