import { type Cut, piece } from "./products-cut.js";
import { band, ellipse, type Spot, spline } from "./products-raster.js";

/** Where a foot stands. */
const ground = 0.9;

/** A shade from above downwards, lit from within. */
function shade({
  ink,
  top,
  height,
  above,
  below,
  glow,
}: Readonly<Record<"top" | "height" | "above" | "below" | "glow", number>> &
  Pick<Parameters<typeof piece>[1], "ink">) {
  const [a, b, bottom] = [above, below, top + height];
  const outline = spline([
    [0.5 - a, top],
    [0.5 - a, top],
    [0.5, top + 0.018],
    [0.5 + a, top],
    [0.5 + a, top],
    [0.5 + b, bottom],
    [0.5 + b, bottom],
    [0.5, bottom + 0.04],
    [0.5 - b, bottom],
    [0.5 - b, bottom],
  ]);
  return [
    piece(outline, { ink, material: "paper", round: 0.08, glow }),
    piece(ellipse([0.5, top], a, 0.022), {
      ink: { lightness: 0.95, chroma: 0.07, hue: 92 },
      material: "paper",
      round: 0.03,
      glow: 0.4,
    }),
  ];
}

/** A shade on a turned foot. */
export function table({ between, main, accent, dark, material }: Cut) {
  const below = between(0.24, 0.36);
  const above = below * between(0.45, 0.9);
  const top = between(0.09, 0.16);
  const height = between(0.26, 0.36);
  const belly = between(0.06, 0.16);
  const waist = between(0.03, 0.05);
  const [from, low] = [top + height, ground - 0.04];
  const at = (share: number): number => from + share * (low - from);
  const side = (sign: number): readonly Spot[] => [
    [0.5 + sign * waist, from - 0.02],
    [0.5 + sign * waist, at(0.18)],
    [0.5 + sign * belly, at(0.55)],
    [0.5 + sign * waist * 1.4, at(0.9)],
    [0.5 + sign * 0.13, low + 0.012],
    [0.5 + sign * 0.14, ground],
  ];
  return {
    style: "table lamp",
    parts: [
      piece(spline([...side(1), [0.5, ground + 0.02], ...[...side(-1)].reverse()]), {
        ink: main,
        material,
        round: 0.06,
      }),
      piece(ellipse([0.5, at(0.9)], waist * 1.5, 0.018), {
        ink: dark,
        material: "metal",
        round: 0.02,
      }),
      ...shade({ ink: accent, top, height, above, below, glow: between(0.15, 0.5) }),
    ],
    stands: { x: 0.5, y: ground + 0.01, half: 0.2 },
    measures: { height: ground - top, width: 2 * below, detail: belly },
  };
}

/** A shade on a tall thin pole. */
export function floor({ between, accent, dark }: Cut) {
  const below = between(0.17, 0.27);
  const above = below * between(0.35, 0.95);
  const top = between(0.08, 0.12);
  const height = between(0.16, 0.24);
  const foot = between(0.12, 0.2);
  const pole = band(
    [
      [0.5, top + height],
      [0.5, ground - 0.02],
    ],
    { from: 0.04 },
  );
  return {
    style: "floor lamp",
    parts: [
      piece(ellipse([0.5, ground - 0.01], foot, 0.042), {
        ink: dark,
        material: "metal",
        round: 0.035,
      }),
      piece(pole, { ink: dark, material: "metal", round: 0.02 }),
      ...shade({ ink: accent, top, height, above, below, glow: between(0.2, 0.5) }),
    ],
    stands: { x: 0.5, y: ground + 0.01, half: foot * 1.1 },
    measures: { height: ground - top, width: 2 * below, detail: foot },
  };
}

/** A head on two arms that can be bent. */
export function desk({ between, main, dark, material }: Cut) {
  const knee: Spot = [between(0.62, 0.74), between(0.42, 0.52)];
  const neck: Spot = [between(0.38, 0.46), between(0.17, 0.24)];
  const size = between(0.85, 1.2);
  const tilt = between(0.2, 0.8);
  const [c, s] = [Math.cos(tilt), Math.sin(tilt)];
  // The head points down and to the left of the neck.
  const on = (along: number, across: number): Spot => [
    neck[0] - size * (along * s + across * c),
    neck[1] + size * (along * c - across * s),
  ];
  const head = spline([
    on(-0.06, -0.05),
    on(-0.06, 0.05),
    on(0.06, 0.09),
    on(0.2, 0.17),
    on(0.2, 0.17),
    on(0.22, 0),
    on(0.2, -0.17),
    on(0.2, -0.17),
    on(0.06, -0.09),
  ]);
  const foot = between(0.16, 0.22);
  return {
    style: "desk lamp",
    parts: [
      piece(ellipse([0.52, ground - 0.01], foot, 0.045), { ink: main, material, round: 0.04 }),
      piece(band([[0.52, ground - 0.03], knee], { from: 0.045 }), {
        ink: dark,
        material: "metal",
        round: 0.02,
      }),
      piece(band([knee, neck], { from: 0.042 }), { ink: dark, material: "metal", round: 0.02 }),
      piece(ellipse(knee, 0.042, 0.042), { ink: main, material, round: 0.03 }),
      piece(ellipse(on(0.2, 0), 0.11 * size, 0.05 * size), {
        ink: { lightness: 0.97, chroma: 0.09, hue: 95 },
        material: "paper",
        round: 0.04,
        glow: 0.5,
      }),
      piece(head, { ink: main, material, round: 0.08 }),
    ],
    stands: { x: 0.52, y: ground + 0.01, half: foot * 1.15 },
    measures: { height: ground - neck[1], width: knee[0] - neck[0] + 0.2, detail: size },
  };
}
