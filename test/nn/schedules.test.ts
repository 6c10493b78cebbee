import { describe, expect, test } from "vitest";
import {
  cosineFrom,
  linearFrom,
  type Schedule,
  stepsFrom,
  warmedUp,
} from "../../src/nn/schedules.js";
import { ConfigurationError } from "../../src/shape/error.js";
import { evaluate } from "../../src/tensor/reference.js";
import { input } from "../../src/tensor/tensor.js";
import { apart, readGolden } from "./golden.js";

interface Golden {
  readonly schedules: Readonly<Record<string, readonly number[]>>;
}

const golden = readGolden<Golden>("learners.json"); // written by learners.py beside it

const at = Array.from({ length: 10 }, (_, i) => i / 10);
const progress = input("progress", [10]);

const schedules: Readonly<Record<string, Schedule>> = {
  "constant, then a line to zero": linearFrom({ from: 1, to: 0, since: 0.5 }),
  steps: stepsFrom(1, { 0.7: 0.01, 0.3: 0.1 }),
  "warmed up, then a cosine": warmedUp(cosineFrom({ from: 1, to: 0 }), { until: 0.4 }),
  "warmed up": warmedUp(1, { until: 0.4 }),
};

describe("schedules are PyTorch's, step for step", () => {
  test("every golden is used", () => {
    expect(Object.keys(schedules)).toEqual(Object.keys(golden.schedules));
  });

  test.each(Object.entries(schedules))("%s", (name, schedule) => {
    const ours = evaluate([schedule(progress)], { progress: at })[0]!;
    expect(apart(ours, golden.schedules[name]!)).toBeLessThan(1e-8);
  });
});

test("a burn-in that begins late stays at both ends", () => {
  const schedule = cosineFrom({ from: 3, to: 1, since: 0.2, until: 0.6 })(progress);
  const ours = Array.from(evaluate([schedule], { progress: at })[0]!);
  expect(ours.slice(0, 3)).toEqual([3, 3, 3]);
  expect(ours[4]).toBeCloseTo(2, 12);
  for (const value of ours.slice(6)) expect(value).toBeCloseTo(1, 12);
});

test("steps without a jump are one value", () => {
  const ours = evaluate([stepsFrom(0.5, {})(input("progress", []))], { progress: [0.5] })[0]!;
  expect(Array.from(ours)).toEqual([0.5]);
});

test.each([
  [
    () => linearFrom({ from: 1, to: 0, since: 0.5, until: 0.5 }),
    "linearFrom: expected 0 ≤ since < until ≤ 1, received 0.5 and 0.5",
  ],
  [
    () => cosineFrom({ from: 1, to: 0, until: 2 }),
    "cosineFrom: expected 0 ≤ since < until ≤ 1, received 0 and 2",
  ],
  [() => stepsFrom(1, { 30: 0.1 }), "stepsFrom: expected jumps between 0 and 1, received 30"],
  [() => warmedUp(1, { until: 0 }), "warmedUp: expected 0 ≤ since < until ≤ 1, received 0 and 0"],
])("spans that are none are refused: %#", (make, message) => {
  expect(make).toThrow(
    new ConfigurationError({ op: message.split(": ")[0]!, why: message.split(": ")[1]! }),
  );
});
