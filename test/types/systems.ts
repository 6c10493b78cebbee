// What the compiler promises to whoever defines a system. Each line after `@ts-expect-error` must not
// compile, for the reason beside it: promises.test.ts compares it with what the compiler says.
import { type DataDescription, normal } from "../../src/game/draws.js";
import { choice, count, real } from "../../src/game/hyper.js";
import { network, tensor } from "../../src/game/network.js";
import { defineSystem, type Given } from "../../src/game/system.js";
import { features } from "../../src/nn/features.js";
import { randomVgg } from "../../src/nn/features-random.js";
import { filled } from "../../src/nn/initializers.js";
import { linear } from "../../src/nn/linear.js";
import { adam } from "../../src/nn/optimizers.js";
import { mean } from "../../src/tensor/operations.js";

const common = {
  cite: { title: "A test", authors: "Nobody", year: 2024, at: "nowhere" },
  equations: [],
} as const;

const hyper = {
  lambda: real(10, "weight"),
  loss: choice("hinge", ["hinge", "softplus"], "which loss"),
  batch: count(4, "items in a batch"),
  group: count(4, "items seen together"),
  rounds: count(10, "rounds to play"),
} as const;

const learner = adam();

/** Everything right: what the others change in one place. */
export const right = defineSystem("right", {
  ...common,
  hyper,
  networks: ({ lambda }, data) => ({
    G: network([lambda], linear(2)),
    D: network(data.shape, linear(1)),
    image: tensor([1, 2], filled(0)),
  }),
  chance: (_, data) => ({ x: data.items, z: normal(2) }),
  players: ({ lambda, loss }) => ({
    D: {
      owns: ["D"],
      learner,
      minimizes: ({ G, D, image }, { x, z }) => ({
        real: mean(D(x)).times(loss === "hinge" ? lambda : 1),
        fake: mean(D(G(z))).plus(mean(D(image))),
      }),
    },
    G: { owns: ["G", "image"], learner, minimizes: ({ G }, { z }) => ({ fooling: mean(G(z)) }) },
  }),
  phases: () => [
    { name: "alone", until: 0.5, players: ["D"] },
    { name: "both", players: ["D", "G"] },
  ],
  averages: () => ({ G: { halfLife: 1000 } }),
  samples: ({ G }, { z }) => G(z),
  verdict: ({ D }, items) => D(items),
});

const networks = () => ({
  G: network([2], linear(2)),
  D: network([2], linear(1)),
  image: tensor([1, 2], filled(0)),
});
const chance = () => ({ x: normal(2), z: normal(2) });

export const owns = defineSystem("owning a network that is not there", {
  ...common,
  hyper,
  networks,
  chance,
  players: () => ({
    // @ts-expect-error Type '"C"' is not assignable to type '
    D: { owns: ["C"], learner, minimizes: ({ D }, { x }) => ({ a: mean(D(x)) }) },
  }),
  samples: ({ G }, { z }) => G(z),
});

const seeing = {
  perceives: () => randomVgg(),
  networks: (_: unknown, data: DataDescription, { perceived }: Given) => ({
    D: network(data.shape, linear(1)),
    F: features(perceived),
  }),
} as const;

export const frozen = defineSystem("owning a frozen network", {
  ...common,
  ...seeing,
  hyper,
  chance: (_, data) => ({ x: data.items }),
  players: () => ({
    // @ts-expect-error Type '"F"' is not assignable to type '"D"'
    D: { owns: ["F"], learner, minimizes: ({ F }, { x }) => ({ a: mean(F(x, "conv1_1")) }) },
  }),
});

export const unnamed = defineSystem("looking without saying where", {
  ...common,
  ...seeing,
  hyper,
  chance: (_, data) => ({ x: data.items }),
  players: () => ({
    // @ts-expect-error Expected 2 arguments, but got 1
    D: { owns: ["D"], learner, minimizes: ({ F }, { x }) => ({ a: mean(F(x)) }) },
  }),
});

export const unbuilt = defineSystem("using a network that is not built", {
  ...common,
  hyper,
  networks,
  chance,
  players: () => ({
    // @ts-expect-error Property 'Q' does not exist on type 'View<
    D: { owns: ["D"], learner, minimizes: ({ Q }, { x }) => ({ a: mean(Q(x)) }) },
  }),
  samples: ({ G }, { z }) => G(z),
});

export const undrawn = defineSystem("using what is not drawn", {
  ...common,
  hyper,
  networks,
  chance,
  players: () => ({
    // @ts-expect-error Property 'eps' does not exist on type 'Drawn<
    D: { owns: ["D"], learner, minimizes: ({ D }, { eps }) => ({ a: mean(D(eps)) }) },
  }),
  samples: ({ G }, { z }) => G(z),
});

export const mistyped = defineSystem("a mistyped hyper-parameter", {
  ...common,
  hyper,
  // @ts-expect-error Property 'lamda' does not exist on type 'ValuesOf<
  networks: ({ lamda }) => ({ D: network([lamda], linear(1)) }),
  chance,
  players: (given) => ({
    D: {
      owns: ["D"],
      learner,
      // @ts-expect-error Did you mean 'lambda'?
      minimizes: ({ D }, { x }) => ({ a: mean(D(x)).times(given.lamda) }),
    },
  }),
  samples: (_, { z }) => z,
});

export const words = defineSystem("a choice that is none of its words", {
  ...common,
  hyper,
  networks,
  chance,
  players: ({ loss }) => ({
    D: {
      owns: ["D"],
      learner,
      // @ts-expect-error types '"hinge" | "softplus"' and '"hnge"' have no overlap
      minimizes: ({ D }, { x }) => ({ a: mean(D(x)).times(loss === "hnge" ? 1 : 2) }),
    },
  }),
  samples: (_, { z }) => z,
});

// @ts-expect-error Argument of type '"logistic"' is not assignable to parameter of type '"hinge" | "softplus"'
choice("logistic", ["hinge", "softplus"], "which loss");

const { group, ...without } = hyper;
export const incomplete = defineSystem("without a group", {
  ...common,
  // @ts-expect-error Property 'group' is missing
  hyper: { ...without },
  networks,
  chance,
  players: () => ({
    D: {
      owns: ["D"],
      learner,
      minimizes: ({ D }, { x }) => ({ a: mean(D(x)).times(group.value) }),
    },
  }),
  samples: (_, { z }) => z,
});

export const phases = defineSystem("a phase in which somebody unknown moves", {
  ...common,
  hyper,
  networks,
  chance,
  players: () => ({
    D: { owns: ["D"], learner, minimizes: ({ D }, { x }) => ({ a: mean(D(x)) }) },
  }),
  // @ts-expect-error Type '"G"' is not assignable to type '"D"'
  phases: () => [{ name: "both", players: ["D", "G"] }],
  samples: ({ G }, { z }) => G(z),
});

export const averages = defineSystem("an average of a network that is not there", {
  ...common,
  hyper,
  networks,
  chance,
  players: () => ({
    D: { owns: ["D"], learner, minimizes: ({ D }, { x }) => ({ a: mean(D(x)) }) },
  }),
  // @ts-expect-error { C: { halfLife: number; }; }' has no properties in common
  averages: () => ({ C: { halfLife: 1000 } }),
  samples: ({ G }, { z }) => G(z),
});

export const terms = defineSystem("a term that is a number, samples of what is not there", {
  ...common,
  hyper,
  networks,
  chance,
  players: () => ({
    // @ts-expect-error Type 'number' is not assignable to type 'Tensor
    D: { owns: ["D"], learner, minimizes: () => ({ a: 3 }) },
  }),
  // @ts-expect-error Property 'y' does not exist on type 'Drawn<
  samples: ({ G }, { y }) => G(y),
});

export const seen = defineSystem("a tensor is seen as a tensor, a network as a function", {
  ...common,
  hyper,
  networks,
  chance,
  players: () => ({
    D: {
      owns: ["D"],
      learner,
      minimizes: ({ D, image }, { x }) => ({
        // @ts-expect-error This expression is not callable
        called: mean(image(x)),
        // @ts-expect-error Property 'plus' does not exist on type '(x: Tensor
        added: mean(D.plus(1)),
        right: mean(D(image.plus(1))),
      }),
    },
  }),
  samples: (_, { z }) => z,
});

export const conditions = defineSystem("a network is called with its condition, and only then", {
  ...common,
  hyper,
  networks: () => ({
    G: network([2], linear(2), { condition: "labels" }),
    D: network([2], linear(1)),
  }),
  chance: (_, data) => ({ x: data.items, y: data.labels, z: normal(2) }),
  players: () => ({
    G: {
      owns: ["G"],
      learner,
      minimizes: ({ G, D }, { y, z }) => ({
        right: mean(D(G(z, y))),
        // @ts-expect-error Expected 2 arguments, but got 1
        without: mean(G(z)),
        // @ts-expect-error Expected 1 arguments, but got 2
        with: mean(D(z, y)),
      }),
    },
  }),
  samples: ({ G }, { y, z }) => G(z, y),
});

// @ts-expect-error 'betas' does not exist in type 'AdamOptions'
adam({ lr: 1e-3, betas: [0, 0.9] });
