import { readFileSync, statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { augment, policies } from "../../src/nn/augmentation.js";
import { batchNorm } from "../../src/nn/batch-norm.js";
import { conv, deconv } from "../../src/nn/convolution.js";
import { chain, type Layer } from "../../src/nn/layer.js";
import { linear } from "../../src/nn/linear.js";
import { exceeds, saysFake, saysReal } from "../../src/nn/losses.js";
import { maxout } from "../../src/nn/maxout.js";
import { adam, type GradientLearner, sgd } from "../../src/nn/optimizers.js";
import { gradientNorm, gradientSquaredNorm } from "../../src/nn/penalties.js";
import { cosineFrom, linearFrom } from "../../src/nn/schedules.js";
import { gradients } from "../../src/tensor/gradients.js";
import {
  flatten,
  leakyRelu,
  matmul,
  mean,
  softplus,
  square,
  sum,
} from "../../src/tensor/operations.js";
import { evaluate } from "../../src/tensor/reference.js";
import { constant, input, type Tensor } from "../../src/tensor/tensor.js";
import { apply } from "./apply.js";

interface Numbers {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}
type Named = Readonly<Record<string, Numbers>>;

interface GoldenLayer {
  readonly x: Numbers;
  readonly parameters: Named;
  readonly y: Numbers;
  readonly w: Numbers;
  readonly toX: Numbers;
  readonly toParameters: Named;
}

interface Golden {
  readonly made: string;
  readonly layers: Readonly<Record<string, GoldenLayer>>;
  readonly batchNorm: Readonly<
    Record<
      string,
      {
        readonly eps: number;
        readonly momentum: number;
        readonly parameters: Named;
        readonly calls: readonly (Omit<GoldenLayer, "parameters"> & {
          readonly mean: Numbers;
          readonly variance: Numbers;
        })[];
        readonly x: Numbers;
        readonly y: Numbers;
      }
    >
  >;
  readonly losses: {
    readonly real: Numbers;
    readonly fake: Numbers;
    readonly terms: Readonly<
      Record<
        string,
        { readonly value: Numbers; readonly toReal?: Numbers; readonly toFake?: Numbers }
      >
    >;
  };
  readonly penalties: {
    readonly x: Numbers;
    readonly parameters: Named;
    readonly logits: Numbers;
  } & {
    readonly [K in "r1" | "wgan-gp"]: {
      readonly each: Numbers;
      readonly value: Numbers;
      readonly toParameters: Named;
    };
  };
  readonly learners: Readonly<
    Record<
      string,
      {
        readonly before: Numbers;
        readonly gradients: readonly Numbers[];
        /** How far the parameter is from its first values after each move. */
        readonly moved: readonly Numbers[];
      }
    >
  >;
  readonly augmentation: Readonly<
    Record<string, { readonly x: Numbers; readonly u: Numbers; readonly changed: Named }>
  >;
  readonly schedules: {
    readonly at: readonly number[];
    readonly cosine: readonly number[];
    readonly line: readonly number[];
  };
}

const file = new URL("../golden/nn.json", import.meta.url);
const golden = JSON.parse(readFileSync(file, "utf8")) as Golden; // written by nn.py beside it

const given = ({ data, shape }: Numbers): Tensor => constant(data, { shape });
const dataOf = (named: Named): Record<string, readonly number[]> =>
  Object.fromEntries(Object.entries(named).map(([name, { data }]) => [name, data]));

/** The largest difference, relative to the largest golden number. */
function apart(ours: ArrayLike<number>, theirs: readonly number[]): number {
  expect(ours.length).toBe(theirs.length);
  const largest = Math.max(...theirs.map(Math.abs));
  return Math.max(...theirs.map((value, i) => Math.abs(ours[i]! - value))) / largest;
}

/** Both sides computed in float64, and the goldens have 9 digits. */
function expectClose(ours: ArrayLike<number>, theirs: Numbers | undefined, what: string): void {
  expect(apart(ours, theirs!.data), what).toBeLessThan(1e-8);
}

test("goldens are PyTorch 2.6's and below 100 kB", () => {
  expect(golden.made).toMatch(/^PyTorch 2\.6/);
  expect(statSync(file).size).toBeLessThan(100_000);
});

const layers: Readonly<Record<string, Layer>> = {
  linear: linear(4),
  maxout: maxout(2, { pieces: 3 }),
  conv: conv(3),
  "conv stride 2": conv(3, { kernel: 4, stride: 2 }),
  "conv 2 groups": conv(4, { stride: 2, groups: 2, padding: 0, bias: false }),
  deconv: deconv(2),
  "deconv output padding": deconv(3, { kernel: 3 }),
  "deconv 2 groups": deconv(4, {
    kernel: 3,
    stride: 3,
    padding: 1,
    outputPadding: 2,
    groups: 2,
    bias: false,
  }),
};

describe("layers", () => {
  test("every golden is used", () => {
    expect(Object.keys(layers)).toEqual(Object.keys(golden.layers));
  });

  test.each(Object.entries(layers))("%s", (name, layer) => {
    const { x, parameters, y, w, toX, toParameters } = golden.layers[name]!;
    const built = layer.build(x.shape.slice(1));
    const shapes = Object.entries(built.parameters).map(([key, kept]) => [key, kept.shape]);
    expect(Object.fromEntries(shapes)).toEqual(
      Object.fromEntries(Object.entries(parameters).map(([key, p]) => [key, p.shape])),
    );
    const items = input("x", x.shape);
    const ours = apply(built, items);
    expect(ours.y.shape).toEqual(y.shape);
    expect(ours.y.shape.slice(1)).toEqual(built.output);
    const names = Object.keys(parameters);
    const own = names.map((key) => ours.parameters[key]!);
    const slopes = gradients(sum(ours.y.times(given(w))), [items, ...own]);
    const found = evaluate([ours.y, ...slopes], { x: x.data, ...dataOf(parameters) });
    expectClose(found[0]!, y, "output");
    expectClose(found[1]!, toX, "gradient of x");
    names.forEach((key, i) => {
      expectClose(found[i + 2]!, toParameters[key], `gradient of ${key}`);
    });
  });
});

describe("batch norm", () => {
  test.each(Object.entries(golden.batchNorm))("of %s: two calls, then sampling", (name, g) => {
    const shape = g.x.shape.slice(1);
    // The settings for pictures are PyTorch's defaults, and ours.
    const options = name === "pictures" ? {} : { eps: g.eps, momentum: g.momentum };
    const built = batchNorm(options).build(shape);
    let state: Record<string, ArrayLike<number>> = {
      mean: g.x.shape.slice(1, 2).flatMap((n) => new Array<number>(n).fill(0)),
      variance: g.x.shape.slice(1, 2).flatMap((n) => new Array<number>(n).fill(1)),
    };
    for (const { x, w, y, toX, toParameters, mean: running, variance } of g.calls) {
      const items = input("x", x.shape);
      const { y: made, parameters, updates } = apply(built, items);
      const slopes = gradients(sum(made.times(given(w))), [
        items,
        parameters.scale!,
        parameters.shift!,
      ]);
      const next = [updates.get("mean")!, updates.get("variance")!];
      const values = { x: x.data, ...dataOf(g.parameters), ...state };
      const found = evaluate([made, ...slopes, ...next], values);
      expectClose(found[0]!, y, "output");
      expectClose(found[1]!, toX, "gradient of x");
      expectClose(found[2]!, toParameters.scale, "gradient of the scale");
      expectClose(found[3]!, toParameters.shift, "gradient of the shift");
      expectClose(found[4]!, running, "running mean");
      expectClose(found[5]!, variance, "running variance");
      state = { mean: found[4]!, variance: found[5]! };
    }
    const { y, updates } = apply(built, input("x", g.x.shape), { training: false });
    const values = { x: g.x.data, ...dataOf(g.parameters), ...state };
    expectClose(evaluate([y], values)[0]!, g.y, "output while sampling");
    expect(updates.size).toBe(0);
  });
});

describe("losses on fixed logits", () => {
  const [real, fake] = [input("real", [4]), input("fake", [4])];
  test.each([
    ["saysReal", saysReal(real)],
    ["saysFake", saysFake(fake)],
    ["exceeds", exceeds(real, fake)],
  ] as const)("%s", (name, loss) => {
    const { value, toReal, toFake } = golden.losses.terms[name]!;
    const numbers = { real: golden.losses.real.data, fake: golden.losses.fake.data };
    const found = evaluate([loss, ...gradients(loss, [real, fake])], numbers);
    const still = { shape: [4], data: [0, 0, 0, 0] };
    expectClose(found[0]!, value, "value");
    if (toReal === undefined) expect(Array.from(found[1]!)).toEqual(still.data);
    else expectClose(found[1]!, toReal, "gradient of real");
    if (toFake === undefined) expect(Array.from(found[2]!)).toEqual(still.data);
    else expectClose(found[2]!, toFake, "gradient of fake");
  });

  test("the values are those that style.md names", () => {
    expect(golden.losses.real.data).toEqual([-5, 1.4, 12.5, 2.7]);
    expect(golden.losses.fake.data).toEqual([10, 4.4, -5.5, 3.6]);
  });
});

describe("penalties on a convolutional critic", () => {
  const { x, parameters, logits } = golden.penalties;
  const critic = chain(
    conv(3),
    leakyRelu,
    conv(2, { kernel: 4, stride: 2 }),
    softplus,
    flatten,
    linear(1),
  ).build(x.shape.slice(1));
  const names = Object.keys(parameters);
  const own = names.map((name) => input(name, parameters[name]!.shape));
  const D = (items: Tensor): Tensor => apply(critic, items, { own }).y;
  const values = dataOf(parameters);

  test("the critic is the same", () => {
    expect(Object.keys(critic.parameters)).toEqual(names);
    expectClose(evaluate([D(given(x))], values)[0]!, logits, "logits");
  });

  test.each([
    ["r1", gradientSquaredNorm(D, given(x)), (each: Tensor) => mean(each).times(0.5)],
    ["wgan-gp", gradientNorm(D, given(x)), (each: Tensor) => mean(square(each.minus(1)))],
  ] as const)("%s, with its gradients", (name, each, term) => {
    const theirs = golden.penalties[name];
    const found = evaluate([each, term(each), ...gradients(term(each), own)], values);
    expectClose(found[0]!, theirs.each, "of each item");
    expectClose(found[1]!, theirs.value, "value");
    names.forEach((key, i) => {
      // The last bias shifts every logit alike.
      if (key === "5.bias") expect(Array.from(found[i + 2]!)).toEqual([0]);
      else expectClose(found[i + 2]!, theirs.toParameters[key], `gradient of ${key}`);
    });
  });
});

test("the norm of a gradient of zero is 1e-6, and has a finite slope", () => {
  const [x, w] = [input("x", [2, 3]), input("w", [3, 1])];
  const norm = gradientNorm((items) => matmul(items, w), x);
  const slopes = gradients(sum(norm), [w]);
  const [each, toW] = evaluate([norm, ...slopes], { x: [1, 2, 3, 4, 5, 6], w: [0, 0, 0] });
  expect(Array.from(each!)).toEqual([1e-6, 1e-6]);
  expect(Array.from(toW!)).toEqual([0, 0, 0]);
});

const learners: Readonly<Record<string, GradientLearner>> = {
  adam: adam(),
  "adam without momentum": adam({ lr: 0.05, beta1: 0, beta2: 0.9, eps: 1e-3 }),
  "adam, cosines, without momentum": adam({
    lr: cosineFrom({ from: 0.1, to: 0.01 }),
    beta1: 0,
    beta2: cosineFrom({ from: 0.9, to: 0.99 }),
  }),
  "adam, lines": adam({
    lr: linearFrom({ from: 0.1, to: 0.02 }),
    beta1: 0.5,
    beta2: linearFrom({ from: 0.9, to: 0.999 }),
  }),
  sgd: sgd({ lr: 0.1 }),
  "sgd with momentum": sgd({ lr: 0.1, momentum: 0.9 }),
  "sgd, lines": sgd({
    lr: linearFrom({ from: 0.1, to: 0.01 }),
    momentum: linearFrom({ from: 0.5, to: 0.7 }),
  }),
};

describe("learners", () => {
  test("every golden is used", () => {
    expect(Object.keys(learners)).toEqual(Object.keys(golden.learners));
  });

  test.each(Object.entries(learners))("%s", (name, learner) => {
    const { before, gradients: slopes, moved } = golden.learners[name]!;
    const { shape } = before;
    const step = learner.move({
      parameter: input("parameter", shape),
      gradient: input("gradient", shape),
      slots: Object.fromEntries(learner.slots.map((slot) => [slot, input(slot, shape)])),
      clock: { progress: input("progress", []), moves: input("moves", []) },
    });
    expect(Object.keys(step.slots)).toEqual(learner.slots);
    const outputs = [step.parameter, ...learner.slots.map((slot) => step.slots[slot]!)];
    let parameter: ArrayLike<number> = before.data;
    let slots = Object.fromEntries(
      learner.slots.map((slot): [string, ArrayLike<number>] => [slot, before.data.map(() => 0)]),
    );
    slopes.forEach(({ data: gradient }, i) => {
      const clock = { progress: [i / slopes.length], moves: [i + 1] };
      const [now, ...kept] = evaluate(outputs, { parameter, gradient, ...slots, ...clock });
      const by = before.data.map((value, k) => now![k]! - value);
      expectClose(by, moved[i], `move ${i + 1}`);
      parameter = now!;
      slots = Object.fromEntries(learner.slots.map((slot, k) => [slot, kept[k]!]));
    });
  });
});

describe("schedules follow their closed forms", () => {
  const { at, cosine, line } = golden.schedules;
  const progress = input("progress", [at.length]);

  test.each([
    ["cosineFrom", cosineFrom, cosine],
    ["linearFrom", linearFrom, line],
  ] as const)("%s", (_, schedule, theirs) => {
    const whole = schedule({ from: 1, to: 0.1 })(progress);
    const half = schedule({ from: 1, to: 0.1, until: 0.5 })(progress);
    expect(apart(evaluate([whole], { progress: at })[0]!, theirs)).toBeLessThan(1e-8);
    const halfway = at.map((p) => p / 2);
    expect(apart(evaluate([half], { progress: halfway })[0]!, theirs)).toBeLessThan(1e-8);
    const later = evaluate([half], { progress: at.map((p) => 0.5 + p) })[0]!;
    for (const value of later) expect(value).toBeCloseTo(0.1, 12);
  });
});

describe("augmentation agrees with its authors' code", () => {
  const cases = Object.entries(golden.augmentation).flatMap(([size, g]) =>
    policies.map((policy) => ({ size, policy, ...g })),
  );
  test.each(cases)("$policy of $size", ({ x, u, changed, policy }) => {
    const y = augment(given(x), given(u), { policy: [policy] });
    const seen = policy === "color" ? y : sum(y, { axes: [1] });
    expectClose(evaluate([seen])[0]!, changed[policy], policy);
    expect(apart(evaluate([y])[0]!, x.data), "something changed").toBeGreaterThan(0.1);
  });

  test("nothing happens without a policy, or to the pictures that are spared", () => {
    const { x, u } = golden.augmentation["8×8"]!;
    const items = given(x);
    expect(augment(items, given(u), { policy: [] })).toBe(items);
    const spared = augment(items, given(u), { policy: policies, probability: 0 });
    expect(Array.from(evaluate([spared])[0]!)).toEqual(x.data);
    const half = evaluate([augment(items, given(u), { policy: policies, probability: 0.5 })])[0]!;
    const whole = evaluate([augment(items, given(u), { policy: policies })])[0]!;
    const each = x.data.length / x.shape[0]!;
    const chosen = Array.from({ length: x.shape[0]! }, (_, i) => u.data[i * 9 + 8]! < 0.5);
    expect(new Set(chosen).size).toBe(2);
    chosen.forEach((isChanged, i) => {
      const part = (list: ArrayLike<number>): number[] =>
        Array.from(list).slice(i * each, (i + 1) * each);
      expect(part(half)).toEqual(part(isChanged ? whole : x.data));
    });
  });
});
