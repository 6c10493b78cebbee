import type { Random } from "../shape/random.js";
import { oklch } from "./oklch.js";

/** What is true of one avatar: every number from 0 to 1, any as likely as any other. */
export interface Avatar {
  /** Where the head is, from the left and from the top. */
  readonly x: number;
  readonly y: number;
  /** How large the head is. */
  readonly size: number;
  /** From light to dark. */
  readonly skin: number;
  /** From fair to dark. */
  readonly hair: number;
  /** From blue over green to orange. */
  readonly background: number;
  /** How far apart the eyes are. */
  readonly eyes: number;
  /** From a frown to a smile. */
  readonly mouth: number;
}

export const attributes = [
  "x",
  "y",
  "size",
  "skin",
  "hair",
  "background",
  "eyes",
  "mouth",
] as const satisfies readonly (keyof Avatar)[];

export function anyAvatar(random: Random): Avatar {
  const drawn = attributes.map((name) => [name, random.uniform()]);
  return Object.fromEntries(drawn) as unknown as Avatar; // each attribute got a number
}

type Rgb = readonly [number, number, number];

const between = (a: number, b: number, t: number): number => a + (b - a) * t;
const clamp = (x: number): number => Math.min(1, Math.max(0, x));

/** How deep a place is inside of an ellipse, in its smaller radius: 0 on its outline. */
const inside = (x: number, y: number, [rx, ry]: readonly [number, number]): number =>
  (1 - Math.hypot(x / rx, y / ry)) * Math.min(rx, ry);

/**
 * Draws an avatar to planar bytes `[3 size size]`: background, hair, head, freckles, eyes and mouth,
 * anti-aliased over one pixel. Places are in −1 … 1 with y downwards.
 */
export function drawAvatar(
  { x, y, size: large, skin, hair, background, eyes, mouth }: Avatar,
  {
    size,
    random,
    out,
  }: { readonly size: number; readonly random: Random; readonly out: Uint8Array },
): void {
  const [cx, cy] = [between(-0.3, 0.3, x), between(-0.25, 0.25, y)];
  const radius = between(0.38, 0.56, large);
  const [flesh, tuft, ground] = [
    oklch(between(0.86, 0.46, skin), 0.085, 58),
    oklch(between(0.8, 0.24, hair), between(0.11, 0.03, hair), between(92, 40, hair)),
    oklch(0.72, 0.11, between(260, 60, background)),
  ];
  const ink = oklch(0.2, 0.02, 40);
  const lips = oklch(0.5, 0.15, 22);
  const pixel = 2 / size;
  const plane = size * size;
  const head = [radius * 0.86, radius] as const;
  const apart = radius * between(0.22, 0.5, eyes);
  const bend = between(-0.16, 0.16, mouth) * radius;
  for (let row = 0; row < size; row++) {
    const v = (row + 0.5) * pixel - 1 - cy;
    for (let column = 0; column < size; column++) {
      const u = (column + 0.5) * pixel - 1 - cx;
      const cover = (depth: number): number => clamp(0.5 + depth / pixel);
      let colour: Rgb = ground;
      const over = (top: Rgb, share: number): void => {
        const under = colour;
        colour = [0, 1, 2].map((c) => between(under[c]!, top[c]!, share)) as unknown as Rgb; // three
      };
      const shock = inside(u, v + 0.16 * radius, [radius * 0.98, radius * 1.02]);
      over(
        tuft,
        v < 0.2 * radius ? cover(shock) : cover(shock) * clamp(1 - (v / radius - 0.2) * 3),
      );
      const face = cover(inside(u, v - 0.12 * radius, [head[0], head[1] * 0.86]));
      over(flesh, face);
      // By chance in each pixel: what noise is for.
      const freckle = random.uniform();
      if (v > -0.1 * radius && freckle < 0.22)
        over(oklch(between(0.62, 0.34, skin), 0.09, 45), 0.55 * face);
      for (const side of [-1, 1]) {
        const eye = inside(u - side * apart, v + 0.05 * radius, [0.15 * radius, 0.19 * radius]);
        over(ink, cover(eye));
      }
      const smile = v - 0.5 * radius + bend * ((u / (0.42 * radius)) ** 2 - 0.5) * 2;
      const lip = Math.min(0.075 * radius - Math.abs(smile), 0.42 * radius - Math.abs(u));
      over(lips, cover(lip) * face);
      for (let c = 0; c < 3; c++)
        out[c * plane + row * size + column] = Math.round(255 * clamp(colour[c]!));
    }
  }
}
