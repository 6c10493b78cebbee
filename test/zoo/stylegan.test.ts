import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { DataDescription } from "../../src/game/draws.js";
import { settle } from "../../src/game/hyper.js";
import { initialState } from "../../src/game/initial-state.js";
import { clockPorts, drawPort } from "../../src/game/plan.js";
import { presetOf, settleFor } from "../../src/game/system.js";
import { trace, traceExpression } from "../../src/game/trace.js";
import { countOf } from "../../src/nn/layer.js";
import { decodeSafetensors } from "../../src/run/safetensors.js";
import { Memory } from "../../src/runtime/memory.js";
import { evaluate } from "../../src/tensor/reference.js";
import { constant, input } from "../../src/tensor/tensor.js";
import { everywhere, mixed, truncated } from "../../src/zoo/stylegan/styles.js";
import { stylegan } from "../../src/zoo/stylegan.js";
import { wholeTurn } from "./golden.js";
import { numbers } from "./stylegan-golden.js";

const beside = (name: string): URL => new URL(`../golden/${name}`, import.meta.url);
/** What test/golden/stylegan.py has written. */
const written = JSON.parse(readFileSync(beside("stylegan.json"), "utf8")) as {
  readonly counts: Readonly<Record<"M" | "S" | "D", number>>;
  readonly terms: readonly Readonly<Record<string, number>>[];
};
const { tensors } = decodeSafetensors(
  readFileSync(beside("stylegan.safetensors")),
  "stylegan.safetensors",
);
const golden = (name: string): Float32Array => {
  const found = tensors[name];
  if (found === undefined) throw new Error(`${name} was not written`);
  return found.data;
};

const data: DataDescription = { kind: "pictures", shape: [3, 32, 32], classes: 0, count: 1 };
const given = { latent: 12, styles: 10, mapping: 3, pace: 0.01, width: 4, widest: 8 };
const hyper = settle(stylegan.hyper, {
  ...given,
  ...{ batch: 4, group: 4, gamma: 10, path: 2, mixing: 0.9, lr: 2e-3, halfLife: 20 },
});
const layers = 8;

/** Every cell as the golden rounds begin. */
function cells(): Record<string, Float32Array> {
  const plan = trace(stylegan, { hyper, data });
  const networks = stylegan.networks(hyper, data);
  const state = { ...initialState(plan, 0) };
  let key = 0;
  for (const name of ["M", "S", "D"]) {
    const owned = networks[name]!;
    if (owned.kind !== "network") throw new Error("all are networks");
    for (const [inner, { shape }] of Object.entries(owned.built.parameters)) {
      const isWeight = inner.endsWith("weight");
      const scale = name === "M" && isWeight ? 100 : isWeight ? 1 : 0.3;
      state[`${name}.${inner}`] = numbers(key, shape).map((v) => v * scale);
      if (name !== "D") state[`average.${name}.${inner}`] = state[`${name}.${inner}`]!.slice();
      key++;
    }
  }
  return state;
}

/** The largest difference, relative to the largest golden number. */
function apart(ours: ArrayLike<number>, theirs: Float32Array): number {
  expect(ours.length).toBe(theirs.length);
  const largest = theirs.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  return theirs.reduce((most, v, i) => Math.max(most, Math.abs(ours[i]! - v)), 0) / largest;
}

/** Draws of a turn, as the script has them. */
function feedsOf(round: number, player: "D" | "G"): Record<string, Float32Array> {
  const key = 2000 + 100 * round + (player === "G" ? 50 : 0);
  const picture = [4, 3, 32, 32];
  return {
    [clockPorts.progress]: Float32Array.of(round / 2),
    [clockPorts.moves]: Float32Array.of(round + 1),
    [drawPort("x")]: numbers(key, picture),
    [drawPort("y")]: numbers(key + 1, picture),
    [drawPort("z")]: numbers(key + 2, [4, 12]),
    [drawPort("other")]: numbers(key + 3, [4, 12]),
    [drawPort("cut")]: numbers(key + 4, [4, 2], "uniform"),
    [drawPort("noise")]: numbers(key + 5, [4, 2720]),
  };
}

describe("stylegan agrees with PyTorch to 1e-4 relative", () => {
  const plan = trace(stylegan, { hyper, data });

  it("in styles, pictures and logits of given numbers", async () => {
    const known = cells();
    const shapes = { z: [4, 12], noise: [4, 2720], x: [4, 3, 32, 32] };
    const program = traceExpression(stylegan, { hyper, data }, ({ M, S, D }) => {
      const draw = (name: keyof typeof shapes) => input(drawPort(name), shapes[name]);
      const call = (network: unknown) => network as (...all: unknown[]) => ReturnType<typeof draw>; // three networks
      const w = call(M)(draw("z"));
      return {
        w,
        picture: call(S)(everywhere(w, layers), draw("noise")),
        logits: call(D)(draw("x")),
      };
    });
    const memory = new Memory({ device: "cpu" });
    for (const { name, shape } of plan.cells) {
      memory.put({ name, shape, type: "float32" }, known[name]!);
    }
    const made = await (await memory.load(program)).run({
      [drawPort("z")]: numbers(1000, shapes.z),
      [drawPort("noise")]: numbers(1001, shapes.noise),
      [drawPort("x")]: numbers(1002, shapes.x),
    });
    await memory.release();
    for (const name of ["w", "picture", "logits"]) {
      const ours = made[name] as Float32Array; // all are
      expect(apart(ours, golden(`forward/${name}`)), name).toBeLessThan(1e-4);
    }
  });

  it("in every term, parameter, average and mean after two rounds with R1 and path length", async () => {
    const known = cells();
    const memory = new Memory({ device: "cpu" });
    for (const { name, shape } of plan.cells) {
      memory.put({ name, shape, type: "float32" }, known[name]!);
    }
    for (let round = 0; round < 2; round++) {
      for (const [i, player] of (["D", "G"] as const).entries()) {
        const program = await memory.load(wholeTurn(plan, player));
        const { report } = await program.run(feedsOf(round, player));
        const theirs = written.terms[2 * round + i]!;
        const { terms } = plan.turns[i]!.variants[0]!;
        expect(terms).toEqual(Object.keys(theirs));
        for (const [k, name] of terms.entries()) {
          const ours = (report as Float32Array)[k]!;
          expect(Math.abs(ours / theirs[name]! - 1), name).toBeLessThan(1e-4);
        }
      }
    }
    const names = Object.keys(tensors).filter((name) => name.startsWith("after/"));
    expect(names.length).toBe(plan.cells.filter(({ name }) => !/learner|moves/.test(name)).length);
    let [all, still] = [0, 0];
    for (const name of names) {
      const cell = name.slice("after/".length);
      const mine = (await memory.get(cell)) as Float32Array; // all are
      const [theirs, before] = [golden(name), known[cell]!];
      // Where a channel is positive everywhere, instance norm cancels its bias: the slope is nothing
      // but rounding, of which Adam makes a step in float32 and none in float64.
      const isMoved = theirs.map((v, i) => (Math.abs(v - before[i]!) > 1e-7 ? 1 : 0));
      all += theirs.length;
      still += isMoved.filter((moved) => moved === 0).length;
      expect(isMoved, cell).toContain(1);
      expect(
        apart(
          mine.map((v, i) => (isMoved[i] === 1 ? v : theirs[i]!)),
          theirs,
        ),
        cell,
      ).toBeLessThan(1e-4);
    }
    expect(still / all).toBeLessThan(0.01);
    await memory.release();
  });
});

describe("networks of the paper's size", () => {
  const paper = presetOf(stylegan, "paper");
  const settled = settleFor(stylegan, paper.data!, paper.hyper);

  it("have as many parameters as the authors' code in fixed structure", () => {
    const networks = stylegan.networks(settled, paper.data!);
    for (const name of ["M", "S", "D"] as const) {
      const owned = networks[name]!;
      if (owned.kind !== "network") throw new Error("all are networks");
      expect(countOf(owned.built.parameters), name).toBe(written.counts[name]);
    }
  });

  it("have a traditional twin that is as large, to a thousandth", () => {
    const { M, S } = stylegan.networks({ ...settled, generator: "traditional" }, paper.data!);
    if (M?.kind !== "network" || S?.kind !== "network") throw new Error("both are networks");
    expect(countOf(M.built.parameters)).toBe(0);
    const share = countOf(S.built.parameters) / (written.counts.M + written.counts.S);
    expect(Math.abs(share - 1)).toBeLessThan(1e-3);
  });
});

describe("styles", () => {
  const w = constant([1, 2, 3, 4, 5, 6, 7, 8], { shape: [4, 2] });
  const other = constant([-1, -2, -3, -4, -5, -6, -7, -8], { shape: [4, 2] });

  it("change at a crossover that is any layer but the first, in the share of pictures that is asked for", () => {
    const cut = constant([0.1, 0, 0.1, 0.999, 0.1, 0.5, 0.95, 0.5], { shape: [4, 2] });
    const [made] = evaluate([mixed([w, other], cut, { layers: 4, mixing: 0.9 })]);
    const signs = Array.from({ length: 4 }, (_, i) =>
      Array.from({ length: 4 }, (_, k) => Math.sign(made![i * 8 + 2 * k]!)),
    );
    expect(signs).toEqual([
      [1, -1, -1, -1],
      [1, 1, 1, -1],
      [1, 1, -1, -1],
      [1, 1, 1, 1],
    ]);
    const [never] = evaluate([mixed([w, other], cut, { layers: 4, mixing: 0 })]);
    expect([...never!].every((v) => v > 0)).toBe(true);
  });

  it("are drawn to the mean in the first layers alone", () => {
    const middle = constant([0, 10, 0, 10, 0, 10, 0, 10], { shape: [4, 2] });
    const [made] = evaluate([truncated(w, middle, { psi: 0.5, layers: 3, most: 2 })]);
    expect([...made!].slice(0, 6)).toEqual([0.5, 6, 0.5, 6, 1, 2]);
    const [all] = evaluate([truncated(w, middle, { psi: 0, layers: 2, most: 8 })]);
    expect([...all!].slice(0, 4)).toEqual([0, 10, 0, 10]);
  });
});

describe("stylegan", () => {
  it("plays without styles, with mirrored pictures and with truncated samples", () => {
    const small = { ...hyper, width: 4, widest: 4 };
    const traditional = trace(stylegan, { hyper: { ...small, generator: "traditional" }, data });
    expect(traditional.turns.map(({ player }) => player)).toEqual(["D", "G"]);
    expect(traditional.cells.some(({ name }) => name.startsWith("M."))).toBe(false);
    const reads = (values: typeof hyper): readonly string[] =>
      trace(stylegan, { hyper: values, data }).sample!.program.reads;
    expect(reads({ ...small, truncation: 0.7 })).toContain("W.mean");
    expect(reads(small)).not.toContain("W.mean");
  });

  it("needs pictures", () => {
    const points: DataDescription = { kind: "points", shape: [2], classes: 0, count: 1 };
    expect(() => stylegan.networks(hyper, points)).toThrow(/^data: stylegan needs pictures\n/);
  });
});
