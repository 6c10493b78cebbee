import type { TypedArray } from "./type.js";

/**
 * How flux becomes a picture: −0.1 … 4 of a unit (nanomaggies, in SDSS) as 0 … 1 and then
 * `asinh(10 x) / 3`, which shows faint arms beside a bright core. Schawinski et al. 2017, the
 * program `roou.m` beside the paper.
 */
export const fluxRange = { low: -0.1, high: 4 } as const;

const span = fluxRange.high - fluxRange.low;

/** Numbers for which there is a stretched picture, or flux. */
export type FluxValues = Float32Array | Float64Array;

/**
 * Flux as a game sees pictures, `2 asinh(10 x) / 3 − 1` with `x = (flux + 0.1) / 4.1`: about −1 for
 * −0.1 and 1 for 4. Nothing is clipped, so that `fluxOf` undoes it.
 *
 * @example
 * stretched(Float64Array.of(-0.1, 0, 4)); // → [-1,-0.839,0.9988]
 */
export function stretched<Values extends FluxValues>(flux: Values): Values {
  const out = flux.slice();
  for (let i = 0; i < out.length; i++) {
    out[i] = (2 * Math.asinh((10 * (flux[i]! - fluxRange.low)) / span)) / 3 - 1;
  }
  return out as Values; // a slice is of its own kind
}

/**
 * The flux that was stretched into numbers of a picture, −1 … 1: the inverse of `stretched`.
 *
 * @example
 * fluxOf(stretched(Float64Array.of(-0.1, 2, 40))); // → [-0.1,2,40]
 */
export function fluxOf<Values extends FluxValues>(picture: Values): Values {
  const out = picture.slice();
  for (let i = 0; i < out.length; i++) {
    out[i] = (span * Math.sinh(1.5 * (picture[i]! + 1))) / 10 + fluxRange.low;
  }
  return out as Values; // a slice is of its own kind
}

/** Flux within the range that is shown: −0.1 … 4. */
export function clipFlux(flux: FluxValues | TypedArray): Float64Array {
  return Float64Array.from(flux, (v) => Math.min(fluxRange.high, Math.max(fluxRange.low, v)));
}
