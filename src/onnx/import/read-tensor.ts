import { DataError } from "../../shape/error.js";
import { type Shape, sizeOf } from "../../shape/shape.js";
import type { Type } from "../../shape/type.js";
import { integer, numbers, readMessage } from "./wire.js";

/** A tensor in a model: its numbers, whatever they were stored as. */
export interface StoredTensor {
  readonly name: string;
  readonly shape: Shape;
  /** Integers of any width are int32 here, floats of any width float32. */
  readonly type: Type;
  readonly values: Float32Array | Float64Array;
}

/** How numbers of one type are read from bytes. */
interface Format {
  readonly size: number;
  readonly type: Type;
  at(view: DataView, byte: number): number;
}

/** By ONNX's numbers for types. */
const formats: Readonly<Record<number, Format>> = {
  1: { size: 4, type: "float32", at: (v, i) => v.getFloat32(i, true) },
  2: { size: 1, type: "int32", at: (v, i) => v.getUint8(i) },
  3: { size: 1, type: "int32", at: (v, i) => v.getInt8(i) },
  5: { size: 2, type: "int32", at: (v, i) => v.getInt16(i, true) },
  6: { size: 4, type: "int32", at: (v, i) => v.getInt32(i, true) },
  7: { size: 8, type: "int32", at: (v, i) => Number(v.getBigInt64(i, true)) },
  9: { size: 1, type: "bool", at: (v, i) => v.getUint8(i) },
  10: { size: 2, type: "float32", at: (v, i) => half(v.getUint16(i, true)) },
  11: { size: 8, type: "float32", at: (v, i) => v.getFloat64(i, true) },
  16: { size: 2, type: "float32", at: (v, i) => brain(v.getUint16(i, true)) },
};

/** The type of our tensors for one of ONNX's; undefined where there is none. */
export const typeOf = (code: number): Type | undefined => formats[code]?.type;

/**
 * Reads a TensorProto.
 *
 * @throws {DataError} when its numbers are of another kind, elsewhere, or too few.
 */
export function readTensor(bytes: Uint8Array): StoredTensor {
  const shape: number[] = [];
  const given: number[] = [];
  let raw: Uint8Array | undefined;
  let [name, code, isElsewhere] = ["", 0, false];
  readMessage(bytes, {
    1: numbers(shape, integer),
    2: (r) => {
      code = integer(r);
    },
    4: numbers(given, (r) => r.float()),
    5: numbers(given, (r) => r.int32()),
    7: numbers(given, integer),
    8: (r) => {
      name = r.string();
    },
    9: (r) => {
      raw = r.bytes();
    },
    10: numbers(given, (r) => r.double()),
    14: (r) => {
      isElsewhere = integer(r) === 1;
    },
  });
  if (isElsewhere) throw new DataError({ op: "", why: `keeps ${name} in another file` });
  const format = formats[code];
  if (format === undefined) {
    throw new DataError({
      op: "",
      why: `${name} has numbers of a type, ${code}, that is not read`,
    });
  }
  const count = sizeOf(shape);
  const values = raw === undefined ? spelled(given, code) : fromRaw(raw, format, count);
  if (values.length !== count) {
    const why = `${name} has ${values.length} numbers, not ${count} for [${shape.join(" ")}]`;
    throw new DataError({ op: "", why });
  }
  return { name, shape, type: format.type, values };
}

/** Numbers written one by one; halves are written as integers. */
function spelled(given: readonly number[], code: number): Float64Array {
  if (code === 10) return Float64Array.from(given, half);
  if (code === 16) return Float64Array.from(given, brain);
  return Float64Array.from(given);
}

function fromRaw(raw: Uint8Array, format: Format, count: number): Float32Array | Float64Array {
  const length = Math.min(count, Math.floor(raw.byteLength / format.size));
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const values = format.type === "float32" ? new Float32Array(length) : new Float64Array(length);
  for (let i = 0; i < length; i++) values[i] = format.at(view, i * format.size);
  return values;
}

/** An IEEE half. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const [exponent, fraction] = [(bits >> 10) & 0x1f, bits & 0x3ff];
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** A bfloat16: the upper half of a float32. */
function brain(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits << 16);
  return view.getFloat32(0);
}
