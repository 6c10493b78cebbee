import { expect, it } from "vitest";
import { settle } from "../../src/game/hyper.js";
import { labeller } from "../../src/game/labels.js";
import { trace } from "../../src/game/trace.js";
import { adam } from "../../src/nn/optimizers.js";
import { lower } from "../../src/onnx/lower.js";
import { namesIn, nodesOf, readRuns } from "../../src/run/profile-kernels.js";
import { Memory } from "../../src/runtime/memory.js";
import { gradients } from "../../src/tensor/gradients.js";
import { exp, matmul, mean, reshape, sum, tanh } from "../../src/tensor/operations.js";
import { input, type Tensor } from "../../src/tensor/tensor.js";
import { gan } from "../../src/zoo/gan.js";

const [x, y] = [input("x", [4, 3]), input("y", [4, 3])];
const w = input("w", [3, 2]);

/** Two terms that share a parameter and something computed from it, a watch, and a statistic. */
function turn() {
  const common = tanh(w);
  const [real, fake] = [mean(tanh(matmul(x, common))), mean(exp(matmul(y, common)))];
  const watched = sum(reshape(matmul(x, common), [8]));
  const slopes = gradients(real.plus(fake), [w]);
  const updates = new Map<string, Tensor>([["s", mean(x)]]);
  const clock = { progress: input("clock.progress", []), moves: input("clock.moves", []) };
  return {
    ...{ player: "D", learner: adam(), clock, updates, slopes, names: ["w"], weights: [1, 1] },
    ...{ report: [real, fake, watched], reported: ["D.real", "D.fake", "D.size"] },
  };
}

function namesOf(made: ReturnType<typeof turn>): string[] {
  const next = w.minus(made.slopes[0]!.times(0.1));
  const [real, fake, size] = made.report as [Tensor, Tensor, Tensor]; // three, above
  const outputs = { real, fake, size, next, s: made.updates.get("s")! };
  const { model } = lower(outputs, { label: labeller(made, "update") });
  return nodesOf(model).map(({ name }) => name);
}

it("an operator has the term that needs it, forward and back, or what else it is for", () => {
  const plain = namesOf(turn()).map((name) => name.replace(/ \d+(\.\d+)?$/, ""));
  const by = (label: string): string[] =>
    [...new Set(plain)].filter((name) => name.startsWith(`${label}/`)).map((n) => n.split("/")[1]!);
  expect(by("D.real")).toEqual(
    expect.arrayContaining(["matmul", "tanh", "sum", "transpose", "output real"]),
  );
  expect(by("D.real")).not.toContain("exp");
  expect(by("D.fake")).toEqual(expect.arrayContaining(["matmul", "exp", "transpose"]));
  expect(by("D.fake")).not.toContain("tanh");
  // tanh of the parameter, what flows back to it, and the way through it.
  expect(by("D shared")).toEqual(expect.arrayContaining(["tanh", "add", "multiply"]));
  // What a watch looks at is the term's; what it does with that is its own.
  expect(by("D.size")).toEqual(expect.arrayContaining(["sum"]));
  expect(by("D.size")).not.toContain("matmul");
  expect(by("D state")).toEqual(expect.arrayContaining(["sum"]));
  expect(by("D update")).toEqual(["multiply", "subtract", "output next"]);
});

it("gradients stay with their term while they are apart, and are shared where they meet", () => {
  const both = input("w", [3, 3]);
  const shared = tanh(both);
  const twice = (from: Tensor): Tensor => matmul(tanh(matmul(from, shared)), shared);
  const [real, fake] = [mean(twice(x)), mean(exp(twice(y)))];
  const slopes = gradients(real.plus(fake), [both]);
  const reported = ["D.real", "D.fake"];
  const made = { ...turn(), slopes, reported, report: [real, fake], updates: new Map() };
  const { model } = lower({ real, fake, slope: slopes[0]! }, { label: labeller(made, "exchange") });
  const names = nodesOf(model).map(({ name }) => name.replace(/ \d+(\.\d+)?$/, ""));
  const count = (name: string): number => names.filter((other) => other === name).length;
  // Two forward; back to both weights and to what is between.
  expect([count("D.real/matmul"), count("D.fake/matmul"), count("D shared/matmul")]).toEqual([
    5, 5, 0,
  ]);
  // Four gradients meet in three sums: two of one term, then one of the other, then the last.
  const sums = [count("D.real/add"), count("D.fake/add"), count("D shared/add")];
  expect(sums[0]! + sums[1]!).toBe(1);
  expect(sums[2]).toBe(2);
});

it("names are unique, and equal graphs are equal bytes run after run", () => {
  expect(new Set(namesOf(turn())).size).toBe(namesOf(turn()).length);
  const data = { kind: "points", shape: [2], classes: 8, count: 100 } as const;
  const models = [0, 1].map(() =>
    trace(gan, { hyper: settle(gan.hyper), data }).turns.flatMap(({ variants }) =>
      variants.flatMap(({ programs }) => (programs.kind === "whole" ? [programs.whole.model] : [])),
    ),
  );
  expect(models[0]).toHaveLength(2);
  expect(models[1]).toEqual(models[0]);
});

it("names change no numbers", async () => {
  const made = turn();
  const outputs = { real: made.report[0]!, slope: made.slopes[0]! };
  const results = [];
  for (const label of [undefined, labeller(made, "update")]) {
    const lowered = lower(outputs, label === undefined ? {} : { label });
    const { model, inputs: feeds, outputs: returns } = lowered;
    const memory = new Memory({ device: "cpu" });
    const { run } = await memory.load({ model, reads: [], feeds, writes: [], returns });
    const fed = feeds.map(({ name, shape }) => {
      const count = shape.reduce((n, d) => n * d, 1);
      return [name, Float32Array.from({ length: count }, (_, i) => Math.sin(i + name.length))];
    });
    const { real, slope } = await run(Object.fromEntries(fed));
    results.push({ real: real!.slice(), slope: slope!.slice(), nodes: lowered.nodes });
    await memory.release();
  }
  expect(results[0]).toEqual(results[1]);
  expect(lower(outputs).named.size).toBe(0);
});

it("a quote in a term's name cannot break what engines write", () => {
  const made = { ...turn(), reported: ['D."a/b\n', "D.fake", "D.size"] };
  const names = namesOf(made);
  expect(names.some((name) => name.startsWith("D._a_b_/"))).toBe(true);
  expect(names.every((name) => !/["\n]/.test(name))).toBe(true);
});

it("what the engine fused, moved or made anew is told from names, results and neighbours", () => {
  const node = (name: string, inputs: string, outputs: string) => ({
    ...{ name, inputs: inputs.split(" ") },
    outputs: outputs.split(" "),
  });
  const given = [
    node("D.real/matmul 0", "x w", "_t0"),
    node("D.real/add 1", "_t0 b", "_t1"),
    node("D.fake/convolution 2", "y k", "_t2"),
    node("D.fake/leakyRelu 3", "_t2", "_t3"),
    node("D.fake/convolutionWeightGradient 4.2", "_t3 g", "_t4"),
  ];
  const made = [
    node("D.real/matmul 0/MatMulAddFusion", "x w b", "_t1"),
    node("fused D.fake/convolution 2", "y k", "_t3"),
    node("Transpose_token_7", "g", "moved"),
    node("invented", "_t3 moved", "_t4"),
    node("lonely", "p", "q"),
  ];
  expect(Object.fromEntries(namesIn(given, made))).toEqual({
    "D.real/matmul 0/MatMulAddFusion": "D.real/matmul 0",
    "fused D.fake/convolution 2": "D.fake/convolution 2",
    Transpose_token_7: "D.fake/Transpose_token_7",
    invented: "D.fake/convolutionWeightGradient 4.2",
  });
});

it("kernels belong to the run that they are in", () => {
  const event = (cat: string, name: string, [ts, dur]: readonly [number, number]) => ({
    ...{ cat, name, ts, dur, ph: "X" },
    args: { op_name: "Exp" },
  });
  const events = [
    event("Session", "session_initialization", [0, 5]),
    event("Node", "a_kernel_time", [11, 2]),
    event("Node", "b_kernel_time", [14, 3]),
    event("Session", "model_run", [10, 9]),
    event("Node", "a_kernel_time", [31, 2]),
    event("Session", "model_run", [30, 9]),
  ];
  const runs = readRuns(JSON.stringify(events), (name) => name.toUpperCase());
  expect(runs.map(({ kernels }) => kernels.map(({ name, start }) => `${name} ${start}`))).toEqual([
    ["A 11", "B 14"],
    ["A 31"],
  ]);
});
