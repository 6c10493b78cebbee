import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { featureDistance } from "../../src/metrics/feature-distance.js";
import { lpips } from "../../src/metrics/lpips.js";
import type { KnownTensor } from "../../src/nn/features.js";
import { randomVgg } from "../../src/nn/features-random.js";
import { torchvisionAlexNet, torchvisionVgg } from "../../src/nn/features-torchvision.js";
import { Random } from "../../src/shape/random.js";

interface Stored {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

interface Golden {
  readonly weights: Readonly<Record<string, Stored>>;
  readonly lin: Readonly<Record<string, Stored>>;
  readonly a: Stored;
  readonly b: Stored;
  readonly lpips: readonly number[];
  readonly unweighted: readonly number[];
}

const { distances } = JSON.parse(
  readFileSync(new URL("../golden/features.json", import.meta.url), "utf8"),
) as { readonly distances: Readonly<Record<"vgg" | "alex", Golden>> }; // test/golden/features.py wrote it

const known = (tensors: Readonly<Record<string, Stored>>): Record<string, KnownTensor> =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, values }]) => [
      name,
      { shape, values: Float32Array.from(values) },
    ]),
  );

const networks = {
  vgg: torchvisionVgg(known(distances.vgg.weights), { name: "vgg16" }),
  alex: torchvisionAlexNet(known(distances.alex.weights), { name: "alexnet" }),
};

const expectClose = (found: Float32Array, wanted: readonly number[]): void => {
  expect(found).toHaveLength(wanted.length);
  wanted.forEach((v, i) => {
    expect(Math.abs(found[i]! / v - 1), `${i}`).toBeLessThan(1e-5);
  });
};

const message = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "nothing",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

describe.each(["vgg", "alex"] as const)("over %s", (kind) => {
  const { lin, a, b, lpips: wanted, unweighted } = distances[kind];
  const network = networks[kind];
  const shape = a.shape.slice(1);
  const [first, second] = [Float32Array.from(a.values), Float32Array.from(b.values)];

  test("lpips is the formula of its paper, as PyTorch computes it", async () => {
    const distance = await lpips(network, { shape, weights: known(lin) });
    expect(distance.name).toBe(`LPIPS (${kind}, ${network.name})`);
    expectClose(await distance.between(first, second), wanted);
    expectClose(await distance.between(second, first), wanted);
    expect(Math.max(...(await distance.between(first, first)))).toBe(0);
    await distance.release();
  });

  test("featureDistance is its mean over layers, without learned weights", async () => {
    const five = network.layers.filter((layer) =>
      (kind === "vgg"
        ? ["relu1_2", "relu2_2", "relu3_3", "relu4_3", "relu5_3"]
        : ["relu1_1", "relu2_1", "relu3_1", "relu3_2", "relu3_3"]
      ).includes(layer),
    );
    const distance = await featureDistance(network, { shape, layers: five });
    expect(distance.name).toBe(`feature distance, ${network.name}`);
    expect(distance.hash).toBe(network.hash);
    expectClose(
      await distance.between(first, second),
      unweighted.map((v) => v / 5),
    );
    await distance.release();
  });
});

test("featureDistance grows with noise, of pairs in any number, in grey too", async () => {
  const distance = await featureDistance(randomVgg({ widths: [8, 16] }), { shape: [1, 12, 12] });
  expect(distance.about).toContain("relu1_2, relu2_2");
  const random = new Random({ seed: 1, purpose: "grey" });
  const clean = Float32Array.from({ length: 144 }, (_, i) => Math.sin(i / 5));
  const noise = clean.map(() => random.normal());
  const levels = Array.from({ length: 11 }, (_, k) => k / 20);
  const [a, b] = [new Float32Array(144 * 11), new Float32Array(144 * 11)];
  levels.forEach((level, k) => {
    a.set(clean, 144 * k);
    b.set(
      clean.map((v, i) => v + level * noise[i]!),
      144 * k,
    );
  });
  const found = Array.from(await distance.between(a, b));
  expect(found).toHaveLength(11);
  expect(found[0]).toBe(0);
  expect([...found].sort((x, y) => x - y)).toEqual(found);
  expect(await message(distance.between(a, b.subarray(1)))).toBe(
    "feature distance, random features 8-16: 1584 and 1583 numbers are no pairs of [1 12 12]",
  );
  await distance.release();
});

describe("lpips says", () => {
  const shape = distances.vgg.a.shape.slice(1);
  const weights = known(distances.vgg.lin);

  test("which network it is not made for", async () => {
    expect(await message(lpips(randomVgg(), { shape, weights }))).toBe(
      [
        "random features 16-32-64-128: is no network that LPIPS is made for",
        "  hint  give torchvision's VGG-16 or AlexNet",
      ].join("\n"),
    );
  });

  test("which weights are missing, or another network's", async () => {
    const { "lin3.model.1.weight": _, ...fewer } = weights;
    expect(
      await message(lpips(networks.vgg, { shape, weights: fewer, name: "lin.safetensors" })),
    ).toBe("lin.safetensors: has no lin3.model.1.weight");
    expect(
      await message(lpips(networks.alex, { shape: distances.alex.a.shape.slice(1), weights })),
    ).toBe(
      [
        "lpips: lin0.model.1.weight is [1 2 1 1]; relu1_1 has 4 channels",
        "  hint  give the weights that belong to the network",
      ].join("\n"),
    );
  });
});
