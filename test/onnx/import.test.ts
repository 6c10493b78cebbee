import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Tensor as DeviceTensor } from "#ort";
import { softmax } from "../../src/nn/activations.js";
import { importOnnx } from "../../src/onnx/import/import.js";
import { lower } from "../../src/onnx/lower.js";
import { encodeModel, type OnnxNode } from "../../src/onnx/model.js";
import { openSession } from "../../src/runtime/device.js";
import { Random } from "../../src/shape/random.js";
import { sizeOf } from "../../src/shape/shape.js";
import { convolution } from "../../src/tensor/convolution.js";
import { gradients } from "../../src/tensor/gradients.js";
import { flatten, matmul, relu, sum } from "../../src/tensor/operations.js";
import { resize } from "../../src/tensor/pictures.js";
import { evaluate } from "../../src/tensor/reference.js";
import { constant, input, type Tensor } from "../../src/tensor/tensor.js";
import { allCases, inputsOf } from "../support/cases.js";

const folder = new URL("../golden/onnx/", import.meta.url);
const read = (name: string): Uint8Array => readFileSync(new URL(`${name}.onnx`, folder));
const names = readdirSync(folder)
  .filter((file) => file.endsWith(".onnx"))
  .map((file) => file.slice(0, -".onnx".length));

const draw = (shape: readonly number[], purpose: string): Float32Array => {
  const random = new Random({ seed: 2, purpose });
  return Float32Array.from({ length: sizeOf(shape) }, () => random.normal());
};

/** What ONNX Runtime makes of some numbers. */
async function run(
  model: Uint8Array,
  x: Float32Array,
  shape: readonly number[],
): Promise<{ readonly shape: readonly number[]; readonly values: Float32Array }> {
  const session = await openSession(model, { device: "cpu" });
  const [name] = session.inputNames;
  const fed = new DeviceTensor("float32", x, [...shape]);
  const found = await session.run({ [name!]: fed } as never);
  const { dims, data } = found[session.outputNames[0]!]!;
  await session.release();
  return { shape: dims, values: data as Float32Array };
}

/** The sizes that a model was made with, and for free ones any others. */
function sizesOf(model: ReturnType<typeof importOnnx>): number[] {
  const free: Readonly<Record<string, number>> = { b: 3, h: 14, w: 8 };
  return model.inputs[0]!.shape.map((d) => (typeof d === "number" ? d : free[d]!));
}

describe.each(names)("%s", (name) => {
  const bytes = read(name);
  const model = importOnnx(bytes, { name });
  const shape = sizesOf(model);
  const values = draw(shape, name);
  const x = input("x", shape);
  const y = model.apply({ x })(model.outputs[0]!);

  test("is what ONNX Runtime makes of the model", async () => {
    const wanted = await run(bytes, values, shape);
    expect(y.shape).toEqual([...wanted.shape]);
    const ours = await run(lower({ y }).model, values, shape);
    const exact = evaluate([y], { x: values })[0]!;
    const scale = Math.max(1, ...wanted.values.map(Math.abs));
    wanted.values.forEach((v, i) => {
      expect(Math.abs(ours.values[i]! - v) / scale, `${i}`).toBeLessThan(1e-5);
      expect(Math.abs(exact[i]! - v) / scale, `${i} in float64`).toBeLessThan(1e-5);
    });
  });

  test("has the slope of difference quotients", () => {
    const direction = draw(shape, "direction");
    const weight = constant(draw(y.shape, "weight"), { shape: y.shape });
    const loss = sum(y.times(weight));
    const [slope] = evaluate([gradients(loss, [x])[0]!], { x: values });
    const along = slope!.reduce((total, v, i) => total + v * direction[i]!, 0);
    const step = 1e-6;
    const at = (t: number): number => {
      const moved = Float64Array.from(values, (v, i) => v + t * direction[i]!);
      return evaluate([loss], { x: moved })[0]![0]!;
    };
    const quotient = (at(step) - at(-step)) / (2 * step);
    expect(Math.abs(along)).toBeGreaterThan(1e-6);
    expect(Math.abs(quotient - along) / Math.max(1, Math.abs(along))).toBeLessThan(1e-6);
  });
});

describe("what lower writes is read again:", () => {
  test.each(allCases)("$name", (c) => {
    const { tensors, values } = inputsOf(c);
    const y = c.build(...tensors);
    const model = importOnnx(lower({ y }).model);
    const again = model.apply(Object.fromEntries(tensors.map((x) => [x.attributes.name, x])))("y");
    expect(again.shape).toEqual(y.shape);
    const [wanted, found] = evaluate([y, again], values);
    wanted!.forEach((v, i) => {
      expect(Math.abs(found![i]! - v)).toBeLessThan(1e-6 * Math.max(1, Math.abs(v)));
    });
  });
});

describe("importOnnx", () => {
  test("computes what is asked for, and each thing once", () => {
    const model = importOnnx(read("classifier18"));
    const see = model.apply({ x: input("x", [2, 3, 24, 20]) });
    const relu = model.values.find((value) => model.operators[value] === "Relu")!;
    expect(see(relu).shape).toEqual([2, 6, 12, 10]);
    expect(see(relu)).toBe(see(relu));
  });

  test("has its weights as inputs when they are given", () => {
    const model = importOnnx(read("decoder18"));
    const seen: string[] = [];
    const weight = (name: string): Tensor => {
      seen.push(name);
      return input(name, model.weights[name]!.shape);
    };
    const y = model.apply({ x: input("x", [1, 3, 8, 8]) }, { weight })("y");
    expect(seen).toContain("down.weight");
    const { inputs } = lower({ y });
    expect(inputs.map((port) => port.name).sort()).toEqual(["x", ...new Set(seen)].sort());
  });

  test("takes any number of items where a model of ours does", () => {
    const make = (count: number) => {
      const x = input("x", [count, 2, 6, 6]);
      const w = constant(draw([4, 2, 3, 3], "w"), { shape: [4, 2, 3, 3] });
      const y = resize(relu(convolution(x, w, { stride: 2, padding: 1 })), [6, 6], {
        filter: "bilinear",
      });
      const rows = matmul(flatten(y), constant(draw([144, 5], "m"), { shape: [144, 5] }));
      return { x, y: softmax(rows) };
    };
    // No size of the network is 7919, so that it can be told from the batch.
    const { model } = lower({ y: make(7919).y }, { freeBatch: true });
    const read = importOnnx(model);
    expect(read.inputs).toEqual([{ name: "x", shape: ["batch", 2, 6, 6] }]);
    const { x, y } = make(3);
    const [wanted, found] = evaluate([y, read.apply({ x })("y")], { x: draw(x.shape, "x") });
    wanted!.forEach((v, i) => {
      expect(Math.abs(found![i]! - v)).toBeLessThan(1e-6);
    });
  });

  test("takes pictures of other sizes", () => {
    const model = importOnnx(read("decoder11"));
    for (const size of [8, 26]) {
      const y = model.apply({ x: input("x", [1, 3, size, 2 * size]) })("y");
      expect(y.shape).toEqual([1, 3, size, 2 * size]);
    }
  });
});

/** What an action says when it fails. */
function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "nothing";
}

/** A model of one operator. */
const one = (node: Partial<OnnxNode> & { readonly op: string }): Uint8Array =>
  encodeModel({
    name: "one",
    nodes: [{ name: "first", inputs: ["x"], outputs: ["y"], ...node }],
    initializers: [],
    inputs: [{ name: "x", shape: [1, 2, 4, 4], type: "float32" }],
    outputs: [{ name: "y", shape: [], type: "float32" }],
  });

describe("says", () => {
  const x = input("x", [1, 2, 4, 4]);
  const see = (model: Uint8Array, value = "y") =>
    importOnnx(model, { name: "net.onnx" }).apply({ x })(value);
  test.each([
    [
      "which operator it cannot import",
      one({ op: "NonZero" }),
      "net.onnx: NonZero first cannot be imported",
    ],
    [
      "what an operator lacks",
      one({ op: "MaxPool" }),
      "net.onnx: MaxPool first has no kernel\n  input 0  [1 2 4 4]",
    ],
    [
      "what must be known",
      one({ op: "Reshape", inputs: ["x", "x"] }),
      "net.onnx: Reshape first needs its input 1 to be constant\n  input 0  [1 2 4 4]\n  input 1  [1 2 4 4]",
    ],
    [
      "what is left out",
      one({ op: "Add" }),
      "net.onnx: Add first lacks its input 1\n  input 0  [1 2 4 4]",
    ],
    [
      "where shapes do not fit",
      one({ op: "MaxPool", attributes: { kernel_shape: [5, 5] } }),
      "maxPool: a window of [5 5] does not fit\n  input  [1 2 4 4]\n  in     net.onnx › MaxPool first",
    ],
  ])("%s", (_, model, text) => {
    expect(messageOf(() => see(model))).toBe(text);
  });

  test("which values there are not", () => {
    expect(messageOf(() => see(one({ op: "Relu" }), "yy"))).toBe(
      "net.onnx: has no value yy\n  hint  did you mean y?",
    );
    const model = importOnnx(one({ op: "Relu" }), { name: "net.onnx" });
    expect(messageOf(() => model.apply({})("y"))).toBe(
      "net.onnx: nothing is given for its input x",
    );
  });

  test("what is torn or damaged, whatever is left of it", () => {
    const whole = read("classifier18");
    const random = new Random({ seed: 9, purpose: "damage" });
    const kinds = new Set<string>();
    for (let i = 0; i < 300; i++) {
      const cut = whole.slice(0, random.integer(whole.length));
      const damaged = whole.slice();
      for (let k = 0; k < 8; k++) damaged[random.integer(400)] = random.integer(256);
      for (const bytes of [cut, damaged]) {
        try {
          const model = importOnnx(bytes, { name: "net.onnx" });
          for (const value of model.outputs) model.apply({ x: input("x", [2, 3, 24, 20]) })(value);
          kinds.add("read");
        } catch (error) {
          kinds.add(error instanceof Error ? error.name : "nothing");
        }
      }
    }
    expect(
      [...kinds].filter((kind) => !["read", "DataError", "ShapeError"].includes(kind)),
    ).toEqual([]);
    expect(kinds).toContain("DataError");
  });

  test("what is no model", () => {
    const none = Uint8Array.from({ length: 50 }, (_, i) => (i * 37) % 256);
    expect(messageOf(() => importOnnx(none, { name: "a.onnx" }))).toBe("a.onnx: is no ONNX model");
    expect(messageOf(() => importOnnx(new Uint8Array(), { name: "a.onnx" }))).toBe(
      "a.onnx: is no ONNX model: it has no graph",
    );
  });
});
