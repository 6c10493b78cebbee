import { formatShape, type Shape } from "../shape/shape.js";
import type { Type } from "../shape/type.js";
import { type Attributes, inferSignature, type Primitive } from "./primitives.js";

/** What stands beside a tensor in an infix operation; a number is a scalar constant. */
export type Operand = Tensor | number;

/**
 * A symbolic tensor: what will be computed, with its shape and type already settled. Immutable;
 * numbers appear only when a device runs the graph.
 */
export class Tensor<P extends Primitive = Primitive> {
  readonly op: P;
  readonly inputs: readonly Tensor[];
  readonly attributes: Attributes[P];
  readonly shape: Shape;
  readonly type: Type;

  /** Prefer the functions of `operations.ts`; this makes one node of any primitive. */
  constructor(op: P, inputs: readonly Tensor[], attributes: Attributes[P]) {
    const { shape, type } = inferSignature(op, inputs, attributes);
    this.op = op;
    this.inputs = inputs;
    this.attributes = attributes;
    this.shape = shape;
    this.type = type;
  }

  get rank(): number {
    return this.shape.length;
  }

  /** Sum, element by element, with NumPy's broadcasting. */
  plus(other: Operand): Tensor {
    return new Tensor("add", [this, lift(other)], {});
  }

  /** Difference, element by element, with NumPy's broadcasting. */
  minus(other: Operand): Tensor {
    return new Tensor("subtract", [this, lift(other)], {});
  }

  /** Product, element by element, with NumPy's broadcasting. */
  times(other: Operand): Tensor {
    return new Tensor("multiply", [this, lift(other)], {});
  }

  /** Quotient, element by element, with NumPy's broadcasting. */
  over(other: Operand): Tensor {
    return new Tensor("divide", [this, lift(other)], {});
  }

  toString(): string {
    return `${this.op} ${this.type} ${formatShape(this.shape)}`;
  }
}

/** A number as a float32 scalar; a tensor as it is. */
export const lift = (value: Operand): Tensor =>
  typeof value === "number" ? constant(value) : value;

/** A tensor whose numbers are known now: a scalar, or values in row-major order with their shape. */
export function constant(
  values: number | readonly number[] | Float32Array | Int32Array | Uint8Array,
  options: { readonly shape?: Shape; readonly type?: Type } = {},
): Tensor {
  const list = typeof values === "number" ? [values] : values;
  const shape = options.shape ?? (typeof values === "number" ? [] : [list.length]);
  const type = options.type ?? (values instanceof Int32Array ? "int32" : "float32");
  // Kept in float64, so that folding constants rounds once.
  return new Tensor("constant", [], { values: Float64Array.from(list), shape, type });
}

/** A tensor whose numbers are given when the graph runs. */
export function input(name: string, shape: Shape, type: Type = "float32"): Tensor<"input"> {
  return new Tensor("input", [], { name, shape, type });
}
