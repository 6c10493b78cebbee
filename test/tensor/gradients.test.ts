import { describe, expect, test } from "vitest";
import * as conv from "../../src/tensor/convolution.js";
import { gradients, inOrder } from "../../src/tensor/gradients.js";
import * as operations from "../../src/tensor/operations.js";
import {
  detach,
  logSigmoid,
  logSumExp,
  maximum,
  power,
  softplus,
  sum,
} from "../../src/tensor/operations.js";
import * as pictures from "../../src/tensor/pictures.js";
import { evaluate } from "../../src/tensor/reference.js";
import { rules } from "../../src/tensor/rules.js";
import { constant, input, type Tensor } from "../../src/tensor/tensor.js";
import {
  allCases,
  type Case,
  compositionCases,
  inputsOf,
  primitiveCases,
} from "../support/cases.js";
import { gradientErrors } from "../support/derivatives.js";

/** Functions that are one primitive with other arguments, or no function of tensors. */
const covered: ReadonlySet<string> = new Set([
  ...Object.keys(primitiveCases),
  ...Object.keys(compositionCases),
  "relu",
]);

describe("cases", () => {
  test("there is one for every primitive, and it contains it", () => {
    const table: Readonly<Record<string, readonly Case[]>> = primitiveCases;
    for (const name of Object.keys(rules)) {
      expect(table[name]?.length, name).toBeGreaterThan(0);
      for (const c of table[name]!) {
        const primitives = inOrder([c.build(...inputsOf(c).tensors)]).map((node) => node.op);
        expect(primitives, `${name} ${c.name}`).toContain(name);
      }
    }
  });

  test("there is one for every exported function of tensors", () => {
    const functions = Object.keys({ ...operations, ...conv, ...pictures });
    expect(functions.filter((name) => !covered.has(name))).toEqual([]);
  });
});

describe("gradients agree with difference quotients", () => {
  // Through detach they differ on purpose; it has a test of its own below.
  test.each(allCases.filter((c) => c.about !== "detach"))("$name", (c) => {
    const { first, second } = gradientErrors(c);
    expect(first, "first order").toBeLessThan(1e-7);
    expect(second, "second order").toBeLessThan(1e-7);
  });
});

/** Values and slopes of a function of one number, to the order asked for. */
function jet(f: (x: Tensor) => Tensor, at: readonly number[], order: number): number[][] {
  const x = input("x", [at.length]);
  const found = [f(x)];
  for (let i = 0; i < order; i++) found.push(gradients(sum(found[i]!), [x])[0]!);
  return evaluate(found, { x: at }).map((list) => Array.from(list, (n) => n + 0));
}

describe("edges", () => {
  test("softplus neither overflows nor loses its tail", () => {
    expect(jet(softplus, [-1000, 89, 1000], 2)).toEqual([
      [0, 89, 1000],
      [0, 1, 1],
      [0, 0, 0],
    ]);
  });

  test("logSigmoid neither underflows nor overflows", () => {
    expect(jet(logSigmoid, [-1000, -89, 1000], 1)).toEqual([
      [-1000, -89, 0],
      [1, 1, 0],
    ]);
  });

  test("logSumExp keeps large and small sums", () => {
    const rows = constant([1000, 1000, -1000, -1000, 89, -89], { shape: [3, 2] });
    const [value] = evaluate([logSumExp(rows, { axes: [1] })]);
    expect(Array.from(value!)).toEqual([1000 + Math.LN2, -1000 + Math.LN2, 89]);
  });

  test("logSumExp has the softmax as slope, where exponentials would overflow", () => {
    expect(jet((x) => logSumExp(x), [1000, 1000], 1)).toEqual([[1000 + Math.LN2], [0.5, 0.5]]);
  });

  test("whole powers are smooth at zero, to every order", () => {
    expect(jet((x) => power(x, 2), [0, 3], 4)).toEqual([
      [0, 9],
      [0, 6],
      [2, 2],
      [0, 0],
      [0, 0],
    ]);
  });

  test("a tie is shared by halves", () => {
    expect(jet((x) => maximum(x, 2), [1, 2, 3], 1)[1]).toEqual([0, 0.5, 1]);
  });

  test("nothing flows through detach, or to what the loss does not need", () => {
    expect(jet((x) => detach(x).times(x), [3], 1)).toEqual([[9], [3]]);
    const [x, y] = [input("x", [2]), input("y", [2])];
    expect(Array.from(evaluate(gradients(sum(x), [y]))[0]!)).toEqual([0, 0]);
  });

  test("a gradient with respect to an intermediate tensor stops there", () => {
    const x = input("x", []);
    const y = x.times(x);
    const [toY] = gradients(y.times(y), [y]);
    expect(evaluate([toY!], { x: [3] })[0]![0]).toBe(18);
  });

  test("graphs deeper than the call stack are differentiated", () => {
    const x = input("x", []);
    let y: Tensor = x;
    for (let i = 0; i < 20_000; i++) y = y.plus(x);
    expect(evaluate(gradients(y, [x]), { x: [1] })[0]![0]).toBe(20_001);
  });
});
