import { ShapeError } from "../shape/error.js";
import { matmul, reshape, transpose } from "../tensor/operations.js";
import type { Tensor } from "../tensor/tensor.js";

/**
 * How channels go together, wherever in a picture: the mean over all places of the product of each
 * two channels, `[b c h w] → [b c c]`. Codes differ in what they divide by: Gatys et al. do not
 * divide, which is `h w` times as much; Johnson et al. also divide by c.
 *
 * Gatys, Ecker & Bethge 2015, "Texture synthesis using convolutional neural networks", equation 2.
 *
 * @throws {ShapeError} when there are other than four axes.
 *
 * @example
 * const x = constant([1, 3, 2, 0], { shape: [1, 2, 1, 2] });
 * gram(x); // → [[[5,1],[1,2]]]
 */
export function gram(features: Tensor): Tensor {
  const [b, c, h, w] = sizes("gram", features);
  return products(reshape(features, [b, c, h * w]));
}

/** The pieces that a picture is cut into. */
export interface PatchOptions {
  /** Places from end to end of a square patch: divides height and width. */
  readonly side: number;
}

/**
 * `gram` of each square patch, row after row of patches, `[b c h w] → [b p c c]`: textures are then
 * compared where they are.
 *
 * Sajjadi, Schölkopf & Hirsch 2017, "EnhanceNet: Single image super-resolution through automated
 * texture synthesis", section 4.2.3.
 *
 * @throws {ShapeError} when there are other than four axes, or patches leave something over.
 *
 * @example
 * const x = constant([1, 1, 2, 2, 1, 1, 2, 2], { shape: [1, 1, 2, 4] });
 * gramOfPatches(x, { side: 2 }); // → [[[[1]],[[4]]]]
 */
export function gramOfPatches(features: Tensor, { side }: PatchOptions): Tensor {
  const [b, c, h, w] = sizes("gramOfPatches", features);
  const [down, across] = [h / side, w / side];
  if (!(Number.isInteger(down) && Number.isInteger(across))) {
    const operands = [{ label: "features", value: features.shape, axes: "b c h w" }];
    const why = `patches of ${side} × ${side} do not fill ${h} × ${w}`;
    throw new ShapeError({ op: "gramOfPatches", why, operands });
  }
  const apart = reshape(features, [b, c, down, side, across, side]);
  const patches = transpose(apart, [0, 2, 4, 1, 3, 5]);
  return products(reshape(patches, [b, down * across, c, side * side]));
}

/** `[… c n] → [… c c]` */
function products(x: Tensor): Tensor {
  const axes = [...x.shape.keys()];
  const swapped = [...axes.slice(0, -2), x.rank - 1, x.rank - 2];
  return matmul(x, transpose(x, swapped)).times(1 / x.shape.at(-1)!);
}

function sizes(op: string, x: Tensor): readonly [number, number, number, number] {
  if (x.rank !== 4) {
    const operands = [{ label: "features", value: x.shape, axes: "b c h w" }];
    throw new ShapeError({ op, why: `needs 4 axes, has ${x.rank}`, operands });
  }
  return x.shape as readonly [number, number, number, number]; // just counted
}
