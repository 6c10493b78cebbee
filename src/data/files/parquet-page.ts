import type { ParquetType } from "hyparquet";
import { BadFile } from "./source.js";

/** One value of a column. */
export type Value = Uint8Array | number | bigint | boolean | null;

const ended = (): BadFile => new BadFile("is damaged (a page ends early)");

/** A place in a page that never leaves it. */
export class PageReader {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  take(count: number): Uint8Array {
    if (count < 0 || count > this.left) throw ended();
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  /** Values one after another, as `PLAIN` stores them. */
  plain(
    type: ParquetType,
    { count, length }: { readonly count: number; readonly length: number },
  ): Value[] {
    const least =
      type === "BOOLEAN" ? 1 / 8 : type === "FIXED_LEN_BYTE_ARRAY" ? length : widths[type];
    if (!(least > 0)) throw new BadFile(`holds values of type ${type}, which are not read`);
    if (count * least > this.left) throw ended();
    const values = new Array<Value>(count);
    const start = this.at;
    const { view } = this;
    for (let i = 0; i < count; i++) {
      if (type === "BYTE_ARRAY") values[i] = this.take(this.uint32());
      else if (type === "FIXED_LEN_BYTE_ARRAY") values[i] = this.take(length);
      else if (type === "BOOLEAN")
        values[i] = ((this.bytes[start + (i >> 3)]! >> (i & 7)) & 1) === 1;
      else if (type === "INT32") values[i] = view.getInt32(start + 4 * i, true);
      else if (type === "INT64") values[i] = view.getBigInt64(start + 8 * i, true);
      else if (type === "FLOAT") values[i] = view.getFloat32(start + 4 * i, true);
      else values[i] = view.getFloat64(start + 8 * i, true);
    }
    return values;
  }

  /**
   * Small numbers in Parquet's hybrid of runs and packed bits: exactly `count` of them, so that a
   * run that says it is longer ends where it should.
   */
  hybrid(width: number, count: number): Uint32Array {
    if (width > 32) throw new BadFile("is damaged (its numbers have more than 32 bits)");
    const numbers = new Uint32Array(count);
    if (width === 0) return numbers;
    for (let seen = 0; seen < count; ) {
      const head = this.varint();
      if (head % 2 === 0) {
        const value = this.take(Math.ceil(width / 8)).reduceRight((v, byte) => v * 256 + byte, 0);
        if (head === 0) throw new BadFile("is damaged (a run is empty)");
        const end = Math.min(count, seen + head / 2);
        numbers.fill(value, seen, end);
        seen = end;
      } else {
        const packed = this.take(Math.min(this.left, Math.floor(head / 2) * width));
        const there = Math.min(count - seen, Math.floor((8 * packed.length) / width));
        if (there === 0) throw ended();
        for (let i = 0; i < there; i++)
          numbers[seen + i] = bitsAt(packed, { at: i * width, width });
        seen += there;
      }
    }
    return numbers;
  }

  uint32(): number {
    const [a, b, c, d] = this.take(4);
    return a! + 256 * b! + 65536 * c! + 16777216 * d!;
  }

  private varint(): number {
    let value = 0;
    for (let i = 0; i < 5; i++) {
      const [byte] = this.take(1);
      value += (byte! & 127) * 2 ** (7 * i);
      if (byte! < 128) return value;
    }
    throw new BadFile("is damaged (a run has no length)");
  }
}

const widths: Readonly<Record<ParquetType, number>> = {
  BOOLEAN: 1 / 8,
  INT32: 4,
  INT64: 8,
  INT96: 0,
  FLOAT: 4,
  DOUBLE: 8,
  BYTE_ARRAY: 4,
  FIXED_LEN_BYTE_ARRAY: 0,
};

function bitsAt(
  bytes: Uint8Array,
  { at, width }: { readonly at: number; readonly width: number },
): number {
  let value = 0;
  for (let bit = 0; bit < width; ) {
    const place = at + bit;
    const count = Math.min(8 - (place & 7), width - bit);
    const part = (bytes[place >> 3]! >> (place & 7)) & ((1 << count) - 1);
    value += part * 2 ** bit;
    bit += count;
  }
  return value;
}
