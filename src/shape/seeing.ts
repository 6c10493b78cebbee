/** Arc seconds on the side of a pixel of the Sloan Digital Sky Survey. */
const arcsecondsPerPixel = 0.396;

/**
 * What the air makes of a point of light along one axis: a Gaussian, `fwhm` arc seconds wide at half
 * of its height, over pixels of 0.396 arc seconds; 2⌈2σ⌉ + 1 numbers whose sum is 1. Its product with
 * itself is the point spread function in two dimensions.
 *
 * Schawinski et al. 2017: σ = (fwhm / 0.396) / 2.355, as in the program `roou.m` beside the paper.
 *
 * @example
 * seeingKernel(0.5); // → [0.0007,0.1298,0.739,0.1298,0.0007]
 */
export function seeingKernel(fwhm: number): number[] {
  const sigma = fwhm / arcsecondsPerPixel / 2.355;
  const reach = Math.ceil(2 * sigma);
  const bell = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    sigma === 0 ? 1 : Math.exp(-((i - reach) ** 2) / (2 * sigma ** 2)),
  );
  const sum = bell.reduce((a, b) => a + b);
  return bell.map((value) => value / sum);
}

/** Planes `[… h w]` convolved with a kernel along rows and columns; the outermost pixels go on outside. */
export function blurPlanes(
  values: Float64Array,
  {
    kernel,
    size: [h, w],
  }: { readonly kernel: readonly number[]; readonly size: readonly [number, number] },
): Float64Array {
  const reach = (kernel.length - 1) / 2;
  const along = (from: Float64Array, step: number, length: number, other: number): Float64Array => {
    const out = new Float64Array(from.length);
    for (let plane = 0; plane < from.length; plane += h * w) {
      for (let line = 0; line < other; line++) {
        const start = plane + line * (step === 1 ? w : 1);
        for (let i = 0; i < length; i++) {
          let sum = 0;
          for (let k = 0; k < kernel.length; k++) {
            const j = Math.min(length - 1, Math.max(0, i + k - reach));
            sum += kernel[k]! * from[start + j * step]!;
          }
          out[start + i * step] = sum;
        }
      }
    }
    return out;
  };
  return along(along(values, 1, w, h), w, h, w);
}
