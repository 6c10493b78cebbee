import type { Shape } from "../shape/shape.js";
import { type Transposed, transposeConvolve } from "./convolve.js";
import type { Emitter } from "./lowering.js";

/**
 * The transpose of a convolution of volumes: `g [b o …t], w [o c/g …k] → [b c …size]`. WebGPU has
 * it for pictures only, so every layer of depth is a picture, every layer of the kernel makes
 * channels of its own, and layers that overlap are added.
 */
export function transposeVolumes(
  emit: Emitter,
  [g, w]: readonly [string, string],
  { shapes: [from, weight], options }: Transposed,
): string {
  const { strides, padding, dilations, groups, size } = options;
  const [b, o, t, ...picture] = from as readonly [number, number, number, ...number[]]; // rank 5
  const [, part, k, ...window] = weight as readonly [number, number, number, ...number[]]; // rank 5
  const [, height, width] = size as readonly [number, number, number]; // a volume
  const [stride, dilation, depth] = [strides[0]!, dilations[0]!, size[0]!];
  const reshaped = (x: string, shape: Shape): string =>
    emit.node("Reshape", [x, emit.integers(shape)]);
  const moved = (x: string, perm: readonly number[]): string =>
    emit.node("Transpose", [x], { perm });

  // −1 infers the batch, which can stay free.
  const layers = reshaped(moved(g, [0, 2, 1, 3, 4]), [-1, o, ...picture]);
  const kernels = reshaped(moved(w, [0, 2, 1, 3, 4]), [o, k * part, ...window]);
  const flat = transposeConvolve(emit, [layers, kernels], {
    shapes: [
      [b * t, o, ...picture],
      [o, k * part, ...window],
    ],
    options: {
      strides: strides.slice(1),
      padding: padding.slice(1),
      dilations: dilations.slice(1),
      groups,
      size: size.slice(1),
    },
  });
  const made = reshaped(flat, [-1, t, groups, k, part, height * width]);
  const apart = moved(made, [3, 0, 2, 4, 1, 5]);
  const zero = emit.constant([0], [], "float32");
  const c = groups * part;
  const total = t * stride + (k - 1) * dilation;
  let sum: string | undefined;
  for (let i = 0; i < k; i++) {
    const ends = [emit.integers([i]), emit.integers([i + 1]), emit.integers([0])];
    const one = reshaped(emit.node("Slice", [apart, ...ends]), [-1, c, t, 1, height * width]);
    const between = emit.integers([0, 0, 0, 0, 0, 0, 0, 0, stride - 1, 0]);
    const spread = stride === 1 ? one : emit.node("Pad", [one, between, zero]);
    const joined = reshaped(spread, [-1, c, t * stride, height * width]);
    const before = i * dilation;
    const around = emit.integers([0, 0, before, 0, 0, 0, total - t * stride - before, 0]);
    const placed = k === 1 ? joined : emit.node("Pad", [joined, around, zero]);
    sum = sum === undefined ? placed : emit.node("Add", [sum, placed]);
  }
  const start = padding[0]![0];
  const range = [emit.integers([start]), emit.integers([start + depth]), emit.integers([2])];
  return reshaped(emit.node("Slice", [sum!, ...range]), [-1, c, ...size]);
}
