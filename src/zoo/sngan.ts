import { normal } from "../game/draws.js";
import { choice, count, real } from "../game/hyper.js";
import { network } from "../game/network.js";
import { defineSystem } from "../game/system.js";
import { batchNorm } from "../nn/batch-norm.js";
import { conv, deconv } from "../nn/convolution.js";
import { normalWith } from "../nn/initializers.js";
import { chain, type Layer } from "../nn/layer.js";
import { linear, unflatten } from "../nn/linear.js";
import { clearlyFake, clearlyReal, saysFake, saysReal, scoresHigh } from "../nn/losses.js";
import { adam } from "../nn/optimizers.js";
import { pyramid } from "../nn/pyramid.js";
import { spectralNorm } from "../nn/spectral-norm.js";
import { detach, flatten, leakyRelu, relu, reshape, tanh } from "../tensor/operations.js";
import type { Tensor } from "../tensor/tensor.js";

/**
 * SNGAN: every layer of the discriminator is divided by its spectral norm, which bounds how fast
 * the whole of it can change.
 *
 *   D minimizes   E[−log σ(D(x))] + E[−log(1 − σ(D(G(z))))]        loss "log"
 *   G minimizes   E[−log σ(D(G(z)))]
 *   D minimizes   E[max(0, 1 − D(x))] + E[max(0, 1 + D(G(z)))]     loss "hinge"
 *   G minimizes  −E[D(G(z))]
 *   where         D is made of layers W / σ(W),   σ(W) = max ‖W h‖ over ‖h‖ ≤ 1
 */
export const sngan = defineSystem("sngan", {
  cite: {
    title: "Spectral Normalization for Generative Adversarial Networks",
    authors: "Miyato, Kataoka, Koyama, Yoshida",
    year: 2018,
    arxiv: "1802.05957",
    at: "equations 8, 16 and 17, Algorithm 1, table 3 (architecture), setting C of table 1",
  },
  equations: [
    "D minimizes  E[−log σ(D(x))] + E[−log(1 − σ(D(G(z))))]     loss log",
    "G minimizes  E[−log σ(D(G(z)))]",
    "D minimizes  E[max(0, 1 − D(x))] + E[max(0, 1 + D(G(z)))]  loss hinge",
    "G minimizes  −E[D(G(z))]",
    "where        D is made of layers W / σ(W), σ the largest singular value",
  ],
  hyper: {
    latent: count(128, "numbers in z"),
    width: count(16, "channels at the full size; they double as the picture halves"),
    units: count(128, "units of a hidden layer, for points"),
    loss: choice("log", ["log", "hinge"], "what D and G minimize"),
    discriminatorTurns: count(1, "turns of D in a round", { unit: "turns" }),
    lr: real(2e-4, "learning rate"),
    beta1: real(0.5, "decay of the mean of gradients", { maximum: 0.999 }),
    beta2: real(0.999, "decay of the mean of their squares", { maximum: 0.99999 }),
    batch: count(64, "items in a batch", { unit: "items" }),
    group: count(32, "items that a core works on at a time", { unit: "items" }),
    rounds: count(4000, "rounds to play", { unit: "rounds" }),
  },
  suits: ({ kind }) =>
    kind === "points" ? { latent: 2, lr: 1e-3, batch: 128, group: 128, rounds: 20_000 } : {},
  departs: [
    {
      from: "width 64 (table 3)",
      to: 16,
      because: "sized for minutes on a 2-core CPU",
    },
    {
      from: "G normalizes its batch whole",
      to: "64 in groups of 32",
      because: "groups run on cores side by side, with the same result on any number of them",
    },
    {
      from: "pictures only",
      to: "four linear layers each for points",
      because: "the game is worth seeing in the plane",
    },
  ],

  networks({ latent, width, units }, data) {
    if (data.kind === "points") {
      const hidden = [linear(units), relu, linear(units), relu, linear(units), relu];
      const normed = (out: number): Layer => spectralNorm(linear(out));
      // biome-ignore format: a table, kept as one
      return {
        G: network([latent], chain(...hidden, linear(data.shape[0]!))),
        D: network(data.shape, chain(
          normed(units), slopeTenth, normed(units), slopeTenth, normed(units), slopeTenth, normed(1),
        )),
      };
    }
    const { channels, widths, deepest, smallest } = pyramid(data.shape, width);
    const top = 2 * deepest;
    const initial = normalWith(0.02);
    const double = { kernel: 4, stride: 2, initial };
    // biome-ignore format: a table, kept as one
    return {
      G: network([latent], chain(
        linear(top * smallest[0] * smallest[1], { initial }), unflatten(top, ...smallest),
        ...[...widths].reverse().flatMap((w) => [deconv(w, { ...double, bias: false }), batchNorm(), relu]),
        conv(channels, { initial }), tanh,
      )),
      D: network(data.shape, chain(
        ...widths.flatMap((w) => [
          spectralNorm(conv(w, { initial })), slopeTenth,
          spectralNorm(conv(w, double)), slopeTenth,
        ]),
        spectralNorm(conv(top, { initial })), slopeTenth,
        flatten, spectralNorm(linear(1, { initial })),
      )),
    };
  },

  chance: ({ latent }, data) => ({ x: data.items, z: normal(latent) }),

  players: ({ loss, discriminatorTurns, lr, beta1, beta2 }) => ({
    D: {
      owns: ["D"],
      turns: discriminatorTurns,
      learner: adam({ lr, beta1, beta2 }),
      minimizes({ G, D }, { x, z }) {
        const [onReal, onFake] = [D(x), D(detach(G(z)))];
        return loss === "log"
          ? { real: saysReal(onReal), fake: saysFake(onFake) }
          : { real: clearlyReal(onReal), fake: clearlyFake(onFake) };
      },
    },
    G: {
      owns: ["G"],
      learner: adam({ lr, beta1, beta2 }),
      minimizes({ G, D }, { z }) {
        const onFake = D(G(z));
        return { fooling: loss === "log" ? saysReal(onFake) : scoresHigh(onFake) };
      },
    },
  }),
  samples: ({ G }, { z }) => G(z),
  verdict: ({ D }, items) => reshape(D(items), [items.shape[0]!]),
});

/** Leaky ReLU as in table 3. */
function slopeTenth(x: Tensor): Tensor {
  return leakyRelu(x, 0.1);
}
