import { checkMaps, type MapOptions, meanOf } from "./iou.js";

/**
 * How well the outlines of classes agree, from 0 to 1, `[n h w], [n h w]`: for each class of each map
 * the harmonic mean of how many pixels of its outline lie within `tolerance` pixels of the true one,
 * and the other way round; then the mean over the classes that are in either map, and over the maps.
 * A pixel is on an outline when one of its four neighbours has another class; the rim of the picture
 * is none, and neither is where the truth is ignored.
 *
 * Csurka, Larlus & Perronnin 2013, "What is a good evaluation measure for semantic segmentation?",
 * section 2.2, where the tolerance is 0.75 % of the diagonal.
 *
 * @throws {ShapeError} when one has other pixels than the other, or they are not whole maps.
 * @example
 * const legend = [{ name: "sea", colour: [0, 0, 255] }, { name: "land", colour: [0, 160, 0] }] as const;
 * const options = { height: 1, width: 6, legend };
 * boundaryF1([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 1, 1], options); // → 1
 * boundaryF1([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 1, 1], { ...options, tolerance: 0 }); // → 0
 */
export function boundaryF1(
  made: ArrayLike<number>,
  truth: ArrayLike<number>,
  options: MapOptions & { readonly tolerance?: number },
): number {
  const {
    height,
    width,
    legend,
    tolerance = Math.max(1, 0.0075 * Math.hypot(height, width)),
  } = options;
  const count = checkMaps("boundaryF1", made, truth, { height, width });
  const area = height * width;
  const scores: number[] = [];
  for (let n = 0; n < count; n++) {
    const counts = Uint8Array.from({ length: area }, (_, i) =>
      legend[truth[n * area + i]!]?.ignored ? 0 : 1,
    );
    const ofClasses = legend.map(({ ignored }, label) => {
      if (ignored) return Number.NaN;
      const outlineOf = (map: ArrayLike<number>) =>
        outline((i) => map[n * area + i] === label, { height, width, counts });
      const [mine, theirs] = [outlineOf(made), outlineOf(truth)];
      if (mine.length === 0 && theirs.length === 0) return Number.NaN;
      const near = (from: readonly number[], to: readonly number[]): number =>
        shareNear(from, to, { height, width, tolerance });
      const [precision, recall] = [near(mine, theirs), near(theirs, mine)];
      return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
    });
    scores.push(meanOf(ofClasses));
  }
  return meanOf(scores);
}

interface Plane {
  readonly height: number;
  readonly width: number;
}

/** Pixels of a class beside which there is another. */
function outline(
  isIn: (place: number) => boolean,
  { height, width, counts }: Plane & { readonly counts: Uint8Array },
): readonly number[] {
  const found: number[] = [];
  const other = (place: number): boolean => counts[place] === 1 && !isIn(place);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (counts[i] === 0 || !isIn(i)) continue;
      const edge =
        (x > 0 && other(i - 1)) ||
        (x + 1 < width && other(i + 1)) ||
        (y > 0 && other(i - width)) ||
        (y + 1 < height && other(i + width));
      if (edge) found.push(i);
    }
  }
  return found;
}

/** The part of some pixels that have one of others within reach. */
function shareNear(
  from: readonly number[],
  to: readonly number[],
  { height, width, tolerance }: Plane & { readonly tolerance: number },
): number {
  if (from.length === 0) return 0;
  const there = new Uint8Array(height * width);
  for (const place of to) there[place] = 1;
  const reach = Math.floor(tolerance);
  let near = 0;
  for (const place of from) {
    const [x, y] = [place % width, Math.floor(place / width)];
    let found = false;
    for (let v = Math.max(0, y - reach); v <= Math.min(height - 1, y + reach) && !found; v++) {
      for (let u = Math.max(0, x - reach); u <= Math.min(width - 1, x + reach) && !found; u++) {
        found = there[v * width + u] === 1 && Math.hypot(u - x, v - y) <= tolerance;
      }
    }
    if (found) near++;
  }
  return near / from.length;
}
