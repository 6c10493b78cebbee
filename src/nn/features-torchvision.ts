import { DataError } from "../shape/error.js";
import type { FrozenNetwork, KnownTensor } from "./features.js";
import { imagenetColours, vgg } from "./features-vgg.js";

/** What is told of a file of weights. */
export interface WeightsFile {
  /** What the network is called, and errors call the file. */
  readonly name: string;
  /** SHA-256 of the file; that of the weights when left out. */
  readonly hash?: string;
}

const pattern = /^features\.(\d+)\.weight$/;

/** A convolution in torchvision's list of layers. */
interface Place {
  readonly index: number;
  readonly weight: KnownTensor;
}

/**
 * A VGG network of any depth and width from weights as torchvision and timm name them,
 * `features.0.weight` and so on, with ImageNet's colours; layers for classes are left out. How its
 * convolutions stand in blocks is seen in the numbers, among which activations and pools count.
 *
 * @throws {DataError} when the weights are no such network.
 *
 * @example
 * const [weight, bias] = [new Float32Array(8 * 3 * 9), new Float32Array(8)];
 * const tensors = {
 *   "features.0.weight": { shape: [8, 3, 3, 3], values: weight },
 *   "features.0.bias": { shape: [8], values: bias },
 * };
 * torchvisionVgg(tensors, { name: "tiny" }).layers; // → ["conv1_1","relu1_1","pool1"]
 */
export function torchvisionVgg(
  tensors: Readonly<Record<string, KnownTensor>>,
  { name, hash }: WeightsFile,
): FrozenNetwork {
  const places = Object.entries(tensors)
    .flatMap(([key, weight]): Place[] => {
      const index = pattern.exec(key)?.[1];
      return index === undefined ? [] : [{ index: Number(index), weight }];
    })
    .sort((a, b) => a.index - b.index);
  const problem = problemOf(tensors, places);
  if (problem !== undefined) {
    const hint = "give a VGG of torchvision or timm, without batch normalization";
    throw new DataError({ op: name, why: problem, hint });
  }
  const blocks: Place[][] = [];
  places.forEach((place, i) => {
    // A convolution and its activation; one more is a pool.
    if (i === 0 || place.index - places[i - 1]!.index > 2) blocks.push([]);
    blocks.at(-1)!.push(place);
  });
  const weights: Record<string, KnownTensor> = {};
  blocks.forEach((block, b) => {
    block.forEach(({ index, weight }, i) => {
      weights[`conv${b + 1}_${i + 1}.weight`] = weight;
      weights[`conv${b + 1}_${i + 1}.bias`] = tensors[`features.${index}.bias`]!;
    });
  });
  return vgg({
    ...{ name, weights, colours: imagenetColours },
    widths: blocks.map((block) => block.at(-1)!.weight.shape[0]!),
    depths: blocks.map((block) => block.length),
    ...(hash === undefined ? {} : { hash }),
  });
}

/** Why these are not the weights of a VGG network. */
function problemOf(
  tensors: Readonly<Record<string, KnownTensor>>,
  places: readonly Place[],
): string | undefined {
  if (places.length === 0) return "has no features.0.weight: it is no VGG network";
  let before = 3;
  for (const [i, { index, weight }] of places.entries()) {
    const { shape } = weight;
    const fits = shape.length === 4 && shape[1] === before && shape[2] === 3 && shape[3] === 3;
    if (!fits) {
      return `features.${index}.weight is [${shape.join(" ")}], not [… ${before} 3 3]`;
    }
    if (tensors[`features.${index}.bias`]?.shape.join() !== `${shape[0]}`) {
      return `has no features.${index}.bias of ${shape[0]} numbers`;
    }
    const gap = index - (places[i - 1]?.index ?? index - 2);
    if (gap !== 2 && gap !== 3) return `has ${gap - 1} layers before features.${index}, not 1 or 2`;
    before = shape[0]!;
  }
  return undefined;
}
