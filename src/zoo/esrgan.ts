import { uniform } from "../game/draws.js";
import { choice, count, real } from "../game/hyper.js";
import { network } from "../game/network.js";
import { defineSystem } from "../game/system.js";
import { features } from "../nn/features.js";
import { randomVgg } from "../nn/features-random.js";
import { vgg19Layout } from "../nn/features-vgg.js";
import { relativeTo, saysFake, saysReal } from "../nn/losses.js";
import { adam } from "../nn/optimizers.js";
import { rrdbNet } from "../nn/rrdb.js";
import { abs, detach, mean, reshape } from "../tensor/operations.js";
import type { Tensor } from "../tensor/tensor.js";
import { conclusion, smaller } from "./esrgan/conclusion.js";
import { discriminator } from "./esrgan/discriminator.js";
import { rates } from "./esrgan/rates.js";
import { signed, unit } from "./super-resolution/bytes.js";
import {
  checkPictures,
  fittingPatch,
  middleOf,
  patchOf,
  patchShape,
  placeNumbers,
} from "./super-resolution/patches.js";

/** What features may be compared: what a network like VGG-19 makes before its activations. */
const convolutions = [2, 2, 4, 4, 4].flatMap((depth, block) =>
  Array.from({ length: depth }, (_, i) => `conv${block + 1}_${i + 1}`),
);

/**
 * ESRGAN: pictures four times larger, whose texture a discriminator finds more real than real ones
 * on average.
 *
 *   psnr minimizes  E|G(x↓) − x|                                            stage 1
 *   D minimizes     ½ (E[−log σ(C(x) − E[C(G)])] + E[−log(1 − σ(C(G) − E[C(x)]))])   stage 2
 *   G minimizes     E|φ(G) − φ(x)| + 5·10⁻³ ½ (E[−log(1 − σ(C(x) − E[C(G)]))]
 *                     + E[−log σ(C(G) − E[C(x)])]) + 10⁻² E|G − x|
 *   where           G = G(x↓), C the logits of D, φ features before their activation
 *   P               is G as stage 1 left it: (1 − α) P + α G lies between the two
 */
export const esrgan = defineSystem("esrgan", {
  cite: {
    title: "ESRGAN: Enhanced Super-Resolution Generative Adversarial Networks",
    authors: "Wang, Yu, Wu, Gu, Liu, Dong, Qiao, Loy",
    year: 2018,
    arxiv: "1809.00219",
    at: "section 3 (equations 1 to 4), section 4.1 (training); its code for what these leave open",
  },
  equations: [
    "psnr minimizes  E|G(x↓) − x|                                                  stage 1",
    "D minimizes     ½ (E[−log σ(C(x) − E[C(G)])] + E[−log(1 − σ(C(G) − E[C(x)]))])  stage 2",
    "G minimizes     E|φ(G) − φ(x)| + 5·10⁻³ ½ (E[−log(1 − σ(C(x) − E[C(G)]))]",
    "                  + E[−log σ(C(G) − E[C(x)])]) + 10⁻² E|G − x|",
    "where           G = G(x↓), C the logits of D, φ features before their activation",
  ],
  hyper: {
    blocks: count(2, "residual-in-residual dense blocks of G"),
    channels: count(16, "channels between them"),
    growth: count(8, "channels that each convolution inside of a dense block adds"),
    width: count(16, "channels of D at the full size; they double to eight times as many"),
    scale: count(4, "times that pictures become larger: a power of two", { minimum: 2 }),
    patch: count(48, "side of the patches that D sees", { unit: "pixels", minimum: 8 }),
    loss: choice(
      "relativistic",
      ["relativistic", "standard"],
      "what D is asked: more real, or real",
    ),
    norm: choice("batch", ["batch", "none"], "what normalizes D"),
    layer: choice("conv2_2", convolutions, "features that are compared, before their activation"),
    perceptual: real(1, "weight of the difference of features"),
    adversarial: real(0.02, "weight of what D says"),
    pixel: real(1e-2, "weight of the difference of pixels in stage 2"),
    psnrShare: real(0.66, "share of the rounds in stage 1", { maximum: 0.99 }),
    psnrLr: real(3e-3, "learning rate of stage 1; cosines take it down four times"),
    lr: real(5e-4, "learning rate of G in stage 2; halved four times"),
    judgeLr: real(1e-4, "learning rate of D, likewise"),
    beta2: real(0.99, "decay of the mean square of gradients", { maximum: 0.99999 }),
    decay: real(0.99, "share that the average of G keeps in a round", { maximum: 0.99999 }),
    batch: count(8, "patches in a batch", { unit: "patches" }),
    group: count(8, "patches that D sees together", { unit: "patches" }),
    rounds: count(1800, "rounds to play", { unit: "rounds" }),
  },
  data: "textures",
  suits: (data) => (data.kind === "pictures" ? { patch: fittingPatch(data, 48) } : {}),

  presets: {
    paper: {
      about: "the paper's networks and its code's settings; give it VGG-19 with --features",
      hyper: {
        ...{ blocks: 23, channels: 64, growth: 32, width: 64, patch: 128, layer: "conv5_4" },
        ...{
          psnrShare: 5 / 7,
          psnrLr: 2e-4,
          lr: 1e-4,
          judgeLr: 1e-4,
          adversarial: 5e-3,
          decay: 0.999,
          batch: 16,
          group: 16,
          rounds: 1_400_000,
        },
      },
      data: { kind: "pictures", shape: [3, 128, 128], classes: 0, count: 32_592 },
    },
    small: { about: "two blocks of 16 channels on patches of 48×48", hyper: {} },
  },
  departs: [
    {
      from: "photographs of DIV2K, Flickr2K and OST (section 4.1)",
      to: "textures of 48×48, or your own pictures",
      because:
        "they are made here, and a classifier can say whether a texture is still what it was",
    },
    {
      from: "features of VGG-19 before the activation conv5_4",
      to: "conv2_2 of an untrained network of four blocks, unless one is given",
      because: "its weights are not ours to ship; random filters compare edges and textures too",
    },
    {
      from: "23 blocks of 64 channels, growth 32, D from 64 on patches of 128×128",
      to: "2 blocks of 16 channels, growth 8, D from 16 on patches of 48×48",
      because: "sized for minutes on a 2-core CPU; --preset paper has the paper's",
    },
    {
      from: "batch 16, normalized whole",
      to: "8, normalized whole",
      because: "twice as many rounds in the same time",
    },
    {
      from: "learning rates 2e-4, then 1e-4 of both",
      to: "3e-3, then 5e-4 of G and 1e-4 of D",
      because: "a thousand rounds instead of a million",
    },
    {
      from: "weight 5·10⁻³ of what D says",
      to: "0.02",
      because: "untrained features hold G nearer to the truth than VGG-19's",
    },
    {
      from: "an average of G that keeps 0.999 in a round",
      to: "0.99",
      because: "an average over 1000 rounds would still be that of stage 1",
    },
  ],

  perceives: ({ layer }) => randomVgg(layer === "conv5_4" ? vgg19Layout : {}),

  networks({ blocks, channels, growth, width, scale, patch, norm }, data, { perceived }) {
    const [c, side] = patchShape(data, { patch, scale }) as readonly [number, number]; // a shape
    const G = network(
      [c, side / scale, side / scale],
      rrdbNet({ blocks, channels, growth, scale }),
      {
        anySize: true,
      },
    );
    return {
      G,
      P: G,
      D: network([c, side, side], discriminator({ side, width, norm })),
      F: features(perceived),
    };
  },

  chance: (_, data) => ({ x: data.items, place: uniform(placeNumbers) }),

  players: ({ scale, patch, loss, layer, perceptual, adversarial, pixel, ...rest }, data) => {
    checkPictures(data, { patch, scale });
    const { psnr, adversarial: later } = rates(rest);
    const judged = rates({ ...rest, lr: rest.judgeLr }).adversarial;
    const relativistic = loss === "relativistic";
    const truth = (x: Tensor, place: Tensor): Tensor => unit(patchOf(x, place, patch));
    return {
      psnr: {
        owns: ["G"],
        learner: adam({ lr: psnr, beta1: 0.9, beta2: rest.beta2 }),
        minimizes({ G }, { x, place }) {
          const real = truth(x, place);
          return { pixel: mean(abs(G(smaller(real, scale)).minus(real))) };
        },
      },
      G: {
        owns: ["G"],
        learner: adam({ lr: later, beta1: 0.9, beta2: rest.beta2 }),
        minimizes({ G, D, F }, { x, place }) {
          const real = truth(x, place);
          const made = G(smaller(real, scale));
          const apart = F(signed(made), layer).minus(F(signed(real), layer));
          const [onReal, onMade] = [detach(D(real)), D(made)];
          const fooling = relativistic
            ? saysReal(relativeTo(onMade, onReal))
                .plus(saysFake(relativeTo(onReal, onMade)))
                .times(0.5)
            : saysReal(onMade);
          return {
            perceptual: mean(abs(apart)).times(perceptual),
            adversarial: fooling.times(adversarial),
            pixel: mean(abs(made.minus(real))).times(pixel),
          };
        },
      },
      D: {
        owns: ["D"],
        learner: adam({ lr: judged, beta1: 0.9, beta2: rest.beta2 }),
        minimizes({ G, D }, { x, place }) {
          const real = truth(x, place);
          const [onReal, onMade] = [D(real), D(detach(G(smaller(real, scale))))];
          return relativistic
            ? {
                real: saysReal(relativeTo(onReal, onMade)).times(0.5),
                fake: saysFake(relativeTo(onMade, onReal)).times(0.5),
              }
            : { real: saysReal(onReal), fake: saysFake(onMade) };
        },
      },
    };
  },
  // G moves, then D on what G made before: in the authors' code too, both see one batch.
  simultaneous: true,
  phases: ({ psnrShare }) => [
    { name: "psnr", until: psnrShare, players: ["psnr"] },
    { name: "adversarial", players: ["G", "D"], copies: { P: "G" } },
  ],
  averages: ({ decay, batch }) => ({
    G: { halfLife: (batch * Math.log(0.5)) / Math.log(decay), rampUp: 0.1 },
  }),

  samples: ({ G }, { x }, { hyper }) => signed(G(smaller(unit(x), hyper.scale))),
  translates: ({ G }, given) => signed(G(unit(given))),
  translatesFrom: ({ scale }, { shape: [c, h, w] }) => [c!, h! / scale, w! / scale],
  verdict: ({ D }, items, { hyper }) =>
    reshape(D(unit(middleOf(items, hyper.patch))), [items.shape[0]!]),
  concludes: (look) => conclusion(look),
});
