import { ConfigurationError } from "../shape/error.js";
import { Random } from "../shape/random.js";
import { squaredDistance } from "./rows.js";

/** How fast features change along a path between latents. */
export interface PathLength {
  /** Mean of what is left after trimming, per squared unit of `t`. */
  readonly mean: number;
  readonly epsilon: number;
  /** Paths measured, before trimming. */
  readonly samples: number;
}

export interface PathLengthOptions {
  /** Numbers in a latent. */
  readonly latent: number;
  /** Features in a row. */
  readonly size: number;
  /** How many pairs of latents. */
  readonly samples?: number;
  /** The step along the path, in parts of it. */
  readonly epsilon?: number;
  /** Along the arc between normal latents, or along the straight line between mapped ones. */
  readonly path?: "slerp" | "lerp";
  /** Where on the path: anywhere, or at its beginning. */
  readonly at?: "anywhere" | "end";
  /**
   * What the ends of a path go through before it is laid between them, `[n latent] → [n w]`: a mapping
   * network; the path is then a straight line.
   */
  readonly mapped?: (latents: Float32Array) => Promise<Float32Array>;
  /** How far rows of one batch are from those of another, in their order; Σ (a − b)² when left out. */
  readonly between?: (a: Float32Array, b: Float32Array) => Promise<ArrayLike<number>>;
  /** Pairs of latents in one call: `2 batch` rows. */
  readonly batch?: number;
  /** What latents and places are drawn with. */
  readonly seed?: number;
}

/**
 * Perceptual path length `E[‖f(z(t)) − f(z(t + ε))‖²] / ε²` of a generator seen through features,
 * given what makes rows of features from normal latents, `[n latent] → [n size]`. The lowest and
 * highest 1 % of paths are left out, as in StyleGAN's code. Over features that are not LPIPS it
 * compares generators of one set only.
 *
 * On random networks in float32, ε = 1e-4 adds 1e-4 of rounding to the true value, 1e-5 adds 2e-3,
 * and 1e-2 cuts up to a tenth of a curved path; so the paper's 1e-4 stands.
 *
 * Karras, Laine & Aila 2019, "A style-based generator architecture", section 4.1, equation 2.
 *
 * @throws {ConfigurationError} when there are no paths to measure.
 *
 * @example
 * const double = async (z: Float32Array) => z.map((v) => 2 * v);
 * const options = { latent: 8, size: 8, samples: 64 };
 * (await perceptualPathLength(double, options)).epsilon; // → 0.0001
 */
export async function perceptualPathLength(
  features: (latents: Float32Array) => Promise<Float32Array>,
  {
    latent,
    size,
    samples = 10_000,
    epsilon = 1e-4,
    mapped,
    path = mapped === undefined ? "slerp" : "lerp",
    at = "anywhere",
    between = squaredDistances(size),
    batch = 64,
    seed = 0,
  }: PathLengthOptions,
): Promise<PathLength> {
  if (!(Number.isInteger(samples) && samples >= 1)) {
    const why = `expected a whole number of at least 1, received ${samples}`;
    throw new ConfigurationError({ op: "perceptualPathLength.samples", why });
  }
  const random = new Random({ seed, purpose: "metrics/perceptual-path" });
  const along = path === "slerp" ? slerp : lerp;
  const speeds = new Float64Array(samples);
  for (let start = 0; start < samples; start += batch) {
    const count = Math.min(batch, samples - start);
    const [ends, places] = [new Float64Array(2 * count * latent), new Float64Array(count)];
    for (let i = 0; i < count; i++) {
      for (let k = 0; k < 2 * latent; k++) ends[2 * i * latent + k] = random.normal();
      places[i] = at === "end" ? 0 : random.uniform();
    }
    const known = mapped === undefined ? ends : await mapped(Float32Array.from(ends));
    const width = known.length / (2 * count);
    const end = (i: number): Float64Array =>
      Float64Array.from(known.subarray(i * width, (i + 1) * width));
    const latents = new Float32Array(2 * count * width);
    for (let i = 0; i < count; i++) {
      const [a, b] = [end(2 * i), end(2 * i + 1)];
      const t = places[i]!;
      // In float64 until here: only the generator rounds.
      latents.set(along(a, b, t), i * width);
      latents.set(along(a, b, t + epsilon), (count + i) * width);
    }
    const rows = await features(latents);
    const middle = count * size;
    const far = await between(rows.subarray(0, middle), rows.subarray(middle));
    for (let i = 0; i < count; i++) speeds[start + i] = far[i]! / epsilon ** 2;
  }
  return { mean: trimmedMean(speeds), epsilon, samples };
}

const squaredDistances =
  (size: number) =>
  async (a: Float32Array, b: Float32Array): Promise<Float64Array> =>
    Float64Array.from({ length: a.length / size }, (_, i) => squaredDistance([a, i], [b, i], size));

const lerp = (a: Float64Array, b: Float64Array, t: number): Float64Array =>
  a.map((v, i) => v + (b[i]! - v) * t);

/** Shoemake 1985, for vectors of any length; normal latents keep theirs, which lines cut short. */
function slerp(a: Float64Array, b: Float64Array, t: number): Float64Array {
  const dot = (x: Float64Array, y: Float64Array): number =>
    x.reduce((sum, v, i) => sum + v * y[i]!, 0);
  const cosine = dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  const angle = Math.acos(Math.max(-1, Math.min(1, cosine)));
  const sine = Math.sin(angle);
  if (sine === 0) return lerp(a, b, t);
  const [left, right] = [Math.sin((1 - t) * angle) / sine, Math.sin(t * angle) / sine];
  return a.map((v, i) => left * v + right * b[i]!);
}

/** From the lower neighbour of the 1st percentile to the upper one of the 99th. */
function trimmedMean(values: Float64Array): number {
  const sorted = values.toSorted();
  const last = sorted.length - 1;
  const kept = sorted.subarray(Math.floor(0.01 * last), Math.ceil(0.99 * last) + 1);
  return kept.reduce((sum, v) => sum + v, 0) / kept.length;
}
