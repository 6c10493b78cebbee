import { checkLengths, checkWhole } from "./check.js";
import type { Dataset, Modes } from "./dataset.js";
import { numbered, type PointOptions, pointSet } from "./point-set.js";

export type { PointOptions } from "./point-set.js";

/**
 * Gaussians on a ring, each labelled with its mode. The defaults are the protocol of Lin, Khetan,
 * Fanti & Oh, "PacGAN" (2018), section 4.1: eight modes on the unit circle, deviation 0.01.
 *
 * @throws {ConfigurationError} when a number makes no sense
 * @example
 * data.ring({ count: 500 }).modes?.centres.length // → 8
 */
export function ring({
  count = 100_000,
  seed = 0,
  modes = 8,
  radius = 1,
  deviation = 0.01,
}: PointOptions & {
  /** How many Gaussians. */
  readonly modes?: number;
  /** How far they are from the origin. */
  readonly radius?: number;
  /** Standard deviation of each, along both axes. */
  readonly deviation?: number;
} = {}): Dataset<Float32Array> {
  checkWhole("ring", { count, seed, modes });
  checkLengths("ring", { radius, deviation });
  const centres = Array.from({ length: modes }, (_, i) => {
    const angle = (2 * Math.PI * i) / modes;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
  return gaussians("ring", { centres, deviation }, { count, seed });
}

/**
 * Gaussians on a square grid, each labelled with its mode. The defaults are PacGAN's protocol:
 * 5 × 5 modes from −4 to 4 in steps of 2, deviation 0.05.
 *
 * @throws {ConfigurationError} when a number makes no sense
 * @example
 * data.grid({ count: 500 }).modes?.centres[0] // → [-4, -4]
 */
export function grid({
  count = 100_000,
  seed = 0,
  side = 5,
  spacing = 2,
  deviation = 0.05,
}: PointOptions & {
  /** Gaussians along each side. */
  readonly side?: number;
  /** From one to the next. */
  readonly spacing?: number;
  /** Standard deviation of each, along both axes. */
  readonly deviation?: number;
} = {}): Dataset<Float32Array> {
  checkWhole("grid", { count, seed, side });
  checkLengths("grid", { spacing, deviation });
  const centres = Array.from({ length: side * side }, (_, i) =>
    [Math.floor(i / side), i % side].map((step) => (step - (side - 1) / 2) * spacing),
  );
  return gaussians("grid", { centres, deviation }, { count, seed });
}

/**
 * Two interleaved half circles with normal noise of a `deviation`, as scikit-learn's `make_moons` places them:
 * the upper around (0, 0), the lower around (1, ½), both of radius 1.
 *
 * @throws {ConfigurationError} when a number makes no sense
 * @example
 * data.moons({ count: 500 }).classes // → ["upper", "lower"]
 */
export function moons({
  count = 100_000,
  seed = 0,
  deviation = 0.05,
}: PointOptions & { readonly deviation?: number } = {}): Dataset<Float32Array> {
  checkWhole("moons", { count, seed });
  checkLengths("moons", { deviation });
  return pointSet({ name: "moons", count, seed, classes: ["upper", "lower"] }, (random) => {
    const moon = random.integer(2);
    const angle = Math.PI * random.uniform();
    const [x, y] =
      moon === 0
        ? [Math.cos(angle), Math.sin(angle)]
        : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
    return [x + deviation * random.normal(), y + deviation * random.normal(), moon];
  });
}

function gaussians(
  name: string,
  modes: Modes,
  { count, seed }: { readonly count: number; readonly seed: number },
): Dataset<Float32Array> {
  const { centres, deviation } = modes;
  return pointSet({ name, count, seed, classes: numbered(centres.length), modes }, (random) => {
    const mode = random.integer(centres.length);
    const [x, y] = centres[mode]!;
    return [x! + deviation * random.normal(), y! + deviation * random.normal(), mode];
  });
}
