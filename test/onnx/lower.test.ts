import { describe, expect, test } from "vitest";
import { Tensor as DeviceTensor } from "#ort";
import { lower } from "../../src/onnx/lower.js";
import { simplify } from "../../src/onnx/simplify.js";
import { openSession } from "../../src/runtime/device.js";
import { BelamyError } from "../../src/shape/error.js";
import { convolution } from "../../src/tensor/convolution.js";
import { gradients, inOrder } from "../../src/tensor/gradients.js";
import {
  broadcast,
  detach,
  flatten,
  leakyRelu,
  matmul,
  mean,
  negate,
  ones,
  reshape,
  square,
  sum,
  tanh,
  transpose,
  zeros,
} from "../../src/tensor/operations.js";
import { blur, pixelShuffle, resize } from "../../src/tensor/pictures.js";
import { evaluate } from "../../src/tensor/reference.js";
import { constant, input, type Tensor } from "../../src/tensor/tensor.js";
import { furthest } from "../support/devices.js";
import { trainingStep } from "../support/training-step.js";

const x = input("x", [2, 3]);

/** The primitives left after simplification, in order, without inputs. */
const left = (...outputs: Tensor[]): string[] =>
  inOrder(simplify(outputs))
    .map((node) => node.op)
    .filter((op) => op !== "input");

describe("simplify", () => {
  test("folds constants", () => {
    expect(left(constant(2).plus(constant(3)).times(4))).toEqual(["constant"]);
    const [folded] = simplify([constant([1, 2]).times(constant([3, 4]))]);
    expect(Array.from(evaluate([folded!])[0]!)).toEqual([3, 8]);
  });

  test("leaves large results to the device", () => {
    expect(left(broadcast(constant(1), [100, 100]))).toEqual(["constant", "broadcast"]);
  });

  test("makes equal nodes one", () => {
    expect(left(tanh(x).plus(tanh(x)))).toEqual(["tanh", "add"]);
    expect(left(tanh(x).plus(tanh(input("y", [2, 3]))))).toEqual(["tanh", "tanh", "add"]);
    const [a, b] = simplify([sum(x, { axes: [0] }), sum(x, { axes: [1] })]);
    expect(a).not.toBe(b);
  });

  test("removes what changes nothing", () => {
    expect(left(detach(tanh(x)))).toEqual(["tanh"]);
    expect(left(x.times(1), x.plus(0), x.minus(0), x.over(1), negate(negate(x)))).toEqual([]);
    expect(left(constant(1).times(x), constant(0).plus(x), x.times(ones([2, 3])))).toEqual([]);
    expect(left(transpose(transpose(x)), reshape(reshape(x, [6]), [2, 3]))).toEqual([]);
    expect(left(reshape(reshape(x, [6]), [3, 2]))).toEqual(["reshape"]);
  });

  test("keeps what only looks like nothing", () => {
    expect(left(constant(1).times(input("s", []).plus(zeros([2])))).length).toBeGreaterThan(0);
    expect(left(x.minus(constant(0)), constant(0).minus(x))).toEqual(["constant", "subtract"]);
    expect(left(constant(1).over(x))).toEqual(["constant", "divide"]);
  });

  test("removes broadcasts that their users do anyway", () => {
    const row = input("row", [3]);
    expect(left(x.plus(broadcast(row, [2, 3])))).toEqual(["add"]);
    expect(left(broadcast(row, [2, 3]).times(broadcast(row, [2, 3])))).toEqual([
      "broadcast",
      "multiply",
    ]);
    expect(left(matmul(broadcast(row, [2, 3]), input("m", [3, 1])))).toEqual([
      "broadcast",
      "matmul",
    ]);
  });

  test("joins factors, also of integers", () => {
    expect(left(x.times(2).times(3))).toEqual(["constant", "multiply"]);
    const whole = (n: number): Tensor => constant(Int32Array.of(n), { shape: [] });
    const [six] = simplify([input("i", [2], "int32").times(whole(2)).times(whole(3))]);
    expect(six!.type).toBe("int32");
    expect(Array.from(evaluate([six!], { i: [1, 2] })[0]!)).toEqual([6, 12]);
  });

  test("changes no numbers of a whole training step", () => {
    const { outputs, cells, feeds } = trainingStep();
    const before = Object.values(outputs);
    const after = simplify(before);
    expect(inOrder(after).length).toBeLessThan(0.75 * inOrder(before).length);
    const [wanted, found] = [before, after].map((list) => evaluate(list, { ...cells, ...feeds }));
    found!.forEach((numbers, i) => {
      expect(furthest(numbers, wanted![i]!, 0), Object.keys(outputs)[i]!).toBeLessThan(1e-12);
    });
  });
});

describe("lower", () => {
  test("gives the same bytes for the same graph", () => {
    const build = (): Uint8Array => lower(trainingStep().outputs).model;
    expect(Buffer.from(build()).equals(Buffer.from(build()))).toBe(true);
    const other = lower({ ...trainingStep().outputs, more: x }).model;
    expect(Buffer.from(build()).equals(Buffer.from(other))).toBe(false);
  });

  test("counts operators, and leaves out inputs that nothing needs", () => {
    const lowered = lower({ y: sum(square(x)), d: gradients(sum(x), [x])[0]! });
    expect(lowered.inputs.map((i) => i.name)).toEqual(["x"]);
    // Mul, ReduceSum, Reshape, a constant, and a name for each output.
    expect(lowered.nodes).toBe(5);
    expect(lower({ y: zeros([2]) }).inputs).toEqual([]);
  });

  test("refuses a name for two things", () => {
    const textOf = (action: () => unknown): string => {
      try {
        action();
      } catch (error) {
        if (error instanceof BelamyError) return error.message;
      }
      return "";
    };
    expect(textOf(() => lower({ x: tanh(x) }))).toBe("lower: x names two things");
    expect(textOf(() => lower({ y: sum(x).plus(sum(input("x", [3]))) }))).toBe(
      "lower: x names two things",
    );
  });

  test("runs with an input, a constant and one tensor under two names as outputs", async () => {
    const y = tanh(x);
    const { model } = lower({ same: x, three: constant(3), a: y, b: y });
    const session = await openSession(model, { device: "cpu" });
    const values = Float32Array.of(0, 1, 2, 3, 4, 5);
    const found = await session.run({ x: new DeviceTensor("float32", values, [2, 3]) });
    expect(Array.from(found.same!.data as Float32Array)).toEqual(Array.from(values));
    expect(Array.from(found.three!.data as Float32Array)).toEqual([3]);
    expect(found.a!.data).toEqual(found.b!.data);
    await session.release();
  });

  test("keeps names of inputs apart from its own", async () => {
    // Names that a lowered graph might give its own values.
    const names = ["t0", "t1", "i0", "c0", "c1"];
    const inputs: readonly Tensor[] = names.map((name) => input(name, [2]));
    const total = inputs.reduce((a, b) => tanh(a).plus(b).times(2));
    const session = await openSession(lower({ t2: sum(total) }).model, { device: "cpu" });
    const one = new DeviceTensor("float32", Float32Array.of(1, 2), [2]);
    const { t2 } = await session.run(Object.fromEntries(names.map((name) => [name, one])));
    const feeds = Object.fromEntries(names.map((name) => [name, [1, 2]]));
    expect(furthest(t2!.data as Float32Array, evaluate([sum(total)], feeds)[0]!)).toBeLessThan(
      1e-6,
    );
    await session.release();
  });

  test("weights become part of the model, and the batch can be free", async () => {
    const picture = (b: number): Tensor => input("picture", [b, 4, 3, 3]);
    const [w, v] = [input("w", [6, 2, 3, 3]), input("v", [6, 5])];
    const net = (b: number): Tensor => {
      const made = leakyRelu(convolution(picture(b), w, { padding: 1, groups: 2 }));
      const large = resize(resize(pixelShuffle(picture(b), 2), 3, { filter: "bilinear" }), 6, {
        filter: "nearest",
      });
      const scores = matmul(mean(made, { axes: [2, 3] }), v);
      return scores.plus(sum(flatten(blur(large, [0.25, 0.5, 0.25])), { axes: [1], keep: true }));
    };
    const numbers = (n: number, by: number): Float32Array =>
      Float32Array.from({ length: n }, (_, i) => Math.sin(by * i + 1));
    const weights = { w: numbers(108, 0.7), v: numbers(30, 0.3) };
    const { model, inputs } = lower({ y: net(2) }, { weights, freeBatch: true });
    expect(inputs.map((i) => i.name)).toEqual(["picture"]);
    const session = await openSession(model, { device: "cpu" });
    for (const b of [1, 2, 5]) {
      const values = numbers(b * 36, 0.9);
      const { y } = await session.run({
        picture: new DeviceTensor("float32", values, [b, 4, 3, 3]),
      });
      const [wanted] = evaluate([net(b)], { picture: values, ...weights });
      expect(y!.dims).toEqual([b, 5]);
      expect(furthest(y!.data as Float32Array, wanted!), `${b} pictures`).toBeLessThan(1e-5);
    }
    await session.release();
  });
});
