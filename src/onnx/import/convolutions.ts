import { reshape } from "../../tensor/operations.js";
import { Tensor } from "../../tensor/tensor.js";
import type { Call } from "./call.js";
import type { Operator } from "./operators.js";

/** How a window moves over the spatial axes. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Places added before and after each axis. */
  readonly padding: readonly (readonly [number, number])[];
}

/** Reads where a convolution or a pool looks, from its attributes and the size of what it sees. */
export function windowOf(call: Call, size: readonly number[], kernel: readonly number[]): Window {
  const ones = size.map(() => 1);
  const strides = call.list("strides") ?? ones;
  const dilations = call.list("dilations") ?? ones;
  const auto = call.text("auto_pad", "NOTSET");
  const pads = call.list("pads") ?? [...ones, ...ones].map(() => 0);
  const padding = size.map((d, i): readonly [number, number] => {
    if (auto === "NOTSET") return [pads[i]!, pads[i + size.length]!];
    if (auto === "VALID") return [0, 0];
    const span = dilations[i]! * (kernel[i]! - 1) + 1;
    const total = Math.max(0, (Math.ceil(d / strides[i]!) - 1) * strides[i]! + span - d);
    const less = Math.floor(total / 2);
    return auto === "SAME_UPPER" ? [less, total - less] : [total - less, less];
  });
  return { kernel, strides, dilations, padding };
}

/** Adds one number for each channel. */
function withBias(x: Tensor, bias: Tensor | undefined): Tensor {
  if (bias === undefined) return x;
  return x.plus(reshape(bias, [1, bias.shape[0]!, ...x.shape.slice(2).map(() => 1)]));
}

function convolved(call: Call): Tensor {
  const [x, w] = [call.tensor(0), call.tensor(1)];
  const window = windowOf(call, x.shape.slice(2), w.shape.slice(2));
  const options = { ...window, groups: call.number("group", 1) };
  const { strides, padding, dilations, groups } = options;
  const y = new Tensor("convolution", [x, w], { strides, padding, dilations, groups });
  return withBias(y, call.maybe(2));
}

function transposed(call: Call): Tensor {
  const [x, w] = [call.tensor(0), call.tensor(1)];
  const auto = call.text("auto_pad", "NOTSET");
  if (auto !== "NOTSET" && auto !== "VALID") call.fail(`pads by ${auto}, which is not read`);
  if (call.has("output_shape")) call.fail("says its output's shape, which is not read");
  const size = x.shape.slice(2);
  const { strides, padding, dilations, kernel } = windowOf(call, size, w.shape.slice(2));
  const extra = call.list("output_padding") ?? size.map(() => 0);
  const made = size.map((d, i) => {
    const [before, after] = padding[i]!;
    const span = dilations[i]! * (kernel[i]! - 1) + 1;
    return (d - 1) * strides[i]! - before - after + span + extra[i]!;
  });
  const groups = call.number("group", 1);
  const options = { strides, padding, dilations, groups, size: made };
  return withBias(new Tensor("convolutionInputGradient", [x, w], options), call.maybe(2));
}

/** Convolutions and their transposes, in one, two or three dimensions. */
export const convolutions: Readonly<Record<string, Operator>> = {
  Conv: convolved,
  ConvTranspose: transposed,
};
