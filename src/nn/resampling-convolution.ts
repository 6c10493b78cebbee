import { ShapeError } from "../shape/error.js";
import type { Shape } from "../shape/shape.js";
import { convolution, transposedConvolution } from "../tensor/convolution.js";
import { pad, reshape, reverse, slice, transpose } from "../tensor/operations.js";
import type { Tensor } from "../tensor/tensor.js";
import { filled, type Initializer, scaledUniform } from "./initializers.js";
import { type Kept, type Layer, type Scope, simple } from "./layer.js";

/** Options of a convolution that changes sizes. */
export interface ResamplingConvOptions {
  /** Whether something is added to each channel. */
  readonly bias?: boolean;
  /** U(−1/√fanIn, 1/√fanIn) when left out, as in PyTorch. */
  readonly initial?: Initializer;
}

/** A 3×3 kernel spread over 2×2 places, `[out in 3 3] → [out in 4 4]`: what it is at double size. */
function spread(weight: Tensor): Tensor {
  const wide = pad(weight, { before: [0, 0, 1, 1], after: [0, 0, 1, 1] });
  const part = (row: number, column: number): Tensor =>
    slice(wide, [
      undefined,
      undefined,
      { start: row, end: row + 4 },
      { start: column, end: column + 4 },
    ]);
  return part(1, 1).plus(part(0, 1)).plus(part(1, 0)).plus(part(0, 0));
}

function parametersOf(
  [channels]: Shape,
  out: number,
  { bias = true, initial }: ResamplingConvOptions,
): Readonly<Record<string, Kept>> {
  const weight = {
    shape: [out, channels!, 3, 3],
    initial: initial ?? scaledUniform(channels! * 9),
  };
  return bias ? { weight, bias: { shape: [out], initial: filled(0) } } : { weight };
}

const withBias = (y: Tensor, scope: Scope, { bias = true }: ResamplingConvOptions): Tensor =>
  bias ? y.plus(reshape(scope.parameter("bias"), [1, y.shape[1]!, 1, 1])) : y;

function check(op: string, shape: Shape, isEven: boolean): void {
  const why =
    shape.length !== 3
      ? `needs three axes besides the batch, has ${shape.length}`
      : isEven && shape.slice(1).some((side) => side % 2 !== 0)
        ? "needs sides that can be halved"
        : undefined;
  if (why === undefined) return;
  throw new ShapeError({ op, why, operands: [{ label: "input", value: shape, axes: "c h w" }] });
}

/**
 * Each pixel four times, then a 3×3 convolution, in one: `[b c h w] → [b out 2h 2w]`; weight
 * `[out c 3 3]`. It is computed as a transposed 4×4 convolution, with less than half of the work.
 *
 * As in StyleGAN's code, `upscale2d_conv2d` with `fused_scale`.
 *
 * @throws {ShapeError} when the input is no picture.
 * @example
 * doublingConv(8).build([16, 4, 4]).output; // → [8,8,8]
 */
export function doublingConv(out: number, options: ResamplingConvOptions = {}): Layer {
  const name = `conv ${out} 3×3 ×2`;
  return {
    name,
    build(shape) {
      check("doublingConv", shape, false);
      return simple({
        name,
        output: [out, 2 * shape[1]!, 2 * shape[2]!],
        parameters: parametersOf(shape, out, options),
        apply(x, scope) {
          // A transposed convolution turns its kernel round, and has its inputs first.
          const weight = reverse(spread(scope.parameter("weight")), [2, 3]);
          const settings = { stride: 2, padding: 1, groups: 1, outputPadding: 0 };
          const y = transposedConvolution(x, transpose(weight, [1, 0, 2, 3]), settings);
          return withBias(y, scope, options);
        },
      });
    },
  };
}

/**
 * A 3×3 convolution, then the mean of each 2×2 pixels, in one: `[b c h w] → [b out h/2 w/2]`; weight
 * `[out c 3 3]`. It is computed as a 4×4 convolution with stride 2, with less than half of the work.
 *
 * As in StyleGAN's code, `conv2d_downscale2d` with `fused_scale`.
 *
 * @throws {ShapeError} when the input is no picture, or its sides are odd.
 * @example
 * halvingConv(8).build([16, 4, 4]).output; // → [8,2,2]
 */
export function halvingConv(out: number, options: ResamplingConvOptions = {}): Layer {
  const name = `conv ${out} 3×3 /2`;
  return {
    name,
    build(shape) {
      check("halvingConv", shape, true);
      return simple({
        name,
        output: [out, shape[1]! / 2, shape[2]! / 2],
        parameters: parametersOf(shape, out, options),
        apply(x, scope) {
          const weight = spread(scope.parameter("weight")).times(1 / 4);
          const y = convolution(x, weight, { stride: 2, padding: 1, groups: 1 });
          return withBias(y, scope, options);
        },
      });
    },
  };
}
