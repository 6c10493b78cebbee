import { formatShape, type Shape } from "../shape/shape.js";
import type { Type } from "../shape/type.js";
import { type Attributes, inferSignature, type Primitive } from "./primitives.js";

/** What stands beside a tensor in an infix operation; a number is a scalar constant. */
export type Operand = Tensor | number;

/**
 * A symbolic tensor: what will be computed, with its shape and type already settled. Immutable;
 * numbers appear only when a device runs the graph.
 *
 * @example
 * const x = input("x", [64, 3]);
 * x.times(2).plus(constant([1, 2, 3])).shape; // → [64,3]
 */
export class Tensor<P extends Primitive = Primitive> {
  /** The primitive that computes it. */
  readonly op: P;
  /** What it is computed from. */
  readonly inputs: readonly Tensor[];
  /** What else the primitive must know, such as axes and strides. */
  readonly attributes: Attributes[P];
  /** Sizes of its axes. */
  readonly shape: Shape;
  /** Type of its elements. */
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

  /** How many axes it has. */
  get rank(): number {
    return this.shape.length;
  }

  /**
   * Sum, element by element, with NumPy's broadcasting: `[…a], […b] → […]`
   * @throws {ShapeError} when the shapes do not broadcast.
   * @example constant([1, 2]).plus(10); // → [11,12]
   */
  plus(other: Operand): Tensor {
    return new Tensor("add", [this, lift(other)], {});
  }

  /**
   * Difference, element by element, with NumPy's broadcasting: `[…a], […b] → […]`
   * @throws {ShapeError} when the shapes do not broadcast.
   * @example constant([1, 2]).minus(10); // → [-9,-8]
   */
  minus(other: Operand): Tensor {
    return new Tensor("subtract", [this, lift(other)], {});
  }

  /**
   * Product, element by element, with NumPy's broadcasting: `[…a], […b] → […]`
   * @throws {ShapeError} when the shapes do not broadcast.
   * @example constant([1, 2]).times(constant([[3], [4]].flat(), { shape: [2, 1] })); // → [[3,6],[4,8]]
   */
  times(other: Operand): Tensor {
    return new Tensor("multiply", [this, lift(other)], {});
  }

  /**
   * Quotient, element by element, with NumPy's broadcasting: `[…a], […b] → […]`
   * @throws {ShapeError} when the shapes do not broadcast.
   * @example constant([1, 2]).over(4); // → [0.25,0.5]
   */
  over(other: Operand): Tensor {
    return new Tensor("divide", [this, lift(other)], {});
  }

  /**
   * Its primitive, type and shape as one line.
   * @example input("x", [2, 3]).toString(); // → "input float32 [2 3]"
   */
  toString(): string {
    return `${this.op} ${this.type} ${formatShape(this.shape)}`;
  }
}

/** A number as a float32 scalar; a tensor as it is. */
export const lift = (value: Operand): Tensor =>
  typeof value === "number" ? constant(value) : value;

/**
 * A tensor whose numbers are known now: a scalar, or values in row-major order with their shape:
 * `→ []`, `→ [n]` or `→ [shape]` with a `shape`. Float32 unless another `type` is given, int32 from
 * an Int32Array.
 *
 * @throws {ShapeError} when the values do not fill the shape.
 *
 * @example
 * constant([1, 2, 3, 4], { shape: [2, 2] }); // → [[1,2],[3,4]]
 */
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

/**
 * A tensor whose numbers are given when the graph runs: `→ [shape]`
 *
 * @example
 * const x = input("x", [2]);
 * await compute({ y: x.times(x) }, { x: [3, 4] }); // → {"y":[9,16]}
 */
export function input(name: string, shape: Shape, type: Type = "float32"): Tensor<"input"> {
  return new Tensor("input", [], { name, shape, type });
}
