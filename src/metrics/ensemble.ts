import { ShapeError } from "../shape/error.js";

/** What several restorations of the same agree on, and where they do not. */
export interface Agreement {
  readonly mean: Float64Array;
  /** Standard deviation at each place: where it is large, what is shown is a guess. */
  readonly deviation: Float64Array;
}

/**
 * The mean and the standard deviation of several answers to the same question, `[n] × k → [n], [n]`:
 * of networks that differ by chance alone.
 *
 * Lakshminarayanan, Pritzel & Blundell 2017, "Simple and scalable predictive uncertainty estimation
 * using deep ensembles", section 2.4.
 *
 * @throws {ShapeError} when there are fewer than two, or one has another count of numbers.
 * @example
 * const { mean, deviation } = agreement([Float64Array.of(1, 2), Float64Array.of(1, 4)]);
 * [...mean, ...deviation]; // → [1,3,0,1.4142]
 */
export function agreement(answers: readonly ArrayLike<number>[]): Agreement {
  const [first] = answers;
  if (first === undefined || answers.length < 2) {
    const why = `needs two answers or more, received ${answers.length}`;
    throw new ShapeError({ op: "agreement", why });
  }
  const other = answers.find(({ length }) => length !== first.length);
  if (other !== undefined) {
    const why = `answers have ${first.length} and ${other.length} numbers`;
    throw new ShapeError({ op: "agreement", why });
  }
  const mean = Float64Array.from(first, (_, i) => {
    return answers.reduce((sum, answer) => sum + answer[i]!, 0) / answers.length;
  });
  const deviation = mean.map((middle, i) =>
    Math.sqrt(
      answers.reduce((sum, answer) => sum + (answer[i]! - middle) ** 2, 0) / (answers.length - 1),
    ),
  );
  return { mean, deviation };
}

/**
 * Spearman's rank correlation of two rows of numbers, −1 … 1; ties share their ranks. Of deviations
 * and errors it says whether answers differ where they are wrong.
 *
 * @throws {ShapeError} when there are not as many of both.
 * @example rankCorrelation([1, 2, 3, 4], [10, 20, 40, 30]); // → 0.8
 */
export function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length || a.length < 2) {
    const why = `needs two rows of one length, received ${a.length} and ${b.length} numbers`;
    throw new ShapeError({ op: "rankCorrelation", why });
  }
  const [x, y] = [ranks(a), ranks(b)];
  const middle = (a.length - 1) / 2;
  let [both, xx, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    both += (x[i]! - middle) * (y[i]! - middle);
    xx += (x[i]! - middle) ** 2;
    yy += (y[i]! - middle) ** 2;
  }
  return xx === 0 || yy === 0 ? 0 : both / Math.sqrt(xx * yy);
}

function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from(values, (_, i) => i).sort((i, j) => values[i]! - values[j]!);
  const out = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1]!] === values[order[from]!]) to++;
    for (let k = from; k <= to; k++) out[order[k]!] = (from + to) / 2;
    from = to + 1;
  }
  return out;
}
