import { decodeBc7 } from "./bc7.js";

/** Formats of blocks of 4 × 4 pixels. */
export type BlockFormat = "bc1" | "bc2" | "bc3" | "bc4" | "bc5" | "bc7";

/** Bytes of a block of 16 pixels. */
export const blockBytes = (format: BlockFormat): 8 | 16 =>
  format === "bc1" || format === "bc4" ? 8 : 16;

/** Where a block begins in the bytes that hold it. */
type Decoder = (blocks: Uint8Array, at: number, tile: Uint8Array) => void;

const decoders: Readonly<Record<BlockFormat, Decoder>> = {
  bc1: (blocks, at, tile) => decodeColor(blocks, at, { tile, punched: true }),
  bc2: (blocks, at, tile) => {
    decodeColor(blocks, at + 8, { tile, punched: false });
    for (let i = 0; i < 16; i++)
      tile[4 * i + 3] = ((blocks[at + (i >> 1)]! >> (4 * (i & 1))) & 15) * 17;
  },
  bc3: (blocks, at, tile) => {
    decodeColor(blocks, at + 8, { tile, punched: false });
    decodeRamp(blocks, at, { tile, channel: 3 });
  },
  bc4: (blocks, at, tile) => {
    decodeRamp(blocks, at, { tile, channel: 0 });
    for (let i = 0; i < 64; i += 4) {
      tile[i + 1] = tile[i]!;
      tile[i + 2] = tile[i]!;
      tile[i + 3] = 255;
    }
  },
  bc5: (blocks, at, tile) => {
    decodeRamp(blocks, at, { tile, channel: 0 });
    decodeRamp(blocks, at + 8, { tile, channel: 1 });
    for (let i = 0; i < 64; i += 4) {
      tile[i + 2] = 0;
      tile[i + 3] = 255;
    }
  },
  bc7: decodeBc7,
};

/** Rows of blocks as pixels `[h w 4]`; what of the last ones is outside is left out. */
export function decodeBlocks(
  blocks: Uint8Array,
  {
    format,
    width,
    height,
  }: { readonly format: BlockFormat; readonly width: number; readonly height: number },
): Uint8Array {
  const out = new Uint8Array(width * height * 4);
  const tile = new Uint8Array(64);
  const each = blockBytes(format);
  const decode = decoders[format];
  let at = 0;
  for (let y = 0; y < height; y += 4) {
    const rows = Math.min(4, height - y);
    for (let x = 0; x < width; x += 4, at += each) {
      decode(blocks, at, tile);
      const bytes = 4 * Math.min(4, width - x);
      for (let row = 0; row < rows; row++) {
        const to = 4 * ((y + row) * width + x);
        for (let i = 0; i < bytes; i++) out[to + i] = tile[16 * row + i]!;
      }
    }
  }
  return out;
}

/** Five bits as eight. */
export const five = (value: number): number => (value << 3) | (value >> 2);
/** Six bits as eight. */
export const six = (value: number): number => (value << 2) | (value >> 4);

/**
 * The four colours that a block of BC1 chooses from: two given, two between; or one between and
 * none at all. Rounded to the nearest, where decoders may differ by one.
 */
export function colorPalette(
  first: number,
  second: number,
  { out, isThree }: { readonly out: Uint8Array; readonly isThree: boolean },
): void {
  for (let i = 0; i < 2; i++) {
    const color = i === 0 ? first : second;
    out[4 * i] = five(color >> 11);
    out[4 * i + 1] = six((color >> 5) & 63);
    out[4 * i + 2] = five(color & 31);
  }
  for (let c = 0; c < 3; c++) {
    const a = out[c]!;
    const b = out[4 + c]!;
    out[8 + c] = isThree ? (a + b + 1) >> 1 : (2 * a + b + 1) / 3;
    out[12 + c] = isThree ? 0 : (a + 2 * b + 1) / 3;
  }
  out[3] = out[7] = out[11] = 255;
  out[15] = isThree ? 0 : 255;
}

const palette = new Uint8Array(16);

function decodeColor(
  blocks: Uint8Array,
  at: number,
  { tile, punched }: { readonly tile: Uint8Array; readonly punched: boolean },
): void {
  const first = blocks[at]! | (blocks[at + 1]! << 8);
  const second = blocks[at + 2]! | (blocks[at + 3]! << 8);
  colorPalette(first, second, { out: palette, isThree: punched && first <= second });
  for (let i = 0; i < 16; i++) {
    const from = 4 * ((blocks[at + 4 + (i >> 2)]! >> (2 * (i & 3))) & 3);
    for (let c = 0; c < 4; c++) tile[4 * i + c] = palette[from + c]!;
  }
}

/** The eight values that a ramp of BC3 to BC5 chooses from: six between two, or four and the ends. */
export function rampValues(first: number, second: number, out: Uint8Array): void {
  out[0] = first;
  out[1] = second;
  const steps = first > second ? 7 : 5;
  for (let i = 1; i < steps; i++) {
    out[i + 1] = ((steps - i) * first + i * second + (steps >> 1)) / steps;
  }
  if (steps === 5) {
    out[6] = 0;
    out[7] = 255;
  }
}

const ramp = new Uint8Array(8);

function decodeRamp(
  blocks: Uint8Array,
  at: number,
  { tile, channel }: { readonly tile: Uint8Array; readonly channel: number },
): void {
  rampValues(blocks[at]!, blocks[at + 1]!, ramp);
  for (let half = 0; half < 2; half++) {
    const from = at + 2 + 3 * half;
    const bits = blocks[from]! | (blocks[from + 1]! << 8) | (blocks[from + 2]! << 16);
    for (let i = 0; i < 8; i++) {
      tile[4 * (8 * half + i) + channel] = ramp[(bits >> (3 * i)) & 7]!;
    }
  }
}
