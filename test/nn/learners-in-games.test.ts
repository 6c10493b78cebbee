import { describe, expect, test } from "vitest";
import { normal, uniform } from "../../src/game/draws.js";
import { alone } from "../../src/game/exchange.js";
import { network, tensor } from "../../src/game/network.js";
import { Replica } from "../../src/game/replica.js";
import { defineSystem } from "../../src/game/system.js";
import { trace } from "../../src/game/trace.js";
import { augment, augmentationNumbers } from "../../src/nn/augmentation.js";
import { clipGradientNorm } from "../../src/nn/clipping.js";
import { feedback, overfitting } from "../../src/nn/feedback.js";
import { filled } from "../../src/nn/initializers.js";
import { chain } from "../../src/nn/layer.js";
import { linear } from "../../src/nn/linear.js";
import { clearlyFake, clearlyReal, crossEntropy, saysFake, saysReal } from "../../src/nn/losses.js";
import { adam, sgd } from "../../src/nn/optimizers.js";
import { gradientNorm } from "../../src/nn/penalties.js";
import { projection } from "../../src/nn/projection.js";
import { runningMean } from "../../src/nn/running-mean.js";
import { spectralNorm } from "../../src/nn/spectral-norm.js";
import { Memory } from "../../src/runtime/memory.js";
import {
  abs,
  cast,
  detach,
  flatten,
  greater,
  leakyRelu,
  max,
  mean,
  reshape,
  square,
  sum,
} from "../../src/tensor/operations.js";
import { constant, type Tensor } from "../../src/tensor/tensor.js";
import { begin, common, hyper, small } from "./small.js";

describe.each([{ group: 4 }, { group: 2 }])("with groups of $group in a batch of 4", (dealt) => {
  test("the gradient norm is of all that a player owns, over the whole batch", async () => {
    const lr = 0.1;
    const system = small("clipped", {
      networks: () => ({ w: tensor([2], filled(1)), v: tensor([1], filled(-1)) }),
      players: () => ({
        D: {
          owns: ["w", "v"],
          learner: clipGradientNorm(sgd({ lr }), 2),
          minimizes: ({ w, v }, { x }) => ({
            a: sum(w.times(constant([3, 0]))).plus(sum(v).times(4)),
            b: sum(mean(x!, { axes: [0] }).times(w)).times(0),
          }),
        },
      }),
    });
    const { replica, cell } = await begin(system, dealt);
    await replica.round(0);
    // (3, 0) and (4) have a norm of 5, which becomes 2.
    const [w, v] = [await cell("w"), await cell("v")];
    expect(w[0]).toBeCloseTo(1 - (lr * 3 * 2) / 5, 5);
    expect(w[1]).toBe(1);
    expect(v[0]).toBeCloseTo(-1 - (lr * 4 * 2) / 5, 5);
  });

  test("a running mean is state of the game, one share for each turn", async () => {
    const system = small("mean", {
      networks: () => ({
        D: network([2], linear(1, { initial: filled(1) })),
        a: network([], runningMean({ decay: 0.5 })),
      }),
      players: () => ({
        D: {
          owns: ["D"],
          learner: sgd({ lr: 0 }),
          minimizes({ D, a }, { x }) {
            const lengths = gradientNorm(D, x!);
            return { penalty: mean(square(lengths.minus(a(lengths)))) };
          },
        },
      }),
    });
    const { replica, cell } = await begin(system, dealt);
    for (let round = 1; round <= 3; round++) {
      const { terms } = await replica.round(0);
      const now = Math.SQRT2 * (1 - 0.5 ** round);
      expect((await cell("a.mean"))[0]).toBeCloseTo(now, 5);
      expect(terms["D.penalty"]).toBeCloseTo((Math.SQRT2 - now) ** 2, 5);
    }
  });
});

/** A classifier and a judge of items with their labels, which are all 0 here. */
const conditional = defineSystem("conditional", {
  ...common,
  hyper,
  networks: (_, data) => ({
    D: network(data.shape, projection(3), { condition: "labels" }),
    N: network(data.shape, projection(3, { through: spectralNorm }), { condition: "labels" }),
    C: network(data.shape, linear(3, { initial: filled(0) })),
  }),
  chance: (_, data) => ({ x: data.items, y: data.labels, z: normal(2) }),
  players: () => ({
    D: {
      owns: ["D", "N", "C"],
      learner: sgd({ lr: 0.1 }),
      minimizes: ({ D, N, C }, { x, y, z }) => ({
        projected: clearlyReal(D(x, y)).plus(clearlyFake(D(z, y))),
        normalized: clearlyReal(N(x, y)).plus(clearlyFake(N(z, y))),
        auxiliary: crossEntropy(C(x), y),
      }),
    },
  }),
  samples: (_, { z }) => z,
});

test("conditional judges learn of the classes that they see, and of no other", async () => {
  const { replica, cell } = await begin(conditional, { group: 2 });
  const before = await cell("D.embedding.weight");
  const first = (await replica.round(0)).terms;
  expect(first["D.auxiliary"]).toBeCloseTo(Math.log(3), 5);
  for (let round = 0; round < 20; round++) await replica.round(0);
  const after = await cell("D.embedding.weight");
  expect(after.slice(2)).toEqual(before.slice(2));
  expect(after.slice(0, 2)).not.toEqual(before.slice(0, 2));
  const last = (await replica.round(0)).terms;
  expect(last["D.auxiliary"]).toBeLessThan(Math.log(3) / 2);
  expect(Number.isFinite(last["D.normalized"])).toBe(true);
});

/** D learns to tell 4×4 pictures from others; who controls p looks at how sure it is of real ones. */
const adaptive = (fakes: (x: Tensor, z: Tensor) => Tensor, first: number) =>
  defineSystem("adaptive", {
    ...common,
    hyper,
    networks: (_, data) => ({
      D: network(data.shape, chain(flatten, linear(8), leakyRelu, linear(1))),
      p: tensor([], filled(first)),
    }),
    chance: (_, data) => ({ x: data.items, z: normal(1, 4, 4), u: uniform(augmentationNumbers) }),
    players: () => {
      const changed = (x: Tensor, u: Tensor, p: Tensor): Tensor =>
        augment(x, u, { policy: ["color"], probability: p });
      return {
        D: {
          owns: ["D"],
          learner: adam({ lr: 0.02 }),
          minimizes: ({ D, p }, { x, z, u }) => ({
            real: saysReal(D(changed(x, u, p))),
            fake: saysFake(D(changed(fakes(x, z), u, p))),
          }),
          watches({ p }, { x, u }) {
            const distance = max(abs(changed(x, u, p).minus(x)), { axes: [1, 2, 3] });
            return { changed: mean(cast(greater(distance, 1e-6), "float32")) };
          },
        },
        control: {
          owns: ["p"],
          learner: feedback({ step: 0.02 }),
          minimizes({ D, p }, { x, u }) {
            const r = overfitting(D(changed(x, u, p)));
            return { augmentation: p.times(detach(constant(0.6).minus(r))) };
          },
          watches: ({ p }) => ({ p }),
        },
      };
    },
    samples: (_, { z }) => z,
    verdict: ({ D }, items) => reshape(D(items), [items.shape[0]!]),
  });

const average = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / values.length;

describe("adaptive augmentation", () => {
  const items = Float32Array.from({ length: 16 * 16 }, (_, i) => Math.sin(i * i));

  async function playedWith(
    fakes: (x: Tensor, z: Tensor) => Tensor,
    first = 0.5,
  ): Promise<{ readonly p: readonly number[]; readonly changed: readonly number[] }> {
    const values = { batch: 8, group: 4, rounds: 40 };
    const data = { kind: "pictures", shape: [1, 4, 4], classes: 0, count: 16 } as const;
    const plan = trace(adaptive(fakes, first), { hyper: values, data });
    const memory = new Memory({ device: "cpu" });
    const exchange = alone(2, Math.max(...plan.turns.map((t) => t.variants[0]!.flatSize)));
    const given = { count: 16, items, labels: undefined };
    const replica = new Replica({ plan, memory, data: given, seed: 1, exchange });
    await replica.start();
    const p: number[] = [];
    const changed: number[] = [];
    for (let round = 0; round < 40; round++) {
      const { watches } = await replica.round(round / 40);
      p.push(watches["control.p"]!);
      changed.push(watches["D.changed"]!);
    }
    await memory.release();
    return { p, changed };
  }

  test("rises to 1 when D knows real items for sure", async () => {
    const { p, changed } = await playedWith((_, z) => z.plus(4));
    expect(p[0]).toBe(0.5);
    expect(p[39]).toBe(1);
    expect(changed[39]).toBe(1);
  });

  test("falls when D cannot tell", async () => {
    const { p, changed } = await playedWith((x) => x);
    expect(p[0]).toBe(0.5);
    expect(p[39]).toBeLessThan(0.1);
    expect(average(changed.slice(20))).toBeLessThan(average(changed.slice(0, 20)));
  });

  test("goes by the sign of the whole batch, one step a round", async () => {
    const { p } = await playedWith((_, z) => z.plus(4), 0.2);
    const steps = p.slice(1).map((now, i) => Math.abs(now - p[i]!));
    for (const step of steps) expect(step).toBeCloseTo(0.02, 6);
  });
});
