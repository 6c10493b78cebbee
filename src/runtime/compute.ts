import { lower } from "../onnx/lower.js";
import { ShapeError } from "../shape/error.js";
import { sizeOf } from "../shape/shape.js";
import { allocate, type TypedArray } from "../shape/type.js";
import type { Tensor } from "../tensor/tensor.js";
import { type DeviceName, plainDevice } from "./device.js";
import { Memory, type Port } from "./memory.js";

export interface ComputeOptions {
  /** Where it is computed; the processor by default. */
  readonly device?: DeviceName;
}

/**
 * The numbers of tensors `[…]`, computed once: named tensors and the numbers of their inputs in,
 * row-major numbers out. To compute the same again and again, `lower` once and keep the session.
 *
 * @throws {ShapeError} when an input is given other than as many numbers as its shape has.
 * @throws {BelamyError} when an input is not given, or the device cannot run the graph.
 *
 * @example
 * const x = input("x", [3]);
 * const { y } = await compute({ y: square(x) }, { x: [1, 2, 3] });
 * y; // → [1,4,9]
 */
export async function compute<const K extends string>(
  outputs: Readonly<Record<K, Tensor>>,
  inputs: Readonly<Record<string, ArrayLike<number>>> = {},
  { device = plainDevice }: ComputeOptions = {},
): Promise<Readonly<Record<K, TypedArray>>> {
  const names = Object.keys(outputs) as K[]; // the record's own
  // A model has one name for one value: an output may be called as an input is.
  const graph = lower(Object.fromEntries(names.map((name) => [inside(name), outputs[name]])));
  const fed = graph.inputs.flatMap((port) => {
    const numbers = inputs[port.name];
    return numbers === undefined ? [] : [[port.name, arrayOf(port, numbers)] as const];
  });
  const memory = new Memory({ device });
  try {
    const { model, inputs: feeds, outputs: returns } = graph;
    const { run } = await memory.load({ model, reads: [], feeds, writes: [], returns });
    const found = await run(Object.fromEntries(fed));
    const numbers = names.map((name) => [name, found[inside(name)]]);
    return Object.fromEntries(numbers) as Record<K, TypedArray>; // one for each name
  } finally {
    await memory.release();
  }
}

const inside = (name: string): string => `computed ${name}`;

function arrayOf({ name, shape, type }: Port, numbers: ArrayLike<number>): TypedArray {
  const places = sizeOf(shape);
  if (numbers.length !== places) {
    throw new ShapeError({
      op: "compute",
      why: `${numbers.length} numbers for ${name}, which has ${places}`,
      operands: [{ label: name, value: shape }],
    });
  }
  const array = allocate(type, places);
  array.set(numbers);
  return array;
}
