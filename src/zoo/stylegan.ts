import { normal, uniform } from "../game/draws.js";
import { choice, count, real } from "../game/hyper.js";
import { network } from "../game/network.js";
import { defineSystem } from "../game/system.js";
import { augment, augmentationNumbers } from "../nn/augmentation.js";
import { chain, countOf } from "../nn/layer.js";
import { saysFake, saysReal } from "../nn/losses.js";
import { mappingNetwork } from "../nn/mapping.js";
import { pixelNorm } from "../nn/norms.js";
import { adam } from "../nn/optimizers.js";
import { gradientSquaredNorm, pathLengths } from "../nn/penalties.js";
import { runningMean } from "../nn/running-mean.js";
import { ConfigurationError } from "../shape/error.js";
import { detach, mean, reshape, square } from "../tensor/operations.js";
import type { Tensor } from "../tensor/tensor.js";
import { concludes } from "./stylegan/conclusion.js";
import {
  discriminator,
  equallyLarge,
  noiseOf,
  stagesOf,
  stylesOf,
  traditional,
} from "./stylegan/networks.js";
import { everywhere, mixed, truncated } from "./stylegan/styles.js";
import { synthesis } from "./stylegan/synthesis.js";

/**
 * StyleGAN: a mapping network M makes a style of a latent; a synthesis network S begins with a
 * learned constant and is given a style and noise at every size.
 *
 *   D minimizes   E[softplus(−D(x))] + E[softplus(D(S(w, n)))] + γ/2 E‖∇D(x)‖²
 *   G minimizes   E[softplus(−D(S(w, n)))] + λ E[(‖Jᵀy‖ − a)²]
 *   where         w is M(z₁) up to a random layer and M(z₂) from there on,
 *                 J = ∂S/∂w, y ~ N(0, 1), and a is the mean of ‖Jᵀy‖ so far
 */
export const stylegan = defineSystem("stylegan", {
  cite: {
    title: "A Style-Based Generator Architecture for Generative Adversarial Networks",
    authors: "Karras, Laine, Aila",
    year: 2019,
    arxiv: "1812.04948",
    at: "figure 1b, sections 2 to 3, appendices B and C, and the authors' code",
  },
  equations: [
    "D minimizes  E[softplus(−D(x))] + E[softplus(D(S(w, n)))] + γ/2 E‖∇D(x)‖²",
    "G minimizes  E[softplus(−D(S(w, n)))] + λ E[(‖Jᵀy‖ − a)²]",
    "where        w is M(z₁) up to a random layer and M(z₂) from there on,",
    "             J = ∂S/∂w, y ~ N(0, 1), and a is the mean of ‖Jᵀy‖ so far",
  ],
  hyper: {
    generator: choice("style", ["style", "traditional"], "with styles, or without and as large"),
    latent: count(32, "numbers in z"),
    styles: count(32, "numbers in w"),
    mapping: count(4, "layers of the mapping network"),
    pace: real(0.1, "how fast the mapping network learns, beside the others"),
    width: count(40, "channels at the full size; they double as the picture halves"),
    widest: count(40, "channels at most"),
    gamma: real(2, "weight γ of the penalty on D's gradient at real pictures"),
    path: real(0, "weight λ of StyleGAN 2's path length regularization; the paper has none"),
    mixing: real(0.9, "share of pictures with two styles", { maximum: 1 }),
    truncation: real(1, "how far from the mean style samples are taken, ψ"),
    truncated: count(8, "layers whose styles are drawn to the mean"),
    mirror: choice("no", ["no", "yes"], "whether half of the real pictures are mirrored"),
    lr: real(4e-3, "learning rate"),
    halfLife: count(5500, "pictures after which an old value counts half in the average of G", {
      unit: "pictures",
    }),
    batch: count(16, "pictures in a batch", { unit: "pictures" }),
    group: count(8, "pictures that a core works on at a time", { unit: "pictures" }),
    rounds: count(4000, "rounds to play", { unit: "rounds" }),
  },
  data: "avatars",
  presets: {
    paper: {
      about: "the authors' configuration F for faces of 1024 × 1024, in fixed structure",
      hyper: {
        ...{ latent: 512, styles: 512, mapping: 8, pace: 0.01, width: 16, widest: 512 },
        ...{ gamma: 10, truncation: 0.7, mirror: "yes", lr: 3e-3, halfLife: 10_000 },
        ...{ batch: 32, group: 4, rounds: 781_250 },
      },
      data: { kind: "pictures", shape: [3, 1024, 1024], classes: 0, count: 70_000 },
    },
    small: { about: "16 × 16 in minutes on two cores", hyper: {} },
    long: {
      about: "32 × 32, wider and longer",
      hyper: { width: 32, widest: 64, styles: 64, latent: 64, lr: 2e-3, rounds: 10_000 },
    },
  },
  departs: [
    {
      from: "512 numbers in z and w, 8 layers between them at a pace of 0.01 (appendix C)",
      to: "32, 4 layers at 0.1",
      because: "sized for minutes on a 2-core CPU; short runs need a mapping that moves",
    },
    {
      from: "512 channels at most, 16 at 1024² (the authors' code)",
      to: "40 at every size",
      because: "sized for minutes on a 2-core CPU",
    },
    {
      from: "pictures grow from 8×8 during training (appendix C)",
      to: "the full size from the start",
      because: "small pictures need no growing; StyleGAN 2 does without it at any size",
    },
    {
      from: "γ = 10 (appendix C)",
      to: 2,
      because: "the weight that suits a penalty falls with the number of pixels",
    },
    {
      from: "learning rate 1e-3 up to 64² (appendix C)",
      to: "4e-3",
      because: "short runs with small batches",
    },
    {
      from: "half-life of the average 10,000 pictures (the authors' code)",
      to: "5,500",
      because: "short runs would be averaged with their beginning",
    },
    {
      from: "one crossover of styles for the pictures of a GPU (the authors' code)",
      to: "one for each picture",
      because: "a game is the same however its batch is dealt",
    },
    {
      from: "samples with ψ = 0.7 (figure 2)",
      to: 1,
      because: "scores are of all that was learned, as in the paper's table 1",
    },
    {
      from: "faces are mirrored (the authors' code)",
      to: "no",
      because: "not every collection is the same in a mirror",
    },
  ],

  networks(hyper, data) {
    if (data.kind !== "pictures") {
      const hint = "use gan or r3gan for points";
      throw new ConfigurationError({ op: "data", why: "stylegan needs pictures", hint });
    }
    const { latent, styles, mapping, pace } = hyper;
    const stages = stagesOf(data.shape, hyper);
    const out = data.shape[0]!;
    const noise: readonly [number] = [noiseOf(stages)];
    const M = network(
      [latent],
      mappingNetwork({ width: styles, layers: mapping, multiplier: pace }),
    );
    const S = network([stylesOf(stages), styles], synthesis(stages, out), { condition: noise });
    const others = {
      W: network([styles], runningMean({ decay: 0.995 })),
      A: network([], runningMean({ decay: 0.99 })),
      D: network(data.shape, discriminator(stages)),
    };
    if (hyper.generator === "style") return { M, S, ...others };
    const parameters = countOf(M.built.parameters) + countOf(S.built.parameters);
    const plain = traditional(equallyLarge(stages, { latent, out, parameters }), out);
    return {
      ...others,
      M: network([latent], chain(pixelNorm())),
      S: network([1, latent], plain, { condition: noise }),
      W: network([latent], runningMean({ decay: 0.995 })),
    };
  },

  chance({ latent, width, widest }, { items, shape }) {
    const noise = noiseOf(stagesOf(shape, { width, widest }));
    return {
      x: items,
      ...{ z: normal(latent), other: normal(latent), cut: uniform(2), noise: normal(noise) },
      ...{ y: normal(...shape), u: uniform(augmentationNumbers) },
    };
  },

  players(hyper, { shape }) {
    const { gamma, path, mirror, lr, generator } = hyper;
    const learner = adam({ lr, beta1: 0, beta2: 0.99, eps: 1e-8 });
    const layers = layersOf(hyper, shape);
    /** Styles by chance; W learns what they are on the whole. */
    const stylesFor = (
      { M, W }: Pick<Networks, "M" | "W">,
      z: Tensor,
      other: Tensor,
      cut: Tensor,
    ) => {
      const w = M(z);
      W(w);
      return layers === 1 ? everywhere(w, 1) : mixed([w, M(other)], cut, { ...hyper, layers });
    };
    return {
      D: {
        owns: ["D"],
        learner,
        minimizes({ M, W, S, D }, { x, z, other, cut, noise, u }) {
          const real = mirror === "yes" ? augment(x, u, { policy: ["flip"] }) : x;
          const fake = detach(S(stylesFor({ M, W }, z, other, cut), noise));
          return {
            real: saysReal(D(real)),
            fake: saysFake(D(fake)),
            r1: mean(gradientSquaredNorm(D, real)).times(gamma / 2),
          };
        },
      },
      G: {
        owns: generator === "style" ? ["M", "S"] : ["S"],
        learner,
        minimizes({ M, W, S, A, D }, { z, other, cut, noise, y }) {
          const codes = stylesFor({ M, W }, z, other, cut);
          const fooling = saysReal(D(S(codes, noise)));
          if (path === 0) return { fooling };
          const lengths = pathLengths((w) => S(w, noise), codes, { noise: y });
          return { fooling, path: mean(square(lengths.minus(A(lengths)))).times(path) };
        },
      },
    };
  },
  averages: ({ generator, halfLife }) =>
    generator === "style" ? { M: { halfLife }, S: { halfLife } } : { S: { halfLife } },
  samples({ M, W, S }, { z, noise }, { hyper, data }) {
    const w = M(z);
    const layers = layersOf(hyper, data.shape);
    const { truncation: psi, truncated: most } = hyper;
    const codes = psi === 1 ? everywhere(w, layers) : truncated(w, W(w), { psi, layers, most });
    return S(codes, noise);
  },
  verdict: ({ D }, items) => reshape(D(items), [items.shape[0]!]),
  concludes: (look) => concludes(look),
});

interface Networks {
  readonly M: (z: Tensor) => Tensor;
  readonly W: (w: Tensor) => Tensor;
}

/** Places where the synthesis network is told a style. */
const layersOf = (
  {
    generator,
    width,
    widest,
  }: { readonly generator: string; readonly width: number; readonly widest: number },
  shape: readonly number[],
): number => (generator === "style" ? stylesOf(stagesOf(shape, { width, widest })) : 1);
