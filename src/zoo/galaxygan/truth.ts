import { type Finds, f1Of, findClumps, matchPlaces } from "../../metrics/clumps.js";
import { type ArmPlaces, armContrast } from "../../metrics/galaxies.js";
import { fluxOf } from "../../shape/flux.js";
import type { Restored } from "./baselines.js";
import { mean } from "./baselines.js";

/** What is known of drawn galaxies, one value for each. */
export type Factors = Readonly<Record<string, readonly (string | number)[]>>;

/** What is there in one picture. */
export interface Truth {
  readonly clumps: readonly Place[];
  readonly stars: readonly Place[];
  /** Nothing for a galaxy without arms. */
  readonly arms: ArmPlaces | undefined;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

const numbers = ["x", "y", "angle", "axis", "scale", "arms", "pitch", "phase"] as const;

/** What factors say of a picture, when they say where clumps and arms are. */
export function truthOf(factors: Factors, place: number): Truth | undefined {
  const { clumps, stars } = factors;
  if (clumps === undefined || stars === undefined) return undefined;
  const known = numbers.map((name) => [name, Number(factors[name]?.[place])] as const);
  if (known.some(([, value]) => !Number.isFinite(value))) return undefined;
  const arms = Object.fromEntries(known) as Record<(typeof numbers)[number], number>; // all of them
  return {
    clumps: placesOf(clumps[place]),
    stars: placesOf(stars[place]),
    arms: arms.arms > 0 ? arms : undefined,
  };
}

const placesOf = (text: string | number | undefined): Place[] =>
  String(text ?? "")
    .split("; ")
    .filter((one) => one !== "")
    .map((one) => {
      const [x = 0, y = 0] = one.split(" ").map(Number);
      return { x, y };
    });

/** The bands of a picture together, as flux. */
function lightOf(picture: Float64Array, area: number): Float64Array {
  const flux = fluxOf(picture);
  return Float64Array.from({ length: area }, (_, i) => {
    let sum = 0;
    for (let at = i; at < flux.length; at += area) sum += flux[at]!;
    return sum;
  });
}

/** Pixels around the middle of a galaxy, and around a star, that are no place for a clump. */
const [middle, star] = [3, 2.5];

/** How well clumps are found in all pictures together. */
export interface ClumpScores {
  readonly f1: number;
  /** Share of what is found that is there: the rest was made up, or was noise. */
  readonly precision: number;
  readonly recall: number;
}

/** Clumps found in pictures at a threshold, beside those that are there. */
export function clumpsFound(
  restored: Restored,
  truths: readonly Truth[],
  { size, threshold }: { readonly size: readonly [number, number]; readonly threshold: number },
): ClumpScores {
  const finds = restored.flatMap((picture, i): readonly Finds[] => {
    const { arms, clumps, stars } = truths[i]!;
    if (arms === undefined) return [];
    const found = findClumps(lightOf(picture, size[0] * size[1]), { size, threshold });
    const ignored = [
      { x: arms.x, y: arms.y, radius: middle },
      ...stars.map((place) => ({ ...place, radius: star })),
    ];
    return [matchPlaces(found, clumps, { ignored })];
  });
  const total = (key: keyof Finds): number => finds.reduce((sum, one) => sum + one[key], 0);
  return {
    f1: f1Of(finds),
    precision: total("right") / Math.max(1, total("found")),
    recall: total("right") / Math.max(1, total("there")),
  };
}

const thresholds = [0.02, 0.03, 0.05, 0.07, 0.1, 0.14, 0.2, 0.28, 0.4, 0.55, 0.8] as const;

/** The threshold at which most clumps and little else are found. */
export function bestThreshold(
  restored: Restored,
  truths: readonly Truth[],
  size: readonly [number, number],
): number {
  const scores = thresholds.map(
    (threshold) => clumpsFound(restored, truths, { size, threshold }).f1,
  );
  return thresholds[scores.indexOf(Math.max(...scores))]!;
}

/** The mean contrast of arms, over the galaxies that have some. */
export const meanArmContrast = (
  restored: Restored,
  truths: readonly Truth[],
  size: readonly [number, number],
): number =>
  mean(
    restored.flatMap((picture, i) => {
      const { arms } = truths[i]!;
      if (arms === undefined) return [];
      return [armContrast(lightOf(picture, size[0] * size[1]), size, arms)];
    }),
  );
