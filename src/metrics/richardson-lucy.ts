import { ConfigurationError } from "../shape/error.js";
import { blurPlanes } from "../shape/seeing.js";
import type { Shape } from "../shape/shape.js";
import { checkBlurred } from "./wiener.js";

/** What a picture was blurred with, and how often it is corrected. */
export interface RichardsonLucyOptions {
  /** `[… h w]` */
  readonly shape: Shape;
  /** What it was blurred with along rows and columns: an odd count of numbers, symmetric. */
  readonly kernel: readonly number[];
  /** How often; more sharpen more, noise too. */
  readonly iterations: number;
}

/**
 * Richardson and Lucy's deconvolution of planes `[… h w]` of light, whose blur is known: `iterations`
 * times `u ← u · hᵀ ∗ (picture / (h ∗ u))`, from the picture itself: what is most likely if each
 * number counts photons. What is negative counts as none.
 *
 * Richardson 1972, "Bayesian-based iterative method of image restoration"; Lucy 1974, "An iterative
 * technique for the rectification of observed distributions", equation 15.
 *
 * @throws {ShapeError} when there are other than so many numbers.
 * @throws {ConfigurationError} when the kernel is not symmetric, or iterations are no whole number.
 *
 * @example
 * const options = { shape: [1, 5], kernel: [0.25, 0.5, 0.25], iterations: 50 };
 * richardsonLucy(Float64Array.of(0, 0.25, 0.5, 0.25, 0), options)[2]! > 0.9; // → true
 */
export function richardsonLucy(
  picture: Float64Array,
  { shape, kernel, iterations }: RichardsonLucyOptions,
): Float64Array {
  const size = checkBlurred("richardsonLucy", picture, { shape, kernel });
  if (!(Number.isSafeInteger(iterations) && iterations >= 0)) {
    const why = `expected a whole number of at least 0, received ${iterations}`;
    throw new ConfigurationError({ op: "richardsonLucy.iterations", why });
  }
  const light = picture.map((value) => Math.max(0, value));
  let found: Float64Array = light;
  for (let i = 0; i < iterations; i++) found = corrected(found, light, { kernel, size });
  return found;
}

/** One correction of what was found; the kernel is its own mirror image. */
export function corrected(
  found: Float64Array,
  light: Float64Array,
  blur: { readonly kernel: readonly number[]; readonly size: readonly [number, number] },
): Float64Array {
  const expected = blurPlanes(found, blur);
  const ratio = light.map((value, i) => value / Math.max(expected[i]!, 1e-12));
  const correction = blurPlanes(ratio, blur);
  return found.map((value, i) => value * correction[i]!);
}
