import { type Features, told } from "../../metrics/features.js";
import type { Score } from "../../metrics/judge.js";
import { perceptualPathLength } from "../../metrics/perceptual-path.js";
import type { Generator, Latent } from "../../run/sampler.js";
import { ConfigurationError } from "../../shape/error.js";
import { sizeOf } from "../../shape/shape.js";

const most = 10_000;

/** How fast features change along arcs between latents; classes stay as they are along a path. */
export async function pathScore(
  generator: Generator,
  {
    features,
    count,
    seed,
    onProgress,
  }: {
    readonly features: Features;
    readonly count: number;
    readonly seed: number;
    readonly onProgress: (what: string, done: number, total: number) => void;
  },
): Promise<Score> {
  const draws = Object.entries(generator.draws);
  const normal = draws.filter(([, draw]) => draw.kind === "normal");
  const other = draws.find(([, draw]) => draw.kind === "uniform");
  if (normal.length === 0 || other !== undefined) {
    const why = `needs normal latents; this generator draws ${other?.[0] ?? "none"} otherwise`;
    throw new ConfigurationError({ op: "--perceptual-path", why });
  }
  const latent = normal.reduce((n, [, { shape }]) => n + sizeOf(shape), 0);
  const samples = Math.min(most, count);
  let paths = 0;
  const rows = async (latents: Float32Array): Promise<Float32Array> => {
    const total = latents.length / latent;
    const pairs = total / 2;
    const list = Array.from({ length: total }, (_, i): Latent => {
      // What is not normal is that of the pair.
      const drawn = { ...generator.latent(seed, paths + (i % pairs)) };
      let at = i * latent;
      for (const [name, { shape }] of normal) {
        const size = sizeOf(shape);
        drawn[name] = latents.slice(at, at + size);
        at += size;
      }
      return drawn;
    });
    paths += pairs;
    const found = await features.extract(await generator.samples(list));
    onProgress("walking paths between latents", paths, samples);
    return found;
  };
  const { mean, epsilon } = await perceptualPathLength(rows, {
    latent,
    size: features.size,
    samples,
    seed,
  });
  return {
    name: `path-length-${features.name}`,
    value: mean,
    better: "lower",
    protocol: `${samples} paths along arcs between normal latents, step ${epsilon}, without the outer 1 %, pictures not rounded; features ${told(features)}`,
  };
}
