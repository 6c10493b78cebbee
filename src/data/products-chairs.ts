import { type Cut, piece } from "./products-cut.js";
import { band, ellipse, type Spot, spline } from "./products-raster.js";

/** Where front legs end. */
const ground = 0.9;

/** Corners as an outline. */
const corners = (...spots: readonly Spot[]) => spots.flat();

/** A wooden chair with a seat of cloth and slats in its back. */
export function dining({ between, whole, main, wood, material }: Cut) {
  const half = between(0.19, 0.25);
  const seat = between(0.56, 0.66);
  const back = between(0.26, 0.4);
  const slats = whole(2, 4);
  const splay = between(0, 0.035);
  const [left, right, depth, lift] = [0.45 - half, 0.45 + half, 0.12, 0.1];
  const [backLeft, backRight, backSeat] = [
    left + depth + 0.015,
    right + depth - 0.015,
    seat - lift,
  ];
  const top = backSeat - back;
  const leg = (from: Spot, to: Spot) =>
    piece(band([from, to], { from: 0.055, to: 0.04 }), {
      ink: wood,
      material: "wood",
      round: 0.025,
    });
  const bars = Array.from({ length: slats }, (_, k) => {
    const x = backLeft + ((k + 1) * (backRight - backLeft)) / (slats + 1);
    return piece(
      band(
        [
          [x, backSeat],
          [x + 0.02, top + 0.03],
        ],
        { from: 0.042 },
      ),
      { ink: wood, material: "wood", round: 0.02 },
    );
  });
  return {
    style: "dining chair",
    parts: [
      leg([backLeft, backSeat], [backLeft, ground - 0.09]),
      leg([backRight, backSeat], [backRight + splay, ground - 0.09]),
      ...bars,
      piece(
        band(
          [
            [backLeft, backSeat + 0.02],
            [backLeft + 0.02, top],
          ],
          { from: 0.05 },
        ),
        { ink: wood, material: "wood", round: 0.025 },
      ),
      piece(
        band(
          [
            [backRight, backSeat + 0.02],
            [backRight + 0.02, top],
          ],
          { from: 0.05 },
        ),
        { ink: wood, material: "wood", round: 0.025 },
      ),
      piece(
        band(
          [
            [backLeft - 0.01, top + 0.015],
            [(backLeft + backRight) / 2 + 0.02, top - 0.012],
            [backRight + 0.05, top + 0.015],
          ],
          { from: 0.085 },
        ),
        { ink: wood, material: "wood", round: 0.035 },
      ),
      leg([left + 0.02, seat], [left + 0.02 - splay, ground]),
      leg([right - 0.02, seat], [right - 0.02 + splay, ground]),
      piece(
        corners(
          [left - 0.02, seat + 0.045],
          [left - 0.02, seat - 0.005],
          [backLeft - 0.02, backSeat],
          [backRight + 0.02, backSeat],
          [right + 0.025, seat - 0.005],
          [right + 0.025, seat + 0.045],
        ),
        { ink: main, material, round: 0.045, lift: 0.2 },
      ),
    ],
    stands: { x: 0.51, y: ground - 0.03, half: half + 0.1 },
    measures: { height: ground - top, width: 2 * half + depth, detail: back },
  };
}

/** An upholstered chair with arms. */
export function armchair({ between, main, dark, wood, material }: Cut) {
  const half = between(0.22, 0.28);
  const seat = between(0.6, 0.67);
  const back = between(0.28, 0.4);
  const arm = between(0.1, 0.17);
  const foot = between(0.07, 0.12);
  const [bottom, top] = [ground - foot, seat - back];
  const rest = (sign: number) => {
    const [inner, outer] = [0.5 + sign * half, 0.5 + sign * (half + 0.13)];
    return piece(
      spline([
        [inner, seat - arm + 0.02],
        [(inner + outer) / 2, seat - arm - 0.03],
        [outer, seat - arm + 0.02],
        [outer, bottom - 0.02],
        [outer, bottom],
        [inner, bottom],
        [inner, bottom],
      ]),
      { ink: main, material, round: 0.055, lift: 0.25 },
    );
  };
  const feet = [-1, 1].map((sign) =>
    piece(
      band(
        [
          [0.5 + sign * (half + 0.04), bottom - 0.01],
          [0.5 + sign * (half + 0.065), ground],
        ],
        { from: 0.065, to: 0.04 },
      ),
      { ink: wood, material: "wood", round: 0.03 },
    ),
  );
  const cushion = spline([
    [0.5 - half, seat],
    [0.5 - half + 0.02, seat - 0.035],
    [0.5, seat - 0.045],
    [0.5 + half - 0.02, seat - 0.035],
    [0.5 + half, seat],
    [0.5 + half, seat + 0.07],
    [0.5, seat + 0.09],
    [0.5 - half, seat + 0.07],
  ]);
  const behind = spline([
    [0.5 - half - 0.01, seat + 0.02],
    [0.5 - half - 0.015, top + 0.1],
    [0.5 - half * 0.7, top],
    [0.5, top - 0.025],
    [0.5 + half * 0.7, top],
    [0.5 + half + 0.015, top + 0.1],
    [0.5 + half + 0.01, seat + 0.02],
  ]);
  return {
    style: "armchair",
    parts: [
      ...feet,
      piece(behind, { ink: main, material, round: 0.08 }),
      piece(
        corners(
          [0.5 - half, seat + 0.03],
          [0.5 + half, seat + 0.03],
          [0.5 + half, bottom],
          [0.5 - half, bottom],
        ),
        { ink: dark, material, round: 0.04 },
      ),
      piece(cushion, { ink: main, material, round: 0.05, lift: 0.3 }),
      rest(-1),
      rest(1),
    ],
    stands: { x: 0.5, y: ground, half: half + 0.14 },
    measures: { height: ground - top, width: 2 * half + 0.26, detail: arm },
  };
}

/** A round seat on long legs. */
export function stool({ between, main, dark, wood, material }: Cut) {
  const half = between(0.17, 0.26);
  const seat = between(0.24, 0.42);
  const splay = between(0.02, 0.11);
  const rung = between(0.45, 0.75);
  const thick = between(0.05, 0.08);
  const leg = (x: number, out: number, bottom: number) =>
    piece(
      band(
        [
          [0.5 + x, seat + 0.03],
          [0.5 + x + out, bottom],
        ],
        { from: 0.05, to: 0.038 },
      ),
      { ink: wood, material: "wood", round: 0.025 },
    );
  const y = seat + rung * (ground - seat);
  const reach = half * 0.72 + splay * rung;
  return {
    style: "stool",
    parts: [
      leg(-half * 0.32, -splay * 0.4, ground - 0.07),
      leg(half * 0.32, splay * 0.4, ground - 0.07),
      piece(
        band(
          [
            [0.5 - reach, y],
            [0.5 + reach, y],
          ],
          { from: 0.035 },
        ),
        { ink: dark, material: "metal", round: 0.02 },
      ),
      leg(-half * 0.72, -splay, ground),
      leg(half * 0.72, splay, ground),
      piece(
        spline([
          [0.5 - half, seat],
          [0.5 - half, seat + thick],
          [0.5, seat + thick + 0.055],
          [0.5 + half, seat + thick],
          [0.5 + half, seat],
        ]),
        { ink: dark, material, round: 0.04, lift: 0.2 },
      ),
      piece(ellipse([0.5, seat], half, 0.062), { ink: main, material, round: 0.045 }),
    ],
    stands: { x: 0.5, y: ground - 0.02, half: half * 0.8 + splay },
    measures: { height: ground - seat, width: 2 * half, detail: splay },
  };
}
