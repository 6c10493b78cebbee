import { Random } from "../shape/random.js";
import { checkLengths, checkWhole } from "./check.js";
import type { Dataset, Modes } from "./dataset.js";
import { fingerprintOf } from "./fingerprint.js";
import { sharedFloats, sharedInts } from "./memory.js";

/** How many points, and the seed they are drawn with. */
export interface PointOptions {
  readonly count?: number;
  readonly seed?: number;
}

/**
 * Gaussians on a ring, each labelled with its mode. The defaults are the protocol of Lin, Khetan,
 * Fanti & Oh, "PacGAN" (2018), section 4.1: eight modes on the unit circle, deviation 0.01.
 */
export function ring({
  count = 100_000,
  seed = 0,
  modes = 8,
  radius = 1,
  deviation = 0.01,
}: PointOptions & {
  readonly modes?: number;
  readonly radius?: number;
  readonly deviation?: number;
} = {}): Dataset {
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
 */
export function grid({
  count = 100_000,
  seed = 0,
  side = 5,
  spacing = 2,
  deviation = 0.05,
}: PointOptions & {
  readonly side?: number;
  readonly spacing?: number;
  readonly deviation?: number;
} = {}): Dataset {
  checkWhole("grid", { count, seed, side });
  checkLengths("grid", { spacing, deviation });
  const centres = Array.from({ length: side * side }, (_, i) =>
    [Math.floor(i / side), i % side].map((step) => (step - (side - 1) / 2) * spacing),
  );
  return gaussians("grid", { centres, deviation }, { count, seed });
}

/**
 * Two interleaved half circles with normal noise, as scikit-learn's `make_moons` places them:
 * the upper around (0, 0), the lower around (1, ½), both of radius 1.
 */
export function moons({
  count = 100_000,
  seed = 0,
  deviation = 0.05,
}: PointOptions & { readonly deviation?: number } = {}): Dataset {
  checkWhole("moons", { count, seed });
  checkLengths("moons", { deviation });
  const random = new Random({ seed, purpose: "data/moons" });
  const items = sharedFloats(2 * count);
  const labels = sharedInts(count);
  for (let i = 0; i < count; i++) {
    const moon = random.integer(2);
    const angle = Math.PI * random.uniform();
    const [x, y] =
      moon === 0
        ? [Math.cos(angle), Math.sin(angle)]
        : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
    items[2 * i] = x + deviation * random.normal();
    items[2 * i + 1] = y + deviation * random.normal();
    labels[i] = moon;
  }
  return points("moons", { count, items, labels, classes: ["upper", "lower"], modes: undefined });
}

function gaussians(
  name: string,
  modes: Modes,
  { count, seed }: { readonly count: number; readonly seed: number },
): Dataset {
  const { centres, deviation } = modes;
  const random = new Random({ seed, purpose: `data/${name}` });
  const items = sharedFloats(2 * count);
  const labels = sharedInts(count);
  for (let i = 0; i < count; i++) {
    const mode = random.integer(centres.length);
    const [x, y] = centres[mode]!;
    items[2 * i] = x! + deviation * random.normal();
    items[2 * i + 1] = y! + deviation * random.normal();
    labels[i] = mode;
  }
  return points(name, { count, items, labels, classes: centres.map((_, i) => `${i}`), modes });
}

function points(
  name: string,
  parts: Pick<Dataset, "count" | "items" | "labels" | "classes" | "modes">,
): Dataset {
  const data = { name, kind: "points", shape: [2], ...parts, skipped: [] } as const;
  return { ...data, fingerprint: fingerprintOf(data) };
}
