import { gradients } from "../tensor/gradients.js";
import { mean, negate, softplus, sqrt, square, sum } from "../tensor/operations.js";
import type { Tensor } from "../tensor/tensor.js";

/**
 * Binary cross-entropy of logits that should say "real": `E[−log σ(logits)]`.
 *
 * Minimized by a generator it is the non-saturating loss of Goodfellow et al. 2014, section 3.
 */
export const saysReal = (logits: Tensor): Tensor => mean(softplus(negate(logits)));

/** Binary cross-entropy of logits that should say "fake": `E[−log(1 − σ(logits))]`. */
export const saysFake = (logits: Tensor): Tensor => mean(softplus(logits));

/**
 * Relativistic pairing: how far each `better` logit is from exceeding its `worse` partner,
 * `E[softplus(−(better − worse))]`.
 *
 * Jolicoeur-Martineau 2018, "The relativistic discriminator", equation 7.
 */
export const exceeds = (better: Tensor, worse: Tensor): Tensor =>
  mean(softplus(worse.minus(better)));

/**
 * `‖∇f(x)‖²` for each item: `[b …] → [b]`, to be differentiated again.
 *
 * Gradients are of the sum over the batch, as in StyleGAN's code, so layers that look across it
 * stay well defined.
 */
export function gradientSquaredNorm(f: (x: Tensor) => Tensor, x: Tensor): Tensor {
  const [slope] = gradients(sum(f(x)), [x]);
  return sum(square(slope!), { axes: x.shape.map((_, i) => i).slice(1) });
}

/** `‖∇f(x)‖` for each item: `[b …] → [b]`; `eps` keeps its own slope finite at zero. */
export const gradientNorm = (
  f: (x: Tensor) => Tensor,
  x: Tensor,
  { eps = 1e-12 }: { readonly eps?: number } = {},
): Tensor => sqrt(gradientSquaredNorm(f, x).plus(eps));
