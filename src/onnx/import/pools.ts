import { broadcast, concatenate, max, mean } from "../../tensor/operations.js";
import { averagePool, maxPool } from "../../tensor/pictures.js";
import { constant, type Tensor } from "../../tensor/tensor.js";
import type { Call } from "./call.js";
import { type Window, windowOf } from "./convolutions.js";
import type { Operator } from "./operators.js";

/** The lowest number of float32: no window's largest, unless there is nothing else. */
const lowest = -3.4028234663852886e38;

/** A pool's window, what is added around pictures so that whole windows fit, and their number. */
interface Fit extends Window {
  readonly count: readonly number[];
  /** With what is added so that the last window is whole. */
  readonly frame: readonly (readonly [number, number])[];
}

function fitOf(call: Call): Fit {
  const x = call.tensor(0);
  if (x.rank !== 4) call.fail("is a pool of something else than pictures");
  const size = x.shape.slice(2);
  const window = windowOf(call, size, call.list("kernel_shape") ?? call.fail("has no kernel"));
  const { kernel, strides, padding, dilations } = window;
  if (dilations.some((d) => d !== 1)) call.fail("leaves places out of its windows");
  const up = call.number("ceil_mode", 0) === 1;
  const count = size.map((d, i) => {
    const [before, after] = padding[i]!;
    const steps = (d + before + after - kernel[i]!) / strides[i]!;
    const n = (up ? Math.ceil(steps) : Math.floor(steps)) + 1;
    // No window begins behind the picture.
    return up && (n - 1) * strides[i]! >= d + before ? n - 1 : n;
  });
  const frame = size.map((d, i): readonly [number, number] => {
    const before = padding[i]![0];
    return [before, Math.max(0, (count[i]! - 1) * strides[i]! + kernel[i]! - d - before)];
  });
  return { ...window, count, frame };
}

/** Pictures with a frame of one number. */
function framed(x: Tensor, frame: Fit["frame"], value: number): Tensor {
  return frame.reduce((y, widths, i) => {
    const axis = i + 2;
    const [before, after] = widths.map((width) =>
      width === 0
        ? []
        : [
            broadcast(
              constant(value),
              y.shape.map((d, k) => (k === axis ? width : d)),
            ),
          ],
    );
    return concatenate([...before!, y, ...after!], axis);
  }, x);
}

const optionsOf = ({ kernel, strides }: Fit) => ({
  kernel: [kernel[0]!, kernel[1]!] as const,
  stride: [strides[0]!, strides[1]!] as const,
});

function largest(call: Call): Tensor {
  const fit = fitOf(call);
  return maxPool(framed(call.tensor(0), fit.frame, lowest), optionsOf(fit));
}

/** Zeros around pictures count nothing, unless the model says that those it asked for do. */
function average(call: Call): Tensor {
  const x = call.tensor(0);
  const fit = fitOf(call);
  const pooled = averagePool(framed(x, fit.frame, 0), optionsOf(fit));
  const includes = call.number("count_include_pad", 0) === 1;
  const [rows, columns] = [0, 1].map((i) => {
    const [before, after] = fit.padding[i]!;
    const [low, high] = includes
      ? [0, x.shape[i + 2]! + before + after]
      : [before, before + x.shape[i + 2]!];
    return Array.from({ length: fit.count[i]! }, (_, k) => {
      const start = k * fit.strides[i]!;
      return Math.min(start + fit.kernel[i]!, high) - Math.max(start, low);
    });
  });
  const whole = fit.kernel[0]! * fit.kernel[1]!;
  const shares = rows!.flatMap((r) => columns!.map((c) => whole / (r * c)));
  if (shares.every((share) => share === 1)) return pooled;
  return pooled.times(constant(shares, { shape: [1, 1, rows!.length, columns!.length] }));
}

const spatial = (x: Tensor): { axes: number[]; keep: boolean } => ({
  axes: [...x.shape.keys()].slice(2),
  keep: true,
});

/** What stands for a window, or for a whole picture. */
export const pools: Readonly<Record<string, Operator>> = {
  MaxPool: largest,
  AveragePool: average,
  GlobalAveragePool: (call) => mean(call.tensor(0), spatial(call.tensor(0))),
  GlobalMaxPool: (call) => max(call.tensor(0), spatial(call.tensor(0))),
};
