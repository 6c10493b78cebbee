import { extname } from "node:path";
import sharp from "sharp";
import { ConfigurationError } from "../shape/error.js";
import type { Pictures } from "./terminal/picture.js";

/** Red, green and blue of each pixel, row by row. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Pictures side by side on white, with a little space between them. */
export function sheetOf(
  { items, shape, count }: Pictures,
  {
    rows,
    columns,
    gap = 2,
  }: { readonly rows: number; readonly columns: number; readonly gap?: number },
): Raster {
  const [channels, h, w] = shape as readonly [number, number, number]; // pictures have three axes
  const width = columns * (w + gap) - gap;
  const height = rows * (h + gap) - gap;
  const data = new Uint8Array(3 * width * height).fill(255);
  for (let i = 0; i < Math.min(count, rows * columns); i++) {
    const top = Math.floor(i / columns) * (h + gap);
    const left = (i % columns) * (w + gap);
    for (let y = 0; y < h; y++) {
      for (let x = 0; x < w; x++) {
        for (let k = 0; k < 3; k++) {
          const from = ((i * channels + Math.min(k, channels - 1)) * h + y) * w + x;
          data[3 * ((top + y) * width + left + x) + k] = byteOf(items, from);
        }
      }
    }
  }
  return { width, height, data };
}

function byteOf(items: Float32Array | Uint8Array, at: number): number {
  const value = items[at]!;
  if (items instanceof Uint8Array) return value;
  return Math.max(0, Math.min(255, Math.round((value + 1) * 127.5)));
}

/** Writes one picture in the format of the file's ending. */
export async function writePicture(path: string, { width, height, data }: Raster): Promise<void> {
  checkEnding(path, [".png", ".webp"]);
  const picture = sharp(data, { raw: { width, height, channels: 3 } });
  await (extname(path).toLowerCase() === ".webp"
    ? picture.webp({ lossless: true })
    : picture
  ).toFile(path);
}

/** Writes pictures one after the other as a moving picture, WebP or GIF. */
export async function writeMovie(
  path: string,
  { frames, delayMs }: { readonly frames: readonly Raster[]; readonly delayMs: number },
): Promise<void> {
  checkEnding(path, [".webp", ".gif"]);
  const { width, height } = frames[0]!;
  const all = Buffer.concat(frames.map((frame) => frame.data));
  const raw = { width, height: height * frames.length, channels: 3, pageHeight: height } as const;
  const delay = frames.map(() => delayMs);
  const movie = sharp(all, { raw });
  await (extname(path).toLowerCase() === ".gif"
    ? movie.gif({ loop: 0, delay })
    : movie.webp({ loop: 0, delay, quality: 90 })
  ).toFile(path);
}

/** Stops before anything is computed for a file that could not be written. */
export function checkEnding(path: string, endings: readonly string[], op = "--out"): void {
  if (endings.includes(extname(path).toLowerCase())) return;
  throw new ConfigurationError({
    op,
    why: `expected a name ending in ${endings.join(" or ")}, received ${path}`,
  });
}
