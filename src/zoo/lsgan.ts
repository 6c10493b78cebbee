import { normal } from "../game/draws.js";
import { count, real } from "../game/hyper.js";
import { network } from "../game/network.js";
import { defineSystem } from "../game/system.js";
import { batchNorm } from "../nn/batch-norm.js";
import { conv, deconv } from "../nn/convolution.js";
import { normalWith } from "../nn/initializers.js";
import { chain, type Step } from "../nn/layer.js";
import { linear, unflatten } from "../nn/linear.js";
import { matches } from "../nn/losses.js";
import { adam } from "../nn/optimizers.js";
import { pyramid } from "../nn/pyramid.js";
import { detach, flatten, leakyRelu, relu, reshape, tanh } from "../tensor/operations.js";

/**
 * LSGAN: a discriminator that regresses on 1 and 0, so that fakes it is sure of still pull on G.
 *
 *   D minimizes   ½ E[(D(x) − 1)²] + ½ E[D(G(z))²]
 *   G minimizes   ½ E[(D(G(z)) − 1)²]
 */
export const lsgan = defineSystem("lsgan", {
  cite: {
    title: "Least Squares Generative Adversarial Networks",
    authors: "Mao, Li, Xie, Lau, Wang, Smolley",
    year: 2017,
    arxiv: "1611.04076",
    at: "equation 9 (a = 0, b = c = 1), section 3.3 and figure 3 (architecture), section 4 (training)",
  },
  equations: ["D minimizes  ½ E[(D(x) − 1)²] + ½ E[D(G(z))²]", "G minimizes  ½ E[(D(G(z)) − 1)²]"],
  hyper: {
    latent: count(100, "numbers in z"),
    width: count(32, "channels at half of the full size; they double as the picture halves"),
    units: count(128, "units of a hidden layer, for points"),
    lr: real(2e-4, "learning rate"),
    beta1: real(0.5, "decay of the mean of gradients", { maximum: 0.999 }),
    batch: count(64, "items in a batch", { unit: "items" }),
    group: count(32, "items normalized together", { unit: "items" }),
    rounds: count(4000, "rounds to play", { unit: "rounds" }),
  },
  suits: ({ kind }) =>
    kind === "points" ? { latent: 2, lr: 1e-3, batch: 128, group: 128, rounds: 20_000 } : {},
  departs: [
    {
      from: "7×7×256 and up to 112×112, with layers between the strides (figure 3)",
      to: "one strided layer a size, 32 channels at half of the full size",
      because: "sized for minutes on a 2-core CPU, and for any size",
    },
    {
      from: "5×5 kernels (figure 3)",
      to: "4×4",
      because: "a multiple of the stride leaves no checkerboard",
    },
    {
      from: "z of 1,024 numbers (figure 3)",
      to: 100,
      because: "as DCGAN, whose networks these are",
    },
    {
      from: "lr 1e-3 for scenes, 2e-4 for characters (section 4)",
      to: "2e-4; 1e-3 for points",
      because: "one default for all pictures",
    },
    {
      from: "batch normalized whole",
      to: "64 in groups of 32",
      because: "groups run on cores side by side, with the same result on any number of them",
    },
  ],

  networks({ latent, width, units }, data) {
    if (data.kind === "points") {
      // Three linear layers each, as for the mixture of section 4.2.
      return {
        G: network(
          [latent],
          chain(linear(units), relu, linear(units), relu, linear(data.shape[0]!)),
        ),
        D: network(data.shape, chain(linear(units), relu, linear(units), relu, linear(1))),
      };
    }
    const { channels, widths, deepest, smallest } = pyramid(data.shape, width);
    const initial = normalWith(0.02);
    const norm = (): Step => batchNorm({ initial: normalWith(0.02, 1) });
    const options = { kernel: 4, stride: 2, initial, bias: false };
    // biome-ignore format: a table, kept as one
    return {
      G: network([latent], chain(
        linear(deepest * smallest[0] * smallest[1], { initial, bias: false }),
        unflatten(deepest, ...smallest), norm(), relu,
        ...widths.slice(0, -1).reverse().flatMap((w) => [deconv(w, options), norm(), relu]),
        deconv(channels, { ...options, bias: true }), tanh,
      )),
      D: network(data.shape, chain(
        ...widths.flatMap((w, i) => [conv(w, options), ...(i === 0 ? [] : [norm()]), leakyRelu]),
        flatten, linear(1, { initial }),
      )),
    };
  },

  chance: ({ latent }, data) => ({ x: data.items, z: normal(latent) }),

  players: ({ lr, beta1 }) => ({
    D: {
      owns: ["D"],
      learner: adam({ lr, beta1 }),
      minimizes: ({ G, D }, { x, z }) => ({
        real: matches(D(x), 1),
        fake: matches(D(detach(G(z))), 0),
      }),
    },
    G: {
      owns: ["G"],
      learner: adam({ lr, beta1 }),
      minimizes: ({ G, D }, { z }) => ({ fooling: matches(D(G(z)), 1) }),
    },
  }),
  samples: ({ G }, { z }) => G(z),
  // D says 1 for real and 0 for fake; half-way it does not know.
  verdict: ({ D }, items) => reshape(D(items), [items.shape[0]!]).minus(0.5),
});
