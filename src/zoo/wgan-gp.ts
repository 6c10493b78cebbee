import { normal, uniform } from "../game/draws.js";
import { count, real } from "../game/hyper.js";
import { network } from "../game/network.js";
import { defineSystem } from "../game/system.js";
import { batchNorm } from "../nn/batch-norm.js";
import { conv, deconv } from "../nn/convolution.js";
import { kaiming } from "../nn/initializers.js";
import { chain, type Step } from "../nn/layer.js";
import { linear, unflatten } from "../nn/linear.js";
import { scoresHigh, scoresLow } from "../nn/losses.js";
import { adam } from "../nn/optimizers.js";
import { gradientNorm, lerp } from "../nn/penalties.js";
import { pyramid } from "../nn/pyramid.js";
import { linearFrom } from "../nn/schedules.js";
import {
  detach,
  flatten,
  leakyRelu,
  mean,
  relu,
  reshape,
  square,
  tanh,
} from "../tensor/operations.js";

/**
 * WGAN-GP: a critic kept 1-Lipschitz by a penalty on the norm of its gradient.
 *
 *   D minimizes   E[D(x̃)] − E[D(x)] + λ E[(‖∇D(x̂)‖₂ − 1)²]
 *   G minimizes  −E[D(x̃)]
 *   where         x̃ = G(z),   x̂ = ε x + (1 − ε) x̃,   ε ~ U[0, 1]
 */
export const wganGp = defineSystem("wgan-gp", {
  cite: {
    title: "Improved Training of Wasserstein GANs",
    authors: "Gulrajani, Ahmed, Arjovsky, Dumoulin, Courville",
    year: 2017,
    arxiv: "1704.00028",
    at: "Algorithm 1, equation 3; the authors' code for CIFAR-10 and for mixtures of Gaussians",
  },
  equations: [
    "D minimizes  E[D(G(z))] − E[D(x)] + λ E[(‖∇D(x̂)‖₂ − 1)²]",
    "G minimizes  −E[D(G(z))]",
    "where        x̂ = ε x + (1 − ε) G(z),  ε ~ U[0, 1]",
  ],
  hyper: {
    latent: count(128, "numbers in z"),
    width: count(32, "channels at half of the full size; they double as the picture halves"),
    units: count(128, "units of a hidden layer, for points"),
    lambda: real(10, "weight of the gradient penalty"),
    criticTurns: count(5, "turns of the critic in a round", { unit: "turns" }),
    lr: real(1e-4, "learning rate at the start"),
    lrEnd: real(1e-4, "learning rate at the end"),
    beta1: real(0, "decay of the mean of gradients", { maximum: 0.999 }),
    beta2: real(0.9, "decay of the mean of their squares", { maximum: 0.99999 }),
    batch: count(64, "items in a batch", { unit: "items" }),
    group: count(32, "items that a core works on at a time", { unit: "items" }),
    rounds: count(4000, "rounds to play", { unit: "rounds" }),
  },
  // λ and β₁ as in the authors' code for mixtures of Gaussians.
  suits: ({ kind }) =>
    kind === "points"
      ? {
          latent: 2,
          lambda: 0.1,
          beta1: 0.5,
          lr: 1e-3,
          lrEnd: 1e-5,
          batch: 128,
          group: 128,
          rounds: 10_000,
        }
      : {},
  departs: [
    {
      from: "128 channels at the largest size (the authors' code for CIFAR-10)",
      to: 32,
      because: "sized for minutes on a 2-core CPU",
    },
    {
      from: "5×5 kernels (the authors' code)",
      to: "4×4",
      because: "a multiple of the stride leaves no checkerboard",
    },
    {
      from: "first weights by He's rule for pictures (the authors' code)",
      to: "U(−1/√in, 1/√in)",
      because: "the layers' own; theirs was not tried on pictures",
    },
    {
      from: "G normalizes its batch whole (the authors' code)",
      to: "64 in groups of 32",
      because: "groups run on cores side by side, with the same result on any number of them",
    },
    {
      from: "for mixtures: 512 units, batch 256, lr 1e-4, 100,000 rounds (the authors' code)",
      to: "128 units, batch 128, lr 1e-3 falling to 1e-5, 10,000 rounds",
      because: "minutes instead of hours; without the fall modes keep coming and going",
    },
    {
      from: "mixtures scaled to unit variance (the authors' code)",
      to: "points as they are",
      because: "data are not changed in silence",
    },
  ],

  networks({ latent, width, units }, data) {
    const initial = (fanIn: number) => kaiming(fanIn);
    if (data.kind === "points") {
      const [d] = data.shape as readonly [number]; // points have one axis
      const hidden = (fanIn: number): Step[] => [linear(units, { initial: initial(fanIn) }), relu];
      return {
        G: network(
          [latent],
          chain(...hidden(latent), ...hidden(units), ...hidden(units), linear(d)),
        ),
        D: network(data.shape, chain(...hidden(d), ...hidden(units), ...hidden(units), linear(1))),
      };
    }
    const { channels, widths, deepest, smallest } = pyramid(data.shape, width);
    const options = { kernel: 4, stride: 2 };
    // biome-ignore format: a table, kept as one
    return {
      G: network([latent], chain(
        linear(deepest * smallest[0] * smallest[1], { bias: false }), unflatten(deepest, ...smallest), batchNorm(), relu,
        ...widths.slice(0, -1).reverse().flatMap((w) => [deconv(w, { ...options, bias: false }), batchNorm(), relu]),
        deconv(channels, options), tanh,
      )),
      // No normalization here: the penalty is on each item's own gradient (section 4).
      D: network(data.shape, chain(
        ...widths.flatMap((w) => [conv(w, options), leakyRelu]),
        flatten, linear(1),
      )),
    };
  },

  chance: ({ latent }, data) => ({ x: data.items, z: normal(latent), eps: uniform(1) }),

  players: ({ lambda, criticTurns, lr, lrEnd, beta1, beta2 }) => ({
    D: {
      owns: ["D"],
      turns: criticTurns,
      learner: adam({ lr: linearFrom({ from: lr, to: lrEnd }), beta1, beta2 }),
      minimizes({ G, D }, { x, z, eps }) {
        const fake = detach(G(z));
        const between = lerp(fake, x, eps);
        return {
          fake: scoresLow(D(fake)),
          real: scoresHigh(D(x)),
          penalty: mean(square(gradientNorm(D, between).minus(1))).times(lambda),
        };
      },
    },
    G: {
      owns: ["G"],
      learner: adam({ lr: linearFrom({ from: lr, to: lrEnd }), beta1, beta2 }),
      minimizes: ({ G, D }, { z }) => ({ fooling: scoresHigh(D(G(z))) }),
    },
  }),
  samples: ({ G }, { z }) => G(z),
  // Scores have no zero of their own: an item is real when it exceeds the mean of the table.
  verdict({ D }, items) {
    const scores = reshape(D(items), [items.shape[0]!]);
    return scores.minus(mean(scores));
  },
});
