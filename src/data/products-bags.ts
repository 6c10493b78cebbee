import { type Cut, piece } from "./products-cut.js";
import { band, ellipse, type Spot, spline } from "./products-raster.js";

/** Where a bag stands. */
const ground = 0.85;

/** Four rounded sides: half as wide at the top and at the bottom, from `top` to the ground. */
function body(
  top: number,
  { above, below, soft }: Readonly<Record<"above" | "below" | "soft", number>>,
) {
  const r = soft;
  const side = (sign: number): readonly Spot[] => {
    const [a, b] = [0.5 + sign * above, 0.5 + sign * below];
    return [
      [a - sign * r, top],
      [a, top + r * 0.8],
      [(a + b) / 2 + sign * 0.01, (top + ground) / 2],
      [b, ground - r * 0.8],
      [b - sign * r, ground],
    ];
  };
  return spline([...side(1), ...[...side(-1)].reverse()]);
}

const arc = (
  half: number,
  { from, top, lean = 0 }: { readonly from: number; readonly top: number; readonly lean?: number },
): readonly Spot[] => [
  [0.5 - half, from],
  [0.5 - half * 0.92 + lean, (from + top) / 2 + 0.02],
  [0.5 - half * 0.45 + lean, top],
  [0.5 + half * 0.45 + lean, top],
  [0.5 + half * 0.92 + lean, (from + top) / 2 + 0.02],
  [0.5 + half, from],
];

/** An open bag with two handles. */
export function tote({ between, main, dark, accent, material }: Cut) {
  const [above, below] = [between(0.27, 0.37), between(0.24, 0.35)];
  const top = between(0.38, 0.48);
  const rise = between(0.18, 0.3);
  const belt = between(0.1, 0.3);
  const half = above * between(0.5, 0.66);
  const y = top + belt;
  const edge = above + (below - above) * (belt / (ground - top));
  return {
    style: "tote",
    parts: [
      piece(
        band(arc(half, { from: top + 0.02, top: top - rise + 0.02, lean: 0.035 }), { from: 0.04 }),
        { ink: dark, material, round: 0.02 },
      ),
      piece(body(top, { above, below, soft: 0.045 }), {
        ink: main,
        material,
        round: 0.07,
        lift: 0.15,
      }),
      piece(
        band(
          [
            [0.5 - edge, y],
            [0.5, y + 0.012],
            [0.5 + edge, y],
          ],
          { from: 0.075 },
        ),
        { ink: accent, material, round: 0.03 },
      ),
      piece(band(arc(half, { from: top + 0.09, top: top - rise }), { from: 0.048 }), {
        ink: dark,
        material,
        round: 0.024,
        lift: 0.25,
      }),
    ],
    stands: { x: 0.5, y: ground, half: below },
    measures: { height: ground - top + rise, width: 2 * Math.max(above, below), detail: rise },
  };
}

/** A bag with a flap, a clasp and a short handle. */
export function satchel({ between, main, dark, accent, material }: Cut) {
  const [above, below] = [between(0.3, 0.38), between(0.32, 0.42)];
  const top = between(0.4, 0.52);
  const rise = between(0.09, 0.2);
  const flap = (ground - top) * between(0.45, 0.68);
  const dip = between(0, 0.09);
  const cover = spline([
    [0.5 - above, top + 0.01],
    [0.5 - above + 0.04, top - 0.02],
    [0.5, top - 0.03],
    [0.5 + above - 0.04, top - 0.02],
    [0.5 + above, top + 0.01],
    [0.5 + above + 0.015, top + flap * 0.7],
    [0.5 + above * 0.75, top + flap],
    [0.5, top + flap + dip],
    [0.5 - above * 0.75, top + flap],
    [0.5 - above - 0.015, top + flap * 0.7],
  ]);
  return {
    style: "satchel",
    parts: [
      piece(band(arc(above * 0.42, { from: top, top: top - rise }), { from: 0.055 }), {
        ink: dark,
        material,
        round: 0.03,
      }),
      piece(body(top, { above, below, soft: 0.06 }), { ink: main, material, round: 0.07 }),
      piece(cover, { ink: accent, material, round: 0.05, lift: 0.45 }),
      piece(ellipse([0.5, top + flap + dip - 0.025], 0.05, 0.042), {
        ink: { lightness: 0.83, chroma: 0.11, hue: 88 },
        material: "metal",
        round: 0.035,
        lift: 0.4,
      }),
    ],
    stands: { x: 0.5, y: ground, half: below },
    measures: { height: ground - top + rise, width: 2 * Math.max(above, below), detail: flap },
  };
}

/** A soft bag that hangs from a long strap. */
export function hobo({ between, main, dark, material }: Cut) {
  const half = between(0.32, 0.42);
  const sag = between(0.1, 0.22);
  const rise = between(0.28, 0.4);
  const top = between(0.48, 0.55);
  const shape = spline([
    [0.5 - half, top - 0.03],
    [0.5 - half * 0.5, top + sag * 0.5],
    [0.5, top + sag * 0.75],
    [0.5 + half * 0.5, top + sag * 0.5],
    [0.5 + half, top - 0.03],
    [0.5 + half, top - 0.03],
    [0.5 + half * 1.05, top + 0.16],
    [0.5 + half * 0.7, ground - 0.02],
    [0.5, ground],
    [0.5 - half * 0.7, ground - 0.02],
    [0.5 - half * 1.05, top + 0.16],
    [0.5 - half, top - 0.03],
  ]);
  const strap: readonly Spot[] = [
    [0.5 - half + 0.02, top + 0.01],
    [0.5 - half * 0.75, top - rise * 0.55],
    [0.5 - half * 0.3, top - rise],
    [0.5 + half * 0.3, top - rise],
    [0.5 + half * 0.75, top - rise * 0.55],
    [0.5 + half - 0.02, top + 0.01],
  ];
  return {
    style: "hobo",
    parts: [
      piece(band(strap, { from: 0.05 }), { ink: dark, material, round: 0.025 }),
      piece(shape, { ink: main, material, round: 0.11 }),
      ...[-1, 1].map((sign) =>
        piece(ellipse([0.5 + sign * (half - 0.02), top + 0.01], 0.035, 0.035), {
          ink: { lightness: 0.83, chroma: 0.1, hue: 88 },
          material: "metal",
          round: 0.03,
        }),
      ),
    ],
    stands: { x: 0.5, y: ground, half: half * 0.8 },
    measures: { height: ground - top + rise, width: 2.1 * half, detail: sag },
  };
}
