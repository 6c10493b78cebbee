/** A closed outline in a picture whose sides are 1, y downwards: x and y of each corner in turn. */
export type Outline = readonly number[];

/** A place in a picture whose sides are 1, y downwards. */
export type Spot = readonly [x: number, y: number];

/** A curve through places in turn (Catmull & Rom 1974); one that is named twice is a corner. */
export function spline(
  spots: readonly Spot[],
  { closed = true, steps = 5 }: { readonly closed?: boolean; readonly steps?: number } = {},
): Outline {
  const n = spots.length;
  const at = (i: number): Spot =>
    closed ? spots[(i + n) % n]! : spots[Math.min(n - 1, Math.max(0, i))]!;
  const out: number[] = [];
  for (let i = 0; i < (closed ? n : n - 1); i++) {
    const [a, b, c, d] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    for (let s = 0; s < steps; s++) {
      const t = s / steps;
      for (const k of [0, 1] as const) {
        const [p, q, r, v] = [a[k], b[k], c[k], d[k]];
        const cubic = 3 * (q - r) + v - p;
        out.push(q + 0.5 * t * (r - p + t * (2 * p - 5 * q + 4 * r - v + t * cubic)));
      }
    }
  }
  if (!closed) out.push(...spots[n - 1]!);
  return out;
}

/** A band along a curve, `from` wide at its start and `to` wide at its end. */
export function band(
  spots: readonly Spot[],
  { from, to = from }: { readonly from: number; readonly to?: number },
): Outline {
  const line = spline(spots, { closed: false });
  const count = line.length / 2;
  const [left, right]: [number[], number[][]] = [[], []];
  for (let i = 0; i < count; i++) {
    const [before, after] = [Math.max(0, i - 1), Math.min(count - 1, i + 1)];
    const dx = line[2 * after]! - line[2 * before]!;
    const dy = line[2 * after + 1]! - line[2 * before + 1]!;
    const half = (from + ((to - from) * i) / (count - 1)) / 2 / Math.max(1e-9, Math.hypot(dx, dy));
    const [x, y] = [line[2 * i]!, line[2 * i + 1]!];
    left.push(x - dy * half, y + dx * half);
    right.unshift([x + dy * half, y - dx * half]);
  }
  return [...left, ...right.flat()];
}

/** An ellipse about a place. */
export const ellipse = ([x, y]: Spot, across: number, down: number): Outline =>
  Array.from({ length: 24 }, (_, i) => (i * Math.PI) / 12).flatMap((angle) => [
    x + across * Math.cos(angle),
    y + down * Math.sin(angle),
  ]);

/** Lines of a row of pixels that are looked at. */
const lines = 4;

/** How much of each pixel is inside, row by row, from 0 to 1: exact across, at four heights down. */
export function coverage(outline: Outline, size: number): Float32Array {
  const out = new Float32Array(size * size);
  const crossings: number[][] = Array.from({ length: size * lines }, () => []);
  const n = outline.length / 2;
  for (let i = 0; i < n; i++) {
    const k = (i + 1) % n;
    let [x1, y1] = [outline[2 * i]! * size, outline[2 * i + 1]! * size * lines];
    let [x2, y2] = [outline[2 * k]! * size, outline[2 * k + 1]! * size * lines];
    if (y1 === y2) continue;
    if (y1 > y2) [x1, y1, x2, y2] = [x2, y2, x1, y1];
    const last = Math.min(size * lines - 1, Math.ceil(y2 - 0.5) - 1);
    for (let line = Math.max(0, Math.ceil(y1 - 0.5)); line <= last; line++) {
      crossings[line]!.push(x1 + ((line + 0.5 - y1) * (x2 - x1)) / (y2 - y1));
    }
  }
  crossings.forEach((found, line) => {
    if (found.length < 2) return;
    found.sort((a, b) => a - b);
    const row = Math.floor(line / lines) * size;
    for (let i = 0; i + 1 < found.length; i += 2) {
      const [from, to] = [Math.max(0, found[i]!), Math.min(size, found[i + 1]!)];
      for (let x = Math.floor(from); x < to; x++) {
        out[row + x]! += (Math.min(to, x + 1) - Math.max(from, x)) / lines;
      }
    }
  });
  return out;
}

/** A square of numbers, each as the mean of those at most `radius` away, twice. */
export function softened(values: Float32Array, size: number, radius: number): Float32Array {
  const reach = Math.max(1, Math.round(radius));
  let out = values;
  for (let pass = 0; pass < 2; pass++) {
    out = means(means(out, { size, reach, step: 1 }), { size, reach, step: size });
  }
  return out;
}

/** Running means along rows (a step of 1) or columns; nothing is beyond the border. */
function means(
  values: Float32Array,
  { size, reach, step }: { readonly size: number; readonly reach: number; readonly step: number },
): Float32Array {
  const out = new Float32Array(values.length);
  const across = step === 1 ? size : 1;
  for (let line = 0; line < size; line++) {
    const start = line * across;
    let sum = 0;
    for (let i = 0; i < reach && i < size; i++) sum += values[start + i * step]!;
    for (let i = 0; i < size; i++) {
      if (i + reach < size) sum += values[start + (i + reach) * step]!;
      if (i - reach - 1 >= 0) sum -= values[start + (i - reach - 1) * step]!;
      out[start + i * step] = sum / (2 * reach + 1);
    }
  }
  return out;
}
