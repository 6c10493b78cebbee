import { axes } from "../shape/axes.js";
import { matmul, reshape, sum } from "../tensor/operations.js";
import { kaiming, normalWith } from "./initializers.js";
import { type Layer, simple } from "./layer.js";

/**
 * Pictures from a code: one learned pattern for each channel, scaled by a product with the code:
 * `[b in] → [b c h w]`. The code sways whole channels, and so whole pictures, from the start.
 *
 * Huang et al. 2024, "The GAN is dead; long live the GAN!", the authors' code.
 *
 * @example network([64], generativeBasis(256, 4, 4)).built.output; // → [256,4,4]
 */
export function generativeBasis(channels: number, height: number, width: number): Layer {
  const name = `basis ${channels}×${height}×${width}`;
  return {
    name,
    build(shape) {
      const fanIn = axes(shape, "in").in;
      return simple({
        name,
        output: [channels, height, width],
        parameters: {
          basis: { shape: [channels, height, width], initial: normalWith(1) },
          weight: { shape: [fanIn, channels], initial: kaiming(fanIn, 1) },
        },
        apply(x, scope) {
          const scales = matmul(x, scope.parameter("weight"));
          return reshape(scales, [...scales.shape, 1, 1]).times(scope.parameter("basis"));
        },
      });
    },
  };
}

/**
 * A judgement of pictures: each channel meets one learned pattern, and a product follows:
 * `[b c h w] → [b out]`. The counterpart of `generativeBasis`.
 *
 * @example network([256, 4, 4], discriminativeBasis(1)).built.output; // → [1]
 */
export function discriminativeBasis(out: number): Layer {
  const name = `basis to ${out}`;
  return {
    name,
    build(shape) {
      const { c, h, w } = axes(shape, "c h w");
      return simple({
        name,
        output: [out],
        parameters: {
          basis: { shape: [c, h, w], initial: kaiming(h * w, 1) },
          weight: { shape: [c, out], initial: kaiming(c, 1) },
        },
        apply(x, scope) {
          const met = sum(x.times(scope.parameter("basis")), { axes: [2, 3] });
          return matmul(met, scope.parameter("weight"));
        },
      });
    },
  };
}
