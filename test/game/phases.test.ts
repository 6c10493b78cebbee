import { expect, test } from "vitest";
import { describe as described, sectionsOf, textOf } from "../../src/game/describe.js";
import { alone } from "../../src/game/exchange.js";
import { tensor } from "../../src/game/network.js";
import { Replica } from "../../src/game/replica.js";
import { defineSystem, presetOf, type System, settleFor } from "../../src/game/system.js";
import { trace } from "../../src/game/trace.js";
import { filled } from "../../src/nn/initializers.js";
import { sgd } from "../../src/nn/optimizers.js";
import { Memory } from "../../src/runtime/memory.js";
import { square } from "../../src/tensor/operations.js";
import { hyper, points, small } from "../nn/small.js";

/** G halves its distance to 0, then to 8; P is what G was in between. */
const staged = small("staged", {
  networks: () => ({ G: tensor([], filled(16)), P: tensor([], filled(-1)) }),
  players: () => ({
    first: {
      owns: ["G"],
      learner: sgd({ lr: 0.25 }),
      minimizes: ({ G }) => ({ near: square(G) }),
    },
    second: {
      owns: ["G"],
      learner: sgd({ lr: 0.25 }),
      minimizes: ({ G, P }) => ({ near: square(G.minus(8)), kept: P.times(0) }),
    },
  }),
  phases: () => [
    { name: "down", until: 0.5, players: ["first"] },
    { name: "up", players: ["second"], copies: { P: "G" } },
  ],
});

async function begun(system: System) {
  const memory = new Memory({ device: "cpu" });
  const plan = trace(system, { hyper: settleFor(system, points), data: points });
  const data = { count: 4, items: new Float32Array(8), labels: undefined };
  const replica = new Replica({ plan, memory, data, seed: 0, exchange: alone(8, 0) });
  const cell = async (name: string): Promise<number> => (await memory.get(name))[0]!;
  return { replica, cell };
}

test("what a phase taught is kept beside what the next one makes of it", async () => {
  const { replica, cell } = await begun(staged);
  await replica.start();
  for (const progress of [0, 0.3]) await replica.round(progress);
  expect([await cell("G"), await cell("P")]).toEqual([4, -1]);
  for (const progress of [0.5, 0.8]) await replica.round(progress);
  expect([await cell("G"), await cell("P")]).toEqual([7, 4]);
  expect(replica.position.phase).toBe(1);
});

test("who goes on from within a phase does not copy again", async () => {
  const before = await begun(staged);
  await before.replica.start();
  for (const progress of [0, 0.5]) await before.replica.round(progress);
  const after = await begun(staged);
  await after.replica.start(await before.replica.state(), before.replica.position);
  await after.replica.round(0.8);
  expect([await after.cell("G"), await after.cell("P")]).toEqual([8, 8]);
});

test("of an averaged network the average is copied", async () => {
  const { cite, equations } = staged;
  const averaged = defineSystem("averaged", {
    ...{ cite, equations, hyper },
    networks: () => ({ G: tensor([], filled(16)), P: tensor([], filled(-1)) }),
    chance: () => ({}),
    players: () => ({
      G: { owns: ["G"], learner: sgd({ lr: 0.25 }), minimizes: ({ G }) => ({ near: square(G) }) },
    }),
    phases: () => [
      { name: "down", until: 0.5, players: ["G"] },
      { name: "again", players: ["G"], copies: { P: "G" } },
    ],
    averages: () => ({ G: { halfLife: Number(hyper.batch.value) } }),
  });
  const { replica, cell } = await begun(averaged);
  await replica.start();
  await replica.round(0);
  const average = await cell("average.G");
  expect(average).toBe(12);
  await replica.round(0.5);
  expect(await cell("P")).toBe(average);
});

test("a copy must be made of the same tensors", () => {
  const misfit = (shape: readonly number[], copies: Readonly<Record<string, string>>): System =>
    small("misfit", {
      networks: () => ({ G: tensor([], filled(1)), P: tensor(shape, filled(1)) }),
      players: () => ({
        G: { owns: ["G"], learner: sgd({ lr: 1 }), minimizes: ({ G }) => ({ near: square(G) }) },
      }),
      phases: () => [{ name: "only", players: ["G"], copies }],
    });
  const traced = (system: System) => () =>
    trace(system, { hyper: settleFor(system, points), data: points });
  expect(traced(misfit([2], { P: "G" }))).toThrow(
    "phases.only.copies.P: G is made of other tensors",
  );
  expect(traced(misfit([], { Q: "G" }))).toThrow("phases.only.copies.Q: there is no such network");
});

test("phases and presets are described", () => {
  const options = { hyper: settleFor(staged, points), data: points };
  const text = textOf(sectionsOf(described(staged, options), { width: 100 }));
  expect(text).toContain("phase down: first until 50 % of the run");
  expect(text).toContain("phase up: P becomes a copy of G, then second");
});

test("a preset that is not there is named, with those that are", () => {
  const paper = { about: "the paper's", hyper: { batch: 1 } };
  const named: System = { ...staged, presets: { paper } };
  expect(presetOf(named, "paper")).toBe(paper);
  expect(() => presetOf(named, "papre")).toThrow("preset: staged has no papre, only paper");
  expect(() => presetOf(staged, "paper")).toThrow("preset: staged has no presets");
});
