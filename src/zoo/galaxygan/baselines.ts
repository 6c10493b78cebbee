import { blindDeconvolution } from "../../metrics/blind-deconvolution.js";
import { psnr } from "../../metrics/psnr.js";
import { richardsonLucy } from "../../metrics/richardson-lucy.js";
import { wiener } from "../../metrics/wiener.js";
import { clipFlux, fluxOf, fluxRange } from "../../shape/flux.js";
import type { Shape } from "../../shape/shape.js";
import { type DegradedFlux, shown } from "./degrade.js";

/** Degraded pictures of one shape, and what they were blurred with. */
export interface Night {
  readonly shape: Shape;
  readonly kernel: readonly number[];
  readonly pictures: readonly DegradedFlux[];
}

/** Restored pictures as a game sees them, in the order of a night's. */
export type Restored = readonly Float64Array[];

/** A way to restore that has one number to choose. */
export interface Method {
  readonly name: string;
  readonly choices: readonly number[];
  readonly restore: (night: Night, choice: number) => Restored;
}

/** Noise over picture, K, in Wiener's deconvolution. */
export const byWiener: Method = {
  name: "Wiener",
  choices: [0.01, 0.02, 0.04, 0.08, 0.12, 0.16, 0.2, 0.3, 0.45, 0.7],
  restore: ({ shape, kernel, pictures }, noise) =>
    pictures.map(({ flux }) => shown(wiener(flux, { shape, kernel, noise }))),
};

/** Iterations of Richardson and Lucy's deconvolution, of light above the least that is shown. */
export const byRichardsonLucy: Method = {
  name: "Richardson–Lucy",
  choices: [1, 2, 3, 5, 10, 20],
  restore: ({ shape, kernel, pictures }, iterations) =>
    pictures.map(({ flux }) => {
      const light = flux.map((value) => value - fluxRange.low);
      const found = richardsonLucy(light, { shape, kernel, iterations });
      return shown(found.map((value) => value + fluxRange.low));
    }),
};

/** Iterations of the blind variant, which is told the blur as its first guess, as in the paper's program. */
export const byBlindDeconvolution: Method = {
  name: "blind deconvolution",
  choices: [1, 2, 3, 5, 10],
  restore: ({ shape, kernel, pictures }, iterations) => {
    const guess = kernel.flatMap((a) => kernel.map((b) => a * b));
    return pictures.map(({ flux }) => {
      const light = flux.map((value) => value - fluxRange.low);
      const { picture } = blindDeconvolution(light, { shape, guess, iterations });
      return shown(picture.map((value) => value + fluxRange.low));
    });
  },
};

/** The mean over pictures of their PSNR as they are shown, decibels. */
export const shownPsnr = (restored: Restored, { pictures }: Pick<Night, "pictures">): number =>
  mean(restored.map((picture, i) => psnr(clipped(picture), pictures[i]!.original, { range: 2 })));

/** The mean over pictures of the PSNR of their flux, decibels; its range is 4.1. */
export const fluxPsnr = (restored: Restored, { pictures }: Pick<Night, "pictures">): number =>
  mean(
    restored.map((picture, i) =>
      psnr(clipFlux(fluxOf(picture)), fluxOf(pictures[i]!.original), {
        range: fluxRange.high - fluxRange.low,
      }),
    ),
  );

/** The choice with the highest PSNR on a night, and what it comes to there. */
export function bestChoice(
  { choices, restore }: Method,
  night: Night,
): { readonly choice: number; readonly psnr: number } {
  const found = choices.map((choice) => ({
    choice,
    psnr: shownPsnr(restore(night, choice), night),
  }));
  return found.reduce((best, one) => (one.psnr > best.psnr ? one : best));
}

/** A file keeps no more than what can be shown. */
const clipped = (picture: Float64Array): Float64Array => shown(fluxOf(picture));

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
