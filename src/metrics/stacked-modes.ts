import { DataError } from "../shape/error.js";
import { checkRows } from "./rows.js";

/** What samples of stacked digits cover. */
export interface StackedModes {
  /** Combinations of classes that at least one sample shows. */
  readonly covered: number;
  /** How many combinations there are: 1,000 for three digits. */
  readonly modes: number;
  /** KL divergence of the samples' combinations from uniform, in nats. */
  readonly kl: number;
  /** The `kl` to expect of as many samples drawn uniformly, by chance alone: `(modes − 1) / 2n`. */
  readonly chanceKl: number;
}

/**
 * Modes covered and KL of stacked pictures, from the class that a classifier sees in each channel:
 * `[n channels]` labels of so many `classes`, one sample after another.
 *
 * Metz et al. 2017, "Unrolled GANs", section 3.3; Srivastava et al. 2017, "VEEGAN", section 5.2, and
 * Lin et al. 2018, "PacGAN", section 4.2, judge 26,000 samples so. Unlike points there is no "high
 * quality": every sample counts for the mode that the classifier names.
 *
 * @throws {ShapeError} when the labels are not whole samples.
 * @throws {DataError} when a label is not one of the classes.
 *
 * @example
 * stackedModes(Uint8Array.of(7, 7, 7, 7, 7, 7)).covered; // → 1
 * stackedModes(Uint8Array.of(0, 0, 0, 1), { classes: 2, channels: 2 }).kl; // → 0.6931
 */
export function stackedModes(
  labels: Uint8Array | Int32Array,
  { classes = 10, channels = 3 }: { readonly classes?: number; readonly channels?: number } = {},
): StackedModes {
  const n = checkRows("stackedModes", labels, channels, "labels");
  const modes = classes ** channels;
  const hits = new Uint32Array(modes);
  for (let i = 0; i < n; i++) {
    let mode = 0;
    for (let c = 0; c < channels; c++) {
      const label = labels[i * channels + c]!;
      if (label < 0 || label >= classes) {
        const why = `label ${label} of sample ${i} is none of the ${classes} classes`;
        throw new DataError({ op: "stackedModes", why });
      }
      mode = mode * classes + label;
    }
    hits[mode]!++;
  }
  let covered = 0;
  let kl = 0;
  for (const count of hits) {
    if (count === 0) continue;
    covered++;
    kl += (count / n) * Math.log((count / n) * modes);
  }
  return { covered, modes, kl, chanceKl: (modes - 1) / (2 * n) };
}
