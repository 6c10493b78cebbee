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
  const bell = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  );
  const total = bell.reduce((sum, v) => sum + v, 0);
  const weights = bell.map((v) => v / total);
  const across = new Float32Array(grey.length);
  const out = new Float32Array(grey.length);
  alongLines(grey, across, { weights, radius, step: 1, length: width, stride: width });
  alongLines(across, out, { weights, radius, step: width, length: height, stride: 1 });
  return out;
}

/** A kernel along lines of so many pixels, `step` apart and beginning every `stride`. */
function alongLines(
  from: Float32Array,
  out: Float32Array,
  line: {
    readonly weights: Float64Array;
    readonly radius: number;
    readonly step: number;
    readonly length: number;
    readonly stride: number;
  },
): void {
  const { weights, radius, step, length, stride } = line;
  for (let start = 0, n = from.length / length; n > 0; n--, start += stride) {
    for (let i = 0; i < length; i++) {
      let sum = 0;
      for (let k = -radius; k <= radius; k++) {
        const at = i + k < 0 ? 0 : i + k >= length ? length - 1 : i + k;
        sum += weights[k + radius]! * from[start + at * step]!;
      }
      out[start + i * step] = sum;
    }
  }
}

/** tan 22.5°: what is flatter or steeper than that is across or down, and the rest diagonal. */
const diagonal = Math.SQRT2 - 1;

/** Sobel 1968; an eighth of its sums is a slope. */
function slopesOf(grey: Float32Array, { height, width }: Plane): Slopes {
  const size = new Float32Array(grey.length);
  const direction = new Uint8Array(grey.length);
  for (let y = 0; y < height; y++) {
    const above = Math.max(0, y - 1) * width;
    const here = y * width;
    const below = Math.min(height - 1, y + 1) * width;
    for (let x = 0; x < width; x++) {
      const left = x > 0 ? x - 1 : 0;
      const right = x < width - 1 ? x + 1 : x;
      const falling = grey[below + right]! - grey[above + left]!;
      const rising = grey[above + right]! - grey[below + left]!;
      const dx = (falling + rising + 2 * (grey[here + right]! - grey[here + left]!)) / 8;
      const dy = (falling - rising + 2 * (grey[below + x]! - grey[above + x]!)) / 8;
      // Rounded, so that places as steep as each other are so in numbers as well.
      size[here + x] = Math.round(Math.sqrt(dx * dx + dy * dy) * 1024) / 1024;
      const [across, down] = [dx < 0 ? -dx : dx, dy < 0 ? -dy : dy];
      direction[here + x] =
        down <= diagonal * across ? 0 : across <= diagonal * down ? 2 : dx > 0 === dy > 0 ? 1 : 3;
    }
  }
  return { size, direction };
}

/** Keeps the steepest place across each edge, and of two as steep as each other the first. */
function ridges({ size, direction }: Slopes, { height, width }: Plane): Float32Array {
  const out = new Float32Array(size.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const here = size[at]!;
      const way = direction[at]!;
      const dx = way === 2 ? 0 : way === 3 ? -1 : 1;
      const dy = way === 0 ? 0 : 1;
      // Beyond the picture nothing is steep.
      const before = y < dy || x < dx || x - dx >= width ? 0 : size[at - dy * width - dx]!;
      const after =
        y + dy >= height || x + dx < 0 || x + dx >= width ? 0 : size[at + dy * width + dx]!;
      if (here > before && here >= after) out[at] = here;
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
