import { Random } from "../shape/random.js";
import { type Shape, sizeOf } from "../shape/shape.js";

/** How a tensor's first numbers are drawn: plain data, so that it can be stored and sent. */
export type Initializer =
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "normal"; readonly mean: number; readonly deviation: number }
  | { readonly kind: "uniform"; readonly low: number; readonly high: number }
  | { readonly kind: "tent"; readonly deviation: number };

/** Every number the same. */
export const filled = (value: number): Initializer => ({ kind: "constant", value });

/** Independent normal numbers. */
export const normalWith = (deviation: number, mean = 0): Initializer => ({
  kind: "normal",
  mean,
  deviation,
});

/** Independent numbers between two bounds. */
export const between = (low: number, high: number): Initializer => ({ kind: "uniform", low, high });

/**
 * For a transposed convolution of pictures, `[in out k k]`: bilinear interpolation between the
 * pixels, mixed over the channels by independent normal numbers. It begins smooth and is free to
 * learn otherwise.
 */
export const interpolating = (channels: number, gain = Math.SQRT2): Initializer => ({
  kind: "tent",
  deviation: gain / Math.sqrt(channels),
});

/**
 * Keeps the variance of activations: He, Zhang, Ren & Sun 2015, "Delving deep into rectifiers",
 * equation 10; `gain` is √2 for ReLU.
 */
export const kaiming = (fanIn: number, gain = Math.SQRT2): Initializer =>
  normalWith(gain / Math.sqrt(fanIn));

/** What PyTorch gives linear and convolution weights: U(−1/√fanIn, 1/√fanIn). */
export const scaledUniform = (fanIn: number): Initializer =>
  between(-1 / Math.sqrt(fanIn), 1 / Math.sqrt(fanIn));

/** The first numbers of one named tensor; the same seed and name always give the same. */
export function initialValues(
  initializer: Initializer,
  { shape, name, seed }: { readonly shape: Shape; readonly name: string; readonly seed: number },
): Float32Array {
  const values = new Float32Array(sizeOf(shape));
  if (initializer.kind === "constant") return values.fill(initializer.value);
  const random = new Random({ seed, purpose: `initial ${name}` });
  if (initializer.kind === "tent") {
    const tent = tentOf(shape.slice(2));
    for (let i = 0; i < values.length; i += tent.length) {
      const mix = initializer.deviation * random.normal();
      values.set(
        tent.map((v) => v * mix),
        i,
      );
    }
    return values;
  }
  for (let i = 0; i < values.length; i++) {
    values[i] =
      initializer.kind === "normal"
        ? initializer.mean + initializer.deviation * random.normal()
        : initializer.low + (initializer.high - initializer.low) * random.uniform();
  }
  return values;
}

/** The bilinear kernel of `k` places for twice the size: 1, 3, 3, 1 quarters for k = 4. */
function tentOf(kernel: Shape): readonly number[] {
  const [rows, columns] = kernel.map((k) =>
    Array.from({ length: k }, (_, i) => 1 - Math.abs(i - (k - 1) / 2) / (k / 2)),
  );
  return rows!.flatMap((r) => columns!.map((c) => r * c));
}
