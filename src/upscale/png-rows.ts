import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { crc32, createDeflate, type Deflate } from "node:zlib";
import { writeFully } from "../data/cache/entry.js";
import { closeWhole } from "./close-whole.js";
import type { RowSink, SinkFacts } from "./row-sink.js";
import type { Numbers } from "./texture-read.js";

/**
 * Writes a PNG row by row (ISO/IEC 15948), since libvips takes raw pixels only as a whole and
 * chooses palettes by itself: grey or colours of 8 or 16 bits with or without alpha, or places in a
 * palette. Holds one row, and what zlib holds.
 */
export class PngRows implements RowSink {
  private readonly file: number;
  private readonly deflate: Deflate;
  private readonly each: number;
  private readonly isIndexed: boolean;
  private at = 0;
  private failure: unknown;
  private before: Uint8Array;
  private batch: Uint8Array;
  private filled = 0;

  constructor(path: string, { width, height, channels, most, palette }: SinkFacts) {
    this.file = openSync(path, "w");
    this.isIndexed = palette !== undefined;
    const depth = most === 255 ? 8 : 16;
    const numbers = this.isIndexed ? 1 : channels;
    this.each = numbers * (depth >> 3);
    const kind = this.isIndexed ? 3 : [0, 4, 2, 6][channels - 1]!;
    this.put(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10));
    const head = new Uint8Array(13);
    new DataView(head.buffer).setUint32(0, width);
    new DataView(head.buffer).setUint32(4, height);
    head.set([this.isIndexed ? 8 : depth, kind], 8);
    this.chunk("IHDR", head);
    if (palette) {
      this.chunk("PLTE", palette.colors);
      if (palette.alphas.some((alpha) => alpha < 255)) this.chunk("tRNS", palette.alphas);
    }
    const rowBytes = width * this.each;
    this.before = new Uint8Array(rowBytes);
    this.batch = new Uint8Array((rowBytes + 1) * Math.max(1, Math.floor(2 ** 20 / rowBytes)));
    this.deflate = createDeflate({ level: 6, chunkSize: 2 ** 18 });
    this.deflate.on("data", (bytes: Uint8Array) => {
      try {
        this.chunk("IDAT", bytes);
      } catch (error) {
        this.failure ??= error;
      }
    });
  }

  async write(row: Numbers): Promise<void> {
    const bytes = row instanceof Uint16Array ? bigEndian(row) : row;
    const out = this.batch.subarray(this.filled, this.filled + bytes.length + 1);
    if (this.isIndexed) {
      out[0] = 0;
      out.set(bytes, 1);
    } else {
      filterRow(bytes, { before: this.before, each: this.each, out });
      this.before.set(bytes);
    }
    this.filled += out.length;
    if (this.filled === this.batch.length) await this.pass();
  }

  async finish(): Promise<void> {
    await this.pass();
    const ended = once(this.deflate, "end");
    this.deflate.end();
    await ended;
    this.check();
    this.chunk("IEND", new Uint8Array());
    closeWhole(this.file, this.at);
  }

  abandon(): void {
    this.deflate.destroy();
    closeSync(this.file);
  }

  /** Gives zlib what has come together; its own copy, as it reads later. */
  private async pass(): Promise<void> {
    if (this.filled > 0 && !this.deflate.write(this.batch.slice(0, this.filled))) {
      await once(this.deflate, "drain");
    }
    this.filled = 0;
    this.check();
  }

  private check(): void {
    if (this.failure !== undefined) throw this.failure;
  }

  private chunk(name: string, bytes: Uint8Array): void {
    const out = new Uint8Array(bytes.length + 12);
    const view = new DataView(out.buffer);
    view.setUint32(0, bytes.length);
    for (let i = 0; i < 4; i++) out[4 + i] = name.charCodeAt(i);
    out.set(bytes, 8);
    view.setUint32(out.length - 4, crc32(out.subarray(4, out.length - 4)));
    this.put(out);
  }

  private put(bytes: Uint8Array): void {
    writeFully(this.file, bytes, this.at);
    this.at += bytes.length;
  }
}

function bigEndian(row: Uint16Array): Uint8Array {
  const out = new Uint8Array(2 * row.length);
  for (let i = 0; i < row.length; i++) {
    out[2 * i] = row[i]! >> 8;
    out[2 * i + 1] = row[i]! & 255;
  }
  return out;
}

/**
 * Writes a row as differences: by the filter whose differences are the smallest together, of those
 * from the left, from above and from Paeth's guess, as the standard advises (12.8).
 */
function filterRow(
  row: Uint8Array,
  {
    before,
    each,
    out,
  }: { readonly before: Uint8Array; readonly each: number; readonly out: Uint8Array },
): void {
  let [left, up, paeth] = [0, 0, 0];
  for (let i = 0; i < row.length; i++) {
    const value = row[i]!;
    const a = i < each ? 0 : row[i - each]!;
    const b = before[i]!;
    const c = i < each ? 0 : before[i - each]!;
    left += size((value - a) & 255);
    up += size((value - b) & 255);
    paeth += size((value - guess(a, b, c)) & 255);
  }
  const least = Math.min(left, up, paeth);
  const filter = least === up ? 2 : least === left ? 1 : 4;
  out[0] = filter;
  for (let i = 0; i < row.length; i++) {
    const a = i < each ? 0 : row[i - each]!;
    const b = before[i]!;
    if (filter === 1) out[i + 1] = row[i]! - a;
    else if (filter === 2) out[i + 1] = row[i]! - b;
    else out[i + 1] = row[i]! - guess(a, b, i < each ? 0 : before[i - each]!);
  }
}

/** A difference of bytes as far as it is from none, whichever way. */
const size = (difference: number): number => (difference < 128 ? difference : 256 - difference);

function guess(a: number, b: number, c: number): number {
  const pa = Math.abs(b - c);
  const pb = Math.abs(a - c);
  const pc = Math.abs(a + b - 2 * c);
  if (pa <= pb && pa <= pc) return a;
  return pb <= pc ? b : c;
}
