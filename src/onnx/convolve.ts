import { type Shape, sizeOf } from "../shape/shape.js";
import type { ConvolutionOptions } from "../tensor/convolution-shapes.js";
import type { Emitter } from "./lowering.js";
import type { AttributeValue } from "./model.js";

const convolutionAttributes = (
  { strides, padding, dilations, groups }: ConvolutionOptions,
  kernel: Shape,
): Record<string, AttributeValue> => ({
  kernel_shape: kernel,
  strides,
  dilations,
  pads: [...padding.map((p) => p[0]), ...padding.map((p) => p[1])],
  group: groups,
});

const reshaped = (emit: Emitter, x: string, shape: Shape): string =>
  emit.node("Reshape", [x, emit.integers(shape)]);

/** Zeros after the last element of one axis. */
function padded(
  emit: Emitter,
  x: string,
  { rank, axis, count }: { readonly rank: number; readonly axis: number; readonly count: number },
): string {
  const widths = new Array<number>(2 * rank).fill(0);
  widths[rank + axis] = count;
  return emit.node("Pad", [x, emit.integers(widths), emit.constant([0], [], "float32")]);
}

/** `[b groups·made …size] → [b groups·wanted …size]`: the first channels of each group. */
function trimmed(
  emit: Emitter,
  x: string,
  {
    groups,
    made,
    wanted,
    size,
  }: {
    readonly groups: number;
    readonly made: number;
    readonly wanted: number;
    readonly size: Shape;
  },
): string {
  // A leading 0 copies the size, so that a model's batch can stay free.
  const apart = reshaped(emit, x, [0, groups, made, sizeOf(size)]);
  const ends = [emit.integers([0]), emit.integers([wanted]), emit.integers([2])];
  return reshaped(emit, emit.node("Slice", [apart, ...ends]), [0, groups * wanted, ...size]);
}

/** The vector that WebGPU's kernels read channels with. */
const lanes = (channels: number): number => [4, 3, 2].find((n) => channels % n === 0) ?? 1;

/**
 * Convolution, avoiding two kernels of ONNX Runtime 1.30 for WebGPU that compute wrong numbers:
 * of 6, 9, 15 … channels into a multiple of 4 (microsoft/onnxruntime#29651), and of groups that make
 * 4 or more channels each but no whole number of vectors. Channels of zeros make up the count.
 */
export function convolve(
  emit: Emitter,
  [x, w]: readonly [string, string],
  {
    channels,
    weight,
    output,
    options,
  }: {
    readonly channels: number;
    readonly weight: Shape;
    /** Sizes of the result's spatial axes. */
    readonly output: Shape;
    readonly options: ConvolutionOptions;
  },
): string {
  const [o, part, ...kernel] = weight as readonly [number, number, ...number[]]; // rank 3 and up
  const attributes = convolutionAttributes(options, kernel);
  const { groups } = options;
  if (groups === 1 && channels > 3 && channels % 3 === 0 && channels % 4 !== 0 && o % 4 === 0) {
    const more = { rank: weight.length, axis: 1, count: 4 - (channels % 4) };
    return emit.node("Conv", [padded(emit, x, more), padded(emit, w, more)], attributes);
  }
  const each = o / groups;
  if (groups > 1 && each >= 4 && each % lanes(o) !== 0) {
    const made = each + 4 - (each % 4);
    const inGroups = reshaped(emit, w, [groups, each, part, sizeOf(kernel)]);
    const filled = padded(emit, inGroups, { rank: 4, axis: 1, count: made - each });
    const wide = reshaped(emit, filled, [groups * made, part, ...kernel]);
    const all = emit.node("Conv", [x, wide], attributes);
    return trimmed(emit, all, { groups, made, wanted: each, size: output });
  }
  return emit.node("Conv", [x, w], attributes);
}

/** What a transposed convolution is made of: `g [b o …t], w [o c/g …k] → [b c …size]`. */
export interface Transposed {
  readonly shapes: readonly [Shape, Shape];
  readonly options: ConvolutionOptions & { readonly size: Shape };
}

/**
 * Transposed convolution of rows or pictures, avoiding a kernel of ONNX Runtime 1.30 for WebGPU that
 * computes wrong numbers: of groups that read an even number of channels and make one.
 */
export function transposeConvolve(
  emit: Emitter,
  [g, w]: readonly [string, string],
  { shapes: [from, weight], options: { size, ...options } }: Transposed,
): string {
  const { strides, padding, dilations, groups } = options;
  const [o, part, ...kernel] = weight as readonly [number, number, ...number[]]; // rank 3 and up
  const extra = size.map((d, i) => {
    const [before, after] = padding[i]!;
    const span = dilations[i]! * (kernel[i]! - 1) + 1;
    return d - ((from[i + 2]! - 1) * strides[i]! - before - after + span);
  });
  const attributes = { ...convolutionAttributes(options, kernel), output_padding: extra };
  if (groups > 1 && part === 1 && (o / groups) % 2 === 0) {
    const wide = padded(emit, w, { rank: weight.length, axis: 1, count: 1 });
    const all = emit.node("ConvTranspose", [g, wide], attributes);
    return trimmed(emit, all, { groups, made: 2, wanted: 1, size });
  }
  return emit.node("ConvTranspose", [g, w], attributes);
}
