import { ShapeError } from "../shape/error.js";
import { blurPlanes } from "../shape/seeing.js";

/** A place in a picture: pixels from the left and from the top, centres at halves. */
export interface PlaceInPicture {
  readonly x: number;
  readonly y: number;
}

/** How clumps are found. */
export interface ClumpOptions {
  /** Height and width of the plane. */
  readonly size: readonly [height: number, width: number];
  /** How far a clump rises over its surroundings. */
  readonly threshold: number;
}

/** Gaussians whose difference is at home in clumps that are about a pixel wide. */
const [narrow, wide] = [0.7, 2].map((sigma) => {
  const bell = Array.from({ length: 11 }, (_, i) => Math.exp(-((i - 5) ** 2) / (2 * sigma ** 2)));
  const sum = bell.reduce((a, b) => a + b);
  return bell.map((value) => value / sum);
}) as [number[], number[]]; // two

/**
 * Clumps of light in a plane `[h w]`: the pixels that rise over a `threshold` in the difference of
 * two Gaussians, of 0.7 and 2 pixels, and over all eight neighbours.
 *
 * @throws {ShapeError} when there are other than so many numbers.
 * @example
 * const sky = new Float64Array(9 * 9);
 * sky[3 * 9 + 5] = 1;
 * findClumps(sky, { size: [9, 9], threshold: 0.1 }); // → [{"x":5.5,"y":3.5}]
 */
export function findClumps(
  light: Float64Array,
  { size: [h, w], threshold }: ClumpOptions,
): PlaceInPicture[] {
  if (light.length !== h * w) {
    const why = `${light.length} numbers are no plane of ${h} × ${w}`;
    throw new ShapeError({ op: "findClumps", why });
  }
  const soft = blurPlanes(light, { kernel: wide, size: [h, w] });
  const rising = blurPlanes(light, { kernel: narrow, size: [h, w] }).map((v, i) => v - soft[i]!);
  const found: PlaceInPicture[] = [];
  for (let y = 1; y < h - 1; y++) {
    for (let x = 1; x < w - 1; x++) {
      const here = rising[y * w + x]!;
      if (here <= threshold) continue;
      let isTop = true;
      for (let k = 0; k < 9 && isTop; k++) {
        const beside = rising[(y + Math.floor(k / 3) - 1) * w + x + (k % 3) - 1]!;
        // Of two equal neighbours the first counts.
        isTop = k === 4 || (k < 4 ? here > beside : here >= beside);
      }
      if (isTop) found.push({ x: x + 0.5, y: y + 0.5 });
    }
  }
  return found;
}

/** What was found of what is there. */
export interface Finds {
  /** Found where one is, each counted once. */
  readonly right: number;
  readonly found: number;
  readonly there: number;
}

/**
 * How many places were found, no further than `tolerance` pixels from one that is there, nearest
 * pairs first; what is found near a place that is `ignored` counts neither way.
 *
 * @example
 * const there = [{ x: 3, y: 4 }, { x: 9, y: 9 }];
 * matchPlaces([{ x: 3.5, y: 4 }, { x: 20, y: 1 }], there); // → {"right":1,"found":2,"there":2}
 */
export function matchPlaces(
  found: readonly PlaceInPicture[],
  there: readonly PlaceInPicture[],
  {
    tolerance = 1.5,
    ignored = [],
  }: {
    /** Pixels between a find and what is there, at most. */
    readonly tolerance?: number;
    /** Places around which nothing is looked for. */
    readonly ignored?: readonly (PlaceInPicture & { readonly radius: number })[];
  } = {},
): Finds {
  const apart = (a: PlaceInPicture, b: PlaceInPicture): number => Math.hypot(a.x - b.x, a.y - b.y);
  const counts = (place: PlaceInPicture): boolean =>
    ignored.every((one) => apart(place, one) > one.radius);
  const [seen, real] = [found.filter(counts), there.filter(counts)];
  const pairs = seen.flatMap((a, i) =>
    real.map((b, j) => ({ i, j, distance: apart(a, b) })).filter((p) => p.distance <= tolerance),
  );
  pairs.sort((a, b) => a.distance - b.distance);
  const [usedSeen, usedReal] = [new Set<number>(), new Set<number>()];
  for (const { i, j } of pairs) {
    if (usedSeen.has(i) || usedReal.has(j)) continue;
    usedSeen.add(i);
    usedReal.add(j);
  }
  return { right: usedReal.size, found: seen.length, there: real.length };
}

/**
 * The harmonic mean of precision and recall over several pictures: 1 when all is found and nothing
 * else.
 *
 * @example
 * const finds = [{ right: 3, found: 4, there: 6 }, { right: 2, found: 2, there: 2 }];
 * f1Of(finds); // → 0.7143
 */
export function f1Of(finds: readonly Finds[]): number {
  const total = (key: keyof Finds): number => finds.reduce((sum, one) => sum + one[key], 0);
  const both = total("found") + total("there");
  return both === 0 ? 1 : (2 * total("right")) / both;
}
