import type { Features } from "./features.js";
import { PictureNetwork } from "./features-network.js";
import type { NetworkOptions } from "./features-socket.js";

/** A network's file, the pictures that it will see, and which of its outputs are the features. */
export interface OnnxFeatureOptions extends NetworkOptions {
  /** The output whose rows are the features; the model's first when left out. */
  readonly output?: string;
}

/**
 * Features of any ONNX network that takes pictures `[n c h w]` or `[n h w c]` and gives rows
 * `[n d]`. Pictures are brought to the size, colours and values that it takes.
 *
 * @throws {DataError} when the model cannot be run, takes no pictures, or has no such output
 * @example
 * const { model } = lower({ rows: flatten(input("x", [8, 1, 4, 4])) });
 * (await onnxFeatures(model, { shape: [1, 4, 4], name: "mine" })).size; // → 16
 */
export async function onnxFeatures(
  model: Uint8Array,
  options: OnnxFeatureOptions,
): Promise<Features> {
  const network = await PictureNetwork.open(model, options);
  try {
    return featuresOf(network, options);
  } catch (error) {
    await network.release();
    throw error;
  }
}

/** One output of a network as features. */
export function featuresOf(
  network: PictureNetwork,
  { name, output: wanted }: Pick<OnnxFeatureOptions, "name" | "output">,
): Features {
  const output = network.outputNamed(wanted, name);
  return {
    name,
    hash: network.hash,
    size: network.outputs[output]!,
    about: network.preparation,
    extract: async (items) => (await network.run(items, [output]))[output]!,
    release: () => network.release(),
  };
}
