import { clipFlux, fluxOf, fluxRange, stretched } from "../../shape/flux.js";
import { blurPlanes, seeingKernel } from "../../shape/seeing.js";
import { type Shape, sizeOf } from "../../shape/shape.js";
import {
  abs,
  cast,
  clamp,
  exp,
  less,
  log,
  maximum,
  negate,
  sqrt,
  square,
  sum,
} from "../../tensor/operations.js";
import { blur } from "../../tensor/pictures.js";
import type { Tensor } from "../../tensor/tensor.js";

/** What a worse sky does to a picture. */
export interface Sky {
  /** Width of a point at half of its height, arc seconds; 1.4 in the paper's program. */
  readonly seeing: number;
  /** Noise of the result as a multiple of the original's; 1.2 in the paper's program. */
  readonly noise: number;
}

/** A picture as it would have been, and what is to be restored. */
export interface Degraded<Values> {
  /** Worse: clipped and stretched as a game sees pictures, −1 … 1. */
  readonly given: Values;
  /** As it was, clipped and stretched likewise. */
  readonly original: Values;
}

/** Pixels nearer to no light than this are sky, and tell how noisy a picture is. */
const nearZero = 0.1;
/** The least variance of the noise that is added. */
const leastVariance = 1e-8;

const { low, high } = fluxRange;
const span = high - low;

/**
 * Pictures under a worse sky, in a graph: `[b c h w]`, `[b 1 h w]` of normal numbers, which all bands
 * share `→ [b c h w]` twice. Blurred with a Gaussian; made noisier by as much as is missing to `noise`
 * times the noise of the original; clipped to −0.1 … 4, mapped to 0 … 1 and stretched by `asinh(10 x) / 3`.
 */
export function degradeIn(x: Tensor, noise: Tensor, sky: Sky): Degraded<Tensor> {
  const flux = fluxIn(x);
  const soft = blur(flux, seeingKernel(sky.seeing), "edge");
  const variance = skyVariance(flux)
    .times(sky.noise ** 2)
    .minus(skyVariance(soft));
  const deviation = sqrt(maximum(variance, leastVariance));
  return { given: stretchIn(soft.plus(noise.times(deviation))), original: stretchIn(flux) };
}

/** The flux behind a picture as a game sees it. */
export function fluxIn(x: Tensor): Tensor {
  const a = x.plus(1).times(1.5);
  return exp(a)
    .minus(exp(negate(a)))
    .times(span / 20)
    .plus(low);
}

function stretchIn(flux: Tensor): Tensor {
  const t = clamp(flux, low, high)
    .minus(low)
    .times(10 / span);
  return log(t.plus(sqrt(square(t).plus(1))))
    .times(2 / 3)
    .minus(1);
}

/** Variance of the pixels near zero of each picture, all bands together: `[b c h w] → [b 1 1 1]`. */
function skyVariance(flux: Tensor): Tensor {
  const sky = cast(less(abs(flux), nearZero), "float32");
  const overAll = { axes: [1, 2, 3], keep: true };
  const count = sum(sky, overAll);
  const middle = sum(flux.times(sky), overAll).over(maximum(count, 1));
  const squares = sum(square(flux.minus(middle)).times(sky), overAll);
  return squares.over(maximum(count.minus(1), 1));
}

/** One picture under a worse sky: what is known of it, as flux. */
export interface DegradedFlux extends Degraded<Float64Array> {
  /** Blurred and noisier, nanomaggies, not clipped: what a deconvolution is given. */
  readonly flux: Float64Array;
}

/**
 * One picture `[c h w]` under a worse sky, as the game degrades it: `picture` as a game sees it,
 * −1 … 1, and `noise` of normal numbers `[h w]`, the same for all bands.
 *
 * Schawinski et al. 2017, section 2, and the program `roou.m` beside the paper.
 *
 * @example
 * const { shape, items } = data.galaxies({ count: 1, size: 32 });
 * const noise = new Float64Array(32 * 32);
 * const { flux } = degrade(Float64Array.from(items), { shape, noise, sky: { seeing: 1.4, noise: 2 } });
 * Math.max(...flux) < Math.max(...fluxOf(items)); // → true
 */
export function degrade(
  picture: Float64Array,
  {
    shape,
    noise,
    sky,
  }: {
    /** `[c h w]` */
    readonly shape: Shape;
    /** Normal numbers, `[h w]`. */
    readonly noise: ArrayLike<number>;
    /** How much worse. */
    readonly sky: Sky;
  },
): DegradedFlux {
  const [, h, w] = shape as readonly [number, number, number]; // pictures have three axes
  const flux = fluxOf(picture);
  const soft = blurPlanes(flux, { kernel: seeingKernel(sky.seeing), size: [h, w] });
  const deviation = Math.sqrt(
    Math.max(sky.noise ** 2 * varianceOfSky(flux) - varianceOfSky(soft), leastVariance),
  );
  for (let i = 0; i < sizeOf(shape); i++) soft[i]! += deviation * noise[i % (h * w)]!;
  return { flux: soft, given: shown(soft), original: shown(flux) };
}

/** Flux clipped and stretched as a game sees pictures, −1 … 1. */
export const shown = (flux: Float64Array): Float64Array => stretched(clipFlux(flux));

function varianceOfSky(flux: Float64Array): number {
  const sky = flux.filter((value) => Math.abs(value) < nearZero);
  const middle = sky.reduce((a, b) => a + b, 0) / Math.max(1, sky.length);
  const squares = sky.reduce((a, b) => a + (b - middle) ** 2, 0);
  return squares / Math.max(1, sky.length - 1);
}
