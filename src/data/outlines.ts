/**
 * Signed distances to unit shapes around the origin, y upwards: negative inside. The formulas are
 * Inigo Quilez's (iquilezles.org/articles/distfunctions2d), sized here so that every shape fills
 * about the same area.
 */
export const outlines = {
  circle: (x: number, y: number) => length(x, y) - 0.88,
  square: (x: number, y: number) => box(x, y, 0.66) - 0.1,
  triangle: (x: number, y: number) => triangle(x, y + 0.16, 0.8) - 0.12,
  star: (x: number, y: number) => star(x, y + 0.04, { radius: 0.98, waist: 0.47 }) - 0.06,
  heart: (x: number, y: number) => 1.6 * heart(x / 1.6, y / 1.6 + 0.56) - 0.02,
  ring: (x: number, y: number) => Math.abs(length(x, y) - 0.66) - 0.25,
  moon: (x: number, y: number) =>
    moon(x - 0.05, y, { apart: 0.42, outer: 0.94, inner: 0.74 }) - 0.03,
  flower: (x: number, y: number) => flower(x, y),
} as const satisfies Readonly<Record<string, (x: number, y: number) => number>>;

export type Outline = keyof typeof outlines;

/** Several times faster than `Math.hypot`, which guards against overflow. */
function length(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}

function box(x: number, y: number, half: number): number {
  const dx = Math.abs(x) - half;
  const dy = Math.abs(y) - half;
  return length(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0);
}

function triangle(x: number, y: number, half: number): number {
  const k = Math.sqrt(3);
  let px = Math.abs(x) - half;
  let py = y + half / k;
  if (px + k * py > 0) [px, py] = [(px - k * py) / 2, (-k * px - py) / 2];
  px -= Math.min(0, Math.max(-2 * half, px));
  return -length(px, py) * Math.sign(py);
}

function star(
  x: number,
  y: number,
  { radius, waist }: { readonly radius: number; readonly waist: number },
): number {
  const k1x = 0.809016994375;
  const k1y = -0.587785252292;
  let px = Math.abs(x);
  let py = y;
  let t = 2 * Math.max(k1x * px + k1y * py, 0);
  px -= t * k1x;
  py -= t * k1y;
  t = 2 * Math.max(-k1x * px + k1y * py, 0);
  px -= t * -k1x;
  py -= t * k1y;
  px = Math.abs(px);
  py -= radius;
  const bx = waist * -k1y;
  const by = waist * k1x - 1;
  const h = Math.min(radius, Math.max(0, (px * bx + py * by) / (bx * bx + by * by)));
  return length(px - bx * h, py - by * h) * Math.sign(py * bx - px * by);
}

function heart(x: number, y: number): number {
  const px = Math.abs(x);
  if (y + px > 1) return length(px - 0.25, y - 0.75) - Math.SQRT2 / 4;
  const m = 0.5 * Math.max(px + y, 0);
  const nearest = Math.min(length(px, y - 1), length(px - m, y - m));
  return nearest * Math.sign(px - y);
}

function moon(
  x: number,
  y: number,
  {
    apart,
    outer,
    inner,
  }: { readonly apart: number; readonly outer: number; readonly inner: number },
): number {
  const py = Math.abs(y);
  const a = (outer * outer - inner * inner + apart * apart) / (2 * apart);
  const b = Math.sqrt(Math.max(outer * outer - a * a, 0));
  if (apart * (x * b - py * a) > apart * apart * Math.max(b - py, 0)) {
    return length(x - a, py - b);
  }
  return Math.max(length(x, py) - outer, -(length(x - apart, py) - inner));
}

/** Five round petals about a centre: the union of six circles. */
function flower(x: number, y: number): number {
  const turn = (2 * Math.PI) / 5;
  const angle = Math.atan2(x, y);
  const within = angle - turn * Math.round(angle / turn);
  const r = length(x, y);
  const petal = length(r * Math.sin(within), r * Math.cos(within) - 0.54) - 0.42;
  return Math.min(petal, r - 0.4);
}
