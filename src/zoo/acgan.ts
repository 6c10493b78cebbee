import { normal } from "../game/draws.js";
import { count, real } from "../game/hyper.js";
import { network } from "../game/network.js";
import { defineSystem } from "../game/system.js";
import { batchNorm } from "../nn/batch-norm.js";
import { conv, deconv } from "../nn/convolution.js";
import { dropout } from "../nn/dropout.js";
import { embedding } from "../nn/embedding.js";
import { normalWith } from "../nn/initializers.js";
import { joinCondition } from "../nn/join-condition.js";
import { chain } from "../nn/layer.js";
import { linear, unflatten } from "../nn/linear.js";
import { crossEntropy, saysFake, saysReal } from "../nn/losses.js";
import { adam } from "../nn/optimizers.js";
import { pyramid } from "../nn/pyramid.js";
import { detach, flatten, leakyRelu, relu, reshape, slice, tanh } from "../tensor/operations.js";
import type { Tensor } from "../tensor/tensor.js";
import { checkClasses } from "./conditional/classes.js";

/**
 * AC-GAN: who makes items of a class that is asked for, against who tells real from made and, of
 * both, which class they are.
 *
 *   D minimizes   L_S + L_C
 *   G minimizes   E[−log S(G(z, y))] + E[−log C_y(G(z, y))]
 *   where         L_S = E[−log S(x)] + E[−log(1 − S(G(z, y)))]
 *                 L_C = E[−log C_c(x)] + E[−log C_y(G(z, y))]
 *                 S and C are the two answers of D: real, and which class; c is the class of x
 */
export const acgan = defineSystem("acgan", {
  cite: {
    title: "Conditional Image Synthesis With Auxiliary Classifier GANs",
    authors: "Odena, Olah, Shlens",
    year: 2017,
    arxiv: "1610.09585",
    at: "section 3, equations 2 and 3; appendix A, table 2 (networks and training for 32 × 32)",
  },
  equations: [
    "D minimizes  L_S + L_C",
    "G minimizes  E[−log S(G(z, y))] + E[−log C_y(G(z, y))]",
    "where        L_S = E[−log S(x)] + E[−log(1 − S(G(z, y)))]",
    "             L_C = E[−log C_c(x)] + E[−log C_y(G(z, y))]",
    "             S and C are D's two answers: real, and which class; c is the class of x",
  ],
  hyper: {
    latent: count(64, "numbers in z"),
    width: count(16, "channels of G at half of the full size; they double as the picture halves"),
    discriminatorWidth: count(8, "channels of D at first; they double with each convolution"),
    units: count(128, "units of a hidden layer, for points"),
    dropout: real(0.25, "part of D's numbers that is dropped", { maximum: 0.99 }),
    classes: real(1, "weight of which class it is, for both"),
    lr: real(2e-4, "learning rate"),
    beta1: real(0.5, "decay of the mean of gradients", { maximum: 0.999 }),
    batch: count(64, "items in a batch", { unit: "items" }),
    group: count(32, "items normalized together", { unit: "items" }),
    rounds: count(4000, "rounds to play", { unit: "rounds" }),
  },
  suits: ({ kind }) =>
    kind === "points"
      ? { latent: 2, lr: 1e-3, dropout: 0, batch: 128, group: 128, rounds: 10_000 }
      : {},
  presets: {
    paper: {
      about: "CIFAR-10: 100 pictures in a batch, 50,000 rounds (appendix A, table 2)",
      hyper: {
        ...{ latent: 100, width: 96, discriminatorWidth: 16, dropout: 0.5, lr: 2e-4 },
        ...{ batch: 100, group: 100, rounds: 50_000 },
      },
      data: { kind: "pictures", shape: [3, 32, 32], classes: 10, count: 50_000 },
    },
    small: { about: "28 × 28 to 32 × 32 in minutes on two cores", hyper: {} },
  },
  departs: [
    {
      from: "96 channels of G, 16 of D, z of 100 numbers (table 2)",
      to: "16, 8, 64",
      because: "sized for minutes on a 2-core CPU; --preset paper has the paper's",
    },
    {
      from: "half of D's numbers dropped (table 2)",
      to: 0.25,
      because: "thousands of rounds instead of fifty thousand",
    },
    {
      from: "batch 100, normalized whole (table 2)",
      to: "64 in groups of 32",
      because: "groups run on cores side by side, with the same result on any number of them",
    },
    {
      from: "the class as an indicator beside z (section 3)",
      to: "as a learned vector of as many numbers",
      because: "G's first layer multiplies it by a matrix of its own in either case",
    },
    {
      from: "noise on D's numbers, of a deviation searched for (table 2)",
      to: "none",
      because: "none is among the values that the paper searches",
    },
    {
      from: "pictures only",
      to: "four linear layers each for points",
      because: "the game is worth seeing in the plane",
    },
  ],

  networks({ latent, width, discriminatorWidth, units, dropout: dropped }, data) {
    checkClasses("acgan", data);
    const { classes } = data;
    const told = joinCondition(embedding(classes, classes));
    if (data.kind === "points") {
      const hidden = [linear(units), relu, linear(units), relu, linear(units), relu];
      const judging = [linear(units), leakyRelu, linear(units), leakyRelu];
      return {
        G: network([latent], chain(told, ...hidden, linear(data.shape[0]!)), {
          condition: "labels",
        }),
        D: network(data.shape, chain(...judging, linear(1 + classes))),
      };
    }
    const { channels, widths, deepest, smallest } = pyramid(data.shape, width);
    const initial = normalWith(0.02);
    const double = { kernel: 5, stride: 2, outputPadding: 1, initial };
    const strided = (halves: boolean) => ({ stride: halves ? 2 : 1, initial });
    // biome-ignore format: a table, kept as one
    return {
      G: network([latent], chain(
        told, linear(deepest * smallest[0] * smallest[1], { initial }), unflatten(deepest, ...smallest), relu,
        ...widths.slice(0, -1).reverse().flatMap((w) => [deconv(w, { ...double, bias: false }), batchNorm(), relu]),
        deconv(channels, double), tanh,
      ), { condition: "labels" }),
      D: network(data.shape, chain(
        ...widths.flatMap((_, i) => [4 ** i, 2 * 4 ** i].flatMap((times, k) => [
          conv(Math.min(512, discriminatorWidth * times), { ...strided(k === 0), bias: i + k === 0 }),
          ...(i + k === 0 ? [] : [batchNorm()]), leakyRelu, dropout(dropped),
        ])),
        flatten, linear(1 + classes, { initial }),
      )),
    };
  },

  chance: ({ latent }, data) => ({
    ...{ x: data.items, c: data.labels },
    ...{ z: normal(latent), y: data.anyLabels },
  }),

  players: ({ classes, lr, beta1 }) => ({
    D: {
      owns: ["D"],
      learner: adam({ lr, beta1 }),
      minimizes({ G, D }, { x, c, z, y }) {
        const [onReal, onFake] = [answers(D(x)), answers(D(detach(G(z, y))))];
        return {
          real: saysReal(onReal.source),
          fake: saysFake(onFake.source),
          realClass: crossEntropy(onReal.classes, c).times(classes),
          fakeClass: crossEntropy(onFake.classes, y).times(classes),
        };
      },
    },
    G: {
      owns: ["G"],
      learner: adam({ lr, beta1 }),
      minimizes({ G, D }, { z, y }) {
        const { source, classes: said } = answers(D(G(z, y)));
        return { fooling: saysReal(source), class: crossEntropy(said, y).times(classes) };
      },
    },
  }),
  samples: ({ G }, { z, y }) => G(z, y),
  verdict: ({ D }, items) => reshape(answers(D(items)).source, [items.shape[0]!]),
});

/** What D says of each item: a logit of being real `[b 1]`, and one of each class `[b k]`. */
function answers(said: Tensor): Readonly<Record<"source" | "classes", Tensor>> {
  const [b, count] = said.shape as readonly [number, number]; // D ends in a linear layer
  return {
    source: slice(said, [
      { start: 0, end: b },
      { start: 0, end: 1 },
    ]),
    classes: slice(said, [
      { start: 0, end: b },
      { start: 1, end: count },
    ]),
  };
}
