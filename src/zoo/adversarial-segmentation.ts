import { normal } from "../game/draws.js";
import { choice, count, real } from "../game/hyper.js";
import { network } from "../game/network.js";
import { defineSystem } from "../game/system.js";
import { classesOf, coloursOf } from "../nn/legend.js";
import { adam, type GradientLearner } from "../nn/optimizers.js";
import { gradientSquaredNorm } from "../nn/penalties.js";
import { linearFrom } from "../nn/schedules.js";
import { detach, mean } from "../tensor/operations.js";
import type { Tensor } from "../tensor/tensor.js";
import { adversary, adversaryKinds } from "./adversarial-segmentation/adversaries.js";
import { conclusion } from "./adversarial-segmentation/conclusion.js";
import {
  chosen,
  inputChannels,
  inputKinds,
  oneLogit,
  type Pair,
  pixelAccuracy,
  pixelCrossEntropy,
  saysWhich,
  seenMade,
  seenTrue,
} from "./adversarial-segmentation/inputs.js";
import { checkMapped } from "./adversarial-segmentation/maps.js";
import { segmenter, segmenterKinds } from "./adversarial-segmentation/segmenters.js";

/** A batch: photos, their maps, and what is added to the photos. */
type Dealt = Readonly<Record<"x" | "y" | "noise", Tensor>>;

/**
 * Adversarial segmentation: a network that tells the class of each pixel, and an adversary that tells
 * its maps from true ones and so corrects what no pixel shows by itself.
 *
 *   a minimizes   BCE(a(x, y), 1) + BCE(a(x, s(x)), 0) + w E‖∇a(x, y)‖²
 *   s minimizes   MCE(s(x), y) + λ BCE(a(x, s(x)), 1)
 *   t minimizes   MCE(t(x), y)
 *   where         x a photo, y its map as classes; t begins as s was when a came in, and never meets a
 */
export const adversarialSegmentation = defineSystem("adversarial-segmentation", {
  cite: {
    title: "Semantic Segmentation using Adversarial Networks",
    authors: "Luc, Couprie, Chintala, Verbeek",
    year: 2016,
    arxiv: "1611.08408",
    at: "section 3 (losses, inputs of the adversary), section 4 (networks, training)",
  },
  equations: [
    "a minimizes  BCE(a(x, y), 1) + BCE(a(x, s(x)), 0) + w E‖∇a(x, y)‖²",
    "s minimizes  MCE(s(x), y) + λ BCE(a(x, s(x)), 1)",
    "t minimizes  MCE(t(x), y)",
    "where        t begins as s was when a came in, and never meets a",
  ],
  hyper: {
    lambda: real(0.1, "weight of the adversary; 0 leaves it out"),
    input: choice("product", inputKinds, "what the adversary sees of a map"),
    tau: real(0.9, "least mass of the true class, with the input scaling", { maximum: 1 }),
    adversary: choice("large light", adversaryKinds, "field of view and channels of the adversary"),
    narrow: real(8, "the adversary's channels are divided by this", { minimum: 1 }),
    segmenter: choice("hourglass", segmenterKinds, "the network that tells classes"),
    width: count(12, "channels of the segmenter at first"),
    grain: real(0.2, "deviation of the noise that is added to photos while training"),
    penalty: real(0.5, "weight w of the penalty on the adversary's gradient; 0 as in the paper"),
    alone: real(0.25, "part of the run before the adversary comes in", { maximum: 1 }),
    block: count(1, "turns in a row of each, before the other's", { unit: "turns" }),
    lr: real(2e-3, "learning rate of the segmenter at the start"),
    adversaryLr: real(1e-3, "learning rate of the adversary at the start"),
    batch: count(8, "photos in a batch", { unit: "photos" }),
    group: count(8, "photos that are normalized together", { unit: "photos" }),
    rounds: count(400, "rounds to play", { unit: "rounds" }),
  },
  data: "scenes",
  presets: {
    paper: {
      about: "Stanford Background: 8 classes, 715 photos, the multi-scale net (section 4.1)",
      hyper: {
        ...{ segmenter: "multi-scale", width: 16, adversary: "large", narrow: 1 },
        ...{ lambda: 1, grain: 0, penalty: 0, batch: 4, group: 4 },
      },
      data: {
        ...{ kind: "pictures", shape: [3, 240, 320], classes: 0, count: 572 },
        legend: Array.from({ length: 8 }, (_, i) => {
          return { name: `class ${i + 1}`, colour: [i, i, i] as const };
        }),
        given: { shape: [3, 240, 320] },
      },
    },
    small: { about: "32 × 32 in minutes on two cores", hyper: {} },
  },
  departs: [
    {
      from: "the multi-scale net, or Dilated-8 that VGG-16 begins (section 4)",
      to: "halved and doubled twice, 12 channels at first, nothing pre-trained",
      because: "sized for minutes on a 2-core CPU; --preset paper has the multi-scale net",
    },
    {
      from: "an adversary of 96 to 512 channels",
      to: "an eighth of LargeFOV-light's",
      because: "sized for minutes on a 2-core CPU; 32 × 32 maps have less to tell apart",
    },
    {
      from: "stochastic gradients with momentum",
      to: "Adam, its rate falling to nothing",
      because: "learns in hundreds of rounds, without a rate for each data set",
    },
    {
      from: "cross-entropy summed over the pixels of a photo (section 3.1)",
      to: "their mean",
      because: "λ then means the same for photos of any size",
    },
    {
      from: "an adversary that learns freely",
      to: "a penalty on its gradient at true maps",
      because: "it would otherwise always win, and s would give up classes to please it",
    },
    {
      from: "photos as they are",
      to: "noise of deviation 0.2 is added while training",
      because: "what is known by heart leaves no fragments for the adversary to see",
    },
    {
      from: "segmenters with and without an adversary in runs of their own",
      to: "t beside s, from the same beginning",
      because: "the difference is the adversary's alone; neither of the two sees t",
    },
  ],

  networks({ adversary: kind, narrow, segmenter: net, width, input }, data) {
    const { classes, photo } = checkMapped(data);
    const [channels, ...size] = photo as readonly [number, number, number]; // checked
    const made = () => network(photo, segmenter(net, { width, classes }));
    const seen = inputChannels(input, { classes, channels });
    return {
      a: network([seen, ...size], adversary(kind, { channels: seen, narrow })),
      s: made(),
      t: made(),
    };
  },

  chance: (_, { items, given }) => ({ y: items, x: given, noise: normal(...given.shape) }),

  phases: ({ lambda, alone }) =>
    lambda === 0
      ? [{ name: "alone", players: ["alone"] }]
      : [
          { name: "alone", until: alone, players: ["alone"] },
          { name: "against the adversary", players: ["a", "s", "t"], copies: { t: "s" } },
        ],

  players: ({ lambda, input, tau, grain, penalty, block, lr, adversaryLr }, data) => {
    const falling = (rate: number): GradientLearner =>
      adam({ lr: linearFrom({ from: rate, to: 0 }), beta1: 0.9, beta2: 0.99 });
    const { legend } = checkMapped(data);
    // What is minimized and what is watched look at one and the same photo.
    const seen = new WeakMap<Tensor, Tensor>();
    const pairOf = ({ x, y, noise }: Dealt, tell: (photo: Tensor) => Tensor): Pair => {
      const photo = seen.get(x) ?? (grain === 0 ? x : x.plus(noise.times(grain)));
      seen.set(x, photo);
      return { photo, truth: classesOf(y, legend), logits: tell(photo) };
    };
    return {
      alone: {
        owns: ["s"],
        learner: falling(lr),
        minimizes: ({ s }, dealt) => ({ classes: pixelCrossEntropy(pairOf(dealt, s)) }),
        watches: ({ s }, dealt) => ({ accuracy: pixelAccuracy(pairOf(dealt, s)) }),
      },
      a: {
        owns: ["a"],
        turns: block,
        learner: falling(adversaryLr),
        minimizes({ a, s }, dealt) {
          const pair = pairOf(dealt, (photo) => detach(s(photo)));
          const real = seenTrue(input, pair, { tau });
          return {
            true: saysWhich(a(real), 1),
            made: saysWhich(a(seenMade(input, pair)), 0),
            ...(penalty === 0
              ? {}
              : {
                  penalty: mean(gradientSquaredNorm((map) => oneLogit(a(map)), real)).times(
                    penalty,
                  ),
                }),
          };
        },
      },
      s: {
        owns: ["s"],
        turns: block,
        learner: falling(lr),
        minimizes({ a, s }, dealt) {
          const pair = pairOf(dealt, s);
          return {
            classes: pixelCrossEntropy(pair),
            fooling: saysWhich(a(seenMade(input, pair)), 1).times(lambda),
          };
        },
        watches: ({ s }, dealt) => ({ accuracy: pixelAccuracy(pairOf(dealt, s)) }),
      },
      t: {
        owns: ["t"],
        turns: block,
        learner: falling(lr),
        minimizes: ({ t }, dealt) => ({ classes: pixelCrossEntropy(pairOf(dealt, t)) }),
      },
    };
  },

  samples: ({ s }, { x }, { data }) => coloursOf(chosen(s(x)), checkMapped(data).legend),
  translates: ({ s }, given, { data }) => coloursOf(chosen(s(given)), checkMapped(data).legend),
  concludes: (look) => conclusion(look),
});
