import { expect, test } from "vitest";
import { compute } from "../../src/runtime/compute.js";
import { gradients } from "../../src/tensor/gradients.js";
import { argMax, exp, greater, matmul, sum, transpose } from "../../src/tensor/operations.js";
import { constant, input } from "../../src/tensor/tensor.js";

test("numbers of several tensors from one graph", async () => {
  const x = input("x", [2, 3]);
  const [slope] = gradients(sum(exp(x)), [x]);
  const outputs = { product: matmul(x, transpose(x)), slope: slope!, largest: argMax(x) };
  const { product, slope: slopes, largest } = await compute(outputs, { x: [1, 2, 3, 6, 5, 4] });
  expect(Array.from(product)).toEqual([14, 28, 28, 77]);
  [1, 2, 3, 6, 5, 4].forEach((value, i) => {
    expect(slopes[i]! / Math.exp(value)).toBeCloseTo(1, 5);
  });
  expect(largest).toEqual(Int32Array.of(2, 0));
});

test("types of inputs and outputs are those of the graph", async () => {
  const [flag, index] = [input("flag", [2], "bool"), input("index", [1], "int32")];
  const outputs = { flag, index, more: greater(constant([1, 5]), 3) };
  const found = await compute(outputs, { flag: [1, 0], index: [-7] });
  expect(found).toEqual({
    flag: Uint8Array.of(1, 0),
    index: Int32Array.of(-7),
    more: Uint8Array.of(0, 1),
  });
});

test("numbers that do not fill an input", async () => {
  const promise = compute({ y: exp(input("x", [2, 2])) }, { x: [1, 2, 3] });
  await expect(promise).rejects.toThrow(
    expect.objectContaining({
      message: "compute: 3 numbers for x, which has 4\n  x  [2 2]",
      name: "ShapeError",
    }),
  );
});

test("an input that is not given", async () => {
  await expect(compute({ y: exp(input("x", [2])) })).rejects.toThrow(
    expect.objectContaining({ message: "run: nothing was fed to x" }),
  );
});
