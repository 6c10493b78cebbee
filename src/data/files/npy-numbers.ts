import { endianness } from "node:os";
import { bytesOf, type NpyHeader, type NpyType } from "./npy.js";

/** Numbers of an array, the last axis changing fastest. */
export type Numbers =
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Float32Array
  | Float64Array;

/**
 * Numbers from an array's bytes, in C order and in this machine's; 64-bit integers become float64.
 * The bytes are used up: they may be swapped where they are.
 */
export function numbersOf(header: NpyHeader, bytes: Uint8Array): Numbers {
  const { type, bigEndian, fortran, shape } = header;
  const size = bytesOf(type);
  // Typed arrays need their own alignment.
  const aligned = bytes.byteOffset % size === 0 ? bytes : Uint8Array.from(bytes);
  const { buffer, byteOffset, byteLength } = aligned;
  const swappable = Buffer.from(buffer, byteOffset, byteLength);
  if (bigEndian === (endianness() === "LE")) {
    if (size === 2) swappable.swap16();
    if (size === 4) swappable.swap32();
    if (size === 8) swappable.swap64();
  }
  const numbers = readers[type](buffer, byteOffset, byteLength / size);
  return fortran && shape.length > 1 ? toRowMajor(numbers, shape) : numbers;
}

type Reader = (buffer: ArrayBufferLike, start: number, count: number) => Numbers;

const readers: Readonly<Record<NpyType, Reader>> = {
  u1: (...at) => new Uint8Array(...at),
  u2: (...at) => new Uint16Array(...at),
  u4: (...at) => new Uint32Array(...at),
  u8: (...at) => Float64Array.from(new BigUint64Array(...at), Number),
  i1: (...at) => new Int8Array(...at),
  i2: (...at) => new Int16Array(...at),
  i4: (...at) => new Int32Array(...at),
  i8: (...at) => Float64Array.from(new BigInt64Array(...at), Number),
  f2: (...at) => Float32Array.from(new Uint16Array(...at), halfToNumber),
  f4: (...at) => new Float32Array(...at),
  f8: (...at) => new Float64Array(...at),
  b1: (...at) => new Uint8Array(...at),
};

/** IEEE 754 binary16: sign, 5 bits of exponent, 10 bits of fraction. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The same numbers with the last axis changing fastest instead of the first. */
function toRowMajor<T extends Numbers>(numbers: T, shape: readonly number[]): T {
  const out = numbers.slice() as T; // slice() keeps the kind of array.
  const steps = shape.map((_, axis) => shape.slice(0, axis).reduce((a, b) => a * b, 1));
  const place = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < out.length; to++) {
    out[to] = numbers[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place[axis]!++;
      from += steps[axis]!;
      if (place[axis]! < shape[axis]!) break;
      from -= shape[axis]! * steps[axis]!;
      place[axis] = 0;
    }
  }
  return out;
}
