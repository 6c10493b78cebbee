import { normal } from "../game/draws.js";
import { count, real } from "../game/hyper.js";
import { network } from "../game/network.js";
import { defineSystem } from "../game/system.js";
import { batchNorm } from "../nn/batch-norm.js";
import { embedding } from "../nn/embedding.js";
import { xavierUniform } from "../nn/initializers.js";
import { joinCondition } from "../nn/join-condition.js";
import { chain } from "../nn/layer.js";
import { linear, unflatten } from "../nn/linear.js";
import { clearlyFake, clearlyReal, scoresHigh } from "../nn/losses.js";
import { adam } from "../nn/optimizers.js";
import { globalSum } from "../nn/pools.js";
import { projection } from "../nn/projection.js";
import { pyramid } from "../nn/pyramid.js";
import { linearFrom } from "../nn/schedules.js";
import { spectralNorm } from "../nn/spectral-norm.js";
import { detach, relu, tanh } from "../tensor/operations.js";
import { checkClasses } from "./conditional/classes.js";
import { conv, deeper, first, higher } from "./conditional/residual.js";

/**
 * Projection discriminator: a label meets what D sees in an inner product, as it would if what is
 * real of each class were told from what is made by a ratio of likelihoods.
 *
 *   D minimizes   E[max(0, 1 − D(x, c))] + E[max(0, 1 + D(G(z, y), y))]
 *   G minimizes   −E[D(G(z, y), y)]
 *   where         D(x, y) = ψ(φ(x)) + ⟨e_y, φ(x)⟩, all of it made of layers W / σ(W)
 *                 G normalizes its batch, with a scale and a shift of each class
 */
export const projectionGan = defineSystem("projection-gan", {
  cite: {
    title: "cGANs with Projection Discriminator",
    authors: "Miyato, Koyama",
    year: 2018,
    arxiv: "1802.05637",
    at: "section 3, equation 4 and figure 1; appendix A, figures 14 and 15 (networks)",
  },
  equations: [
    "D minimizes  E[max(0, 1 − D(x, c))] + E[max(0, 1 + D(G(z, y), y))]",
    "G minimizes  −E[D(G(z, y), y)]",
    "where        D(x, y) = ψ(φ(x)) + ⟨e_y, φ(x)⟩, all of it made of layers W / σ(W)",
    "             G normalizes its batch, with a scale and a shift of each class",
  ],
  hyper: {
    latent: count(64, "numbers in z"),
    width: count(16, "channels of both networks at the full size; up to sixteen times as many"),
    units: count(128, "units of a hidden layer, for points"),
    discriminatorTurns: count(1, "turns of D in a round", { unit: "turns" }),
    lr: real(5e-4, "learning rate"),
    still: real(0.5, "part of the run after which the learning rate falls to 0", {
      maximum: 0.99,
    }),
    beta1: real(0, "decay of the mean of gradients", { maximum: 0.999 }),
    beta2: real(0.9, "decay of the mean of their squares", { maximum: 0.99999 }),
    batch: count(32, "items in a batch", { unit: "items" }),
    group: count(16, "items normalized together", { unit: "items" }),
    rounds: count(3000, "rounds to play", { unit: "rounds" }),
  },
  suits: ({ kind }) =>
    kind === "points"
      ? { latent: 2, lr: 1e-3, discriminatorTurns: 1, batch: 128, group: 128, rounds: 10_000 }
      : {},
  presets: {
    paper: {
      about: "ImageNet at 128 × 128: five turns of D in a round (section 5, appendix A)",
      hyper: {
        ...{ latent: 128, width: 64, discriminatorTurns: 5, lr: 2e-4, still: 400 / 450 },
        ...{ batch: 64, group: 64, rounds: 450_000 },
      },
      data: { kind: "pictures", shape: [3, 128, 128], classes: 1000, count: 1_281_167 },
    },
    small: { about: "28 × 28 to 32 × 32 in minutes on two cores", hyper: {} },
  },
  departs: [
    {
      from: "width 64, z of 128 numbers, for 128 × 128 (appendix A)",
      to: "16, 64",
      because: "sized for minutes on a 2-core CPU; --preset paper has the paper's",
    },
    {
      from: "five turns of D in a round, lr 2e-4 (section 5)",
      to: "one, 5e-4",
      because: "thousands of rounds instead of 450,000",
    },
    {
      from: "a batch of 64, normalized whole (section 5)",
      to: "32 in groups of 16",
      because: "groups run on cores side by side, with the same result on any number of them",
    },
    {
      from: "G learns from 32 pictures of each of its batches on several devices (the authors' code)",
      to: "from as many as D",
      because: "a batch is one number in every game here",
    },
    {
      from: "pictures only",
      to: "four linear layers each for points",
      because: "the game is worth seeing in the plane",
    },
  ],

  networks({ latent, width, units }, data) {
    checkClasses("projection-gan", data);
    const { classes } = data;
    const judgement = projection(classes, { through: spectralNorm });
    if (data.kind === "points") {
      const told = joinCondition(embedding(classes, classes));
      const hidden = [linear(units), relu, linear(units), relu, linear(units), relu];
      const judging = [0, 1, 2].flatMap(() => [spectralNorm(linear(units)), relu]);
      return {
        G: network([latent], chain(told, ...hidden, linear(data.shape[0]!)), {
          condition: "labels",
        }),
        D: network(data.shape, chain(...judging, judgement), { condition: "labels" }),
      };
    }
    const { channels, widths, deepest, smallest } = pyramid(data.shape, width);
    const area = deepest * smallest[0] * smallest[1];
    // biome-ignore format: a table, kept as one
    return {
      G: network([latent], chain(
        linear(area, { initial: xavierUniform(latent, area) }), unflatten(deepest, ...smallest),
        ...[...widths].reverse().map((w) => higher(w, classes)),
        batchNorm(), relu, conv(channels), tanh,
      ), { condition: "labels" }),
      D: network(data.shape, chain(
        first(width), ...widths.slice(1).map((w) => deeper(w)), deeper(deepest, { halves: false }),
        relu, globalSum(), judgement,
      ), { condition: "labels" }),
    };
  },

  chance: ({ latent }, data) => ({
    ...{ x: data.items, c: data.labels },
    ...{ z: normal(latent), y: data.anyLabels },
  }),

  players: ({ discriminatorTurns, lr, still, beta1, beta2 }) => {
    const learner = adam({ lr: linearFrom({ from: lr, to: 0, since: still }), beta1, beta2 });
    return {
      D: {
        owns: ["D"],
        turns: discriminatorTurns,
        learner,
        minimizes: ({ G, D }, { x, c, z, y }) => ({
          real: clearlyReal(D(x, c)),
          fake: clearlyFake(D(detach(G(z, y)), y)),
        }),
      },
      G: {
        owns: ["G"],
        learner,
        minimizes: ({ G, D }, { z, y }) => ({ fooling: scoresHigh(D(G(z, y), y)) }),
      },
    };
  },
  samples: ({ G }, { z, y }) => G(z, y),
});
