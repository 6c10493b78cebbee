import { ConfigurationError } from "../shape/error.js";
import { clamp, cos, less, select } from "../tensor/operations.js";
import { constant, type Tensor } from "../tensor/tensor.js";

/** A quantity that changes during a run: from progress, a scalar from 0 to 1, to its value. */
export type Schedule = (progress: Tensor) => Tensor;

/** A number that stays, or a schedule. */
export type Scheduled = number | Schedule;

export interface Span {
  /** The value at first. */
  readonly from: number;
  /** The value at last. */
  readonly to: number;
  /** Progress at which `from` is left; it stays there before. */
  readonly since?: number;
  /** Progress at which `to` is reached; it stays there afterwards. */
  readonly until?: number;
}

/** How much of a span has passed, from 0 to 1. */
function passed(progress: Tensor, { since = 0, until = 1 }: Span): Tensor {
  const begun = since === 0 ? progress : progress.minus(since);
  return clamp(begun.times(1 / (until - since)), 0, 1);
}

function checkSpan(op: string, { since = 0, until = 1 }: Omit<Span, "from" | "to">): void {
  if (since >= 0 && since < until && until <= 1) return;
  const why = `expected 0 ≤ since < until ≤ 1, received ${since} and ${until}`;
  throw new ConfigurationError({ op, why });
}

/**
 * A straight line between two values. `since` makes it constant at first, as in WGAN-GP's and
 * CycleGAN's decay; `until` makes it constant at last, as in a warm-up.
 *
 * @throws {ConfigurationError} when its span is none.
 *
 * @example
 * const lr = linearFrom({ from: 2e-4, to: 0, since: 0.5 });
 * lr(constant(0.75)).times(1e4); // → 1
 */
export function linearFrom(span: Span): Schedule {
  checkSpan("linearFrom", span);
  const { from, to } = span;
  return (progress) =>
    passed(progress, span)
      .times(to - from)
      .plus(from);
}

/**
 * Half a cosine between two values: slow, fast, slow. With `until` it is a burn-in, as in R3GAN's
 * code: from one value to another over the first part of a run.
 *
 * @throws {ConfigurationError} when its span is none.
 *
 * @example
 * const gamma = cosineFrom({ from: 2, to: 0.2, until: 0.25 });
 * gamma(constant(0.125)); // → 1.1
 */
export function cosineFrom(span: Span): Schedule {
  checkSpan("cosineFrom", span);
  const { from, to } = span;
  return (progress) =>
    cos(passed(progress, span).times(Math.PI))
      .times((from - to) / 2)
      .plus((from + to) / 2);
}

/**
 * A value that jumps: the first one, and from each progress on the one named there.
 *
 * @throws {ConfigurationError} when a jump is not inside of a run.
 *
 * @example
 * const lr = stepsFrom(0.1, { 0.5: 0.01, 0.75: 0.001 });
 * lr(constant(0.5)); // → 0.01
 */
export function stepsFrom(first: number, then: Readonly<Record<number, number>>): Schedule {
  const jumps = Object.entries(then)
    .map(([when, value]) => ({ when: Number(when), value }))
    .sort((a, b) => a.when - b.when);
  for (const { when } of jumps) {
    if (when > 0 && when < 1) continue;
    const why = `expected jumps between 0 and 1, received ${when}`;
    throw new ConfigurationError({ op: "stepsFrom", why });
  }
  return (progress) =>
    jumps.reduce<Tensor>(
      (value, jump) => select(less(progress, jump.when), value, jump.value),
      constant(first),
    );
}

/**
 * A schedule behind a warm-up: it rises along a line from 0, and is reached at `until`.
 *
 * Goyal et al. 2017, "Accurate, Large Minibatch SGD", section 2.2.
 *
 * @throws {ConfigurationError} when `until` is not inside of a run.
 *
 * @example
 * const lr = warmedUp(cosineFrom({ from: 1e-3, to: 0 }), { until: 0.05 });
 * lr(constant(0)); // → 0
 */
export function warmedUp(schedule: Scheduled, { until }: { readonly until: number }): Schedule {
  checkSpan("warmedUp", { until });
  const rise = linearFrom({ from: 0, to: 1, until });
  return (progress) => rise(progress).times(at(schedule, progress));
}

/** The value now: a number stays a number. */
export const at = (scheduled: Scheduled, progress: Tensor): Tensor | number =>
  typeof scheduled === "number" ? scheduled : scheduled(progress);
