import { uniform } from "../game/draws.js";
import { count, real } from "../game/hyper.js";
import { network } from "../game/network.js";
import { defineSystem } from "../game/system.js";
import { dropout } from "../nn/dropout.js";
import { between } from "../nn/initializers.js";
import { chain, type Step } from "../nn/layer.js";
import { linear, unflatten } from "../nn/linear.js";
import { saysFake, saysReal } from "../nn/losses.js";
import { maxout } from "../nn/maxout.js";
import { sgd } from "../nn/optimizers.js";
import { linearFrom } from "../nn/schedules.js";
import { sizeOf } from "../shape/shape.js";
import { detach, flatten, relu, reshape, tanh } from "../tensor/operations.js";

/**
 * GAN: a generator learns to be taken for the data by a discriminator that learns to tell them apart.
 *
 *   D minimizes   ½ (E[−log D(x)] + E[−log(1 − D(G(z)))])
 *   G minimizes   E[−log D(G(z))]
 *   where         z ~ U(−√3, √3)
 */
export const gan = defineSystem("gan", {
  cite: {
    title: "Generative Adversarial Nets",
    authors: "Goodfellow, Pouget-Abadie, Mirza, Xu, Warde-Farley, Ozair, Courville, Bengio",
    year: 2014,
    arxiv: "1406.2661",
    at: "Algorithm 1, section 3; configuration of the authors' MNIST code",
  },
  equations: [
    "D minimizes  ½ (E[−log D(x)] + E[−log(1 − D(G(z)))])",
    "G minimizes  E[−log D(G(z))]",
  ],
  hyper: {
    latent: count(100, "numbers in z"),
    width: count(1200, "units in a hidden layer of G"),
    units: count(240, "maxout units in a hidden layer of D"),
    pieces: count(5, "linear pieces of a maxout unit"),
    dropped: real(0.5, "share of D's hidden units dropped", { maximum: 0.99 }),
    droppedInputs: real(0.2, "share of D's inputs dropped", { maximum: 0.99 }),
    spread: real(0.005, "D's first weights lie in ± this"),
    lr: real(0.1, "learning rate at the start"),
    batch: count(100, "items in a batch", { unit: "items" }),
    group: count(100, "items that are seen together", { unit: "items" }),
    rounds: count(20_000, "rounds to play", { unit: "rounds" }),
  },
  // Half of a point says nothing of where it is; without dropout, D's units see half as much.
  suits: ({ kind }) => (kind === "points" ? { dropped: 0, droppedInputs: 0, spread: 0.05 } : {}),
  departs: [
    {
      from: "dropout in D, first weights in ±0.005 (authors' code)",
      to: "none and ±0.05 for points",
      because: "half of a point says nothing of where it is",
    },
    {
      from: "sigmoid output on pixels in [0, 1]",
      to: "tanh",
      because: "pictures are in [−1, 1] throughout; points get a linear output",
    },
    {
      from: "lr divided by 1.000004 at every update",
      to: "a line to a tenth",
      because: "schedules follow the length of a run",
    },
  ],

  networks: ({ latent, width, units, pieces, dropped, droppedInputs, spread }, data) => {
    const initial = between(-0.05, 0.05);
    const judging = { initial: between(-spread, spread) };
    const drop = (p: number): Step[] => (p === 0 ? [] : [dropout(p)]);
    const bounded = data.kind === "pictures" ? [tanh] : [];
    // biome-ignore format: a table, kept as one
    return {
      G: network([latent], chain(
        linear(width, { initial }), relu,
        linear(width, { initial }), relu,
        linear(sizeOf(data.shape), { initial }), ...bounded, unflatten(...data.shape),
      )),
      D: network(data.shape, chain(
        flatten, ...drop(droppedInputs),
        maxout(units, { pieces, ...judging }), ...drop(dropped),
        maxout(units, { pieces, ...judging }), ...drop(dropped),
        linear(1, judging),
      )),
    };
  },

  chance: ({ latent }, data) => ({
    x: data.items,
    z: uniform(latent, { low: -Math.sqrt(3), high: Math.sqrt(3) }),
  }),

  players: ({ lr }) => {
    const learner = sgd({
      lr: linearFrom({ from: lr, to: lr / 10 }),
      momentum: linearFrom({ from: 0.5, to: 0.7 }),
    });
    return {
      D: {
        owns: ["D"],
        learner,
        minimizes({ G, D }, { x, z }) {
          const fake = detach(G(z));
          return { real: saysReal(D(x)).times(0.5), fake: saysFake(D(fake)).times(0.5) };
        },
      },
      G: { owns: ["G"], learner, minimizes: ({ G, D }, { z }) => ({ fooling: saysReal(D(G(z))) }) },
    };
  },
  simultaneous: true,
  samples: ({ G }, { z }) => G(z),
  verdict: ({ D }, items) => reshape(D(items), [items.shape[0]!]),
});
