import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { describe as describing } from "../../src/game/describe.js";
import type { DataDescription } from "../../src/game/draws.js";
import { settle } from "../../src/game/hyper.js";
import { initialState } from "../../src/game/initial-state.js";
import { clockPorts, drawPort } from "../../src/game/plan.js";
import { presetOf, settleFor } from "../../src/game/system.js";
import { trace } from "../../src/game/trace.js";
import { traceTranslation } from "../../src/game/translate.js";
import { batchNorm } from "../../src/nn/batch-norm.js";
import { dropsFrom } from "../../src/nn/dropout.js";
import { countOf, type Layer } from "../../src/nn/layer.js";
import { instanceNorm } from "../../src/nn/norms.js";
import { patchDiscriminator } from "../../src/nn/patch-discriminator.js";
import { uNet, uNetWidths } from "../../src/nn/u-net.js";
import { decodeSafetensors } from "../../src/run/safetensors.js";
import { Memory } from "../../src/runtime/memory.js";
import type { Shape } from "../../src/shape/shape.js";
import { evaluate } from "../../src/tensor/reference.js";
import { constant, type Tensor } from "../../src/tensor/tensor.js";
import { jittered } from "../../src/zoo/pix2pix/pairs.js";
import { pix2pix } from "../../src/zoo/pix2pix.js";
import { apply } from "../nn/apply.js";
import { wholeTurn } from "./golden.js";

/** What test/golden/pix2pix.py has written. */
const { tensors } = decodeSafetensors(
  readFileSync(new URL("../golden/pix2pix.safetensors", import.meta.url)),
  "pix2pix.safetensors",
);
const golden = (name: string): { readonly shape: Shape; readonly data: Float32Array } => {
  const found = tensors[name];
  if (found === undefined) throw new Error(`${name} was not written`);
  return found;
};

const data: DataDescription = {
  ...({ kind: "pictures", shape: [3, 16, 16], classes: 0, count: 1 } as const), // no string
  given: { shape: [1, 16, 16] },
};
const hyper = settle(pix2pix.hyper, {
  ...{ width: 4, field: "16", lambda: 100, lr: 2e-4, lrEnd: 2e-4 },
  ...{ depth: 4, average: 0, batch: 1, group: 1 },
});

/** The largest difference, relative to the largest golden number. */
function apart(ours: ArrayLike<number>, theirs: Float32Array): number {
  expect(ours.length).toBe(theirs.length);
  const largest = theirs.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  return theirs.reduce((most, v, i) => Math.max(most, Math.abs(ours[i]! - v)), 0) / largest;
}

describe("what networks make of a picture agrees with PyTorch", () => {
  const one = (name: string): Tensor => {
    const { shape, data } = golden(`forward/${name}`);
    const each = data.length / shape[0]!;
    return constant(data.subarray(0, each), { shape: [1, ...shape.slice(1)] });
  };
  const all = (name: string): Tensor => {
    const { shape, data } = golden(`forward/${name}`);
    return constant(data, { shape });
  };

  /** A network with the golden parameters, trained as it would be. */
  function run(
    layer: Layer,
    x: Tensor,
    { from, z }: { readonly from: string; readonly z?: Tensor },
  ): Float64Array {
    const condition = z === undefined ? undefined : dropsFrom(z, 0.5);
    const told = condition && { shape: condition.shape.slice(1), type: condition.type };
    const built = layer.build(x.shape.slice(1), told);
    const { y, parameters } = apply(built, x, condition === undefined ? {} : { condition });
    const numbers = Object.keys(parameters).map((name) => [name, golden(`${from}.${name}`).data]);
    return evaluate([y], Object.fromEntries(numbers))[0]!;
  }

  const widths = uNetWidths(4, 4);
  const normed = { norm: () => instanceNorm({ affine: true }) };
  const ofBatch = { norm: () => batchNorm() };
  const joined = (x: Float32Array, given: Float32Array, count: number): Tensor => {
    const [a, b] = [given.length / count, x.length / count];
    const rows = Array.from({ length: count }, (_, i) => [
      ...given.subarray(i * a, (i + 1) * a),
      ...x.subarray(i * b, (i + 1) * b),
    ]);
    return constant(Float32Array.from(rows.flat()), { shape: [count, 4, 16, 16] });
  };
  const given = golden("forward/given").data;

  it.each([
    ["by batch norm with one in the batch", ofBatch],
    ["by instance norm", normed],
  ])("one picture, normalized %s", (_, norm) => {
    const G = uNet({ widths, channels: 3, ...norm });
    const made = run(G, one("given"), { from: "before/G", z: one("z") });
    expect(apart(made, golden("forward/alone.G").data)).toBeLessThan(1e-6);
    const pair = joined(golden("forward/alone.G").data, given.subarray(0, 256), 1);
    const D = patchDiscriminator({ field: 16, width: 4, ...norm });
    const logits = run(D, pair, { from: "before/D" });
    expect(apart(logits, golden("forward/alone.D").data)).toBeLessThan(1e-6);
  });

  it("three pictures, normalized together", () => {
    const G = uNet({ widths, channels: 3, ...ofBatch });
    const made = run(G, all("given"), { from: "before/G", z: all("z") });
    expect(apart(made, golden("forward/together.G").data)).toBeLessThan(1e-6);
    const pair = joined(golden("forward/together.G").data, given, 3);
    const D = patchDiscriminator({ field: 16, width: 4, ...ofBatch });
    const logits = run(D, pair, { from: "before/D" });
    expect(apart(logits, golden("forward/together.D").data)).toBeLessThan(1e-6);
  });

  it("nothing dropped", () => {
    const G = uNet({ widths, channels: 3, dropout: 0, ...ofBatch });
    const made = run(G, all("given"), { from: "before/G" });
    expect(apart(made, golden("forward/whole.G").data)).toBeLessThan(1e-6);
  });

  it.each([1, 34] as const)("patches of %i", (field) => {
    const pair = joined(golden("forward/made").data, given, 3);
    const D = patchDiscriminator({ field, width: 2, ...ofBatch });
    const logits = run(D, pair, { from: `forward/${field}/D` });
    expect(apart(logits, golden(`forward/${field}/D`).data)).toBeLessThan(1e-6);
  });

  it("a pair that is mirrored, enlarged and cut", () => {
    const [x, u] = [golden("jitter/x"), golden("jitter/u")];
    const draws = {
      given: constant(x.data, { shape: x.shape }),
      x: constant(x.data, { shape: x.shape }),
      u: constant(u.data, { shape: u.shape }),
    };
    const moved = jittered(draws, "mirror and shift");
    const [a, b] = evaluate([moved.given, moved.x], {});
    expect(apart(a!, golden("jitter/moved").data)).toBeLessThan(1e-6);
    expect([...b!]).toEqual([...a!]);
    expect(jittered(draws, "none").x).toBe(draws.x);
  });
});

describe("parameters are as many as in the authors' PyTorch code", () => {
  const counted = (name: string): number => {
    const [thousands, rest] = golden(`counts/${name}`).data as unknown as [number, number]; // two
    return 1000 * thousands + rest;
  };

  it("the paper's U-Net: 54.414 M", () => {
    const G = uNet({ widths: uNetWidths(64, 8), channels: 3 });
    expect(countOf(G.build([3, 256, 256]).parameters)).toBe(counted("U-Net 256"));
    expect(counted("U-Net 256")).toBe(54_413_955);
  });

  it.each([
    [1, 256],
    [16, 126],
    [34, 62],
    [70, 30],
    [142, 14],
    [286, 6],
  ] as const)("patches of %i, %i a side", (field, places) => {
    const { parameters, output } = patchDiscriminator({ field }).build([6, 256, 256]);
    expect(countOf(parameters)).toBe(counted(`patches ${field}`));
    expect(output).toEqual([1, places, places]);
  });

  it("the preset paper describes both", () => {
    const { hyper, data } = presetOf(pix2pix, "paper");
    const values = settleFor(pix2pix, data!, hyper);
    const { networks } = describing(pix2pix, { hyper: values, data: data! });
    expect(networks.map(({ name, parameters }) => [name, parameters])).toEqual([
      ["G", 54_413_955],
      ["D", 2_768_705],
    ]);
  });
});

it("begins as the authors' code: weights N(0, 0.02), scales of norms N(1, 0.02)", () => {
  const { G, D } = pix2pix.networks(hyper, data);
  const kept = [G, D].flatMap((net) =>
    net?.kind === "network" ? Object.entries(net.built.parameters) : [],
  );
  const begin = (ending: string) =>
    kept.filter(([name]) => name.endsWith(ending)).map(([, { initial }]) => initial);
  expect(new Set(begin("weight").map((i) => JSON.stringify(i))).size).toBe(1);
  expect(begin("weight")[0]).toEqual({ kind: "normal", mean: 0, deviation: 0.02 });
  expect(begin("scale").length).toBe(6);
  for (const initial of begin("scale")) {
    expect(initial).toEqual({ kind: "normal", mean: 1, deviation: 0.02 });
  }
});

describe("three rounds with one pair in a batch", () => {
  const plan = trace(pix2pix, { hyper, data });

  it("end where PyTorch ends, to 1e-4 relative in every term and parameter", async () => {
    const memory = new Memory({ device: "cpu" });
    const start = initialState(plan, 0);
    for (const { name, shape } of plan.cells) {
      const before = tensors[`before/${name}`];
      memory.put({ name, shape, type: "float32" }, before?.data ?? start[name]!);
    }
    for (let round = 0; round < 3; round++) {
      for (const player of ["D", "G"]) {
        const program = await memory.load(wholeTurn(plan, player));
        const feeds: Record<string, Float32Array> = {
          [clockPorts.progress]: Float32Array.of(round / 3),
          [clockPorts.moves]: Float32Array.of(round + 1),
        };
        for (const draw of ["given", "x", "z"]) {
          feeds[drawPort(draw)] = golden(`step/draws/${round}.${player}.${draw}`).data;
        }
        const { report } = await program.run(feeds);
        const { terms } = plan.turns.find((turn) => turn.player === player)!.variants[0]!;
        terms.forEach((term, i) => {
          const theirs = golden(`step/terms/${round}.${term}`).data[0]!;
          expect(Math.abs((report as Float32Array)[i]! / theirs - 1), term).toBeLessThan(1e-4);
        });
      }
    }
    const names = Object.keys(tensors).filter((name) => name.startsWith("step/after/"));
    expect(names.length).toBe(26);
    for (const name of names) {
      const theirs = golden(name).data;
      const cell = name.slice("step/after/".length);
      const ours = (await memory.get(cell)) as Float32Array; // all of them are
      expect(apart(ours, theirs), name).toBeLessThan(1e-4);
      // The comparison would be empty had nothing moved.
      const before = golden(`before/${cell}`).data;
      const moved = theirs.reduce((most, v, i) => Math.max(most, Math.abs(v - before[i]!)), 0);
      const error = theirs.reduce((most, v, i) => Math.max(most, Math.abs(v - ours[i]!)), 0);
      expect(error / moved, name).toBeLessThan(2e-2);
    }
    await memory.release();
  });
});

describe("pictures from pictures", () => {
  it("are made of given ones of another size, without noise", async () => {
    const memory = new Memory({ device: "cpu" });
    const plan = trace(pix2pix, { hyper, data });
    const cells = initialState(plan, 0);
    for (const { name, shape } of plan.cells) {
      memory.put({ name, shape, type: "float32" }, cells[name]!);
    }
    const from = [1, 64, 32];
    const { to, program } = traceTranslation(pix2pix, { hyper, data, from, count: 2 });
    expect(to).toEqual([3, 64, 32]);
    const loaded = await memory.load(program);
    const given = Float32Array.from({ length: 2 * 64 * 32 }, (_, i) => Math.sin(i % (64 * 32)));
    const first = (await loaded.run({ "draw.given": given })).samples as Float32Array; // as traced
    // The same picture twice: nothing is dropped, and neither is normalized by the other.
    expect([...first.subarray(0, 3 * 64 * 32)]).toEqual([...first.subarray(3 * 64 * 32)]);
    await memory.release();
  });

  const said = (action: () => unknown): string => {
    try {
      action();
    } catch (error) {
      return String(error);
    }
    return "nothing was thrown";
  };

  it("are halved as often as those that it was trained on can be", () => {
    const depthOf = (shape: Shape) => settleFor(pix2pix, { ...data, shape }).depth;
    expect([depthOf([3, 32, 32]), depthOf([3, 48, 64]), depthOf([1, 28, 28])]).toEqual([5, 4, 2]);
    const odd = { ...data, shape: [3, 30, 30], given: { shape: [1, 30, 30] } };
    const values = settleFor(pix2pix, odd);
    expect(said(() => pix2pix.networks(values, odd))).toBe(
      "ConfigurationError: depth: 30×30 cannot be halved twice\n" +
        "  hint  pass --size 32 or another multiple of 4",
    );
    expect(said(() => pix2pix.networks(settle(pix2pix.hyper, { depth: 5 }), data))).toBe(
      "ConfigurationError: depth: 16×16 cannot be halved 5 times\n  hint  pass --depth 4",
    );
  });

  it("need pictures, of the same sides", () => {
    const points: DataDescription = { kind: "points", shape: [2], classes: 0, count: 1 };
    expect(said(() => pix2pix.networks(hyper, points))).toBe(
      "ConfigurationError: data: pix2pix needs pairs of pictures",
    );
    const wide = { ...data, given: { shape: [1, 16, 32] } };
    expect(said(() => pix2pix.networks(hyper, wide))).toBe(
      "ConfigurationError: data: pix2pix needs pairs with the same sides\n" +
        "  given  [1 16 32]\n  item   [3 16 16]",
    );
  });
});
