import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { describe as describing } from "../../src/game/describe.js";
import type { DataDescription } from "../../src/game/draws.js";
import { settle } from "../../src/game/hyper.js";
import { initialState } from "../../src/game/initial-state.js";
import { clockPorts, drawPort } from "../../src/game/plan.js";
import { presetOf, type System, settleFor } from "../../src/game/system.js";
import { trace } from "../../src/game/trace.js";
import { decodeSafetensors } from "../../src/run/safetensors.js";
import { Memory } from "../../src/runtime/memory.js";
import { acgan } from "../../src/zoo/acgan.js";
import { projectionGan } from "../../src/zoo/projection-gan.js";
import { wholeTurn } from "./golden.js";

/** What test/golden/conditional.py has written. */
const { tensors } = decodeSafetensors(
  readFileSync(new URL("../golden/conditional.safetensors", import.meta.url)),
  "conditional.safetensors",
);
const golden = (name: string): Float32Array => {
  const found = tensors[name];
  if (found === undefined) throw new Error(`${name} was not written`);
  return found.data;
};

const data: DataDescription = { kind: "pictures", shape: [3, 16, 16], classes: 3, count: 1 };
const small = { latent: 8, width: 4, batch: 8, group: 8 };
const games = [
  { system: acgan, given: { ...small, discriminatorWidth: 2, dropout: 0, lr: 2e-4 }, after: 29 },
  {
    system: projectionGan,
    given: { ...small, discriminatorTurns: 2, lr: 5e-4, still: 0.5 },
    after: 75,
  },
];

const largest = (values: Float32Array, f: (i: number) => number): number =>
  values.reduce((most, _, i) => Math.max(most, Math.abs(f(i))), 0);

describe.each(games)("three rounds of $system.name", ({ system, given, after }) => {
  const plan = trace(system, { hyper: settle(system.hyper, given), data });
  const draws = Object.keys(plan.draws);

  it("end where PyTorch ends, to 1e-4 relative in every term, parameter and statistic", async () => {
    const memory = new Memory({ device: "cpu" });
    const start = initialState(plan, 0);
    for (const { name, shape } of plan.cells) {
      const before = tensors[`${system.name}/before/${name}`];
      if (before !== undefined) expect(before.shape).toEqual(shape);
      memory.put({ name, shape, type: "float32" }, before?.data ?? start[name]!);
    }
    for (let round = 0; round < 3; round++) {
      for (const { player, repeats, variants } of plan.turns) {
        const program = await memory.load(wholeTurn(plan, player));
        for (let k = 0; k < repeats; k++) {
          const move = round * repeats + k;
          const feeds: Record<string, Float32Array | Int32Array> = {
            [clockPorts.progress]: Float32Array.of(round / 3),
            [clockPorts.moves]: Float32Array.of(move + 1),
          };
          for (const draw of draws) {
            const drawn = golden(`${system.name}/draws/${move}.${player}.${draw}`);
            const isLabel = plan.draws[draw]!.type === "int32";
            feeds[drawPort(draw)] = isLabel ? Int32Array.from(drawn) : drawn;
          }
          const { report } = await program.run(feeds);
          if (k < repeats - 1) continue;
          variants[0]!.terms.forEach((term, i) => {
            const [theirs] = golden(`${system.name}/terms/${round}.${term}`);
            const apart = (report as Float32Array)[i]! / theirs! - 1; // terms are float32
            expect(Math.abs(apart), term).toBeLessThan(1e-4);
          });
        }
      }
    }
    const prefix = `${system.name}/after/`;
    const names = Object.keys(tensors).filter((name) => name.startsWith(prefix));
    expect(names.length).toBe(after);
    for (const name of names) {
      const theirs = golden(name);
      const cell = name.slice(prefix.length);
      const ours = (await memory.get(cell)) as Float32Array; // all of them are
      const before = golden(`${system.name}/before/${cell}`);
      const moved = largest(theirs, (i) => theirs[i]! - before[i]!);
      const error = largest(theirs, (i) => theirs[i]! - ours[i]!);
      // A bias that a norm takes away again has no slope, and goes where rounding sends it; so does
      // the mean that the norm takes away with it.
      const isBias = moved < 1e-6 && /^G\..*bias$/.test(cell);
      const isMean = system === projectionGan && /^G\..*mean$/.test(cell);
      if (isBias || isMean) {
        expect(error, cell).toBeLessThan(3 * given.lr);
        continue;
      }
      expect(error / largest(theirs, (i) => theirs[i]!), cell).toBeLessThan(1e-4);
      // The left vector of a matrix with one row is 1.
      if (moved > 0) expect(error / moved, cell).toBeLessThan(2e-2);
    }
    await memory.release();
  });
});

describe("the presets of papers", () => {
  const counted = (name: string): number => {
    const [thousands, rest] = golden(`counts/${name}`) as unknown as [number, number]; // two
    return 1000 * thousands + rest;
  };

  it.each(games)("$system.name has as many parameters as with PyTorch's modules", ({ system }) => {
    const { hyper, data } = presetOf(system, "paper");
    const { networks } = describing(system, {
      hyper: settleFor(system, data!, hyper),
      data: data!,
    });
    expect(networks.map(({ name, parameters }) => [name, parameters])).toEqual(
      ["G", "D"].map((name) => [name, counted(`${system.name} ${name}`)]),
    );
  });
});

describe.each(games)("$system.name", ({ system }: { readonly system: System }) => {
  it("needs items with classes", () => {
    const none: DataDescription = { kind: "points", shape: [2], classes: 0, count: 1 };
    expect(() => system.networks(settleFor(system, none), none)).toThrow(
      `data: ${system.name} needs items with classes\n  hint  ` +
        "sort pictures into a folder for each class, or use a system without classes",
    );
  });

  it("makes other items of other classes from one z", async () => {
    const hyper = settleFor(system, data, small);
    const plan = trace(system, { hyper, data });
    const memory = new Memory({ device: "cpu" });
    const cells = initialState(plan, 1);
    for (const { name, shape } of plan.cells) {
      // Classes are all the same to projection-gan before it has learned.
      const isOfClasses = name.endsWith(".shift") && shape.length === 2;
      const first = isOfClasses ? cells[name]!.map((_, i) => Math.sin(i)) : cells[name]!;
      memory.put({ name, shape, type: "float32" }, first);
    }
    const { program, count } = plan.sample!;
    const loaded = await memory.load(program);
    const z = Float32Array.from({ length: count * 8 }, (_, i) => Math.cos(i % 8));
    const y = Int32Array.from({ length: count }, (_, i) => i % 3);
    const { samples } = await loaded.run({ [drawPort("z")]: z, [drawPort("y")]: y });
    const each = 3 * 16 * 16;
    const item = (i: number) => [...(samples as Float32Array).subarray(i * each, (i + 1) * each)];
    expect(item(3)).toEqual(item(0));
    expect(item(1)).not.toEqual(item(0));
    await memory.release();
  });
});
