import { grounds } from "../data/portraits-surface.js";
import type { Planes } from "../upscale/upscaler.js";
import { canvasAt, lipAt, matAt, type Place, type Rgb, woodAt } from "./materials.js";

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
  const shadowsAt = (x: number, y: number) =>
    [y - inset, x - inset, width - 1 - inset - x, height - 1 - inset - y] as const;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const edge = nearest(x, y, width, height);
      const [column, row] = [x - around, y - around];
      const isPicture = column >= 0 && row >= 0 && column < picture.width && row < picture.height;
      const place: Place = { ...edge, x, y, unit, surface };
      const colour: Rgb = isPicture
        ? canvasAt(at(picture, column, row), { ...place, x: column, y: row })
        : edge.depth < rail
          ? woodAt(place, edge.depth / rail, rail)
          : edge.depth < rail + lip
            ? lipAt(place, (edge.depth - rail) / lip)
            : matAt(place, {
                bevel,
                shadows: shadowsAt(x, y),
                toPicture: toRectangle(column, row, picture),
              });
      for (let c = 0; c < 3; c++) {
        out[(y * width + x) * 3 + c] = Math.max(0, Math.min(255, Math.round(255 * colour[c]!)));
      }
    }
  }
  return { width, height, pixels: out };
}

/** A picture by itself, on its canvas. */
export function unframed(picture: Planes): Framed {
  const { width, height } = picture;
  const surface = grounds();
  const unit = Math.sqrt(width * height);
  const out = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const place = { x, y, unit, surface, side: "top", depth: 0, along: 0 } as const;
      const colour = canvasAt(at(picture, x, y), place);
      for (let c = 0; c < 3; c++) {
        out[(y * width + x) * 3 + c] = Math.max(0, Math.min(255, Math.round(255 * colour[c]!)));
      }
    }
  }
  return { width, height, pixels: out };
}

function at({ width, height, data }: Planes, column: number, row: number): Rgb {
  const [i, plane] = [row * width + column, width * height];
  return [data[i]!, data[plane + i]!, data[2 * plane + i]!];
}

/** The side that a place is nearest to, how far in from it, and where along it. */
function nearest(x: number, y: number, width: number, height: number) {
  const depths = [y, x, width - 1 - x, height - 1 - y] as const;
  const depth = Math.min(...depths);
  const side = (["top", "left", "right", "bottom"] as const)[depths.indexOf(depth)]!;
  const along = side === "top" || side === "bottom" ? x : y;
  return { side, depth, along };
}

/** How far it is to a picture, and which of its sides is there. */
function toRectangle(x: number, y: number, { width, height }: Planes) {
  const beyond = [-1 - y, -1 - x, x - width, y - height] as const;
  const distance = Math.max(...beyond);
  const side = (["top", "left", "right", "bottom"] as const)[beyond.indexOf(distance)]!;
  return { distance, side };
}
