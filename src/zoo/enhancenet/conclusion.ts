import { figure } from "../../figure/figure.js";
import type { Conclusion, Look, Outcome } from "../../game/conclusion.js";
import type { NetworkDefinition } from "../../game/network.js";
import type { FeaturesDefinition } from "../../nn/features.js";
import { resized } from "../../nn/resized.js";
import { resize } from "../../tensor/pictures.js";
import type { Tensor } from "../../tensor/tensor.js";
import { constant } from "../../tensor/tensor.js";
import { signed, stored, unit } from "../super-resolution/bytes.js";
import { type Judged, judged, tried } from "../super-resolution/judged.js";
import { shownBeside } from "../super-resolution/shown.js";

/** Times that pictures become larger. */
export const scale = 4;

/** A run of EnhanceNet that has ended. */
export type Ended = Look<
  Readonly<Record<"G" | "D", NetworkDefinition>> & { readonly F: FeaturesDefinition },
  { readonly losses: string }
>;

/** How near to the truth G is, and how like it, beside bicubic interpolation. */
export async function conclusion(look: Ended): Promise<Conclusion> {
  const on = tried(look);
  const of = `${on.count} ${on.whose}`;
  const { shape, count, items } = on;
  const [, height, width] = shape as readonly [number, number, number]; // pictures have three axes
  const found = await look.compute(
    ({ G }, { x }) => {
      const small = smaller(unit(x));
      return {
        nearest: signed(resize(small, [height, width], { filter: "nearest" })),
        bicubic: signed(resized(small, { height, width, kernel: "bicubic" })),
        made: signed(enlarged(G, small)),
      };
    },
    { x: { shape: [count, ...shape], data: items } },
  );
  const net = `ENet-${look.hyper.losses}`;
  const [made, bicubic] = [found.made, found.bicubic].map((all) => judged(all, on, scale)) as [
    Judged,
    Judged,
  ]; // two
  const pictures = {
    given: found.nearest,
    bicubic: found.bicubic,
    [net]: found.made,
    truth: items,
  };
  return {
    outcomes: [
      { name: `PSNR of luma, ${of}`, value: made.psnr, unit: "dB", better: "higher" },
      { name: "the same, bicubic", value: bicubic.psnr, unit: "dB", better: "higher" },
      ...shares(net, made),
      ...shares("bicubic", bicubic),
    ],
    figures: {
      pictures: figure({
        title: `${net} makes up what bicubic interpolation leaves out`,
        about:
          `What ${net} makes of small pictures beside bicubic interpolation and the truth, on ${of}: ` +
          `${made.psnr.toFixed(2)} dB, bicubic ${bicubic.psnr.toFixed(2)} dB.`,
        panels: [shownBeside(pictures, { shape, rows: 4, across: 2 })],
      }),
    },
  };
}

const shares = (who: string, { spectrum, energy }: Judged): readonly Outcome[] => [
  { name: `spectrum error, ${who}`, value: spectrum, better: "lower" },
  { name: `high-frequency energy, ${who}`, value: energy },
];

/** Of photographs, red, green and blue: what the authors' code takes away before G sees a picture. */
const means = constant([0.47614917, 0.45001204, 0.40904046], { shape: [1, 3, 1, 1] });

/** A small picture of 0 … 1 made larger. */
export const enlarged = (G: (x: Tensor) => Tensor, x: Tensor): Tensor =>
  G(x.minus(means)).plus(means);

/** As Pillow's antialias makes pictures smaller, and as they are after having been stored. */
export function smaller(x: Tensor): Tensor {
  const [height, width] = [x.shape[2]! / scale, x.shape[3]! / scale];
  return stored(resized(x, { height, width, kernel: "lanczos3", border: "renormalize" }));
}
