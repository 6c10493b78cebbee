import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { perceive } from "../../src/nn/features.js";
import { torchvisionVgg } from "../../src/nn/features-torchvision.js";
import { vgg19Layout, vggShapes } from "../../src/nn/features-vgg.js";
import { gram, gramOfPatches } from "../../src/nn/gram.js";
import { type Shape, sizeOf } from "../../src/shape/shape.js";
import { gradients } from "../../src/tensor/gradients.js";
import { mean, square, sum } from "../../src/tensor/operations.js";
import { evaluate } from "../../src/tensor/reference.js";
import { constant, input, type Tensor } from "../../src/tensor/tensor.js";

interface Stored {
  readonly shape: Shape;
  readonly values: readonly number[];
}

interface Golden {
  readonly vgg: {
    readonly weights: Readonly<Record<string, Stored>>;
    readonly x: Stored;
    readonly seen: Readonly<Record<string, Stored>>;
    readonly loss: number;
    readonly gradient: readonly number[];
  };
  readonly vgg19: Readonly<Record<string, Shape>>;
  readonly grams: Readonly<Record<"x" | "gram" | "weight" | "patches" | "patchWeight", Stored>> &
    Readonly<Record<"gradient" | "patchGradient", readonly number[]>>;
}

const golden = JSON.parse(
  readFileSync(new URL("../golden/features.json", import.meta.url), "utf8"),
) as Golden; // test/golden/features.py wrote it

const tensorOf = ({ shape, values }: Stored): Tensor => constant(values, { shape });

function expectClose(found: Float64Array, wanted: readonly number[], tolerance: number): void {
  expect(found).toHaveLength(wanted.length);
  const scale = Math.max(...wanted.map(Math.abs));
  wanted.forEach((v, i) => {
    expect(Math.abs(found[i]! - v), `${i}`).toBeLessThan(tolerance * scale);
  });
}

describe("a VGG network with torchvision's names", () => {
  const tensors = Object.entries(golden.vgg.weights).map(([name, { shape, values }]) => [
    name,
    { shape, values: Float32Array.from(values) },
  ]);
  const net = torchvisionVgg(Object.fromEntries(tensors), { name: "narrow" });
  const x = input("x", golden.vgg.x.shape);
  const given = { x: golden.vgg.x.values };
  const F = perceive("F", net, (name) => {
    const { shape, values } = net.weights[name]!;
    return constant(values, { shape });
  });

  test("has its convolutions in torchvision's blocks", () => {
    expect(net.layers.filter((layer) => layer.startsWith("conv"))).toEqual(
      ["1_1", "2_1", "3_1", "3_2", "4_1", "4_2", "5_1", "5_2"].map((place) => `conv${place}`),
    );
  });

  test.each(Object.entries(golden.vgg.seen))("%s is PyTorch's", (layer, wanted) => {
    const y = F(x, layer);
    expect(y.shape).toEqual(wanted.shape);
    expectClose(evaluate([y], given)[0]!, wanted.values, 1e-7);
  });

  test("pixels have PyTorch's gradient", () => {
    const loss = Object.keys(golden.vgg.seen)
      .map((layer) => mean(square(F(x, layer))))
      .reduce((a, b) => a.plus(b));
    const [value, slope] = evaluate([loss, gradients(loss, [x])[0]!], given);
    expectClose(value!, [golden.vgg.loss], 1e-8);
    expectClose(slope!, golden.vgg.gradient, 1e-7);
  });
});

test("VGG-19 has torchvision's shapes and 20 024 384 parameters in its convolutions", () => {
  const ours = Object.values(vggShapes(vgg19Layout));
  expect(ours).toEqual(Object.values(golden.vgg19));
  expect(ours.reduce((n, shape) => n + sizeOf(shape), 0)).toBe(20_024_384);
  expect(Object.keys(vggShapes(vgg19Layout)).at(-2)).toBe("conv5_4.weight");
});

describe("Gram matrices", () => {
  const {
    x: given,
    gram: whole,
    weight,
    gradient,
    patches,
    patchWeight,
    patchGradient,
  } = golden.grams;
  const x = input("x", given.shape);
  const inputs = { x: given.values };

  test("of whole pictures are PyTorch's, with their gradient", () => {
    const y = gram(x);
    expect(y.shape).toEqual(whole.shape);
    const slope = gradients(sum(y.times(tensorOf(weight))), [x])[0]!;
    const [values, slopes] = evaluate([y, slope], inputs);
    expectClose(values!, whole.values, 1e-8);
    expectClose(slopes!, gradient, 1e-8);
  });

  test("of patches are PyTorch's, with their gradient", () => {
    const y = gramOfPatches(x, { side: 4 });
    expect(y.shape).toEqual(patches.shape);
    const slope = gradients(sum(y.times(tensorOf(patchWeight))), [x])[0]!;
    const [values, slopes] = evaluate([y, slope], inputs);
    expectClose(values!, patches.values, 1e-8);
    expectClose(slopes!, patchGradient, 1e-8);
  });

  test("say what they cannot be of", () => {
    expect(() => gram(input("x", [2, 3, 4]))).toThrow(
      "gram: needs 4 axes, has 3\n  features  [2 3 4]  b c h w",
    );
    expect(() => gramOfPatches(input("x", [2, 3, 12, 10]), { side: 4 })).toThrow(
      "gramOfPatches: patches of 4 × 4 do not fill 12 × 10\n  features  [2 3 12 10]  b c h w",
    );
  });
});
