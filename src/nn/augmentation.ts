import { axes } from "../shape/axes.js";
import {
  abs,
  and,
  cast,
  equal,
  floor,
  less,
  matmul,
  mean,
  reshape,
  reverse,
  select,
  slice,
  transpose,
} from "../tensor/operations.js";
import { constant, type Tensor } from "../tensor/tensor.js";

/** What may happen to a picture before a discriminator sees it, each with its own numbers. */
export const policies = ["flip", "color", "translation", "cutout"] as const;
export type Policy = (typeof policies)[number];

/** Uniform numbers that one picture's augmentation uses; see `augment`. */
export const augmentationNumbers = 9;

/**
 * Differentiable augmentation: `x [b c h w]`, `u [b 9]` uniform in [0, 1) → `[b c h w]`.
 *
 * Zhao et al. 2020, "Differentiable Augmentation for Data-Efficient GAN Training": brightness
 * ± ½, saturation × 0 … 2, contrast × ½ … 1½; shifts of up to an eighth of the size, zeros coming
 * in; a hole of half the size. `flip` mirrors half of the pictures. `policy` names what is done, of
 * `policies`; `probability` is the share of
 * pictures changed at all: a number, or a scalar tensor that somebody owns, see `feedback`.
 *
 * @example
 * const x = constant([1, 2, 3], { shape: [1, 1, 1, 3] });
 * augment(x, zeros([1, augmentationNumbers]), { policy: ["flip"] }); // → [[[[3,2,1]]]]
 */
export function augment(
  x: Tensor,
  u: Tensor,
  {
    policy,
    probability = 1,
  }: { readonly policy: readonly Policy[]; readonly probability?: number | Tensor },
): Tensor {
  if (policy.length === 0) return x;
  const { b } = axes(x, "b _ _ _");
  const number = (i: number): Tensor =>
    reshape(slice(u, [undefined, { start: i, end: i + 1 }]), [b, 1, 1, 1]);
  let y = x;
  if (policy.includes("flip")) y = select(less(number(0), 0.5), reverse(y, [3]), y);
  if (policy.includes("color")) y = color(y, number(1), number(2), number(3));
  if (policy.includes("translation")) y = shift(y, number(4), number(5));
  if (policy.includes("cutout")) y = cutout(y, number(6), number(7));
  return probability === 1 ? y : select(less(number(8), probability), y, x);
}

function color(x: Tensor, bright: Tensor, saturated: Tensor, contrasted: Tensor): Tensor {
  const brighter = x.plus(bright.minus(0.5));
  const grey = mean(brighter, { axes: [1], keep: true });
  const vivid = brighter.minus(grey).times(saturated.times(2)).plus(grey);
  const middle = mean(vivid, { axes: [1, 2, 3], keep: true });
  return vivid.minus(middle).times(contrasted.plus(0.5)).plus(middle);
}

/** Whole pixels, each direction a product with a shifted identity matrix `[b size size]`. */
function shift(x: Tensor, down: Tensor, right: Tensor): Tensor {
  const { h, w } = axes(x, "b _ h w");
  const moved = matmul(shiftMatrix(pixels(down, h), h), x);
  return matmul(moved, transpose(shiftMatrix(pixels(right, w), w), [0, 1, 3, 2]));
}

/** A whole number of pixels, evenly from −size/8 to size/8. */
function pixels(u: Tensor, size: number): Tensor {
  const most = Math.floor(size / 8 + 0.5);
  return floor(u.times(2 * most + 1)).minus(most);
}

const ramp = (size: number): Float32Array => Float32Array.from({ length: size }, (_, i) => i);

/** `[b 1 size size]`: row i is one at column i − offset. */
function shiftMatrix(offset: Tensor, size: number): Tensor {
  const row = constant(ramp(size), { shape: [1, 1, size, 1] });
  const column = constant(ramp(size), { shape: [1, 1, 1, size] });
  return cast(equal(row.minus(offset), column), "float32");
}

/** Zeros in a square of half the size, its middle anywhere, also on the border. */
function cutout(x: Tensor, down: Tensor, right: Tensor): Tensor {
  const { h, w } = axes(x, "b _ h w");
  const near = (u: Tensor, size: number, shape: readonly number[]): Tensor => {
    const side = Math.floor(size / 2 + 0.5);
    // An even square has its middle between two pixels, where there is one place more.
    const isEven = side % 2 === 0;
    const middle = floor(u.times(isEven ? size + 1 : size)).minus(isEven ? 0.5 : 0);
    return less(abs(constant(ramp(size), { shape }).minus(middle)), side / 2);
  };
  const hole = and(near(down, h, [1, 1, h, 1]), near(right, w, [1, 1, 1, w]));
  return select(hole, 0, x);
}
