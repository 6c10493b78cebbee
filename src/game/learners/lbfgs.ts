import { ConfigurationError } from "../../shape/error.js";
import { searchLine } from "./line-search.js";
import {
  along,
  dot,
  type Evaluate,
  largest,
  type Pair,
  pairSlots,
  type SearchLearner,
  type SearchSettings,
} from "./search.js";

/**
 * L-BFGS with a strong Wolfe line search: one turn looks at several points, on the same draws, and
 * follows several directions. For games in which a player's draws are the same every turn, or are
 * none: an image, a latent, a code. What is remembered of steps goes from turn to turn.
 *
 * Liu & Nocedal 1989, "On the limited memory BFGS method for large scale optimization", Algorithm
 * 2.1; limits and tolerances are those of PyTorch's `LBFGS`, except that 10 steps are remembered.
 *
 * @throws {ConfigurationError} when a count is no whole number ≥ 1, or another number not above 0.
 *
 * @example
 * const learner = lbfgs({ iterations: 10, history: 2 });
 * learner.slots; // → ["s0","y0","s1","y1"]
 */
export function lbfgs(options: Partial<SearchSettings> = {}): SearchLearner {
  const { lr = 1, iterations = 20, history = 10 } = options;
  const { evaluations = Math.max(1, Math.floor(iterations * 1.25)) } = options;
  const { gradientTolerance = 1e-7, changeTolerance = 1e-9 } = options;
  for (const [name, value] of Object.entries({ iterations, evaluations, history })) {
    if (Number.isInteger(value) && value >= 1) continue;
    const why = `expected a whole number ≥ 1, received ${value}`;
    throw new ConfigurationError({ op: `lbfgs.${name}`, why });
  }
  for (const [name, value] of Object.entries({ lr, gradientTolerance, changeTolerance })) {
    if (value > 0 && Number.isFinite(value)) continue;
    throw new ConfigurationError({ op: `lbfgs.${name}`, why: `expected > 0, received ${value}` });
  }
  return {
    name: "lbfgs",
    slots: Array.from({ length: history }, (_, i) => pairSlots(i)).flat(),
    search: { lr, iterations, evaluations, history, gradientTolerance, changeTolerance },
  };
}

/** Where a turn ended, and what is remembered of it. */
export interface Descent {
  readonly point: Float64Array;
  /** The newest first. */
  readonly pairs: readonly Pair[];
  /** How many points were looked at. */
  readonly evaluations: number;
}

/** One turn of L-BFGS from a point, in float64; `pairs` are those that the turn before returned. */
export async function descend(
  start: Float64Array,
  {
    evaluate,
    pairs: known,
    settings,
  }: {
    readonly evaluate: Evaluate;
    readonly pairs: readonly Pair[];
    readonly settings: SearchSettings;
  },
): Promise<Descent> {
  const { lr, iterations, gradientTolerance, changeTolerance } = settings;
  let point = start;
  let pairs = known;
  let now = await evaluate(point);
  let evaluations = 1;
  for (let i = 0; i < iterations; i++) {
    if (largest(now.gradient) <= gradientTolerance) break;
    const direction = directionAt(now.gradient, pairs);
    // Written so that NaN ends it too.
    if (!(dot(now.gradient, direction) <= -changeTolerance)) break;
    // Nothing is known of the scale yet: a step of about 1 at most.
    const total = now.gradient.reduce((sum, g) => sum + Math.abs(g), 0);
    const found = await searchLine({
      evaluate: (t) => evaluate(along(point, direction, t)),
      direction,
      from: now,
      first: pairs.length === 0 ? Math.min(1, 1 / total) * lr : lr,
      size: largest(direction),
      tolerance: changeTolerance,
    });
    const { place } = found;
    const s = direction.map((d) => d * place.t);
    pairs = remember({ s, y: along(place.gradient, now.gradient, -1) }, pairs, settings.history);
    point = along(point, direction, place.t);
    evaluations += found.evaluations;
    const change = Math.abs(place.value - now.value);
    now = place;
    if (evaluations >= settings.evaluations) break;
    if (largest(s) <= changeTolerance || change < changeTolerance) break;
  }
  return { point, pairs, evaluations };
}

/** A step along which the slope did not grow says nothing of a minimum, and is not remembered. */
const leastCurvature = 1e-10;

const remember = (pair: Pair, pairs: readonly Pair[], history: number): readonly Pair[] =>
  dot(pair.y, pair.s) > leastCurvature ? [pair, ...pairs].slice(0, history) : pairs;

/** The direction of Newton's step, as far as the remembered steps tell: two loops over them. */
function directionAt(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  let direction: Float64Array = gradient.map((g) => -g);
  const [newest] = pairs;
  if (newest === undefined) return direction;
  const weights = pairs.map(({ s, y }) => {
    const weight = dot(s, direction) / dot(y, s);
    direction = along(direction, y, -weight);
    return weight;
  });
  const scale = dot(newest.y, newest.s) / dot(newest.y, newest.y);
  direction = direction.map((d) => d * scale);
  for (const [i, { s, y }] of [...pairs.entries()].reverse()) {
    direction = along(direction, s, weights[i]! - dot(y, direction) / dot(y, s));
  }
  return direction;
}
