// Asking for something: both networks are told a class, and the generator learns to obey.
import {
  adam,
  chain,
  count,
  data,
  defineSystem,
  detach,
  embedding,
  exceeds,
  generate,
  gradientSquaredNorm,
  joinCondition,
  leakyRelu,
  linear,
  mean,
  network,
  normal,
  projection,
  real,
  train,
} from "belamy";

const rounds = Number(process.argv[2] ?? 1000);

/**
 * A conditional game: pairs of real and fake items of the same class meet, and D sees the class too.
 *
 *   D minimizes   E[softplus(−(D(x, y) − D(G(z, y), y)))] + γ/2 E‖∇D(x, y)‖²
 *   G minimizes   E[softplus(−(D(G(z, y), y) − D(x, y)))]
 */
const askable = defineSystem("askable", {
  cite: {
    title: "Conditional Generative Adversarial Nets",
    authors: "Mirza, Osindero",
    year: 2014,
    arxiv: "1411.1784",
    at: "equation 2, with the pairing of R3GAN and the projection of Miyato & Koyama 2018",
  },
  equations: [
    "D minimizes  E[softplus(−(D(x, y) − D(G(z, y), y)))] + γ/2 E‖∇D(x, y)‖²",
    "G minimizes  E[softplus(−(D(G(z, y), y) − D(x, y)))]",
  ],
  hyper: {
    width: count(48, "units in a hidden layer"),
    gamma: real(0.3, "weight of the gradient penalty"),
    lr: real(2e-3, "learning rate"),
    batch: count(128, "points in a batch", { unit: "points" }),
    group: count(128, "points seen together", { unit: "points" }),
    rounds: count(1000, "rounds to play", { unit: "rounds" }),
  },
  networks: ({ width }, { shape, classes }) => ({
    // Labels become numbers beside z; `projection` compares features with what a class should have.
    G: network(
      [2],
      chain(
        joinCondition(embedding(classes, 8)),
        linear(width),
        leakyRelu,
        linear(width),
        leakyRelu,
        linear(2),
      ),
      { condition: "labels" },
    ),
    D: network(
      shape,
      chain(linear(width), leakyRelu, linear(width), leakyRelu, projection(classes)),
      { condition: "labels" },
    ),
  }),
  chance: (_, { items, labels }) => ({ x: items, y: labels, z: normal(2) }),
  players: ({ lr, gamma }) => ({
    D: {
      owns: ["D"],
      learner: adam({ lr, beta1: 0 }),
      minimizes: ({ G, D }, { x, y, z }) => ({
        adversarial: exceeds(D(x, y), D(detach(G(z, y)), y)),
        r1: mean(gradientSquaredNorm((items) => D(items, y), x)).times(gamma / 2),
      }),
    },
    G: {
      owns: ["G"],
      learner: adam({ lr, beta1: 0 }),
      minimizes: ({ G, D }, { x, y, z }) => ({ adversarial: exceeds(D(G(z, y), y), D(x, y)) }),
    },
  }),
  samples: ({ G }, { z, y }) => G(z, y),
});

const ring = data.ring({ count: 20_000, deviation: 0.05 });
const run = train({ system: askable, data: ring, rounds, seed: 3, folder: null });
await run.finish();
const model = await run.generator();

console.log("asked for   wanted at        came, on average   within 0.3 of it");
for (const [label, [x, y]] of ring.modes?.centres.entries() ?? []) {
  const { items, count } = await generate(model, { count: 200, labels: [label], seed: 1 });
  const made = Array.from({ length: count }, (_, i) => [items[2 * i], items[2 * i + 1]]);
  const average = [0, 1].map((axis) => made.reduce((sum, p) => sum + p[axis], 0) / count);
  const near = made.filter(([a, b]) => Math.hypot(a - x, b - y) < 0.3).length;
  const place = (/** @type {number[]} */ p) => p.map((v) => v.toFixed(2).padStart(6)).join(", ");
  console.log(`class ${label}   ${place([x, y])}   ${place(average)}     ${near / 2} %`);
}
