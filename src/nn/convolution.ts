import { ShapeError } from "../shape/error.js";
import type { Shape } from "../shape/shape.js";
import { convolution, transposedConvolution } from "../tensor/convolution.js";
import { reshape } from "../tensor/operations.js";
import { input, type Tensor } from "../tensor/tensor.js";
import { type Initializer, scaledUniform } from "./initializers.js";
import { type Layer, type Scope, simple } from "./layer.js";
import { biasOf } from "./linear.js";

export interface ConvOptions {
  readonly kernel?: number;
  readonly stride?: number;
  /** Half the kernel when left out: with stride 1 and an odd kernel the size stays. */
  readonly padding?: number;
  readonly groups?: number;
  readonly bias?: boolean;
  readonly initial?: Initializer;
}

function fail(op: string, why: string, shape: Shape): never {
  throw new ShapeError({ op, why, operands: [{ label: "input", value: shape, axes: "c h w" }] });
}

/** What both directions ask of their input and of `out`, the channels that come from it. */
function check(op: string, shape: Shape, { out, groups }: { out: number; groups: number }): void {
  if (shape.length !== 3)
    fail(op, `needs three axes besides the batch, has ${shape.length}`, shape);
  const [channels] = shape;
  if (channels! % groups !== 0)
    fail(op, `${groups} groups do not divide ${channels} channels`, shape);
  if (out % groups !== 0)
    fail(op, `${groups} groups do not divide ${out} channels of output`, shape);
}

const withBias = (y: Tensor, bias: boolean, scope: Scope): Tensor =>
  bias ? y.plus(reshape(scope.parameter("bias"), [1, y.shape[1]!, 1, 1])) : y;

/** Convolution of pictures: `[b c h w] → [b out h/stride w/stride]`; weight `[out c/groups k k]`. */
export function conv(out: number, options: ConvOptions = {}): Layer {
  const { kernel = 3, stride = 1, groups = 1, bias = true, initial } = options;
  const padding = options.padding ?? Math.floor((kernel - 1) / 2);
  const name = `conv ${out} ${kernel}×${kernel}${stride === 1 ? "" : ` /${stride}`}`;
  return {
    name,
    build(shape) {
      check("conv", shape, { out, groups });
      const channels = shape[0]!;
      const padded = shape.slice(1).map((size) => size + 2 * padding);
      if (padded.some((size) => size < kernel)) {
        const why = `kernel ${kernel}×${kernel} is larger than the padded input, ${padded.join("×")}`;
        fail("conv", why, shape);
      }
      const weight = [out, channels / groups, kernel, kernel];
      const fanIn = (channels / groups) * kernel * kernel;
      const settings = { stride, padding, groups };
      const y = convolution(input("x", [1, ...shape]), input("w", weight), settings);
      return simple({
        name,
        output: y.shape.slice(1),
        parameters: {
          weight: { shape: weight, initial: initial ?? scaledUniform(fanIn) },
          ...(bias ? { bias: { shape: [out], initial: biasOf(initial, fanIn) } } : {}),
        },
        apply: (x, scope) =>
          withBias(convolution(x, scope.parameter("weight"), settings), bias, scope),
      });
    },
  };
}

export interface DeconvOptions extends ConvOptions {
  readonly outputPadding?: number;
}

/**
 * Transposed ("fractionally strided") convolution: `[b c h w] → [b out h·stride w·stride]`; weight
 * `[c out/groups k k]`. Padding and output padding, when left out, let sizes grow by the stride.
 */
export function deconv(out: number, options: DeconvOptions = {}): Layer {
  const { kernel = 4, stride = 2, groups = 1, bias = true, initial } = options;
  const exact = Math.max(0, Math.ceil((kernel - stride) / 2));
  // An even kernel without a stride cannot keep the size; it undoes `conv`.
  const padding = options.padding ?? (stride === 1 ? Math.floor((kernel - 1) / 2) : exact);
  const missing = Math.max(0, stride - kernel + 2 * padding);
  const outputPadding = options.outputPadding ?? Math.min(stride - 1, missing);
  const name = `deconv ${out} ${kernel}×${kernel} ×${stride}`;
  return {
    name,
    build(shape) {
      check("deconv", shape, { out, groups });
      const channels = shape[0]!;
      const trimmed = kernel - 2 * padding + outputPadding;
      const size = shape.slice(1).map((s) => (s - 1) * stride + trimmed);
      if (outputPadding >= stride) {
        fail("deconv", `output padding ${outputPadding} is not below the stride, ${stride}`, shape);
      }
      if (size.some((s) => s < 1)) fail("deconv", `padding ${padding} leaves no output`, shape);
      const weight = [channels, out / groups, kernel, kernel];
      // PyTorch counts the fan-in of a transposed convolution over its second axis.
      const fanIn = (out / groups) * kernel * kernel;
      const settings = { stride, padding, groups, outputPadding };
      const y = transposedConvolution(input("x", [1, ...shape]), input("w", weight), settings);
      return simple({
        name,
        output: y.shape.slice(1),
        parameters: {
          weight: { shape: weight, initial: initial ?? scaledUniform(fanIn) },
          ...(bias ? { bias: { shape: [out], initial: biasOf(initial, fanIn) } } : {}),
        },
        apply: (x, scope) =>
          withBias(transposedConvolution(x, scope.parameter("weight"), settings), bias, scope),
      });
    },
  };
}
