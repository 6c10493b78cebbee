import type { GamePicture, Numbers } from "./texture-read.js";

/** Up to 256 colours with their alpha. */
export interface Palette {
  /** `[n 3]` */
  readonly colors: Uint8Array;
  /** `[n]` */
  readonly alphas: Uint8Array;
}

/** As many as a place of one byte tells apart. */
export const mostColors = 256;

/** Every colour of a picture with its alpha, or nothing when there are more than a palette has. */
export function paletteOf(picture: GamePicture): Palette | undefined {
  const seen = new Set<number>();
  const { color, alpha, channels, most } = picture;
  const shift = most === 255 ? 0 : 8;
  const pixels = color.length / channels;
  for (let i = 0; i < pixels; i++) {
    const opaque = alpha === undefined ? 255 : alpha[i]! >> shift;
    // Of what cannot be seen one colour is enough.
    const at = opaque === 0 ? -1 : i * channels;
    const [r, g, b] = [0, 1, 2].map((c) =>
      at < 0 ? 0 : color[at + (channels === 1 ? 0 : c)]! >> shift,
    );
    seen.add(((opaque * 256 + r!) * 256 + g!) * 256 + b!);
    if (seen.size > mostColors) return undefined;
  }
  const entries = [...seen].sort((a, b) => a - b);
  return {
    colors: Uint8Array.from(entries.flatMap((e) => [(e >> 16) & 255, (e >> 8) & 255, e & 255])),
    alphas: Uint8Array.from(entries, (entry) => Math.floor(entry / 2 ** 24)),
  };
}

/** Weights of squared differences of red, green, blue (as luma has them, evened out) and alpha. */
const weights = [3, 4, 2, 6] as const;

/** Finds for each pixel the place of the nearest colour of a palette; remembers what it found. */
export class Nearest {
  private readonly palette: Palette;
  private readonly known = new Map<number, number>();

  constructor(palette: Palette) {
    this.palette = palette;
  }

  /** Colours `[w c]` and alpha `[w]` of bytes as places `[w]`. */
  row(color: Numbers, { alpha, channels, out }: RowShape & { readonly out: Uint8Array }): void {
    for (let x = 0; x < out.length; x++) {
      const red = color[x * channels]!;
      const green = channels === 1 ? red : color[x * 3 + 1]!;
      const blue = channels === 1 ? red : color[x * 3 + 2]!;
      const key = (((alpha?.[x] ?? 255) * 256 + red) * 256 + green) * 256 + blue;
      let place = this.known.get(key);
      if (place === undefined) {
        place = this.nearest([red, green, blue, alpha?.[x] ?? 255]);
        if (this.known.size >= 2 ** 18) this.known.clear();
        this.known.set(key, place);
      }
      out[x] = place;
    }
  }

  private nearest(wanted: readonly [number, number, number, number]): number {
    const { colors, alphas } = this.palette;
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < alphas.length; i++) {
      // Colours count as much as they can be seen.
      const seen = Math.max(wanted[3], alphas[i]!) / 255;
      let far = weights[3] * (wanted[3] - alphas[i]!) ** 2;
      for (let c = 0; c < 3; c++)
        far += seen * weights[c]! * (wanted[c]! - colors[3 * i + c]!) ** 2;
      if (far >= least) continue;
      least = far;
      best = i;
    }
    return best;
  }
}

interface RowShape {
  readonly alpha: Numbers | undefined;
  readonly channels: 1 | 3;
}

interface Cell {
  count: number;
  /** Sums of red, green, blue and alpha. */
  readonly sums: Float64Array;
}

/** Gathers colours row by row and chooses so many that stand for all of them. */
export class PaletteMaker {
  /** By the highest five bits of each channel, four of alpha. */
  private readonly cells = new Map<number, Cell>();

  /** A row of bytes: colours `[w c]`, alpha `[w]`. */
  add(color: Numbers, { alpha, channels }: RowShape): void {
    const pixels = color.length / channels;
    for (let x = 0; x < pixels; x++) {
      const opaque = alpha?.[x] ?? 255;
      const at = x * channels;
      const [r, g, b] = channels === 1 ? [at, at, at] : [at, at + 1, at + 2];
      const parts = opaque === 0 ? [0, 0, 0] : [color[r!]!, color[g!]!, color[b!]!];
      // Nothing and all of alpha are kept apart from what is nearly so.
      const state = opaque === 0 ? 0 : opaque === 255 ? 17 : 1 + (opaque >> 4);
      const key =
        (((state << 5) | (parts[0]! >> 3)) << 10) | ((parts[1]! >> 3) << 5) | (parts[2]! >> 3);
      const cell = this.cells.get(key) ?? { count: 0, sums: new Float64Array(4) };
      this.cells.set(key, cell);
      cell.count++;
      for (let c = 0; c < 3; c++) cell.sums[c]! += parts[c]!;
      cell.sums[3]! += opaque;
    }
  }

  /** At most so many colours: boxes cut at their means where they differ most, then k-means. */
  choose(count: number): Palette {
    const points = [...this.cells.values()].map((cell) => ({
      weight: cell.count,
      at: cell.sums.map((sum) => sum / cell.count),
    }));
    const boxes = [points];
    while (boxes.length < count) {
      const spreads = boxes.map(spreadOf);
      const widest = spreads.reduce(
        (best, { error }, i) => (error > spreads[best]!.error ? i : best),
        0,
      );
      const { axis, middle, error } = spreads[widest]!;
      if (error <= 0) break;
      const box = boxes[widest]!;
      boxes[widest] = box.filter(({ at }) => at[axis]! <= middle);
      boxes.push(box.filter(({ at }) => at[axis]! > middle));
    }
    return rounded(
      refined(
        points,
        boxes.map((box) => spreadOf(box).mean),
      ),
    );
  }
}

interface Point {
  readonly weight: number;
  readonly at: Float64Array;
}

interface Spread {
  readonly mean: Float64Array;
  readonly axis: number;
  readonly middle: number;
  readonly error: number;
}

/** The mean of a box, and the axis along which its points differ most from it. */
function spreadOf(points: readonly Point[]): Spread {
  const mean = new Float64Array(4);
  const squares = new Float64Array(4);
  let weight = 0;
  for (const point of points) {
    weight += point.weight;
    for (let c = 0; c < 4; c++) mean[c]! += point.weight * point.at[c]!;
  }
  for (let c = 0; c < 4; c++) mean[c]! /= weight;
  for (const point of points) {
    for (let c = 0; c < 4; c++)
      squares[c]! += point.weight * weights[c]! * (point.at[c]! - mean[c]!) ** 2;
  }
  const axis = squares.reduce((best, square, c) => (square > squares[best]! ? c : best), 0);
  const error = points.length > 1 ? squares[axis]! : 0;
  return { mean, axis, middle: mean[axis]!, error: error < 1e-6 * weight ? 0 : error };
}

const rounds = 8;

/** Lloyd's k-means from given means. */
function refined(
  points: readonly Point[],
  means: readonly Float64Array[],
): readonly Float64Array[] {
  let current = means;
  for (let round = 0; round < rounds; round++) {
    const sums = current.map(() => ({ weight: 0, at: new Float64Array(4) }));
    for (const { weight, at } of points) {
      let best = 0;
      let least = Number.POSITIVE_INFINITY;
      current.forEach((mean, i) => {
        let far = 0;
        for (let c = 0; c < 4; c++) far += weights[c]! * (at[c]! - mean[c]!) ** 2;
        if (far < least) [least, best] = [far, i];
      });
      const sum = sums[best]!;
      sum.weight += weight;
      for (let c = 0; c < 4; c++) sum.at[c]! += weight * at[c]!;
    }
    current = sums.map(({ weight, at }, i) =>
      weight === 0 ? current[i]! : at.map((v) => v / weight),
    );
  }
  return current;
}

/** Colours of bytes, each once. */
function rounded(means: readonly Float64Array[]): Palette {
  const unique = new Map(means.map((mean) => [Array.from(mean, Math.round).join(), mean]));
  const entries = [...unique.values()];
  return {
    colors: Uint8Array.from(entries.flatMap((mean) => Array.from(mean.subarray(0, 3), Math.round))),
    alphas: Uint8Array.from(entries, (mean) => Math.round(mean[3]!)),
  };
}
