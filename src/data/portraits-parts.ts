import type { Brush, Rgb } from "./portraits-paint.js";
import type { Sitter } from "./portraits-sitter.js";

/** What a portrait is painted with, each a colour in 0 … 1. */
export type Palette = Readonly<
  Record<
    | "lit"
    | "flesh"
    | "shade"
    | "blush"
    | "lips"
    | "ink"
    | "eye"
    | "hair"
    | "hairLit"
    | "coat"
    | "coatLit"
    | "linen"
    | "linenShade"
    | "wallLit"
    | "wallDark",
    Readonly<Rgb>
  >
>;

/** A place of the picture, −1 … 1 with y downwards, and how the ground is there. */
export interface Place {
  readonly sitter: Sitter;
  readonly palette: Palette;
  readonly u: number;
  readonly v: number;
}

const clamp = (x: number): number => Math.min(1, Math.max(0, x));
const between = (a: number, b: number, t: number): number => a + (b - a) * t;

/** 0 below `from`, 1 above `to`, smooth between. */
function rise(from: number, to: number, x: number): number {
  const t = clamp((x - from) / (to - from));
  return t * t * (3 - 2 * t);
}

/** How deep a place is inside of an ellipse, in its smaller radius: 0 on its outline. */
const inside = (x: number, y: number, rx: number, ry: number): number =>
  (1 - Math.hypot(x / rx, y / ry)) * Math.min(rx, ry);

/** A round spot, 1 in its middle. */
const spot = (x: number, y: number, rx: number, ry: number): number =>
  Math.exp(-2 * ((x / rx) ** 2 + (y / ry) ** 2));

/** Where the head is, and how large. */
function headOf({ place, size }: Sitter): { cx: number; cy: number; r: number } {
  const r = between(0.45, 0.57, size);
  return { cx: between(-0.12, 0.12, place), cy: -0.16, r };
}

/** −1 where light comes from the left, 1 from the right. */
const sideOf = ({ light }: Sitter): number =>
  (light < 0.5 ? -1 : 1) * (0.55 + Math.abs(light - 0.5));

/** A wall that is lighter behind the side of the head that is in the dark. */
export function wall(
  brush: Brush,
  { sitter, palette, u, v, cloud }: Place & { readonly cloud: number },
): void {
  const side = sideOf(sitter);
  const glow = spot(u + 0.75 * side, v + 0.1, 1.05, 1.25);
  brush.over(palette.wallDark, 1);
  brush.over(palette.wallLit, clamp(0.75 * glow + 0.16 * cloud + 0.06));
}

/** Shoulders, coat and collar. */
export function clothes(
  brush: Brush,
  { sitter, palette, u, v, fold }: Place & { readonly fold: number },
): void {
  const { cx, cy, r } = headOf(sitter);
  const side = sideOf(sitter);
  const x = (u - cx) / r;
  const chin = cy + r;
  const shoulder = chin + 0.06 * r + 0.19 * r * Math.abs(x) ** 2.1;
  const body = brush.cover(Math.min(v - shoulder, (2.5 - Math.abs(x)) * r));
  const toLight = clamp(0.5 + 0.32 * side * x - 0.25 * (v - chin) + 0.28 * fold);
  const seam = Math.exp(-(((Math.abs(x) - 0.25 - 0.55 * (v - chin)) / 0.05) ** 2));
  brush.over(palette.coat, body);
  brush.over(palette.coatLit, body * 0.75 * toLight * toLight);
  brush.over(palette.ink, body * (0.4 * seam + 0.25 * clamp(Math.abs(x) - 0.9)));
  // The neck, and the shadow of the chin upon it.
  const neck = brush.cover(Math.min(0.44 * r - Math.abs(u - cx), v - cy, chin + 0.34 * r - v));
  brush.over(palette.flesh, neck);
  brush.over(palette.shade, neck * clamp(0.62 - 0.5 * side * x + 0.4 * (chin + 0.1 * r - v)));
  const wide = sitter.collar;
  if (wide < 0.12) return;
  const [rx, ry] = [between(0.42, 0.98, wide) * r, between(0.16, 0.34, wide) * r];
  const [dx, dy] = [u - cx, v - chin - 0.2 * r];
  const linen = brush.cover(inside(dx, dy - 0.2 * dx * dx, rx, ry)) * brush.cover(dy + 0.13 * r);
  const pleats = 0.5 + 0.5 * Math.cos(26 * Math.atan2(dy + 0.5 * r, dx));
  brush.over(palette.linen, linen);
  const dim = 0.28 + 0.3 * pleats * wide - 0.3 * side * (dx / rx) + 0.3 * clamp(-dy / ry);
  brush.over(palette.linenShade, linen * clamp(dim));
}

/** Paints the head; says where along its strokes a place is, on it. */
export function faceOf(
  sitter: Sitter,
  palette: Palette,
): (brush: Brush, u: number, v: number) => readonly [number, number] | undefined {
  const { cx, cy, r } = headOf(sitter);
  const side = sideOf(sitter);
  const turn = between(-1, 1, sitter.turn);
  const full = clamp(2 * sitter.beard - 1);
  const [lx, ly, lz] = [0.72 * side, -0.42, 0.55];
  return (brush, u, v) => {
    const [x, y] = [(u - cx) / r, (v - cy) / r];
    if (Math.hypot(x, y) > 1.5) return undefined;
    const { cover, over } = brush;
    const deep = (depth: number): number => cover(depth * r);
    // Hair behind the head, longer at the sides.
    const mane = deep(inside(x + 0.05 * turn, y + 0.1, 0.9, 1.02));
    const fall = y > 0.35 ? clamp(1 - (y - 0.35) * 2.2) : 1;
    over(palette.hair, mane * fall);
    over(palette.hairLit, mane * fall * 0.5 * clamp(side * x - 0.1 - 0.5 * y));
    // The face is narrower at the chin.
    const jaw = 0.72 - 0.13 * rise(0.1, 1, y);
    const depth = inside(x, y - 0.04, jaw, 0.96);
    const face = deep(depth);
    if (face > 0) {
      const [nx, ny] = [x / jaw, (y - 0.04) / 0.96];
      const nz = Math.sqrt(Math.max(0, 1 - nx * nx - ny * ny));
      const lambert = nx * lx + ny * ly + nz * lz;
      const t = x - 0.2 * turn; // from the middle of the face
      over(palette.shade, face);
      over(palette.flesh, face * rise(-0.28, 0.5, lambert));
      over(palette.lit, face * 0.92 * rise(0.3, 1.02, lambert));
      const lightness = 0.35 + 0.65 * rise(-0.2, 0.6, lambert);
      for (const eye of [-1, 1]) {
        const near = 1 + 0.12 * eye * turn;
        const ex = t - eye * 0.27 * near;
        over(palette.blush, face * 0.5 * lightness * spot(ex - 0.05 * eye, y - 0.3, 0.24, 0.2));
        over(palette.shade, face * 0.55 * spot(ex, y + 0.08, 0.24, 0.15));
        over(palette.eye, deep(inside(ex, y + 0.05, 0.125, 0.062)) * lightness);
        over(palette.ink, deep(inside(ex - 0.035 * turn, y + 0.055, 0.062, 0.066)));
        over(
          palette.ink,
          0.75 * deep(0.022 - Math.abs(y + 0.115 - 1.3 * ex * ex)) * deep(0.15 - Math.abs(ex)),
        );
        over(
          palette.hair,
          0.8 * deep(0.032 - Math.abs(y + 0.245 - 1.1 * ex * ex)) * deep(0.19 - Math.abs(ex)),
        );
      }
      // The nose throws a shadow away from the light, and shines.
      const bridge = rise(-0.12, 0.3, y) * (1 - rise(0.3, 0.36, y));
      const wide = 0.05 + 0.09 * rise(-0.1, 0.32, y);
      const n = t - 0.07 * turn * rise(-0.1, 0.3, y);
      over(palette.shade, face * 0.6 * bridge * spot(n + side * wide, y - 0.18, 0.1, 0.5));
      over(
        palette.lit,
        face * 0.6 * bridge * lightness * spot(n - side * 0.025, y - 0.16, 0.06, 0.34),
      );
      over(palette.shade, face * 0.75 * spot(n, y - 0.345, 0.15, 0.045));
      // The mouth: a dark line, the lower lip in the light, a shadow under it.
      const m = t - 0.03 * turn;
      over(palette.lips, face * 0.9 * deep(inside(m, y - 0.535, 0.21, 0.062)));
      over(
        palette.ink,
        face * 0.65 * deep(0.014 - Math.abs(y - 0.525 + 0.25 * m * m)) * deep(0.2 - Math.abs(m)),
      );
      over(palette.lit, face * 0.25 * lightness * spot(m - 0.03 * side, y - 0.575, 0.1, 0.03));
      over(palette.shade, face * 0.4 * spot(m, y - 0.66, 0.17, 0.05));
      if (full > 0) {
        const chin =
          rise(0.36, 0.6, y + 0.75 * Math.abs(m) ** 1.5) *
          (1 - 0.9 * spot(m, y - 0.545, 0.19, 0.08));
        const beard = face * chin * (0.45 + 0.5 * full);
        over(palette.hair, beard);
        over(palette.hairLit, beard * 0.35 * clamp(lambert));
      }
    }
    // The hairline, higher where it parts.
    const line = -0.5 - 0.18 * spot(x - 0.25 * side, 0, 0.4, 1) + 0.62 * Math.abs(x) ** 2.4;
    const top = mane * deep((line - y) * 0.8) * clamp(1.6 + 4 * (0.2 - y));
    over(palette.hair, top);
    over(palette.hairLit, top * 0.45 * clamp(side * x * 1.3 - y - 0.35));
    return [Math.atan2(y, x) * 30, Math.hypot(x, y) * 40];
  };
}
