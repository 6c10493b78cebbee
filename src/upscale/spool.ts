import { closeSync, openSync, rmSync } from "node:fs";
import { writeFully } from "../data/cache/entry.js";
import { readFully } from "../data/files/item-file.js";
import type { Numbers } from "./texture-read.js";

/** Rows of so many numbers up to this many bytes are kept in memory, more in a file. */
const inMemory = 32 * 2 ** 20;
const readAhead = 4 * 2 ** 20;

/** Rows of a picture that are written in any order and read in order, in little memory. */
export class Spool {
  private readonly each: number;
  private readonly most: number;
  private readonly path: string;
  private readonly rows: number;
  private readonly bytes: Uint8Array | undefined;
  private readonly file: number | undefined;
  private ahead = new Uint8Array();
  private aheadFrom = -1;

  /** `path` is where the file would be. */
  constructor({
    rows,
    width,
    most,
    path,
  }: {
    readonly rows: number;
    readonly width: number;
    readonly most: number;
    readonly path: string;
  }) {
    this.each = width * (most === 255 ? 1 : 2);
    this.most = most;
    this.path = path;
    this.rows = rows;
    if (rows * this.each <= inMemory) this.bytes = new Uint8Array(rows * this.each);
    else this.file = openSync(path, "w+");
  }

  /** Bytes that it takes on the disk. */
  static diskBytes(bytes: number): number {
    return bytes > inMemory ? bytes : 0;
  }

  write(y: number, row: Numbers): void {
    const bytes = new Uint8Array(row.buffer, row.byteOffset, row.byteLength);
    if (this.bytes) this.bytes.set(bytes, y * this.each);
    else writeFully(this.file!, bytes, y * this.each); // one of both
  }

  /** A row; it may be overwritten when another is read. */
  read(y: number): Numbers {
    const bytes = this.bytes
      ? this.bytes.subarray(y * this.each, (y + 1) * this.each)
      : this.fromFile(y);
    return this.most === 255
      ? bytes
      : new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
  }

  private fromFile(y: number): Uint8Array {
    const held = Math.floor(this.ahead.length / Math.max(1, this.each));
    if (this.aheadFrom < 0 || y < this.aheadFrom || y >= this.aheadFrom + held) {
      const count = Math.min(this.rows - y, Math.max(1, Math.floor(readAhead / this.each)));
      this.ahead = new Uint8Array(count * this.each);
      readFully(this.file!, { out: this.ahead, position: y * this.each, path: this.path });
      this.aheadFrom = y;
    }
    const at = (y - this.aheadFrom) * this.each;
    return this.ahead.subarray(at, at + this.each);
  }

  close(): void {
    if (this.file === undefined) return;
    closeSync(this.file);
    rmSync(this.path, { force: true });
  }
}
