/** Where the truth is known: centres `[modes d]` and the deviation along each axis. */
export interface KnownModes {
  readonly centres: readonly (readonly number[])[];
  readonly deviation: number;
}

/** How samples lie among modes that are known. */
export interface ModeCoverage {
  /** Modes in which at least one high-quality sample lies. */
  readonly covered: number;
  readonly modes: number;
  /** Share of samples within three deviations of a mode. */
  readonly highQuality: number;
  /** KL divergence of the high-quality samples' modes from uniform, in nats. */
  readonly reverseKl: number;
}

/**
 * Modes covered, high-quality share and reverse KL of samples `[n d]`.
 *
 * Protocol of Lin, Khetan, Fanti & Oh 2018, "PacGAN", section 4.1: a sample is of high quality
 * within three standard deviations of the nearest mode; they judge 2,500 samples. As in their code,
 * only samples of high quality count for modes and for the divergence; it is from uniform.
 *
 * @example
 * const modes = { centres: [[0, 0], [9, 0]], deviation: 1 };
 * modeCoverage(Float32Array.of(0, 1, 5, 5), modes);
 * // → {"covered":1,"modes":2,"highQuality":0.5,"reverseKl":0.6931}
 */
export function modeCoverage(
  samples: Float32Array,
  { centres, deviation }: KnownModes,
): ModeCoverage {
  const d = centres[0]!.length;
  const count = samples.length / d;
  const hits = new Array<number>(centres.length).fill(0);
  for (let i = 0; i < count; i++) {
    let nearest = 0;
    let best = Number.POSITIVE_INFINITY;
    centres.forEach((centre, k) => {
      const distance = Math.hypot(...centre.map((c, j) => samples[i * d + j]! - c));
      if (distance < best) [nearest, best] = [k, distance];
    });
    if (best <= 3 * deviation) hits[nearest]!++;
  }
  const good = hits.reduce((a, b) => a + b, 0);
  const reverseKl = hits.reduce((total, n) => {
    const share = n / Math.max(1, good);
    return n === 0 ? total : total + share * Math.log(share * centres.length);
  }, 0);
  return {
    covered: hits.filter((n) => n > 0).length,
    modes: centres.length,
    highQuality: good / count,
    reverseKl: good === 0 ? Number.POSITIVE_INFINITY : reverseKl,
  };
}
