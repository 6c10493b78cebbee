import { weights, widen } from "../files/bc7.js";
import { type Coder, fitLine, nearest, type Points, pairsFor, roomForPoints } from "./line-fit.js";

/** A line through some channels, as it is written. */
interface Coded {
  /** Both ends as they are written, `[2 dims]`, without a shared lowest bit. */
  readonly codes: Uint8Array;
  /** Both ends as eight bits. */
  readonly wide: Uint8Array;
  /** The lowest bit of each end, where ends share one. */
  readonly lows: Uint8Array;
  readonly indices: Uint8Array;
  readonly steps: Float64Array;
}

const room = (): Coded => ({
  codes: new Uint8Array(8),
  wide: new Uint8Array(8),
  lows: new Uint8Array(2),
  indices: new Uint8Array(16),
  steps: new Float64Array(16),
});

/** Bits from the lowest on. */
class Bits {
  private out: Uint8Array = new Uint8Array();
  private at = 0;

  begin(out: Uint8Array, start: number): void {
    this.out = out;
    this.at = 8 * start;
    out.fill(0, start, start + 16);
  }

  put(value: number, count: number): void {
    const shifted = value << (this.at & 7);
    this.out[this.at >> 3]! |= shifted & 255;
    if (shifted > 255) this.out[(this.at >> 3) + 1]! |= shifted >> 8;
    this.at += count;
  }
}

const bits = new Bits();

/** An error of one in every channel: further attempts would not be seen. */
const nearEnough = 64;

/**
 * Writes `[16 4]` as a block of BC7, in mode 6 (one line through colour and alpha, 16 steps) or
 * mode 5 (a line for colour, one for the fourth channel, 4 steps; any channel may be the fourth),
 * whichever is nearer. The modes that divide a block are not used.
 */
export function encodeBc7(tile: Uint8Array, out: Uint8Array, at: number): void {
  six.take(tile);
  let least = fitLine(six);
  let isFive = false;
  if (least > 0) findRotations(six.points);
  for (let i = 0; i < tried; i++) {
    if (least <= (i === 0 ? 0 : nearEnough)) break;
    const rotation = rotations[i]!;
    const error = five.fit(tile, rotation);
    if (error >= least) continue;
    least = error;
    isFive = true;
    five.keep();
  }
  bits.begin(out, at);
  if (isFive) five.put();
  else six.put();
}

/** How many channels are tried as the fourth: those without which the others lie best on a line. */
const tried = 2;

const rotations = [0, 1, 2, 3];
const left = new Float64Array(4);
const covariance = new Float64Array(16);
const sums = new Float64Array(4);

/** Sorts the channels that may be the fourth by how far the other three are from a line. */
function findRotations({ values }: Points): void {
  sums.fill(0);
  covariance.fill(0);
  for (let i = 0; i < 64; i++) sums[i & 3]! += values[i]!;
  for (let i = 0; i < 64; i += 4) {
    for (let a = 0; a < 4; a++) {
      const one = values[i + a]! - sums[a]! / 16;
      for (let b = 0; b <= a; b++) {
        covariance[4 * a + b]! += one * (values[i + b]! - sums[b]! / 16);
      }
    }
  }
  for (let rotation = 0; rotation < 4; rotation++) {
    // Places of the three that stay: the fourth is alpha, red, green or blue.
    const fourth = (rotation + 3) & 3;
    left[rotation] = offLine(fourth === 0 ? 1 : 0, fourth < 2 ? 2 : 1, fourth === 3 ? 2 : 3);
    rotations[rotation] = rotation;
  }
  for (let i = 1; i < 4; i++) {
    const rotation = rotations[i]!;
    let k = i;
    for (; k > 0 && left[rotations[k - 1]!]! > left[rotation]!; k--)
      rotations[k] = rotations[k - 1]!;
    rotations[k] = rotation;
  }
}

/** What the main axis of three channels leaves of their variance. */
function offLine(a: number, b: number, c: number): number {
  const [aa, bb, cc] = [covariance[5 * a]!, covariance[5 * b]!, covariance[5 * c]!];
  const [ab, ac, bc] = [covariance[4 * b + a]!, covariance[4 * c + a]!, covariance[4 * c + b]!];
  let [x, y, z] = aa >= bb && aa >= cc ? [aa, ab, ac] : bb >= cc ? [ab, bb, bc] : [ac, bc, cc];
  let most = 0;
  for (let round = 0; round < 4; round++) {
    const length = Math.hypot(x, y, z);
    if (length === 0) return 0;
    [x, y, z] = [x / length, y / length, z / length];
    [x, y, z] = [aa * x + ab * y + ac * z, ab * x + bb * y + bc * z, ac * x + bc * y + cc * z];
    most = Math.hypot(x, y, z);
  }
  return aa + bb + cc - most;
}

/** Mode 6. */
class Six implements Coder {
  readonly points: Points = roomForPoints();
  private isSolid = true;
  private tried = room();
  private kept = room();

  get steps(): Float64Array {
    return this.kept.steps;
  }

  take(tile: Uint8Array): void {
    const { points } = this;
    points.count = 16;
    points.dims = 4;
    this.isSolid = true;
    for (let i = 0; i < 64; i++) points.values[i] = tile[i]!;
    for (let i = 3; i < 64; i += 4) if (tile[i] !== 255) this.isSolid = false;
  }

  attempt(ends: Float64Array): number {
    const { codes, wide, lows } = this.tried;
    for (let end = 0; end < 2; end++) {
      // What is solid stays so: 255 is odd.
      const low = this.isSolid ? 1 : lowBit(ends, 4 * end);
      lows[end] = low;
      for (let c = 4 * end; c < 4 * end + 4; c++) {
        codes[c] = nearest((ends[c]! - low) / 2, 127);
        wide[c] = (codes[c]! << 1) | low;
      }
    }
    return findSteps(this.points, this.tried, 4);
  }

  keep(): void {
    [this.tried, this.kept] = [this.kept, this.tried];
  }

  put(): void {
    const { kept } = this;
    lowFirst(kept, { dims: 4, width: 4 });
    bits.put(1 << 6, 7);
    putEnds(kept.codes, { dims: 4, width: 7 });
    bits.put(kept.lows[0]!, 1);
    bits.put(kept.lows[1]!, 1);
    putIndices(kept.indices, 4);
  }
}

/** Which lowest bit, shared by all channels, leaves them nearer to what they should be. */
function lowBit(ends: Float64Array, from: number): 0 | 1 {
  let [zero, one] = [0, 0];
  for (let c = from; c < from + 4; c++) {
    const value = ends[c]!;
    zero += (2 * nearest(value / 2, 127) - value) ** 2;
    one += (2 * nearest((value - 1) / 2, 127) + 1 - value) ** 2;
  }
  return zero <= one ? 0 : 1;
}

/** Finds the nearest step between two ends for each point, by where it lies along the line. */
function findSteps(
  { values, count, dims }: Points,
  { wide, indices, steps }: Coded,
  width: 2 | 4,
): number {
  const most = (1 << width) - 1;
  const table = weights[width]!;
  let length = 0;
  for (let c = 0; c < dims; c++) length += (wide[dims + c]! - wide[c]!) ** 2;
  const share = length === 0 ? 0 : most / length;
  let error = 0;
  for (let i = 0; i < count; i++) {
    const from = i * dims;
    let along = 0;
    for (let c = 0; c < dims; c++) {
      along += (values[from + c]! - wide[c]!) * (wide[dims + c]! - wide[c]!);
    }
    const index = nearest(along * share, most);
    const weight = table[index]!;
    indices[i] = index;
    steps[i] = weight / 64;
    for (let c = 0; c < dims; c++) {
      const mixed = (wide[c]! * (64 - weight) + wide[dims + c]! * weight + 32) >> 6;
      const far = values[from + c]! - mixed;
      error += far * far;
    }
  }
  return error;
}

/** One line of mode 5, whose ends have so many bits. */
class Line implements Coder {
  readonly points: Points = roomForPoints();
  private readonly width: 7 | 8;
  private tried = room();
  kept = room();

  constructor(width: 7 | 8) {
    this.width = width;
    this.points.count = 16;
    this.points.dims = width === 7 ? 3 : 1;
  }

  get steps(): Float64Array {
    return this.kept.steps;
  }

  attempt(ends: Float64Array): number {
    const most = (1 << this.width) - 1;
    const { codes } = this.tried;
    for (let c = 0; c < 2 * this.points.dims; c++)
      codes[c] = nearest((ends[c]! * most) / 255, most);
    return this.measure();
  }

  /** The same with codes of two ends as they are. */
  attemptPairs(pairs: readonly (readonly [number, number])[]): number {
    const { codes } = this.tried;
    const { dims, values } = this.points;
    for (let c = 0; c < dims; c++) {
      const pair = pairs[values[c]!]!;
      codes[c] = pair[0];
      codes[dims + c] = pair[1];
    }
    return this.measure();
  }

  keep(): void {
    [this.tried, this.kept] = [this.kept, this.tried];
  }

  /** Gives away what was kept, for other room. */
  exchange(other: Coded): Coded {
    const { kept } = this;
    this.kept = other;
    return kept;
  }

  private measure(): number {
    const { codes, wide } = this.tried;
    for (let c = 0; c < 2 * this.points.dims; c++) wide[c] = widen(codes[c]!, this.width);
    return findSteps(this.points, this.tried, 2);
  }
}

let solid: ReturnType<typeof pairsFor> | undefined;

/** Mode 5. */
class Five {
  private readonly color = new Line(7);
  private readonly fourth = new Line(8);
  private rotation = 0;
  private best = { rotation: 0, color: room(), fourth: room() };

  /** Tries one channel as the fourth; returns the error. */
  fit(tile: Uint8Array, rotation: number): number {
    this.rotation = rotation;
    const colors = this.color.points.values;
    const others = this.fourth.points.values;
    const away = rotation - 1;
    for (let i = 0; i < 16; i++) {
      for (let c = 0; c < 3; c++) colors[3 * i + c] = tile[4 * i + (c === away ? 3 : c)]!;
      others[i] = tile[4 * i + (rotation === 0 ? 3 : away)]!;
    }
    const fitted = fitLine(this.color);
    // Of one colour: two that have it between them.
    solid ??= pairsFor({ bits: 7, mix: (a, b) => (widen(a, 7) * 43 + widen(b, 7) * 21 + 32) >> 6 });
    const even = fitted === 0 ? 0 : this.color.attemptPairs(solid);
    if (even < fitted) this.color.keep();
    return Math.min(even, fitted) + fitLine(this.fourth);
  }

  keep(): void {
    const { best, rotation } = this;
    this.best = {
      rotation,
      color: this.color.exchange(best.color),
      fourth: this.fourth.exchange(best.fourth),
    };
  }

  put(): void {
    const { rotation, color, fourth } = this.best;
    lowFirst(color, { dims: 3, width: 2 });
    lowFirst(fourth, { dims: 1, width: 2 });
    bits.put(1 << 5, 6);
    bits.put(rotation, 2);
    putEnds(color.codes, { dims: 3, width: 7 });
    putEnds(fourth.codes, { dims: 1, width: 8 });
    putIndices(color.indices, 2);
    putIndices(fourth.indices, 2);
  }
}

const six = new Six();
const five = new Five();

interface Ends {
  readonly dims: number;
  readonly width: number;
}

/** Exchanges the ends where the first index would need its highest bit. */
function lowFirst({ codes, lows, indices }: Coded, { dims, width }: Ends): void {
  if (indices[0]! < 1 << (width - 1)) return;
  for (let c = 0; c < dims; c++) {
    const first = codes[c]!;
    codes[c] = codes[dims + c]!;
    codes[dims + c] = first;
  }
  const low = lows[0]!;
  lows[0] = lows[1]!;
  lows[1] = low;
  for (let i = 0; i < 16; i++) indices[i] = (1 << width) - 1 - indices[i]!;
}

function putEnds(codes: Uint8Array, { dims, width }: Ends): void {
  for (let c = 0; c < dims; c++) {
    bits.put(codes[c]!, width);
    bits.put(codes[dims + c]!, width);
  }
}

function putIndices(indices: Uint8Array, width: number): void {
  bits.put(indices[0]!, width - 1);
  for (let i = 1; i < 16; i++) bits.put(indices[i]!, width);
}
