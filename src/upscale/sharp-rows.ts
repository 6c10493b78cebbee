import { closeSync, fstatSync, openSync, rmSync } from "node:fs";
import sharp from "sharp";
import { writeFully } from "../data/cache/entry.js";
import { closeWhole } from "./close-whole.js";
import type { RowSink, SinkFacts } from "./row-sink.js";
import type { Numbers } from "./texture-read.js";

/** The best codes of a JPEG are known once all of it is in memory, as six bytes a pixel. */
export const largestOptimized = 2 ** 25;

/** Bytes of a strip, of which libtiff holds one. */
const stripBytes = 2 ** 20;

/**
 * Writes a JPEG or WebP by way of an uncompressed BigTIFF beside it, which libvips reads strip by
 * strip, where raw pixels would all have to be in memory.
 */
export class SharpRows implements RowSink {
  private readonly path: string;
  private readonly facts: SinkFacts & { readonly format: "jpeg" | "webp" };
  private readonly raw: string;
  private readonly file: number;
  private at = 16;

  constructor(path: string, facts: SinkFacts & { readonly format: "jpeg" | "webp" }) {
    this.path = path;
    this.facts = facts;
    this.raw = `${path}.tiff`;
    this.file = openSync(this.raw, "w");
  }

  write(row: Numbers): void {
    const bytes = new Uint8Array(row.buffer, row.byteOffset, row.byteLength);
    writeFully(this.file, bytes, this.at);
    this.at += bytes.length;
  }

  async finish(): Promise<void> {
    const { format, lossless = false, width, height } = this.facts;
    this.writeFrame();
    closeSync(this.file);
    try {
      const picture = sharp(this.raw, { sequentialRead: true, limitInputPixels: false });
      const coded =
        format === "jpeg"
          ? picture.jpeg({
              ...{ quality: 95, chromaSubsampling: "4:4:4" },
              optimizeCoding: width * height <= largestOptimized,
            })
          : picture.webp(lossless ? { lossless, exact: true } : { quality: 95 });
      await coded.toFile(this.path);
    } finally {
      rmSync(this.raw, { force: true });
    }
    const file = openSync(this.path, "r+");
    closeWhole(file, fstatSync(file).size);
  }

  abandon(): void {
    closeSync(this.file);
    rmSync(this.raw, { force: true });
  }

  /** Head and directory of the TIFF, whose pixels are there. */
  private writeFrame(): void {
    const { width, height, channels } = this.facts;
    const row = width * channels;
    const rows = Math.max(1, Math.floor(stripBytes / row));
    const strips = Math.ceil(height / rows);
    const [short, long, wide] = [3, 4, 16];
    const bits = channels > 3 ? 0x0008000800080008n : 0x000800080008n;
    const hasAlpha = channels === 2 || channels === 4;
    const offsets = this.at;
    const directory = offsets + 16 * strips;
    const single = strips === 1;
    const entries: readonly (readonly [tag: number, type: number, count: number, value: bigint])[] =
      [
        [256, long, 1, BigInt(width)],
        [257, long, 1, BigInt(height)],
        [258, short, channels, channels === 1 ? 8n : channels === 2 ? 0x00080008n : bits],
        [259, short, 1, 1n],
        [262, short, 1, channels < 3 ? 1n : 2n],
        [273, wide, strips, single ? 16n : BigInt(offsets)],
        [277, short, 1, BigInt(channels)],
        [278, long, 1, BigInt(rows)],
        [279, wide, strips, single ? BigInt(row * height) : BigInt(offsets + 8 * strips)],
        ...(hasAlpha ? ([[338, short, 1, 2n]] as const) : []),
      ];
    const tail = new DataView(new ArrayBuffer(16 * strips + 8 + 20 * entries.length + 8));
    for (let i = 0; i < strips; i++) {
      const count = Math.min(rows, height - i * rows) * row;
      tail.setBigUint64(8 * i, BigInt(16 + i * rows * row), true);
      tail.setBigUint64(8 * (strips + i), BigInt(count), true);
    }
    tail.setBigUint64(16 * strips, BigInt(entries.length), true);
    entries.forEach(([tag, type, count, value], i) => {
      const at = 16 * strips + 8 + 20 * i;
      tail.setUint16(at, tag, true);
      tail.setUint16(at + 2, type, true);
      tail.setBigUint64(at + 4, BigInt(count), true);
      tail.setBigUint64(at + 12, value, true);
    });
    writeFully(this.file, new Uint8Array(tail.buffer), this.at);
    const head = new DataView(new ArrayBuffer(16));
    head.setUint32(0, 0x002b4949, true);
    head.setUint32(4, 8, true);
    head.setBigUint64(8, BigInt(directory), true);
    writeFully(this.file, new Uint8Array(head.buffer), 0);
  }
}
