import type { FrozenNetwork, KnownTensor } from "../nn/features.js";
import { DataError } from "../shape/error.js";
import { type Shape, sizeOf } from "../shape/shape.js";
import { input } from "../tensor/tensor.js";
import { distanceOver, type PictureDistance } from "./feature-distance.js";

/** What LPIPS needs: its weights are the user's. */
export interface LpipsOptions {
  /** One picture: `[c h w]`. */
  readonly shape: Shape;
  /** The linear weights by the names of the authors' code: `lin0.model.1.weight` `[1 c 1 1]` and so on. */
  readonly weights: Readonly<Record<string, KnownTensor>>;
  /** What errors call the weights. */
  readonly name?: string;
}

/** The activations that are compared, by the network that makes them. */
const backbones = {
  vgg: ["relu1_2", "relu2_2", "relu3_3", "relu4_3", "relu5_3"],
  alex: ["relu1_1", "relu2_1", "relu3_1", "relu3_2", "relu3_3"],
} as const;

/**
 * LPIPS, version 0.1: how differently pairs of pictures look to people, as a network with weights
 * that were learned from them says. The network is torchvision's VGG-16 or AlexNet, the weights are
 * the authors' for that network. Without them there is `featureDistance`, under that name.
 *
 * Zhang, Isola, Efros, Shechtman & Wang 2018, "The unreasonable effectiveness of deep features as a
 * perceptual metric", equation 1; constants as in the authors' code.
 *
 * @throws {DataError} when the network is neither, or the weights are not its own.
 * @throws {ShapeError} when pictures are too small for it, or not of the shape that was said.
 *
 * @example
 * const network = randomVgg({ widths: [2, 2, 2, 2, 2], depths: [2, 2, 3, 3, 3] });
 * const lin = { shape: [1, 2, 1, 1], values: Float32Array.of(0.5, 0.5) };
 * const weights = Object.fromEntries([0, 1, 2, 3, 4].map((i) => [`lin${i}.model.1.weight`, lin]));
 * const distance = await lpips(network, { shape: [3, 32, 32], weights });
 * distance.name; // → "LPIPS (vgg, random features 2-2-2-2-2, 2-2-3-3-3 convolutions)"
 */
export async function lpips(
  network: FrozenNetwork,
  { shape, weights, name = "lpips" }: LpipsOptions,
): Promise<PictureDistance> {
  const kind = kindOf(network);
  if (kind === undefined) {
    const hint = "give torchvision's VGG-16 or AlexNet";
    throw new DataError({ op: network.name, why: "is no network that LPIPS is made for", hint });
  }
  const layers = backbones[kind];
  const channels = channelsOf(network, layers);
  const compared = layers.map((layer, i) => {
    const found = linOf(weights, i);
    const key = `lin${i}.model.1.weight`;
    if (found === undefined) throw new DataError({ op: name, why: `has no ${key}` });
    if (sizeOf(found.shape) !== channels[i]) {
      const why = `${key} is [${found.shape.join(" ")}]; ${layer} has ${channels[i]} channels`;
      throw new DataError({ op: name, why, hint: "give the weights that belong to the network" });
    }
    return { layer, weights: found };
  });
  return await distanceOver(network, compared, {
    shape,
    name: `LPIPS (${kind}, ${network.name})`,
    about: `over ${layers.join(", ")} of ${network.name} with the linear weights of ${name}`,
    take: (each) => each.reduce((a, b) => a.plus(b)),
  });
}

/** AlexNet ends where VGG-16 goes on. */
function kindOf({ layers }: FrozenNetwork): keyof typeof backbones | undefined {
  const has = (kind: keyof typeof backbones): boolean =>
    backbones[kind].every((layer) => layers.includes(layer));
  if (has("vgg") && !layers.includes("relu5_4")) return "vgg";
  return has("alex") && !layers.includes("relu4_1") ? "alex" : undefined;
}

/** Channels of some layers, from what they make of a picture that is large enough for all. */
function channelsOf(network: FrozenNetwork, layers: readonly string[]): readonly number[] {
  const look = network.look(input("x", [1, 3, 128, 128]), (weight) =>
    input(weight, network.weights[weight]!.shape),
  );
  return layers.map((layer) => look(layer).shape[1]!);
}

/** The weights of one layer, by either of the two names that the authors' code gives them. */
const linOf = (weights: LpipsOptions["weights"], i: number): KnownTensor | undefined =>
  weights[`lin${i}.model.1.weight`] ?? weights[`lins.${i}.model.1.weight`];
