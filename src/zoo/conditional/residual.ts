import { conditionalBatchNorm } from "../../nn/conditional-batch-norm.js";
import { conv as convolution } from "../../nn/convolution.js";
import { xavierUniform } from "../../nn/initializers.js";
import { chain, fromFunction, type Layer, residual } from "../../nn/layer.js";
import { averagePooling } from "../../nn/pools.js";
import { spectralNorm } from "../../nn/spectral-norm.js";
import type { Shape } from "../../shape/shape.js";
import { relu } from "../../tensor/operations.js";
import { resize } from "../../tensor/pictures.js";

interface Filter {
  /** Places a side that a filter sees. */
  readonly kernel?: number;
  /** √2 in front of ReLUs, as in the authors' code. */
  readonly gain?: number;
}

/** A layer that is made for its input: first values depend on how many channels there are. */
const madeFor = (name: string, make: (input: Shape) => Layer): Layer => ({
  name,
  build: (shape, condition) => make(shape).build(shape, condition),
});

const conv2d = (channels: number, out: number, { kernel = 3, gain = 1 }: Filter): Layer => {
  const area = kernel * kernel;
  const initial = xavierUniform(channels * area, out * area, { gain });
  return convolution(out, { kernel, initial });
};

/** A convolution that keeps the size, its first values after Glorot & Bengio. */
export const conv = (out: number, filter: Filter = {}): Layer =>
  madeFor(`conv ${out}`, ([channels = 1]) => conv2d(channels, out, filter));

const normed = (out: number, filter: Filter): Layer =>
  madeFor(`conv ${out}`, ([channels = 1]) => spectralNorm(conv2d(channels, out, filter)));

/** Each place twice along both axes: `[b c h w] → [b c 2h 2w]`. */
const twice = fromFunction(
  (x) => resize(x, [2 * x.shape[2]!, 2 * x.shape[3]!], { filter: "nearest" }),
  "twice the size",
);

const before = { gain: Math.SQRT2 };
const through = { kernel: 1 };

/**
 * A block of G: `[b c h w] → [b out 2h 2w]`; Miyato & Koyama 2018, figure 14. The 1×1 convolution
 * comes before the size is doubled: the same numbers from a quarter of the work.
 */
export const higher = (out: number, classes: number): Layer =>
  residual(
    chain(
      ...[conditionalBatchNorm({ classes }), relu, twice, conv(out, before)],
      ...[conditionalBatchNorm({ classes }), relu, conv(out, before)],
    ),
    { skip: chain(conv(out, through), twice) },
  );

/** The first block of D, which sees a picture: `[b c h w] → [b out h/2 w/2]`. */
export const first = (out: number): Layer =>
  residual(chain(normed(out, before), relu, normed(out, before), averagePooling(2)), {
    skip: chain(averagePooling(2), normed(out, through)),
  });

/** A block of D: `[b c h w] → [b out h/2 w/2]`, or as large as it was; figure 15. */
export const deeper = (out: number, { halves = true }: { readonly halves?: boolean } = {}): Layer =>
  madeFor(`block ${out}`, ([channels = 1]) => {
    const branch = [relu, normed(channels, before), relu, normed(out, before)];
    if (halves) {
      const skip = chain(averagePooling(2), normed(out, through));
      return residual(chain(...branch, averagePooling(2)), { skip });
    }
    const changed = channels === out ? {} : { skip: normed(out, through) };
    return residual(chain(...branch), changed);
  });
