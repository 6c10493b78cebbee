import { expect, test } from "vitest";
import { concatenate } from "../../src/tensor/operations.js";
import { evaluate } from "../../src/tensor/reference.js";
import { constant, type Tensor } from "../../src/tensor/tensor.js";

test("a list that grows after it was joined changes nothing", () => {
  const parts: Tensor[] = [constant([1]), constant([2])];
  const joined = concatenate(parts);
  parts.push(joined);
  expect(joined.inputs.length).toBe(2);
  expect(Array.from(evaluate([joined])[0]!)).toEqual([1, 2]);
});
