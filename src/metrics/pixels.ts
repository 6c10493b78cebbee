import { type Shape, sizeOf } from "../shape/shape.js";
import type { Features } from "./features.js";

/**
 * The pixels themselves as features, from −1 to 1: `[n c h w] → [n c·h·w]`. Distances over them
 * are honest about copies and blind to meaning.
 *
 * @example
 * pixelFeatures([1, 28, 28]).name; // → "pixels-784"
 */
export function pixelFeatures(shape: Shape): Features {
  const size = sizeOf(shape);
  return {
    name: `pixels-${size}`,
    hash: "",
    size,
    about: "",
    extract: (items) => Promise.resolve(items),
    release: () => Promise.resolve(),
  };
}
