/** Points of so many numbers each, one after the other; room for 16 of four. */
export interface Points {
  readonly values: Float64Array;
  count: number;
  dims: number;
}

/** Room for the points of a block, used again for each. */
export const roomForPoints = (): Points => ({ values: new Float64Array(64), count: 0, dims: 0 });

/** Writes points as steps between two ends; what it wrote is its own, and used again. */
export interface Coder {
  readonly points: Points;
  /** Tries two ends; returns the sum of squared differences. */
  attempt(ends: Float64Array): number;
  /** What was tried last is the best so far. */
  keep(): void;
  /** How much of the second end each point was given, 0 to 1, in what was kept last. */
  readonly steps: Float64Array;
}

const mostRounds = 4;

const ends = new Float64Array(8);

/**
 * Has a coder keep the best of some attempts, and returns its error: the first with the ends of the
 * points' principal axis, each next with the ends that fit best the steps that the last one gave,
 * until that helps no more.
 */
export function fitLine(coder: Coder): number {
  const { points } = coder;
  principalEnds(points);
  let best = coder.attempt(ends);
  coder.keep();
  for (let round = 1; round < mostRounds && best > 0; round++) {
    if (!bestEnds(points, coder.steps)) break;
    const next = coder.attempt(ends);
    if (next >= best) break;
    best = next;
    coder.keep();
  }
  return best;
}

const mean = new Float64Array(4);
const covariance = new Float64Array(16);
const axis = new Float64Array(4);
const turned = new Float64Array(4);

/** Puts into `ends` both ends of the points along the axis on which they differ most, `[2 dims]`. */
function principalEnds({ values, count, dims }: Points): void {
  mean.fill(0);
  covariance.fill(0);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < dims; c++) mean[c]! += values[i * dims + c]! / count;
  }
  for (let i = 0; i < count; i++) {
    for (let a = 0; a < dims; a++) {
      const one = values[i * dims + a]! - mean[a]!;
      for (let b = a; b < dims; b++) {
        covariance[a * dims + b]! += one * (values[i * dims + b]! - mean[b]!);
      }
    }
  }
  for (let a = 1; a < dims; a++) {
    for (let b = 0; b < a; b++) covariance[a * dims + b] = covariance[b * dims + a]!;
  }
  findAxis(dims);
  let least = 0;
  let most = 0;
  for (let i = 0; i < count; i++) {
    let along = 0;
    for (let c = 0; c < dims; c++) along += (values[i * dims + c]! - mean[c]!) * axis[c]!;
    if (along < least) least = along;
    if (along > most) most = along;
  }
  for (let c = 0; c < dims; c++) {
    ends[c] = mean[c]! + least * axis[c]!;
    ends[dims + c] = mean[c]! + most * axis[c]!;
  }
}

/** The main axis of the covariance, by its powers; from the row of the largest variance on. */
function findAxis(dims: number): void {
  let widest = 0;
  for (let c = 1; c < dims; c++) {
    if (covariance[c * dims + c]! > covariance[widest * dims + widest]!) widest = c;
  }
  for (let c = 0; c < dims; c++) axis[c] = covariance[widest * dims + c]!;
  for (let round = 0; round < (dims === 1 ? 1 : 8); round++) {
    let length = 0;
    for (let a = 0; a < dims; a++) {
      let sum = 0;
      for (let b = 0; b < dims; b++) sum += covariance[a * dims + b]! * axis[b]!;
      turned[a] = sum;
      length += sum * sum;
    }
    const scale = length === 0 ? 0 : 1 / Math.sqrt(length);
    for (let a = 0; a < dims; a++) axis[a] = turned[a]! * scale;
    if (length === 0) return;
  }
}

/** Puts into `ends` those of the least squared error for given steps; false when many are as good. */
function bestEnds({ values, count, dims }: Points, steps: Float64Array): boolean {
  let [aa, ab, bb] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const step = steps[i]!;
    aa += (1 - step) * (1 - step);
    ab += (1 - step) * step;
    bb += step * step;
  }
  const determinant = aa * bb - ab * ab;
  if (determinant < 1e-9) return false;
  for (let c = 0; c < dims; c++) {
    let [a, b] = [0, 0];
    for (let i = 0; i < count; i++) {
      const value = values[i * dims + c]!;
      a += (1 - steps[i]!) * value;
      b += steps[i]! * value;
    }
    ends[c] = (a * bb - b * ab) / determinant;
    ends[dims + c] = (b * aa - a * ab) / determinant;
  }
  return true;
}

/** The whole number within 0 and `most` that is nearest. */
export function nearest(value: number, most: number): number {
  if (value <= 0) return 0;
  return value >= most ? most : Math.round(value);
}

/**
 * For each value of a byte the two ends of so few bits that, mixed one way, come nearest to it: of
 * those equally near, the nearest to each other.
 */
export function pairsFor({
  bits,
  mix,
}: {
  readonly bits: number;
  readonly mix: (first: number, second: number) => number;
}): readonly (readonly [first: number, second: number])[] {
  const count = 1 << bits;
  const pairs: (readonly [number, number])[] = Array.from({ length: 256 }, () => [0, 0]);
  const apart = new Float64Array(256).fill(Number.POSITIVE_INFINITY);
  for (let first = 0; first < count; first++) {
    for (let second = 0; second < count; second++) {
      const mixed = mix(first, second);
      for (let value = Math.max(0, mixed - 8); value <= Math.min(255, mixed + 8); value++) {
        const far = 1000 * Math.abs(mixed - value) + Math.abs(first - second);
        if (far >= apart[value]!) continue;
        apart[value] = far;
        pairs[value] = [first, second];
      }
    }
  }
  return pairs;
}
