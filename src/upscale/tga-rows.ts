import { closeSync, openSync } from "node:fs";
import { writeFully } from "../data/cache/entry.js";
import { tgaFooter, tgaHead } from "../data/write/tga.js";
import { closeWhole } from "./close-whole.js";
import type { RowSink, SinkFacts } from "./row-sink.js";
import type { Numbers } from "./texture-read.js";

/** Writes a TGA row by row: of 24 bits, of 32 with alpha. */
export class TgaRows implements RowSink {
  private readonly file: number;
  private readonly channels: number;
  private readonly out: Uint8Array;
  private at: number;

  constructor(path: string, { width, height, channels }: SinkFacts) {
    const each = channels === 2 || channels === 4 ? 4 : 3;
    this.file = openSync(path, "w");
    this.channels = channels;
    this.out = new Uint8Array(width * each);
    const head = tgaHead({ width, height, each });
    writeFully(this.file, head, 0);
    this.at = head.length;
  }

  write(row: Numbers): void {
    const { channels, out } = this;
    const colors = channels < 3 ? 1 : 3;
    const pixels = row.length / channels;
    const each = out.length / pixels;
    for (let i = 0; i < pixels; i++) {
      for (let c = 0; c < 3; c++)
        out[i * each + c] = row[i * channels + (colors === 1 ? 0 : 2 - c)]!;
      if (each === 4) out[i * each + 3] = row[i * channels + colors]!;
    }
    writeFully(this.file, out, this.at);
    this.at += out.length;
  }

  async finish(): Promise<void> {
    writeFully(this.file, tgaFooter, this.at);
    closeWhole(this.file, this.at);
  }

  abandon(): void {
    closeSync(this.file);
  }
}
