import { conv } from "../../nn/convolution.js";
import { equalized } from "../../nn/equalized.js";
import { halvings } from "../../nn/halvings.js";
import { chain, countOf, fromFunction, type Layer, type Step } from "../../nn/layer.js";
import { linear, unflatten } from "../../nn/linear.js";
import { minibatchDeviation } from "../../nn/minibatch.js";
import { pixelNorm } from "../../nn/norms.js";
import { doublingConv, halvingConv } from "../../nn/resampling-convolution.js";
import type { Shape } from "../../shape/shape.js";
import { flatten, leakyRelu } from "../../tensor/operations.js";
import { blur } from "../../tensor/pictures.js";
import type { Tensor } from "../../tensor/tensor.js";

/** One size of pictures inside of the networks, and how many channels they have there. */
export interface Stage {
  readonly channels: number;
  readonly size: readonly [height: number, width: number];
}

/** From the smallest size to that of the data; channels double as the size halves, up to `widest`. */
export function stagesOf(
  shape: Shape,
  { width, widest }: { readonly width: number; readonly widest: number },
): readonly Stage[] {
  const [, height, across] = shape as readonly [number, number, number]; // pictures have three axes
  const count = halvings(height, across);
  return Array.from({ length: count + 1 }, (_, i) => ({
    channels: Math.min(width * 2 ** (count - i), widest),
    size: [height / 2 ** (count - i), across / 2 ** (count - i)] as const,
  }));
}

/** Convolutions with a style: two at every size. */
export const stylesOf = (stages: readonly Stage[]): number => 2 * stages.length;

/** Numbers of noise that one picture takes: one for each pixel of each styled convolution. */
export const noiseOf = (stages: readonly Stage[]): number =>
  stages.reduce((n, { size: [h, w] }) => n + 2 * h * w, 0);

/** The low-pass filter beside every change of size, as in the authors' code: `[b c h w] → [b c h w]`. */
export const smooth = (x: Tensor): Tensor => blur(x, [0.25, 0.5, 0.25]);

const smoothed = (): Layer => fromFunction(smooth, "blur");

/** The discriminator of the authors' code, `[b c h w] → [b 1]`. */
export function discriminator(stages: readonly Stage[]): Layer {
  const [{ channels: deepest }] = stages as readonly [Stage]; // at least two
  const down = [...stages.keys()].slice(1).reverse();
  // biome-ignore format: a table, kept as one
  return chain(
    equalized(conv(stages.at(-1)!.channels, { kernel: 1 })), leakyRelu,
    ...down.flatMap((i) => [
      equalized(conv(stages[i]!.channels)), leakyRelu,
      smoothed(), equalized(halvingConv(stages[i - 1]!.channels)), leakyRelu,
    ]),
    minibatchDeviation({ group: 4 }), equalized(conv(deepest)), leakyRelu,
    flatten, equalized(linear(deepest)), leakyRelu,
    equalized(linear(1), { gain: 1 }),
  );
}

/**
 * A generator without styles, as in progressive growing (Karras et al. 2018, table 2), with the blur
 * of configuration B of StyleGAN's table 1, `[b 1 n] → [b c h w]`.
 */
export function traditional(stages: readonly Stage[], out: number): Layer {
  const [first, ...rest] = stages as readonly [Stage, ...Stage[]]; // at least two
  const normed = (): Step[] => [leakyRelu, pixelNorm()];
  // biome-ignore format: a table, kept as one
  return chain(
    flatten, equalized(linear(first.channels * first.size[0] * first.size[1]), { gain: Math.SQRT2 / 4 }),
    unflatten(first.channels, ...first.size), ...normed(),
    equalized(conv(first.channels)), ...normed(),
    ...rest.flatMap(({ channels }) => [
      equalized(doublingConv(channels)), smoothed(), ...normed(),
      equalized(conv(channels)), ...normed(),
    ]),
    equalized(conv(out, { kernel: 1 }), { gain: 1 }),
  );
}

/** The widths with which a traditional generator has about so many parameters. */
export function equallyLarge(
  stages: readonly Stage[],
  {
    latent,
    out,
    parameters,
  }: { readonly latent: number; readonly out: number; readonly parameters: number },
): readonly Stage[] {
  const scaled = (share: number): readonly Stage[] =>
    stages.map((stage) => ({
      ...stage,
      channels: Math.max(1, Math.round(stage.channels * share)),
    }));
  const missing = (share: number): number =>
    parameters - countOf(traditional(scaled(share), out).build([1, latent]).parameters);
  let [low, high] = [0.5, 4];
  for (let i = 0; i < 12; i++) {
    const middle = (low + high) / 2;
    if (missing(middle) > 0) low = middle;
    else high = middle;
  }
  return scaled(Math.abs(missing(low)) < Math.abs(missing(high)) ? low : high);
}
