import type { Items } from "../../metrics/features.js";
import { asSaved } from "../../metrics/judge.js";
import type { Generator } from "../../run/sampler.js";
import { sizeOf } from "../../shape/shape.js";

const atOnce = 256;

/** Samples of a generator, each a function of the seed and its place: pictures as the bytes of a file. */
export async function drawSamples(
  generator: Generator,
  {
    count,
    seed,
    onProgress,
  }: {
    readonly count: number;
    readonly seed: number;
    readonly onProgress: (what: string, done: number, total: number) => void;
  },
): Promise<Items> {
  const { shape } = generator;
  const each = sizeOf(shape);
  const pictures = shape.length === 3;
  const items = pictures ? new Uint8Array(count * each) : new Float32Array(count * each);
  for (let start = 0; start < count; start += atOnce) {
    const size = Math.min(atOnce, count - start);
    const latents = Array.from({ length: size }, (_, i) => generator.latent(seed, start + i));
    const made = await generator.samples(latents);
    items.set(pictures ? asSaved(made) : made, start * each);
    onProgress("drawing samples", start + size, count);
  }
  return { shape, count, items };
}
