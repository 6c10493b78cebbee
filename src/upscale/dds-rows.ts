import { closeSync, fstatSync, openSync } from "node:fs";
import { writeFully } from "../data/cache/entry.js";
import { type DdsFormat, ddsHead, encodeBlocks, levelBytes } from "../data/write/dds.js";
import { covered, halfRow, levelCount } from "../data/write/mip-maps.js";
import { closeWhole } from "./close-whole.js";
import type { RowSink, SinkFacts } from "./row-sink.js";
import type { Numbers } from "./texture-read.js";

/** Rows of `[w 4]` go to a level, and from it to the next. */
interface DdsLevel {
  push(row: Uint8Array): void;
}

/** Writes a DDS row by row, its mip-maps at the same time, each at its place in the file. */
export class DdsRows implements RowSink {
  private readonly file: number;
  private readonly channels: number;
  private readonly largest: DdsLevel;

  constructor(path: string, facts: SinkFacts & { readonly format: DdsFormat }) {
    const { width, height, channels, format, mipmaps = false, srgb } = facts;
    this.file = openSync(path, "w");
    this.channels = channels;
    const head = ddsHead({ width, height }, { format, mipmaps, srgb });
    writeFully(this.file, head, 0);
    const sizes = Array.from({ length: mipmaps ? levelCount(facts) : 1 }, (_, i) => ({
      width: Math.max(1, width >> i),
      height: Math.max(1, height >> i),
    }));
    const starts = sizes.map((_, i) =>
      sizes.slice(0, i).reduce((sum, size) => sum + levelBytes(size, format), head.length),
    );
    const levels = sizes.map((size, i) =>
      levelRows(size, {
        format,
        put: (bytes, at) => writeFully(this.file, bytes, starts[i]! + at),
      }),
    );
    const isLight = srgb ?? false;
    this.largest = levels.reduceRight((next, level, i) => ({
      push: withNext(level, { next, size: sizes[i]!, srgb: isLight }),
    }));
  }

  write(row: Numbers): void {
    const { channels } = this;
    const pixels = row.length / channels;
    const out = new Uint8Array(pixels * 4).fill(255);
    const colors = channels < 3 ? 1 : 3;
    for (let i = 0; i < pixels; i++) {
      for (let c = 0; c < 3; c++) out[4 * i + c] = row[i * channels + (colors === 1 ? 0 : c)]!;
      if (channels !== colors) out[4 * i + 3] = row[i * channels + colors]!;
    }
    this.largest.push(out);
  }

  async finish(): Promise<void> {
    closeWhole(this.file, fstatSync(this.file).size);
  }

  abandon(): void {
    closeSync(this.file);
  }
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Codes the rows of one level: four at a time as blocks, or each as it is. */
function levelRows(
  { width, height }: Size,
  {
    format,
    put,
  }: { readonly format: DdsFormat; readonly put: (bytes: Uint8Array, at: number) => void },
): DdsLevel {
  let at = 0;
  const pass = (bytes: Uint8Array): void => {
    put(bytes, at);
    at += bytes.length;
  };
  if (format === "rgba") return { push: pass };
  if (format === "bgra") {
    return {
      push: (row) => pass(Uint8Array.from(row, (value, i) => (i % 2 === 1 ? value : row[i ^ 2]!))),
    };
  }
  const band = new Uint8Array(16 * width);
  let y = 0;
  return {
    push: (row) => {
      band.set(row, (y % 4) * 4 * width);
      y++;
      const rows = y % 4 === 0 ? 4 : y === height ? y % 4 : 0;
      if (rows === 0) return;
      pass(encodeBlocks({ data: band.subarray(0, rows * 4 * width), width, height: rows }, format));
    },
  };
}

/** Rows for a level that also make those of the next, which is half of it. */
function withNext(
  level: DdsLevel,
  { next, size, srgb }: { readonly next: DdsLevel; readonly size: Size; readonly srgb: boolean },
): (row: Uint8Array) => void {
  const [w, h] = [Math.max(1, size.width >> 1), Math.max(1, size.height >> 1)];
  const columns = covered(size.width, w);
  const rows = covered(size.height, h);
  const held = new Map<number, Uint8Array>();
  let y = 0;
  let to = 0;
  return (row) => {
    level.push(row);
    held.set(y, row);
    while (to < h && rows[to]!.at(-1)![0] <= y) {
      const out = new Uint8Array(4 * w);
      // Every row that this one covers is held: they are let go only once the next one begins.
      halfRow(out, { rows: rows[to]!, columns, rowAt: (i) => held.get(i)!, srgb });
      next.push(out);
      to++;
      for (const i of held.keys()) if (to >= h || i < rows[to]![0]![0]) held.delete(i);
    }
    y++;
  };
}
