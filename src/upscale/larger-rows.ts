import type { Wraps } from "./bleed.js";
import { breathe } from "./breathe.js";
import type { MadeRows, PictureRows } from "./picture.js";
import { RowScaler } from "./row-scaler.js";
import type { Numbers } from "./texture-read.js";
import type { Upscaler } from "./upscaler.js";

/** A picture of any number of channels `[h w c]`. */
interface Layered {
  readonly data: Numbers;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly most: number;
}

interface Larger {
  readonly upscaler: Upscaler;
  readonly to: readonly [height: number, width: number];
  readonly seamless: Wraps;
  /** Takes each row `[w c]`, 0 to 1 or a little beyond, once. */
  readonly take: (y: number, row: Float32Array) => void;
  readonly progress?: ((share: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Hands over a picture made larger and then, by Lanczos, of its final size, row by row. */
export async function largerRows(
  picture: Layered,
  { upscaler, to, seamless, take, progress, signal }: Larger,
): Promise<void> {
  const { channels, height, width } = picture;
  const { scale } = upscaler;
  const from = [height * scale, width * scale] as const;
  const isFinal = from[0] === to[0] && from[1] === to[1];
  const scaler = isFinal
    ? undefined
    : new RowScaler({ from, to, channels, kernel: "lanczos", wraps: seamless, use: take });
  const both = seamless.x && seamless.y;
  const beside = both ? { x: 0, y: 0 } : besides(seamless, upscaler.margin);
  const row = new Float32Array(from[1] * channels);
  await upscaler.upscaleRows(read(picture, beside), {
    wrap: both,
    ...(progress ? { progress } : {}),
    write: async (rows: MadeRows) => {
      await breathe(0, signal);
      for (let i = 0; i < rows.count; i++) {
        const y = rows.from + i - beside.y * scale;
        if (y < 0 || y >= from[0]) continue;
        weave(rows, { i, left: beside.x * scale, row, channels });
        if (scaler) scaler.push(row);
        else take(y, row);
      }
    },
  });
}

/** Pixels of its other side that are put beside a picture which goes on along one axis only. */
const besides = (seamless: Wraps, margin: number) => ({
  x: seamless.x ? margin : 0,
  y: seamless.y ? margin : 0,
});

/** Rows of a picture as planes of 0 to 1, with so many of its other side beside. */
function read(
  { data, width, height, channels, most }: Layered,
  beside: { readonly x: number; readonly y: number },
): PictureRows {
  const wide = width + 2 * beside.x;
  const columns = Int32Array.from({ length: wide }, (_, x) => turned(x - beside.x, width));
  return {
    channels,
    height: height + 2 * beside.y,
    width: wide,
    read(from, count) {
      const out = new Float32Array(channels * count * wide);
      for (let i = 0; i < count; i++) {
        const start = turned(from + i - beside.y, height) * width;
        for (let x = 0; x < wide; x++) {
          const at = (start + columns[x]!) * channels;
          for (let c = 0; c < channels; c++) {
            out[(c * count + i) * wide + x] = data[at + c]! / most;
          }
        }
      }
      return out;
    },
  };
}

const turned = (place: number, size: number): number => ((place % size) + size) % size;

/** One row of planes as `[w c]`; a model of colours may make three of one. */
function weave(
  { data, count, width, channels: made }: MadeRows,
  {
    i,
    left,
    row,
    channels,
  }: {
    readonly i: number;
    readonly left: number;
    readonly row: Float32Array;
    readonly channels: number;
  },
): void {
  const pixels = row.length / channels;
  for (let c = 0; c < channels; c++) {
    const start = (Math.min(c, made - 1) * count + i) * width + left;
    for (let x = 0; x < pixels; x++) row[x * channels + c] = data[start + x]!;
  }
}
