import { ConfigurationError, ShapeError } from "../shape/error.js";
import { formatShape, type Shape, sizeOf } from "../shape/shape.js";

/** What a picture was blurred with, and how noisy it is. */
export interface WienerOptions {
  /** `[… h w]` */
  readonly shape: Shape;
  /** What it was blurred with along rows and columns: an odd count of numbers, symmetric. */
  readonly kernel: readonly number[];
  /**
   * Power of the noise over that of the picture, K: one number for all frequencies, or one for each
   * of `[h w]`, row by row, the lowest first.
   */
  readonly noise: number | ArrayLike<number>;
}

/**
 * Wiener's deconvolution of planes `[… h w]` whose blur is known: `H / (H² + K)` at every frequency,
 * the least squared error that is possible without regard to what pictures look like when K is the
 * noise's power over the picture's. Planes are mirrored at their edges, so frequencies are those of
 * the cosine transform.
 *
 * Wiener 1949, "Extrapolation, interpolation, and smoothing of stationary time series".
 *
 * @throws {ShapeError} when there are other than so many numbers.
 * @throws {ConfigurationError} when the kernel is not symmetric, or K negative.
 *
 * @example
 * const options = { shape: [1, 5], kernel: [0.25, 0.5, 0.25], noise: 0 };
 * wiener(Float64Array.of(0, 0.25, 0.5, 0.25, 0), options); // → [0,0,1,0,0]
 */
export function wiener(
  picture: Float64Array,
  { shape, kernel, noise }: WienerOptions,
): Float64Array {
  const [h, w] = checkBlurred("wiener", picture, { shape, kernel });
  const gains = gainsOf({ kernel, noise, size: [h, w] });
  const [rows, columns] = [cosines(h), cosines(w)];
  const out = new Float64Array(picture.length);
  for (let at = 0; at < picture.length; at += h * w) {
    const waves = transformed(picture.subarray(at, at + h * w), { rows, columns });
    for (let i = 0; i < gains.length; i++) waves[i]! *= gains[i]!;
    out.set(transformed(waves, { rows: turned(rows), columns: turned(columns) }), at);
  }
  return out;
}

/**
 * Mean power of planes at each frequency of the cosine transform, `[n… h w] → [h w]`: for Wiener's K,
 * the noise's over the picture's.
 */
export function cosineSpectrum(
  planes: Float64Array,
  [h, w]: readonly [number, number],
): Float64Array {
  const [rows, columns] = [cosines(h), cosines(w)];
  const out = new Float64Array(h * w);
  const count = planes.length / out.length;
  for (let at = 0; at < planes.length; at += out.length) {
    const waves = transformed(planes.subarray(at, at + out.length), { rows, columns });
    for (let i = 0; i < out.length; i++) out[i]! += waves[i]! ** 2 / count;
  }
  return out;
}

/** A matrix, row by row. */
interface Square {
  readonly size: number;
  readonly values: Float64Array;
}

/** The orthonormal cosine transform of the second kind. */
function cosines(n: number): Square {
  const values = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    const scale = Math.sqrt((k === 0 ? 1 : 2) / n);
    for (let i = 0; i < n; i++) values[k * n + i] = scale * Math.cos((Math.PI * k * (i + 0.5)) / n);
  }
  return { size: n, values };
}

function turned({ size, values }: Square): Square {
  const out = new Float64Array(values.length);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) out[j * size + i] = values[i * size + j]!;
  }
  return { size, values: out };
}

/** `rows · plane · columnsᵀ` */
function transformed(
  plane: Float64Array,
  { rows, columns }: { readonly rows: Square; readonly columns: Square },
): Float64Array {
  const [h, w] = [rows.size, columns.size];
  const half = new Float64Array(h * w);
  for (let y = 0; y < h; y++) {
    for (let k = 0; k < w; k++) {
      let sum = 0;
      for (let x = 0; x < w; x++) sum += columns.values[k * w + x]! * plane[y * w + x]!;
      half[y * w + k] = sum;
    }
  }
  const out = new Float64Array(h * w);
  for (let j = 0; j < h; j++) {
    for (let y = 0; y < h; y++) {
      const share = rows.values[j * h + y]!;
      for (let k = 0; k < w; k++) out[j * w + k]! += share * half[y * w + k]!;
    }
  }
  return out;
}

function gainsOf({
  kernel,
  noise,
  size: [h, w],
}: Pick<WienerOptions, "kernel" | "noise"> & {
  readonly size: readonly [number, number];
}): Float64Array {
  const [down, across] = [h, w].map((n) => response(kernel, n)) as [Float64Array, Float64Array]; // two
  return Float64Array.from({ length: h * w }, (_, i) => {
    const blur = down[Math.floor(i / w)]! * across[i % w]!;
    const k = typeof noise === "number" ? noise : noise[i]!;
    if (!(k >= 0)) {
      const why = `expected K ≥ 0, received ${k}`;
      throw new ConfigurationError({ op: "wiener.noise", why });
    }
    // Where nothing came through, nothing is known.
    return blur === 0 ? 0 : blur / (blur ** 2 + k);
  });
}

/** What a symmetric kernel makes of each cosine. */
function response(kernel: readonly number[], n: number): Float64Array {
  const reach = (kernel.length - 1) / 2;
  return Float64Array.from({ length: n }, (_, k) => {
    let sum = kernel[reach]!;
    for (let j = 1; j <= reach; j++) {
      sum += 2 * kernel[reach + j]! * Math.cos((Math.PI * k * j) / n);
    }
    return sum;
  });
}

/** Checks planes and what they were blurred with; their height and width. */
export function checkBlurred(
  op: string,
  picture: ArrayLike<number>,
  { shape, kernel }: { readonly shape: Shape; readonly kernel: readonly number[] },
): readonly [height: number, width: number] {
  if (shape.length < 2 || sizeOf(shape) !== picture.length) {
    const why = `${picture.length} numbers are no planes ${formatShape(shape)}`;
    throw new ShapeError({ op, why });
  }
  if (kernel.length % 2 === 0 || kernel.some((v, i) => v !== kernel[kernel.length - 1 - i])) {
    const why = `expected an odd count of symmetric numbers, received ${kernel.join(", ")}`;
    throw new ConfigurationError({ op: `${op}.kernel`, why });
  }
  return [shape.at(-2)!, shape.at(-1)!]; // there are two
}
