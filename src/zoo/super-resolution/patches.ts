import type { DataDescription } from "../../game/draws.js";
import { ConfigurationError } from "../../shape/error.js";
import type { Shape } from "../../shape/shape.js";
import {
  cast,
  equal,
  floor,
  less,
  matmul,
  reshape,
  reverse,
  select,
  slice,
  transpose,
} from "../../tensor/operations.js";
import { constant, type Tensor } from "../../tensor/tensor.js";

/** Uniform numbers that say where in a picture a patch lies, and how it is turned. */
export const placeNumbers = 5;

/**
 * The patches that networks are trained on, `[3 side side]`, whatever the size of the pictures.
 *
 * @throws {ConfigurationError} when items are no colour pictures, or when a patch cannot be made that
 *   many times smaller.
 */
export function patchShape(
  { kind, shape }: DataDescription,
  { patch, scale }: { readonly patch: number; readonly scale: number },
): Shape {
  const [channels] = shape;
  if (kind !== "pictures" || channels !== 3) {
    const operands = [{ label: "items", value: shape }];
    const hint = channels === 1 ? "pass --color rgb" : "give it pictures";
    throw new ConfigurationError({ op: "data", why: "needs colour pictures", operands, hint });
  }
  if (patch % scale !== 0) {
    const why = `${scale} does not divide ${patch}`;
    throw new ConfigurationError({ op: "hyper.patch", why });
  }
  return [3, patch, patch];
}

/**
 * Checks pictures that are trained on.
 *
 * @throws {ConfigurationError} when they are smaller than a patch, or cannot be made that many times
 *   smaller.
 */
export function checkPictures(
  { shape }: Pick<DataDescription, "shape">,
  { patch, scale }: { readonly patch: number; readonly scale: number },
): void {
  const [, height = 0, width = 0] = shape;
  if (height % scale !== 0 || width % scale !== 0) {
    const why = `${scale} does not divide ${height}×${width}`;
    const sides = [height, width].map((side) => side - (side % scale));
    throw new ConfigurationError({ op: "size", why, hint: `pass --size ${sides.join("x")}` });
  }
  if (Math.min(height, width) < patch) {
    const why = `pictures of ${height}×${width} hold no patch of ${patch}×${patch}`;
    const hint = `pass --size ${patch}, or --hyper patch=${Math.min(height, width)}`;
    throw new ConfigurationError({ op: "hyper.patch", why, hint });
  }
}

/** The largest patch of at most `most` pixels that pictures hold and that halves as often as it can. */
export function fittingPatch({ shape }: Pick<DataDescription, "shape">, most: number): number {
  const side = Math.min(most, ...shape.slice(1));
  return side >= 16 ? side - (side % 16) : side - (side % 4);
}

/**
 * A patch of each picture, at a place and in one of eight positions that `place [b 5]`, uniform in
 * [0, 1), says: `[b c h w] → [b c side side]`. No gradient goes through it.
 */
export function patchOf(x: Tensor, place: Tensor, side: number): Tensor {
  const [b, , h, w] = x.shape as readonly [number, number, number, number]; // pictures
  const number = (i: number): Tensor =>
    reshape(slice(place, [undefined, { start: i, end: i + 1 }]), [b, 1, 1, 1]);
  // A row of ones and zeros for each row that is kept: products with them are exact.
  const rows = h === side ? x : matmul(keeping(number(0), { from: h, side }), x);
  const cut =
    w === side
      ? rows
      : matmul(rows, transpose(keeping(number(1), { from: w, side }), [0, 1, 3, 2]));
  const maybe = (i: number, y: Tensor, changed: Tensor): Tensor =>
    select(less(number(i), 0.5), y, changed);
  const across = maybe(2, cut, reverse(cut, [3]));
  const down = maybe(3, across, reverse(across, [2]));
  return maybe(4, down, transpose(down, [0, 1, 3, 2]));
}

/** `[b 1 side from]`: which of the old rows each new one is. */
function keeping(
  u: Tensor,
  { from, side }: { readonly from: number; readonly side: number },
): Tensor {
  const first = floor(u.times(from - side + 1));
  const counted = (n: number, shape: Shape): Tensor =>
    constant(
      Float32Array.from({ length: n }, (_, i) => i),
      { shape },
    );
  const wanted = first.plus(counted(side, [1, 1, side, 1]));
  return cast(equal(counted(from, [1, 1, 1, from]), wanted), "float32");
}

/** The patch in the middle of each picture: `[b c h w] → [b c side side]`. */
export function middleOf(x: Tensor, side: number): Tensor {
  const ranges = x.shape.slice(2).map((size) => {
    const start = Math.floor((size - side) / 2);
    return { start, end: start + side };
  });
  return slice(x, [undefined, undefined, ...ranges]);
}
