import { ConfigurationError, locate } from "../shape/error.js";
import type { Shape } from "../shape/shape.js";
import { convolution } from "../tensor/convolution.js";
import { relu, reshape } from "../tensor/operations.js";
import { averagePool, maxPool } from "../tensor/pictures.js";
import { constant, type Tensor } from "../tensor/tensor.js";
import { type FrozenNetwork, hashOfWeights } from "./features.js";

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

/** One layer of a network whose layers follow each other. */
export type SequenceStep =
  | {
      readonly kind: "conv";
      readonly name: string;
      readonly stride?: number;
      readonly padding: number;
    }
  | { readonly kind: "relu"; readonly name: string }
  | { readonly kind: "pool"; readonly name: string; readonly kernel: number };

/** What a network of layers that follow each other is made of. */
export interface SequenceOptions {
  /** Says what it is, wherever it is used. */
  readonly name: string;
  readonly steps: readonly SequenceStep[];
  /** What tensors the steps need: `conv1_1.weight` and so on. */
  readonly shapes: Readonly<Record<string, Shape>>;
  /** Those tensors. */
  readonly weights: FrozenNetwork["weights"];
  /** SHA-256 of its file; that of its weights when left out. */
  readonly hash?: string;
  /** Values from −1 to 1 are taken as they are when left out. */
  readonly colours?: Colours;
  /** What stands for a window; pools halve pictures. */
  readonly pooling?: "max" | "average";
}

/** A frozen network whose layers follow each other. */
export function sequence(options: SequenceOptions): FrozenNetwork {
  const { name, steps, weights, colours, pooling = "max" } = options;
  checkWeights(options);
  const pool = pooling === "max" ? maxPool : averagePool;
  let { hash } = options;
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
      const apply = (step: SequenceStep, y: Tensor): Tensor => {
        if (step.kind === "relu") return relu(y);
        if (step.kind === "pool") {
          return locate(step.name, () => pool(y, { kernel: step.kernel, stride: 2 }));
        }
        const { stride = 1, padding } = step;
        const bias = weight(`${step.name}.bias`);
        const shifted = reshape(bias, [1, bias.shape[0]!, 1, 1]);
        const made = convolution(y, weight(`${step.name}.weight`), { stride, padding });
        return made.plus(shifted);
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

function checkWeights({ name, shapes, weights }: SequenceOptions): void {
  for (const [weight, shape] of Object.entries(shapes)) {
    const found = weights[weight]?.shape;
    if (found !== undefined && found.join() === shape.join()) continue;
    const operands = [{ label: "needs", value: shape }];
    if (found !== undefined) operands.push({ label: "given", value: found });
    const why = found === undefined ? `has no ${weight}` : `${weight} has another shape`;
    throw new ConfigurationError({ op: name, why, operands });
  }
}
