import type { DataDescription } from "../../game/draws.js";
import { uNetDepth } from "../../nn/u-net.js";
import { ConfigurationError } from "../../shape/error.js";
import { sameShape } from "../../shape/shape.js";
import {
  abs,
  floor,
  less,
  matmul,
  relu,
  reshape,
  reverse,
  select,
  slice,
  transpose,
} from "../../tensor/operations.js";
import { constant, type Tensor } from "../../tensor/tensor.js";

/**
 * Stops a game of pairs on points, on pictures that lie over each other no pixel on pixel, and on
 * pictures that cannot be halved so often.
 */
export function checkPair({ kind, shape, given }: DataDescription, depth: number): void {
  if (kind !== "pictures") {
    throw new ConfigurationError({ op: "data", why: "pix2pix needs pairs of pictures" });
  }
  if (given !== undefined && !sameShape(shape.slice(1), given.shape.slice(1))) {
    const operands = [
      { label: "given", value: given.shape },
      { label: "item", value: shape },
    ];
    const why = "pix2pix needs pairs with the same sides";
    throw new ConfigurationError({ op: "data", why, operands });
  }
  const [most, sides] = [uNetDepth(shape), shape.slice(1).join("×")];
  if (most < 2) {
    const hint = "pass --size 32 or another multiple of 4";
    throw new ConfigurationError({ op: "depth", why: `${sides} cannot be halved twice`, hint });
  }
  if (depth <= most) return;
  const why = `${sides} cannot be halved ${depth} times`;
  throw new ConfigurationError({ op: "depth", why, hint: `pass --depth ${most}` });
}

/** Uniform numbers that move one pair: whether it is mirrored, and how far it goes down and right. */
export const jitterNumbers = 3;

/** How much larger a picture is made before a piece of its old size is cut out of it. */
const enlarged = 286 / 256;

/**
 * A pair as D and G see it, both of its pictures moved in the same way: mirrored half of the time,
 * enlarged by 286/256 and cut to the old size anywhere; `u` `[b 3]` uniform in [0, 1).
 *
 * Isola et al. 2017, appendix 6.2.
 */
export function jittered(
  { given, x, u }: { readonly given: Tensor; readonly x: Tensor; readonly u: Tensor },
  jitter: string,
): { readonly given: Tensor; readonly x: Tensor } {
  if (jitter === "none") return { given, x };
  const number = (i: number): Tensor =>
    reshape(slice(u, [undefined, { start: i, end: i + 1 }]), [u.shape[0]!, 1, 1, 1]);
  const moved = (picture: Tensor): Tensor => {
    const [, , height, width] = picture.shape as readonly [number, number, number, number]; // a picture
    let y = picture;
    if (jitter !== "shift") y = select(less(number(0), 0.5), reverse(y, [3]), y);
    if (jitter !== "mirror") {
      y = matmul(cut(number(1), height), y);
      y = matmul(y, transpose(cut(number(2), width), [0, 1, 3, 2]));
    }
    return y;
  };
  return { given: moved(given), x: moved(x) };
}

/** `[b 1 size size]`: row i reads, bilinearly, where pixel i of the piece lies in the old picture. */
function cut(u: Tensor, size: number): Tensor {
  const room = Math.round(size * enlarged) - size;
  const ramp = Float32Array.from({ length: size }, (_, i) => i);
  const place = constant(ramp, { shape: [1, 1, size, 1] }).plus(floor(u.times(room + 1)));
  // Pixel centres on pixel centres; what lies beyond the border goes on as it ends there.
  const source = place
    .plus(0.5)
    .times(size / (size + room))
    .minus(0.5);
  const column = constant(ramp, { shape: [1, 1, 1, size] });
  const inside = select(less(source, 0), 0, select(less(source, size - 1), source, size - 1));
  return relu(abs(inside.minus(column)).times(-1).plus(1));
}
