import { axes } from "../shape/axes.js";
import { ShapeError } from "../shape/error.js";
import { formatShape, sameShape } from "../shape/shape.js";
import {
  cast,
  equal,
  logSumExp,
  mean,
  negate,
  relu,
  reshape,
  softplus,
  square,
  sum,
} from "../tensor/operations.js";
import { constant, type Operand, type Tensor } from "../tensor/tensor.js";

/**
 * Binary cross-entropy of logits that should say "real": `E[−log σ(logits)]`; with a `target` t
 * below 1, `E[−t log σ(logits) − (1 − t) log(1 − σ(logits))]`: `[b …] → []`.
 *
 * Minimized by a generator it is the non-saturating loss of Goodfellow et al. 2014, section 3. A
 * target of 0.9 for real items alone is one-sided label smoothing: Salimans et al. 2016, section 3.4.
 *
 * @example
 * saysReal(constant([8, 9])); // → 0.0002
 * saysReal(constant([8, 9]), { target: 0.9 }); // → 0.8502
 */
export function saysReal(
  logits: Tensor,
  { target = 1 }: { readonly target?: number } = {},
): Tensor {
  const surprise = softplus(negate(logits));
  // −log(1 − σ(d)) = d − log σ(d)
  return mean(target === 1 ? surprise : surprise.plus(logits.times(1 - target)));
}

/**
 * Binary cross-entropy of logits that should say "fake": `E[−log(1 − σ(logits))]`: `[b …] → []`.
 *
 * Its negative, minimized by a generator, is the saturating loss: Goodfellow et al. 2014, equation 1.
 *
 * @example
 * saysFake(constant([-2, 0, 2])); // → 0.9823
 * const saturating = negate(saysFake(constant([-2, -1, 0])));
 */
export const saysFake = (logits: Tensor): Tensor => mean(softplus(logits));

/**
 * Relativistic pairing: how far each `better` logit is from exceeding its `worse` partner,
 * `E[softplus(−(better − worse))]`: `[b …], [b …] → []`.
 *
 * Jolicoeur-Martineau 2018, "The relativistic discriminator", equation 7.
 *
 * @example
 * const [real, fake] = [constant([1, 3]), constant([0, -1])];
 * exceeds(real, fake); // → 0.1657
 * exceeds(fake, real); // → 2.6657
 */
export const exceeds = (better: Tensor, worse: Tensor): Tensor =>
  mean(softplus(worse.minus(better)));

/**
 * Logits measured from the mean of others, `logits − E[others]`: `[b …], [b …] → [b …]`.
 *
 * In any loss it makes the average relativistic: Jolicoeur-Martineau 2018, section 4.3.
 * The mean is that of the group, which terms see together.
 *
 * @example
 * const [real, fake] = [constant([1, 3]), constant([0, -1])];
 * relativeTo(real, fake); // → [1.5,3.5]
 * const loss = { real: saysReal(relativeTo(real, fake)), fake: saysFake(relativeTo(fake, real)) };
 */
export const relativeTo = (logits: Tensor, others: Tensor): Tensor => logits.minus(mean(others));

/**
 * Least squares: `½ E[(values − target)²]`: `[b …] → []`.
 *
 * Mao et al. 2017, "Least Squares Generative Adversarial Networks", equation 2: D matches x with b
 * and G(z) with a, G matches G(z) with c; equation 9 chooses a = 0, b = c = 1.
 *
 * @example
 * const [real, fake] = [constant([1, 3]), constant([0, -1])];
 * matches(real, 1); // → 1
 * matches(fake, 0); // → 0.25
 */
export const matches = (values: Tensor, target: Operand): Tensor =>
  mean(square(values.minus(target))).times(0.5);

/**
 * Hinge loss of scores that should say "real" by a margin, `E[max(0, 1 − scores)]`: `[b …] → []`.
 *
 * Lim & Ye 2017, "Geometric GAN"; Miyato et al. 2018, equation 16. G minimizes
 * `scoresHigh(D(G(z)))` beside it.
 *
 * @example
 * clearlyReal(constant([-2, 0, 2])); // → 1.3333
 */
export const clearlyReal = (scores: Tensor): Tensor => mean(relu(negate(scores).plus(1)));

/**
 * Hinge loss of scores that should say "fake" by a margin, `E[max(0, 1 + scores)]`: `[b …] → []`;
 * see `clearlyReal`.
 * @example clearlyFake(constant([-2, 0, 2])); // → 1.3333
 */
export const clearlyFake = (scores: Tensor): Tensor => mean(relu(scores.plus(1)));

/**
 * A critic's scores, to be high: `−E[scores]`: `[b …] → []`.
 *
 * Arjovsky et al. 2017, "Wasserstein GAN", Algorithm 1: D minimizes it of x, G of G(z); also G's
 * part of the hinge loss.
 *
 * @example
 * scoresHigh(constant([-2, 0, 5])); // → -1
 */
export const scoresHigh = (scores: Tensor): Tensor => negate(mean(scores));

/**
 * A critic's scores, to be low: `E[scores]`: `[b …] → []`; see `scoresHigh`.
 * @example scoresLow(constant([-2, 0, 5])); // → 1
 */
export const scoresLow = (scores: Tensor): Tensor => mean(scores);

/**
 * Cross-entropy of class logits `[b k]` with int32 labels `[b]`: `E[−log softmax(logits)_label]`,
 * `[b k], [b] → []`.
 *
 * As the auxiliary classifier of Odena et al. 2017, section 3, D minimizes it of real and fake
 * items, and G of fake ones.
 *
 * @throws {ShapeError} when logits are no `[b k]`, or labels no int32 `[b]`.
 *
 * @example
 * const logits = constant([4, 0, 0, 0, 1, 2], { shape: [2, 3] });
 * crossEntropy(logits, constant(Int32Array.of(0, 2))); // → 0.2218
 */
export function crossEntropy(logits: Tensor, labels: Tensor): Tensor {
  const { b, k } = axes(logits, "b k");
  if (labels.type !== "int32" || !sameShape(labels.shape, [b])) {
    const operands = [
      { label: "logits", value: `${logits.type} ${formatShape(logits.shape)}` },
      { label: "labels", value: `${labels.type} ${formatShape(labels.shape)}` },
    ];
    const why = "needs one int32 label for each item";
    throw new ShapeError({ op: "crossEntropy", why, operands });
  }
  const classes = constant(Int32Array.from({ length: k }, (_, i) => i));
  const chosen = cast(equal(reshape(labels, [b, 1]), classes), "float32");
  const ofLabel = sum(logits.times(chosen), { axes: [1] });
  return mean(logSumExp(logits, { axes: [1] }).minus(ofLabel));
}
