import { softmax } from "../../nn/activations.js";
import { crossEntropy } from "../../nn/losses.js";
import {
  broadcast,
  cast,
  concatenate,
  detach,
  equal,
  logSumExp,
  max,
  maximum,
  slice,
  sum,
} from "../../tensor/operations.js";
import { constant, type Tensor } from "../../tensor/tensor.js";

/** What the adversary sees of a map: classes alone, classes times colours, or classes as soft as s has them. */
export const inputKinds = ["basic", "product", "scaling"] as const;
export type InputKind = (typeof inputKinds)[number];

/** A true map beside what s says of its photo. */
export interface Pair {
  /** x, the photo: `[b c h w]`. */
  readonly photo: Tensor;
  /** y, 1 where a pixel has a class and 0 elsewhere; 0 in all classes where nothing counts. */
  readonly truth: Tensor;
  /** Logits of classes: `[b k h w]`. */
  readonly logits: Tensor;
}

/** Channels that the adversary sees of a map with so many classes. */
export const inputChannels = (
  input: InputKind,
  { classes, channels }: { readonly classes: number; readonly channels: number },
): number => (input === "product" ? classes * channels : classes);

/** 1 where a pixel counts: `[b k h w] → [b 1 h w]`. */
const counted = (truth: Tensor): Tensor => sum(truth, { axes: [1], keep: true });

/** What the adversary sees of s(x). */
export const seenMade = (input: InputKind, { photo, truth, logits }: Pair): Tensor =>
  shown(input, { photo, map: softmax(logits, 1).times(counted(truth)) });

/** What the adversary sees of y; with "scaling" the least mass of the true class is `tau`. */
export function seenTrue(input: InputKind, pair: Pair, { tau }: { readonly tau: number }): Tensor {
  const { photo, truth, logits } = pair;
  if (input !== "scaling") return shown(input, { photo, map: truth });
  // No gradient comes back to s through a true map: the paper leaves out −λ BCE(a(x, y), 1).
  const guess = detach(softmax(logits, 1));
  const own = sum(guess.times(truth), { axes: [1], keep: true });
  // ȳ_c = s_c (1 − ȳ_l) / (1 − s_l), which is s_c where s_l ≥ τ already.
  const others = maximum(own.times(-1).plus(1), 1 - tau);
  const rest = guess.times(truth.times(-1).plus(1)).times(constant(1 - tau).over(others));
  return truth.times(maximum(own, tau)).plus(rest).times(counted(truth));
}

/** Each class times each colour, colour by colour, or the classes alone. */
function shown(
  input: InputKind,
  { photo, map }: { readonly photo: Tensor; readonly map: Tensor },
): Tensor {
  if (input !== "product") return map;
  const [, channels] = photo.shape as readonly [number, number, number, number]; // pictures
  return concatenate(
    Array.from({ length: channels }, (_, c) =>
      map.times(broadcast(slice(photo, [undefined, { start: c, end: c + 1 }]), map.shape)),
    ),
    1,
  );
}

/** Multi-class cross-entropy of pixels, the mean over those that count: `[b k h w] → []`. */
export function pixelCrossEntropy({ truth, logits }: Pair): Tensor {
  const surprise = logSumExp(logits, { axes: [1], keep: true }).minus(
    sum(logits.times(truth), { axes: [1], keep: true }),
  );
  const counts = counted(truth);
  return sum(surprise.times(counts)).over(maximum(sum(counts), 1));
}

/** Binary cross-entropy of the adversary's two logits, `[b 2] → []`: "true" is 1, "made" 0. */
export const saysWhich = (logits: Tensor, which: 0 | 1): Tensor =>
  crossEntropy(logits, constant(new Int32Array(logits.shape[0]!).fill(which)));

/** How much more a says "true" than "made": `[b 2] → [b]`. */
export const oneLogit = (logits: Tensor): Tensor =>
  sum(logits.times(constant([-1, 1], { shape: [1, 2] })), { axes: [1] });

/** The part of pixels that count whose most likely class is theirs: `[]`. */
export function pixelAccuracy({ truth, logits }: Pair): Tensor {
  const right = sum(chosen(logits).times(truth));
  return right.over(maximum(sum(truth), 1));
}

/** 1 for the most likely class, 0 for others: `[b k h w] → [b k h w]`. */
export const chosen = (logits: Tensor): Tensor =>
  cast(equal(logits, max(logits, { axes: [1], keep: true })), "float32");
