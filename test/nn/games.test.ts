import { describe, expect, test } from "vitest";
import { tensor } from "../../src/game/network.js";
import type { Player } from "../../src/game/system.js";
import { filled } from "../../src/nn/initializers.js";
import { sgd } from "../../src/nn/optimizers.js";
import { linearFrom } from "../../src/nn/schedules.js";
import { mean, square, sum } from "../../src/tensor/operations.js";
import { constant, type Tensor } from "../../src/tensor/tensor.js";
import { begin, small } from "./small.js";

/** The learning rate of everybody here, who moves down the slope and remembers nothing. */
const lr = 0.1;
const learner = sgd({ lr });

const half = (w: Tensor): Tensor => sum(square(w)).times(0.5);
const expectClose = (ours: readonly number[], theirs: readonly number[]): void => {
  expect(ours.length).toBe(theirs.length);
  ours.forEach((value, i) => {
    expect(value).toBeCloseTo(theirs[i]!, 5);
  });
};

// What a batch is dealt in must not change any of this: all terms here are means or no batch at all.
describe.each([{ group: 4 }, { group: 2 }])("with groups of $group in a batch of 4:", (dealt) => {
  describe("lazy terms", () => {
    const pull = [1, -2];
    const alone = (part: Pick<Player<never, never>, "every" | "turns">) =>
      small("lazy", {
        networks: () => ({ w: tensor([2], filled(1)) }),
        players: () => ({
          D: {
            owns: ["w"],
            learner,
            ...part,
            minimizes: ({ w }) => ({
              adversarial: sum(w.times(constant(pull))),
              r1: half(w),
              r2: sum(w),
            }),
          },
        }),
      });

    /** The move by hand: slopes of the terms, each with its weight this time. */
    const moved = (w: readonly number[], { r1, r2 }: { r1: number; r2: number }): number[] =>
      w.map((value, i) => value - lr * (pull[i]! + r1 * value + r2));

    test("play on moves 0, 4, 8, …, and then with weight 4", async () => {
      const { replica, cell } = await begin(alone({ every: { r1: 4 } }), dealt);
      let w = await cell("w");
      for (let move = 0; move < 10; move++) {
        const before = w;
        const { terms } = await replica.round(0);
        w = await cell("w");
        const isPlayed = move % 4 === 0;
        expectClose(w, moved(before, { r1: isPlayed ? 4 : 0, r2: 1 }));
        expect(Object.keys(terms)).toEqual(
          isPlayed ? ["D.adversarial", "D.r1", "D.r2"] : ["D.adversarial", "D.r2"],
        );
        // What is reported is the term itself, without the weight.
        if (isPlayed) {
          expect(terms["D.r1"]).toBeCloseTo(
            before.reduce((n, v) => n + (v * v) / 2, 0),
            5,
          );
        }
      }
    });

    test("with periods of their own", async () => {
      const { plan, replica, cell } = await begin(alone({ every: { r1: 2, r2: 3 } }), dealt);
      expect(plan.turns[0]!.pattern.length).toBe(6);
      expect(plan.turns[0]!.variants.length).toBe(4);
      let w = await cell("w");
      for (let move = 0; move < 13; move++) {
        const before = w;
        await replica.round(0);
        w = await cell("w");
        expectClose(w, moved(before, { r1: move % 2 ? 0 : 2, r2: move % 3 ? 0 : 3 }));
      }
    });

    test("count moves, not rounds", async () => {
      const { replica, cell } = await begin(alone({ every: { r1: 4 }, turns: 3 }), dealt);
      let w = await cell("w");
      for (let move = 0; move < 12; ) {
        let theirs: readonly number[] = w;
        for (const end = move + 3; move < end; move++) {
          theirs = moved(theirs, { r1: move % 4 ? 0 : 4, r2: 1 });
        }
        await replica.round(0);
        w = await cell("w");
        expectClose(w, theirs);
      }
    });
  });

  describe("turns", () => {
    test("three in a round, each from where the one before ended; the report is their mean", async () => {
      const system = small("turns", {
        networks: () => ({ w: tensor([1], filled(2)), v: tensor([1], filled(3)) }),
        players: () => ({
          D: { owns: ["w"], learner, turns: 3, minimizes: ({ w }) => ({ size: half(w) }) },
          G: { owns: ["v"], learner, minimizes: ({ v, w }) => ({ product: sum(v.times(w)) }) },
        }),
      });
      const { replica, cell } = await begin(system, dealt);
      const { terms } = await replica.round(0);
      const steps = [2, 2 * 0.9, 2 * 0.9 ** 2];
      expectClose(await cell("w"), [2 * 0.9 ** 3]);
      expect(terms["D.size"]).toBeCloseTo(steps.reduce((n, w) => n + (w * w) / 2, 0) / 3, 5);
      // G saw D after its three turns, and moved once.
      expectClose(await cell("v"), [3 - lr * 2 * 0.9 ** 3]);
      expect(replica.position.moves).toEqual({ D: 3, G: 1 });
    });

    test("each deals the next items: four turns of four see sixteen items once", async () => {
      const system = small("epoch", {
        networks: () => ({ w: tensor([2], filled(0)) }),
        players: () => ({
          D: {
            owns: ["w"],
            learner,
            turns: 4,
            minimizes: ({ w }, { x }) => ({ a: sum(mean(x!, { axes: [0] }).times(w)) }),
          },
        }),
      });
      const { replica, cell } = await begin(system, dealt);
      await replica.round(0);
      const middle = [0, 1].map((axis) => {
        const all = Array.from({ length: 16 }, (_, i) => Math.sin(1 + 2 * i + axis));
        return all.reduce((n, v) => n + v, 0) / 16;
      });
      expectClose(
        await cell("w"),
        middle.map((m) => -lr * 4 * m),
      );
      expect(replica.position.dealt).toBe(16);
    });
  });

  describe("simultaneous play", () => {
    /** A game that turns in circles: X minimizes x y, Y minimizes −x y. */
    const circle = (simultaneous: boolean) =>
      small("circle", {
        simultaneous,
        networks: () => ({ x: tensor([2], filled(1)), y: tensor([2], filled(0.5)) }),
        players: () => ({
          X: {
            owns: ["x"],
            learner,
            minimizes: ({ x, y }) => ({ value: sum(x.times(y)) }),
            watches: (_, { x, z }) => ({ items: mean(x!), noise: mean(z!) }),
          },
          Y: {
            owns: ["y"],
            learner,
            minimizes: ({ x, y }) => ({ value: sum(x.times(y)).times(-1) }),
            watches: (_, { x, z }) => ({ items: mean(x!), noise: mean(z!) }),
          },
        }),
      });

    test.each([true, false])(
      "%s: from the old position, or from what the other did",
      async (together) => {
        const { replica, cell } = await begin(circle(together), dealt);
        let [x, y] = [1, 0.5];
        for (let round = 0; round < 5; round++) {
          const { terms } = await replica.round(0);
          const old = x;
          expect(terms["X.value"]).toBeCloseTo(2 * x * y, 5);
          x -= lr * y;
          expect(terms["Y.value"]).toBeCloseTo(-2 * (together ? old : x) * y, 5);
          y += lr * (together ? old : x);
          expectClose(await cell("x"), [x, x]);
          expectClose(await cell("y"), [y, y]);
        }
        // Together it spirals outwards, in turns it goes round: they cannot be confused.
        expect(x * x + y * y > 1.25 * 1.04).toBe(together);
      },
    );

    test("everybody sees the same draws, dealt once", async () => {
      const { replica } = await begin(circle(true), dealt);
      const { watches } = await replica.round(0);
      expect(watches["X.items"]).toBe(watches["Y.items"]);
      expect(watches["X.noise"]).toBe(watches["Y.noise"]);
      expect(replica.position.dealt).toBe(4);
      const next = (await replica.round(0)).watches;
      expect(next["X.items"]).not.toBe(watches["X.items"]);
      expect(next["X.noise"]).not.toBe(watches["X.noise"]);
    });

    test("in turns everybody sees draws of its own", async () => {
      const { replica } = await begin(circle(false), dealt);
      const { watches } = await replica.round(0);
      expect(watches["X.items"]).not.toBe(watches["Y.items"]);
      expect(watches["X.noise"]).not.toBe(watches["Y.noise"]);
      expect(replica.position.dealt).toBe(8);
    });
  });

  describe("two players who own one network", () => {
    test("move it in turns, each with a memory of its own", async () => {
      const system = small("two owners", {
        networks: () => ({ w: tensor([1], filled(1)) }),
        players: () => ({
          A: {
            owns: ["w"],
            learner: sgd({ lr, momentum: 0.5 }),
            minimizes: ({ w }) => ({ t: half(w) }),
          },
          B: {
            owns: ["w"],
            learner: sgd({ lr, momentum: 0.9 }),
            minimizes: ({ w }) => ({ t: sum(w) }),
          },
        }),
        averages: () => ({ w: { halfLife: 4 } }),
      });
      const { plan, replica, cell } = await begin(system, dealt);
      expect(plan.cells.map((c) => c.name)).toEqual([
        "w",
        "learner.A.w.v",
        "average.w",
        "learner.B.w.v",
      ]);
      let [w, a, b, average] = [1, 0, 0, 1];
      for (let round = 0; round < 4; round++) {
        await replica.round(0);
        a = 0.5 * a + w;
        w -= lr * a;
        average = (average + w) / 2;
        b = 0.9 * b + 1;
        w -= lr * b;
        average = (average + w) / 2;
        expectClose([...(await cell("w")), ...(await cell("average.w"))], [w, average]);
      }
    });
  });

  describe("phases", () => {
    const system = small("phases", {
      networks: () => ({ a: tensor([1], filled(1)), b: tensor([1], filled(1)) }),
      players: () => ({
        A: { owns: ["a"], learner, minimizes: ({ a, b }) => ({ t: sum(a.times(b)) }) },
        B: { owns: ["b"], learner, minimizes: ({ a, b }) => ({ t: sum(a.times(b)) }) },
      }),
      phases: () => [
        { name: "alone", until: 0.25, players: ["B"] },
        { name: "together", until: 0.5, players: ["B", "A"] },
        { name: "exchanged", players: ["A", "B"] },
      ],
    });

    test.each([
      { progress: 0, who: ["B"] },
      { progress: 0.2499, who: ["B"] },
      { progress: 0.25, who: ["B", "A"] },
      { progress: 0.4999, who: ["B", "A"] },
      { progress: 0.5, who: ["A", "B"] },
      { progress: 1, who: ["A", "B"] },
    ])("at $progress of a run $who move, in that order", async ({ progress, who }) => {
      const { replica, cell } = await begin(system, dealt);
      const { terms } = await replica.round(progress);
      expect(Object.keys(terms)).toEqual(who.map((name) => `${name}.t`));
      expect(replica.position.moves).toEqual(Object.fromEntries(who.map((name) => [name, 1])));
      const at = { a: 1, b: 1 };
      for (const name of who) {
        if (name === "A") at.a -= lr * at.b;
        else at.b -= lr * at.a;
      }
      expectClose([...(await cell("a")), ...(await cell("b"))], [at.a, at.b]);
    });

    test("clocks tell progress and each player's own moves", async () => {
      const clocked = small("clock", {
        networks: () => ({ a: tensor([1], filled(1)), b: tensor([1], filled(1)) }),
        players: () => ({
          A: {
            owns: ["a"],
            learner: sgd({ lr: linearFrom({ from: 1, to: 0 }) }),
            turns: 2,
            minimizes: ({ a }, _, { progress }) => ({ t: sum(a).times(progress) }),
            watches: (_, __, { moves }) => ({ moves }),
          },
          B: {
            owns: ["b"],
            learner,
            minimizes: ({ b }) => ({ t: sum(b) }),
            watches: (_, __, { moves, progress }) => ({ moves, progress }),
          },
        }),
      });
      const { replica, cell } = await begin(clocked, dealt);
      expect((await replica.round(0)).watches).toEqual({
        "A.moves": 1.5,
        "B.moves": 1,
        "B.progress": 0,
      });
      expect((await replica.round(0.25)).watches["A.moves"]).toBe(3.5);
      expectClose(await cell("a"), [1 - 2 * 0.25 * 0.75]);
    });
  });

  describe("moving averages", () => {
    const averaged = (rampUp?: number, turns = 1) =>
      small("averages", {
        networks: () => ({ w: tensor([2], filled(0)), v: tensor([2], filled(0)) }),
        players: () => ({
          // w goes to 1 at its first move and stays; v, without an average, too.
          G: {
            owns: ["w", "v"],
            learner: sgd({ lr: 1 }),
            turns,
            minimizes: ({ w, v }) => ({ t: half(w.minus(1)).plus(half(v.minus(1))) }),
          },
        }),
        averages: () => ({ w: { halfLife: 8, ...(rampUp === undefined ? {} : { rampUp }) } }),
        samples: ({ w, v }, { z }) => z!.times(0).plus(w).plus(v.times(10)),
      });

    test("forget half in a half-life of items, and samples are made with them", async () => {
      const { replica, cell, plan } = await begin(averaged(), dealt);
      const averages = plan.cells.map((c) => c.name).filter((name) => name.startsWith("average."));
      expect(averages).toEqual(["average.w"]);
      expectClose(Array.from(await replica.samples(1)), [0, 0]);
      for (let move = 1; move <= 6; move++) {
        await replica.round(0);
        const old = 0.5 ** ((4 * move) / 8);
        expectClose(await cell("w"), [1, 1]);
        expectClose(await cell("average.w"), [1 - old, 1 - old]);
        expectClose(Array.from(await replica.samples(1)), [11 - old, 11 - old]);
      }
    });

    test("count every turn's batch", async () => {
      const { replica, cell } = await begin(averaged(undefined, 2), dealt);
      await replica.round(0);
      expectClose(await cell("average.w"), [0.5, 0.5]);
    });

    test("forget faster at first, where a ramp is asked for", async () => {
      const rampUp = 0.5;
      const { replica, cell } = await begin(averaged(rampUp), dealt);
      let old = 1;
      for (let move = 1; move <= 6; move++) {
        await replica.round(0);
        // Half of the items seen so far, until that is the half-life.
        const life = Math.min(8, rampUp * 4 * move);
        old *= 0.5 ** (4 / life);
        expectClose(await cell("average.w"), [1 - old, 1 - old]);
      }
    });
  });
});
