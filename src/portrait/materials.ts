import type { Surface } from "../data/portraits-surface.js";

/** A colour, each part 0 … 1. */
export type Rgb = readonly [number, number, number];
export type Side = "top" | "left" | "right" | "bottom";

/** A place, in pixels. */
export interface Place {
  readonly x: number;
  readonly y: number;
  /** The root of the picture's area, in pixels. */
  readonly unit: number;
  readonly surface: Surface;
}

/** A place in a frame. */
export interface Rim extends Place {
  /** The side of the frame that it belongs to, how far in from its edge, and where along it. */
  readonly side: Side;
  readonly depth: number;
  readonly along: number;
}

const clamp = (x: number): number => Math.min(1, Math.max(0, x));
const mixed = (a: Rgb, b: Rgb, t: number): Rgb => [
  a[0] + (b[0] - a[0]) * t,
  a[1] + (b[1] - a[1]) * t,
  a[2] + (b[2] - a[2]) * t,
];
const lit = (colour: Rgb, by: number, shine = 0): Rgb => [
  colour[0] * by + shine,
  colour[1] * by + shine,
  colour[2] * by + shine * 0.94,
];

/** Towards the inside of a frame, by its side. */
const inwards = { top: [0, 1], left: [1, 0], right: [-1, 0], bottom: [0, -1] } as const;
/** From above, from the left, and from before, of length 1. */
const light = [-0.42, -0.66, 0.623] as const;

/** How brightly something is lit, and how it mirrors, that rises so steeply towards the inside. */
function lambert(side: Side, slope: number): { readonly bright: number; readonly shine: number } {
  const [ix, iy] = inwards[side];
  const long = Math.sqrt(1 + slope * slope);
  const [nx, ny, nz] = [(-slope * ix) / long, (-slope * iy) / long, 1 / long];
  const facing = nx * light[0] + ny * light[1] + nz * light[2];
  // Halfway between the light and the eye.
  const mirrored = (facing + nz) / 1.802;
  return { bright: clamp(0.38 + 1.0 * facing), shine: clamp(mirrored) ** 40 };
}

/** How steeply the moulding rises, from its outer edge, 0, to its inner one, 1. */
function moulding(t: number): number {
  if (t < 0.1) return 1.5 * Math.cos((Math.PI * t) / 0.2);
  if (t < 0.16) return -1.1 * Math.sin((Math.PI * (t - 0.1)) / 0.06);
  if (t < 0.74) return 1.05 * Math.cos((Math.PI * (t - 0.16)) / 0.58);
  if (t < 0.8) return -1.3 * Math.sin((Math.PI * (t - 0.74)) / 0.06);
  return 1.3 * Math.cos((Math.PI * (t - 0.8)) / 0.2);
}

const walnut = { dark: [0.15, 0.082, 0.047], light: [0.44, 0.265, 0.15] } as const;

/** Walnut, its grain along the rail, `t` of the way in. */
export function woodAt({ side, depth, along, unit, surface }: Rim, t: number, rail: number): Rgb {
  const scale = 520 / unit;
  // Each rail is another piece of the tree.
  const piece = { top: 0, left: 61, right: 122, bottom: 183 }[side];
  const [a, b] = [along * scale, depth * scale];
  const drift = surface.clouds(a * 0.16 + piece, b * 0.5 + piece);
  const rings = 0.5 + 0.5 * Math.sin(2 * Math.PI * ((2.6 * depth) / rail + 1.5 * drift + piece));
  const pores = surface.bristles(a * 0.5 + piece, b * 3.1);
  const fine = surface.bristles(a * 1.3 + 40, b * 5 + piece);
  const tone = clamp(0.44 + 0.26 * (rings - 0.5) + 0.2 * pores + 0.12 * fine + 0.12 * drift);
  const { bright, shine } = lambert(side, moulding(t));
  // The joint of two rails, and the shade at the outer edge.
  const edge = 1 - 0.5 * clamp(1 - depth / (0.004 * unit + 1));
  return lit(mixed(walnut.dark, walnut.light, tone), 1.12 * bright * edge, 0.1 * shine);
}

const gold = { dark: [0.36, 0.24, 0.09], light: [0.93, 0.76, 0.43] } as const;

/** The gilded lip inside of the wood. */
export function lipAt({ side, x, y, surface, unit }: Rim, t: number): Rgb {
  const { bright, shine } = lambert(side, 1.5 * Math.cos(Math.PI * t));
  const worn = 0.1 * surface.clouds((x * 700) / unit, (y * 700) / unit);
  return lit(mixed(gold.dark, gold.light, clamp(bright * 1.05 - 0.12 + worn)), 1, 0.3 * shine);
}

const board: Rgb = [0.935, 0.915, 0.868];
const core: Rgb = [0.985, 0.975, 0.945];

/** The mat: a board with a line drawn around the opening, whose cut shows its white core. */
export function matAt(
  { x, y, unit, surface }: Place,
  {
    bevel,
    shadows,
    toPicture,
  }: {
    readonly bevel: number;
    /** How far it is to the frame above, at the left, at the right and below. */
    readonly shadows: readonly [number, number, number, number];
    readonly toPicture: { readonly distance: number; readonly side: Side };
  },
): Rgb {
  const { distance } = toPicture;
  if (distance < bevel) {
    const towards = { top: 0.8, left: 0.86, right: 0.98, bottom: 1.02 }[toPicture.side];
    return lit(core, towards);
  }
  const grain = 0.012 * surface.bristles(x * 0.9, y * 0.9) + 0.012 * surface.clouds(x, y);
  // The frame stands before it and throws a shadow, farther below what is above.
  const shade = (strong: number, reach: number, away: number): number =>
    1 - strong * Math.exp(-away / (reach * unit));
  const [top, left, right, bottom] = shadows;
  const light = shade(0.42, 0.03, top) * shade(0.34, 0.022, left) * shade(0.16, 0.009, right);
  const line = Math.abs(distance - 0.026 * unit) < Math.max(0.5, 0.0011 * unit) ? 0.34 : 0;
  const flat = mixed(board, [0.52, 0.4, 0.22], line);
  return lit(flat, (1 + grain) * light * shade(0.14, 0.009, bottom));
}

/** A painted place on woven canvas, in the shadow of the mat at its upper edges. */
export function canvasAt(colour: Rgb, { x, y, unit, surface }: Place): Rgb {
  const thread = Math.max(2.5, unit / 230);
  const [p, q] = [x / thread, y / thread];
  const across = (Math.floor(p) + Math.floor(q)) % 2 === 0;
  const round = (s: number): number => Math.sin(Math.PI * (s - Math.floor(s)));
  const weave = across ? round(q) - 0.35 * round(p) : round(p) - 0.35 * round(q);
  const scale = 420 / unit;
  const brush = surface.bristles(
    (x * 0.8 + y * 0.6) * scale * 2.4,
    (y * 0.8 - x * 0.6) * scale * 2.4,
  );
  const crack = clamp(1 - surface.cracks(x * scale * 1.3, y * scale * 1.3) / 0.42);
  const shade = 0.2 * Math.exp(-y / (0.012 * unit)) + 0.16 * Math.exp(-x / (0.01 * unit));
  const by = (1 + 0.055 * (weave - 0.3) + 0.035 * brush) * (1 - 0.17 * crack) * (1 - shade);
  // Paint that stands out is seen in the dark, too.
  return lit(colour, by, 0.008 * (weave - 0.3));
}
