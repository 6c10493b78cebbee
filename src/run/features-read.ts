import { type PixelRange, pixelRanges } from "../metrics/features-socket.js";
import type { FrozenNetwork } from "../nn/features.js";
import { torchvisionNetwork } from "../nn/features-torchvision.js";
import { importOnnx } from "../onnx/import/import.js";
import { metadataOf } from "../onnx/metadata.js";
import { fingerprint } from "../runtime/fingerprint.js";
import { DataError } from "../shape/error.js";
import { onnxNetwork } from "./features-onnx.js";
import { decodeSafetensors } from "./safetensors.js";

/** A frozen network that was read from somewhere. */
export interface FeaturesRead extends FrozenNetwork {
  /** What it takes for black and white. */
  readonly range: PixelRange;
}

/** How a file's network is used; everything has a default. */
export interface OpenFeaturesOptions {
  /**
   * What the network takes for black and white: what an ONNX file's metadata say under `range`, else
   * `imagenet`, as torchvision's and timm's networks have it.
   */
  readonly range?: PixelRange;
}

/** What bytes are called, and how the network in them is used. */
export interface FeaturesFromOptions extends OpenFeaturesOptions {
  /** The file's name; its ending says what it is. */
  readonly name: string;
}

/**
 * The network in the bytes of a file, for losses to perceive with: `openFeatures` where there are no
 * files, as in a page. An ONNX model's layers have the names of its values, and `conv1_1`, `relu1_1`,
 * `pool1` … beside those; a `.safetensors` is a VGG network as torchvision or timm names its weights.
 *
 * @throws {DataError} when there is no network of pictures in the bytes.
 *
 * @example
 * const y = relu(convolution(input("x", [1, 3, 8, 8]), ones([4, 3, 3, 3])));
 * const { model } = lower({ y });
 * featuresFrom(model, { name: "net.onnx" }).layers.slice(0, 2); // → ["conv1_1","relu1_1"]
 */
export function featuresFrom(
  bytes: Uint8Array,
  { name, range: wanted }: FeaturesFromOptions,
): FeaturesRead {
  const hash = fingerprint(bytes);
  const kind = /\.[^.]*$/.exec(name)?.[0].toLowerCase();
  if (kind === ".onnx") {
    const model = importOnnx(bytes, { name });
    const said = pixelRanges.find((range) => range === metadataOf(bytes).range);
    const range = wanted ?? said ?? "imagenet";
    return Object.assign(onnxNetwork(model, { name, hash, range }), { range });
  }
  if (kind !== ".safetensors") {
    const hint = "give an .onnx file, or a VGG network's .safetensors";
    throw new DataError({ op: name, why: "is no file of a network", hint });
  }
  const { tensors } = decodeSafetensors(bytes, name);
  const weights = Object.entries(tensors).map(([key, { shape, data }]) => [
    key,
    { shape, values: data },
  ]);
  const network = torchvisionNetwork(Object.fromEntries(weights), { name, hash });
  return Object.assign(network, { range: "imagenet" as const });
}
