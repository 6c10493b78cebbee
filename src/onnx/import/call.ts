import { DataError } from "../../shape/error.js";
import { type Shape, sizeOf } from "../../shape/shape.js";
import type { Type } from "../../shape/type.js";
import { evaluate } from "../../tensor/reference.js";
import { constant, Tensor } from "../../tensor/tensor.js";
import type { ModelNode } from "./read.js";

/** Numbers that are known while a model is imported: shapes, axes, scales, small weights. */
export interface Known {
  readonly shape: Shape;
  readonly type: Type;
  readonly values: ArrayLike<number>;
}

/** What an operator of a model gives: a tensor of ours, or numbers that are known already. */
export type Result = Tensor | Known;

/** A value inside of a model. */
export interface Value {
  readonly known: Known | undefined;
  readonly tensor: () => Tensor;
}

/** What an operator knows of where it stands. */
export interface Around {
  readonly model: string;
  readonly opset: number;
  readonly inputs: readonly (Value | undefined)[];
}

export const isTensor = (result: Result): result is Tensor => result instanceof Tensor;

/** Known numbers as a tensor. */
export const asTensor = ({ shape, type, values }: Known): Tensor =>
  constant(Array.from(values), { shape, type });

/** Known integers, such as a shape. */
export const integersKnown = (values: readonly number[]): Known => ({
  shape: [values.length],
  type: "int32",
  values,
});

/** The numbers of a tensor that depends on constants alone. */
export function folded(x: Tensor): Known {
  const [values] = evaluate([x]);
  // Integers are divided without a remainder.
  const numbers = x.type === "int32" ? values!.map(Math.trunc) : values!;
  return { shape: x.shape, type: x.type, values: numbers };
}

/** One operator of a model and what it is given. */
export class Call {
  readonly node: ModelNode;
  readonly opset: number;
  private readonly model: string;
  private readonly inputs: readonly (Value | undefined)[];

  constructor(node: ModelNode, { model, opset, inputs }: Around) {
    this.node = node;
    this.model = model;
    this.opset = opset;
    this.inputs = inputs;
  }

  /** How many inputs there are, with those left out in between. */
  get count(): number {
    return this.inputs.length;
  }

  /** An input that must be there. */
  tensor(i: number): Tensor {
    return this.maybe(i) ?? this.fail(`lacks its input ${i}`);
  }

  /** An input that may be left out. */
  maybe(i: number): Tensor | undefined {
    return this.inputs[i]?.tensor();
  }

  all(): readonly Tensor[] {
    return this.inputs.map((_, i) => this.tensor(i));
  }

  /** The numbers of an input that must be known; undefined where it is left out. */
  known(i: number): readonly number[] | undefined {
    const value = this.inputs[i];
    if (value === undefined) return undefined;
    if (value.known === undefined) return this.fail(`needs its input ${i} to be constant`);
    return Array.from(value.known.values);
  }

  /** The same where nothing needs to be known. */
  perhaps(i: number): readonly number[] | undefined {
    const known = this.inputs[i]?.known;
    return known && Array.from(known.values);
  }

  has(attribute: string): boolean {
    return this.node.attributes[attribute] !== undefined;
  }

  number(attribute: string, otherwise: number): number {
    const value = this.node.attributes[attribute];
    return typeof value === "number" ? value : otherwise;
  }

  text(attribute: string, otherwise: string): string {
    const value = this.node.attributes[attribute];
    return typeof value === "string" ? value : otherwise;
  }

  list(attribute: string): readonly number[] | undefined {
    const value = this.node.attributes[attribute];
    return Array.isArray(value) ? value : undefined;
  }

  /** Numbers that became an input in some version of ONNX, and were an attribute before. */
  listed(attribute: string, input: number): readonly number[] | undefined {
    return this.list(attribute) ?? this.known(input);
  }

  /** Stops the import, and says where. */
  fail(why: string): never {
    const { name, op } = this.node;
    const operands = this.inputs.flatMap((value, i) => {
      const shape = value?.known?.shape ?? shapeOf(value);
      return shape === undefined ? [] : [{ label: `input ${i}`, value: shape }];
    });
    throw new DataError({ op: this.model, why: `${op} ${name} ${why}`, operands });
  }
}

function shapeOf(value: Value | undefined): Shape | undefined {
  try {
    return value?.tensor().shape;
  } catch {
    return undefined;
  }
}

/** An axis as it is counted from the end. */
export function axisOf(call: Call, axis: number, rank: number): number {
  const normal = axis < 0 ? axis + rank : axis;
  if (normal >= 0 && normal < rank) return normal;
  return call.fail(`has no axis ${axis}`);
}

/** How many numbers a shape holds, from some axis on. */
export const sizeFrom = (shape: Shape, axis: number): number => sizeOf(shape.slice(axis));
