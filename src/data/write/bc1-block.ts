import { colorPalette, five, rampValues, six } from "../files/bc.js";
import { type Coder, fitLine, nearest, type Points, pairsFor, roomForPoints } from "./line-fit.js";

/** Two values and which of those that they give each point has. */
interface Coded {
  first: number;
  second: number;
  readonly indices: Uint8Array;
  readonly steps: Float64Array;
}

const room = (): Coded => ({
  first: 0,
  second: 0,
  indices: new Uint8Array(16),
  steps: new Float64Array(16),
});

/** How much of the second colour each index has. */
const fourSteps = [0, 1, 1 / 3, 2 / 3];
const threeSteps = [0, 1, 1 / 2];

const third = (first: number, second: number): number => Math.floor((2 * first + second + 1) / 3);

type Pairs = ReturnType<typeof pairsFor>;

/** Made when first needed. */
let solid: { readonly fives: Pairs; readonly sixes: Pairs } | undefined;

const seen = new Uint8Array(16);

/**
 * Writes the colours of `[16 4]` as a block of BC1; `punched` ones below half of alpha become
 * holes, which only a BC1 that stands alone can have.
 */
export function encodeColor(
  tile: Uint8Array,
  {
    out,
    at,
    kind,
  }: { readonly out: Uint8Array; readonly at: number; readonly kind: "bc1" | "bc3" },
): void {
  let count = 0;
  for (let i = 0; i < 16; i++) if (kind === "bc3" || tile[4 * i + 3]! >= 128) seen[count++] = i;
  out.fill(0, at, at + 8);
  if (count === 0) {
    out.fill(255, at + 4, at + 8);
    return;
  }
  const { first, second, indices } = colors.best(tile, { count, kind });
  out[at] = first & 255;
  out[at + 1] = first >> 8;
  out[at + 2] = second & 255;
  out[at + 3] = second >> 8;
  let next = 0;
  for (let i = 0; i < 16; i++) {
    const index = next < count && seen[next] === i ? indices[next++]! : 3;
    out[at + 4 + (i >> 2)]! |= index << (2 * (i & 3));
  }
}

const palette = new Uint8Array(16);

/** Colours along a line. */
class Colors implements Coder {
  readonly points: Points = roomForPoints();
  private isAlone = true;
  private hasHoles = false;
  private tried = room();
  private kept = room();

  get steps(): Float64Array {
    return this.kept.steps;
  }

  /** The best way to write the colours of the `seen` pixels. */
  best(
    tile: Uint8Array,
    { count, kind }: { readonly count: number; readonly kind: "bc1" | "bc3" },
  ): Coded {
    const { points } = this;
    points.count = count;
    points.dims = 3;
    this.isAlone = kind === "bc1";
    this.hasHoles = count < 16;
    for (let i = 0; i < count; i++) {
      for (let c = 0; c < 3; c++) points.values[3 * i + c] = tile[4 * seen[i]! + c]!;
    }
    const error = fitLine(this);
    if (!this.hasHoles && error > 0 && this.attemptEven() < error) this.keep();
    return this.kept;
  }

  attempt(ends: Float64Array): number {
    return this.measure(pack(ends, 0), pack(ends, 3));
  }

  keep(): void {
    [this.tried, this.kept] = [this.kept, this.tried];
  }

  /** Of one colour, or nearly: two that have it between them may be nearer than any single one. */
  private attemptEven(): number {
    solid ??= {
      fives: pairsFor({ bits: 5, mix: (a, b) => third(five(a), five(b)) }),
      sixes: pairsFor({ bits: 6, mix: (a, b) => third(six(a), six(b)) }),
    };
    const { values, count } = this.points;
    let [first, second] = [0, 0];
    for (let c = 0; c < 3; c++) {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += values[3 * i + c]!;
      const pair = (c === 1 ? solid.sixes : solid.fives)[nearest(sum / count, 255)]!;
      first = (first << (c === 1 ? 6 : 5)) | pair[0];
      second = (second << (c === 1 ? 6 : 5)) | pair[1];
    }
    return this.measure(first, second);
  }

  /** The nearest of what two colours give, for each point. */
  private measure(one: number, other: number): number {
    const { values, count } = this.points;
    const { tried, hasHoles } = this;
    // The order of the two says whether a block of BC1 has four colours, or three and a hole.
    const [low, high] = one < other ? [one, other] : [other, one];
    tried.first = hasHoles ? low : high;
    tried.second = hasHoles ? high : low;
    const isThree = this.isAlone && tried.first <= tried.second;
    colorPalette(tried.first, tried.second, { out: palette, isThree });
    const steps = isThree ? threeSteps : fourSteps;
    let error = 0;
    for (let i = 0; i < count; i++) {
      const [r, g, b] = [values[3 * i]!, values[3 * i + 1]!, values[3 * i + 2]!];
      let least = Number.POSITIVE_INFINITY;
      let best = 0;
      for (let k = 0; k < steps.length; k++) {
        const [dr, dg, db] = [
          r - palette[4 * k]!,
          g - palette[4 * k + 1]!,
          b - palette[4 * k + 2]!,
        ];
        const far = dr * dr + dg * dg + db * db;
        if (far >= least) continue;
        least = far;
        best = k;
      }
      tried.indices[i] = best;
      tried.steps[i] = steps[best]!;
      error += least;
    }
    return error;
  }
}

const colors = new Colors();

/** A colour as five, six and five bits. */
const pack = (ends: Float64Array, at: number): number =>
  (nearest((ends[at]! * 31) / 255, 31) << 11) |
  (nearest((ends[at + 1]! * 63) / 255, 63) << 5) |
  nearest((ends[at + 2]! * 31) / 255, 31);

/** Writes one channel of `[16 4]` as a ramp of BC3: of eight values, or of six and both extremes. */
export function encodeRamp(
  tile: Uint8Array,
  { out, at, channel }: { readonly out: Uint8Array; readonly at: number; readonly channel: number },
): void {
  const { first, second, indices } = ramps.best(tile, channel);
  out[at] = first;
  out[at + 1] = second;
  for (let half = 0; half < 2; half++) {
    let bits = 0;
    for (let i = 0; i < 8; i++) bits |= indices[8 * half + i]! << (3 * i);
    for (let i = 0; i < 3; i++) out[at + 2 + 3 * half + i] = (bits >> (8 * i)) & 255;
  }
}

const ramp = new Uint8Array(8);

/** Values along a ramp. */
class Ramps implements Coder {
  readonly points: Points = roomForPoints();
  private tried = room();
  private kept = room();

  get steps(): Float64Array {
    return this.kept.steps;
  }

  best(tile: Uint8Array, channel: number): Coded {
    const { points } = this;
    points.count = 16;
    points.dims = 1;
    let low = 256;
    let high = -1;
    for (let i = 0; i < 16; i++) {
      const value = tile[4 * i + channel]!;
      points.values[i] = value;
      if (value === 0 || value === 255) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    const error = fitLine(this);
    const six = high < 0 ? this.measure(0, 255) : this.measure(low, high);
    if (six < error) this.keep();
    return this.kept;
  }

  attempt(ends: Float64Array): number {
    const [a, b] = [nearest(ends[0]!, 255), nearest(ends[1]!, 255)];
    return this.measure(Math.max(a, b), Math.min(a, b));
  }

  keep(): void {
    [this.tried, this.kept] = [this.kept, this.tried];
  }

  private measure(first: number, second: number): number {
    const { tried, points } = this;
    tried.first = first;
    tried.second = second;
    rampValues(first, second, ramp);
    let error = 0;
    for (let i = 0; i < 16; i++) {
      const value = points.values[i]!;
      let least = Number.POSITIVE_INFINITY;
      let best = 0;
      for (let k = 0; k < 8; k++) {
        const far = (value - ramp[k]!) * (value - ramp[k]!);
        if (far >= least) continue;
        least = far;
        best = k;
      }
      tried.indices[i] = best;
      tried.steps[i] = best < 2 ? best : (best - 1) / 7;
      error += least;
    }
    return error;
  }
}

const ramps = new Ramps();
