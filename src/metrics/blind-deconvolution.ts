import { ConfigurationError, ShapeError } from "../shape/error.js";
import { formatShape, type Shape, sizeOf } from "../shape/shape.js";

/** What a picture may have been blurred with, and how often both are corrected. */
export interface BlindOptions {
  /** `[… h w]` */
  readonly shape: Shape;
  /** A first guess, `[n n]` row by row, n odd; its size is kept. */
  readonly guess: readonly number[];
  /** How often picture and blur are corrected in turn. */
  readonly iterations: number;
}

/** A picture, and what it seems to have been blurred with. */
export interface BlindlyFound {
  readonly picture: Float64Array;
  /** `[n n]`, of sum 1. */
  readonly kernel: Float64Array;
}

/**
 * Deconvolution of planes `[… h w]` of light whose blur is only guessed: Richardson and Lucy's
 * correction of the picture and of the blur in turn; all planes share one blur. What is negative
 * counts as none.
 *
 * Fish, Brinicombe, Pike & Walker 1995, "Blind deconvolution by means of the Richardson–Lucy
 * algorithm", equations 5 and 6, with one correction of each in turn.
 *
 * @throws {ShapeError} when there are other than so many numbers.
 * @throws {ConfigurationError} when the guess is no odd square of numbers, or iterations no whole number.
 *
 * @example
 * const guess = [0, 0, 0, 0.3, 0.4, 0.3, 0, 0, 0];
 * const light = Float64Array.of(0, 0.25, 0.5, 0.25, 0);
 * const { picture } = blindDeconvolution(light, { shape: [1, 5], guess, iterations: 9 });
 * picture[2]! > 0.6; // → true
 */
export function blindDeconvolution(
  picture: Float64Array,
  { shape, guess, iterations }: BlindOptions,
): BlindlyFound {
  if (shape.length < 2 || sizeOf(shape) !== picture.length) {
    const why = `${picture.length} numbers are no planes ${formatShape(shape)}`;
    throw new ShapeError({ op: "blindDeconvolution", why });
  }
  const side = Math.sqrt(guess.length);
  const total = guess.reduce((a, b) => a + b, 0);
  if (!(side % 2 === 1 && total > 0 && guess.every((value) => value >= 0))) {
    const why = `expected an odd square of numbers ≥ 0, received ${guess.length} of sum ${total}`;
    throw new ConfigurationError({ op: "blindDeconvolution.guess", why });
  }
  if (!(Number.isSafeInteger(iterations) && iterations >= 0)) {
    const why = `expected a whole number of at least 0, received ${iterations}`;
    throw new ConfigurationError({ op: "blindDeconvolution.iterations", why });
  }
  const [h, w] = [shape.at(-2)!, shape.at(-1)!]; // there are two
  const place = placesOf(h, w, side);
  const light = picture.map((value) => Math.max(0, value));
  let kernel: Float64Array = Float64Array.from(guess, (value) => value / total);
  let found: Float64Array = light;
  for (let i = 0; i < iterations; i++) {
    const ratio = ratioOf(light, blurred(found, kernel, place));
    const correction = blurred(ratio, kernel.slice().reverse(), place);
    found = found.map((value, k) => value * correction[k]!);
    kernel = correctedKernel(kernel, { found, place, light });
  }
  return { picture: found, kernel };
}

/** For each place of the kernel, where each pixel of a plane looks; the edge goes on outside. */
type PlaceTable = readonly Int32Array[];

function placesOf(h: number, w: number, side: number): PlaceTable {
  const reach = (side - 1) / 2;
  const within = (i: number, n: number): number => Math.min(n - 1, Math.max(0, i));
  return Array.from({ length: side * side }, (_, k) => {
    const [down, across] = [Math.floor(k / side) - reach, (k % side) - reach];
    return Int32Array.from({ length: h * w }, (_, i) => {
      return within(Math.floor(i / w) + down, h) * w + within((i % w) + across, w);
    });
  });
}

function blurred(planes: Float64Array, kernel: Float64Array, place: PlaceTable): Float64Array {
  const out = new Float64Array(planes.length);
  const area = place[0]!.length;
  for (let at = 0; at < planes.length; at += area) {
    place.forEach((looks, k) => {
      const weight = kernel[k]!;
      if (weight === 0) return;
      for (let i = 0; i < area; i++) out[at + i]! += weight * planes[at + looks[i]!]!;
    });
  }
  return out;
}

const ratioOf = (light: Float64Array, expected: Float64Array): Float64Array =>
  light.map((value, i) => value / Math.max(expected[i]!, 1e-12));

function correctedKernel(
  kernel: Float64Array,
  {
    found,
    place,
    light,
  }: { readonly found: Float64Array; readonly place: PlaceTable; readonly light: Float64Array },
): Float64Array {
  const ratio = ratioOf(light, blurred(found, kernel, place));
  const area = place[0]!.length;
  const next = kernel.map((weight, k) => {
    let sum = 0;
    for (let at = 0; at < found.length; at += area) {
      for (let i = 0; i < area; i++) sum += found[at + place[k]![i]!]! * ratio[at + i]!;
    }
    return weight * sum;
  });
  const total = next.reduce((a, b) => a + b, 0);
  return total > 0 ? next.map((value) => value / total) : kernel;
}
