import { describe, expect, test } from "vitest";
import { clipGradientNorm, clipGradients, clipWeights } from "../../src/nn/clipping.js";
import { feedback, overfitting } from "../../src/nn/feedback.js";
import { adam, adamW, type GradientLearner, rmsprop, sgd } from "../../src/nn/optimizers.js";
import { linearFrom } from "../../src/nn/schedules.js";
import { gradients } from "../../src/tensor/gradients.js";
import { evaluate } from "../../src/tensor/reference.js";
import { constant, input } from "../../src/tensor/tensor.js";
import { expectClose, type Numbers, readGolden } from "./golden.js";

interface Golden {
  readonly made: string;
  readonly learners: Readonly<
    Record<
      string,
      {
        readonly before: readonly Numbers[];
        readonly gradients: readonly (readonly Numbers[])[];
        /** How far each tensor is from its first values after each move. */
        readonly moved: readonly (readonly Numbers[])[];
      }
    >
  >;
}

const golden = readGolden<Golden>("learners.json"); // written by learners.py beside it

const learners: Readonly<Record<string, GradientLearner>> = {
  rmsprop: rmsprop(),
  "rmsprop, chosen": rmsprop({ lr: 0.05, decay: 0.9, eps: 1e-3 }),
  "rmsprop, centred": rmsprop({ lr: 0.05, decay: 0.9, centred: true }),
  adamW: adamW(),
  "adamW, a line": adamW({
    lr: linearFrom({ from: 0.1, to: 0.01 }),
    beta1: 0.5,
    beta2: 0.9,
    weightDecay: 0.3,
  }),
  "sgd, gradients clipped": clipGradients(sgd({ lr: 0.1, momentum: 0.9 }), 0.3),
  "adam, norm clipped": clipGradientNorm(adam({ lr: 0.1 }), 1),
  "sgd, gradients and norm clipped": clipGradients(clipGradientNorm(sgd({ lr: 0.1 }), 0.75), 0.5),
  "rmsprop, weights clipped": clipWeights(rmsprop({ lr: 0.05 }), 0.5),
};

describe("learners move as PyTorch's do, two tensors at a time", () => {
  test("every golden is used", () => {
    expect(golden.made).toMatch(/^PyTorch 2\.6/);
    expect(Object.keys(learners)).toEqual(Object.keys(golden.learners));
  });

  test.each(Object.entries(learners))("%s", (name, learner) => {
    const { before, gradients: slopes, moved } = golden.learners[name]!;
    expect(moved.length).toBeGreaterThan(4);
    const given = before.map(({ shape }, k) => input(`gradient ${k}`, shape));
    const seen = learner.together?.(given) ?? given;
    const outputs = before.flatMap(({ shape }, k) => {
      const step = learner.move({
        parameter: input(`parameter ${k}`, shape),
        gradient: seen[k]!,
        slots: Object.fromEntries(learner.slots.map((s) => [s, input(`${s} ${k}`, shape)])),
        clock: { progress: input("progress", []), moves: input("moves", []) },
      });
      expect(Object.keys(step.slots)).toEqual(learner.slots);
      return [step.parameter, ...learner.slots.map((slot) => step.slots[slot]!)];
    });
    const names = before.flatMap((_, k) => ["parameter", ...learner.slots].map((n) => `${n} ${k}`));
    let values: Record<string, ArrayLike<number>> = {};
    before.forEach(({ data }, k) => {
      for (const slot of learner.slots) values[`${slot} ${k}`] = data.map(() => 0);
      values[`parameter ${k}`] = data;
    });
    slopes.forEach((now, i) => {
      now.forEach(({ data }, k) => {
        values[`gradient ${k}`] = data;
      });
      const clock = { progress: [i / slopes.length], moves: [i + 1] };
      const found = evaluate(outputs, { ...values, ...clock });
      values = { ...values, ...Object.fromEntries(names.map((n, k) => [n, found[k]!])) };
      before.forEach(({ data }, k) => {
        const by = data.map((value, j) => values[`parameter ${k}`]![j]! - value);
        expectClose(by, moved[i]![k], `tensor ${k} after move ${i + 1}`);
      });
    });
  });

  test("names tell what is held, for tables", () => {
    expect(Object.values(learners).map((learner) => learner.name)).toEqual([
      "rmsprop",
      "rmsprop",
      "rmsprop, centred",
      "adamW",
      "adamW",
      "sgd with gradients within ±0.3",
      "adam with a gradient norm up to 1",
      "sgd with a gradient norm up to 0.75 with gradients within ±0.5",
      "rmsprop with weights within ±0.5",
    ]);
  });
});

test("feedback goes one step against the sign, and stays within its bounds", () => {
  const { move, slots } = feedback({ step: 0.25, low: 0, high: 1 });
  expect(slots).toEqual([]);
  const { parameter } = move({
    parameter: input("p", [5]),
    gradient: input("g", [5]),
    slots: {},
    clock: { progress: input("progress", []), moves: input("moves", []) },
  });
  const values = { p: [0.5, 0.5, 0.5, 0.125, 0.875], g: [1e-9, -100, 0, 3, -3] };
  expect(Array.from(evaluate([parameter], values)[0]!)).toEqual([0.25, 0.75, 0.5, 0, 1]);
});

test("overfitting is the mean sign of logits, with a slope of zero", () => {
  const logits = input("d", [4]);
  const r = overfitting(logits);
  const [value, slope] = evaluate([r, ...gradients(r, [logits])], { d: [3, 0.2, -1, 5] });
  expect(Array.from(value!)).toEqual([0.5]);
  expect(Array.from(slope!)).toEqual([0, 0, 0, 0]);
  expect(Array.from(evaluate([overfitting(constant([-1, -2]))])[0]!)).toEqual([-1]);
});
