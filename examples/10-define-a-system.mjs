// A published game in fifty lines: LSGAN, which asks for numbers instead of probabilities.
import {
  adam,
  chain,
  count,
  data,
  defineSystem,
  detach,
  leakyRelu,
  linear,
  mean,
  network,
  normal,
  real,
  relu,
  sizeOf,
  square,
  train,
} from "belamy";
import { scatter } from "./draw.mjs";

/**
 * LSGAN: a discriminator that says 1 for real and 0 for fake, and pays the square of its error.
 *
 *   D minimizes   ½ E[(D(x) − 1)²] + ½ E[D(G(z))²]
 *   G minimizes   ½ E[(D(G(z)) − 1)²]
 */
const lsgan = defineSystem("lsgan", {
  cite: {
    title: "Least Squares Generative Adversarial Networks",
    authors: "Mao, Li, Xie, Lau, Wang, Smolley",
    year: 2017,
    arxiv: "1611.04076",
    at: "equation 9",
  },
  equations: ["D minimizes  ½ E[(D(x) − 1)²] + ½ E[D(G(z))²]", "G minimizes  ½ E[(D(G(z)) − 1)²]"],
  // Flags, tables and forms are made from this record.
  hyper: {
    latent: count(8, "numbers in z"),
    width: count(64, "units in a hidden layer"),
    lr: real(1e-3, "learning rate"),
    batch: count(128, "points in a batch", { unit: "points" }),
    group: count(128, "points seen together", { unit: "points" }),
    rounds: count(3000, "rounds to play", { unit: "rounds" }),
  },
  // Sizes are settled here, before any data flow: a wrong one is an error with both shapes in it.
  networks: ({ latent, width }, { shape }) => ({
    G: network([latent], chain(linear(width), relu, linear(width), relu, linear(sizeOf(shape)))),
    D: network(shape, chain(linear(width), leakyRelu, linear(width), leakyRelu, linear(1))),
  }),
  // What nature draws; losses are pure functions of networks and draws.
  chance: ({ latent }, source) => ({ x: source.items, z: normal(latent) }),
  // Each player minimizes the sum of its named terms over what it owns, and nothing else.
  players: ({ lr }) => ({
    D: {
      owns: ["D"],
      learner: adam({ lr, beta1: 0.5 }),
      minimizes: ({ G, D }, { x, z }) => ({
        real: mean(square(D(x).minus(1))).times(0.5),
        fake: mean(square(D(detach(G(z))))).times(0.5),
      }),
    },
    G: {
      owns: ["G"],
      learner: adam({ lr, beta1: 0.5 }),
      minimizes: ({ G, D }, { z }) => ({ fooling: mean(square(D(G(z)).minus(1))).times(0.5) }),
    },
  }),
  samples: ({ G }, { z }) => G(z),
});

const rounds = Number(process.argv[2] ?? 1000);
const asks = { sampleCount: 1000, samplesEvery: rounds };
const run = train({ system: lsgan, data: data.moons(), rounds, ...asks });
for await (const event of run) {
  if (event.type === "samples") console.log(`round ${event.round}\n${scatter(event.items)}`);
  if (event.type === "stopped") console.log(`${event.reason}: ${run.folder}/samples/final.png`);
}
