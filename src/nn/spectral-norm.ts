import {
  abs,
  detach,
  equal,
  matmul,
  maximum,
  reshape,
  select,
  sqrt,
  square,
  sum,
  transpose,
} from "../tensor/operations.js";
import type { Tensor } from "../tensor/tensor.js";
import { filled, normalWith } from "./initializers.js";
import type { Layer } from "./layer.js";
import { reweighted } from "./reweighted.js";

/** Options of spectral norm. */
export interface SpectralNormOptions {
  /** The smallest length that a vector is divided by. */
  readonly eps?: number;
}

/**
 * A layer, `[b …] → [b …]`, whose weight is divided by its largest singular value `σ = uᵀ W v`, so
 * that it stretches nothing: `spectralNorm(conv(64))`. Every call while training takes one step of
 * power iteration, `u ← W v / ‖W v‖`, `v ← Wᵀ u / ‖Wᵀ u‖`, through which no gradient flows; sampling
 * uses u and v as they are.
 *
 * Miyato, Kataoka, Koyama & Yoshida 2018, "Spectral normalization for GANs", Algorithm 1, as PyTorch
 * has it; PyTorch's 15 steps before training are left out, as in the paper.
 *
 * @throws {ConfigurationError} when the layer has no weight of its own.
 * @example
 * spectralNorm(conv(64)).name; // → "conv 64 3×3, spectral norm"
 */
export function spectralNorm(layer: Layer, { eps = 1e-12 }: SpectralNormOptions = {}): Layer {
  const unit = (x: Tensor): Tensor => x.over(maximum(sqrt(sum(square(x))), eps));
  return reweighted({ op: "spectralNorm", told: "spectral norm" }, layer, (weight) => {
    const { axis, outputs, fanIn, shape } = weight;
    const order = [axis, ...shape.map((_, i) => i).filter((i) => i !== axis)];
    return {
      state: {
        // Zeros say that training has not begun.
        u: { shape: [outputs], initial: filled(0) },
        v: { shape: [fanIn], initial: normalWith(1) },
      },
      seen(scope) {
        const w = scope.parameter("weight");
        const matrix = reshape(transpose(w, order), [outputs, fanIn]);
        const still = detach(matrix);
        const before = reshape(scope.state("v"), [fanIn, 1]);
        const left = unit(reshape(matmul(still, before), [1, outputs]));
        const right = unit(reshape(matmul(left, still), [fanIn, 1]));
        if (scope.training) {
          scope.update("u", reshape(left, [outputs]));
          scope.update("v", reshape(right, [fanIn]));
        }
        const old = reshape(scope.state("u"), [1, outputs]);
        const isFresh = equal(sum(abs(old)), 0);
        const u = scope.training ? detach(left) : select(isFresh, left, old);
        const v = scope.training ? detach(right) : select(isFresh, right, before);
        return { weight: w.over(reshape(matmul(matmul(u, matrix), v), [])) };
      },
    };
  });
}
