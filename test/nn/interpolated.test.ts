import { expect, test } from "vitest";
import { network } from "../../src/game/network.js";
import { initialValues } from "../../src/nn/initializers.js";
import { interpolated, type Weights } from "../../src/nn/interpolated.js";
import { chain } from "../../src/nn/layer.js";
import { linear } from "../../src/nn/linear.js";
import { compute } from "../../src/runtime/compute.js";
import { constant } from "../../src/tensor/tensor.js";
import { apply } from "./apply.js";

const { built } = network([5], chain(linear(3)));
const drawn = (seed: number): Weights =>
  Object.fromEntries(
    Object.entries(built.parameters).map(([name, { shape, initial }]) => [
      name,
      initialValues(initial, { shape, name, seed }),
    ]),
  );
const [a, b] = [drawn(1), drawn(2)];
const x = constant([0.3, -1, 2, 0.5, 0.1], { shape: [1, 5] });
const made = async (weights: Weights) => (await compute({ y: apply(built, x).y }, weights)).y;

test("a linear network between two makes what lies between what they make", async () => {
  const [one, other] = [await made(a), await made(b)];
  for (const alpha of [0, 0.25, 1, 1.5]) {
    const between = await made(interpolated(a, b, alpha));
    between.forEach((value, i) => {
      expect(value).toBeCloseTo((1 - alpha) * one[i]! + alpha * other[i]!, 5);
    });
  }
});

test("the ends are the networks themselves, bit by bit", () => {
  expect(interpolated(a, b, 0)).toEqual(a);
  expect(interpolated(a, b, 1)).toEqual(b);
});

test("networks of other tensors are refused", () => {
  const says = (one: Weights, other: Weights, alpha = 0.5): string => {
    try {
      interpolated(one, other, alpha);
    } catch (error) {
      return String(error);
    }
    return "nothing";
  };
  const { "0.weight": weight, "0.bias": bias } = a as Record<string, Float32Array>;
  expect(says(a, { "0.weight": weight! })).toBe(
    "ShapeError: interpolated: only the first has 0.bias",
  );
  expect(says({ "0.weight": weight! }, a)).toBe(
    "ShapeError: interpolated: only the second has 0.bias",
  );
  expect(says(a, { "0.weight": weight!, "0.bias": bias!.slice(1) })).toBe(
    "ShapeError: interpolated: 0.bias has 3 numbers in one and 2 in the other",
  );
  expect(says(a, b, Number.NaN)).toBe(
    "ConfigurationError: interpolated.alpha: expected a number, received NaN",
  );
});
