import { ConfigurationError } from "../shape/error.js";
import { Random } from "../shape/random.js";
import { checkLengths, checkWhole } from "./check.js";
import type { Dataset } from "./dataset.js";
import { numbered, type PointOptions, pointSet } from "./point-set.js";

/**
 * Points spread evenly over the dark squares of a board around the origin, each labelled with its
 * square. The defaults are those of Grathwohl, Chen, Bettencourt, Sutskever & Duvenaud, "FFJORD"
 * (2019), section 4.1: 4 × 4 squares from −4 to 4.
 *
 * @throws {ConfigurationError} when a number makes no sense
 * @example
 * data.checkerboard({ count: 500 }).classes.length // → 8
 */
export function checkerboard({
  count = 100_000,
  seed = 0,
  squares = 4,
  side = 2,
}: PointOptions & {
  /** Squares along an edge of the board. */
  readonly squares?: number;
  /** Length of a square's edge. */
  readonly side?: number;
} = {}): Dataset<Float32Array> {
  checkWhole("checkerboard", { count, seed, squares });
  checkLengths("checkerboard", { side });
  const dark = Array.from({ length: squares * squares }, (_, i) => [
    Math.floor(i / squares) - squares / 2,
    (i % squares) - squares / 2,
  ]).filter((_, i) => (Math.floor(i / squares) + (i % squares)) % 2 === 0);
  const classes = numbered(dark.length);
  return pointSet({ name: "checkerboard", count, seed, classes }, (random) => {
    const label = random.integer(dark.length);
    const [left, bottom] = dark[label]!;
    return [side * (left! + random.uniform()), side * (bottom! + random.uniform()), label];
  });
}

/**
 * Archimedean spirals around the origin with normal noise, each labelled with its arm: radius grows
 * with the angle up to `radius` after `turns`. Angles are drawn as square roots, so that points lie
 * about equally dense along an arm. As "2spirals" of FFJORD (2019), which has 1.5 turns.
 *
 * @throws {ConfigurationError} when a number makes no sense
 * @example
 * data.spirals({ count: 500, arms: 3 }).classes // → ["0", "1", "2"]
 */
export function spirals({
  count = 100_000,
  seed = 0,
  arms = 2,
  turns = 1.5,
  radius = 4,
  deviation = 0.1,
}: PointOptions & {
  /** How many spirals. */
  readonly arms?: number;
  /** How often each goes around. */
  readonly turns?: number;
  /** How far they end from the origin. */
  readonly radius?: number;
  /** Standard deviation of the noise, along both axes. */
  readonly deviation?: number;
} = {}): Dataset<Float32Array> {
  checkWhole("spirals", { count, seed, arms });
  checkLengths("spirals", { turns, radius, deviation });
  return pointSet({ name: "spirals", count, seed, classes: numbered(arms) }, (random) => {
    const arm = random.integer(arms);
    const way = Math.sqrt(random.uniform());
    const angle = 2 * Math.PI * (turns * way + arm / arms);
    return [
      radius * way * Math.cos(angle) + deviation * random.normal(),
      radius * way * Math.sin(angle) + deviation * random.normal(),
      arm,
    ];
  });
}

/**
 * Gaussians at random places of a square around the origin, each with a deviation of its own and
 * equally likely; labelled with their mode. Another seed gives other places. The modes are only
 * told (`modes`) when all deviations are one number, since scores of modes know one deviation.
 *
 * @throws {ConfigurationError} when a number makes no sense
 * @example
 * data.blobs({ count: 500, modes: 5, deviation: 0.2 }).modes?.deviation // → 0.2
 */
export function blobs({
  count = 100_000,
  seed = 0,
  modes = 8,
  reach = 4,
  deviation = [0.1, 0.5],
}: PointOptions & {
  readonly modes?: number;
  /** Centres lie between −reach and reach along both axes. */
  readonly reach?: number;
  /** One for all, or the bounds between which each mode's is drawn. */
  readonly deviation?: number | readonly [low: number, high: number];
} = {}): Dataset<Float32Array> {
  checkWhole("blobs", { count, seed, modes });
  const [low, high] = typeof deviation === "number" ? [deviation, deviation] : deviation;
  checkLengths("blobs", { reach, deviation: low });
  checkLengths("blobs", { deviation: high });
  if (low > high) {
    const why = `expected [low, high], received [${low}, ${high}]`;
    throw new ConfigurationError({ op: "blobs.deviation", why });
  }
  const places = new Random({ seed, purpose: "data/blobs/modes" });
  const drawn = Array.from({ length: modes }, () => ({
    centre: [reach * (2 * places.uniform() - 1), reach * (2 * places.uniform() - 1)] as const,
    deviation: low + (high - low) * places.uniform(),
  }));
  const known =
    low === high ? { centres: drawn.map(({ centre }) => centre), deviation: low } : undefined;
  const set = { name: "blobs", count, seed, classes: numbered(modes), modes: known };
  return pointSet(set, (random) => {
    const mode = random.integer(modes);
    const { centre, deviation: own } = drawn[mode]!;
    return [centre[0] + own * random.normal(), centre[1] + own * random.normal(), mode];
  });
}
