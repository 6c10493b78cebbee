import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import type { DataDescription } from "../../src/game/draws.js";
import { settle } from "../../src/game/hyper.js";
import { initialState } from "../../src/game/initial-state.js";
import { clockPorts, drawPort } from "../../src/game/plan.js";
import { settleFor } from "../../src/game/system.js";
import { trace, traceExpression } from "../../src/game/trace.js";
import { countOf } from "../../src/nn/layer.js";
import { decodeSafetensors } from "../../src/run/safetensors.js";
import { Memory } from "../../src/runtime/memory.js";
import { input } from "../../src/tensor/tensor.js";
import { artDcgan } from "../../src/zoo/art-dcgan.js";
import { messageOf } from "../run/support.js";
import { wholeTurn } from "./golden.js";

const beside = (name: string): URL => new URL(`../golden/${name}`, import.meta.url);
/** What test/golden/art-dcgan.py has written. */
const written = JSON.parse(readFileSync(beside("art-dcgan.json"), "utf8")) as {
  readonly counts: Readonly<Record<"G" | "D", number>>;
  readonly terms: Readonly<Record<string, number>>;
};
const { tensors } = decodeSafetensors(
  readFileSync(beside("art-dcgan.safetensors")),
  "art-dcgan.safetensors",
);
const golden = (name: string): Float32Array => {
  const found = tensors[name];
  if (found === undefined) throw new Error(`${name} was not written`);
  return found.data;
};

const data: DataDescription = { kind: "pictures", shape: [3, 32, 32], classes: 0, count: 1 };
const hyper = settle(artDcgan.hyper, { latent: 8, ngf: 4, ndf: 4, batch: 4, group: 4 });
const plan = trace(artDcgan, { hyper, data });

let memory = new Memory({ device: "cpu" });
afterEach(async () => {
  await memory.release();
  memory = new Memory({ device: "cpu" });
});

/** Puts every cell as the golden round begins. */
function begin(): void {
  const start = initialState(plan, 0);
  for (const { name, shape } of plan.cells) {
    const known = tensors[`before/${name}`]?.data ?? start[name]!;
    memory.put({ name, shape, type: "float32" }, known);
  }
}

/** The largest difference, relative to the largest golden number. */
function apart(ours: ArrayLike<number>, theirs: Float32Array): number {
  expect(ours.length).toBe(theirs.length);
  const largest = theirs.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  return theirs.reduce((most, v, i) => Math.max(most, Math.abs(ours[i]! - v)), 0) / largest;
}

it("has as many numbers as main.lua's networks for 128 × 128", () => {
  const { hyper: paper, data: described } = artDcgan.presets.paper!;
  const networks = artDcgan.networks(settleFor(artDcgan, described!, paper), described!);
  for (const name of ["G", "D"] as const) {
    const owned = networks[name]!;
    if (owned.kind !== "network") throw new Error("both are networks");
    expect(countOf(owned.built.parameters), name).toBe(written.counts[name]);
  }
});

describe("art-dcgan agrees with PyTorch to 1e-4 relative", () => {
  it.each([
    ["one latent", "z", [4, 8, 1, 1], [4, 3, 32, 32]],
    ["a canvas of 3 × 2 latents", "canvas", [2, 8, 3, 2], [2, 3, 48, 40]],
  ] as const)("in pictures and logits of %s", async (_, name, from, to) => {
    begin();
    const program = traceExpression(artDcgan, { hyper, data }, (networks) => {
      const drawn = { z: input(drawPort("z"), from) };
      const picture = artDcgan.samples!(networks, drawn, { hyper, data });
      expect(picture.shape).toEqual(to);
      return { picture, logits: artDcgan.verdict!(networks, picture, { hyper, data }) };
    });
    const made = await (await memory.load(program)).run({
      [drawPort("z")]: golden(`draws/${name}`),
    });
    for (const what of ["picture", "logits"]) {
      const ours = made[what] as Float32Array; // both are
      expect(apart(ours, golden(`forward/${name}.${what}`)), what).toBeLessThan(1e-4);
    }
  });

  it("in every term, parameter and statistic after a round", async () => {
    begin();
    for (const [i, player] of (["D", "G"] as const).entries()) {
      const program = await memory.load(wholeTurn(plan, player));
      const { report } = await program.run({
        [clockPorts.progress]: Float32Array.of(0),
        [clockPorts.moves]: Float32Array.of(1),
        ...(player === "D" ? { [drawPort("x")]: golden("draws/D.x") } : {}),
        [drawPort("z")]: golden(`draws/${player}.z`),
      });
      const { terms } = plan.turns[i]!.variants[0]!;
      expect(terms).toEqual(Object.keys(written.terms).filter((name) => name.startsWith(player)));
      for (const [k, name] of terms.entries()) {
        const ours = (report as Float32Array)[k]!;
        expect(Math.abs(ours / written.terms[name]! - 1), name).toBeLessThan(1e-4);
      }
    }
    const names = Object.keys(tensors).filter((name) => name.startsWith("after/"));
    expect(names.length).toBe(28);
    for (const name of names) {
      const ours = (await memory.get(name.slice("after/".length))) as Float32Array; // all are
      const [theirs, before] = [golden(name), golden(name.replace("after/", "before/"))];
      expect(apart(ours, theirs), name).toBeLessThan(1e-4);
      // Had nothing moved, this would compare nothing.
      const moved = theirs.reduce((most, v, i) => Math.max(most, Math.abs(v - before[i]!)), 0);
      const wrong = theirs.reduce((most, v, i) => Math.max(most, Math.abs(v - ours[i]!)), 0);
      expect(wrong / moved, name).toBeLessThan(2e-2);
    }
  });
});

describe("art-dcgan says what it cannot play on", () => {
  const played = (shape: readonly number[], kind: "pictures" | "points" = "pictures") =>
    messageOf(() => trace(artDcgan, { hyper, data: { kind, shape, classes: 0, count: 1 } }));

  it("pictures that no doublings of 4 make", () => {
    const text = (
      shape: string,
    ): string => `data: art-dcgan needs squares of 8, 16, 32, 64 … pixels a side
  pictures  ${shape}
  in        art-dcgan
  hint      --size 64 makes them so`;
    expect(played([3, 48, 48])).toBe(text("[3 48 48]"));
    expect(played([3, 64, 32])).toBe(text("[3 64 32]"));
    expect(played([3, 4, 4])).toBe(text("[3 4 4]"));
  });

  it("points", () => {
    expect(played([2], "points")).toBe(
      "data: art-dcgan needs pictures\n  in    art-dcgan\n  hint  use gan or r3gan for points",
    );
  });
});
