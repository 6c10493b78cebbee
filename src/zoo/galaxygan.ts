import { normal } from "../game/draws.js";
import { choice, count, real } from "../game/hyper.js";
import { network } from "../game/network.js";
import { defineSystem } from "../game/system.js";
import { saysFake, saysReal } from "../nn/losses.js";
import { adam } from "../nn/optimizers.js";
import { type PatchField, patchDiscriminator } from "../nn/patch-discriminator.js";
import { linearFrom } from "../nn/schedules.js";
import { ConfigurationError } from "../shape/error.js";
import { abs, concatenate, detach, mean } from "../tensor/operations.js";
import type { Tensor } from "../tensor/tensor.js";
import { concludes } from "./galaxygan/conclusion.js";
import { degradeIn, fluxIn } from "./galaxygan/degrade.js";
import { residualGenerator, uNetGenerator } from "./galaxygan/networks.js";

/**
 * GalaxyGAN: a generator restores pictures of galaxies from what a worse sky left of them; a
 * discriminator sees either beside what was left, and tells restored from original.
 *
 *   D minimizes   E[−log D(x, y)] + E[−log(1 − D(G(y), y))]
 *   G minimizes   w E[−log D(G(y), y)] + λ E|x − G(y)| + μ E|f̄ − s⁻¹(G(y))‾|
 *   where         y = s(h ∗ f + √v n),   x = s(f),   s(f) = asinh(10 (f + 0.1) / 4.1) / 3,
 *                 f is flux, h a Gaussian, n ~ N(0, 1) the same in all bands,
 *                 v = max((σ s₀)² − s₁², 10⁻⁸) makes the sky σ times as noisy as it was,
 *                 and a bar is the mean of a picture: all its light
 */
export const galaxygan = defineSystem("galaxygan", {
  cite: {
    title:
      "Generative Adversarial Networks recover features in astrophysical images of galaxies beyond the deconvolution limit",
    authors: "Schawinski, Zhang, Zhang, Fowler, Santhanam",
    year: 2017,
    arxiv: "1702.00403",
    at: "section 2, and the programs roou.m and train.sh beside the paper",
  },
  equations: [
    "D minimizes  E[−log D(x, y)] + E[−log(1 − D(G(y), y))]",
    "G minimizes  w E[−log D(G(y), y)] + λ E|x − G(y)| + μ E|f̄ − s⁻¹(G(y))‾|",
    "where        y = s(h ∗ f + √v n), x = s(f), s(f) = asinh(10 (f + 0.1) / 4.1) / 3,",
    "             v makes the sky σ times as noisy, and a bar is a picture's mean",
  ],
  hyper: {
    seeing: real(1.4, "width of h at half of its height", { unit: "arc seconds" }),
    noise: real(2, "noise of the sky σ, as a multiple of the original's"),
    generator: choice("residual", ["residual", "u-net"], "what restores"),
    width: count(32, "channels of the generator; of a U-Net, those of its first convolution"),
    depth: count(5, "pairs of convolutions of a residual generator"),
    field: choice("34", ["16", "34", "70"], "pixels a side that one logit of D sees"),
    judgeWidth: count(16, "channels of the first convolution of D"),
    lambda: real(100, "weight λ of the absolute error"),
    conserving: real(40, "weight μ of the error of a picture's mean flux"),
    adversarial: real(1, "weight w of fooling D; with 0 there is no D in the game"),
    turns: count(1, "turns of D in a round"),
    lr: real(1e-3, "learning rate at the start"),
    left: real(0.02, "share of the learning rate that is left at the end", { maximum: 1 }),
    beta1: real(0.5, "decay of the mean of gradients", { maximum: 0.999 }),
    batch: count(16, "pictures in a batch", { unit: "pictures" }),
    group: count(8, "pictures that are seen together", { unit: "pictures" }),
    rounds: count(1500, "rounds to play", { unit: "rounds" }),
  },
  data: "galaxies",
  presets: {
    paper: {
      about: "pix2pix's networks and learning, as in the paper, for pictures of 424 × 424",
      hyper: {
        noise: 1.2,
        generator: "u-net",
        width: 64,
        field: "70",
        judgeWidth: 64,
        lr: 2e-4,
        conserving: 0,
        left: 1,
        batch: 1,
        group: 1,
        rounds: 81_900,
      },
      data: { kind: "pictures", shape: [3, 424, 424], classes: 0, count: 4095 },
    },
    small: { about: "48 × 48 in minutes on two cores", hyper: {} },
    "l1-only": {
      about: "the small networks without a discriminator: what the absolute error alone restores",
      hyper: { adversarial: 0 },
    },
  },
  departs: [
    {
      from: "pix2pix's U-Net, 54.4 million parameters",
      to: "residual convolutions at half of the size, 0.1 million",
      because: "sized for minutes on a 2-core CPU; --preset paper has the U-Net",
    },
    {
      from: "noise 1.2 times that of the original (roou.m)",
      to: 2,
      because: "harder, so that a few hundred pictures tell methods apart",
    },
    {
      from: "Adam at 2e-4 for 20 epochs with batches of 1 (train.sh)",
      to: "1e-3, falling linearly to 2e-5, 1,500 rounds with batches of 16",
      because: "a small network learns faster",
    },
    {
      from: "absolute error alone beside the discriminator",
      to: "an error of each picture's mean flux as well",
      because: "the absolute error alone restores too little light",
    },
    {
      from: "sides are halved upwards when they are odd",
      to: "the U-Net's picture is continued to a multiple of 256",
      because: "424 cannot be halved eight times; parameters are the same",
    },
  ],

  networks: ({ generator, width, depth, field, judgeWidth }, { kind, shape }) => {
    if (kind !== "pictures") {
      const hint = "such as galaxies, or a folder of FITS files";
      throw new ConfigurationError({ op: "data", why: "galaxygan needs pictures", hint });
    }
    const [channels, ...sides] = shape as readonly [number, number, number]; // pictures
    const makes =
      generator === "u-net"
        ? uNetGenerator(channels, width)
        : residualGenerator(channels, width, depth);
    return {
      G: network(shape, makes),
      D: network(
        [2 * channels, ...sides],
        patchDiscriminator({ field: Number(field) as PatchField, width: judgeWidth }), // one of these
      ),
    };
  },

  chance: (_, { items, shape }) => ({ x: items, n: normal(1, shape[1]!, shape[2]!) }),

  players: ({ seeing, noise, lambda, conserving, adversarial, turns, lr, left, beta1 }) => {
    const learner = adam({ lr: linearFrom({ from: lr, to: lr * left }), beta1 });
    const sky = { seeing, noise };
    return {
      D: {
        owns: ["D"],
        turns,
        learner,
        minimizes({ G, D }, { x, n }) {
          const { given, original } = degradeIn(x, n, sky);
          return {
            real: saysReal(D(concatenate([original, given], 1))),
            fake: saysFake(D(concatenate([detach(G(given)), given], 1))),
          };
        },
      },
      G: {
        owns: ["G"],
        learner,
        minimizes({ G, D }, { x, n }) {
          const { given, original } = degradeIn(x, n, sky);
          const made = G(given);
          const light = (picture: Tensor): Tensor => mean(fluxIn(picture), { axes: [1, 2, 3] });
          const terms = {
            error: mean(abs(original.minus(made))).times(lambda),
            ...(conserving === 0
              ? {}
              : { light: mean(abs(light(original).minus(light(made)))).times(conserving) }),
          };
          if (adversarial === 0) return terms;
          const fooling = saysReal(D(concatenate([made, given], 1)));
          return { ...terms, fooling: fooling.times(adversarial) };
        },
      },
    };
  },
  phases: ({ adversarial }) => [
    { name: "restoring", players: adversarial === 0 ? ["G"] : ["D", "G"] },
  ],
  samples: ({ G }, { x, n }, { hyper: { seeing, noise } }) =>
    G(degradeIn(x, n, { seeing, noise }).given),
  translates: ({ G }, given) => G(given),
  concludes: (look) => concludes(look),
});
