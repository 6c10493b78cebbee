import { batchNorm } from "../../nn/batch-norm.js";
import { conv, deconv } from "../../nn/convolution.js";
import { chain, type Layer, residual, type Step } from "../../nn/layer.js";
import { relu } from "../../tensor/operations.js";
import { multiScale } from "./multi-scale.js";

/** What tells classes: small and quick, or the multi-scale net of Farabet et al. */
export const segmenterKinds = ["hourglass", "multi-scale"] as const;
export type SegmenterKind = (typeof segmenterKinds)[number];

/** A network that gives each pixel a logit for each class: `[b c h w] → [b classes h w]`. */
export function segmenter(
  kind: SegmenterKind,
  { width, classes }: { readonly width: number; readonly classes: number },
): Layer {
  return kind === "multi-scale"
    ? multiScale({ widths: [width, 4 * width, 16 * width], hidden: 64 * width, classes })
    : hourglass({ width, classes });
}

/** Halved twice and doubled twice, and at each size added to what was there before. */
function hourglass({
  width,
  classes,
}: {
  readonly width: number;
  readonly classes: number;
}): Layer {
  const half = { kernel: 4, stride: 2, bias: false };
  const same = { bias: false };
  const after = (step: Step): Step[] => [step, batchNorm(), relu];
  // biome-ignore format: a table, kept as one
  return chain(
    ...after(conv(width, same)),
    residual(chain(
      ...after(conv(2 * width, half)),
      residual(chain(
        ...after(conv(4 * width, half)),
        ...after(conv(4 * width, same)),
        ...after(deconv(2 * width, half)),
      )),
      ...after(deconv(width, half)),
    )),
    ...after(conv(width, same)),
    conv(classes, { kernel: 1 }),
  );
}
