import { describe, expect, test } from "vitest";
import {
  convolutionInputGradient,
  convolutionWeightGradient,
} from "../../src/tensor/convolution.js";
import {
  broadcast,
  cast,
  equal,
  greater,
  matmul,
  negate,
  pad,
  power,
  reshape,
  reverse,
  select,
  sigmoid,
  sin,
  slice,
  sumTo,
  transpose,
} from "../../src/tensor/operations.js";
import type { Primitive } from "../../src/tensor/primitives.js";
import { rules } from "../../src/tensor/rules.js";
import { constant, Tensor } from "../../src/tensor/tensor.js";
import { primitiveCases } from "../support/cases.js";
import { gradientErrors } from "../support/derivatives.js";

type Rules = { -readonly [P in Primitive]: (typeof rules)[P] };

interface Mutant<P extends Primitive = Primitive> {
  readonly of: P;
  readonly wrong: string;
  readonly rule: Rules[P];
}

const mutant = <P extends Primitive>(of: P, wrong: string, rule: Rules[P]): Mutant =>
  // A rule goes back into the table under the primitive that it came with.
  ({ of, wrong, rule }) as unknown as Mutant;

const swapLast = (x: Tensor): Tensor =>
  transpose(x, [...x.shape.keys()].slice(0, -2).concat(x.rank - 1, x.rank - 2));

/** Mistakes that an author of rules could make; each keeps its shapes, so that nothing else objects. */
const mutants: readonly Mutant[] = [
  mutant("divide", "the sign of the second gradient", (g, { output, inputs: [a, b] }) => {
    const toA = g.over(b!);
    return [sumTo(toA, a!.shape), sumTo(toA.times(output), b!.shape)];
  }),
  mutant("divide", "a divisor in place of its square", (g, { inputs: [a, b] }) => [
    sumTo(g.over(b!), a!.shape),
    sumTo(negate(g.times(a!).over(b!)), b!.shape),
  ]),
  mutant("subtract", "a sign", (g, { inputs: [a, b] }) => [sumTo(g, a!.shape), sumTo(g, b!.shape)]),
  mutant("multiply", "operands exchanged", (g, { inputs: [a, b] }) => [
    sumTo(g.times(a!), a!.shape),
    sumTo(g.times(b!), b!.shape),
  ]),
  mutant("tanh", "1 − y in place of 1 − y²", (g, { output }) => [
    g.times(constant(1).minus(output)),
  ]),
  mutant("tanh", "right at first, constant to second order", (g, { output }) => {
    const still = new Tensor("detach", [output], {});
    return [g.times(constant(1).minus(still.times(still)))];
  }),
  mutant("sigmoid", "y in place of y (1 − y)", (g, { output }) => [g.times(output)]),
  mutant("softplus", "its own value as slope", (g, { output }) => [g.times(output)]),
  mutant("softplus", "the sigmoid of −x", (g, { inputs: [x] }) => [g.times(sigmoid(negate(x!)))]),
  mutant("sqrt", "a missing half", (g, { output }) => [g.over(output)]),
  mutant("cos", "a sign", (g, { inputs: [x] }) => [g.times(sin(x!))]),
  mutant("power", "the exponent not lowered", (g, { inputs: [x], attributes: { exponent } }) => [
    g.times(power(x!, exponent).times(exponent)),
  ]),
  mutant("leakyRelu", "no slope below zero", (g, { inputs: [x] }) => [
    select(greater(x!, 0), g, 0),
  ]),
  mutant("select", "branches exchanged", (g, { inputs: [condition, a, b] }) => [
    undefined,
    sumTo(select(condition!, 0, g), a!.shape),
    sumTo(select(condition!, g, 0), b!.shape),
  ]),
  mutant("maximum", "both operands win", (g, { inputs: [a, b] }) => [
    sumTo(g, a!.shape),
    sumTo(g, b!.shape),
  ]),
  mutant("max", "not shared out along the axes", (g, { inputs: [x] }) => [broadcast(g, x!.shape)]),
  mutant("max", "the gradient squared", (g, { output, inputs: [x] }) => [
    cast(equal(x!, output), "float32").times(g).times(g),
  ]),
  mutant("sum", "a mean", (g, { inputs: [x] }) => [broadcast(g, x!.shape).times(0.5)]),
  mutant("transpose", "the order in place of its inverse", (g, { inputs: [x], attributes }) => {
    return [reshape(transpose(g, attributes.order), x!.shape)];
  }),
  mutant("slice", "off by one", (g, { inputs: [x], attributes: { starts, steps } }) => {
    const after = x!.shape.map((d, i) => d - starts[i]! - ((g.shape[i]! - 1) * steps[i]! + 1));
    const moved = starts.map((n, i) => (n > 0 ? n - 1 : after[i]! > 0 ? n + 1 : n));
    const rest = after.map((n, i) => n - (moved[i]! - starts[i]!));
    return [pad(g, { before: moved, after: rest, between: steps.map((n) => n - 1) })];
  }),
  mutant("pad", "off by one", (g, { inputs: [x], attributes: { before, between } }) => [
    slice(
      g,
      x!.shape.map((d, i) => {
        const start = Math.max(0, before[i]! - 1);
        const step = between[i]! + 1;
        return { start, end: start + (d - 1) * step + 1, step };
      }),
    ),
  ]),
  mutant("reverse", "not reversed", (g) => [g]),
  mutant("reverse", "every axis", (g) => [
    reverse(
      g,
      g.shape.map((_, i) => i),
    ),
  ]),
  mutant("concatenate", "every part is the first", (g, { inputs, attributes: { axis } }) =>
    inputs.map((x) =>
      slice(
        g,
        g.shape.map((_, i) => (i === axis ? { end: x.shape[axis]! } : undefined)),
      ),
    ),
  ),
  mutant("matmul", "a stray factor", (g, { inputs: [a, b] }) => [
    sumTo(matmul(g, swapLast(b!)), a!.shape).times(a!.rank),
    sumTo(matmul(swapLast(a!), g), b!.shape),
  ]),
  mutant("convolution", "stride and dilation exchanged", (g, { inputs: [x, w], attributes }) => {
    const { strides, dilations } = attributes;
    const exchanged = { ...attributes, strides: dilations, dilations: strides };
    const kernel = w!.shape.slice(2);
    const fits = kernel.every((k, i) => {
      const [before, after] = attributes.padding[i]!;
      const room = x!.shape[i + 2]! + before + after - strides[i]! * (k - 1) - 1;
      return Math.floor(room / dilations[i]!) + 1 === g.shape[i + 2];
    });
    return [
      convolutionInputGradient(g, w!, { ...attributes, size: x!.shape.slice(2) }),
      convolutionWeightGradient(x!, g, { ...(fits ? exchanged : attributes), kernel }),
    ];
  }),
  mutant("convolution", "padding sides exchanged", (g, { inputs: [x, w], attributes }) => {
    const padding = attributes.padding.map(([before, after]) => [after, before] as const);
    return [
      convolutionInputGradient(g, w!, { ...attributes, padding, size: x!.shape.slice(2) }),
      convolutionWeightGradient(x!, g, { ...attributes, kernel: w!.shape.slice(2) }),
    ];
  }),
  mutant("convolutionWeightGradient", "twice", (g, { inputs: [x, y], attributes }) => {
    const { strides, padding, dilations, groups } = attributes;
    const forward = { strides, padding, dilations, groups };
    return [
      convolutionInputGradient(y!, g, { ...forward, size: x!.shape.slice(2) }),
      new Tensor("convolution", [x!, g], forward).times(2),
    ];
  }),
];

describe("mutants of the rules are caught by the gradient check", () => {
  test.each(mutants)("$of: $wrong", ({ of, rule }) => {
    const cases = primitiveCases[of];
    const worst = (): number =>
      Math.max(...cases.map((c) => Math.max(...Object.values(gradientErrors(c)))));
    const table = rules as Rules; // readonly to everyone but this test
    const kept = table[of];
    expect(worst(), "the rule itself passes").toBeLessThan(1e-7);
    try {
      Object.assign(table, { [of]: rule });
      expect(worst(), "the mutant is caught").toBeGreaterThan(1e-3);
    } finally {
      Object.assign(table, { [of]: kept });
    }
  });
});
