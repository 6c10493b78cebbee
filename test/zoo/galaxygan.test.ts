import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { galaxies } from "../../src/data/galaxies.js";
import { describe as describeSystem, sectionsOf, textOf } from "../../src/game/describe.js";
import { settle } from "../../src/game/hyper.js";
import { initialState } from "../../src/game/initial-state.js";
import { clockPorts, drawPort } from "../../src/game/plan.js";
import { settleFor } from "../../src/game/system.js";
import { trace } from "../../src/game/trace.js";
import { countOf } from "../../src/nn/layer.js";
import { train } from "../../src/run/train.js";
import { Memory } from "../../src/runtime/memory.js";
import { galaxygan } from "../../src/zoo/galaxygan.js";
import { wholeTurn } from "./golden.js";

type Rows = Readonly<Record<string, readonly number[]>>;
const golden: {
  readonly shape: readonly number[];
  readonly batch: number;
  readonly rounds: number;
  readonly before: Rows;
  readonly after: Rows;
  readonly draws: readonly Rows[];
  readonly terms: readonly Readonly<Record<string, number>>[];
} = JSON.parse(readFileSync(new URL("../golden/galaxygan.json", import.meta.url), "utf8"));

test("two rounds end where PyTorch ends, to 1e-4 relative, through the same terms", async () => {
  const { shape, batch, rounds } = golden;
  const small = { width: 4, depth: 1, field: "16", judgeWidth: 4, batch, group: batch };
  const plan = trace(galaxygan, {
    hyper: settle(galaxygan.hyper, small),
    data: { kind: "pictures", shape, classes: 0, count: 1 },
  });
  const memory = new Memory({ device: "cpu" });
  const start = initialState(plan, 0);
  for (const { name, shape: of } of plan.cells) {
    const numbers = golden.before[name];
    memory.put(
      { name, shape: of, type: "float32" },
      numbers ? Float32Array.from(numbers) : start[name]!,
    );
  }
  for (let round = 0; round < rounds; round++) {
    for (const [k, player] of ["D", "G"].entries()) {
      const { x, n } = golden.draws[2 * round + k]!;
      const program = await memory.load(wholeTurn(plan, player));
      const { report } = await program.run({
        [clockPorts.progress]: Float32Array.of(round / rounds),
        [clockPorts.moves]: Float32Array.of(round + 1),
        [drawPort("x")]: Float32Array.from(x!),
        [drawPort("n")]: Float32Array.from(n!),
      });
      const { terms } = plan.turns.find((turn) => turn.player === player)!.variants[0]!;
      terms.forEach((term, i) => {
        const theirs = golden.terms[2 * round + k]![term.slice(2)]!;
        expect(Math.abs((report as Float32Array)[i]! / theirs - 1), term).toBeLessThan(1e-4);
      });
    }
  }
  for (const [name, theirs] of Object.entries(golden.after)) {
    const ours = (await memory.get(name)) as Float32Array; // parameters are
    const largest = (of: (i: number) => number): number =>
      theirs.reduce((most, _, i) => Math.max(most, Math.abs(of(i))), 0);
    const error = largest((i) => ours[i]! - theirs[i]!);
    expect(error / largest((i) => theirs[i]!), name).toBeLessThan(1e-4);
    expect(error / largest((i) => theirs[i]! - golden.before[name]![i]!), name).toBeLessThan(2e-2);
  }
  await memory.release();
});

describe("the paper's preset", () => {
  const { hyper, data } = galaxygan.presets.paper!;
  const settled = settle(galaxygan.hyper, hyper);

  test("has pix2pix's networks: 54.414 million and 2.769 million parameters, for 424 × 424", () => {
    const networks = Object.values(galaxygan.networks(settled, data!));
    const built = networks.map((one) => (one.kind === "network" ? one.built : undefined)!);
    expect(built.map(({ parameters }) => countOf(parameters))).toEqual([54_413_955, 2_768_705]);
    expect(built.map(({ output }) => output)).toEqual([
      [3, 424, 424],
      [1, 51, 51],
    ]);
  });

  test("is described with the shapes of its layers", () => {
    const text = textOf(sectionsOf(describeSystem(galaxygan, { hyper: settled, data: data! })));
    expect(text).toContain("54,413,955");
    expect(text).toContain("arcseconds".slice(0, 3));
  });
});

test("points are refused, and without weight there is no discriminator in the game", () => {
  const points = { kind: "points", shape: [2], classes: 0, count: 9 } as const;
  expect(() => trace(galaxygan, { hyper: settle(galaxygan.hyper), data: points })).toThrow(
    "data: galaxygan needs pictures\n  in    galaxygan\n  hint  such as galaxies, or a folder of FITS files",
  );
  const pictures = { kind: "pictures", shape: [3, 16, 16], classes: 0, count: 9 } as const;
  const playersOf = (adversarial: number, conserving: number): string[] =>
    trace(galaxygan, {
      hyper: settleFor(galaxygan, pictures, { adversarial, conserving, batch: 2, group: 2 }),
      data: pictures,
    })
      .turns.flatMap(({ variants }) => variants[0]!.terms)
      .sort();
  expect(playersOf(1, 1)).toEqual(["D.fake", "D.real", "G.error", "G.fooling", "G.light"]);
  expect(playersOf(0, 0).filter((term) => term.startsWith("G."))).toEqual(["G.error"]);
});

test("a run ends with what its pictures come to beside deconvolutions, on galaxies it never saw", async () => {
  const options = { width: 4, depth: 1, judgeWidth: 4, batch: 4, group: 4 };
  const [data, heldOut] = [0, 1].map((seed) => galaxies({ count: 12, size: 24, seed }));
  const said: Record<string, readonly string[]> = {};
  for (const held of [heldOut, undefined]) {
    const run = train({
      ...{ system: galaxygan, data: data!, hyper: options, rounds: 2, folder: null, replicas: 1 },
      ...(held === undefined ? {} : { heldOut: held }),
    });
    for await (const event of run) {
      if (event.type === "stopped") expect(event.message ?? "").toBe("");
      if (event.type !== "conclusion") continue;
      said[held === undefined ? "training" : "held-back"] = event.outcomes.map(({ name }) =>
        name.replace(/= [\d.]+/, "= …"),
      );
      for (const { value } of event.outcomes) expect(Number.isFinite(value)).toBe(true);
      expect(event.figures[0]).toMatchObject({ name: "restored" });
      expect(event.figures[0]!.svg).toContain("<svg");
    }
  }
  expect(said["held-back"]).toEqual([
    "PSNR of held-back galaxies restored",
    "of what was left of them",
    "of Wiener's deconvolution, K = …",
    "of Richardson–Lucy, iterations = …",
    "PSNR of flux restored",
    "bias of all the light of a picture",
    "power of fine structure, share of the originals'",
    "clumps found at known places, F1",
    "contrast of spiral arms, share of the originals'",
  ]);
  // Nothing is known of where the training pictures have their clumps.
  expect(said.training![0]).toBe("PSNR of training galaxies restored");
  expect(said.training).toHaveLength(7);
});
