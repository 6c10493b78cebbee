import { describe, expect, test } from "vitest";
import { alone } from "../../src/game/exchange.js";
import { tensor } from "../../src/game/network.js";
import { Replica } from "../../src/game/replica.js";
import { trace } from "../../src/game/trace.js";
import { features } from "../../src/nn/features.js";
import { randomVgg } from "../../src/nn/features-random.js";
import { normalWith } from "../../src/nn/initializers.js";
import { adam } from "../../src/nn/optimizers.js";
import { Memory } from "../../src/runtime/memory.js";
import { mean, square } from "../../src/tensor/operations.js";
import { pictures, small, values } from "./small.js";

const net = randomVgg({ widths: [4, 6] });
const items = Float32Array.from({ length: 16 * 3 * 8 * 8 }, (_, i) => Math.sin(i * i));

/** A picture that comes to look, to a frozen network, like the middle of the data. */
const painted = small("painted", {
  perceives: () => net,
  networks: (_, __, { perceived }) => ({
    T: tensor([1, 3, 8, 8], normalWith(0.5)),
    F: features(perceived),
  }),
  players: () => ({
    A: {
      owns: ["T"],
      learner: adam({ lr: 0.05 }),
      minimizes: ({ T, F }, { x }) => {
        const wanted = mean(F(x!, "conv2_1"), { axes: [0], keep: true });
        return { seen: mean(square(F(T, "conv2_1").minus(wanted))) };
      },
    },
  }),
});

describe("a frozen network in a game", () => {
  test("is seen by losses, never moved, and no part of what is saved", async () => {
    const plan = trace(painted, { hyper: values, data: pictures });
    const known = plan.cells.filter(({ initial }) => initial.kind === "known");
    expect(known.map(({ name }) => name)).toEqual(
      ["conv1_1", "conv1_2", "conv2_1"].flatMap((l) => [`F.${l}.weight`, `F.${l}.bias`]),
    );
    const memory = new Memory({ device: "cpu" });
    const data = { count: 16, items, labels: undefined };
    const replica = new Replica({ plan, memory, data, seed: 3, exchange: alone(1, 0) });
    await replica.start();
    const losses: number[] = [];
    for (let i = 0; i < 30; i++) losses.push((await replica.round(i / 30)).terms["A.seen"]!);
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 2);
    const changing = plan.cells.map(({ name }) => name).filter((name) => !name.startsWith("F."));
    expect(Object.keys(await replica.state())).toEqual(changing);
    expect(changing).toContain("T");
    for (const { name } of known) {
      expect(await memory.get(name)).toEqual(net.weights[name.slice(2)]!.values);
    }
    await memory.release();
  });
});
