import { expect, test } from "vitest";
import { costOf, multiplyAdds, workOf } from "../../src/game/cost.js";
import { settle } from "../../src/game/hyper.js";
import { convolution, transposedConvolution } from "../../src/tensor/convolution.js";
import { gradients } from "../../src/tensor/gradients.js";
import { matmul, relu, sum } from "../../src/tensor/operations.js";
import { input } from "../../src/tensor/tensor.js";
import { gan } from "../../src/zoo/gan.js";

const x = input("x", [2, 3, 8, 8]);
const w = input("w", [5, 3, 4, 4]);

test("a matrix product", () => {
  expect(multiplyAdds(matmul(input("a", [2, 3]), input("b", [3, 5])))).toBe(2 * 3 * 5);
});

test("a convolution and both of its gradients cost the same", () => {
  const y = convolution(x, w, { stride: 2, padding: 1 });
  const forward = 2 * 5 * 4 * 4 * (3 * 4 * 4);
  expect(multiplyAdds(y)).toBe(forward);
  const slopes = gradients(sum(y), [x, w]);
  expect(slopes.map((slope) => workOf([slope]).multiplyAdds)).toEqual([forward, forward]);
});

test("groups divide the work", () => {
  const half = convolution(input("x", [1, 4, 8, 8]), input("w", [6, 2, 3, 3]), { groups: 2 });
  expect(multiplyAdds(half)).toBe(6 * 6 * 6 * (2 * 3 * 3));
  const up = transposedConvolution(input("x", [1, 6, 4, 4]), input("w", [6, 2, 2, 2]), {
    stride: 2,
  });
  expect(multiplyAdds(up)).toBe(6 * 4 * 4 * (2 * 2 * 2));
});

test("what is computed twice counts once, and memory is freed", () => {
  const a = input("a", [10, 10]);
  const square = (): typeof a => matmul(a, a) as typeof a; // only its shape is looked at
  expect(workOf([square().plus(square())]).multiplyAdds).toBe(1000);
  const chain = relu(relu(relu(a.times(2))));
  expect(workOf([chain]).peakBytes).toBe(2 * 400);
});

test("gan on points: six products forward, and twice as many back for what each player owns", () => {
  const hyper = settle(gan.hyper, {
    latent: 2,
    width: 4,
    units: 3,
    pieces: 2,
    batch: 10,
    group: 10,
  });
  const data = { kind: "points", shape: [2], classes: 0, count: 1 } as const;
  const { multiplyAdds: total, stateBytes } = costOf(gan, { hyper, data });
  const g = 2 * 4 + 4 * 4 + 4 * 2;
  const d = 2 * 6 + 3 * 6 + 3;
  // D: G once, D twice forward, and back to its weights through all but its first layer.
  const forD = g + 2 * d + 2 * (d + 18 + 3);
  // G: both forward, back through all of D and through all of G but to z.
  const forG = g + d + d + (g + 16 + 8);
  expect(total).toBe(10 * (forD + forG));
  const parameters = g + 4 + 4 + 2 + d + 6 + 6 + 1;
  expect(stateBytes).toBe(4 * 2 * parameters);
});
