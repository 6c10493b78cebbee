import { ShapeError } from "../shape/error.js";
import { broadcastShape, type Shape, sameShape, sizeOf } from "../shape/shape.js";
import type { Type } from "../shape/type.js";
import {
  type ConvolutionOptions,
  convolutionShape,
  inputGradientShape,
  weightGradientShape,
} from "./convolution-shapes.js";

/** What inference needs of an operand. */
export interface Typed {
  readonly shape: Shape;
  readonly type: Type;
}

type None = Readonly<Record<never, never>>;

/** Every primitive with its attributes; the keys of this record are the primitives. */
export interface Attributes {
  input: { readonly name: string; readonly shape: Shape; readonly type: Type };
  constant: { readonly values: Float64Array; readonly shape: Shape; readonly type: Type };
  detach: None;

  negate: None;
  exp: None;
  log: None;
  sqrt: None;
  tanh: None;
  sigmoid: None;
  softplus: None;
  sin: None;
  cos: None;
  abs: None;
  sign: None;
  floor: None;
  power: { readonly exponent: number };
  leakyRelu: { readonly slope: number };

  add: None;
  subtract: None;
  multiply: None;
  divide: None;
  maximum: None;
  minimum: None;

  greater: None;
  equal: None;
  and: None;
  not: None;
  select: None;
  cast: { readonly type: Type };

  sum: { readonly axes: readonly number[] };
  max: { readonly axes: readonly number[] };
  argMax: { readonly axis: number };

  reshape: { readonly shape: Shape };
  transpose: { readonly order: readonly number[] };
  broadcast: { readonly shape: Shape };
  slice: { readonly starts: Shape; readonly ends: Shape; readonly steps: Shape };
  reverse: { readonly axes: readonly number[] };
  pad: { readonly before: Shape; readonly after: Shape; readonly between: Shape };
  concatenate: { readonly axis: number };
  gather: { readonly axis: number };
  scatterAdd: { readonly axis: number; readonly size: number };

  matmul: None;
  convolution: ConvolutionOptions;
  convolutionInputGradient: ConvolutionOptions & { readonly size: Shape };
  convolutionWeightGradient: ConvolutionOptions & { readonly kernel: Shape };
}

export type Primitive = keyof Attributes;

type Infer<P extends Primitive> = (inputs: readonly Typed[], attributes: Attributes[P]) => Typed;

/** Shape and type of a primitive's output; throws a `ShapeError` where operands do not fit. */
export function inferSignature<P extends Primitive>(
  op: P,
  inputs: readonly Typed[],
  attributes: Attributes[P],
): Typed {
  return signatures[op](inputs, attributes);
}

function fail(op: string, why: string, ...shapes: readonly (Typed | undefined)[]): never {
  const labels = shapes.length === 1 ? ["input"] : ["left", "right"];
  const operands = shapes.map((s, i) => ({ label: labels[i]!, value: s!.shape }));
  throw new ShapeError({ op, why, operands });
}

function needFloats(op: string, inputs: readonly Typed[]): void {
  const other = inputs.find((x) => x.type !== "float32");
  if (other !== undefined) fail(op, `needs float32, has ${other.type}`, ...inputs);
}

const unary =
  (op: string): Infer<Primitive> =>
  ([x]) => {
    if (x!.type !== "float32") fail(op, `needs float32, has ${x!.type}`, x);
    return x!;
  };

const binary =
  (op: string, output?: Type): Infer<Primitive> =>
  ([a, b]) => {
    if (a!.type !== b!.type) fail(op, `types differ, ${a!.type} and ${b!.type}`, a, b);
    if (a!.type === "bool" && output !== "bool") fail(op, "needs numbers, has bool", a, b);
    const shape = broadcastShape(a!.shape, b!.shape);
    if (shape === undefined) fail(op, "shapes do not broadcast", a, b);
    return { shape, type: output ?? a!.type };
  };

const logical =
  (op: string): Infer<Primitive> =>
  (inputs) => {
    for (const x of inputs) if (x.type !== "bool") fail(op, `needs bool, has ${x.type}`, ...inputs);
    return inputs.length === 1 ? inputs[0]! : binary(op, "bool")(inputs, {});
  };

/** Reductions keep the axes they reduce, with size 1. */
const reduction =
  (op: "sum" | "max"): Infer<"sum" | "max"> =>
  ([x], { axes }) => {
    for (const axis of axes) checkAxis(op, axis, x!);
    if (x!.type === "bool") fail(op, "needs numbers, has bool", x);
    return { shape: x!.shape.map((d, i) => (axes.includes(i) ? 1 : d)), type: x!.type };
  };

function checkAxis(op: string, axis: number, x: Typed): void {
  if (!(Number.isInteger(axis) && axis >= 0 && axis < x.shape.length)) {
    fail(op, `no axis ${axis}`, x);
  }
}

const signatures: { readonly [P in Primitive]: Infer<P> } = {
  input: (_, { shape, type }) => ({ shape, type }),
  constant: (_, { values, shape, type }) => {
    if (values.length !== sizeOf(shape)) {
      const why = `${values.length} values do not fill ${sizeOf(shape)} places`;
      throw new ShapeError({ op: "constant", why, operands: [{ label: "shape", value: shape }] });
    }
    return { shape, type };
  },
  detach: ([x]) => x!,

  negate: unary("negate"),
  exp: unary("exp"),
  log: unary("log"),
  sqrt: unary("sqrt"),
  tanh: unary("tanh"),
  sigmoid: unary("sigmoid"),
  softplus: unary("softplus"),
  sin: unary("sin"),
  cos: unary("cos"),
  abs: unary("abs"),
  sign: unary("sign"),
  floor: unary("floor"),
  power: unary("power"),
  leakyRelu: (inputs, { slope }) => unary(slope === 0 ? "relu" : "leakyRelu")(inputs, {}),

  add: binary("plus"),
  subtract: binary("minus"),
  multiply: binary("times"),
  divide: binary("over"),
  maximum: binary("maximum"),
  minimum: binary("minimum"),

  greater: binary("greater", "bool"),
  equal: binary("equal", "bool"),
  and: logical("and"),
  not: logical("not"),
  select: ([condition, a, b]) => {
    if (condition!.type !== "bool") fail("select", `needs bool, has ${condition!.type}`, condition);
    const branches = binary("select", a!.type)([a!, b!], {});
    const shape = broadcastShape(condition!.shape, branches.shape);
    if (shape === undefined) {
      const operands = [
        { label: "condition", value: condition!.shape },
        { label: "branches", value: branches.shape },
      ];
      throw new ShapeError({ op: "select", why: "shapes do not broadcast", operands });
    }
    return { shape, type: branches.type };
  },
  cast: ([x], { type }) => ({ shape: x!.shape, type }),

  sum: reduction("sum"),
  max: reduction("max"),
  argMax: ([x], { axis }) => {
    checkAxis("argMax", axis, x!);
    return { shape: x!.shape.filter((_, i) => i !== axis), type: "int32" };
  },

  reshape: ([x], { shape }) => {
    if (sizeOf(shape) !== sizeOf(x!.shape)) {
      const why = `${sizeOf(x!.shape)} elements do not fill ${sizeOf(shape)} places`;
      const operands = [
        { label: "from", value: x!.shape },
        { label: "to", value: shape },
      ];
      throw new ShapeError({ op: "reshape", why, operands });
    }
    return { shape, type: x!.type };
  },
  transpose: ([x], { order }) => {
    const whole = [...order].sort((a, b) => a - b).every((axis, i) => axis === i);
    if (!whole || order.length !== x!.shape.length) {
      fail("transpose", `order [${order.join(" ")}] does not name each axis once`, x);
    }
    return { shape: order.map((axis) => x!.shape[axis]!), type: x!.type };
  },
  broadcast: ([x], { shape }) => {
    const reached = broadcastShape(x!.shape, shape);
    if (reached === undefined || !sameShape(reached, shape)) {
      const operands = [
        { label: "from", value: x!.shape },
        { label: "to", value: shape },
      ];
      throw new ShapeError({ op: "broadcast", why: "shape cannot be reached", operands });
    }
    return { shape, type: x!.type };
  },
  slice: ([x], { starts, ends, steps }) => {
    if (starts.length !== x!.shape.length) fail("slice", "needs a range for every axis", x);
    const shape = x!.shape.map((d, i) => {
      const [start, end, step] = [starts[i]!, ends[i]!, steps[i]!];
      if (!(start >= 0 && start < end && end <= d && step >= 1)) {
        fail("slice", `axis ${i} has no ${start} to ${end} by ${step}`, x);
      }
      return Math.ceil((end - start) / step);
    });
    return { shape, type: x!.type };
  },
  reverse: ([x], { axes }) => {
    for (const axis of axes) checkAxis("reverse", axis, x!);
    return x!;
  },
  pad: ([x], { before, after, between }) => {
    for (const widths of [before, after, between]) {
      if (widths.length !== x!.shape.length || widths.some((n) => n < 0)) {
        fail("pad", `widths [${widths.join(" ")}] do not fit`, x);
      }
    }
    const shape = x!.shape.map((d, i) => before[i]! + d + (d - 1) * between[i]! + after[i]!);
    return { shape, type: x!.type };
  },
  concatenate: (inputs, { axis }) => {
    const [first] = inputs;
    checkAxis("concatenate", axis, first!);
    let total = 0;
    for (const x of inputs) {
      if (x.type !== first!.type) {
        fail("concatenate", `types differ, ${first!.type} and ${x.type}`, first, x);
      }
      const fits =
        x.shape.length === first!.shape.length &&
        x.shape.every((d, i) => i === axis || d === first!.shape[i]);
      if (!fits) fail("concatenate", `only axis ${axis} may differ`, first, x);
      total += x.shape[axis]!;
    }
    return { shape: first!.shape.map((d, i) => (i === axis ? total : d)), type: first!.type };
  },
  gather: ([x, indices], { axis }) => {
    checkAxis("gather", axis, x!);
    if (indices!.type !== "int32") fail("gather", `needs int32 indices, has ${indices!.type}`, x);
    const shape = [...x!.shape.slice(0, axis), ...indices!.shape, ...x!.shape.slice(axis + 1)];
    return { shape, type: x!.type };
  },
  scatterAdd: ([values, indices], { axis, size }) => {
    needFloats("scatterAdd", [values!]);
    const inner = values!.shape.slice(axis, axis + indices!.shape.length);
    if (indices!.type !== "int32" || !sameShape(inner, indices!.shape)) {
      fail("scatterAdd", `indices do not fit values from axis ${axis} on`, values, indices);
    }
    const rest = values!.shape.slice(axis + indices!.shape.length);
    return { shape: [...values!.shape.slice(0, axis), size, ...rest], type: values!.type };
  },

  matmul: ([a, b]) => {
    needFloats("matmul", [a!, b!]);
    if (a!.shape.length < 2 || b!.shape.length < 2) fail("matmul", "needs two axes", a, b);
    const [m, k] = a!.shape.slice(-2);
    const [k2, n] = b!.shape.slice(-2);
    if (k !== k2) {
      const why = `inner sizes differ, ${k} ≠ ${k2}`;
      const operands = [
        { label: "left", value: a!.shape, axes: "m k".padStart(a!.shape.length * 2 - 1, "… ") },
        { label: "right", value: b!.shape, axes: "k n".padStart(b!.shape.length * 2 - 1, "… ") },
      ];
      throw new ShapeError({ op: "matmul", why, operands });
    }
    const batch = broadcastShape(a!.shape.slice(0, -2), b!.shape.slice(0, -2));
    if (batch === undefined) fail("matmul", "leading axes do not broadcast", a, b);
    return { shape: [...batch, m!, n!], type: a!.type };
  },
  convolution: ([x, w], options) => {
    needFloats("convolution", [x!, w!]);
    return { shape: convolutionShape(x!.shape, w!.shape, options), type: "float32" };
  },
  convolutionInputGradient: ([g, w], options) => {
    needFloats("transposed convolution", [g!, w!]);
    return { shape: inputGradientShape(g!.shape, w!.shape, options), type: "float32" };
  },
  convolutionWeightGradient: ([x, g], options) => ({
    shape: weightGradientShape(x!.shape, g!.shape, options),
    type: "float32",
  }),
};
