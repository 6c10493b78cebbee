import { ConfigurationError, ShapeError } from "./error.js";
import { formatShape, type Shape, sizeOf } from "./shape.js";

/** Where edges are looked for, and how strong they must be. */
export interface EdgesOptions {
  /** Of the picture: `[c h w]`, one channel or red, green and blue (and alpha, which is not looked at). */
  readonly shape: Shape;
  /** Deviation of the Gaussian that takes the grain away, in pixels; 1. */
  readonly sigma?: number;
  /** The part of all pixels that is flatter than an edge's strongest places; 0.85. */
  readonly strong?: number;
  /** The part of all pixels that is flatter than any place of an edge; 0.7. */
  readonly weak?: number;
  /** Grey levels per pixel that an edge rises by at least, however flat the picture is; 3. */
  readonly least?: number;
}

/**
 * The edges of a picture as a drawing, bytes `[c h w] → [1 h w]`: 0 on them, 255 elsewhere, black
 * lines of one pixel on white paper. Grey as eyes weigh colours (ITU-R BT.601), a Gaussian, Sobel's
 * slopes, only the steepest places across each edge, and of these the strong ones and whatever weaker
 * ones hang together with them; strong and weak are quantiles of the picture's own slopes.
 *
 * Canny 1986, "A computational approach to edge detection", with four directions and no interpolation
 * between pixels.
 *
 * @throws {ShapeError} when the bytes are no picture of that shape.
 * @throws {ConfigurationError} when a number makes no sense.
 *
 * @example
 * const half = Uint8Array.from({ length: 64 }, (_, i) => (i % 8 < 4 ? 0 : 255));
 * const drawn = edgesOf(half, { shape: [1, 8, 8], sigma: 0 });
 * [...drawn.subarray(0, 8)]; // → [255,255,255,0,255,255,255,255]
 */
export function edgesOf(picture: Uint8Array, options: EdgesOptions): Uint8Array<ArrayBuffer> {
  const { shape, sigma = 1, strong = 0.85, weak = 0.7, least = 3 } = options;
  const [channels, height, width] = checked(picture, { shape, sigma, strong, weak, least });
  const plane = { height, width };
  const slopes = slopesOf(blurred(greyOf(picture, channels), { ...plane, sigma }), plane);
  const sorted = slopes.size.toSorted();
  const bound = (part: number): number =>
    Math.max(least, sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!);
  return connected(ridges(slopes, plane), { ...plane, strong: bound(strong), weak: bound(weak) });
}

interface Plane {
  readonly height: number;
  readonly width: number;
}

/** How steep each pixel is, in grey levels per pixel, and which way: 0 … 3, from across to up and left. */
interface Slopes {
  readonly size: Float32Array;
  readonly direction: Uint8Array;
}

function greyOf(picture: Uint8Array, channels: number): Float32Array {
  const area = picture.length / channels;
  const grey = new Float32Array(area);
  for (let i = 0; i < area; i++) {
    grey[i] =
      channels < 3
        ? picture[i]!
        : 0.299 * picture[i]! + 0.587 * picture[area + i]! + 0.114 * picture[2 * area + i]!;
  }
  return grey;
}

/** A Gaussian along rows, then along columns; a picture goes on beyond its edges as it ends there. */
function blurred(
  grey: Float32Array,
  { height, width, sigma }: Plane & { readonly sigma: number },
): Float32Array {
  if (sigma === 0) return grey;
  const radius = Math.ceil(3 * sigma);
  const bell = Float32Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  );
  const total = bell.reduce((sum, v) => sum + v, 0);
  const along = (from: Float32Array, step: number, length: number, lines: number): Float32Array => {
    const out = new Float32Array(from.length);
    const across = step === 1 ? width : 1;
    for (let line = 0; line < lines; line++) {
      for (let i = 0; i < length; i++) {
        let sum = 0;
        for (let k = -radius; k <= radius; k++) {
          const at = Math.max(0, Math.min(length - 1, i + k));
          sum += bell[k + radius]! * from[line * across + at * step]!;
        }
        out[line * across + i * step] = sum / total;
      }
    }
    return out;
  };
  return along(along(grey, 1, width, height), width, height, width);
}

/** Sobel 1968; an eighth of its sums is a slope. */
function slopesOf(grey: Float32Array, { height, width }: Plane): Slopes {
  const size = new Float32Array(grey.length);
  const direction = new Uint8Array(grey.length);
  for (let y = 0; y < height; y++) {
    const rows = [Math.max(0, y - 1), y, Math.min(height - 1, y + 1)].map((row) => row * width);
    const [above, here, below] = rows as [number, number, number]; // three went in
    for (let x = 0; x < width; x++) {
      const left = Math.max(0, x - 1);
      const right = Math.min(width - 1, x + 1);
      const [a, b, c] = [grey[above + left]!, grey[above + x]!, grey[above + right]!];
      const [d, f] = [grey[here + left]!, grey[here + right]!];
      const [g, h, i] = [grey[below + left]!, grey[below + x]!, grey[below + right]!];
      const dx = (c + 2 * f + i - a - 2 * d - g) / 8;
      const dy = (g + 2 * h + i - a - 2 * b - c) / 8;
      // Rounded, so that places as steep as each other are so in numbers as well.
      size[here + x] = Math.round(Math.hypot(dx, dy) * 1024) / 1024;
      direction[here + x] = (Math.round(Math.atan2(dy, dx) / (Math.PI / 4)) + 4) % 4;
    }
  }
  return { size, direction };
}

/** Keeps the steepest place across each edge, and of two as steep as each other the first. */
function ridges({ size, direction }: Slopes, { height, width }: Plane): Float32Array {
  const out = new Float32Array(size.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const way = direction[y * width + x]!;
      const dx = way === 2 ? 0 : way === 3 ? -1 : 1;
      const dy = way === 0 ? 0 : 1;
      const at = (row: number, column: number): number =>
        row < 0 || row >= height || column < 0 || column >= width ? 0 : size[row * width + column]!;
      const here = at(y, x);
      const isRidge = here > at(y - dy, x - dx) && here >= at(y + dy, x + dx);
      if (isRidge) out[y * width + x] = here;
    }
  }
  return out;
}

/** Draws what is strong, and from there on what is not weak. */
function connected(
  ridge: Float32Array,
  { height, width, strong, weak }: Plane & { readonly strong: number; readonly weak: number },
): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(ridge.length).fill(255);
  const open: number[] = [];
  ridge.forEach((value, i) => {
    if (value === 0 || value < strong) return;
    out[i] = 0;
    open.push(i);
  });
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const [y, x] = [Math.floor(at / width), at % width];
    for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
      for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
        const next = v * width + u;
        if (out[next] === 0 || ridge[next] === 0 || ridge[next]! < weak) continue;
        out[next] = 0;
        open.push(next);
      }
    }
  }
  return out;
}

function checked(
  picture: Uint8Array,
  options: Required<EdgesOptions>,
): readonly [channels: number, height: number, width: number] {
  const { shape, ...numbers } = options;
  const [c, h, w] = shape;
  if (c === undefined || h === undefined || w === undefined || shape.length !== 3) {
    const why = `expected a picture [c h w], received ${formatShape(shape)}`;
    throw new ShapeError({ op: "edgesOf", why });
  }
  if (picture.length !== sizeOf(shape) || c === 0) {
    const why = `${picture.length} bytes are no picture ${formatShape(shape)}`;
    throw new ShapeError({ op: "edgesOf", why });
  }
  for (const [name, value] of Object.entries(numbers)) {
    const most = name === "strong" || name === "weak" ? 1 : Number.POSITIVE_INFINITY;
    if (value >= 0 && value <= most && Number.isFinite(value)) continue;
    const range = most === 1 ? "from 0 to 1" : "of at least 0";
    const why = `expected a number ${range}, received ${value}`;
    throw new ConfigurationError({ op: `edgesOf.${name}`, why });
  }
  if (options.weak > options.strong) {
    const why = `expected weak ≤ strong, received ${options.weak} and ${options.strong}`;
    throw new ConfigurationError({ op: "edgesOf.weak", why });
  }
  return [c, h, w];
}
