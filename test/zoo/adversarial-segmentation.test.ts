import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { scenes } from "../../src/data/scenes.js";
import { conclude } from "../../src/game/conclude.js";
import type { DataDescription } from "../../src/game/draws.js";
import { settle } from "../../src/game/hyper.js";
import { initialState } from "../../src/game/initial-state.js";
import { clockPorts, drawPort } from "../../src/game/plan.js";
import { presetOf } from "../../src/game/system.js";
import { trace } from "../../src/game/trace.js";
import type { Layer } from "../../src/nn/layer.js";
import { countOf } from "../../src/nn/layer.js";
import { descriptionOf } from "../../src/run/asked.js";
import { Memory } from "../../src/runtime/memory.js";
import { evaluate } from "../../src/tensor/reference.js";
import { constant } from "../../src/tensor/tensor.js";
import { adversary, adversaryKinds } from "../../src/zoo/adversarial-segmentation/adversaries.js";
import { inputKinds, seenTrue } from "../../src/zoo/adversarial-segmentation/inputs.js";
import { multiScale } from "../../src/zoo/adversarial-segmentation/multi-scale.js";
import { adversarialSegmentation } from "../../src/zoo/adversarial-segmentation.js";
import { wholeTurn } from "./golden.js";

type Numbers = readonly number[];
interface Forward {
  readonly parameters: Readonly<Record<string, Numbers>>;
  readonly x: Numbers;
  readonly y: Numbers;
}
interface Golden {
  readonly x: Numbers;
  readonly y: Numbers;
  readonly s: Readonly<Record<string, Numbers>>;
  readonly inputs: Readonly<
    Record<
      (typeof inputKinds)[number],
      {
        readonly a: Readonly<Record<string, Numbers>>;
        readonly terms: Numbers;
        readonly after: Readonly<Record<string, Numbers>>;
      }
    >
  >;
  readonly forward: Readonly<Record<(typeof adversaryKinds)[number] | "multi-scale", Forward>>;
}

// Made by test/golden/segmentation.py.
const golden = JSON.parse(
  readFileSync(new URL("../golden/segmentation.json", import.meta.url), "utf8"),
) as Golden;

const data: DataDescription = {
  ...{ kind: "pictures", shape: [3, 8, 8], classes: 0, count: 2 },
  given: { shape: [3, 8, 8] },
  legend: [
    { name: "one", colour: [10, 20, 30] },
    { name: "two", colour: [200, 20, 30] },
    { name: "three", colour: [10, 220, 30] },
    { name: "void", colour: [0, 0, 0], ignored: true },
  ],
};

/** As the paper has it: nothing is added to photos, and the adversary learns freely. */
const exact = { grain: 0, penalty: 0 };

describe.each(inputKinds)("a turn of a and one of s, with the input %s", (input) => {
  it("end where PyTorch ends, terms and every parameter and statistic, to 1e-4", async () => {
    const settings = {
      lambda: 0.3,
      width: 2,
      narrow: 32,
      batch: 2,
      group: 2,
      alone: 0,
      input,
      ...exact,
    };
    const hyper = settle(adversarialSegmentation.hyper, settings);
    const plan = trace(adversarialSegmentation, { hyper, data });
    const { a, terms, after } = golden.inputs[input];
    const memory = new Memory({ device: "cpu" });
    const start = initialState(plan, 0);
    for (const { name, shape } of plan.cells) {
      const known = name.startsWith("a.") ? a[name.slice(2)] : golden.s[name.slice(2)];
      const numbers = known === undefined || name.startsWith("t.") ? start[name]! : known;
      memory.put({ name, shape, type: "float32" }, Float32Array.from(numbers));
    }
    const reported: number[] = [];
    for (const player of ["a", "s"]) {
      const program = await memory.load(wholeTurn(plan, player));
      const { report } = await program.run({
        [drawPort("x")]: Float32Array.from(golden.x),
        [drawPort("y")]: Float32Array.from(golden.y),
        [clockPorts.progress]: Float32Array.of(0),
        [clockPorts.moves]: Float32Array.of(1),
      });
      reported.push(...(report as Float32Array).slice(0, 2)); // then what is watched
    }
    terms.forEach((term, i) => {
      expect(Math.abs(reported[i]! / term - 1), `term ${i}`).toBeLessThan(1e-4);
    });
    let moved = 0;
    for (const [name, theirs] of Object.entries(after)) {
      const mine = await memory.get(name);
      const before = name.startsWith("a.") ? a[name.slice(2)] : golden.s[name.slice(2)];
      const largest = Math.max(...theirs.map(Math.abs));
      theirs.forEach((value, i) => {
        expect(Math.abs(mine[i]! - value) / largest, `${name} ${i}`).toBeLessThan(1e-4);
        if (before !== undefined && Math.abs(value - before[i]!) > 5e-4) moved++;
      });
    }
    expect(moved).toBeGreaterThan(1000);
    await memory.release();
  });
});

describe("networks", () => {
  const forward = (layer: Layer, shape: readonly number[], { parameters, x }: Forward) => {
    const built = layer.build(shape);
    expect(Object.keys(built.parameters).sort()).toEqual(Object.keys(parameters).sort());
    const none = (): never => {
      throw new Error("there is no such thing here");
    };
    const y = built.apply(constant(x, { shape: [1, ...shape] }), {
      parameter: (name) => constant(parameters[name]!, { shape: built.parameters[name]!.shape }),
      ...{ state: none, update: none, uniform: none, training: true, condition: undefined },
    });
    return evaluate([y], {})[0]!;
  };

  it.each(adversaryKinds)("the adversary %s says what it says in PyTorch", (kind) => {
    const wanted = golden.forward[kind];
    const found = forward(adversary(kind, { channels: 3, narrow: 32 }), [3, 8, 8], wanted);
    wanted.y.forEach((value, i) => {
      expect(found[i]).toBeCloseTo(value, 5);
    });
  });

  it("the multi-scale net says what it says in PyTorch", () => {
    const wanted = golden.forward["multi-scale"];
    const layer = multiScale({ widths: [1, 2, 3], hidden: 4, classes: 3 });
    const found = forward(layer, [3, 16, 32], wanted);
    expect(found.length).toBe(3 * 16 * 32);
    wanted.y.forEach((value, i) => {
      expect(found[i]).toBeCloseTo(value, 5);
    });
  });

  // 21 classes of PASCAL VOC times three colours; k² in out + out for each convolution of the table.
  const arithmetic = {
    large: [
      [3, 63, 96],
      [3, 96, 128],
      [3, 128, 128],
      [3, 128, 256],
      [3, 256, 256],
      [3, 256, 512],
      [3, 512, 2],
    ],
    "large light": [
      [3, 63, 96],
      [3, 96, 128],
      [3, 128, 128],
      [3, 128, 128],
      [3, 128, 128],
      [3, 128, 256],
      [3, 256, 2],
    ],
    small: [
      [3, 63, 96],
      [1, 96, 128],
      [3, 128, 256],
      [1, 256, 256],
      [3, 256, 512],
      [1, 512, 2],
    ],
    "small light": [
      [3, 63, 96],
      [1, 96, 128],
      [3, 128, 128],
      [1, 128, 128],
      [3, 128, 256],
      [1, 256, 2],
    ],
  } as const;

  it.each(adversaryKinds)("the adversary %s has as many parameters as its table says", (kind) => {
    const { parameters, output } = adversary(kind, { channels: 63, narrow: 1 }).build([63, 32, 32]);
    const sum = arithmetic[kind].reduce((n, [k, from, to]) => n + k * k * from * to + to, 0);
    expect(countOf(parameters)).toBe(sum);
    expect(output).toEqual([2]);
  });

  it("the multi-scale net of the preset paper has 16, 64 and 256 filters and 1024 hidden units", () => {
    const { hyper: given, data: described } = presetOf(adversarialSegmentation, "paper");
    const hyper = settle(adversarialSegmentation.hyper, given);
    const { s } = adversarialSegmentation.networks(hyper, described!);
    if (s?.kind !== "network") throw new Error("s is a network");
    const { parameters } = s.built;
    const trunk = 49 * (3 * 16 + 16 * 64 + 64 * 256) + 16 + 64 + 256;
    const head = 3 * 256 * 1024 + 1024 + 1024 * 8 + 8;
    expect(countOf(parameters)).toBe(trunk + head);
  });

  it("the multi-scale net says which sides it takes", () => {
    const layer = multiScale({ widths: [1, 2, 3], hidden: 4, classes: 3 });
    expect(() => layer.build([3, 24, 32])).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: multi-scale: needs pictures whose sides are multiples of 16
        input  [3 24 32]]
    `);
  });
});

it("scaling gives the true class at least τ and shares the rest as s does", () => {
  const logits = constant([0, 5, 0, 1, 0, 0], { shape: [1, 3, 1, 2] });
  const truth = constant([1, 0, 0, 1, 0, 0], { shape: [1, 3, 1, 2] });
  const photo = constant([0, 0, 0, 0, 0, 0], { shape: [1, 3, 1, 2] });
  const seen = seenTrue("scaling", { photo, truth, logits }, { tau: 0.9 });
  const [values] = evaluate([seen], {});
  const at = (k: number, pixel: number): number => values![2 * k + pixel]!;
  // Class 0 of the first pixel has 1/3 and is raised to 0.9; the others had as much as each other.
  [0.9, 0.05, 0.05].forEach((value, k) => {
    expect(at(k, 0)).toBeCloseTo(value, 6);
  });
  // Class 1 of the second has less than τ; what is left is shared as e⁵ to 1.
  const powers = [5, 1, 0].map(Math.exp);
  const total = powers.reduce((a, b) => a + b);
  expect(powers[1]! / total).toBeLessThan(0.9);
  expect(at(1, 1)).toBeCloseTo(0.9, 6);
  expect(at(0, 1) / at(2, 1)).toBeCloseTo(Math.exp(5), 2);
});

it("refuses items that are not maps with a legend", () => {
  const refused = (other: Partial<DataDescription>): (() => unknown) => {
    const hyper = settle(adversarialSegmentation.hyper, {});
    return () => adversarialSegmentation.networks(hyper, { ...data, ...other });
  };
  const { legend, given, ...bare } = data;
  const hyper = settle(adversarialSegmentation.hyper, {});
  expect(() => adversarialSegmentation.networks(hyper, bare)).toThrowErrorMatchingInlineSnapshot(`
    [ConfigurationError: data: needs maps of classes, and a photo for each
      hint  try scenes, or photos with label maps whose colours have a legend]
  `);
  expect(refused({ given: { shape: [3, 16, 16] } })).toThrowErrorMatchingInlineSnapshot(`
    [ConfigurationError: data: maps and photos differ in size
      maps    [3 8 8]
      photos  [3 16 16]]
  `);
});

it("its conclusion scores unseen photos with and without the adversary, and shows them", async () => {
  const [some, others] = [scenes({ count: 3 }), scenes({ count: 4, seed: 1 })];
  const small = { width: 2, narrow: 32, batch: 2, group: 2 };
  const ended = async (lambda: number) => {
    const hyper = settle(adversarialSegmentation.hyper, { ...small, lambda });
    const description = descriptionOf({ data: some });
    const plan = trace(adversarialSegmentation, { hyper, data: description });
    const data = {
      ...description,
      ...{ items: some.items, labels: undefined, given: some.given! },
    };
    return await conclude(adversarialSegmentation, {
      ...{ hyper, data, heldOut: others, seed: 0, round: 1, cells: initialState(plan, 0) },
      history: () => ({ rounds: [], values: [] }),
    });
  };
  const { outcomes, figures } = (await ended(0.1))!;
  expect(outcomes.map(({ name }) => name)).toMatchInlineSnapshot(`
    [
      "mean IoU on 4 unseen photos",
      "pixels right",
      "boundary F1",
      "parts too many in a map",
      "parts too many or too few",
      "holes too many or too few",
      "mean IoU without the adversary",
      "boundary F1 without it",
      "parts too many without it",
      "parts too many or too few without it",
      "holes too many or too few without it",
    ]
  `);
  for (const { value } of outcomes) expect(Number.isFinite(value)).toBe(true);
  expect(figures.maps?.svg.match(/<image/g)?.length).toBe(4 * 4);
  const alone = (await ended(0))!;
  expect(alone.outcomes.length).toBe(6);
  expect(alone.figures.maps?.svg.match(/<image/g)?.length).toBe(4 * 3);
});
