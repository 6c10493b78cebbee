import type { Shape } from "../shape/shape.js";
import { halvings } from "./halvings.js";

/** What networks need to know that double channels while they halve pictures. */
export interface Pyramid {
  readonly channels: number;
  /** Channels at half of the full size, at a quarter, …: the widths of `conv … /2` in turn. */
  readonly widths: readonly number[];
  /** Channels at the smallest size. */
  readonly deepest: number;
  readonly smallest: readonly [height: number, width: number];
}

/**
 * Widths and sizes for pictures `[c h w]` that are halved as often as `halvings` allows, `width`
 * channels at first and twice as many each time: what DCGAN's networks (Radford et al. 2016,
 * figure 1) and most since have in common.
 *
 * @throws {ConfigurationError} when the picture cannot be halved to 4 or more.
 *
 * @example
 * pyramid([3, 64, 64], 32).widths; // → [32,64,128,256]
 * pyramid([1, 28, 28], 32).smallest; // → [7,7]
 */
export function pyramid(shape: Shape, width: number): Pyramid {
  const [channels, height, across] = shape as readonly [number, number, number]; // pictures have three axes
  const stages = halvings(height, across);
  return {
    channels,
    widths: Array.from({ length: stages }, (_, i) => width * 2 ** i),
    deepest: width * 2 ** (stages - 1),
    smallest: [height / 2 ** stages, across / 2 ** stages],
  };
}
