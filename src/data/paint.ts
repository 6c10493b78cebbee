import { oklch } from "./oklch.js";

/** A colour in Oklch. */
export interface Ink {
  readonly lightness: number;
  readonly chroma: number;
  readonly hue: number;
}

/** One shape on one background, in coordinates of −1 … 1 with y upwards. */
export interface Scene {
  /** Signed distance to the shape at unit size, negative inside. */
  readonly outline: (x: number, y: number) => number;
  readonly radius: number;
  readonly x: number;
  readonly y: number;
  /** Counter-clockwise, in radians. */
  readonly turn: number;
  readonly ink: Ink;
  readonly ground: Ink;
  /** Direction of the background's grade: the tangent of its angle from the vertical. */
  readonly slope: number;
}

const clamp = (x: number): number => Math.min(1, Math.max(0, x));

type Rgb = readonly [number, number, number];

/** The two ends of a grade around a colour, lighter first. */
const grade = ({ lightness, chroma, hue }: Ink, half: number): readonly [Rgb, Rgb] => [
  oklch(lightness + half, chroma, hue - 4),
  oklch(lightness - half, chroma, hue + 4),
];

/**
 * Draws a scene to planar bytes `[3 size size]`: graded background, soft shadow, then the shape,
 * lit from above left and anti-aliased over one pixel by its distance.
 */
export function paint(
  { outline, radius, x: cx, y: cy, turn, ink, ground, slope }: Scene,
  { size, out }: { readonly size: number; readonly out: Uint8Array },
): void {
  const [above, below] = grade(ground, 0.05);
  const [lit, shaded] = grade(ink, 0.055);
  const pixel = 2 / size;
  const plane = size * size;
  const cos = Math.cos(turn) / radius;
  const sin = Math.sin(turn) / radius;
  const distance = (x: number, y: number) =>
    radius * outline((x - cx) * cos + (y - cy) * sin, (y - cy) * cos - (x - cx) * sin);
  for (let row = 0; row < size; row++) {
    const y = 1 - (row + 0.5) * pixel;
    for (let column = 0; column < size; column++) {
      const x = (column + 0.5) * pixel - 1;
      const down = clamp(0.5 - (y + slope * x) / (2 + 2 * Math.abs(slope)));
      const cover = clamp(0.5 - distance(x, y) / pixel);
      // Where the shape covers all, nothing shows of the background.
      const shadow = cover === 1 ? 0 : 0.3 * clamp(0.5 - distance(x - 0.03, y + 0.09) / 0.22) ** 2;
      const dim = clamp(0.5 + ((x - cx) * 0.35 - (y - cy) * 0.65) / radius / 1.6);
      for (let c = 0; c < 3; c++) {
        const back = (above[c]! + (below[c]! - above[c]!) * down) * (1 - shadow);
        const front = lit[c]! + (shaded[c]! - lit[c]!) * dim;
        out[c * plane + row * size + column] = Math.round(255 * (back + (front - back) * cover));
      }
    }
  }
}
