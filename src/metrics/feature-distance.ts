import { type FrozenNetwork, type KnownTensor, perceive } from "../nn/features.js";
import { lower } from "../onnx/lower.js";
import { plainDevice } from "../runtime/device.js";
import { Memory } from "../runtime/memory.js";
import { ShapeError } from "../shape/error.js";
import { formatShape, type Shape, sizeOf } from "../shape/shape.js";
import { mean, reshape, sqrt, square, sum } from "../tensor/operations.js";
import { constant, input, type Tensor } from "../tensor/tensor.js";

/** How far apart pictures are, for whatever looks at them. */
export interface PictureDistance {
  /** Says what it is and what looks; part of every score's name. */
  readonly name: string;
  /** SHA-256 of what looks. */
  readonly hash: string;
  /** What is done, in words. */
  readonly about: string;
  /** Pairs of pictures from −1 to 1, `[n c h w]` each, one after another: `→ [n]`. */
  between(a: Float32Array, b: Float32Array): Promise<Float32Array>;
  /** Gives back what it holds; it is not used afterwards. */
  release(): Promise<void>;
}

/** What is compared, and where. */
export interface FeatureDistanceOptions {
  /** One picture: `[c h w]`. */
  readonly shape: Shape;
  /** Which layers; the last activation of each block by default. */
  readonly layers?: readonly string[];
}

/** Layers that are compared, each with numbers for its channels; 1 for all when left out. */
export interface LayersCompared {
  readonly layer: string;
  readonly weights?: KnownTensor;
}

/** As LPIPS has it. */
const epsilon = 1e-10;
/** Pairs that are compared at once. */
const batch = 8;

/**
 * How differently two pictures look to a layer: features of each place brought to length 1, their
 * squared differences weighted by channel and summed, and the mean over places, `[b c h w] twice → [b]`.
 *
 * Zhang et al. 2018, "The unreasonable effectiveness of deep features as a perceptual metric",
 * equation 1.
 */
export function lookApart(a: Tensor, b: Tensor, weights?: KnownTensor): Tensor {
  const unit = (x: Tensor): Tensor =>
    x.over(sqrt(sum(square(x), { axes: [1], keep: true })).plus(epsilon));
  const apart = square(unit(a).minus(unit(b)));
  const weighted =
    weights === undefined
      ? apart
      : apart.times(constant(weights.values, { shape: [1, weights.values.length, 1, 1] }));
  return mean(sum(weighted, { axes: [1] }), { axes: [1, 2] });
}

/**
 * How differently pairs of pictures look to a network: over some of its layers, the mean of how far
 * features apart lie that are brought to length 1, from 0 for equal pictures to 4. It is no LPIPS,
 * whose weights were learned from what people see. A network that stands in a loss must not judge
 * what that loss made.
 *
 * @throws {ConfigurationError} when the network has no such layer.
 * @throws {ShapeError} when pictures are too small for it, or not of the shape that was said.
 *
 * @example
 * const distance = await featureDistance(randomVgg(), { shape: [1, 16, 16] });
 * const grey = new Float32Array(256);
 * await distance.between(grey, grey); // → [0]
 */
export async function featureDistance(
  network: FrozenNetwork,
  { shape, layers = lastActivations(network.layers) }: FeatureDistanceOptions,
): Promise<PictureDistance> {
  const compared = layers.map((layer) => ({ layer }));
  const take = (each: readonly Tensor[]): Tensor =>
    each.reduce((a, b) => a.plus(b)).times(1 / each.length);
  return await distanceOver(network, compared, {
    ...{ shape, take },
    name: `feature distance, ${network.name}`,
    about: `mean over ${layers.join(", ")} of squared differences of features of length 1`,
  });
}

/** `relu1_2 relu2_2 …`, or all layers of a network whose layers have other names. */
function lastActivations(layers: readonly string[]): readonly string[] {
  const last = new Map<string, string>();
  for (const layer of layers) {
    const block = /^relu(\d+)_\d+$/.exec(layer)?.[1];
    if (block !== undefined) last.set(block, layer);
  }
  return last.size > 0 ? [...last.values()] : layers;
}

/** What makes one number of the layers, and what it is called. */
interface Over extends Pick<PictureDistance, "name" | "about"> {
  readonly shape: Shape;
  /** `[b]` from each layer's `[b]`. */
  take(each: readonly Tensor[]): Tensor;
}

/** A distance over layers of a network, ready for pairs of pictures of one shape. */
export async function distanceOver(
  network: FrozenNetwork,
  compared: readonly LayersCompared[],
  { shape, name, about, take }: Over,
): Promise<PictureDistance> {
  const [a, b] = ["a", "b"].map((port) => input(port, [batch, ...shape]));
  const used = new Set<string>();
  const inputs = new Map<string, Tensor>();
  const look = perceive(network.name, network, (weight) => {
    used.add(weight);
    const known = inputs.get(weight) ?? input(`w ${weight}`, network.weights[weight]!.shape);
    inputs.set(weight, known);
    return known;
  });
  const each = compared.map(({ layer, weights }) =>
    lookApart(look(a!, layer), look(b!, layer), weights),
  );
  const distance = reshape(take(each), [batch]);
  const weights = [...used].map((weight) => [`w ${weight}`, network.weights[weight]!.values]);
  const {
    model,
    inputs: feeds,
    outputs,
  } = lower({ distance }, { weights: Object.fromEntries(weights) });
  const memory = new Memory({ device: plainDevice });
  const program = await memory.load({ model, reads: [], feeds, writes: [], returns: outputs });
  const size = sizeOf(shape);
  return {
    ...{ name, about, hash: network.hash },
    async between(first, second) {
      const count = first.length / size;
      if (first.length !== second.length || !Number.isInteger(count)) {
        const why = `${first.length} and ${second.length} numbers are no pairs of ${formatShape(shape)}`;
        throw new ShapeError({ op: name, why });
      }
      const found = new Float32Array(count);
      const [left, right] = [new Float32Array(batch * size), new Float32Array(batch * size)];
      for (let start = 0; start < count; start += batch) {
        const [from, to] = [start * size, (start + batch) * size];
        left.set(first.subarray(from, to));
        right.set(second.subarray(from, to));
        const { distance: numbers } = await program.run({ a: left, b: right });
        const known = (numbers as Float32Array).subarray(0, Math.min(batch, count - start)); // as traced
        found.set(known, start);
      }
      return found;
    },
    release: () => memory.release(),
  };
}
