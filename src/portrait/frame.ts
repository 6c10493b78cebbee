import { grounds } from "../data/portraits-surface.js";
import type { Planes } from "../upscale/upscaler.js";
import { canvasAt, lipAt, matAt, type Rgb, type Side, woodAt } from "./materials.js";

/** Bytes of pixels, `[h w 3]`. */
export interface Framed {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** Of the root of a picture's area. */
const widths = { rail: 0.125, lip: 0.017, mat: 0.15, below: 0.185, bevel: 0.0065 } as const;

/**
 * A picture, 0 … 1, on canvas behind a mat in a frame of walnut with a gilded lip; the light falls
 * from above and from the left.
 */
export function framed(picture: Planes): Framed {
  const unit = Math.sqrt(picture.width * picture.height);
  const pixels = (share: number, least: number): number =>
    Math.max(least, Math.round(share * unit));
  const [rail, lip] = [pixels(widths.rail, 4), pixels(widths.lip, 2)];
  const [mat, below, bevel] = [
    pixels(widths.mat, 4),
    pixels(widths.below, 4),
    pixels(widths.bevel, 1),
  ];
  const around = rail + lip + mat;
  const width = picture.width + 2 * around;
  const height = picture.height + 2 * (rail + lip) + mat + below;
  const out = new Uint8Array(3 * width * height);
  const [inset, surface] = [rail + lip, grounds()];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [column, row] = [x - around, y - around];
      const isPicture = column >= 0 && row >= 0 && column < picture.width && row < picture.height;
      if (isPicture) {
        lay(
          out,
          y * width + x,
          canvasAt(at(picture, column, row), { x: column, y: row, unit, surface }),
        );
        continue;
      }
      const [right, bottom] = [width - 1 - x, height - 1 - y];
      const depth = Math.min(x, y, right, bottom);
      if (depth >= inset) {
        const shadows = [y - inset, x - inset, right - inset, bottom - inset] as const;
        const toPicture = toRectangle(column, row, picture);
        lay(out, y * width + x, matAt({ x, y, unit, surface }, { bevel, shadows, toPicture }));
        continue;
      }
      const side =
        depth === y ? "top" : depth === x ? "left" : depth === right ? "right" : "bottom";
      const along = side === "top" || side === "bottom" ? x : y;
      const rim = { x, y, unit, surface, side, depth, along } as const;
      const t = depth < rail ? depth / rail : (depth - rail) / lip;
      lay(out, y * width + x, depth < rail ? woodAt(rim, t, rail) : lipAt(rim, t));
    }
  }
  return { width, height, pixels: out };
}

/** Puts a colour at a pixel. */
function lay(out: Uint8Array, pixel: number, colour: Rgb): void {
  for (let c = 0; c < 3; c++) {
    out[3 * pixel + c] = Math.max(0, Math.min(255, Math.round(255 * colour[c]!)));
  }
}

/** A picture by itself, on its canvas. */
export function unframed(picture: Planes): Framed {
  const { width, height } = picture;
  const surface = grounds();
  const unit = Math.sqrt(width * height);
  const out = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      lay(out, y * width + x, canvasAt(at(picture, x, y), { x, y, unit, surface }));
    }
  }
  return { width, height, pixels: out };
}

function at({ width, height, data }: Planes, column: number, row: number): Rgb {
  const [i, plane] = [row * width + column, width * height];
  return [data[i]!, data[plane + i]!, data[2 * plane + i]!];
}

/** How far it is to a picture, and which of its sides is there. */
function toRectangle(x: number, y: number, { width, height }: Planes) {
  const [above, left] = [-1 - y, -1 - x];
  const [right, below] = [x - width, y - height];
  const distance = Math.max(above, left, right, below);
  const side: Side =
    distance === above
      ? "top"
      : distance === left
        ? "left"
        : distance === right
          ? "right"
          : "bottom";
  return { distance, side };
}
