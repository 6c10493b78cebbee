// A pair of networks for volumes, in the words of any system; the zoo will have the whole paper.
import {
  adam,
  batchNorm,
  chain,
  conv3d,
  count,
  deconv3d,
  defineSystem,
  detach,
  flatten,
  leakyRelu,
  linear,
  network,
  normal,
  normalWith,
  relu,
  saysFake,
  saysReal,
  tanh,
  unflatten,
} from "../dist/index.js";

/**
 * The networks of Wu et al. 2016, "Learning a Probabilistic Latent Space of Object Shapes via 3D
 * Generative-Adversarial Modeling", section 3.1: volumetric convolutions of 4×4×4 and stride 2.
 *
 *   D minimizes   E[−log D(x)] + E[−log(1 − D(G(z)))]
 *   G minimizes   E[−log D(G(z))]
 */
export const volumes = defineSystem("3d-gan", {
  cite: {
    title:
      "Learning a Probabilistic Latent Space of Object Shapes via 3D Generative-Adversarial Modeling",
    authors: "Wu, Zhang, Xue, Freeman, Tenenbaum",
    year: 2016,
    arxiv: "1610.07584",
    at: "section 3.1 and figure 1",
  },
  equations: ["D minimizes  E[−log D(x)] + E[−log(1 − D(G(z)))]", "G minimizes  E[−log D(G(z))]"],
  hyper: {
    latent: count(200, "numbers in z"),
    width: count(64, "channels at half of the full size; they double as the volume halves"),
    batch: count(16, "volumes in a batch"),
    group: count(16, "volumes normalized together"),
    rounds: count(1000, "rounds to play"),
  },
  networks({ latent, width }, { shape: [channels, side] }) {
    const widths = Array.from({ length: Math.log2(side / 4) }, (_, i) => width * 2 ** i);
    const deepest = widths.at(-1);
    const initial = normalWith(0.02);
    const options = { kernel: 4, stride: 2, initial, bias: false };
    // biome-ignore format: a table, kept as one
    return {
      G: network([latent], chain(
        linear(deepest * 4 ** 3, { initial, bias: false }),
        unflatten(deepest, 4, 4, 4), batchNorm(), relu,
        ...widths.slice(0, -1).reverse().flatMap((w) => [deconv3d(w, options), batchNorm(), relu]),
        deconv3d(channels, { ...options, bias: true }), tanh,
      )),
      D: network([channels, side, side, side], chain(
        ...widths.flatMap((w, i) => [conv3d(w, options), ...(i === 0 ? [] : [batchNorm()]), leakyRelu]),
        flatten, linear(1, { initial }),
      )),
    };
  },
  chance: ({ latent }, { items }) => ({ x: items, z: normal(latent) }),
  players: () => ({
    D: {
      owns: ["D"],
      learner: adam({ lr: 2e-4, beta1: 0.5 }),
      minimizes: ({ G, D }, { x, z }) => ({
        real: saysReal(D(x)),
        fake: saysFake(D(detach(G(z)))),
      }),
    },
    G: {
      owns: ["G"],
      learner: adam({ lr: 2e-4, beta1: 0.5 }),
      minimizes: ({ G, D }, { z }) => ({ fooling: saysReal(D(G(z))) }),
    },
  }),
  samples: ({ G }, { z }) => G(z),
});
