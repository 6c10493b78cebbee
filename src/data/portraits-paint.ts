import type { Random } from "../shape/random.js";
import { oklch } from "./oklch.js";
import { clothes, faceOf, type Palette, wall } from "./portraits-parts.js";
import type { Sitter } from "./portraits-sitter.js";
import type { Surface } from "./portraits-surface.js";

export type Rgb = [number, number, number];

/** How what is seen at one place of the picture is laid on: colours over colours. */
export interface Brush {
  readonly colour: Rgb;
  /** Lays a colour over what is there, so much of it. */
  over(top: Readonly<Rgb>, share: number): void;
  /** How much of a pixel something covers that is so deep inside of its outline. */
  cover(depth: number): number;
}

const clamp = (x: number): number => Math.min(1, Math.max(0, x));
const between = (a: number, b: number, t: number): number => a + (b - a) * t;

/** Texels of the ground from the middle of a picture to its side. */
const ground = 52;

/**
 * Paints a sitter to planar bytes `[3 size size]`: wall, coat, collar, neck and head, laid on with a
 * brush that wavers, then cracked and varnished. Places are in −1 … 1 with y downwards.
 */
export function paintPortrait(
  sitter: Sitter,
  {
    size,
    random,
    surface,
    out,
  }: {
    readonly size: number;
    readonly random: Random;
    readonly surface: Surface;
    readonly out: Uint8Array;
  },
): void {
  const palette = paletteOf(sitter);
  const pixel = 2 / size;
  const plane = size * size;
  const [dx, dy] = [256 * random.uniform(), 256 * random.uniform()];
  const colour: Rgb = [0, 0, 0];
  const brush: Brush = {
    colour,
    over(top, share) {
      for (let c = 0; c < 3; c++) colour[c]! += (top[c]! - colour[c]!) * share;
    },
    cover: (depth) => clamp(0.5 + depth / pixel),
  };
  const face = faceOf(sitter, palette);
  // Where pixels are coarser than cracks, these only darken a little.
  const crack = Math.min(1, size / 128);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const [x, y] = [(column + 0.5) * pixel - 1, (row + 0.5) * pixel - 1];
      const [tx, ty] = [x * ground + dx, y * ground + dy];
      // Outlines waver as hands do.
      const u = x + 0.012 * surface.clouds(tx * 2, ty * 2);
      const v = y + 0.012 * surface.clouds(ty * 2 + 90, tx * 2);
      wall(brush, { sitter, palette, u, v, cloud: surface.clouds(tx * 0.6, ty * 0.6) });
      clothes(brush, { sitter, palette, u, v, fold: surface.clouds(tx * 1.4, ty * 0.5 + 40) });
      const along = face(brush, u, v);
      // Around the head strokes follow it; elsewhere they fall to one side.
      const [p, q] = along ?? [tx * 0.8 + ty * 0.6, ty * 0.8 - tx * 0.6];
      const stroke = 1 + (along ? 0.045 : 0.11) * surface.bristles(p * 1.5, q * 1.5);
      const split = 1 - 0.26 * crack * clamp(1 - surface.cracks(tx * 1.1, ty * 1.1) / 0.65);
      const dim = 1 - 0.16 * (x * x + y * y) ** 1.5;
      const varnish = [1.14, 1.11, 1.02];
      for (let c = 0; c < 3; c++) {
        const value = colour[c]! * stroke * split * dim * varnish[c]!;
        out[c * plane + row * size + column] = Math.round(255 * clamp(value));
      }
    }
  }
}

function paletteOf({ skin, hair, coat, ground: wallTone }: Sitter): Palette {
  const rgb = (l: number, c: number, h: number): Rgb => [...oklch(l, c, h)];
  const [white, grey] = [clamp(1 - hair * 4), clamp((hair - 0.25) / 0.75)];
  const hairTone = [
    between(0.62, 0.2, grey) + 0.12 * white,
    between(0.1, 0.02, grey) * (1 - white),
  ];
  const hues = [30, 25, 135, 250];
  const at = coat * 3.999;
  const coatChroma = at < 1 ? 0.012 : 0.05;
  const hue = hues[Math.floor(at)]!;
  return {
    lit: rgb(between(0.9, 0.64, skin), 0.07, 66),
    flesh: rgb(between(0.7, 0.44, skin), 0.085, 50),
    shade: rgb(between(0.4, 0.23, skin), 0.06, 40),
    blush: rgb(between(0.66, 0.44, skin), 0.12, 32),
    lips: rgb(between(0.54, 0.36, skin), 0.11, 25),
    ink: rgb(0.17, 0.02, 50),
    eye: rgb(0.82, 0.02, 90),
    hair: rgb(hairTone[0]!, hairTone[1]!, between(80, 45, grey)),
    hairLit: rgb(hairTone[0]! + 0.16, hairTone[1]! * 1.2, between(85, 55, grey)),
    coat: rgb(between(0.2, 0.27, coat), coatChroma, hue),
    coatLit: rgb(between(0.36, 0.44, coat), coatChroma * 1.3, hue + 6),
    linen: rgb(0.9, 0.025, 92),
    linenShade: rgb(0.6, 0.03, 80),
    wallLit: rgb(0.46, 0.045, between(62, 190, wallTone * wallTone)),
    wallDark: rgb(0.17, 0.025, between(50, 160, wallTone * wallTone)),
  };
}
