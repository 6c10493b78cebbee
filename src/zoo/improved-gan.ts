import { normal } from "../game/draws.js";
import { choice, count, real } from "../game/hyper.js";
import { network, tensor } from "../game/network.js";
import { defineSystem } from "../game/system.js";
import { gaussianNoise } from "../nn/gaussian-noise.js";
import { historicalAveraging } from "../nn/history.js";
import { normalWith } from "../nn/initializers.js";
import { chain } from "../nn/layer.js";
import { linear } from "../nn/linear.js";
import { crossEntropy, saysFake, saysReal } from "../nn/losses.js";
import { meansApart, ofAnyClass } from "../nn/matching.js";
import { adam } from "../nn/optimizers.js";
import { weightNorm } from "../nn/weight-norm.js";
import { concatenate, detach, reshape, slice } from "../tensor/operations.js";
import type { Tensor } from "../tensor/tensor.js";
import { checkClasses } from "./conditional/classes.js";
import { makesPictures, makesPoints, seesPictures, seesPoints } from "./improved-gan/networks.js";

/**
 * Improved techniques: six switches, each for a different illness of the game.
 *
 *   D minimizes   E[−α log D(x) − (1 − α) log(1 − D(x))] + E[−log(1 − D(G(z)))]    α: smoothing
 *   G minimizes   E[−log D(G(z))]  or  ‖E[f(x)] − E[f(G(z))]‖²                     matching
 *   both add      λ ‖θ − (1/t) Σ θᵢ‖²                                               history
 *   where         D(x) = head(f(x)), and f(x) may say how near x is to others beside it (minibatch);
 *                 G may be normalized by a fixed reference (norm: virtual)
 *
 * With `labels` D has a logit l_k for each of K classes, and is trained on a few labelled items too:
 *
 *   D minimizes   E[−log softmax(l(x))_c] + ½ E[−log D(x)] + ½ E[−log(1 − D(G(z)))]
 *   where         D(x) = Z / (Z + 1),   Z = Σ exp l_k(x)
 */
export const improvedGan = defineSystem("improved-gan", {
  cite: {
    title: "Improved Techniques for Training GANs",
    authors: "Salimans, Goodfellow, Zaremba, Cheung, Radford, Chen",
    year: 2016,
    arxiv: "1606.03498",
    at: "sections 3.1 to 3.5 and 5; networks of the authors' MNIST code",
  },
  equations: [
    "D minimizes  E[−α log D(x) − (1 − α) log(1 − D(x))] + E[−log(1 − D(G(z)))]",
    "G minimizes  E[−log D(G(z))]  or  ‖E[f(x)] − E[f(G(z))]‖²",
    "both add     λ ‖θ − (1/t) Σ θᵢ‖²",
    "with labels  D minimizes  E[−log softmax(l(x))_c] + ½ E[−log D(x)] + ½ E[−log(1 − D(G(z)))]",
    "             D(x) = Z / (Z + 1),  Z = Σ exp l_k(x)",
  ],
  hyper: {
    matching: choice("off", ["off", "on"], "whether G matches the means of what D sees"),
    minibatch: count(0, "features of how near items are to each other; 0 for none", {
      minimum: 0,
    }),
    history: real(0, "how strongly numbers are drawn to what they were on the average"),
    target: real(0.9, "what D should say of real items: below 1 is one-sided smoothing", {
      maximum: 1,
    }),
    norm: choice("batch", ["none", "batch", "virtual"], "what G's hidden layers are normalized by"),
    reference: count(32, "items of reference that virtual norms normalize with"),
    labels: count(0, "labelled items that D learns classes from; 0 for none", { minimum: 0 }),
    game: choice("on", ["on", "off"], "whether items without labels and made ones teach D too"),
    latent: count(100, "numbers in z"),
    units: count(500, "units of a hidden layer of G"),
    lr: real(3e-3, "learning rate"),
    beta1: real(0.5, "decay of the mean of gradients", { maximum: 0.999 }),
    average: count(40_000, "items after which an old value of D counts half; 0 keeps none", {
      minimum: 0,
    }),
    batch: count(100, "items in a batch", { unit: "items" }),
    group: count(100, "items that are seen together", { unit: "items" }),
    rounds: count(6000, "rounds to play", { unit: "rounds" }),
  },
  suits: ({ kind }) =>
    kind === "points"
      ? {
          ...{ latent: 2, units: 64, lr: 1e-3, norm: "none", target: 1, average: 0 },
          ...{ batch: 128, group: 128, rounds: 4000 },
        }
      : {},
  presets: {
    paper: {
      about: "MNIST with 100 labels by feature matching: 300 times all items (the authors' code)",
      hyper: {
        ...{ matching: "on", labels: 100, target: 1, norm: "batch" },
        ...{ average: 693_000, rounds: 180_000 },
      },
      data: { kind: "pictures", shape: [1, 28, 28], classes: 10, count: 60_000 },
    },
    small: { about: "28 × 28 in minutes on two cores", hyper: {} },
  },
  departs: [
    {
      from: "z uniform (the authors' code)",
      to: "normal",
      because: "it interpolates better and is the custom since",
    },
    {
      from: "D's weights scaled to its first batch (the authors' code)",
      to: "to a length of 1 for each unit",
      because: "first values here depend on the seed alone; minibatch features do see it",
    },
    {
      from: "lengths of D's weights fixed but for the last layer's (the authors' code)",
      to: "learned",
      because: "so Salimans & Kingma have them",
    },
    {
      from: "pixels in [0, 1] of a sigmoid",
      to: "[−1, 1] of tanh",
      because: "pictures are in [−1, 1] throughout",
    },
    {
      from: "labelled items in every class alike, the same for all seeds",
      to: "chosen by the seed of the run",
      because: "one seed says all of a run",
    },
  ],

  networks({ units, latent, reference, norm, minibatch, labels }, data) {
    if (labels > 0) checkClasses("improved-gan with labels", data);
    const { kind, shape, classes } = data;
    const sizes = { units, shape };
    const outputs = labels > 0 ? classes : 1;
    const isPoints = kind === "points";
    const seen = (isPoints ? seesPoints : seesPictures)(sizes, minibatch);
    const wide = network(shape, seen).built.output;
    const head = isPoints
      ? linear(outputs)
      : chain(gaussianNoise(0.5), weightNorm(linear(outputs, { initial: normalWith(0.1) })));
    return {
      G: network([latent], (isPoints ? makesPoints : makesPictures)(sizes, { norm, reference })),
      F: network(shape, seen),
      D: network(wide, head),
      R: tensor([reference, latent], normalWith(1)),
    };
  },

  chance: ({ latent, labels }, data) => ({
    ...{ x: data.items, z: normal(latent) },
    ...{ few: data.someItems(Math.max(1, labels)), c: data.someLabels(Math.max(1, labels)) },
  }),

  players: ({ matching, history, target, norm, labels, game, lr, beta1 }) => {
    const learner = historicalAveraging(adam({ lr, beta1 }), history);
    /** Logits of being real, from what D says of one class or of several. */
    const realness = (said: Tensor): Tensor =>
      labels > 0 ? ofAnyClass(said) : reshape(said, [said.shape[0]!]);
    const half = labels > 0 ? 0.5 : 1;
    return {
      D: {
        owns: ["F", "D"],
        learner,
        minimizes({ G, F, D, R }, { x, z, few, c }) {
          const known = labels > 0 ? { known: crossEntropy(D(F(few)), c) } : {};
          if (game === "off" && labels > 0) return known;
          const fake = detach(made(G, z, norm === "virtual" ? R : undefined));
          return {
            ...known,
            real: saysReal(realness(D(F(x))), { target }).times(half),
            fake: saysFake(realness(D(F(fake)))).times(half),
          };
        },
      },
      G: {
        owns: ["G"],
        learner,
        minimizes({ G, F, D, R }, { x, z }): Readonly<Record<string, Tensor>> {
          const seen = F(made(G, z, norm === "virtual" ? R : undefined));
          return matching === "on"
            ? { matching: meansApart(seen, F(x)) }
            : { fooling: saysReal(realness(D(seen))) };
        },
      },
    };
  },

  averages: ({ average }) =>
    average === 0 ? {} : { F: { halfLife: average }, D: { halfLife: average } },
  samples: ({ G }, { z }) => G(z),
  verdict({ F, D }, items, { hyper }) {
    const said = D(F(items));
    return hyper.labels > 0 ? ofAnyClass(said) : reshape(said, [items.shape[0]!]);
  },
});

/** What G makes of each z, after a reference where it is normalized by one. */
function made(G: (z: Tensor) => Tensor, z: Tensor, reference: Tensor | undefined): Tensor {
  if (reference === undefined) return G(z);
  const [first, all] = [reference.shape[0]!, reference.shape[0]! + z.shape[0]!];
  return slice(G(concatenate([detach(reference), z])), [{ start: first, end: all }]);
}
