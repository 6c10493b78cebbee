import type { DdsFormat } from "../data/write/dds.js";
import { DdsRows } from "./dds-rows.js";
import type { Palette } from "./palette.js";
import { PngRows } from "./png-rows.js";
import { SharpRows } from "./sharp-rows.js";
import type { Numbers } from "./texture-read.js";
import { TgaRows } from "./tga-rows.js";

/** What a picture is written as. */
export type OutFormat = "png" | "jpeg" | "webp" | "tga" | DdsFormat;

/** Takes a picture row by row, `[w c]`, and writes it to a file. */
export interface RowSink {
  write(row: Numbers): void | Promise<void>;
  /** Everything is written; what is large, on the disk. */
  finish(): Promise<void>;
  /** Lets go of the file without finishing it. */
  abandon(): void;
}

export interface SinkFacts {
  readonly width: number;
  readonly height: number;
  /** Grey, grey and alpha, colours, colours and alpha. */
  readonly channels: 1 | 2 | 3 | 4;
  readonly most: number;
  /** Rows are then places in it. */
  readonly palette?: Palette | undefined;
  readonly mipmaps?: boolean;
  readonly srgb?: boolean | undefined;
  /** Whether a WebP keeps every pixel. */
  readonly lossless?: boolean;
}

/** The largest side that each format has. */
export const largestSide: Readonly<Record<OutFormat, number>> = {
  png: 2 ** 31 - 1,
  jpeg: 65535,
  webp: 16383,
  tga: 65535,
  rgba: 16384,
  bgra: 16384,
  bc1: 16384,
  bc3: 16384,
  bc7: 16384,
};

/** What writes a format to a file; nothing holds more than a few rows, but WebP's own library. */
export function sinkFor(path: string, format: OutFormat, facts: SinkFacts): RowSink {
  if (format === "png") return new PngRows(path, facts);
  if (format === "tga") return new TgaRows(path, facts);
  if (format === "jpeg" || format === "webp") return new SharpRows(path, { ...facts, format });
  return new DdsRows(path, { ...facts, format });
}
