import { BadFile } from "./source.js";

/** Deepest nesting of structs; Parquet's own go five deep. */
const deepest = 24;

/**
 * Finds the end of a struct in Thrift's compact protocol, and that its lengths, sizes and nesting
 * are possible. What parses it afterwards trusts them.
 */
export function endOfStruct(bytes: Uint8Array, start: number): number {
  return new Walk(bytes, start).struct(0);
}

const broken = (): BadFile => new BadFile("is damaged (its description is broken)");

class Walk {
  private readonly bytes: Uint8Array;
  private at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  struct(depth: number): number {
    if (depth > deepest) throw broken();
    for (;;) {
      const field = this.byte();
      if ((field & 15) === 0) return this.at;
      if (field >> 4 === 0) this.varint();
      this.skip(field & 15, depth);
    }
  }

  /** Steps over a value; a true or false of a field has no bytes of its own. */
  private skip(type: number, depth: number): void {
    if (type === 1 || type === 2) return;
    if (type === 3) this.step(1);
    else if (type <= 6) this.varint();
    else if (type === 7) this.step(8);
    else if (type === 8) this.step(this.varint());
    else if (type === 9) this.list(depth);
    else if (type === 12) this.struct(depth + 1);
    else throw broken();
  }

  private list(depth: number): void {
    const head = this.byte();
    const type = head & 15;
    const size = head >> 4 === 15 ? this.varint() : head >> 4;
    // Nothing in a list takes less than a byte.
    if (depth > deepest || size > this.bytes.length - this.at) throw broken();
    for (let i = 0; i < size; i++) this.skip(type <= 2 ? 3 : type, depth + 1);
  }

  private step(count: number): void {
    this.at += count;
    if (this.at > this.bytes.length) throw broken();
  }

  private byte(): number {
    this.step(1);
    return this.bytes[this.at - 1]!;
  }

  private varint(): number {
    let value = 0;
    for (let i = 0; i < 10; i++) {
      const byte = this.byte();
      value += (byte & 127) * 2 ** (7 * i);
      if (byte < 128) return value;
    }
    throw broken();
  }
}
