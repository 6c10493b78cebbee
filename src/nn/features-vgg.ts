import type { Shape } from "../shape/shape.js";
import type { FrozenNetwork } from "./features.js";
import { type SequenceOptions, type SequenceStep, sequence } from "./features-sequence.js";

/** The blocks of a VGG network: 3×3 convolutions of one width, then a pool that halves pictures. */
export interface VggLayout {
  /** Channels of each block. */
  readonly widths: readonly number[];
  /** Convolutions in each block. */
  readonly depths: readonly number[];
}

/**
 * The sixteen convolutions of VGG-19. Simonyan & Zisserman 2015, "Very deep convolutional networks
 * for large-scale image recognition", table 1, column E.
 */
export const vgg19Layout: VggLayout = {
  widths: [64, 128, 256, 512, 512],
  depths: [2, 2, 4, 4, 4],
};

/** A VGG network and its `weights`: `conv1_1.weight` `[out in 3 3]`, `conv1_1.bias` `[out]`, and so on. */
export type VggOptions = VggLayout & Omit<SequenceOptions, "steps" | "shapes">;

/** `conv1_1 relu1_1 … pool1 conv2_1 …` */
const stepsOf = ({ depths }: VggLayout): SequenceStep[] =>
  depths.flatMap((depth, block): SequenceStep[] => [
    ...Array.from({ length: depth }, (_, i) => `${block + 1}_${i + 1}`).flatMap(
      (place): SequenceStep[] => [
        { name: `conv${place}`, kind: "conv", padding: 1 },
        { name: `relu${place}`, kind: "relu" },
      ],
    ),
    { name: `pool${block + 1}`, kind: "pool", kernel: 2 },
  ]);

/**
 * The shapes of a VGG network's tensors, by name, in the order of its layers.
 * @example vggShapes({ widths: [8], depths: [1] }); // → {"conv1_1.weight":[8,3,3,3],"conv1_1.bias":[8]}
 */
export function vggShapes({ widths, depths }: VggLayout): Readonly<Record<string, Shape>> {
  const shapes: Record<string, Shape> = {};
  let before = 3;
  widths.forEach((width, block) => {
    for (let i = 0; i < depths[block]!; i++) {
      const name = `conv${block + 1}_${i + 1}`;
      shapes[`${name}.weight`] = [width, before, 3, 3];
      shapes[`${name}.bias`] = [width];
      before = width;
    }
  });
  return shapes;
}

/**
 * A VGG network with known weights, for `features`: `conv3_1` is what a convolution gives before its
 * activation, `relu3_1` after it, `pool3` the end of a block, `[b 3 h w] → [b c t u]`. Gatys et al.
 * 2016 take the mean of each window where Simonyan and Zisserman take the largest.
 *
 * Simonyan & Zisserman 2015, "Very deep convolutional networks for large-scale image recognition",
 * section 2.1.
 *
 * @throws {ConfigurationError} when a weight is missing or has another shape than the layout says.
 *
 * @example
 * const shapes = Object.entries(vggShapes(vgg19Layout));
 * shapes.length; // → 32
 * shapes.reduce((n, [, shape]) => n + sizeOf(shape), 0); // → 20024384
 */
export const vgg = (options: VggOptions): FrozenNetwork =>
  sequence({ ...options, steps: stepsOf(options), shapes: vggShapes(options) });
