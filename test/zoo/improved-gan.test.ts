import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { DataDescription } from "../../src/game/draws.js";
import { initialState } from "../../src/game/initial-state.js";
import { clockPorts, drawPort } from "../../src/game/plan.js";
import { settleFor } from "../../src/game/system.js";
import { trace } from "../../src/game/trace.js";
import { Memory } from "../../src/runtime/memory.js";
import { improvedGan } from "../../src/zoo/improved-gan.js";
import { wholeTurn } from "./golden.js";

interface Numbers {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}
const golden: {
  readonly made: string;
  readonly before: Readonly<Record<string, Numbers>>;
  readonly after: Readonly<Record<string, Numbers>>;
  readonly draws: readonly Readonly<Record<string, readonly number[]>>[];
  readonly terms: readonly Readonly<Record<string, number>>[];
} = JSON.parse(readFileSync(new URL("../golden/improved.json", import.meta.url), "utf8")); // improved.py wrote it

const data: DataDescription = { kind: "points", shape: [2], classes: 3, count: 9 };
const lr = 1e-3;
const everything = {
  ...{ matching: "on", minibatch: 2, history: 0.1, target: 0.9, norm: "virtual", labels: 6 },
  ...{ reference: 4, latent: 3, units: 6, lr, batch: 8, group: 8, average: 0 },
};

it("three rounds with every technique end where PyTorch ends, to 1e-4 relative", async () => {
  expect(golden.made).toMatch(/^PyTorch 2\.6/);
  const plan = trace(improvedGan, { hyper: settleFor(improvedGan, data, everything), data });
  const memory = new Memory({ device: "cpu" });
  const start = initialState(plan, 0);
  for (const { name, shape } of plan.cells) {
    const before = golden.before[name];
    if (before !== undefined) expect(before.shape).toEqual(shape);
    const numbers = before === undefined ? start[name]! : Float32Array.from(before.values);
    memory.put({ name, shape, type: "float32" }, numbers);
  }
  for (let round = 0; round < 3; round++) {
    for (const [i, player] of ["D", "G"].entries()) {
      const program = await memory.load(wholeTurn(plan, player));
      const feeds: Record<string, Float32Array | Int32Array> = {
        [clockPorts.progress]: Float32Array.of(round / 3),
        [clockPorts.moves]: Float32Array.of(round + 1),
      };
      for (const [name, numbers] of Object.entries(golden.draws[2 * round + i]!)) {
        feeds[drawPort(name)] =
          name === "c" ? Int32Array.from(numbers) : Float32Array.from(numbers);
      }
      const { report } = await program.run(feeds);
      const { terms } = plan.turns.find((turn) => turn.player === player)!.variants[0]!;
      expect(terms).toEqual(Object.keys(golden.terms[2 * round + i]!));
      terms.forEach((term, k) => {
        const theirs = golden.terms[2 * round + i]![term]!;
        const ours = (report as Float32Array)[k]!; // terms are float32
        expect(Math.abs(ours / theirs - 1), term).toBeLessThan(1e-4);
      });
    }
  }
  for (const [name, { values }] of Object.entries(golden.after)) {
    const ours = (await memory.get(name)) as Float32Array; // all of them are
    const largest = (f: (i: number) => number): number =>
      values.reduce((most, _, i) => Math.max(most, Math.abs(f(i))), 0);
    const error = largest((i) => ours[i]! - values[i]!);
    // What a norm takes away again has no slope, and goes where rounding sends it; its mean too.
    const isFree = ["G.0.bias", "G.3.bias", "G.1.mean", "G.4.mean"].includes(name);
    if (isFree) expect(error, name).toBeLessThan(3 * lr);
    else expect(error / largest((i) => values[i]!), name).toBeLessThan(1e-4);
  }
  expect(Object.keys(golden.after).length).toBe(24);
  await memory.release();
});

it("needs classes where it is to learn some, and none where it is not", () => {
  const none = { ...data, classes: 0 };
  expect(() => improvedGan.networks(settleFor(improvedGan, none, { labels: 6 }), none)).toThrow(
    "data: improved-gan with labels needs items with classes\n  hint  ",
  );
  expect(Object.keys(improvedGan.networks(settleFor(improvedGan, none), none))).toEqual([
    ...["G", "F", "D", "R"],
  ]);
});
