import { describe, expect, test } from "vitest";
import { perceive } from "../../src/nn/features.js";
import { randomVgg } from "../../src/nn/features-random.js";
import { gram, gramOfPatches } from "../../src/nn/gram.js";
import { resized, resizeKernels } from "../../src/nn/resized.js";
import { Random } from "../../src/shape/random.js";
import { type Shape, sizeOf } from "../../src/shape/shape.js";
import { gradients } from "../../src/tensor/gradients.js";
import { square, sum } from "../../src/tensor/operations.js";
import { evaluate } from "../../src/tensor/reference.js";
import { input, type Tensor } from "../../src/tensor/tensor.js";
import { devices, furthest, jobOf } from "../support/devices.js";

const net = randomVgg({ widths: [4, 6] });

/** What stands in the losses of systems that make pictures from pictures. */
const made: Readonly<Record<string, { shape: Shape; of: (x: Tensor) => Tensor }>> = {
  ...Object.fromEntries(
    resizeKernels.map((kernel) => [
      `resized ${kernel}`,
      {
        shape: [2, 3, 12, 9],
        of: (x: Tensor) => resized(x, { height: 5, width: 18, kernel, border: "renormalize" }),
      },
    ]),
  ),
  features: {
    shape: [2, 3, 12, 12],
    of: (x) => {
      const F = perceive("F", net, (name) => input(name, net.weights[name]!.shape));
      return gramOfPatches(F(x, "conv2_2"), { side: 3 }).plus(
        sum(gram(F(x, "relu1_2"))).times(0.1),
      );
    },
  },
};

const cases = Object.entries(made).map(([name, { shape, of }]) => {
  const x = input(name, shape);
  const value = of(x);
  const outputs = {
    [`${name} value`]: value,
    [`${name} slope`]: gradients(sum(square(value)), [x])[0]!,
  };
  return { x, outputs };
});
const outputs = Object.assign({}, ...cases.map((c) => c.outputs)) as Readonly<
  Record<string, Tensor>
>; // of all cases
const random = new Random({ seed: 6, purpose: "pictures" });
const feeds: Record<string, Float32Array> = Object.fromEntries(
  Object.entries(net.weights).map(([name, { values }]) => [name, values]),
);
for (const { x } of cases) {
  feeds[x.attributes.name] = Float32Array.from({ length: sizeOf(x.shape) }, () => random.normal());
}
const wanted = evaluate(Object.values(outputs), feeds);

// Pages run the same kernels: devices.test.ts.
describe.each(devices.slice(0, 2))("$name", (device) => {
  test.skipIf(device.missing !== undefined)(
    "pictures of other sizes, features and their Gram matrices are those of plain loops",
    async () => {
      const [result] = await device.run([jobOf("features", outputs, { feeds })]);
      expect(result!.error).toBeUndefined();
      Object.keys(outputs).forEach((name, i) => {
        expect(furthest(result!.first.outputs[name]!, wanted[i]!), name).toBeLessThan(5e-6);
      });
    },
  );
});
