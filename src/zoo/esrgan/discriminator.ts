import { batchNorm } from "../../nn/batch-norm.js";
import { conv } from "../../nn/convolution.js";
import { halvings } from "../../nn/halvings.js";
import { chain, type Layer, type Step } from "../../nn/layer.js";
import { linear } from "../../nn/linear.js";
import { flatten, leakyRelu } from "../../tensor/operations.js";

/**
 * As VGGStyleDiscriminator in the authors' code, for any side: pairs of convolutions, the second of
 * which halves, until 4 to 7 pixels are left.
 */
export function discriminator({
  side,
  width,
  norm,
}: {
  readonly side: number;
  readonly width: number;
  readonly norm: "batch" | "none";
}): Layer {
  const normed = norm === "batch";
  const pair = (out: number): Step[] => [layer(out, 3, 1), layer(out, 4, 2)].flat();
  const layer = (out: number, kernel: number, stride: number): Step[] => [
    conv(out, { kernel, stride, bias: !normed }),
    ...(normed ? [batchNorm()] : []),
    leakyRelu,
  ];
  const widths = Array.from(
    { length: halvings(side, side) },
    (_, i) => width * 2 ** Math.min(i, 3),
  );
  return chain(
    conv(width),
    leakyRelu,
    ...layer(width, 4, 2),
    ...widths.slice(1).flatMap(pair),
    flatten,
    linear(100),
    leakyRelu,
    linear(1),
  );
}
