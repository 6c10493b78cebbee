import { ShapeError } from "../shape/error.js";
import { matmul, reshape, transpose } from "../tensor/operations.js";
import { resize } from "../tensor/pictures.js";
import { constant, type Tensor } from "../tensor/tensor.js";

/** How much a pixel at a distance counts, and how far that reaches, in pixels. */
interface Kernel {
  readonly reach: number;
  weight(distance: number): number;
}

/** A little more, so that a half stays one although it was rounded on the way. */
const half = 0.5 + 1e-9;

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

const kernels = {
  // Windows have their upper ends and not their lower ones, so that no pixel stands in two.
  box: { reach: 0.5, weight: (d) => (d > half - 1 && d <= half ? 1 : 0) },
  bilinear: { reach: 1, weight: (d) => Math.max(0, 1 - Math.abs(d)) },
  // Keys 1981 with a = −½.
  bicubic: {
    reach: 2,
    weight: (d) => {
      const x = Math.abs(d);
      if (x <= 1) return (1.5 * x - 2.5) * x * x + 1;
      return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
    },
  },
  lanczos3: { reach: 3, weight: (d) => (Math.abs(d) < 3 ? sinc(d) * sinc(d / 3) : 0) },
} as const satisfies Readonly<Record<string, Kernel>>;

/** What a new pixel can be made with: the names of the kernels of `resized`. */
export const resizeKernels = ["nearest", "box", "bilinear", "bicubic", "lanczos3"] as const;
/** The name of a way to bring pictures to another size. */
export type ResizeKernel = (typeof resizeKernels)[number];

/** A new size, and how pixels are made. */
export interface ResizedOptions {
  /** Pixels from top to bottom, afterwards. */
  readonly height: number;
  /** Pixels from left to right, afterwards. */
  readonly width: number;
  /** What a new pixel is made with. */
  readonly kernel: ResizeKernel;
  /** Where pictures shrink, the kernel is as many times wider: true. */
  readonly antialias?: boolean;
  /**
   * What stands outside of a picture: its own `mirror` image, as for MATLAB's `imresize` (the
   * default), or nothing, with what is left made to count 1 again (`renormalize`), as for Pillow.
   */
  readonly border?: "mirror" | "renormalize";
}

/**
 * Pictures of another size, as MATLAB's `imresize` and Pillow's `Image.resize` make them:
 * `[b c h w] → [b c height width]`. Both widen the kernel where pictures shrink and differ only at
 * the borders. Bicubic is Keys' with a = −½, as in both; `resize` has PyTorch's, with a = −¾.
 *
 * Keys 1981, "Cubic convolution interpolation for digital image processing".
 *
 * @throws {ShapeError} when `x` has other than four axes, or the size is none.
 *
 * @example
 * const x = constant([0, 4, 8, 12], { shape: [1, 1, 1, 4] });
 * resized(x, { height: 1, width: 2, kernel: "box" }); // → [[[[2,10]]]]
 * resized(x, { height: 1, width: 2, kernel: "bilinear" }); // → [[[[2.5,9.5]]]]
 */
export function resized(x: Tensor, options: ResizedOptions): Tensor {
  const { height, width, kernel, antialias = true, border = "mirror" } = options;
  const operands = [{ label: "input", value: x.shape, axes: "b c h w" }];
  if (x.rank !== 4) {
    throw new ShapeError({ op: "resized", why: `needs 4 axes, has ${x.rank}`, operands });
  }
  if (![height, width].every((n) => Number.isSafeInteger(n) && n >= 1)) {
    const why = `no picture has a size of [${height} ${width}]`;
    throw new ShapeError({ op: "resized", why, operands });
  }
  if (kernel === "nearest") return resize(x, [height, width], { filter: "nearest" });
  const [b, c, h, w] = x.shape as readonly [number, number, number, number]; // counted above
  const matrix = (from: number, to: number): Tensor =>
    constant(Array.from(resizeMatrix({ from, to }, { kernel, antialias, border })), {
      shape: [to, from],
    });
  const across = (y: Tensor): Tensor => {
    if (width === w) return y;
    const [, , rows] = y.shape as readonly [number, number, number, number]; // as x has
    const flat = reshape(y, [b * c * rows, w]);
    return reshape(matmul(flat, transpose(matrix(w, width))), [b, c, rows, width]);
  };
  const down = (y: Tensor): Tensor => (height === h ? y : matmul(matrix(h, height), y));
  // The axis that shrinks most comes first, and leaves least to do.
  return height / h <= width / w ? across(down(x)) : down(across(x));
}

/** `[to from]`, in rows: what each new place takes from the old ones. */
function resizeMatrix(
  { from, to }: { readonly from: number; readonly to: number },
  {
    kernel,
    antialias,
    border,
  }: Required<Omit<ResizedOptions, "height" | "width" | "kernel">> & {
    readonly kernel: keyof typeof kernels;
  },
): Float64Array<ArrayBuffer> {
  const { reach, weight } = kernels[kernel];
  const spread = antialias ? Math.max(1, from / to) : 1;
  const matrix = new Float64Array(to * from);
  for (let i = 0; i < to; i++) {
    const row = matrix.subarray(i * from, (i + 1) * from);
    const centre = ((i + 0.5) * from) / to - 0.5;
    const [first, last] = [centre - reach * spread, centre + reach * spread];
    let total = 0;
    for (let j = Math.ceil(first); j <= last + 1e-6; j++) {
      const outside = j < 0 || j >= from;
      if (outside && border === "renormalize") continue;
      const share = weight((j - centre) / spread);
      row[mirrored(j, from)]! += share;
      total += share;
    }
    for (let j = 0; j < from; j++) row[j]! /= total;
  }
  return matrix;
}

/** … 1 0 | 0 1 … n−1 | n−1 n−2 … */
function mirrored(place: number, n: number): number {
  const inside = ((place % (2 * n)) + 2 * n) % (2 * n);
  return inside < n ? inside : 2 * n - 1 - inside;
}
