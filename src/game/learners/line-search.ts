import { dot, type Evaluation } from "./search.js";

/** A point along a direction: how far, what it is worth, and the slope along the direction. */
export interface Place extends Evaluation {
  readonly t: number;
  readonly slope: number;
}

/** The loss has come down enough for the way, and the slope has become flat enough. */
const armijo = 1e-4;
const curvature = 0.9;
const mostTries = 25;

export interface LineSearchOptions {
  /** What the place at distance t is worth. */
  readonly evaluate: (t: number) => Promise<Evaluation>;
  readonly direction: Float64Array;
  /** Where the search begins. */
  readonly from: Evaluation;
  /** The first distance tried. */
  readonly first: number;
  /** The largest number of the direction: a bracket that moves nothing by more than the tolerance ends the search. */
  readonly size: number;
  readonly tolerance: number;
}

/**
 * A place along a direction where the strong Wolfe conditions hold, or the best one found, and how
 * many places were looked at.
 *
 * Nocedal & Wright 2006, "Numerical Optimization", Algorithms 3.5 and 3.6, with the interpolation,
 * the safeguards and the limits of PyTorch's `strong_wolfe`. A loss that is not finite is too far.
 */
export async function searchLine(
  options: LineSearchOptions,
): Promise<{ readonly place: Place; readonly evaluations: number }> {
  const { direction, from, first, size, tolerance } = options;
  const start = placeOf(0, from, direction);
  let tries = 0;
  const lookAt = async (t: number): Promise<Place> =>
    placeOf(t, await options.evaluate(t), direction);
  const isTooFar = ({ t, value }: Place): boolean =>
    value > start.value + armijo * t * start.slope || value === Number.POSITIVE_INFINITY;
  const isFlat = ({ slope }: Place): boolean => Math.abs(slope) <= -curvature * start.slope;

  // Further and further, until the minimum has been passed.
  let before = start;
  let now = await lookAt(first);
  for (; tries < mostTries; tries++) {
    if (isTooFar(now) || (tries > 1 && now.value >= before.value)) break;
    if (isFlat(now)) return { place: now, evaluations: tries + 1 };
    if (now.slope >= 0) break;
    const next = cubicMinimum(before, now, [now.t + 0.01 * (now.t - before.t), now.t * 10]);
    before = now;
    now = await lookAt(next);
  }
  if (tries === mostTries) before = start;

  // Between the two, closer and closer.
  let [low, high] = ranked(before, now);
  let wasNearEnd = false;
  while (tries < mostTries && Math.abs(high.t - low.t) * size >= tolerance) {
    const [left, right] = low.t <= high.t ? [low.t, high.t] : [high.t, low.t];
    let t = cubicMinimum(low, high, [left, right]);
    const margin = 0.1 * (right - left);
    const isNearEnd = Math.min(right - t, t - left) < margin;
    const mustLeave: boolean = isNearEnd && (wasNearEnd || t >= right || t <= left);
    if (mustLeave) t = right - t < t - left ? right - margin : left + margin;
    wasNearEnd = isNearEnd && !mustLeave;
    const found = await lookAt(t);
    tries++;
    if (isTooFar(found) || found.value >= low.value) {
      [low, high] = ranked(low, found);
      continue;
    }
    if (isFlat(found)) return { place: found, evaluations: tries + 1 };
    if (found.slope * (high.t - low.t) >= 0) high = low;
    low = found;
  }
  return { place: low, evaluations: tries + 1 };
}

const placeOf = (t: number, { value, gradient }: Evaluation, direction: Float64Array): Place => ({
  t,
  value: Number.isFinite(value) ? value : Number.POSITIVE_INFINITY,
  gradient,
  slope: dot(gradient, direction),
});

/** The better one first. */
const ranked = (a: Place, b: Place): [Place, Place] => (a.value <= b.value ? [a, b] : [b, a]);

/** Where the cubic through two places and their slopes is lowest, within bounds; their middle when nowhere. */
function cubicMinimum(
  one: Place,
  other: Place,
  [low, high]: readonly [low: number, high: number],
): number {
  const [a, b] = one.t <= other.t ? [one, other] : [other, one];
  const d1 = a.slope + b.slope - (3 * (a.value - b.value)) / (a.t - b.t);
  const d2 = Math.sqrt(d1 * d1 - a.slope * b.slope);
  const t = b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2));
  return Number.isNaN(t) ? (low + high) / 2 : Math.min(Math.max(t, low), high);
}
