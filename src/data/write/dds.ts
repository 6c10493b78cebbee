import { blockBytes } from "../files/bc.js";
import { encodeColor, encodeRamp } from "./bc1-block.js";
import { encodeBc7 } from "./bc7-block.js";
import { type Level, levelCount, mipMaps } from "./mip-maps.js";

/** What a DDS is written as. */
export type DdsFormat = "rgba" | "bgra" | "bc1" | "bc3" | "bc7";

export interface DdsOptions {
  readonly format: DdsFormat;
  readonly mipmaps: boolean;
  readonly srgb: boolean | undefined;
}

/** `DXGI_FORMAT` of linear numbers and of sRGB. */
const dxgi = {
  rgba: [28, 29],
  bgra: [87, 91],
  bc1: [71, 72],
  bc3: [77, 78],
  bc7: [98, 99],
} as const satisfies Record<DdsFormat, readonly [number, number]>;

const letters = { bc1: "DXT1", bc3: "DXT5" } as const;

/** A DDS and its mip-maps. */
export function writeDds(picture: Level, { format, mipmaps, srgb }: DdsOptions): Uint8Array {
  const levels = mipmaps ? mipMaps(picture, { srgb: srgb ?? false }) : [picture];
  const bodies = Array.from(levels, (level) => bodyOf(level, format));
  const head = ddsHead(picture, { format, mipmaps, srgb });
  const out = new Uint8Array(bodies.reduce((sum, body) => sum + body.length, head.length));
  out.set(head);
  let at = head.length;
  for (const body of bodies) {
    out.set(body, at);
    at += body.length;
  }
  return out;
}

/** Bytes of a level. */
export const levelBytes = ({ width, height }: Omit<Level, "data">, format: DdsFormat): number =>
  format === "rgba" || format === "bgra"
    ? 4 * width * height
    : Math.ceil(width / 4) * Math.ceil(height / 4) * blockBytes(format);

/**
 * What comes before the levels. Where nothing is to be said of sRGB, it is the old head, which every
 * game reads, but for BC7, which needs the new.
 */
export function ddsHead(
  size: Omit<Level, "data">,
  { format, mipmaps, srgb }: DdsOptions,
): Uint8Array {
  const isNew = srgb !== undefined || format === "bc7";
  const out = new Uint8Array(isNew ? 148 : 128);
  const view = new DataView(out.buffer);
  const words = (at: number, values: readonly number[]): void =>
    values.forEach((value, i) => {
      view.setUint32(at + 4 * i, value, true);
    });
  const isFlat = format === "rgba" || format === "bgra";
  const said = 0x1007 | (isFlat ? 0x8 : 0x80000) | (mipmaps ? 0x20000 : 0);
  const pitch = isFlat ? size.width * 4 : levelBytes(size, format);
  const count = mipmaps ? levelCount(size) : 0;
  words(0, [0x20534444, 124, said, size.height, size.width, pitch, 0, count]);
  words(76, [32]);
  if (isNew) {
    words(80, [4, wordOf("DX10")]);
    words(128, [dxgi[format][srgb ? 1 : 0], 3, 0, 1, 0]);
  } else if (format === "rgba") words(80, [0x41, 0, 32, 0xff, 0xff00, 0xff0000, 0xff000000]);
  else if (format === "bgra") words(80, [0x41, 0, 32, 0xff0000, 0xff00, 0xff, 0xff000000]);
  else words(80, [4, wordOf(letters[format === "bc1" ? "bc1" : "bc3"])]);
  words(108, [mipmaps ? 0x401008 : 0x1000]);
  return out;
}

/** Four letters as one number. */
const wordOf = (four: string): number =>
  [...four].reduce((word, letter, i) => word | (letter.charCodeAt(0) << (8 * i)), 0);

function bodyOf(level: Level, format: DdsFormat): Uint8Array {
  if (format === "rgba") return level.data;
  if (format !== "bgra") return encodeBlocks(level, format);
  const out = level.data.slice();
  for (let i = 0; i < out.length; i += 4) {
    out[i] = level.data[i + 2]!;
    out[i + 2] = level.data[i]!;
  }
  return out;
}

/** Pixels as blocks of 4 × 4; what the last ones lack repeats the edge. */
export function encodeBlocks(
  { data, width, height }: Level,
  format: "bc1" | "bc3" | "bc7",
): Uint8Array {
  const each = blockBytes(format);
  const out = new Uint8Array(Math.ceil(width / 4) * Math.ceil(height / 4) * each);
  const tile = new Uint8Array(64);
  let at = 0;
  for (let y = 0; y < height; y += 4) {
    for (let x = 0; x < width; x += 4, at += each) {
      for (let i = 0; i < 16; i++) {
        const column = Math.min(width - 1, x + (i & 3));
        const from = 4 * (Math.min(height - 1, y + (i >> 2)) * width + column);
        for (let c = 0; c < 4; c++) tile[4 * i + c] = data[from + c]!;
      }
      if (format === "bc7") encodeBc7(tile, out, at);
      else if (format === "bc1") encodeColor(tile, { out, at, kind: "bc1" });
      else {
        encodeRamp(tile, { out, at, channel: 3 });
        encodeColor(tile, { out, at: at + 8, kind: "bc3" });
      }
    }
  }
  return out;
}
