import { describe, expect, test } from "vitest";
import { descend, lbfgs } from "../../src/game/learners/lbfgs.js";
import { searchLine } from "../../src/game/learners/line-search.js";
import type { Evaluate, Evaluation, Pair, SearchSettings } from "../../src/game/learners/search.js";
import { ConfigurationError } from "../../src/shape/error.js";
import { gradients } from "../../src/tensor/gradients.js";
import { mean, softplus, square, sum } from "../../src/tensor/operations.js";
import { evaluate } from "../../src/tensor/reference.js";
import { constant, input, type Tensor } from "../../src/tensor/tensor.js";
import { given, type Numbers, readGolden } from "../nn/golden.js";

interface GoldenSearch {
  readonly start: Numbers;
  readonly turns: readonly {
    /** The loss where the turn began. */
    readonly first: Numbers;
    readonly point: Numbers;
    /** Evaluations so far. */
    readonly evaluations: number;
  }[];
}

interface Golden {
  readonly searches: Readonly<Record<"items" | "labels" | "scale", Numbers>> &
    Readonly<Record<(typeof searches)[number][0], GoldenSearch>>;
}

/** The numbers of a vector, each a scalar. */
const parts = (x: Tensor): Tensor[] =>
  Array.from({ length: x.shape[0]! }, (_, i) =>
    sum(x.times(constant(Array.from({ length: x.shape[0]! }, (_, k) => (i === k ? 1 : 0))))),
  );

type Loss = (x: Tensor) => Tensor;

const rosenbrock: Loss = (x) => {
  const [a, b] = parts(x) as [Tensor, Tensor]; // of two numbers
  const one = constant(1);
  return square(one.minus(a)).plus(square(b.minus(square(a))).times(100));
};

const quadratic: Loss = (w) =>
  sum(given(golden.scale).times(square(w.minus(1))))
    .times(0.5)
    .plus(
      parts(w)
        .reduce((a, b) => a.times(b))
        .times(0.1),
    );

const logistic: Loss = (w) => {
  const margins = sum(given(golden.items).times(w), { axes: [1] }).times(given(golden.labels));
  return mean(softplus(margins.times(-1))).plus(sum(square(w)).times(0.01));
};

const searches = [
  ["rosenbrock, one iteration a turn", rosenbrock, { iterations: 1 }],
  ["rosenbrock", rosenbrock, {}],
  ["rosenbrock, lr 0.5, few evaluations", rosenbrock, { lr: 0.5, iterations: 8, evaluations: 9 }],
  ["quadratic, history of 3", quadratic, { iterations: 2, history: 3 }],
  ["logistic", logistic, { iterations: 3 }],
] as const satisfies readonly (readonly [string, Loss, Partial<SearchSettings>])[];

const golden = readGolden<Golden>("learners.json").searches; // written by learners.py beside it

/** A loss as a search sees it, with a count of how often it looked. */
function watched(loss: Loss, size: number): { readonly look: Evaluate; count: number } {
  const x = input("x", [size]);
  const value = loss(x);
  const outputs = [value, ...gradients(value, [x])];
  const seen = {
    count: 0,
    async look(point: Float64Array): Promise<Evaluation> {
      seen.count++;
      const [found, gradient] = evaluate(outputs, { x: point });
      return { value: found![0]!, gradient: gradient! };
    },
  };
  return seen;
}

describe("L-BFGS with a strong Wolfe search goes where PyTorch's goes", () => {
  test("every golden is used", () => {
    const data = ["items", "labels", "scale"];
    expect([...data, ...searches.map(([name]) => name)]).toEqual(Object.keys(golden));
  });

  test.each(searches)("%s", async (name, loss, options) => {
    const { start, turns } = golden[name];
    const { search } = lbfgs(options);
    const seen = watched(loss, start.shape[0]!);
    let point = Float64Array.from(start.data);
    let pairs: readonly Pair[] = [];
    for (const [i, turn] of turns.entries()) {
      const first = (await seen.look(point)).value;
      seen.count--;
      expect(Math.abs(first - turn.first.data[0]!), `loss of turn ${i}`).toBeLessThan(1e-6);
      const found = await descend(point, { evaluate: seen.look, pairs, settings: search });
      ({ pairs } = found);
      point = Float64Array.from(found.point);
      expect(seen.count, `evaluations after turn ${i}`).toBe(turn.evaluations);
      turn.point.data.forEach((value, k) => {
        expect(Math.abs(point[k]! - value), `number ${k} after turn ${i}`).toBeLessThan(1e-6);
      });
      expect(pairs.length).toBeLessThanOrEqual(search.history);
    }
  });
});

describe("a line search", () => {
  /** Looks along one number from 0. */
  async function along(
    f: (t: number) => number,
    slope: (t: number) => number,
    first: number,
  ): Promise<{ readonly t: number; readonly value: number; readonly evaluations: number }> {
    const worth = (t: number): Evaluation => ({
      value: f(t),
      gradient: Float64Array.of(slope(t)),
    });
    const { place, evaluations } = await searchLine({
      evaluate: async (t) => worth(t),
      direction: Float64Array.of(1),
      from: worth(0),
      first,
      size: 1,
      tolerance: 1e-9,
    });
    return { t: place.t, value: place.value, evaluations };
  }

  test.each([1e-3, 1, 10, 1e4])(
    "from a first step of %d meets the Wolfe conditions",
    async (first) => {
      const f = (t: number): number => (t - 3) ** 2;
      const slope = (t: number): number => 2 * (t - 3);
      const { t, value } = await along(f, slope, first);
      expect(value).toBeLessThanOrEqual(9 - 1e-4 * t * 6);
      expect(Math.abs(slope(t))).toBeLessThanOrEqual(0.9 * 6);
    },
  );

  test("comes back from where the loss is not finite", async () => {
    // A logarithm's wall at t = 1: infinite there and NaN behind it.
    const f = (t: number): number => -Math.log(1 - t) - 3 * t;
    const slope = (t: number): number => 1 / (1 - t) - 3;
    for (const first of [1, 50]) {
      const { t, value } = await along(f, slope, first);
      expect(t).toBeGreaterThan(0);
      expect(t).toBeLessThan(1);
      expect(value).toBeLessThan(0);
    }
  });

  test("ends on a slope without an end", async () => {
    const { evaluations, value } = await along(
      (t) => -t,
      () => -1,
      1,
    );
    expect(evaluations).toBe(26);
    expect(value).toBeLessThan(-1e20);
  });
});

test("a slope that is not a number ends a turn where it began", async () => {
  const { search } = lbfgs();
  const start = Float64Array.of(1, 2);
  const found = await descend(start, {
    evaluate: async () => ({ value: Number.NaN, gradient: Float64Array.of(Number.NaN, 1) }),
    pairs: [],
    settings: search,
  });
  expect(found).toEqual({ point: start, pairs: [], evaluations: 1 });
});

test.each([
  [{ iterations: 0 }, "lbfgs.iterations: expected a whole number ≥ 1, received 0"],
  [{ evaluations: 2.5 }, "lbfgs.evaluations: expected a whole number ≥ 1, received 2.5"],
  [{ history: -1 }, "lbfgs.history: expected a whole number ≥ 1, received -1"],
  [{ lr: 0 }, "lbfgs.lr: expected > 0, received 0"],
  [{ changeTolerance: Number.NaN }, "lbfgs.changeTolerance: expected > 0, received NaN"],
])("%o is refused", (options, message) => {
  let said = "nothing";
  try {
    lbfgs(options);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    said = error.message;
  }
  expect(said).toBe(message);
});
