import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ring } from "../../src/data/points.js";
import { costOf } from "../../src/game/cost.js";
import { describe as described, sectionsOf, textOf } from "../../src/game/describe.js";
import { alone } from "../../src/game/exchange.js";
import { lbfgs } from "../../src/game/learners/lbfgs.js";
import { network, tensor } from "../../src/game/network.js";
import { Replica } from "../../src/game/replica.js";
import { trace } from "../../src/game/trace.js";
import { filled } from "../../src/nn/initializers.js";
import { linear } from "../../src/nn/linear.js";
import { sgd } from "../../src/nn/optimizers.js";
import { runningMean } from "../../src/nn/running-mean.js";
import { train } from "../../src/run/train.js";
import { Memory } from "../../src/runtime/memory.js";
import { log, matmul, mean, reshape, square, sum } from "../../src/tensor/operations.js";
import { constant, type Tensor } from "../../src/tensor/tensor.js";
import { begin, points, small, values } from "../nn/small.js";
import { cellBytes, temporaryFolder } from "../run/support.js";

const half = (w: Tensor): Tensor => sum(square(w)).times(0.5);

const expectClose = (ours: readonly number[], theirs: readonly number[], digits = 5): void => {
  expect(ours.length).toBe(theirs.length);
  ours.forEach((value, i) => {
    expect(value).toBeCloseTo(theirs[i]!, digits);
  });
};

/** The valley of Rosenbrock: its floor is bent and nearly flat. */
const valley = small("valley", {
  networks: () => ({ a: tensor([], filled(-1.2)), b: tensor([1], filled(1)) }),
  players: () => ({
    D: {
      owns: ["a", "b"],
      learner: lbfgs({ iterations: 5, history: 4 }),
      minimizes: ({ a, b }) => ({
        wall: sum(square(b.minus(square(a)))).times(100),
        floor: square(constant(1).minus(a)),
      }),
    },
  }),
});

/** A parabola that is to be 1 at the items. */
const fitted = small("fitted", {
  networks: () => ({ w: tensor([2, 1], filled(0)), D: network([2], linear(1)) }),
  players: () => ({
    D: {
      owns: ["w", "D"],
      learner: lbfgs({ history: 3 }),
      minimizes: ({ w, D }, { x }) => ({
        fit: mean(
          square(
            matmul(x!, w)
              .plus(D(square(x!)))
              .minus(1),
          ),
        ),
        small: half(w).times(0.01),
      }),
      watches: ({ w }) => ({ w: sum(w) }),
    },
  }),
  samples: ({ w }, { z }) => z!.times(sum(w)),
});

describe.each([{ group: 4 }, { group: 2 }])("with groups of $group in a batch of 4", (dealt) => {
  test("a search finds the floor of a valley, reporting where turns began", async () => {
    const { replica, cell, plan } = await begin(valley, dealt);
    expect(plan.cells.map((c) => c.name).slice(0, 4)).toEqual([
      "a",
      "b",
      "learner.D.a.s0",
      "learner.D.a.y0",
    ]);
    const first = (await replica.round(0)).terms;
    expect(first["D.wall"]! + first["D.floor"]!).toBeCloseTo(24.2, 4);
    for (let round = 1; round < 8; round++) await replica.round(0);
    expectClose([...(await cell("a")), ...(await cell("b"))], [1, 1], 2);
  });

  test("lazy terms count with their weight when they do", async () => {
    const system = small("lazy", {
      networks: () => ({ w: tensor([2], filled(9)) }),
      players: () => ({
        D: {
          owns: ["w"],
          learner: lbfgs(),
          every: { far: 2 },
          minimizes: ({ w }) => ({ near: half(w), far: half(w.minus(3)) }),
        },
      }),
    });
    const { replica, cell } = await begin(system, dealt);
    // ½ w² + 2 · ½ (w − 3)² is least at 2.
    for (const expected of [2, 0, 2]) {
      await replica.round(0);
      expectClose(await cell("w"), [expected, expected], 4);
    }
  });

  test("statistics move once a turn, as seen at its first point; averages follow what it found", async () => {
    const system = small("kept", {
      networks: () => ({ w: tensor([2], filled(4)), a: network([], runningMean({ decay: 0.5 })) }),
      players: () => ({
        D: {
          owns: ["w"],
          learner: lbfgs(),
          minimizes: ({ w, a }, { x }) => {
            const each = sum(x!.times(0).plus(w), { axes: [1] });
            return { t: half(w.minus(1)), seen: mean(a(each)).times(0) };
          },
        },
      }),
      averages: () => ({ w: { halfLife: 4 } }),
    });
    const { replica, cell } = await begin(system, dealt);
    await replica.round(0);
    expectClose(await cell("w"), [1, 1]);
    expectClose(await cell("a.mean"), [4]);
    expectClose(await cell("average.w"), [2.5, 2.5]);
    await replica.round(0);
    expectClose(await cell("a.mean"), [3]);
    expectClose(await cell("average.w"), [1.75, 1.75]);
  });

  describe.each([true, false])("simultaneously: %s", (simultaneous) => {
    test.each([
      { order: ["X", "Y"] as const, x: 2, y: simultaneous ? 1 : 2 },
      { order: ["Y", "X"] as const, x: simultaneous ? 2 : 1, y: 1 },
    ])("$order sees the position that it should", async ({ order, x, y }) => {
      const system = small("together", {
        simultaneous,
        networks: () => ({ x: tensor([1], filled(0)), y: tensor([1], filled(2)) }),
        players: () => ({
          X: {
            owns: ["x"],
            learner: lbfgs(),
            minimizes: ({ x: a, y: b }) => ({ t: half(a.minus(b)) }),
          },
          Y: {
            owns: ["y"],
            learner: sgd({ lr: 0.5 }),
            minimizes: ({ x: a, y: b }) => ({ t: half(b.minus(a)) }),
          },
        }),
        phases: () => [{ name: "both", players: order }],
        averages: () => ({ x: { halfLife: 4 } }),
      });
      const { replica, cell } = await begin(system, dealt);
      await replica.round(0);
      expectClose([...(await cell("x")), ...(await cell("y"))], [x, y]);
      expectClose(await cell("average.x"), [x / 2]);
    });
  });

  test("a loss that is no number stops before anything moves", async () => {
    const system = small("broken", {
      networks: () => ({ w: tensor([], filled(-1)) }),
      players: () => ({
        D: { owns: ["w"], learner: lbfgs(), minimizes: ({ w }) => ({ t: log(w) }) },
      }),
    });
    const { replica, cell } = await begin(system, dealt);
    await expect(replica.round(0)).rejects.toThrow("D.t became NaN in round 1");
    expect(await cell("w")).toEqual([-1]);
  });
});

test("groups do not change what is found", async () => {
  const found = await Promise.all(
    [4, 2, 1].map(async (group) => {
      const { replica, cell } = await begin(fitted, { group });
      const terms = [];
      for (let round = 0; round < 3; round++) terms.push((await replica.round(0)).terms["D.fit"]!);
      return [...(await cell("w")), ...terms];
    }),
  );
  expectClose(found[1]!, found[0]!, 3);
  expectClose(found[2]!, found[0]!, 3);
});

test("going on from a state gives the bits of never stopping", async () => {
  const plan = trace(fitted, { hyper: { ...values, group: 2 }, data: points });
  const items = Float32Array.from({ length: 32 }, (_, i) => Math.sin(1 + i));
  const data = { count: 16, items, labels: undefined };
  const fresh = (): Replica =>
    new Replica({
      ...{ plan, data, seed: 3 },
      memory: new Memory({ device: "cpu" }),
      exchange: alone(2, plan.turns[0]!.variants[0]!.flatSize),
    });
  const [whole, first, second] = [fresh(), fresh(), fresh()];
  await whole.start();
  for (let round = 0; round < 4; round++) await whole.round(round / 4);
  await first.start();
  for (let round = 0; round < 2; round++) await first.round(round / 4);
  await second.start(await first.state(), first.position);
  for (let round = 2; round < 4; round++) await second.round(round / 4);
  const state = await whole.state();
  expect(await second.state()).toEqual(state);
  expect(state["learner.D.w.s1"]!.some((value) => value !== 0)).toBe(true);
});

describe("in worker threads", () => {
  const folder = temporaryFolder();
  const options = {
    system: fitted,
    data: ring({ count: 100 }),
    hyper: { batch: 16, group: 4 },
    rounds: 6,
  };
  const bytes = (path: string): string =>
    cellBytes(join(folder, path, "checkpoints", "000006.safetensors")).toString("base64");

  test("any number of replicas finds the same bits, stopped or not", async () => {
    for (const replicas of [1, 2, 4]) {
      const path = join(folder, `${replicas}`);
      const ending = await train({ ...options, replicas, folder: path }).finish();
      expect(ending).toEqual({ type: "stopped", round: 6, reason: "finished" });
    }
    expect(bytes("2")).toBe(bytes("1"));
    expect(bytes("4")).toBe(bytes("1"));
    const stopped = join(folder, "stopped");
    const run = train({ ...options, replicas: 2, checkpointEvery: 1, folder: stopped });
    for await (const event of run) if (event.type === "round" && event.round >= 2) break;
    await train({ ...options, resume: stopped, replicas: 1 }).finish();
    expect(bytes("stopped")).toBe(bytes("1"));
  });
});

describe("tables", () => {
  const told = { hyper: { ...values }, data: points };

  test("name the learner", () => {
    const description = described(valley, told);
    expect(description.players[0]!.learner).toBe("lbfgs");
    expect(textOf(sectionsOf(description))).toContain("D moves a, b by lbfgs");
  });

  test("count every look, and what is remembered of steps", () => {
    const by = (learner: Parameters<typeof costOf>[0]) => costOf(learner, told);
    const game = (search: boolean) =>
      small("cost", {
        networks: () => ({ w: tensor([2, 1], filled(0)) }),
        players: () => ({
          D: {
            owns: ["w"],
            learner: search ? lbfgs({ iterations: 8, history: 3 }) : sgd(),
            minimizes: ({ w }, { x }) => ({ t: mean(reshape(matmul(x!, w), [4])) }),
          },
        }),
      });
    expect(by(game(true)).multiplyAdds).toBe(10 * by(game(false)).multiplyAdds);
    expect(by(game(true)).stateBytes).toBe(4 * 2 * (1 + 6));
  });
});
