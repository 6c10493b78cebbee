import { afterEach, describe, expect, test } from "vitest";
import { lower } from "../../src/onnx/lower.js";
import { checkDevice, openSession } from "../../src/runtime/device.js";
import { Memory, type Port, type Program } from "../../src/runtime/memory.js";
import { BelamyError } from "../../src/shape/error.js";
import { input } from "../../src/tensor/tensor.js";

const cell: Port = { name: "a", shape: [2], type: "float32" };
const fed: Port = { name: "x", shape: [2], type: "float32" };

/** a ← a + x, handing back 2a. */
const accumulate: Program = (() => {
  const [a, x] = [input("a", [2]), input("x", [2])];
  return {
    model: lower({ next: a.plus(x), twice: a.times(2) }).model,
    reads: ["a"],
    feeds: [fed],
    writes: [{ output: "next", cell: "a" }],
    returns: [{ name: "twice", shape: [2], type: "float32" }],
  };
})();

let memory: Memory;
const fresh = (): Memory => {
  memory = new Memory({ device: "cpu" });
  return memory;
};
afterEach(() => memory.release());

describe("memory", () => {
  test("cells change where they are, and numbers that were put in stay the caller's", async () => {
    const given = Float32Array.of(1, 2);
    fresh().put(cell, given);
    const { run } = await memory.load(accumulate);
    const x = Float32Array.of(10, 20);
    for (let i = 0; i < 5; i++) {
      const { twice } = await run({ x });
      expect(Array.from(twice!)).toEqual([2 + 20 * i, 4 + 40 * i]);
    }
    expect(Array.from(await memory.get("a"))).toEqual([51, 102]);
    expect(Array.from(given)).toEqual([1, 2]);
    expect(Array.from(x)).toEqual([10, 20]);
  });

  test("what is got is a copy", async () => {
    fresh().put(cell, Float32Array.of(1, 2));
    (await memory.get("a")).fill(7);
    expect(Array.from(await memory.get("a"))).toEqual([1, 2]);
  });

  test("deferred runs read the old state until it is settled", async () => {
    fresh().put(cell, Float32Array.of(1, 1));
    const { run } = await memory.load(accumulate);
    await run({ x: Float32Array.of(5, 5) }, { defer: true });
    expect(Array.from(await memory.get("a"))).toEqual([1, 1]);
    memory.settle();
    expect(Array.from(await memory.get("a"))).toEqual([6, 6]);
    memory.settle();
    expect(Array.from(await memory.get("a"))).toEqual([6, 6]);
  });

  test("a cell can be put anew, and arrays fed anew", async () => {
    fresh().put(cell, Float32Array.of(1, 1));
    const { run } = await memory.load(accumulate);
    const x = Float32Array.of(1, 1);
    await run({ x });
    memory.put(cell, Float32Array.of(100, 200));
    x.set([2, 3]);
    await run({ x });
    await run({ x: Float32Array.of(1000, 1000) });
    expect(Array.from(await memory.get("a"))).toEqual([1102, 1203]);
    expect(memory.names).toEqual(["a"]);
    expect(memory.portOf("a")).toEqual(cell);
  });

  test("integers and truths are cells too", async () => {
    fresh().put({ name: "i", shape: [2], type: "int32" }, Int32Array.of(-3, 2 ** 30));
    memory.put({ name: "t", shape: [3], type: "bool" }, Uint8Array.of(1, 0, 1));
    expect(await memory.get("i")).toEqual(Int32Array.of(-3, 2 ** 30));
    expect(await memory.get("t")).toEqual(Uint8Array.of(1, 0, 1));
  });
});

const textOf = async (action: () => unknown): Promise<string> => {
  try {
    await action();
  } catch (error) {
    if (error instanceof BelamyError) return error.message;
  }
  return "";
};

describe("errors", () => {
  test("name the cell or the input", async () => {
    expect(await textOf(() => fresh().get("b"))).toBe("memory: no cell named b");
    memory.put(cell, new Float32Array(2));
    const { run } = await memory.load(accumulate);
    expect(await textOf(() => run({}))).toBe("run: nothing was fed to x");
  });

  test("name the device", async () => {
    fresh();
    expect(checkDevice("cpu")).toBe("cpu");
    expect(await textOf(() => checkDevice("wbgpu"))).toBe(
      "device wbgpu: not offered on Node; there are cpu, webgpu, cuda\n  hint  did you mean webgpu?",
    );
    const text = await textOf(() => openSession(Uint8Array.of(1, 2, 3), { device: "cpu" }));
    expect(text.split("\n")[0]).toBe("device cpu: cannot run this graph");
    expect(text).toContain("said  ");
    expect(text).not.toContain("hint");
  });
});
