import type { Features } from "../../src/metrics/features.js";
import type { Generator, Latent } from "../../src/run/sampler.js";

/** How a walk is taken. */
export interface Walk {
  readonly seed: number;
  readonly features: Pick<Features, "size" | "extract">;
  /** Latents that are visited, coming back to the first. */
  readonly stations?: number;
  readonly perStation?: number;
  /** A place between two latents; the generator's own by default. */
  readonly between?: (a: Latent, b: Latent, t: number) => Latent;
}

/** Distances of features from each frame of a walk to the next. */
export async function walked(
  generator: Generator,
  { seed, features, stations = 8, perStation = 20, ...options }: Walk,
): Promise<readonly number[]> {
  const between = options.between ?? ((a, b, t) => generator.between(a, b, t));
  const ends = Array.from({ length: stations }, (_, i) => generator.latent(seed, i));
  const frames = Array.from({ length: stations * perStation }, (_, i) => {
    const from = Math.floor(i / perStation);
    return between(ends[from]!, ends[(from + 1) % stations]!, (i % perStation) / perStation);
  });
  const rows = await features.extract(await generator.samples([...frames, frames[0]!]));
  const { size } = features;
  return frames.map((_, i) => {
    let sum = 0;
    for (let k = i * size; k < (i + 1) * size; k++) sum += (rows[k + size]! - rows[k]!) ** 2;
    return Math.sqrt(sum);
  });
}

/** The largest step of a walk beside its mean one: 1 when all are alike. */
export const steadiness = (steps: readonly number[]): number =>
  Math.max(...steps) / (steps.reduce((sum, step) => sum + step, 0) / steps.length);
