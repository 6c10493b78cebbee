import { normal, uniform } from "../game/draws.js";
import { choice, count, real } from "../game/hyper.js";
import { type NetworkDefinition, network } from "../game/network.js";
import { defineSystem } from "../game/system.js";
import { augment, augmentationNumbers, type Policy } from "../nn/augmentation.js";
import { discriminativeBasis, generativeBasis } from "../nn/basis.js";
import { conv, deconv } from "../nn/convolution.js";
import { halvings } from "../nn/halvings.js";
import { filled, interpolating, kaiming } from "../nn/initializers.js";
import { chain, residual, type Step } from "../nn/layer.js";
import { linear, unflatten } from "../nn/linear.js";
import { exceeds } from "../nn/losses.js";
import { adam } from "../nn/optimizers.js";
import { gradientSquaredNorm } from "../nn/penalties.js";
import { upsample } from "../nn/resample.js";
import { at, cosineFrom } from "../nn/schedules.js";
import type { Shape } from "../shape/shape.js";
import { detach, leakyRelu, mean, reshape } from "../tensor/operations.js";
import type { Tensor } from "../tensor/tensor.js";

/**
 * R3GAN: a relativistic pairing loss with zero-centred gradient penalties on real and fake data.
 *
 *   D minimizes   E[softplus(−(D(x) − D(G(z))))] + γ/2 E‖∇D(x)‖² + γ/2 E‖∇D(G(z))‖²
 *   G minimizes   E[softplus(−(D(G(z)) − D(x)))]
 */
export const r3gan = defineSystem("r3gan", {
  cite: {
    title: "The GAN is dead; long live the GAN! A Modern Baseline GAN",
    authors: "Huang, Gokaslan, Kuleshov, Tompkin",
    year: 2024,
    arxiv: "2501.05441",
    at: "equations 2, 5 and 6; section 4; tables of appendix D",
  },
  equations: [
    "D minimizes  E[softplus(−(D(x) − D(G(z))))] + γ/2 E‖∇D(x)‖² + γ/2 E‖∇D(G(z))‖²",
    "G minimizes  E[softplus(−(D(G(z)) − D(x)))]",
  ],
  hyper: {
    latent: count(64, "numbers in z"),
    width: count(16, "channels at half of the full size; they double as the picture halves"),
    widest: count(256, "channels at most"),
    blocks: count(1, "residual blocks at each of the two smallest sizes", { minimum: 0 }),
    units: count(128, "units of a hidden layer, for points"),
    gamma: real(2, "weight of the gradient penalties at the start"),
    gammaEnd: real(0.2, "weight of the gradient penalties at the end"),
    lr: real(1e-3, "learning rate at the start"),
    lrEnd: real(1e-4, "learning rate at the end"),
    augment: choice(
      "none",
      ["none", "flip", "flip+translation", "flip+color+translation"],
      "what happens to pictures before D sees them",
    ),
    batch: count(32, "items in a batch", { unit: "items" }),
    group: count(8, "items that a core works on at a time", { unit: "items" }),
    rounds: count(5000, "rounds to play", { unit: "rounds" }),
  },
  suits: ({ kind }) =>
    kind === "points"
      ? {
          latent: 2,
          gamma: 1,
          gammaEnd: 0.05,
          lrEnd: 1e-5,
          batch: 128,
          group: 128,
          rounds: 60_000,
        }
      : {},
  departs: [
    {
      from: "blocks of 1×1, grouped 3×3 and 1×1 convolutions at every size (section 4)",
      to: "two 3×3 convolutions, at the two smallest sizes",
      because: "blocks at every size leave a CPU few rounds; grouped kernels were not measured",
    },
    {
      from: "1×1 convolutions beside bilinear resampling (section 4)",
      to: "4×4 with stride 2 instead of both, in G beginning as bilinear; bilinear, then 3×3, last",
      because: "without blocks at the larger sizes these are all that shapes details there",
    },
    {
      from: "no activation between blocks and resampling (the authors' code)",
      to: "leaky ReLU after every resampling step",
      because: "most sizes have no block, and would otherwise be linear",
    },
    {
      from: "convolutional networks only",
      to: "four linear layers each for points",
      because: "the game is worth seeing in the plane",
    },
    {
      from: "z scales the channels of a learned basis (the authors' code)",
      to: "the same plus a linear layer that begins as zeros",
      because: "with few and narrow blocks the basis alone is slow to move parts of a picture",
    },
    {
      from: "width 384 to 768, batch 256 to 512 (appendix D)",
      to: "16 to 256, batch 32",
      because: "sized for minutes on a 2-core CPU",
    },
    {
      from: "lr 2e-4 falling to 5e-5 (appendix D)",
      to: "1e-3 falling to 1e-4",
      because: "short runs; chosen by looking at portraits after 480 rounds, not swept",
    },
    {
      from: "γ chosen for each data set, 0.05 to 150 falling to a tenth (appendix D)",
      to: "2 falling to 0.2, as for FFHQ at 64×64",
      because: "one default for all pictures, tried from 28×28 to 64×64",
    },
    {
      from: "EMA half-life growing to 500 to 50,000 thousand pictures (appendix D)",
      to: "a twentieth of what was seen",
      because: "short runs would be averaged with their beginning",
    },
    {
      from: "augmentation with a rising probability (appendix D)",
      to: "none unless asked for",
      because: "its use in runs of minutes was not measured",
    },
  ],

  networks: ({ latent, width, widest, blocks, units }, data) =>
    data.kind === "points"
      ? forPoints({ latent, units }, data.shape)
      : forPictures({ latent, width, widest, blocks }, data.shape),

  chance: ({ latent }, data) => ({
    x: data.items,
    z: normal(latent),
    u: uniform(augmentationNumbers),
  }),

  players: ({ gamma, gammaEnd, lr, lrEnd, augment: policy }, data) => {
    const learner = adam({
      lr: cosineFrom({ from: lr, to: lrEnd }),
      beta1: 0,
      beta2: cosineFrom({ from: 0.9, to: 0.99 }),
    });
    const weight = cosineFrom({ from: gamma, to: gammaEnd });
    const changes =
      policy === "none" || data.kind === "points" ? [] : (policy.split("+") as Policy[]); // a choice above
    return {
      D: {
        owns: ["D"],
        learner,
        minimizes({ G, D }, { x, z, u }, { progress }) {
          const judge = (items: Tensor): Tensor => D(augment(items, u, { policy: changes }));
          const fake = detach(G(z));
          const half = at(weight, progress) as Tensor;
          return {
            adversarial: exceeds(judge(x), judge(fake)),
            r1: mean(gradientSquaredNorm(judge, x)).times(half.times(0.5)),
            r2: mean(gradientSquaredNorm(judge, fake)).times(half.times(0.5)),
          };
        },
      },
      G: {
        owns: ["G"],
        learner,
        minimizes({ G, D }, { x, z, u }) {
          const judge = (items: Tensor): Tensor => D(augment(items, u, { policy: changes }));
          return { adversarial: exceeds(judge(G(z)), judge(x)) };
        },
      },
    };
  },
  averages: () => ({ G: { halfLife: 500_000, rampUp: 0.05 } }),
  samples: ({ G }, { z }) => G(z),
  // Logits have no zero of their own here: an item is real when it exceeds the mean of the table.
  verdict({ D }, items) {
    const logits = reshape(D(items), [items.shape[0]!]);
    return logits.minus(mean(logits));
  },
});

interface Sizes {
  readonly latent: number;
  readonly width: number;
  readonly widest: number;
  readonly blocks: number;
}

type Networks = { readonly G: NetworkDefinition; readonly D: NetworkDefinition };

function forPoints(
  { latent, units }: { readonly latent: number; readonly units: number },
  shape: Shape,
): Networks {
  const hidden = (): Step[] => [linear(units), leakyRelu];
  return {
    G: network([latent], chain(...hidden(), ...hidden(), ...hidden(), linear(shape[0]!))),
    D: network(shape, chain(...hidden(), ...hidden(), ...hidden(), linear(1))),
  };
}

/** No normalization: residual blocks at the small sizes, resampling and a convolution between sizes. */
function forPictures({ latent, width, widest, blocks }: Sizes, shape: Shape): Networks {
  const [channels, height, across] = shape as readonly [number, number, number]; // pictures have three axes
  const stages = halvings(height, across);
  const smallest = [height / 2 ** stages, across / 2 ** stages] as const;
  const widths = Array.from({ length: stages }, (_, i) => Math.min(width * 2 ** i, widest)); // from large to small
  const deepest = widths[stages - 1]!;
  const blocksAt = (stage: number): Step[] =>
    stage < stages - 2
      ? []
      : Array.from({ length: blocks }, () => block(widths[stage]!, 2 * blocks));
  const up = (stage: number): Step[] => {
    const out = stage === 0 ? channels : widths[stage - 1]!;
    const last = [upsample(), conv(out, { initial: kaiming(widths[stage]! * 9, 1) })];
    const inner = [deconv(out, { initial: interpolating(widths[stage]!) })];
    return [...blocksAt(stage), ...(stage === 0 ? last : inner)];
  };
  const down = (stage: number): Step[] => {
    const fanIn = (stage === 0 ? channels : widths[stage - 1]!) * 16;
    return [conv(widths[stage]!, { kernel: 4, stride: 2, initial: kaiming(fanIn) })];
  };
  // Moves parts of the picture by themselves, which the basis alone learns only slowly.
  const beginning = chain(
    linear(deepest * smallest[0] * smallest[1], { initial: filled(0) }),
    unflatten(deepest, ...smallest),
  );
  const stagesUp = [...widths.keys()].reverse();
  // biome-ignore format: a table, kept as one
  return {
    G: network([latent], chain(
      residual(beginning, { skip: generativeBasis(deepest, ...smallest) }),
      ...stagesUp.flatMap((stage) => (stage === 0 ? up(stage) : [...up(stage), leakyRelu])),
    )),
    D: network(shape, chain(
      ...widths.flatMap((_, stage) => [...down(stage), leakyRelu, ...blocksAt(stage)]),
      discriminativeBasis(1),
    )),
  };
}

/** `x + branch(x)`; the branch ends in zeros, so that a block begins as nothing (the paper's section 4). */
const block = (width: number, depth: number): Step =>
  residual(
    chain(
      conv(width, { kernel: 3, initial: kaiming(width * 9, Math.SQRT2 / depth ** 0.25) }),
      leakyRelu,
      conv(width, { kernel: 3, initial: filled(0) }),
    ),
  );
