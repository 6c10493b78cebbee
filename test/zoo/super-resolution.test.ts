import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { settle } from "../../src/game/hyper.js";
import { initialState } from "../../src/game/initial-state.js";
import type { NetworkDefinition } from "../../src/game/network.js";
import { clockPorts, drawPort, type Plan } from "../../src/game/plan.js";
import { presetOf, type System, settleFor } from "../../src/game/system.js";
import { trace } from "../../src/game/trace.js";
import { traceTranslation } from "../../src/game/translate.js";
import { vgg } from "../../src/nn/features-vgg.js";
import { countOf } from "../../src/nn/layer.js";
import { decodeSafetensors } from "../../src/run/safetensors.js";
import { compute } from "../../src/runtime/compute.js";
import { Memory } from "../../src/runtime/memory.js";
import { constant, type Tensor } from "../../src/tensor/tensor.js";
import { enhancenet } from "../../src/zoo/enhancenet.js";
import { esrgan } from "../../src/zoo/esrgan.js";
import { unit } from "../../src/zoo/super-resolution/bytes.js";
import { patchOf } from "../../src/zoo/super-resolution/patches.js";
import { apply } from "../nn/apply.js";
import { wholeTurn } from "./golden.js";

const at = (name: string): URL => new URL(`../golden/${name}`, import.meta.url);
const { tensors } = decodeSafetensors(readFileSync(at("super-resolution-steps.safetensors")), "");
const golden = (name: string): Float32Array => {
  const found = tensors[name]?.data;
  if (found === undefined) throw new Error(`no golden ${name}`);
  return found as Float32Array; // all are float32
};
const namesUnder = (prefix: string): string[] =>
  Object.keys(tensors)
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length));
const { parameters } = JSON.parse(readFileSync(at("super-resolution-steps.json"), "utf8")) as {
  readonly parameters: Readonly<Record<string, Readonly<Record<string, number>>>>;
};

const stored = (name: string): Tensor =>
  constant(golden(name), { shape: [...tensors[name]!.shape] });
const means = constant([0.47614917, 0.45001204, 0.40904046], { shape: [1, 3, 1, 1] });

const perceived = vgg({
  name: "golden features",
  widths: [4, 5, 6, 7],
  depths: [1, 1, 1, 1],
  weights: Object.fromEntries(
    namesUnder("features/").map((name) => {
      const { shape } = tensors[`features/${name}`]!;
      return [name, { shape, values: golden(`features/${name}`) }];
    }),
  ),
});

const data = { kind: "pictures", shape: [3, 40, 36], classes: 0, count: 1 } as const;
const common = { patch: 32, batch: 4, group: 4 };
const games = [
  {
    name: "enhancenet",
    hyper: { blocks: 2, channels: 5, width: 2, dense: 6, ...common },
    system: enhancenet,
    progress: { pixels: 0.1, D: 0.7, G: 0.7 },
  },
  {
    name: "esrgan",
    hyper: {
      ...{ blocks: 1, channels: 4, growth: 3, width: 3, layer: "conv3_1", adversarial: 5e-3 },
      ...{ psnrShare: 0.6, psnrLr: 1e-3, lr: 2e-4, judgeLr: 2e-4, ...common },
    },
    system: esrgan,
    progress: { psnr: 0.1, G: 0.7, D: 0.7 },
  },
] as const;

const largest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((most, v) => Math.max(most, Math.abs(v)), 0);
const apart = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  largest(Array.from(b, (v, i) => v - a[i]!)) / largest(b);

describe.each(games)("$name", ({ name, hyper, system, progress }) => {
  const plan: Plan = trace(system.perceiving(perceived), {
    hyper: settle(system.hyper, { ...hyper }),
    data,
  });
  const cells = initialState(plan, 0);
  for (const cell of namesUnder(`${name}/before/`)) {
    for (const place of [cell, `average.${cell}`]) {
      if (cells[place] !== undefined) cells[place] = golden(`${name}/before/${cell}`);
    }
  }
  const opened = (): Memory => {
    const memory = new Memory({ device: "cpu" });
    for (const cell of plan.cells) memory.put({ ...cell, type: "float32" }, cells[cell.name]!);
    return memory;
  };

  it("plays two rounds that end where PyTorch ends, to 1e-4 relative in every parameter", async () => {
    const memory = opened();
    const together = plan.simultaneous;
    for (let round = 0; round < 2; round++) {
      for (const [player, when] of Object.entries(progress)) {
        const program = await memory.load(wholeTurn(plan, player));
        const drawn = together && player === "D" ? "G" : player;
        const report = await program.run(
          {
            [clockPorts.progress]: Float32Array.of(when),
            [clockPorts.moves]: Float32Array.of(round + 1),
            [drawPort("x")]: golden(`${name}/draws/${round}.${drawn}/x`),
            [drawPort("place")]: golden(`${name}/draws/${round}.${drawn}/place`),
          },
          { defer: together },
        );
        if (together && player !== "G") memory.settle();
        if (round > 0) continue;
        const { terms } = plan.turns.find((turn) => turn.player === player)!.variants[0]!;
        for (const [i, term] of terms.entries()) {
          const theirs = golden(`${name}/terms/${term}`)[0]!;
          expect(Math.abs((report.report as Float32Array)[i]! / theirs - 1), term).toBeLessThan(
            1e-4,
          );
        }
      }
    }
    const moved = namesUnder(`${name}/after/`);
    expect(moved.length).toBeGreaterThan(30);
    const cancelled: string[] = [];
    for (const cell of moved) {
      const mine = (await memory.get(cell)) as Float32Array; // all are
      const theirs = golden(`${name}/after/${cell}`);
      // What D says is compared with its own mean: a bias at its end changes nothing, and only noise moves it.
      if (apart(theirs, golden(`${name}/before/${cell}`)) < 1e-9) cancelled.push(cell);
      else expect(apart(mine, theirs), cell).toBeLessThan(1e-4);
    }
    expect(cancelled).toEqual(name === "esrgan" ? ["D.20.bias"] : []);
    await memory.release();
  });

  it("makes and says what PyTorch does with the first parameters", async () => {
    const { G, D } = system.networks(settle(system.hyper, { ...hyper }), data) as Readonly<
      Record<"G" | "D", NetworkDefinition>
    >; // both have these
    const given = (network: string): Record<string, Float32Array> =>
      Object.fromEntries(
        namesUnder(`${name}/before/${network}.`).map((inner) => [
          inner,
          golden(`${name}/before/${network}.${inner}`),
        ]),
      );
    const small = stored(`${name}/first/small`);
    const made = apply(G.built, name === "esrgan" ? small : small.minus(means)).y;
    const y = name === "esrgan" ? made : made.plus(means);
    const found = await compute({ y }, given("G"));
    expect(apart(found.y, golden(`${name}/first/made`))).toBeLessThan(1e-5);
    const draws = `${name}/draws/0.${name === "esrgan" ? "psnr" : "pixels"}`;
    const real = unit(patchOf(stored(`${draws}/x`), stored(`${draws}/place`), 32));
    const said = await compute({ y: apply(D.built, real).y }, given("D"));
    expect(apart(said.y, golden(`${name}/first/logits`))).toBeLessThan(1e-5);
  });
});

describe("the paper's networks", () => {
  const counted = (system: System): Record<string, number> => {
    const paper = presetOf(system, "paper").data!;
    const owned = system.networks(settleFor(system, paper, presetOf(system, "paper").hyper), paper);
    return Object.fromEntries(
      Object.entries(owned).flatMap(([name, one]) =>
        one.kind === "network" ? [[name, countOf(one.built.parameters)]] : [],
      ),
    );
  };

  test("have as many parameters as the same in PyTorch", () => {
    // Those of EnhanceNet's G fill the 3.4 MB of its authors' weights, at four bytes each.
    expect(counted(enhancenet)).toEqual(parameters.enhancenet);
    const { G, D, P } = counted(esrgan);
    expect({ D }).toEqual(parameters.esrgan);
    expect(G).toBe(16_697_987);
    expect(P).toBe(G);
  });
});

test.each([enhancenet, esrgan])(
  "$name makes pictures of any size larger, smaller than a patch too",
  (system) => {
    const options = { hyper: settleFor(system, data, common), data };
    for (const from of [
      [3, 3, 5],
      [3, 40, 21],
    ]) {
      const { to } = traceTranslation(system, { ...options, from });
      expect(to).toEqual([3, 4 * from[1]!, 4 * from[2]!]);
    }
  },
);

describe("mistakes", () => {
  const message = (system: System, changes: object, shape: readonly number[]): string => {
    const described = { kind: "pictures", shape, classes: 0, count: 1 } as const;
    try {
      trace(system, { hyper: settleFor(system, described, { ...changes }), data: described });
    } catch (error) {
      return String(error).replace(/\n {2}in .*/, "");
    }
    return "none";
  };

  test("pictures that hold no patch, and sizes that do not divide", () => {
    expect(message(esrgan, { patch: 128 }, [3, 96, 64])).toBe(
      "ConfigurationError: hyper.patch: pictures of 96×64 hold no patch of 128×128\n" +
        "  hint  pass --size 128, or --hyper patch=64",
    );
    expect(message(enhancenet, { patch: 30 }, [3, 96, 64])).toBe(
      "ConfigurationError: hyper.patch: 4 does not divide 30",
    );
    expect(message(esrgan, {}, [3, 50, 64])).toBe(
      "ConfigurationError: size: 4 does not divide 50×64\n  hint  pass --size 48x64",
    );
    expect(message(esrgan, {}, [1, 64, 64])).toBe(
      "ConfigurationError: data: needs colour pictures\n" +
        "  items  [1 64 64]\n  hint   pass --color rgb",
    );
  });
});
