import { normal } from "../game/draws.js";
import { count, real } from "../game/hyper.js";
import { network } from "../game/network.js";
import { defineSystem } from "../game/system.js";
import { batchNorm } from "../nn/batch-norm.js";
import { conv, deconv } from "../nn/convolution.js";
import { normalWith } from "../nn/initializers.js";
import { chain, type Step } from "../nn/layer.js";
import { saysFake, saysReal } from "../nn/losses.js";
import { adam } from "../nn/optimizers.js";
import { ConfigurationError } from "../shape/error.js";
import { formatShape, type Shape } from "../shape/shape.js";
import { detach, leakyRelu, mean, relu, reshape, tanh } from "../tensor/operations.js";

/**
 * art-DCGAN: a DCGAN of convolutions alone, whose generator is much wider than its discriminator;
 * what the portraits of the family de Belamy were made with, and signed by.
 *
 *   min over G, max over D of   E_x[log D(x)] + E_z[log(1 − D(G(z)))]
 *
 *   D minimizes   E[−log D(x)] + E[−log(1 − D(G(z)))]
 *   G minimizes   E[−log D(G(z))]
 *   where         z is `[100 1 1]`, or `[100 h w]` for canvases of another size
 */
export const artDcgan = defineSystem("art-dcgan", {
  cite: {
    title: "art-DCGAN",
    authors: "Barrat",
    year: 2017,
    url: "https://github.com/robbiebarrat/art-DCGAN",
    at: "main.lua; the portraits that Obvious made with such networks are of 2018",
  },
  equations: [
    "D minimizes  E[−log D(x)] + E[−log(1 − D(G(z)))]",
    "G minimizes  E[−log D(G(z))]",
    "where        z is [100 1 1], or [100 h w] for canvases of another size",
  ],
  hyper: {
    latent: count(100, "numbers in z at each of its places"),
    ngf: count(48, "channels of G at half of the full size; they double as the picture halves"),
    ndf: count(12, "channels of D at half of the full size; they double as the picture halves"),
    lr: real(2e-4, "learning rate"),
    beta1: real(0.5, "decay of the mean of gradients", { maximum: 0.999 }),
    batch: count(64, "pictures in a batch", { unit: "pictures" }),
    group: count(32, "pictures normalized together", { unit: "pictures" }),
    rounds: count(2000, "rounds to play", { unit: "rounds" }),
  },
  data: "portraits",
  presets: {
    paper: {
      about: "main.lua as it stands, 128 × 128, for 15,000 portraits seen a hundred times",
      hyper: { ngf: 160, ndf: 40, group: 64, rounds: 23_500 },
      data: { kind: "pictures", shape: [3, 128, 128], classes: 0, count: 15_000 },
    },
    small: { about: "32 × 32 or 64 × 64 on a processor", hyper: {} },
  },
  departs: [
    {
      from: "ngf 160, ndf 40",
      to: "48 and 12",
      because: "sized for pictures half as large on a CPU",
    },
    {
      from: "a batch of 64 normalized whole",
      to: "in groups of 32",
      because: "groups run on cores side by side, with the same result on any number of them",
    },
    {
      from: "G moves by the pictures, and by the verdict, of the turn of D before",
      to: "draws its own, and is judged by D as it is",
      because: "a loss is a function of what is drawn for it; the code saves a forward pass",
    },
  ],

  networks({ latent, ngf, ndf }, data) {
    const { channels, doublings } = squareOf(data.kind, data.shape);
    const initial = normalWith(0.02);
    const norm = (): Step => batchNorm({ initial: normalWith(0.02, 1) });
    const free = { kernel: 4, initial, bias: false } as const;
    const whole = { ...free, stride: 1, padding: 0 } as const;
    const half = { ...free, stride: 2, padding: 1 } as const;
    /** Channels at half of the full size, at a quarter, …. */
    const widths = (first: number) => Array.from({ length: doublings }, (_, i) => first * 2 ** i);
    const [deepest, ...rest] = widths(ngf).reverse();
    // biome-ignore format: a table, kept as one
    return {
      G: network([latent, 1, 1], chain(
        deconv(deepest!, whole), norm(), relu,                                    //  4 × 4
        ...rest.flatMap((w) => [deconv(w, half), norm(), relu]),                  //  8 × 8 …
        deconv(channels, half), tanh,
      ), { anySize: true }),
      D: network(data.shape, chain(
        ...widths(ndf).flatMap((w, i) => [conv(w, half), ...(i === 0 ? [] : [norm()]), leakyRelu]),
        conv(1, whole),                                                           //  1 × 1
      ), { anySize: true }),
    };
  },

  chance: ({ latent }, data) => ({ x: data.items, z: normal(latent, 1, 1) }),

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
  /** Of a larger canvas, the mean over all places that D looks at. */
  verdict({ D }, items) {
    const logits = D(items);
    return reshape(mean(logits, { axes: [1, 2, 3] }), [items.shape[0]!]);
  },
});

/** The channels of square pictures, and how often 4 doubles up to their side. */
function squareOf(kind: string, shape: Shape): { channels: number; doublings: number } {
  if (kind !== "pictures") {
    const hint = "use gan or r3gan for points";
    throw new ConfigurationError({ op: "data", why: "art-dcgan needs pictures", hint });
  }
  const [channels, height, width] = shape as readonly [number, number, number]; // pictures have three axes
  const doublings = Math.log2(height / 4);
  if (height !== width || !Number.isInteger(doublings) || doublings < 1) {
    throw new ConfigurationError({
      op: "data",
      why: "art-dcgan needs squares of 8, 16, 32, 64 … pixels a side",
      operands: [{ label: "pictures", value: formatShape(shape) }],
      hint: "--size 64 makes them so",
    });
  }
  return { channels, doublings };
}
