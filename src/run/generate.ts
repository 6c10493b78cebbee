import { checkDevice } from "../runtime/device.js";
import type { Shape } from "../shape/shape.js";
import { Generator } from "./sampler.js";

/** Which samples are made, and where; everything has a default. */
export interface GenerateOptions {
  /** How many samples; 64 by default. */
  readonly count?: number;
  /** What chance comes from; 0 by default. */
  /** Decides the samples, with their places; 0 by default. */
  readonly seed?: number;
  /** The classes of the samples, by number and repeated as needed; any class by default. */
  readonly labels?: readonly number[];
  /** Where it runs: the processor by default. */
  /** As for `train`; without a graphics card by default. */
  readonly device?: string;
}

/** Samples, one after another; pictures from −1 to 1. */
export interface Generated {
  readonly shape: Shape;
  readonly count: number;
  readonly items: Float32Array;
}

/**
 * Samples of an exported generator: `count` items of the data's shape, each a function of the seed
 * and its place alone.
 *
 * @throws {DataError} when the bytes are no generator that Belamy exported, or it wants real items
 * @throws {ConfigurationError} when the device is not offered here
 * @example
 * const run = train({ system: zoo.gan, data: data.ring({ count: 1000 }), rounds: 1, folder: null });
 * await run.finish();
 * const { items } = await generate(await run.generator(), { count: 3, seed: 1 });
 * items.length // → 6
 */
export async function generate(
  model: Uint8Array,
  { count = 64, seed = 0, labels = [], device }: GenerateOptions = {},
): Promise<Generated> {
  const settings = device === undefined ? {} : { device: checkDevice(device) };
  const generator = await Generator.from(model, { name: "model", ...settings });
  try {
    const latents = Array.from({ length: count }, (_, place) => {
      const latent = generator.latent(seed, place);
      const label = labels[place % labels.length];
      return label === undefined ? latent : generator.ofClass(latent, label);
    });
    return { shape: generator.shape, count, items: await generator.samples(latents) };
  } finally {
    await generator.close();
  }
}
