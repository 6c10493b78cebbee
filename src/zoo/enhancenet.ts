import { uniform } from "../game/draws.js";
import { choice, count, real } from "../game/hyper.js";
import { network } from "../game/network.js";
import { defineSystem } from "../game/system.js";
import { conv } from "../nn/convolution.js";
import { features } from "../nn/features.js";
import { randomVgg } from "../nn/features-random.js";
import { vgg19Layout } from "../nn/features-vgg.js";
import { gramOfPatches } from "../nn/gram.js";
import { halvings } from "../nn/halvings.js";
import { chain, type Layer, residual } from "../nn/layer.js";
import { linear } from "../nn/linear.js";
import { saysFake, saysReal } from "../nn/losses.js";
import { adam } from "../nn/optimizers.js";
import { resized } from "../nn/resized.js";
import { detach, flatten, leakyRelu, mean, relu, reshape, square } from "../tensor/operations.js";
import { resize } from "../tensor/pictures.js";
import type { Tensor } from "../tensor/tensor.js";
import { conclusion, enlarged, scale, smaller } from "./enhancenet/conclusion.js";
import { signed, unit } from "./super-resolution/bytes.js";
import {
  checkPictures,
  fittingPatch,
  middleOf,
  patchOf,
  patchShape,
  placeNumbers,
} from "./super-resolution/patches.js";

/**
 * EnhanceNet: pictures four times larger, as a residual over bicubic interpolation, whose textures
 * are those of the truth rather than its pixels.
 *
 *   E, P, T, A   terms of G; the letters of `losses` say which it minimizes
 *   E = E‖G − x‖²
 *   P = 2·10⁻¹ E‖φ₂(G) − φ₂(x)‖² + 2·10⁻² E‖φ₅(G) − φ₅(x)‖²
 *   T = 3·10⁻⁷ t₁ + 10⁻⁶ t₂ + 10⁻⁶ t₃,   tₗ = E‖Gram(φₗ(G)) − Gram(φₗ(x))‖² over patches of 16×16
 *   A = 2 E[−log D(G)]
 *   D minimizes   E[−log D(x)] + E[−log(1 − D(G))]
 *   where         G = R(x↓) + bicubic(x↓),   φ features divided by their mean
 */
export const enhancenet = defineSystem("enhancenet", {
  cite: {
    title: "EnhanceNet: Single Image Super-Resolution Through Automated Texture Synthesis",
    authors: "Sajjadi, Schölkopf, Hirsch",
    year: 2017,
    arxiv: "1612.07919",
    at: "section 4, table 1 (which losses), tables 1 and 2 of the appendix (weights, networks)",
  },
  equations: [
    "G minimizes  those of E, P, T and A that losses names",
    "E = E‖G − x‖²,  G = R(x↓) + bicubic(x↓)",
    "P = 2·10⁻¹ E‖φ₂(G) − φ₂(x)‖² + 2·10⁻² E‖φ₅(G) − φ₅(x)‖²",
    "T = 3·10⁻⁷ t₁ + 10⁻⁶ t₂ + 10⁻⁶ t₃,  tₗ = E‖Gram(φₗ(G)) − Gram(φₗ(x))‖², patches of 16×16",
    "A = 2 E[−log D(G)];  D minimizes  E[−log D(x)] + E[−log(1 − D(G))]",
  ],
  hyper: {
    losses: choice(
      "PAT",
      ["E", "P", "EA", "PA", "EAT", "PAT"],
      "what G minimizes, as the paper names its nets",
    ),
    blocks: count(4, "residual blocks of G"),
    channels: count(24, "channels of G"),
    width: count(16, "channels of D at the full size; they double as pictures halve"),
    dense: count(128, "units of D before the last"),
    patch: count(48, "side of the patches that D sees", { unit: "pixels", minimum: 8 }),
    deepest: choice("pool4", ["pool3", "pool4", "pool5"], "the deepest features that P compares"),
    shallow: real(2e-1, "weight of the difference of features after two blocks"),
    deep: real(2e-2, "weight of the difference of the deepest features"),
    texture: real(1, "weight of T beside the paper's 3·10⁻⁷, 10⁻⁶ and 10⁻⁶"),
    adversarial: real(2, "weight of what D says: 1 in PA, 2 in PAT"),
    pixelShare: real(0.45, "share of the rounds that minimize E alone, before the losses", {
      maximum: 0.99,
    }),
    lr: real(1e-3, "learning rate, of D and before D moves"),
    finalLr: real(1e-4, "learning rate of G beside D"),
    batch: count(8, "patches in a batch", { unit: "patches" }),
    group: count(8, "patches that a core works on at a time", { unit: "patches" }),
    rounds: count(2000, "rounds to play", { unit: "rounds" }),
  },
  data: "textures",
  suits: (data) => (data.kind === "pictures" ? { patch: fittingPatch(data, 48) } : {}),

  presets: {
    paper: {
      about: "the paper's networks, patches and weights; give it VGG-19 with --features",
      hyper: {
        ...{ blocks: 10, channels: 64, width: 32, dense: 1024, patch: 128, deepest: "pool5" },
        ...{ pixelShare: 0, lr: 1e-4, finalLr: 1e-4, batch: 16, group: 16, rounds: 500_000 },
      },
      data: { kind: "pictures", shape: [3, 128, 128], classes: 0, count: 80_000 },
    },
    small: { about: "four blocks of 24 channels on patches of 48×48", hyper: {} },
  },
  departs: [
    {
      from: "photographs of MS-COCO (section 5)",
      to: "textures of 48×48, or your own pictures",
      because:
        "they are made here, and a classifier can say whether a texture is still what it was",
    },
    {
      from: "features of VGG-19, trained on ImageNet",
      to: "an untrained network of four blocks, unless one is given",
      because: "its weights are not ours to ship; random filters compare edges and textures too",
    },
    {
      from: "10 blocks of 64 channels, D from 32 on patches of 128×128",
      to: "4 blocks of 24 channels, D from 16 on patches of 48×48",
      because: "sized for minutes on a 2-core CPU; --preset paper has the paper's",
    },
    {
      from: "pool5, the deepest features of VGG-19",
      to: "pool4",
      because: "of a patch of 48×48 nothing is left after five halvings",
    },
    {
      from: "the losses from the first round on",
      to: "E alone for 45 % of the rounds",
      because: "texture is found soonest by a network that is nearly right already",
    },
    {
      from: "TensorFlow's bicubic interpolation, which is shifted by 3/8 of a pixel",
      to: "MATLAB's",
      because: "nothing is shifted, so that what is learned is texture alone",
    },
  ],

  perceives: ({ deepest }) => randomVgg(deepest === "pool5" ? vgg19Layout : {}),

  networks({ blocks, channels, width, dense, patch }, data, { perceived }) {
    const [c, side] = patchShape(data, { patch, scale }) as readonly [number, number]; // a shape
    const small = side / scale;
    return {
      G: network([c, small, small], generator({ blocks, channels, out: c }), { anySize: true }),
      D: network([c, side, side], discriminator({ side, width, dense })),
      F: features(perceived),
    };
  },

  chance: (_, data) => ({ x: data.items, place: uniform(placeNumbers) }),

  players: ({ losses, patch, deepest, shallow, deep, texture, adversarial, lr, finalLr }, data) => {
    checkPictures(data, { patch, scale });
    const truth = (x: Tensor, place: Tensor): Tensor => unit(patchOf(x, place, patch));
    const error = (made: Tensor, real: Tensor): Tensor => mean(square(made.minus(real)));
    const has = (letter: string): boolean => losses.includes(letter);
    return {
      pixels: {
        owns: ["G"],
        learner: adam({ lr }),
        minimizes({ G }, { x, place }) {
          const real = truth(x, place);
          return { E: error(enlarged(G, smaller(real)), real) };
        },
      },
      D: {
        owns: ["D"],
        learner: adam({ lr: finalLr }),
        minimizes({ G, D }, { x, place }) {
          const real = truth(x, place);
          const made = detach(enlarged(G, smaller(real)));
          return { real: saysReal(D(real)), fake: saysFake(D(made)) };
        },
      },
      G: {
        owns: ["G"],
        learner: adam({ lr: finalLr }),
        minimizes({ G, D, F }, { x, place }) {
          const real = truth(x, place);
          const made = enlarged(G, smaller(real));
          const seen = (layer: string, measure: (y: Tensor) => Tensor): Tensor =>
            error(...([made, real].map((y) => measure(F(signed(y), layer))) as [Tensor, Tensor])); // two
          return {
            ...(has("E") ? { E: error(made, real) } : {}),
            ...(has("P")
              ? {
                  shallow: seen("pool2", ofMeanOne).times(shallow),
                  deep: seen(deepest, ofMeanOne).times(deep),
                }
              : {}),
            ...(has("T")
              ? {
                  texture: textureWeights
                    .map(([layer, weight]) => seen(layer, grams).times(weight * texture))
                    .reduce((a, b) => a.plus(b)),
                }
              : {}),
            ...(has("A") ? { fooling: saysReal(D(made)).times(adversarial) } : {}),
          };
        },
      },
    };
  },
  phases: ({ losses, pixelShare }) => [
    { name: "pixels", until: losses === "E" ? 1 : pixelShare, players: ["pixels"] },
    { name: "textures", players: losses.includes("A") ? ["D", "G"] : ["G"] },
  ],

  samples: ({ G }, { x }) => signed(enlarged(G, smaller(unit(x)))),
  translates: ({ G }, given) => signed(enlarged(G, unit(given))),
  translatesFrom: (_, { shape: [c, h, w] }) => [c!, h! / scale, w! / scale],
  verdict: ({ D }, items, { hyper }) =>
    reshape(D(unit(middleOf(items, hyper.patch))), [items.shape[0]!]),
  concludes: (look) => conclusion(look),
});

/** Layers whose Gram matrices T compares, and what each counts: table 2 of the appendix. */
const textureWeights = [
  ["relu1_1", 3e-7],
  ["relu2_1", 1e-6],
  ["relu3_1", 1e-6],
] as const;

/** Features of each picture divided by their mean. */
const ofMeanOne = (y: Tensor): Tensor =>
  y.over(mean(y, { axes: [1, 2, 3], keep: true }).plus(1e-6));

/**
 * Gram matrices of patches of 16×16 places, or of the largest that fill the features of small
 * pictures; sums over 256 places.
 */
function grams(y: Tensor): Tensor {
  const sides = Array.from({ length: 16 }, (_, i) => 16 - i);
  const side = sides.find((n) => y.shape.slice(2).every((size) => size % n === 0))!; // 1 does
  return gramOfPatches(ofMeanOne(y), { side }).times(256);
}

/** The residual, over what bicubic interpolation makes. */
function generator({
  blocks,
  channels,
  out,
}: {
  readonly blocks: number;
  readonly channels: number;
  readonly out: number;
}): Layer {
  const block = (): Layer => residual(chain(conv(channels), relu, conv(channels)));
  const twice = (x: Tensor): Tensor =>
    resize(x, [2 * x.shape[2]!, 2 * x.shape[3]!], { filter: "nearest" });
  const bicubic = (x: Tensor): Tensor =>
    resized(x, { height: scale * x.shape[2]!, width: scale * x.shape[3]!, kernel: "bicubic" });
  // biome-ignore format: a table, kept as one
  return residual(chain(
    conv(channels), relu,
    ...Array.from({ length: blocks }, block),
    twice, conv(channels), relu,
    twice, conv(channels), relu,
    conv(channels), relu,
    conv(out),
  ), { skip: bicubic });
}

/** Pairs of convolutions, the second of which halves, and two dense layers: table 1 of the appendix. */
function discriminator({
  side,
  width,
  dense,
}: {
  readonly side: number;
  readonly width: number;
  readonly dense: number;
}): Layer {
  const widths = Array.from({ length: halvings(side, side) }, (_, i) => width * 2 ** i);
  // biome-ignore format: a table, kept as one
  return chain(
    ...widths.flatMap((w) => [conv(w), leakyRelu, conv(w, { stride: 2 }), leakyRelu]),
    flatten, linear(dense), leakyRelu,
    linear(1),
  );
}
