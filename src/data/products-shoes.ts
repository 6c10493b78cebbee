import { type Cut, piece } from "./products-cut.js";
import { band, spline } from "./products-raster.js";

/** Where a sole stands. */
const ground = 0.81;

/** A low shoe with laces, a toe cap and a white sole. */
export function sneaker({ between, main, accent, material }: Cut) {
  const shaft = between(0, 0.12);
  const sole = between(0.055, 0.1);
  const toe = between(-0.015, 0.03);
  const top = ground - sole;
  const upper = spline([
    [0.89, top + 0.02],
    [0.9, top - 0.12],
    [0.875, 0.47 - shaft],
    [0.875, 0.47 - shaft],
    [0.73, 0.51 - shaft],
    [0.6, 0.45 - shaft],
    [0.6, 0.45 - shaft],
    [0.51, 0.53 - shaft / 3],
    [0.36, 0.6],
    [0.2, 0.65 - toe],
    [0.1, 0.7 - toe / 2],
    [0.07, top],
    [0.07, top],
    [0.1, top + 0.02],
    [0.1, top + 0.02],
  ]);
  const base = spline([
    [0.07, top - 0.015],
    [0.045, top + sole * 0.4],
    [0.09, ground],
    [0.5, ground],
    [0.89, ground],
    [0.93, top + sole * 0.4],
    [0.91, top - 0.015],
    [0.91, top - 0.015],
    [0.5, top + 0.012],
    [0.07, top - 0.015],
  ]);
  const cap = spline([
    [0.065, top],
    [0.09, 0.705 - toe / 2],
    [0.17, 0.66 - toe],
    [0.225, top],
    [0.225, top],
  ]);
  const laces = [0, 1, 2].map((k) => {
    const [x, y] = [0.355 + 0.07 * k, 0.605 - (0.055 + shaft / 6) * k];
    return piece(
      band(
        [
          [x, y - 0.01],
          [x + 0.075, y + 0.065],
        ],
        { from: 0.034 },
      ),
      { ink: accent, material, round: 0.02 },
    );
  });
  const stripe = band(
    [
      [0.56, top - 0.01],
      [0.64, 0.6 - shaft / 4],
      [0.7, 0.53 - shaft / 2],
    ],
    { from: 0.07, to: 0.035 },
  );
  return {
    style: "sneaker",
    parts: [
      piece(upper, { ink: main, material, round: 0.09 }),
      piece(stripe, { ink: accent, material, round: 0.03 }),
      piece(cap, { ink: accent, material, round: 0.06 }),
      ...laces,
      piece(base, {
        ink: { lightness: 0.94, chroma: 0.012, hue: 90 },
        material: "paper",
        round: 0.035,
      }),
    ],
    stands: { x: 0.49, y: ground, half: 0.44 },
    measures: { height: ground - 0.45 + shaft, width: 0.86, detail: sole },
  };
}

/** A boot with a block under its heel. */
export function boot({ between, main, dark, accent, material }: Cut) {
  const shaft = between(0.2, 0.42);
  const heel = between(0.03, 0.1);
  const wide = between(-0.015, 0.03);
  const top = 0.56 - shaft;
  const seat = ground - heel;
  const upper = spline([
    [0.83, seat],
    [0.85, seat - 0.13],
    [0.81, 0.5],
    [0.82 + wide, top],
    [0.82 + wide, top],
    [0.53 - wide, top + 0.015],
    [0.53 - wide, top + 0.015],
    [0.55, 0.46],
    [0.5, 0.56],
    [0.36, 0.62],
    [0.2, 0.66],
    [0.105, 0.71],
    [0.08, ground - 0.03],
    [0.08, ground - 0.03],
    [0.4, ground - 0.03],
    [0.6, seat],
    [0.6, seat],
  ]);
  const sole = spline([
    [0.065, ground - 0.045],
    [0.075, ground],
    [0.075, ground],
    [0.42, ground],
    [0.6, seat + 0.035],
    [0.6, seat + 0.035],
    [0.62, ground],
    [0.62, ground],
    [0.835, ground],
    [0.835, ground],
    [0.85, seat - 0.02],
    [0.85, seat - 0.02],
    [0.6, seat - 0.015],
    [0.4, ground - 0.04],
    [0.4, ground - 0.04],
  ]);
  const cuff = band(
    [
      [0.525 - wide, top + 0.04],
      [0.825 + wide, top + 0.025],
    ],
    { from: 0.07 },
  );
  return {
    style: "boot",
    parts: [
      piece(upper, { ink: main, material, round: 0.1 }),
      piece(cuff, { ink: accent, material, round: 0.03 }),
      piece(sole, { ink: dark, material: "paper", round: 0.03 }),
    ],
    stands: { x: 0.46, y: ground, half: 0.4 },
    measures: { height: ground - top, width: 0.78, detail: heel },
  };
}

/** An evening shoe on a thin heel. */
export function pump({ between, main, dark, material }: Cut) {
  const heel = between(0.2, 0.36);
  const point = between(0, 0.04);
  const seat = ground - heel;
  const upper = spline([
    [0.85, seat + 0.05],
    [0.88, seat - 0.04],
    [0.885, seat - 0.15],
    [0.885, seat - 0.15],
    [0.8, seat - 0.055],
    [0.64, seat + heel * 0.22],
    [0.46, 0.68 - heel * 0.1],
    [0.33, 0.63],
    [0.33, 0.63],
    [0.2, 0.68],
    [0.1 - point, 0.75],
    [0.07 - point, ground - 0.01],
    [0.07 - point, ground - 0.01],
    [0.2, ground],
    [0.38, ground - 0.01],
    [0.52, seat + heel * 0.72],
    [0.7, seat + heel * 0.26 + 0.03],
  ]);
  const lining = spline([
    [0.88, seat - 0.145],
    [0.88, seat - 0.145],
    [0.8, seat - 0.095],
    [0.64, seat + heel * 0.08],
    [0.44, 0.63 - heel * 0.1],
    [0.34, 0.625],
    [0.34, 0.625],
    [0.46, 0.7 - heel * 0.1],
    [0.64, seat + heel * 0.25],
    [0.8, seat - 0.04],
  ]);
  return {
    style: "pump",
    parts: [
      piece(lining, { ink: dark, material: "paper", round: 0.03 }),
      piece(
        band(
          [
            [0.825, seat + 0.02],
            [0.845, seat + heel / 2],
            [0.87, ground],
          ],
          { from: 0.1, to: 0.035 },
        ),
        { ink: main, material, round: 0.03 },
      ),
      piece(upper, { ink: main, material, round: 0.07 }),
    ],
    stands: { x: 0.3, y: ground, half: 0.27 },
    measures: { height: heel + 0.15, width: 0.8 + point, detail: heel },
  };
}
