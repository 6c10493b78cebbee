import { uniform } from "../game/draws.js";
import { choice, count, real } from "../game/hyper.js";
import { network } from "../game/network.js";
import { defineSystem } from "../game/system.js";
import { dropsFrom } from "../nn/dropout.js";
import { normalWith } from "../nn/initializers.js";
import { saysFake, saysReal } from "../nn/losses.js";
import { instanceNorm } from "../nn/norms.js";
import { adam } from "../nn/optimizers.js";
import { type PatchField, patchDiscriminator } from "../nn/patch-discriminator.js";
import { linearFrom } from "../nn/schedules.js";
import { uNet, uNetDepth, uNetDrops, uNetWidths } from "../nn/u-net.js";
import { abs, concatenate, detach, mean, ones, reshape, sum } from "../tensor/operations.js";
import type { Tensor } from "../tensor/tensor.js";
import { checkPair, jittered, jitterNumbers } from "./pix2pix/pairs.js";

/** A given picture and what is made of it, one above the other: `[b c h w], [b c' h w] → [b c+c' h w]`. */
const pair = (given: Tensor, made: Tensor): Tensor => concatenate([given, made], 1);

/** What batch normalization is with one picture in a batch, in training and at test. */
const norm = () => instanceNorm({ affine: true, initial: normalWith(0.02, 1) });

/**
 * pix2pix: pictures from pictures, a U-Net against a discriminator of patches.
 *
 *   D minimizes   ½ E[−log D(given, x)] + ½ E[−log(1 − D(given, G(given, z)))]
 *   G minimizes   E[−log D(given, G(given, z))] + λ E|x − G(given, z)|
 *
 * z is which numbers of G are dropped. D is a mean over the patches that it sees, each by itself.
 */
export const pix2pix = defineSystem("pix2pix", {
  cite: {
    title: "Image-to-Image Translation with Conditional Adversarial Networks",
    authors: "Isola, Zhu, Zhou, Efros",
    year: 2017,
    arxiv: "1611.07004",
    at: "section 3, equations 1 to 4; appendix 6.1 (networks), 6.2 (training)",
  },
  equations: [
    "D minimizes  ½ E[−log D(given, x)] + ½ E[−log(1 − D(given, G(given, z)))]",
    "G minimizes  E[−log D(given, G(given, z))] + λ E|x − G(given, z)|",
  ],
  hyper: {
    width: count(16, "channels of both networks at first; up to eight times as many further in"),
    depth: count(
      5,
      "times that G halves a picture; as often as it can be, for others than 32 × 32",
    ),
    field: choice("34", ["1", "16", "34", "70", "142", "286"], "pixels a side of D's patches"),
    lambda: real(100, "weight of the difference to the true picture"),
    adversarial: real(1, "weight of what D says; 0 leaves the difference alone"),
    dropout: real(0.5, "part of G's numbers that is dropped, which is its noise", {
      maximum: 0.99,
    }),
    jitter: choice("none", ["none", "mirror", "shift", "mirror and shift"], "what moves a pair"),
    lr: real(1e-3, "learning rate at the start"),
    lrEnd: real(1e-4, "learning rate at the end"),
    beta1: real(0.5, "decay of the mean of gradients", { maximum: 0.999 }),
    average: count(4000, "pairs after which an old value of G counts half; 0 keeps none", {
      minimum: 0,
    }),
    batch: count(8, "pairs in a batch", { unit: "pairs" }),
    group: count(4, "pairs that a core works on at a time", { unit: "pairs" }),
    rounds: count(4000, "rounds to play", { unit: "rounds" }),
  },
  data: "products",
  suits: ({ kind, shape }) => (kind === "pictures" ? { depth: Math.max(1, uNetDepth(shape)) } : {}),
  presets: {
    paper: {
      about: "facades and street scenes of 256 × 256: 400 pairs, each 200 times (appendix 6.2)",
      hyper: {
        ...{ width: 64, depth: 8, field: "70", jitter: "mirror and shift" },
        ...{ lr: 2e-4, lrEnd: 2e-4, average: 0, batch: 1, group: 1, rounds: 80_000 },
      },
      data: {
        ...{ kind: "pictures", shape: [3, 256, 256], classes: 0, count: 400 },
        given: { shape: [3, 256, 256] },
      },
    },
    small: { about: "32 × 32 in minutes on two cores", hyper: {} },
  },
  departs: [
    {
      from: "64 channels at first and patches of 70 × 70, for 256 × 256 (section 3.2, appendix 6.1)",
      to: "16 and 34 × 34, for 32 × 32",
      because: "sized for minutes on a 2-core CPU; --preset paper has the paper's",
    },
    {
      from: "batch 1, and 4 for edges to shoes (appendix 6.2)",
      to: 8,
      because:
        "minutes instead of hours; each picture is normalized by itself as with a batch of 1",
    },
    {
      from: "lr 2e-4 throughout, G as it is (section 3.3, the authors' code)",
      to: "1e-3 falling to 1e-4, G's moving average",
      because: "thousands of rounds instead of tens of thousands",
    },
    {
      from: "normalization by what is in the batch, at test too (section 3.3)",
      to: "by the picture alone",
      because: "the same at the paper's batch of 1, and independent of batch, group and neighbours",
    },
    {
      from: "dropout at test too (section 3.1)",
      to: "in samples; pictures made of given ones drop nothing",
      because: "the same picture from the same drawing",
    },
    {
      from: "G answers for the pair that D has just seen (the authors' code)",
      to: "each turn deals its own pairs",
      because: "turns draw afresh in every game here",
    },
  ],

  networks({ width, depth, field, dropout }, data) {
    checkPair(data, depth);
    const { shape, given = data } = data;
    const [channels] = shape as readonly [number, number, number]; // pictures have three axes
    const [givenChannels, ...sides] = given.shape as readonly [number, number, number];
    const widths = uNetWidths(width, depth);
    return {
      G: network(given.shape, uNet({ widths, channels, norm, dropout }), {
        condition: [uNetDrops(widths, given.shape)],
      }),
      D: network(
        [givenChannels + channels, ...sides],
        patchDiscriminator({ field: Number(field) as PatchField, width, norm }), // its choices are
      ),
    };
  },

  chance: ({ width, depth }, { items, given }) => ({
    ...{ x: items, given },
    z: uniform(uNetDrops(uNetWidths(width, depth), given.shape)),
    u: uniform(jitterNumbers),
  }),

  players: ({ lambda, adversarial, dropout, jitter, lr, lrEnd, beta1 }) => ({
    D: {
      owns: ["D"],
      learner: adam({ lr: linearFrom({ from: lr, to: lrEnd }), beta1 }),
      minimizes({ G, D }, draws) {
        const { given, x } = jittered(draws, jitter);
        const fake = detach(G(given, dropsFrom(draws.z, dropout)));
        return {
          real: saysReal(D(pair(given, x))).times(0.5),
          fake: saysFake(D(pair(given, fake))).times(0.5),
        };
      },
    },
    G: {
      owns: ["G"],
      learner: adam({ lr: linearFrom({ from: lr, to: lrEnd }), beta1 }),
      minimizes({ G, D }, draws) {
        const { given, x } = jittered(draws, jitter);
        const made = G(given, dropsFrom(draws.z, dropout));
        return {
          ...(adversarial > 0
            ? { fooling: saysReal(D(pair(given, made))).times(adversarial) }
            : {}),
          difference: mean(abs(x.minus(made))).times(lambda),
        };
      },
    },
  }),

  averages: ({ average }) => (average === 0 ? {} : { G: { halfLife: average, rampUp: 0.2 } }),
  samples: ({ G }, { given, z }, { hyper }) => G(given, dropsFrom(z, hyper.dropout)),
  // Nothing is dropped: the picture that the noise varies.
  translates({ G }, given, { hyper }) {
    const shape = given.shape.slice(1);
    // Made from what is given, so that an exported model's batch can stay free.
    const one = sum(given.times(0), { axes: [1, 2, 3], keep: true }).plus(1);
    const drops = uNetDrops(uNetWidths(hyper.width, hyper.depth), shape);
    return G(given, reshape(one, [given.shape[0]!, 1]).times(ones([1, drops])));
  },
});
