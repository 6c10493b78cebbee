import { Random } from "../shape/random.js";

/** Sides of what is painted on, in texels; both go on at their other side. */
const side = 256;

/** What a painter's ground is like from place to place, whatever is painted on it. */
export interface Surface {
  /** Clouds, −1 … 1. */
  clouds(x: number, y: number): number;
  /** Bristles along the first coordinate, −1 … 1. */
  bristles(x: number, y: number): number;
  /** How far it is to the nearest crack of the varnish: 0 on a crack. */
  cracks(x: number, y: number): number;
}

/** The ground of all portraits, which each paints on at a place of its own; coordinates in texels. */
export function grounds(): Surface {
  known ??= prepared();
  return known;
}

let known: Surface | undefined;

function prepared(): Surface {
  const clouds = layered([8, 16, 32, 64], "clouds");
  const bristles = drawnOut(layered([128, 256], "bristles"), 24);
  const cracks = cells(22);
  return { clouds: lookUp(clouds), bristles: lookUp(bristles), cracks: lookUp(cracks) };
}

const wrap = (i: number): number => i & (side - 1);

/** Between the four texels around a place. */
const lookUp =
  (texels: Float32Array) =>
  (x: number, y: number): number => {
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const [u, v] = [x - left, y - top];
    const [i, k] = [wrap(left), wrap(left + 1)];
    const [row, below] = [wrap(top) * side, wrap(top + 1) * side];
    const high = texels[row + i]! + (texels[row + k]! - texels[row + i]!) * u;
    const low = texels[below + i]! + (texels[below + k]! - texels[below + i]!) * u;
    return high + (low - high) * v;
  };

/** Noise of several sizes, the finer the weaker; −1 … 1. */
function layered(counts: readonly number[], purpose: string): Float32Array {
  const out = new Float32Array(side * side);
  counts.forEach((count, layer) => {
    const random = new Random({ seed: 0, purpose: `data/portraits ${purpose}`, at: [layer] });
    const knots = Float32Array.from({ length: count * count }, () => 2 * random.uniform() - 1);
    const step = count / side;
    const smooth = (t: number): number => t * t * (3 - 2 * t);
    for (let i = 0; i < out.length; i++) {
      const [x, y] = [(i % side) * step, Math.floor(i / side) * step];
      const [left, top] = [Math.floor(x), Math.floor(y)];
      const [u, v] = [smooth(x - left), smooth(y - top)];
      const at = (p: number, q: number): number =>
        knots[((top + q) % count) * count + ((left + p) % count)]!;
      const above = at(0, 0) + (at(1, 0) - at(0, 0)) * u;
      const below = at(0, 1) + (at(1, 1) - at(0, 1)) * u;
      out[i]! += (above + (below - above) * v) / 2 ** layer;
    }
  });
  return evened(out);
}

/** Smeared along rows, as by a brush. */
function drawnOut(texels: Float32Array, reach: number): Float32Array {
  const out = new Float32Array(texels.length);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      let sum = 0;
      for (let k = 0; k < reach; k++) sum += texels[y * side + wrap(x + k)]!;
      out[y * side + x] = sum / reach;
    }
  }
  return evened(out);
}

/** Distance to the nearest border between cells about points: how much nearer the nearest is. */
function cells(count: number): Float32Array {
  const random = new Random({ seed: 0, purpose: "data/portraits cracks" });
  const step = side / count;
  const points = Array.from({ length: count * count }, (_, i) => [
    ((i % count) + random.uniform()) * step,
    (Math.floor(i / count) + random.uniform()) * step,
  ]);
  return Float32Array.from({ length: side * side }, (_, i) => {
    const [x, y] = [i % side, Math.floor(i / side)];
    const [column, row] = [Math.floor(x / step), Math.floor(y / step)];
    let [first, second] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let q = row - 2; q <= row + 2; q++) {
      for (let p = column - 2; p <= column + 2; p++) {
        const [px, py] = points[((q + count) % count) * count + ((p + count) % count)]!;
        const apart = (a: number): number => Math.min(Math.abs(a), side - Math.abs(a));
        const distance = Math.hypot(apart(x - px!), apart(y - py!));
        if (distance < first) [first, second] = [distance, first];
        else if (distance < second) second = distance;
      }
    }
    return second - first;
  });
}

/** To −1 … 1, for most. */
function evened(texels: Float32Array): Float32Array {
  const mean = texels.reduce((sum, v) => sum + v, 0) / texels.length;
  const square = texels.reduce((sum, v) => sum + (v - mean) ** 2, 0) / texels.length;
  const scale = 1 / (2 * Math.sqrt(square));
  return texels.map((v) => Math.max(-1, Math.min(1, (v - mean) * scale)));
}
