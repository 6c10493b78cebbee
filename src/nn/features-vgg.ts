import { ConfigurationError, locate } from "../shape/error.js";
import type { Shape } from "../shape/shape.js";
import { convolution } from "../tensor/convolution.js";
import { relu, reshape } from "../tensor/operations.js";
import { averagePool, maxPool } from "../tensor/pictures.js";
import { constant, type Tensor } from "../tensor/tensor.js";
import { type FrozenNetwork, hashOfWeights } from "./features.js";

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

/** What is taken from red, green and blue, of 0 … 1, before a network sees them. */
export interface Colours {
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

/** ImageNet's, as torchvision has them. */
export const imagenetColours: Colours = {
  mean: [0.485, 0.456, 0.406],
  deviation: [0.229, 0.224, 0.225],
};

/** A VGG network and its weights. */
export interface VggOptions extends VggLayout {
  readonly name: string;
  /** `conv1_1.weight` `[out in 3 3]`, `conv1_1.bias` `[out]`, and so on. */
  readonly weights: FrozenNetwork["weights"];
  /** SHA-256 of its file; that of its weights when left out. */
  readonly hash?: string;
  /** Values from −1 to 1 are taken as they are when left out. */
  readonly colours?: Colours;
  /** How blocks end; Gatys et al. 2016 replace the maximum by the mean. */
  readonly pooling?: "max" | "average";
}

/** One step of the network: what it is called, and the tensors it needs. */
interface Step {
  readonly name: string;
  readonly kind: "conv" | "relu" | "pool";
}

/** `conv1_1 relu1_1 … pool1 conv2_1 …` */
const stepsOf = ({ depths }: VggLayout): Step[] =>
  depths.flatMap((depth, block): Step[] => [
    ...Array.from({ length: depth }, (_, i) => `${block + 1}_${i + 1}`).flatMap((place): Step[] => [
      { name: `conv${place}`, kind: "conv" },
      { name: `relu${place}`, kind: "relu" },
    ]),
    { name: `pool${block + 1}`, kind: "pool" },
  ]);

/** The shapes of a VGG network's tensors, by name, in the order of its layers. */
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
 * activation, `relu3_1` after it, `pool3` the end of a block, `[b 3 h w] → [b c t u]`.
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
export function vgg(options: VggOptions): FrozenNetwork {
  const { name, weights, colours, pooling = "max" } = options;
  checkWeights(name, vggShapes(options), weights);
  const steps = stepsOf(options);
  const pool = pooling === "max" ? maxPool : averagePool;
  let hash = options.hash;
  return {
    name,
    weights,
    layers: steps.map((step) => step.name),
    // Not before somebody asks: it takes a moment for a large network.
    get hash() {
      hash ??= hashOfWeights(weights);
      return hash;
    },
    look(x, weight) {
      const made: Tensor[] = [];
      const apply = ({ name: layer, kind }: Step, y: Tensor): Tensor => {
        if (kind === "relu") return relu(y);
        if (kind === "pool") return locate(layer, () => pool(y, { kernel: 2 }));
        const bias = weight(`${layer}.bias`);
        const shifted = reshape(bias, [1, bias.shape[0]!, 1, 1]);
        return convolution(y, weight(`${layer}.weight`), { padding: 1 }).plus(shifted);
      };
      return (layer) => {
        const wanted = steps.findIndex((step) => step.name === layer);
        while (made.length <= wanted) {
          made.push(apply(steps[made.length]!, made.at(-1) ?? normalized(x, colours)));
        }
        return made[wanted]!;
      };
    },
  };
}

/** From −1 … 1 to what a network was trained with. */
export function normalized(x: Tensor, colours: Colours | undefined): Tensor {
  if (colours === undefined) return x;
  const { mean, deviation } = colours;
  const shape = [1, 3, 1, 1];
  const scale = constant(
    deviation.map((d) => 0.5 / d),
    { shape },
  );
  const shift = constant(
    deviation.map((d, c) => (0.5 - mean[c]!) / d),
    { shape },
  );
  return x.times(scale).plus(shift);
}

function checkWeights(
  name: string,
  shapes: Readonly<Record<string, Shape>>,
  weights: FrozenNetwork["weights"],
): void {
  for (const [weight, shape] of Object.entries(shapes)) {
    const found = weights[weight]?.shape;
    if (found !== undefined && found.join() === shape.join()) continue;
    const operands = [{ label: "needs", value: shape }];
    if (found !== undefined) operands.push({ label: "given", value: found });
    const why = found === undefined ? `has no ${weight}` : `${weight} has another shape`;
    throw new ConfigurationError({ op: name, why, operands });
  }
}
