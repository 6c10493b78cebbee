import { expect, test } from "vitest";
import { bind, type NetworkDefinition, network } from "../../src/game/network.js";
import { conv } from "../../src/nn/convolution.js";
import { chain } from "../../src/nn/layer.js";
import { linear } from "../../src/nn/linear.js";
import { flatten, relu } from "../../src/tensor/operations.js";
import { evaluate } from "../../src/tensor/reference.js";
import { constant, input } from "../../src/tensor/tensor.js";

const bound = (definition: NetworkDefinition) =>
  bind(
    { G: definition },
    {
      parameter: (name) => {
        const { shape } = definition.built.parameters[name.slice(2)]!;
        const size = shape.reduce((a, b) => a * b, 1);
        return constant(
          Float32Array.from({ length: size }, (_, i) => Math.sin(i)),
          { shape },
        );
      },
      state: (name) => input(name, []),
      update: () => {},
      training: false,
      uniform: (_, shape) => input("u", shape),
    },
  );

test("a network of convolutions is given pictures of any size, and sees in each what it sees in parts", () => {
  const { G } = bound(
    network([1, 4, 4], chain(conv(2), relu, conv(3, { stride: 2 })), { anySize: true }),
  );
  expect(G(input("x", [2, 1, 6, 10])).shape).toEqual([2, 3, 3, 5]);
  const wide = constant(
    Float32Array.from({ length: 8 * 8 }, (_, i) => Math.cos(i)),
    {
      shape: [1, 1, 8, 8],
    },
  );
  const corner = constant(
    Float32Array.from({ length: 16 }, (_, i) => Math.cos(8 * Math.floor(i / 4) + (i % 4))),
    { shape: [1, 1, 4, 4] },
  );
  const [large, small] = evaluate([G(wide), G(corner)], {}) as [Float64Array, Float64Array]; // two are asked for
  // Two pixels from the left and upper edge both have seen the same.
  for (let c = 0; c < 3; c++) expect(large[c * 16]).toBeCloseTo(small[c * 4]!, 12);
});

test("other channels are refused, and sizes for which its parameters would change", () => {
  const { G } = bound(network([1, 4, 4], conv(2), { anySize: true }));
  expect(() => G(input("x", [2, 3, 4, 4]))).toThrow("G: was built for another shape");
  const { G: judge } = bound(
    network([1, 4, 4], chain(conv(2), flatten, linear(1)), { anySize: true }),
  );
  expect(() => judge(input("x", [2, 1, 6, 6]))).toThrow("G: was built for another shape");
  expect(judge(input("x", [2, 1, 4, 4])).shape).toEqual([2, 1]);
});
