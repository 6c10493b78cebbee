import { DataError } from "../shape/error.js";
import type { Shape } from "../shape/shape.js";
import type { FrozenNetwork, KnownTensor } from "./features.js";
import { imagenetColours, type SequenceStep, sequence } from "./features-sequence.js";
import { vgg } from "./features-vgg.js";

/** What is told of a file of weights. */
export interface WeightsFile {
  /** What the network is called, and errors call the file. */
  readonly name: string;
  /** SHA-256 of the file; that of the weights when left out. */
  readonly hash?: string;
}

const pattern = /^features\.(\d+)\.weight$/;

/** The convolutions of AlexNet as torchvision has it; widths are those of the file. */
const alexNet = [
  { index: 0, place: "1_1", kernel: 11, stride: 4, padding: 2 },
  { index: 3, place: "2_1", kernel: 5, stride: 1, padding: 2 },
  { index: 6, place: "3_1", kernel: 3, stride: 1, padding: 1 },
  { index: 8, place: "3_2", kernel: 3, stride: 1, padding: 1 },
  { index: 10, place: "3_3", kernel: 3, stride: 1, padding: 1 },
] as const;

/**
 * AlexNet from weights as torchvision names them, `features.0.weight` and so on, with ImageNet's
 * colours and its layers named as VGG's: `relu3_3` is the last activation. Layers for classes are
 * left out.
 *
 * Krizhevsky 2014, "One weird trick for parallelizing convolutional neural networks".
 *
 * @throws {ConfigurationError} when a weight is missing or has another shape.
 *
 * @example
 * const shapes = [[0, 2, 3, 11], [3, 2, 2, 5], [6, 2, 2, 3], [8, 2, 2, 3], [10, 2, 2, 3]] as const;
 * const tensors = shapes.flatMap(([i, out, into, k]) => [
 *   [`features.${i}.weight`, { shape: [out, into, k, k], values: new Float32Array(out * into * k * k) }],
 *   [`features.${i}.bias`, { shape: [out], values: new Float32Array(out) }],
 * ]);
 * const network = torchvisionAlexNet(Object.fromEntries(tensors), { name: "narrow" });
 * network.layers.slice(0, 3); // → ["conv1_1","relu1_1","pool1"]
 */
export function torchvisionAlexNet(
  tensors: Readonly<Record<string, KnownTensor>>,
  { name, hash }: WeightsFile,
): FrozenNetwork {
  const shapes: Record<string, Shape> = {};
  const weights: Record<string, KnownTensor> = {};
  let before = 3;
  for (const { index, place, kernel } of alexNet) {
    const [weight, bias] = ["weight", "bias"].map((part) => tensors[`features.${index}.${part}`]);
    const width = weight?.shape[0] ?? 0;
    shapes[`conv${place}.weight`] = [width, before, kernel, kernel];
    shapes[`conv${place}.bias`] = [width];
    if (weight !== undefined) weights[`conv${place}.weight`] = weight;
    if (bias !== undefined) weights[`conv${place}.bias`] = bias;
    before = width;
  }
  const steps = alexNet.flatMap(({ place, stride, padding }): SequenceStep[] => {
    const pool = place === "3_1" || place === "3_2" ? [] : [place[0]!];
    return [
      { kind: "conv", name: `conv${place}`, stride, padding },
      { kind: "relu", name: `relu${place}` },
      ...pool.map((block): SequenceStep => ({ kind: "pool", name: `pool${block}`, kernel: 3 })),
    ];
  });
  return sequence({
    ...{ name, steps, shapes, weights, colours: imagenetColours },
    ...(hash === undefined ? {} : { hash }),
  });
}

/** A network from torchvision's names: AlexNet or a VGG, as its first filters say. */
export function torchvisionNetwork(
  tensors: Readonly<Record<string, KnownTensor>>,
  file: WeightsFile,
): FrozenNetwork {
  const isAlexNet = tensors["features.0.weight"]?.shape.at(-1) === 11;
  return isAlexNet ? torchvisionAlexNet(tensors, file) : torchvisionVgg(tensors, file);
}

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
