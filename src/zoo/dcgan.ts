import { normal } from "../game/draws.js";
import { count, real } from "../game/hyper.js";
import { network } from "../game/network.js";
import { defineSystem } from "../game/system.js";
import { batchNorm } from "../nn/batch-norm.js";
import { conv, deconv } from "../nn/convolution.js";
import { normalWith } from "../nn/initializers.js";
import { chain, type Step } from "../nn/layer.js";
import { linear, unflatten } from "../nn/linear.js";
import { saysFake, saysReal } from "../nn/losses.js";
import { adam } from "../nn/optimizers.js";
import { pyramid } from "../nn/pyramid.js";
import { ConfigurationError } from "../shape/error.js";
import { detach, flatten, leakyRelu, relu, reshape, tanh } from "../tensor/operations.js";

/**
 * DCGAN: strided convolutions, batch normalization, no pooling and no hidden linear layers.
 *
 *   D minimizes   E[−log D(x)] + E[−log(1 − D(G(z)))]
 *   G minimizes   E[−log D(G(z))]
 */
export const dcgan = defineSystem("dcgan", {
  cite: {
    title:
      "Unsupervised Representation Learning with Deep Convolutional Generative Adversarial Networks",
    authors: "Radford, Metz, Chintala",
    year: 2016,
    arxiv: "1511.06434",
    at: "section 3 (architecture guidelines), section 4 (training), figure 1",
  },
  equations: ["D minimizes  E[−log D(x)] + E[−log(1 − D(G(z)))]", "G minimizes  E[−log D(G(z))]"],
  hyper: {
    latent: count(100, "numbers in z"),
    width: count(32, "channels at half of the full size; they double as the picture halves"),
    lr: real(2e-4, "learning rate"),
    beta1: real(0.5, "decay of the mean of gradients", { maximum: 0.999 }),
    batch: count(64, "pictures in a batch", { unit: "pictures" }),
    group: count(32, "pictures normalized together", { unit: "pictures" }),
    rounds: count(4000, "rounds to play", { unit: "rounds" }),
  },
  departs: [
    {
      from: "width 128 (figure 1)",
      to: 32,
      because: "sized for minutes on a 2-core CPU",
    },
    {
      from: "batch 128, normalized whole (section 4)",
      to: "64 in groups of 32",
      because: "groups run on cores side by side, with the same result on any number of them",
    },
    {
      from: "5×5 kernels (figure 1)",
      to: "4×4",
      because: "a multiple of the stride leaves no checkerboard",
    },
    {
      from: "z uniform (section 4)",
      to: "normal",
      because: "it interpolates better and is the custom since",
    },
  ],

  networks({ latent, width }, data) {
    if (data.kind !== "pictures") {
      const hint = "use gan or r3gan for points";
      throw new ConfigurationError({ op: "data", why: "dcgan needs pictures", hint });
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
        real: saysReal(D(x)),
        fake: saysFake(D(detach(G(z)))),
      }),
    },
    G: {
      owns: ["G"],
      learner: adam({ lr, beta1 }),
      minimizes: ({ G, D }, { z }) => ({ fooling: saysReal(D(G(z))) }),
    },
  }),
  samples: ({ G }, { z }) => G(z),
  verdict: ({ D }, items) => reshape(D(items), [items.shape[0]!]),
});
