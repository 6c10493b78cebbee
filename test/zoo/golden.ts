import { readFileSync } from "node:fs";
import { settle } from "../../src/game/hyper.js";
import { clockPorts, drawPort, type Plan } from "../../src/game/plan.js";
import { initialState } from "../../src/game/replica.js";
import type { System } from "../../src/game/system.js";
import { trace } from "../../src/game/trace.js";
import { decodeSafetensors } from "../../src/run/safetensors.js";
import type { Program } from "../../src/runtime/memory.js";
import { dcgan } from "../../src/zoo/dcgan.js";
import { r3gan } from "../../src/zoo/r3gan.js";

/** What test/golden/steps.py has written. */
const { tensors } = decodeSafetensors(
  readFileSync(new URL("../golden/steps.safetensors", import.meta.url)),
  "steps.safetensors",
);

export const golden = (name: string): Float32Array | undefined => tensors[name]?.data;
export const goldenNames = Object.keys(tensors);
export const goldenRounds = 3;

const small = { latent: 8, width: 4, batch: 8, group: 8 };
const r3ganSettings = { blocks: 1, gamma: 1, gammaEnd: 0.1, lr: 1e-3, lrEnd: 1e-4 };

/** The systems with the settings of the golden rounds. */
export const goldenGames: readonly { readonly system: System; readonly plan: Plan }[] = [
  { system: dcgan, given: {} },
  { system: r3gan, given: { ...r3ganSettings, augment: "flip+color+translation" } },
].map(({ system, given }) => {
  const data = { kind: "pictures", shape: [3, 16, 16], classes: 0, count: 1 } as const;
  return {
    system,
    plan: trace(system, { hyper: settle(system.hyper, { ...small, ...given }), data }),
  };
});

/** Every cell as the golden rounds begin. */
export function goldenCells(plan: Plan): Record<string, Float32Array> {
  const start = initialState(plan, 0);
  return Object.fromEntries(
    plan.cells.map(({ name }) => {
      const before = golden(`${plan.system}/before/${name.replace("average.", "")}`);
      return [name, before ?? start[name]!];
    }),
  );
}

/** What is fed to a player's turn in a golden round. */
export function goldenFeeds(
  plan: Plan,
  player: string,
  round: number,
): Record<string, Float32Array> {
  const feeds: Record<string, Float32Array> = {
    [clockPorts.progress]: Float32Array.of(round / goldenRounds),
    [clockPorts.moves]: Float32Array.of(round + 1),
  };
  for (const draw of Object.keys(plan.draws)) {
    const drawn = golden(`${plan.system}/draws/${round}.${player}.${draw}`);
    if (drawn !== undefined) feeds[drawPort(draw)] = drawn;
  }
  return feeds;
}

/** The one graph of a player's turn. */
export function wholeTurn(plan: Plan, player: string): Program {
  const { programs } = plan.turns.find((turn) => turn.player === player)!.variants[0]!;
  if (programs.kind !== "whole") throw new Error("one group is one graph");
  return programs.whole;
}
