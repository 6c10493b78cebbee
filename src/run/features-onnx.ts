import type { PixelRange } from "../metrics/features-socket.js";
import { type FrozenNetwork, hashOfWeights } from "../nn/features.js";
import { imagenetColours, normalized } from "../nn/features-sequence.js";
import type { ImportedModel } from "../onnx/import/import.js";
import { DataError } from "../shape/error.js";
import type { Tensor } from "../tensor/tensor.js";

/** What is told of a network in an ONNX file. */
export interface OnnxNetworkOptions {
  readonly name: string;
  readonly hash?: string;
  /** What it takes for black and white. */
  readonly range: PixelRange;
}

/** From −1 … 1 to what a network takes. */
const ranges: Readonly<Record<PixelRange, (x: Tensor) => Tensor>> = {
  signed: (x) => x,
  unit: (x) => x.plus(1).times(0.5),
  byte: (x) => x.plus(1).times(127.5),
  imagenet: (x) => normalized(x, imagenetColours),
};

const convolutions = new Set(["Conv"]);
const activations = new Set(["Relu", "LeakyRelu", "PRelu", "Elu", "Clip", "HardSwish"]);
const pools = new Set(["MaxPool", "AveragePool"]);

/**
 * An ONNX network of pictures `[n 3 h w]` as a frozen network. Its layers have the names of its
 * values, and names as VGG's have them beside those: `conv2_1` is the first convolution after the
 * first pool, `relu2_1` its activation, `pool2` the second pool, in the order of the file.
 *
 * @throws {DataError} when it does not take one batch of pictures in colour.
 */
export function onnxNetwork(model: ImportedModel, options: OnnxNetworkOptions): FrozenNetwork {
  const { name, range } = options;
  const [input, ...others] = model.inputs;
  const [, channels] = input?.shape ?? [];
  const isColour = channels === 3 || typeof channels === "string";
  if (input === undefined || others.length > 0 || input.shape.length !== 4 || !isColour) {
    const takes = model.inputs.map(({ shape }) => `[${shape.map((d) => d || "?").join(" ")}]`);
    throw new DataError({ op: name, why: `takes ${takes.join(" and ")}, not pictures [n 3 h w]` });
  }
  const aliases = aliasesOf(model);
  let { hash } = options;
  return {
    name,
    weights: model.weights,
    layers: [...aliases.keys(), ...model.values.filter((value) => !aliases.has(value))],
    get hash() {
      hash ??= hashOfWeights(model.weights);
      return hash;
    },
    look(x, weight) {
      const see = model.apply({ [input.name]: ranges[range](x) }, { weight });
      return (layer) => see(aliases.get(layer) ?? layer);
    },
  };
}

/** Names as VGG's have them, and the values that they stand for. */
function aliasesOf(model: ImportedModel): ReadonlyMap<string, string> {
  const aliases = new Map<string, string>();
  const taken = new Set(model.values);
  let [block, place] = [1, 0];
  for (const value of model.values) {
    const op = model.operators[value]!;
    if (convolutions.has(op)) place++;
    const alias = convolutions.has(op)
      ? `conv${block}_${place}`
      : activations.has(op) && place > 0
        ? `relu${block}_${place}`
        : pools.has(op)
          ? `pool${block}`
          : undefined;
    if (pools.has(op)) [block, place] = [block + 1, 0];
    if (alias !== undefined && !taken.has(alias) && !aliases.has(alias)) aliases.set(alias, value);
  }
  return aliases;
}
