import { ShapeError } from "../shape/error.js";
import type { TileModel } from "./model.js";

/** One run of a model over a tile. */
export interface Pass {
  /** The picture's channel for each of the model's. */
  readonly reads: readonly number[];
  /** For each channel that the model makes: where it goes, and how much of it. */
  readonly writes: readonly { readonly channel: number; readonly share: number }[];
}

/**
 * How the channels of a picture are given to a model, and how many it makes of them. Grey is given
 * to a model of colours as three equal colours, of whose results the mean is taken; a model of one
 * channel makes each colour by itself.
 */
export function passesOf(
  { inputs, outputs, about }: Pick<TileModel, "inputs" | "outputs" | "about">,
  channels: number,
): { readonly passes: readonly Pass[]; readonly channels: number } {
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
  const each = numbers(outputs).map((channel) => ({ channel, share: 1 }));
  if (channels === inputs)
    return { passes: [{ reads: numbers(inputs), writes: each }], channels: outputs };
  if (channels === 1) {
    const reads = new Array<number>(inputs).fill(0);
    if (inputs !== outputs) return { passes: [{ reads, writes: each }], channels: outputs };
    const writes = each.map(() => ({ channel: 0, share: 1 / outputs }));
    return { passes: [{ reads, writes }], channels: 1 };
  }
  if (inputs === 1 && outputs === 1) {
    const passes = numbers(channels).map((c) => ({
      reads: [c],
      writes: [{ channel: c, share: 1 }],
    }));
    return { passes, channels };
  }
  throw new ShapeError({
    op: "upscale",
    why: `a picture of ${channels} channels for a model of ${inputs}`,
    operands: [{ label: "model", value: about }],
    hint: "give alpha by itself, as a picture of one channel",
  });
}
