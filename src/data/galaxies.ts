import { stretched } from "../shape/flux.js";
import { Random } from "../shape/random.js";
import { checkLengths, checkWhole } from "./check.js";
import type { Dataset } from "./dataset.js";
import { fingerprintOf } from "./fingerprint.js";
import { anyGalaxy, drawGalaxy, type Galaxy, type Knot } from "./galaxy.js";
import { sharedFloats, sharedInts } from "./memory.js";

const kinds = ["spiral", "elliptical"] as const;

/**
 * Galaxies as a survey sees them, `count` times `[3 size size]` in float32: discs with two or three
 * logarithmic spiral arms, a bulge and 3 to 12 clumps of young stars; ellipticals; a few stars in
 * front; and the camera's noise. Bands i, r and g are red, green and blue; `fluxOf` gives nanomaggies.
 * Labelled by kind. What is true of each is a factor: `light` is all of it without noise, the `clumps` and
 * `stars` as `x y light` from the left and from the top in pixels, and where the arms are.
 *
 * Sérsic profiles of n = 1 for discs, 1.5 to 3 for bulges and 2.5 to 5 for ellipticals.
 *
 * @throws {ConfigurationError} when a number makes no sense
 * @example
 * const { shape, classes } = data.galaxies({ count: 2, size: 32, seed: 1 });
 * [shape, classes]; // → [[3,32,32],["spiral","elliptical"]]
 */
export function galaxies({
  count = 1024,
  size = 48,
  seed = 0,
  noise = 0.02,
}: {
  /** How many pictures. */
  readonly count?: number;
  /** Pixels a side. */
  readonly size?: number;
  /** What they are drawn with: the same seed gives the same pictures. */
  readonly seed?: number;
  /** Standard deviation of the camera's noise in each band, nanomaggies a pixel. */
  readonly noise?: number;
} = {}): Dataset<Float32Array> {
  checkWhole("galaxies", { count, size, seed });
  checkLengths("galaxies", { noise });
  const each = 3 * size * size;
  const items = sharedFloats(count * each);
  const labels = sharedInts(count);
  const drawn = Array.from({ length: count }, (_, i) => {
    const random = new Random({ seed, purpose: "data/galaxies", at: [i] });
    const galaxy = anyGalaxy(random, size);
    const light = new Float64Array(each);
    const flux = drawGalaxy(galaxy, size, light);
    for (let k = 0; k < each; k++) light[k]! += noise * random.normal();
    items.set(stretched(light), i * each);
    labels[i] = galaxy.disc ? 0 : 1;
    return { galaxy, flux };
  });
  const data = {
    name: "galaxies",
    kind: "pictures",
    shape: [3, size, size],
    count,
    items,
    labels,
    classes: kinds,
    modes: undefined,
    skipped: [],
  } as const;
  const of = <T extends string | number>(fact: (galaxy: Galaxy) => T): T[] =>
    drawn.map(({ galaxy }) => fact(galaxy));
  return {
    ...data,
    captions: drawn.map(({ galaxy }) => caption(galaxy)),
    factors: {
      light: drawn.map(({ flux }) => flux),
      clumps: of(({ clumps }) => placesOf(clumps)),
      stars: of(({ stars }) => placesOf(stars)),
      x: of(({ x }) => x),
      y: of(({ y }) => y),
      angle: of(({ angle }) => angle),
      axis: of(({ axis }) => axis),
      scale: of(({ disc, bulge }) => disc?.scale ?? bulge.radius),
      arms: of(({ disc }) => disc?.arms.count ?? 0),
      pitch: of(({ disc }) => (disc ? disc.arms.pitch * disc.arms.hand : 0)),
      phase: of(({ disc }) => disc?.arms.phase ?? 0),
    },
    flux: { unit: 1 },
    fingerprint: fingerprintOf(data),
  };
}

const placesOf = (knots: readonly Knot[]): string =>
  knots
    .map(({ x, y, peak }) => [x, y, peak[0] + peak[1] + peak[2]].map(short).join(" "))
    .join("; ");

const short = (value: number): string => String(Number(value.toFixed(3)));

function caption({ disc, clumps }: Galaxy): string {
  if (disc === undefined) return "an elliptical galaxy";
  return `a galaxy with ${disc.arms.count} arms and ${clumps.length} clumps`;
}
