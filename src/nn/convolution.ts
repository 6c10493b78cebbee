import { ShapeError } from "../shape/error.js";
import type { Shape } from "../shape/shape.js";
import { convolution, transposedConvolution } from "../tensor/convolution.js";
import { reshape } from "../tensor/operations.js";
import { input, type Tensor } from "../tensor/tensor.js";
import { type Initializer, scaledUniform } from "./initializers.js";
import { type Layer, type Scope, simple } from "./layer.js";
import { biasOf } from "./linear.js";

/** Options of a convolution; each number holds for every spatial axis. */
export interface ConvOptions {
  /** Places a side that a filter sees. */
  readonly kernel?: number;
  /** Places from one window to the next; in a transposed convolution, how much sizes grow. */
  readonly stride?: number;
  /** Half the kernel when left out: with stride 1 and an odd kernel the size stays. */
  readonly padding?: number;
  /** Parts of the channels that do not see each other. */
  readonly groups?: number;
  /** Whether something is added to each channel. */
  readonly bias?: boolean;
  /** U(−1/√fanIn, 1/√fanIn) when left out, as in PyTorch. */
  readonly initial?: Initializer;
}

/** Options of a transposed convolution. */
export interface DeconvOptions extends ConvOptions {
  /** Extra places at the end of each axis, fewer than the stride. */
  readonly outputPadding?: number;
}

/** Spatial axes, and how names and errors tell of them. */
type Rank = 1 | 2 | 3;
const suffixes = { 1: "1d", 2: "", 3: "3d" } as const;
const counted = { 1: "two", 2: "three", 3: "four" } as const;
const axisNames = { 1: "c l", 2: "c h w", 3: "c d h w" } as const;

/** One convolution of its family: its name, and how it fails. */
function member(kind: "conv" | "deconv", rank: Rank) {
  const op = `${kind}${suffixes[rank]}`;
  const fail = (why: string, shape: Shape): never => {
    const operands = [{ label: "input", value: shape, axes: axisNames[rank] }];
    throw new ShapeError({ op, why, operands });
  };
  /** What both directions ask of their input and of `out`, the channels that come from it. */
  const check = (shape: Shape, { out, groups }: { out: number; groups: number }): void => {
    if (shape.length !== rank + 1)
      fail(`needs ${counted[rank]} axes besides the batch, has ${shape.length}`, shape);
    const [channels] = shape;
    if (channels! % groups !== 0)
      fail(`${groups} groups do not divide ${channels} channels`, shape);
    if (out % groups !== 0) fail(`${groups} groups do not divide ${out} channels of output`, shape);
  };
  const spread = (kernel: number): readonly number[] => new Array<number>(rank).fill(kernel);
  return { op, fail, check, spread };
}

const withBias = (y: Tensor, bias: boolean, scope: Scope): Tensor => {
  if (!bias) return y;
  const spread = y.shape.map((d, i) => (i === 1 ? d : 1));
  return y.plus(reshape(scope.parameter("bias"), spread));
};

function convolving(rank: Rank, out: number, options: ConvOptions): Layer {
  const { kernel = 3, stride = 1, groups = 1, bias = true, initial } = options;
  const padding = options.padding ?? Math.floor((kernel - 1) / 2);
  const { op, fail, check, spread } = member("conv", rank);
  const window = spread(kernel).join("×");
  const name = `${op} ${out} ${window}${stride === 1 ? "" : ` /${stride}`}`;
  return {
    name,
    build(shape) {
      check(shape, { out, groups });
      const channels = shape[0]!;
      const padded = shape.slice(1).map((size) => size + 2 * padding);
      if (padded.some((size) => size < kernel)) {
        fail(`kernel ${window} is larger than the padded input, ${padded.join("×")}`, shape);
      }
      const weight = [out, channels / groups, ...spread(kernel)];
      const fanIn = (channels / groups) * kernel ** rank;
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

function deconvolving(rank: Rank, out: number, options: DeconvOptions): Layer {
  const { kernel = 4, stride = 2, groups = 1, bias = true, initial } = options;
  const exact = Math.max(0, Math.ceil((kernel - stride) / 2));
  // An even kernel without a stride cannot keep the size; it undoes `conv`.
  const padding = options.padding ?? (stride === 1 ? Math.floor((kernel - 1) / 2) : exact);
  const missing = Math.max(0, stride - kernel + 2 * padding);
  const outputPadding = options.outputPadding ?? Math.min(stride - 1, missing);
  const { op, fail, check, spread } = member("deconv", rank);
  const name = `${op} ${out} ${spread(kernel).join("×")} ×${stride}`;
  return {
    name,
    build(shape) {
      check(shape, { out, groups });
      const channels = shape[0]!;
      const trimmed = kernel - 2 * padding + outputPadding;
      const size = shape.slice(1).map((s) => (s - 1) * stride + trimmed);
      if (outputPadding >= stride) {
        fail(`output padding ${outputPadding} is not below the stride, ${stride}`, shape);
      }
      if (size.some((s) => s < 1)) fail(`padding ${padding} leaves no output`, shape);
      const weight = [channels, out / groups, ...spread(kernel)];
      // PyTorch counts the fan-in of a transposed convolution over its second axis.
      const fanIn = (out / groups) * kernel ** rank;
      const settings = { stride, padding, groups, outputPadding };
      const y = transposedConvolution(input("x", [1, ...shape]), input("w", weight), settings);
      return simple({
        name,
        output: y.shape.slice(1),
        parameters: {
          weight: { shape: weight, initial: initial ?? scaledUniform(fanIn), out: 1 },
          ...(bias ? { bias: { shape: [out], initial: biasOf(initial, fanIn) } } : {}),
        },
        apply: (x, scope) =>
          withBias(transposedConvolution(x, scope.parameter("weight"), settings), bias, scope),
      });
    },
  };
}

/**
 * Convolution of pictures: `[b c h w] → [b out h/stride w/stride]`; weight `[out c/groups k k]`.
 *
 * @throws {ShapeError} when the input is no picture, the kernel does not fit, or groups do not divide.
 * @example
 * conv(16, { kernel: 4, stride: 2 }).build([3, 32, 32]).output; // → [16,16,16]
 */
export const conv = (out: number, options: ConvOptions = {}): Layer => convolving(2, out, options);

/**
 * Convolution of rows such as sound: `[b c l] → [b out l/stride]`; weight `[out c/groups k]`.
 *
 * @throws {ShapeError} when the input is no row, the kernel does not fit, or groups do not divide.
 * @example
 * conv1d(16, { kernel: 4, stride: 2 }).build([2, 100]).output; // → [16,50]
 */
export const conv1d = (out: number, options: ConvOptions = {}): Layer =>
  convolving(1, out, options);

/**
 * Convolution of volumes: `[b c d h w] → [b out d/stride h/stride w/stride]`; weight
 * `[out c/groups k k k]`.
 *
 * @throws {ShapeError} when the input is no volume, the kernel does not fit, or groups do not divide.
 * @example
 * conv3d(16, { kernel: 4, stride: 2 }).build([1, 8, 8, 8]).output; // → [16,4,4,4]
 */
export const conv3d = (out: number, options: ConvOptions = {}): Layer =>
  convolving(3, out, options);

/**
 * Transposed ("fractionally strided") convolution: `[b c h w] → [b out h·stride w·stride]`; weight
 * `[c out/groups k k]`. Padding and output padding, when left out, let sizes grow by the stride.
 *
 * @throws {ShapeError} when the input is no picture, nothing is left, or groups do not divide.
 * @example
 * deconv(16).build([32, 8, 8]).output; // → [16,16,16]
 */
export const deconv = (out: number, options: DeconvOptions = {}): Layer =>
  deconvolving(2, out, options);

/**
 * Transposed convolution of rows such as sound: `[b c l] → [b out l·stride]`; weight
 * `[c out/groups k]`. Padding is chosen as by `deconv`.
 *
 * @throws {ShapeError} when the input is no row, nothing is left, or groups do not divide.
 * @example
 * deconv1d(1, { kernel: 25, stride: 4 }).build([64, 16]).output; // → [1,64]
 */
export const deconv1d = (out: number, options: DeconvOptions = {}): Layer =>
  deconvolving(1, out, options);

/**
 * Transposed convolution of volumes: `[b c d h w] → [b out d·stride h·stride w·stride]`; weight
 * `[c out/groups k k k]`. Padding is chosen as by `deconv`.
 *
 * @throws {ShapeError} when the input is no volume, nothing is left, or groups do not divide.
 * @example
 * deconv3d(64).build([128, 4, 4, 4]).output; // → [64,8,8,8]
 */
export const deconv3d = (out: number, options: DeconvOptions = {}): Layer =>
  deconvolving(3, out, options);
