import { describe, expect, it } from "vitest";
import type { Plan } from "../../src/game/plan.js";
import { Memory } from "../../src/runtime/memory.js";
import {
  golden,
  goldenCells,
  goldenFeeds,
  goldenGames,
  goldenNames,
  goldenRounds,
  wholeTurn,
} from "./golden.js";

/** Plays the golden rounds from the golden parameters and draws; gives every cell afterwards. */
async function play(plan: Plan): Promise<Map<string, Float32Array>> {
  const memory = new Memory({ device: "cpu" });
  const cells = goldenCells(plan);
  for (const { name, shape } of plan.cells) {
    memory.put({ name, shape, type: "float32" }, cells[name]!);
  }
  for (let round = 0; round < goldenRounds; round++) {
    for (const { player, repeats } of plan.turns) {
      const program = await memory.load(wholeTurn(plan, player));
      for (let k = 0; k < repeats; k++) {
        await program.run(goldenFeeds(plan, player, round * repeats + k));
      }
    }
  }
  const after = new Map<string, Float32Array>();
  for (const { name } of plan.cells) after.set(name, (await memory.get(name)) as Float32Array); // all are
  await memory.release();
  return after;
}

describe.each(goldenGames)("three rounds of $system.name", ({ plan }) => {
  it("end where PyTorch ends, to 1e-4 relative in every parameter, average and statistic", async () => {
    const ours = await play(plan);
    const names = goldenNames.filter((name) => name.startsWith(`${plan.system}/after/`));
    expect(names.length).toBeGreaterThan(15);
    let moved = 0;
    for (const name of names) {
      const theirs = golden(name)!;
      const before = golden(name.replace("/after/", "/before/").replace("average.", ""));
      const mine = ours.get(name.split("/")[2]!)!;
      const largest = (f: (i: number) => number): number =>
        theirs.reduce((most, _, i) => Math.max(most, Math.abs(f(i))), 0);
      const error = largest((i) => mine[i]! - theirs[i]!);
      expect(error / largest((i) => theirs[i]!), name).toBeLessThan(1e-4);
      // The comparison would be empty had nothing moved. A bias that a relativistic loss cancels
      // stays where it is.
      const movedBy = before === undefined ? 0 : largest((i) => theirs[i]! - before[i]!);
      if (movedBy === 0) continue;
      moved++;
      expect(error / movedBy, name).toBeLessThan(2e-2);
    }
    expect(moved).toBeGreaterThan(13);
  });
});
