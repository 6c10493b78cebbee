import { initialValues, kaiming } from "../nn/initializers.js";
import { lower } from "../onnx/lower.js";
import { plainDevice } from "../runtime/device.js";
import { fingerprint } from "../runtime/fingerprint.js";
import { Memory } from "../runtime/memory.js";
import { type ItemStore, readItems, writeSeen } from "../shape/items.js";
import { type Shape, sizeOf } from "../shape/shape.js";
import { convolution } from "../tensor/convolution.js";
import { concatenate, flatten, leakyRelu, matmul, mean, transpose } from "../tensor/operations.js";
import { constant, input, type Tensor } from "../tensor/tensor.js";

/** A named way to turn pictures into rows of numbers. */
export interface Features {
  /** Says what network it is; part of every score's name. */
  readonly name: string;
  /** SHA-256 of the network, weights included; empty where there is no network. */
  readonly hash: string;
  /** Numbers in a row. */
  readonly size: number;
  /** What to know of them: what is done to pictures first, how right a classifier is; may be empty. */
  readonly about: string;
  /** Pictures from −1 to 1, one after another: `[n c h w] → [n size]`. */
  extract(items: Float32Array): Promise<Float32Array>;
  /** Gives back what the network holds; it is not used afterwards. */
  release(): Promise<void>;
}

/** A set of items: bytes for −1 … 1, or floats, wherever they are kept. */
export interface Items {
  /** One item: `[c h w]` or `[d]`. */
  readonly shape: Shape;
  /** How many items. */
  readonly count: number;
  /** One after another. */
  readonly items: ItemStore;
}

const atOnce = 256;

/** Rows of features `[n size]` of the items at some places, a few at a time. */
export async function rowsOf(
  features: Pick<Features, "size" | "extract">,
  data: Items,
  {
    places,
    onProgress,
  }: {
    readonly places: readonly number[];
    readonly onProgress?: ((done: number, total: number) => void) | undefined;
  },
): Promise<Float32Array> {
  const out = new Float32Array(places.length * features.size);
  for (let start = 0; start < places.length; start += atOnce) {
    const part = places.slice(start, start + atOnce);
    const seen = new Float32Array(part.length * sizeOf(data.shape));
    writeSeen(readItems(data, part), { out: seen, at: 0 });
    out.set(await features.extract(seen), start * features.size);
    onProgress?.(start + part.length, places.length);
  }
  return out;
}

/** How a protocol names features: what they are, what to know of them, and by which network. */
export function told({ name, about, hash }: Pick<Features, "name" | "about" | "hash">): string {
  const steps = about === "" ? "" : ` (${about})`;
  return `${name}${steps}${hash === "" ? "" : `, sha256 ${hash.slice(0, 12)}`}`;
}

const widths = [16, 32, 64] as const;
const batch = 64;

/**
 * Features of a convolutional network with fixed random weights: colours, edges and textures at
 * three scales, the last one in four quarters of the picture. It was never trained, so no game can
 * have been trained against it; distances over it rank pictures of one set, and mean nothing
 * beside an FID. `[n c h w] → [n 304]` for pictures in colour.
 *
 * @example
 * (await randomFeatures([3, 16, 16])).name; // → "random-conv-304"
 */
export async function randomFeatures(shape: Shape): Promise<Features> {
  const weights: Record<string, Float32Array> = {};
  const items = input("items", [batch, ...shape]);
  const parts: Tensor[] = [];
  let x: Tensor = items;
  widths.forEach((width, i) => {
    const kernel = [width, x.shape[1]!, 4, 4];
    const name = `weight${i}`;
    const initializer = kaiming(sizeOf(kernel) / width);
    weights[name] = initialValues(initializer, { shape: kernel, name, seed: 0 });
    x = leakyRelu(convolution(x, input(name, kernel), { stride: 2, padding: 1 }));
    parts.push(i === widths.length - 1 ? flatten(quarters(x)) : mean(x, { axes: [2, 3] }));
  });
  const features = concatenate(parts, 1);
  const { model, inputs, outputs } = lower({ features }, { weights });
  const memory = new Memory({ device: plainDevice });
  const program = await memory.load({
    model,
    reads: [],
    feeds: inputs,
    writes: [],
    returns: outputs,
  });
  const size = features.shape[1]!;
  return {
    name: `random-conv-${size}`,
    hash: fingerprint(model),
    size,
    about: "an untrained network",
    async extract(all) {
      const each = sizeOf(shape);
      const count = all.length / each;
      const out = new Float32Array(count * size);
      const padded = new Float32Array(batch * each);
      for (let start = 0; start < count; start += batch) {
        const part = all.subarray(start * each, (start + batch) * each);
        padded.set(part);
        const { features: rows } = await program.run({ items: padded });
        const known = (rows as Float32Array).subarray(0, (part.length / each) * size); // as traced
        out.set(known, start * size);
      }
      return out;
    },
    release: () => memory.release(),
  };
}

/** `[b c h w] → [b c 2 2]`: means over the quarters, by a product along each axis. */
function quarters(x: Tensor): Tensor {
  const halves = (size: number): Tensor => {
    const weights = Float32Array.from({ length: 2 * size }, (_, i) => {
      const [half, place] = [Math.floor(i / size), i % size];
      const [low, high] = [(half * size) / 2, ((half + 1) * size) / 2];
      return (Math.max(0, Math.min(high, place + 1) - Math.max(low, place)) * 2) / size;
    });
    return constant(weights, { shape: [2, size] });
  };
  const [, , h, w] = x.shape as readonly [number, number, number, number]; // pictures have four axes
  return matmul(matmul(halves(h), x), transpose(halves(w)));
}
