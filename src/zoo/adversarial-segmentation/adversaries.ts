import { conv } from "../../nn/convolution.js";
import { kaiming } from "../../nn/initializers.js";
import { chain, type Layer } from "../../nn/layer.js";
import { maxPooling } from "../../nn/pools.js";
import { mean, relu } from "../../tensor/operations.js";

/** How far an output of the adversary sees, and how many channels it has. */
export const adversaryKinds = ["large", "large light", "small", "small light"] as const;
export type AdversaryKind = (typeof adversaryKinds)[number];

/** Channels of each convolution, between poolings; the last has two, which are logits. */
type Stages = readonly (readonly number[])[];

// biome-ignore format: a table, kept as one
const tables: Readonly<Record<AdversaryKind, Stages>> = {
  large:         [[96, 128, 128], [256, 256], [512, 2]],
  "large light": [[96, 128, 128], [128, 128], [256, 2]],
  small:         [[96, 128],      [256, 256], [512, 2]],
  "small light": [[96, 128],      [128, 128], [256, 2]],
};

/**
 * One of the four adversaries, `[b c h w] → [b 2]`: logits of "made" and "true" at a quarter of the
 * size, averaged over places. Convolutions see 3×3; those of a small field of view 1×1 every second
 * time. Luc et al. 2016, as in the table of LargeFOV, LargeFOV-light, SmallFOV and SmallFOV-light.
 */
export function adversary(
  kind: AdversaryKind,
  { channels, narrow }: { readonly channels: number; readonly narrow: number },
): Layer {
  const isSmall = kind.startsWith("small");
  let before = channels;
  const stages = tables[kind].map((widths, stage) => {
    const isLast = stage === tables[kind].length - 1;
    const steps = widths.flatMap((width, i) => {
      const out =
        isLast && i === widths.length - 1 ? width : Math.max(2, Math.round(width / narrow));
      const kernel = isSmall && i % 2 === 1 ? 1 : 3;
      const initial = kaiming(before * kernel ** 2);
      before = out;
      return out === 2 && isLast && i > 0
        ? [conv(out, { kernel, initial })]
        : [conv(out, { kernel, initial }), relu];
    });
    return isLast ? steps : [...steps, maxPooling(2)];
  });
  return chain(...stages.flat(), averaged);
}

/** `[b c h w] → [b c]` */
const averaged = function average(x: Parameters<typeof mean>[0]) {
  return mean(x, { axes: [2, 3] });
};
