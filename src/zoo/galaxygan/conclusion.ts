import { figure } from "../../figure/figure.js";
import type { Conclusion, Figure, Given, Look, Outcome } from "../../game/conclusion.js";
import type { NetworkDefinition } from "../../game/network.js";
import { readSeen } from "../../shape/items.js";
import { seeingKernel } from "../../shape/seeing.js";
import { type Shape, sizeOf } from "../../shape/shape.js";
import { bestChoice, byRichardsonLucy, byWiener, type Night, type Restored } from "./baselines.js";
import { degrade } from "./degrade.js";
import { scoresOf, trueScoresOf } from "./scores.js";
import { bestThreshold, type Truth, truthOf } from "./truth.js";

/** A run that has ended. */
export type Ended = Look<
  { readonly G: NetworkDefinition; readonly D: NetworkDefinition },
  { readonly seeing: number; readonly noise: number }
>;

/** Pictures of 48 × 48 to tune methods on, and as many to judge on; fewer when they are larger. */
const most = 32;
const rows = 5;

/** Pictures under a worse sky, and what is known of them. */
export interface Sample extends Night {
  readonly truths: readonly Truth[] | undefined;
}

/** Degrades pictures of a set with noise of their own. */
export function nightOf(
  look: Pick<Ended, "hyper" | "random">,
  from: Parameters<typeof readSeen>[0] & { readonly factors?: Parameters<typeof truthOf>[0] },
  places: readonly number[],
): Sample {
  const { shape, factors } = from;
  const each = sizeOf(shape);
  const [, h, w] = shape as readonly [number, number, number]; // pictures have three axes
  const seen = readSeen(from, places);
  const random = look.random("skies");
  const { seeing, noise } = look.hyper;
  const pictures = places.map((_, i) =>
    degrade(Float64Array.from(seen.subarray(i * each, (i + 1) * each)), {
      shape,
      noise: Float64Array.from({ length: h * w }, () => random.normal()),
      sky: { seeing, noise },
    }),
  );
  const truths = places.map((place) => factors && truthOf(factors, place));
  const known = truths.filter((truth) => truth !== undefined);
  return {
    ...{ shape, pictures, kernel: seeingKernel(seeing) },
    truths: known.length === truths.length && known.some(({ arms }) => arms) ? known : undefined,
  };
}

/** What the generator makes of the pictures of a night. */
export async function restoredBy(
  look: Pick<Ended, "compute">,
  { shape, pictures }: Night,
): Promise<Restored> {
  const each = sizeOf(shape);
  // A few at a time, so that memory does not grow with their number.
  const together = Math.max(1, Math.floor(most * (6912 / each)));
  const out: Float64Array[] = [];
  for (let at = 0; at < pictures.length; at += together) {
    const part = pictures.slice(at, at + together);
    const data = new Float32Array(part.length * each);
    part.forEach(({ given }, i) => {
      data.set(given, i * each);
    });
    const y: Given = { shape: [part.length, ...shape], data };
    const { made } = await look.compute(({ G }, inputs) => ({ made: G(inputs.y) }), { y });
    out.push(...part.map((_, i) => Float64Array.from(made.subarray(i * each, (i + 1) * each))));
  }
  return out;
}

/**
 * What a run comes to: how much nearer to the originals its pictures are than what is left of them,
 * and than deconvolutions that are told the blur, tuned on other pictures of the same kind.
 */
export async function concludes(look: Ended): Promise<Conclusion> {
  const { data, heldOut } = look;
  const from = { ...(heldOut ?? data), shape: data.shape };
  const whose = heldOut === undefined ? "training" : "held-back";
  const [, h, w] = data.shape as readonly [number, number, number]; // pictures have three axes
  const room = Math.max(2, Math.floor(most * Math.min(1, 48 ** 3 / (h * w * Math.max(h, w)))));
  const count = Math.max(1, Math.min(room, Math.floor(from.count / 2)));
  const order = [...look.random("items").permutation(from.count)];
  const tuning = nightOf(look, from, order.slice(0, count));
  const night = nightOf(look, from, order.slice(-count));
  const restored = await restoredBy(look, night);
  const [k, times] = [byWiener, byRichardsonLucy].map((one) => bestChoice(one, tuning).choice) as [
    number,
    number,
  ];
  const wiener = byWiener.restore(night, k);
  const lucy = byRichardsonLucy.restore(night, times);
  const given = night.pictures.map((one) => one.given);
  const made = scoresOf(restored, night);
  const decibels = (what: string, value: number): Outcome => ({
    ...{ name: what, value, unit: "dB", better: "higher" },
  });
  const outcomes: [Outcome, ...Outcome[]] = [
    decibels(`PSNR of ${whose} galaxies restored`, made.psnr),
    decibels("of what was left of them", scoresOf(given, night).psnr),
    decibels(`of Wiener's deconvolution, K = ${k}`, scoresOf(wiener, night).psnr),
    decibels(`of Richardson–Lucy, iterations = ${times}`, scoresOf(lucy, night).psnr),
    decibels("PSNR of flux restored", made.fluxPsnr),
    { name: "bias of all the light of a picture", value: 100 * made.bias, unit: "%" },
    { name: "power of fine structure, share of the originals'", value: made.fine },
  ];
  if (night.truths !== undefined && tuning.truths !== undefined) {
    const { truths } = night;
    const threshold = bestThreshold(await restoredBy(look, tuning), tuning.truths, [h, w]);
    const { clumps, arms } = trueScoresOf(restored, night, { truths, threshold });
    outcomes.push(
      { name: "clumps found at known places, F1", value: clumps.f1, better: "higher" },
      { name: "contrast of spiral arms, share of the originals'", value: arms },
    );
  }
  const columns = { given, lucy, wiener, restored };
  return { outcomes, figures: { restored: restorations(night, columns, whose) } };
}

function restorations(
  { shape, pictures }: Night,
  columns: Readonly<Record<"given" | "lucy" | "wiener" | "restored", Restored>>,
  whose: string,
): Figure {
  const captions = ["given", "Rich.–Lucy", "Wiener", "restored", "original", "error × 4"];
  const seen = pictures.slice(0, rows).map(({ original }, i) => {
    const made = columns.restored[i]!;
    return [
      columns.given[i]!,
      columns.lucy[i]!,
      columns.wiener[i]!,
      made,
      original,
      made.map((value, k) => 4 * (value - original[k]!)),
    ];
  });
  return figure({
    title: "Galaxies under a worse sky, restored",
    about:
      `${seen.length} ${whose} galaxies: what a worse sky left of them, two deconvolutions that are told ` +
      "the blur, what the generator makes of it, the original, and how far the two are apart.",
    panels: [
      {
        kind: "pictures",
        columns: captions.length,
        size: shape as Shape,
        pictures: seen.flatMap((row, i) =>
          row.map((values, k) => ({ values, ...(i === 0 ? { caption: captions[k]! } : {}) })),
        ),
      },
    ],
  });
}
