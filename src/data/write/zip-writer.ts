import { crc32 } from "node:zlib";
import { writeFully } from "../cache/entry.js";

interface Entry {
  readonly name: Uint8Array;
  readonly size: number;
  readonly offset: number;
  crc: number;
}

/** Sizes and places from here on stand in 64-bit fields (APPNOTE 4.4.1.4). */
const wide = 0xffffffff;
/** 1 January 1980, the first day there is; so the same data give the same bytes. */
const date = 0x21;
const utf8Names = 0x800;

/** Writes a zip of stored files to an open file, with 64-bit fields where they are needed. */
export class ZipWriter {
  private readonly file: number;
  private readonly entries: Entry[] = [];
  private at = 0;
  private crc = 0;

  constructor(file: number) {
    this.file = file;
  }

  add(name: string, bytes: Uint8Array): void {
    const entry = this.next(name, bytes.length, crc32(bytes));
    this.put(packed(localHeader(entry), bytes));
  }

  /** Begins a file of so many bytes, which follow in any number of parts. */
  begin(name: string, size: number): void {
    this.crc = 0;
    this.put(localHeader(this.next(name, size, 0)));
  }

  write(bytes: Uint8Array): void {
    this.crc = crc32(bytes, this.crc);
    this.put(bytes);
  }

  end(): void {
    const entry = this.entries.at(-1)!;
    entry.crc = this.crc;
    writeFully(this.file, localHeader(entry), entry.offset);
  }

  /** Writes the list of files, without which there is no zip. */
  finish(): void {
    const start = this.at;
    for (let at = 0; at < this.entries.length; at += 1000) {
      this.put(packed(...this.entries.slice(at, at + 1000).map(centralHeader)));
    }
    this.put(endOf({ count: this.entries.length, start, size: this.at - start, at: this.at }));
  }

  private next(name: string, size: number, crc: number): Entry {
    const entry = { name: new TextEncoder().encode(name), size, offset: this.at, crc };
    this.entries.push(entry);
    return entry;
  }

  private put(bytes: Uint8Array): void {
    writeFully(this.file, bytes, this.at);
    this.at += bytes.length;
  }
}

/** Numbers of 2, 4 or 8 bytes, one after another, and bytes as they are. */
function packed(...fields: readonly (readonly [value: number, size: 2 | 4 | 8] | Uint8Array)[]) {
  const length = fields.reduce((n, f) => n + (f instanceof Uint8Array ? f.length : f[1]), 0);
  const out = new Uint8Array(length);
  const view = new DataView(out.buffer);
  let at = 0;
  for (const field of fields) {
    if (field instanceof Uint8Array) out.set(field, at);
    else if (field[1] === 2) view.setUint16(at, field[0], true);
    else if (field[1] === 4) view.setUint32(at, field[0], true);
    else view.setBigUint64(at, BigInt(field[0]), true);
    at += field instanceof Uint8Array ? field.length : field[1];
  }
  return out;
}

const version = (isWide: boolean): readonly [number, 2] => [isWide ? 45 : 20, 2];
const short = (size: number): readonly [number, 4] => [Math.min(size, wide), 4];

function localHeader({ name, size, crc }: Entry): Uint8Array {
  const isWide = size >= wide;
  const extra = isWide ? packed([1, 2], [16, 2], [size, 8], [size, 8]) : new Uint8Array();
  return packed(
    [0x04034b50, 4],
    version(isWide),
    [utf8Names, 2],
    [0, 2],
    [0, 2],
    [date, 2],
    [crc, 4],
    short(size),
    short(size),
    [name.length, 2],
    [extra.length, 2],
    name,
    extra,
  );
}

function centralHeader({ name, size, offset, crc }: Entry): Uint8Array {
  const isWide = size >= wide || offset >= wide;
  const extra = isWide
    ? packed([1, 2], [24, 2], [size, 8], [size, 8], [offset, 8])
    : new Uint8Array();
  const seen = isWide ? wide : size;
  return packed(
    [0x02014b50, 4],
    version(isWide),
    version(isWide),
    [utf8Names, 2],
    [0, 2],
    [0, 2],
    [date, 2],
    [crc, 4],
    [seen, 4],
    [seen, 4],
    [name.length, 2],
    [extra.length, 2],
    [0, 2],
    [0, 2],
    [0, 2],
    [0, 4],
    [isWide ? wide : offset, 4],
    name,
    extra,
  );
}

interface End {
  readonly count: number;
  /** Where the list begins. */
  readonly start: number;
  readonly size: number;
  /** Where the list ends. */
  readonly at: number;
}

function endOf({ count, start, size, at }: End): Uint8Array {
  const isWide = count >= 0xffff || start >= wide || size >= wide;
  const far = packed(
    [0x06064b50, 4],
    [44, 8],
    version(true),
    version(true),
    [0, 4],
    [0, 4],
    [count, 8],
    [count, 8],
    [size, 8],
    [start, 8],
    packed([0x07064b50, 4], [0, 4], [at, 8], [1, 4]),
  );
  const near = packed(
    [0x06054b50, 4],
    [0, 2],
    [0, 2],
    [Math.min(count, 0xffff), 2],
    [Math.min(count, 0xffff), 2],
    short(size),
    short(start),
    [0, 2],
  );
  return isWide ? packed(far, near) : near;
}
