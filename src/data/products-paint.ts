import type { Random } from "../shape/random.js";
import { oklch } from "./oklch.js";
import type { Ink } from "./paint.js";
import { coverage, type Outline, softened } from "./products-raster.js";

/** What something is made of, as far as light goes. */
export interface Material {
  /** How strongly it mirrors the light, 0 … 1. */
  readonly gloss: number;
  /** How much its surface varies from place to place, in lightness. */
  readonly grain: number;
  /** Whether that runs along in streaks, or stands in a weave. */
  readonly pattern: "even" | "streaks" | "weave";
}

export const materials = {
  leather: { gloss: 0.35, grain: 0.012, pattern: "even" },
  patent: { gloss: 0.95, grain: 0, pattern: "even" },
  suede: { gloss: 0, grain: 0.03, pattern: "even" },
  canvas: { gloss: 0, grain: 0.022, pattern: "weave" },
  wood: { gloss: 0.2, grain: 0.03, pattern: "streaks" },
  metal: { gloss: 1, grain: 0, pattern: "even" },
  paper: { gloss: 0, grain: 0.008, pattern: "even" },
} as const satisfies Readonly<Record<string, Material>>;

/** One piece of a product, drawn over those before it. */
export interface Part {
  readonly outline: Outline;
  readonly ink: Ink;
  readonly material: Material;
  /** How far in from its outline it is round, as part of the picture's side. */
  readonly round: number;
  /** How far it stands out from what is below: how deep a shadow it throws there, 0 … 1. */
  readonly lift?: number;
  /** Light that comes from within, 0 … 1. */
  readonly glow?: number;
}

/** A product before a backdrop, as a photographer would light it. */
export interface Product {
  readonly parts: readonly Part[];
  /** Where it stands: the middle of its shadow, and half of its width. */
  readonly stands: { readonly x: number; readonly y: number; readonly half: number };
  readonly backdrop: Ink;
}

const clamp = (x: number): number => Math.min(1, Math.max(0, x));

/** From above left and before, of length 1. */
const light = [-0.46, -0.62, 0.635] as const;

/** Draws a product to planar bytes `[3 size size]`. */
export function photograph(
  product: Product,
  {
    size,
    out,
    random,
  }: { readonly size: number; readonly out: Uint8Array; readonly random: Random },
): void {
  const area = size * size;
  const picture = new Float32Array(3 * area);
  backdrop(picture, product, size);
  for (const part of product.parts) draw(picture, part, { size, random });
  for (let i = 0; i < out.length; i++) out[i] = Math.round(255 * clamp(picture[i]!));
}

/** A wall that is lighter in the middle, and the shadow below the product. */
function backdrop(picture: Float32Array, { stands, backdrop: ink }: Product, size: number): void {
  const area = size * size;
  const high = oklch(ink.lightness + 0.025, ink.chroma, ink.hue);
  const low = oklch(ink.lightness - 0.05, ink.chroma * 1.2, ink.hue - 6);
  for (let i = 0; i < area; i++) {
    const [x, y] = [((i % size) + 0.5) / size, (Math.floor(i / size) + 0.5) / size];
    const away = clamp(((x - 0.45) ** 2 + (y - 0.4) ** 2) / 0.5);
    const far = ((x - stands.x) / (stands.half * 1.25)) ** 2 + ((y - stands.y) / 0.065) ** 2;
    const dim = 1 - 0.42 * clamp(1 - far) ** 1.5;
    for (let c = 0; c < 3; c++)
      picture[c * area + i] = (high[c]! + (low[c]! - high[c]!) * away) * dim;
  }
}

function draw(
  picture: Float32Array,
  part: Part,
  { size, random }: { readonly size: number; readonly random: Random },
): void {
  const { outline, ink, material, round, lift = 0, glow = 0 } = part;
  const area = size * size;
  const cover = coverage(outline, size);
  if (lift > 0) cast(picture, cover, { size, lift });
  const height = softened(cover, size, round * size);
  const lit = oklch(ink.lightness + 0.1, ink.chroma * 0.92, ink.hue + 5);
  const shaded = oklch(ink.lightness - 0.2, ink.chroma * 1.02, ink.hue - 8);
  const steep = 2.2 * Math.max(1, Math.round(round * size));
  const phase = random.uniform() * 6;
  for (let i = 0; i < area; i++) {
    const covered = cover[i]!;
    if (covered === 0) continue;
    const [column, row] = [i % size, Math.floor(i / size)];
    const at = (k: number, inside: boolean): number => (inside ? height[k]! : 0);
    const dx = at(i + 1, column + 1 < size) - at(i - 1, column > 0);
    const dy = at(i + size, row + 1 < size) - at(i - size, row > 0);
    const [nx, ny] = [-dx * steep * 0.5, -dy * steep * 0.5];
    const long = Math.sqrt(nx * nx + ny * ny + 1);
    const facing = (nx * light[0] + ny * light[1] + light[2]) / long;
    // Halfway between the light and the eye.
    const mirrored = (nx * light[0] + ny * light[1] + light[2] + 1) / (long * 1.808);
    const shine = material.gloss * clamp(mirrored) ** 22 * 0.75;
    const grain = material.grain * surface(material, { column, row, random, phase });
    const bright = clamp(clamp(0.62 + 1.05 * (facing - light[2])) + grain * 4 + glow);
    for (let c = 0; c < 3; c++) {
      const own = shaded[c]! + (lit[c]! - shaded[c]!) * bright;
      const front = own + (1 - own) * Math.min(1, shine);
      const k = c * area + i;
      picture[k]! += (front - picture[k]!) * Math.min(1, covered);
    }
  }
}

/** Darkens what lies below and a little further down. */
function cast(
  picture: Float32Array,
  cover: Float32Array,
  { size, lift }: { readonly size: number; readonly lift: number },
): void {
  const area = size * size;
  const soft = softened(cover, size, 0.035 * size);
  const down = Math.max(1, Math.round(0.03 * size)) * size;
  for (let i = down; i < area; i++) {
    const dim = 1 - lift * soft[i - down]!;
    for (let c = 0; c < 3; c++) picture[c * area + i]! *= dim;
  }
}

/** How a surface varies, about −1 … 1. */
function surface(
  { pattern }: Material,
  at: {
    readonly column: number;
    readonly row: number;
    readonly random: Random;
    readonly phase: number;
  },
): number {
  const { column, row, random, phase } = at;
  if (pattern === "weave") return (column + row) % 2 === 0 ? 1 : -1;
  if (pattern === "streaks") return Math.sin(phase + row * 1.9 + 0.7 * Math.sin(column * 0.35));
  return 2 * random.uniform() - 1;
}
