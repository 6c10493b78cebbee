import { leakyRelu } from "../tensor/operations.js";
import { batchNorm } from "./batch-norm.js";
import { conv } from "./convolution.js";
import { type Initializer, normalWith } from "./initializers.js";
import { chain, type Layer, type Step } from "./layer.js";

/** Pixels a side that one logit of a patch discriminator sees. */
export type PatchField = 1 | 16 | 34 | 70 | 142 | 286;

/** Options of a patch discriminator; what is left out is pix2pix's. */
export interface PatchDiscriminatorOptions {
  /** Pixels a side that one logit sees: 1 is the PixelGAN, 286 the ImageGAN, 70 when left out. */
  readonly field?: PatchField;
  /** Channels of the first convolution; twice as many each time, up to eight times the first. */
  readonly width?: number;
  /** What follows convolutions, but the first and the last; batch norm when left out. */
  readonly norm?: () => Step;
  /** First weights; N(0, 0.02) when left out. */
  readonly initial?: Initializer;
}

/** Convolutions that halve the picture, by what a logit sees after them. */
const halving: Readonly<Record<PatchField, number>> = { 1: 0, 16: 1, 34: 2, 70: 3, 142: 4, 286: 5 };

/**
 * The discriminator of pix2pix: one logit for each place, that sees a patch of the picture:
 * `[b c h w] → [b 1 h' w']`. With a field of 70, sides of 256 have 30 × 30 places.
 *
 * Isola, Zhu, Zhou & Efros 2017, "Image-to-image translation with conditional adversarial networks",
 * section 3.2.2 and appendix 6.1.2.
 *
 * @throws {ShapeError} when the picture is too small for the field's convolutions.
 *
 * @example
 * patchDiscriminator().build([6, 256, 256]).output; // → [1,30,30]
 * patchDiscriminator({ field: 16, width: 16 }).build([4, 32, 32]).output; // → [1,14,14]
 */
export function patchDiscriminator(options: PatchDiscriminatorOptions = {}): Layer {
  const { field = 70, width = 64, initial = normalWith(0.02) } = options;
  const { norm = () => batchNorm({ initial: normalWith(0.02, 1) }) } = options;
  const plain = { initial, bias: false };
  if (field === 1) {
    return chain(
      ...[conv(width, { kernel: 1, initial }), leakyRelu],
      ...[conv(2 * width, { kernel: 1, ...plain }), norm(), leakyRelu],
      conv(1, { kernel: 1, ...plain }),
    );
  }
  const stages = halving[field];
  const widthOf = (i: number): number => width * Math.min(2 ** i, 8);
  return chain(
    ...[conv(width, { kernel: 4, stride: 2, initial }), leakyRelu],
    ...Array.from({ length: stages }, (_, k): readonly Step[] => {
      // The last one sees more without making it smaller.
      const stride = k === stages - 1 ? 1 : 2;
      return [conv(widthOf(k + 1), { kernel: 4, stride, ...plain }), norm(), leakyRelu];
    }).flat(),
    conv(1, { kernel: 4, initial }),
  );
}
