import { fluxBias } from "../../metrics/galaxies.js";
import { energyAbove, powerSpectrum } from "../../metrics/spectrum.js";
import { fluxOf } from "../../shape/flux.js";
import { sizeOf } from "../../shape/shape.js";
import { fluxPsnr, type Night, type Restored, shownPsnr } from "./baselines.js";
import { type ClumpScores, clumpsFound, meanArmContrast, type Truth } from "./truth.js";

/** What restored pictures come to. */
export interface Scores {
  /** Decibels, as pictures are shown: stretched by asinh. */
  readonly psnr: number;
  /** Decibels, of flux. */
  readonly fluxPsnr: number;
  /** Mean relative error of all the light of a picture. */
  readonly bias: number;
  /** Power above a quarter of a cycle for each pixel, over that of the originals. */
  readonly fine: number;
}

/** What is known where the truth is. */
export interface TrueScores {
  /** Clumps found at known places. */
  readonly clumps: ClumpScores;
  /** Contrast of spiral arms, over that in the originals. */
  readonly arms: number;
}

/** Cycles for each pixel above which structure is fine. */
const fine = 0.25;

/** Judges restored pictures beside the originals. */
export function scoresOf(restored: Restored, night: Night): Scores {
  const { shape, pictures } = night;
  const all = (list: readonly Float64Array[]): Float64Array => {
    const out = new Float64Array(list.length * sizeOf(shape));
    list.forEach((picture, i) => {
      out.set(picture, i * sizeOf(shape));
    });
    return out;
  };
  const [found, truth] = [all(restored), all(pictures.map(({ original }) => original))];
  const power = (values: Float64Array): number =>
    energyAbove(powerSpectrum(values, { shape }), fine);
  return {
    psnr: shownPsnr(restored, night),
    fluxPsnr: fluxPsnr(restored, night),
    bias: fluxBias(fluxOf(found), fluxOf(truth), { size: sizeOf(shape) }),
    fine: power(found) / power(truth),
  };
}

/** Judges restored pictures where it is known what is there. */
export function trueScoresOf(
  restored: Restored,
  { shape, pictures }: Night,
  { truths, threshold }: { readonly truths: readonly Truth[]; readonly threshold: number },
): TrueScores {
  const [, h, w] = shape as readonly [number, number, number]; // pictures have three axes
  const originals = pictures.map(({ original }) => original);
  return {
    clumps: clumpsFound(restored, truths, { size: [h, w], threshold }),
    arms: meanArmContrast(restored, truths, [h, w]) / meanArmContrast(originals, truths, [h, w]),
  };
}
