import type { Wraps } from "./bleed.js";
import type { GamePicture, Numbers } from "./texture-read.js";

/** Steps between neighbouring pixels along one axis, in levels of 255. */
export interface SeamSteps {
  /** The largest step from the last pixel to the first. */
  readonly largest: number;
  /** What 99 of 100 steps inside do not exceed. */
  readonly inside: number;
  /** The mean step from the last pixel to the first. */
  readonly mean: number;
  /** What 99 of 100 means of such steps inside do not exceed. */
  readonly meanInside: number;
}

/** A row of what is seen: colours as much as they are opaque, and alpha itself. */
type Row = Float32Array;

const levels = 1024;

/** Measures both axes of a picture that comes row by row. */
export class SeamMeter {
  private readonly size: { readonly width: number; readonly height: number };
  private readonly channels: number;
  private readonly most: number;
  private readonly along: Axis;
  private readonly down: Axis;
  private first: Row | undefined;
  private last: Row | undefined;

  constructor({
    width,
    height,
    channels,
    most,
  }: Pick<GamePicture, "width" | "height" | "channels" | "most">) {
    this.size = { width, height };
    this.channels = channels;
    this.most = most;
    this.along = new Axis(width - 1);
    this.down = new Axis(height - 1);
  }

  /** The next row: colours `[w c]` and alpha `[w]`. */
  push(color: Numbers, alpha: Numbers | undefined): void {
    const { width } = this.size;
    const row = this.seen(color, alpha);
    for (let x = 0; x + 1 < width; x++) this.along.inside(x, this.step(row, x, row, x + 1));
    if (width > 1) this.along.wrap(this.step(row, width - 1, row, 0));
    if (this.last) this.between(this.last, row);
    this.first ??= row;
    this.last = row;
    this.rows++;
  }

  private rows = 0;

  private between(above: Row, row: Row): void {
    for (let x = 0; x < this.size.width; x++) {
      this.down.inside(this.rows - 1, this.step(above, x, row, x));
    }
  }

  /** Both axes, once every row has come. */
  result(): { readonly x: SeamSteps; readonly y: SeamSteps } {
    const { width, height } = this.size;
    if (height > 1) {
      for (let x = 0; x < width; x++) this.down.wrap(this.step(this.last!, x, this.first!, x)); // there are rows
    }
    return { x: this.along.result(height), y: this.down.result(width) };
  }

  private seen(color: Numbers, alpha: Numbers | undefined): Row {
    const { channels, most } = this;
    const { width } = this.size;
    const each = channels + 1;
    const row = new Float32Array(width * each);
    for (let x = 0; x < width; x++) {
      const opaque = alpha === undefined ? 1 : alpha[x]! / most;
      for (let c = 0; c < channels; c++) {
        row[x * each + c] = (color[x * channels + c]! * opaque * 255) / most;
      }
      row[x * each + channels] = 255 * opaque;
    }
    return row;
  }

  private step(a: Row, i: number, b: Row, k: number): number {
    const each = this.channels + 1;
    let most = 0;
    for (let c = 0; c < each; c++) {
      const far = Math.abs(a[i * each + c]! - b[k * each + c]!);
      if (far > most) most = far;
    }
    return most;
  }
}

/** Steps of one axis: all of those inside by size, and their sums by edge. */
class Axis {
  private readonly counts = new Float64Array(levels);
  private readonly sums: Float64Array;
  private wrapSum = 0;
  private largest = 0;

  constructor(edges: number) {
    this.sums = new Float64Array(Math.max(0, edges));
  }

  inside(edge: number, step: number): void {
    this.counts[Math.min(levels - 1, Math.round(step * 4))]!++;
    this.sums[edge]! += step;
  }

  wrap(step: number): void {
    this.wrapSum += step;
    if (step > this.largest) this.largest = step;
  }

  result(lines: number): SeamSteps {
    const means = this.sums.map((sum) => sum / lines).sort();
    const total = this.counts.reduce((sum, count) => sum + count, 0);
    let rest = Math.ceil(0.99 * total);
    let level = 0;
    while (level < levels - 1 && rest > this.counts[level]!) rest -= this.counts[level++]!;
    return {
      largest: this.largest,
      inside: total === 0 ? 0 : level / 4,
      mean: this.wrapSum / lines,
      meanInside: means[Math.max(0, Math.ceil(0.99 * means.length) - 1)] ?? 0,
    };
  }
}

/** Below so many pixels a side shows no pattern that could go on. */
const leastSide = 4;

/** The edge may be a little rougher than inside: of what does go on it is the roughest at times. */
const rougher = 1.1;

/**
 * Which axes of a picture seem to go on at the other end: where the step from the last row to the
 * first is, in the mean, hardly larger than 99 of 100 from one row inside to the next.
 */
export function seamlessAxes(picture: GamePicture): Wraps {
  const { width, height } = picture;
  const { x, y } = stepsOf(picture);
  const fits = (size: number, { mean, meanInside }: SeamSteps): boolean =>
    size >= leastSide && mean <= rougher * meanInside;
  return { x: fits(width, x), y: fits(height, y) };
}

/** Steps along both axes of a whole picture. */
export function stepsOf(picture: GamePicture): { readonly x: SeamSteps; readonly y: SeamSteps } {
  const { width, height, channels, color, alpha } = picture;
  const meter = new SeamMeter(picture);
  for (let y = 0; y < height; y++) {
    meter.push(
      color.subarray(y * width * channels, (y + 1) * width * channels),
      alpha?.subarray(y * width, (y + 1) * width),
    );
  }
  return meter.result();
}
