import type { Conclusion, Given, Look, Outcome } from "../../game/conclusion.js";
import type { NetworkDefinition } from "../../game/network.js";
import type { FeaturesDefinition } from "../../nn/features.js";
import { interpolated, type Weights } from "../../nn/interpolated.js";
import { resized } from "../../nn/resized.js";
import { rrdbNet } from "../../nn/rrdb.js";
import { resize } from "../../tensor/pictures.js";
import type { Tensor } from "../../tensor/tensor.js";
import { signed, stored, unit } from "../super-resolution/bytes.js";
import { curveFigure } from "../super-resolution/curve.js";
import { type Judged, judged, type Tried, tried } from "../super-resolution/judged.js";
import { shownBeside } from "../super-resolution/shown.js";

/** A run of ESRGAN that has ended. */
export type Ended = Look<
  Readonly<Record<"G" | "P" | "D", NetworkDefinition>> & { readonly F: FeaturesDefinition },
  Readonly<Record<"blocks" | "channels" | "growth" | "scale", number>>
>;

const alphas = [0, 0.25, 0.5, 0.75, 1] as const;

/** How near to the truth the networks of both stages are, how like it, and those between them. */
export async function conclusion(look: Ended): Promise<Conclusion> {
  const { hyper, history } = look;
  const on = tried(look);
  const of = `${on.count} ${on.whose}`;
  const fixed = await plain(look, on);
  const bicubic = judged(fixed.bicubic, on, hyper.scale);
  // Stage 2 keeps what stage 1 made of G; before it there is nothing between the two.
  const begun = history("G.pixel").values.length > 0;
  const made: Float32Array[] = [];
  for (const alpha of begun ? alphas : [1]) made.push(await madeAt(look, on, alpha));
  const found = made.map((pictures) => judged(pictures, on, hyper.scale));
  const [first, last] = [found[0]!, found.at(-1)!]; // there is at least one
  const panel = shownBeside(
    {
      given: fixed.nearest,
      bicubic: fixed.bicubic,
      ...(begun ? { "α = 0": made[0]!, "α = ½": made[2]! } : {}),
      "α = 1": made.at(-1)!, // at least one
      truth: on.items,
    },
    { shape: on.shape, rows: 4 },
  );
  const points = found.map((one, i) => ({ alpha: begun ? alphas[i]! : 1, ...one }));
  return {
    outcomes: [
      { name: `PSNR of luma, ${of}`, value: last.psnr, unit: "dB", better: "higher" },
      ...(begun ? [stageOne(first)] : []),
      { name: "the same, bicubic", value: bicubic.psnr, unit: "dB", better: "higher" },
      ...shares("stage 2", last),
      ...(begun ? shares("stage 1", first) : []),
      ...shares("bicubic", bicubic),
    ],
    figures: { curve: curveFigure(points, { of, bicubic, beside: [panel] }) },
  };
}

const stageOne = ({ psnr }: Judged): Outcome => ({
  name: "the same, stage 1",
  value: psnr,
  unit: "dB",
  better: "higher",
});

const shares = (who: string, { spectrum, energy }: Judged): readonly Outcome[] => [
  { name: `spectrum error, ${who}`, value: spectrum, better: "lower" },
  { name: `high-frequency energy, ${who}`, value: energy },
];

/** What needs no network: the small pictures as they are, and made larger. */
async function plain({ hyper, compute }: Ended, { shape, count, items }: Tried) {
  const [, height, width] = shape as readonly [number, number, number]; // pictures have three axes
  return await compute(
    (_, { x }) => {
      const small = smaller(unit(x), hyper.scale);
      return {
        nearest: signed(resize(small, [height, width], { filter: "nearest" })),
        bicubic: signed(resized(small, { height, width, kernel: "bicubic" })),
      };
    },
    { x: { shape: [count, ...shape], data: items } },
  );
}

/** What the network between both stages makes. */
async function madeAt(look: Ended, { shape, count, items }: Tried, alpha: number) {
  const { hyper, compute } = look;
  const { scale } = hyper;
  const small = [shape[0]!, shape[1]! / scale, shape[2]! / scale];
  const built = rrdbNet(hyper).build(small);
  const kept = Object.keys(built.parameters);
  const weightsOf = (network: string): Weights =>
    Object.fromEntries(kept.map((name) => [name, look.cell(`${network}.${name}`)]));
  const G = weightsOf("average.G");
  const weights = alpha === 1 ? G : interpolated(weightsOf("P"), G, alpha);
  const given = Object.fromEntries(
    kept.map((name): [string, Given] => [
      name,
      { shape: built.parameters[name]!.shape, data: weights[name]! },
    ]),
  );
  const none = (): never => {
    throw new Error("the generator keeps no state and draws nothing");
  };
  const { made } = await compute(
    (_, inputs: Readonly<Record<string, Tensor>>) => ({
      made: signed(
        built.apply(smaller(unit(inputs.x!), scale), {
          parameter: (name) => inputs[name]!,
          ...{ state: none, update: none, uniform: none },
          ...{ training: false, condition: undefined },
        }),
      ),
    }),
    { x: { shape: [count, ...shape], data: items }, ...given },
  );
  return made;
}

/** As MATLAB makes pictures smaller, and as they are after having been stored. */
export function smaller(x: Tensor, scale: number): Tensor {
  const [height, width] = [x.shape[2]! / scale, x.shape[3]! / scale];
  return stored(resized(x, { height, width, kernel: "bicubic" }));
}
