import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { ConfigurationError, closest, ShapeError } from "../shape/error.js";
import type { Shape } from "../shape/shape.js";
import { concatenate } from "../tensor/operations.js";
import type { Tensor } from "../tensor/tensor.js";

/** A tensor whose numbers are known before anything is played. */
export interface KnownTensor {
  readonly shape: Shape;
  readonly values: Float32Array;
}

/** A network that nobody owns: its weights are known, and no player moves them. */
export interface FrozenNetwork {
  /** Says what it is, wherever it is used: `random features 16-32-64-128`, `vgg19.onnx`. */
  readonly name: string;
  /** SHA-256 of its file, or of its weights when it has none. */
  readonly hash: string;
  /** Names of what can be seen in it, in the order in which it is computed. */
  readonly layers: readonly string[];
  readonly weights: Readonly<Record<string, KnownTensor>>;
  /**
   * What the layers make of pictures `[b 3 h w]` from −1 to 1, each computed when it is asked for
   * and once; `weight` gives the tensor that stands for a weight.
   */
  look(x: Tensor, weight: (name: string) => Tensor): (layer: string) => Tensor;
}

/** A frozen network among what a system has. */
export interface FeaturesDefinition {
  readonly kind: "features";
  readonly network: FrozenNetwork;
}

/** How losses see a frozen network: what its named layer makes of pictures, `[b 3 h w] → [b c t u]`. */
export interface Perception {
  (x: Tensor, layer: string): Tensor;
  /** Names of its layers. */
  readonly layers: readonly string[];
}

/**
 * A network that nobody owns among the networks of a game: losses call it with pictures from −1 to 1
 * and the name of a layer, `F(x, "conv3_1")`, `[b 3 h w] → [b c t u]`. Grey pictures are repeated as
 * colours. Its weights are never moved and stand in no checkpoint.
 *
 * @example
 * features(randomVgg()).network.layers.slice(0, 3); // → ["conv1_1","relu1_1","conv1_2"]
 */
export const features = (network: FrozenNetwork): FeaturesDefinition => ({
  kind: "features",
  network,
});

/**
 * A frozen network as losses see it under some name; one tensor is looked at once.
 *
 * @throws {ShapeError} when it is shown something else than pictures.
 * @throws {ConfigurationError} when it has no such layer; it says which there are.
 */
export function perceive(
  name: string,
  network: FrozenNetwork,
  weight: (name: string) => Tensor,
): Perception {
  const seen = new Map<Tensor, (layer: string) => Tensor>();
  const known = new Set(network.layers);
  const perception = (x: Tensor, layer: string): Tensor => {
    checkPictures(name, x);
    if (!known.has(layer)) throw unknownLayer(name, network, layer);
    let look = seen.get(x);
    if (look === undefined) {
      look = network.look(x.shape[1] === 1 ? concatenate([x, x, x], 1) : x, weight);
      seen.set(x, look);
    }
    return look(layer);
  };
  return Object.assign(perception, { layers: network.layers });
}

function checkPictures(name: string, x: Tensor): void {
  const channels = x.shape[1];
  if (x.rank === 4 && (channels === 1 || channels === 3)) return;
  const operands = [
    { label: "given", value: x.shape },
    { label: "needs", value: "[b 3 h w] or [b 1 h w]" },
  ];
  throw new ShapeError({ op: name, why: "looks at pictures in colour or in grey", operands });
}

function unknownLayer(name: string, network: FrozenNetwork, layer: string): ConfigurationError {
  const near = closest(layer, network.layers);
  const operands = [
    { label: "network", value: network.name },
    { label: "layers", value: network.layers.join(" ") },
  ];
  const cure = near === undefined ? {} : { hint: `did you mean ${near}?` };
  return new ConfigurationError({ op: name, why: `has no layer ${layer}`, operands, ...cure });
}

/** SHA-256 of weights with their names and shapes, in the order of their names. */
export function hashOfWeights(weights: FrozenNetwork["weights"]): string {
  const hash = sha256.create();
  for (const name of Object.keys(weights).sort()) {
    const { shape, values } = weights[name]!;
    hash.update(new TextEncoder().encode(`${name} ${shape.join()}\n`));
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return bytesToHex(hash.digest());
}
