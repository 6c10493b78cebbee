import { ShapeError } from "../shape/error.js";
import { formatShape, type Shape, sizeOf } from "../shape/shape.js";

/** How strong pictures are at each frequency. */
export interface Spectrum {
  /** Cycles for each pixel, from the lowest to 1/2: the middle of each ring. */
  readonly frequencies: Float64Array;
  /** Mean power of a place in each ring. */
  readonly power: Float64Array;
  /** How many places of the Fourier transform lie in each ring. */
  readonly places: Float64Array;
}

/** Pictures one after another. */
export interface SpectrumOptions {
  /** One picture: `[c h w]`. */
  readonly shape: Shape;
}

/**
 * The power of pictures at each frequency, whatever its direction: the squared Fourier transform of
 * the mean of their colours under a Hann window, without their mean brightness, averaged over rings
 * and over pictures, `[n c h w] → [r]`. It knows neither places nor directions, and stands in no loss
 * here, so that it says whether made pictures are as sharp and as rough as real ones.
 *
 * @throws {ShapeError} when the numbers are not whole pictures, or they are less than 4 pixels a side.
 *
 * @example
 * const stripes = Float32Array.from({ length: 16 * 16 }, (_, i) => Math.cos((Math.PI / 2) * i));
 * const { frequencies, power } = powerSpectrum(stripes, { shape: [1, 16, 16] });
 * frequencies[power.indexOf(Math.max(...power))]; // → 0.25
 */
export function powerSpectrum(items: ArrayLike<number>, { shape }: SpectrumOptions): Spectrum {
  const [c = 0, h = 0, w = 0] = shape;
  const each = sizeOf(shape);
  if (shape.length !== 3 || items.length === 0 || items.length % each !== 0) {
    const why = `${items.length} numbers are no pictures ${formatShape(shape)}`;
    throw new ShapeError({ op: "powerSpectrum", why });
  }
  if (Math.min(h, w) < 4) {
    throw new ShapeError({ op: "powerSpectrum", why: `${h}×${w} is less than 4×4` });
  }
  const rings = Math.floor(Math.min(h, w) / 2);
  const [power, places] = [new Float64Array(rings), new Float64Array(rings)];
  const taper = outer(hann(h), hann(w));
  const strength = taper.reduce((sum, v) => sum + v * v, 0);
  const [down, across] = [turns(h), turns(w)];
  for (let from = 0; from < items.length; from += each) {
    const grey = greyOf(items, { from, channels: c, taper });
    const { real, imaginary } = transformed(grey, { down, across });
    for (let y = 0; y < h; y++) {
      for (let x = 0; x < w; x++) {
        const radius = Math.hypot(Math.min(y, h - y) / h, Math.min(x, w - x) / w);
        const ring = Math.round(2 * rings * radius) - 1;
        if (ring < 0 || ring >= rings) continue;
        const i = y * w + x;
        power[ring]! += (real[i]! ** 2 + imaginary[i]! ** 2) / strength;
        places[ring]!++;
      }
    }
  }
  const count = items.length / each;
  return {
    frequencies: Float64Array.from(power, (_, i) => (i + 1) / (2 * rings)),
    power: power.map((sum, i) => sum / Math.max(1, places[i]!)),
    places: places.map((n) => n / count),
  };
}

/**
 * How far two spectra are apart, whatever the frequency: the mean of `|ln(a / b)|` over their rings.
 *
 * @throws {ShapeError} when they are of pictures of different sizes.
 * @example
 * const noise = (n: number) => Float32Array.from({ length: 64 }, (_, i) => n * Math.sin(i * i));
 * const [a, b] = [1, 2].map((n) => powerSpectrum(noise(n), { shape: [1, 8, 8] }));
 * spectrumError(a, b); // → 1.3863
 */
export function spectrumError(a: Spectrum, b: Spectrum): number {
  if (a.power.length !== b.power.length) {
    const why = `needs spectra of one size, received ${a.power.length} and ${b.power.length} rings`;
    throw new ShapeError({ op: "spectrumError", why });
  }
  const apart = Array.from(a.power, (p, i) => Math.abs(Math.log(p / b.power[i]!)));
  return apart.reduce((sum, v) => sum + v, 0) / apart.length;
}

/**
 * The energy of a spectrum above a frequency, in cycles for each pixel. Pictures that become four
 * times larger bring nothing above 1/8: what is there was made up.
 *
 * @example
 * const spectrum = powerSpectrum(new Float32Array(64).fill(1), { shape: [1, 8, 8] });
 * energyAbove(spectrum, 1 / 8); // → 0
 */
export const energyAbove = ({ frequencies, power, places }: Spectrum, frequency: number): number =>
  power.reduce((sum, p, i) => (frequencies[i]! > frequency ? sum + p * places[i]! : sum), 0);

const hann = (n: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => Math.sin((Math.PI * (i + 0.5)) / n) ** 2);

const outer = (a: Float64Array, b: Float64Array): Float64Array =>
  Float64Array.from({ length: a.length * b.length }, (_, i) => {
    return a[Math.floor(i / b.length)]! * b[i % b.length]!;
  });

/** The mean of a picture's colours, without its mean, under a taper. */
function greyOf(
  items: ArrayLike<number>,
  {
    from,
    channels,
    taper,
  }: { readonly from: number; readonly channels: number; readonly taper: Float64Array },
): Float64Array {
  const n = taper.length;
  const grey = new Float64Array(n);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < n; i++) grey[i]! += items[from + c * n + i]! / channels;
  }
  const mean = grey.reduce((sum, v) => sum + v, 0) / n;
  return grey.map((v, i) => (v - mean) * taper[i]!);
}

/** Cosines and sines of all products of a place and a frequency. */
interface Turns {
  readonly n: number;
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}

function turns(n: number): Turns {
  const angle = (_: unknown, i: number): number => (2 * Math.PI * i) / n;
  const angles = Array.from({ length: n }, angle);
  return {
    n,
    cos: Float64Array.from(angles, Math.cos),
    sin: Float64Array.from(angles, Math.sin),
  };
}

interface Transformed {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/** The Fourier transform, an axis at a time. */
function transformed(
  grey: Float64Array,
  { down, across }: { readonly down: Turns; readonly across: Turns },
): Transformed {
  const [h, w] = [down.n, across.n];
  const rows = { real: new Float64Array(h * w), imaginary: new Float64Array(h * w) };
  for (let y = 0; y < h; y++) {
    for (let f = 0; f < w; f++) {
      let [re, im] = [0, 0];
      for (let x = 0; x < w; x++) {
        const v = grey[y * w + x]!;
        re += v * across.cos[(f * x) % w]!;
        im -= v * across.sin[(f * x) % w]!;
      }
      rows.real[y * w + f] = re;
      rows.imaginary[y * w + f] = im;
    }
  }
  const found = { real: new Float64Array(h * w), imaginary: new Float64Array(h * w) };
  for (let f = 0; f < h; f++) {
    for (let y = 0; y < h; y++) {
      const [c, s] = [down.cos[(f * y) % h]!, down.sin[(f * y) % h]!];
      for (let x = 0; x < w; x++) {
        const [re, im] = [rows.real[y * w + x]!, rows.imaginary[y * w + x]!];
        found.real[f * w + x]! += re * c + im * s;
        found.imaginary[f * w + x]! += im * c - re * s;
      }
    }
  }
  return found;
}
