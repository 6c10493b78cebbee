import { ShapeError } from "../shape/error.js";
import { gradients } from "../tensor/gradients.js";
import { mean, reshape, sqrt, square, sum } from "../tensor/operations.js";
import type { Tensor } from "../tensor/tensor.js";

/** All axes but the batch. */
const within = (x: Tensor): number[] => x.shape.map((_, i) => i).slice(1);

/**
 * `‖∇f(x)‖²` for each item: `[b …] → [b]`, to be differentiated again.
 *
 * Gradients are of the sum over the batch, as in StyleGAN's code, so layers that look across it
 * stay well defined.
 *
 * @example
 * const x = constant([1, 2, 3, 4], { shape: [2, 2] });
 * gradientSquaredNorm((items) => sum(square(items), { axes: [1] }), x); // → [20,100]
 */
export function gradientSquaredNorm(f: (x: Tensor) => Tensor, x: Tensor): Tensor {
  const [slope] = gradients(sum(f(x)), [x]);
  return sum(square(slope!), { axes: within(x) });
}

/**
 * `‖∇f(x)‖` for each item: `[b …] → [b]`; `eps` keeps its own slope finite at zero.
 *
 * Gulrajani et al. 2017, "Improved Training of Wasserstein GANs", equation 3: E[(‖∇D(x̂)‖ − 1)²]
 * with x̂ from `lerp`.
 *
 * @example
 * const D = (items: Tensor) => sum(square(items), { axes: [1] });
 * const norm = gradientNorm(D, constant([3, 4, 0.3, 0.4], { shape: [2, 2] }));
 * norm; // → [10,1]
 * mean(square(norm.minus(1))); // → 40.5
 */
export const gradientNorm = (
  f: (x: Tensor) => Tensor,
  x: Tensor,
  { eps = 1e-12 }: { readonly eps?: number } = {},
): Tensor => sqrt(gradientSquaredNorm(f, x).plus(eps));

/**
 * Points on the lines between two batches, `from + share (to − from)`, each item with its own
 * share: `[b …], [b …], [b] or [b 1] → [b …]`.
 *
 * @throws {ShapeError} when there is not one share for each item.
 *
 * @example
 * const [fake, x] = [zeros([2, 2]), ones([2, 2])];
 * lerp(fake, x, constant([0.25, 0.5])); // → [[0.25,0.25],[0.5,0.5]]
 */
export function lerp(from: Tensor, to: Tensor, share: Tensor): Tensor {
  const b = from.shape[0] ?? 1;
  const [first, ...rest] = share.shape;
  if (first !== b || rest.some((d) => d !== 1)) {
    const operands = [
      { label: "from", value: from.shape },
      { label: "share", value: share.shape },
    ];
    throw new ShapeError({ op: "lerp", why: "needs one share for each item", operands });
  }
  const spread = reshape(share, [b, ...within(from).map(() => 1)]);
  return from.plus(to.minus(from).times(spread));
}

/**
 * Noise around data, `x + by · std(x) · u`, its standard deviation that of all numbers of the
 * group: `[b …], u [b …] uniform in [0, 1) → [b …]`.
 *
 * Kodali et al. 2017, "On Convergence and Stability of GANs" (DRAGAN), the authors' code: the
 * gradient penalty of WGAN-GP at `lerp(x, perturb(x, u), eps)`.
 *
 * @example
 * const x = constant([-1, 1, -1, 1], { shape: [2, 2] });
 * perturb(x, ones([2, 2])); // → [[-0.5,1.5],[-0.5,1.5]]
 */
export function perturb(x: Tensor, u: Tensor, { by = 0.5 }: { readonly by?: number } = {}): Tensor {
  const std = sqrt(mean(square(x.minus(mean(x)))));
  return x.plus(u.times(std).times(by));
}

/**
 * How far a generator's pictures move with its code, `‖Jᵀy‖` for each item, where J = ∂f/∂w and
 * `noise` y is standard normal, divided by √(h w): `w [b …] → [b]`. Codes of several layers,
 * `[b l n]`, count by their mean square over l. `eps` keeps its own slope finite at zero.
 *
 * Karras et al. 2020, "Analyzing and Improving the Image Quality of StyleGAN", equation 4 and the
 * authors' code. The penalty is `mean(square(lengths.minus(a(lengths))))` with a network a of
 * `runningMean()`.
 *
 * @example
 * const G = (codes: Tensor) => reshape(matmul(codes, ones([2, 9])), [1, 1, 3, 3]);
 * pathLengths(G, zeros([1, 2]), { noise: ones([1, 1, 3, 3]) }); // → [4.2426]
 */
export function pathLengths(
  f: (w: Tensor) => Tensor,
  w: Tensor,
  { noise, eps = 1e-12 }: { readonly noise: Tensor; readonly eps?: number },
): Tensor {
  const places = noise.shape.slice(2).reduce((n, d) => n * d, 1);
  const seen = sum(
    f(w)
      .times(noise)
      .times(1 / Math.sqrt(places)),
  );
  const [slope] = gradients(seen, [w]);
  const squared = sum(square(slope!), { axes: [w.rank - 1] });
  return sqrt(mean(squared, { axes: within(squared) }).plus(eps));
}

/**
 * `‖a − b‖²` for each item: `[b …], [b …] → [b]`.
 *
 * Zhang et al. 2020, "Consistency Regularization for GANs", section 2: D minimizes
 * E‖D(x) − D(T(x))‖² with T from `augment`; balanced (Zhao et al. 2021, "Improved Consistency
 * Regularization for GANs", Algorithm 1) the same of G(z) beside it.
 *
 * @example
 * const [judged, changed] = [constant([1, 2], { shape: [2, 1] }), constant([1, 5], { shape: [2, 1] })];
 * squaredDistance(judged, changed); // → [0,9]
 */
export const squaredDistance = (a: Tensor, b: Tensor): Tensor =>
  sum(square(a.minus(b)), { axes: within(a) });
