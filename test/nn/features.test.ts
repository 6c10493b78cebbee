import { describe, expect, test } from "vitest";
import { costOf } from "../../src/game/cost.js";
import { describe as describeSystem, sectionsOf, textOf } from "../../src/game/describe.js";
import { alone } from "../../src/game/exchange.js";
import { tensor } from "../../src/game/network.js";
import { Replica } from "../../src/game/replica.js";
import { trace } from "../../src/game/trace.js";
import { features, perceive } from "../../src/nn/features.js";
import { randomVgg } from "../../src/nn/features-random.js";
import { torchvisionVgg } from "../../src/nn/features-torchvision.js";
import { vgg } from "../../src/nn/features-vgg.js";
import { normalWith } from "../../src/nn/initializers.js";
import { adam } from "../../src/nn/optimizers.js";
import { resized } from "../../src/nn/resized.js";
import { compute } from "../../src/runtime/compute.js";
import { Memory } from "../../src/runtime/memory.js";
import { Random } from "../../src/shape/random.js";
import { mean, square } from "../../src/tensor/operations.js";
import { constant, input } from "../../src/tensor/tensor.js";
import { pictures, small, values } from "./small.js";

const net = randomVgg({ widths: [4, 6] });
const items = Float32Array.from({ length: 16 * 3 * 8 * 8 }, (_, i) => Math.sin(i * i));

/** A picture that comes to look, to a frozen network, like the middle of the data; or a change of it. */
const paintedWith = (change: object) =>
  small("painted", {
    perceives: () => net,
    networks: (_, __, { perceived }) => ({
      T: tensor([1, 3, 8, 8], normalWith(0.5)),
      F: features(perceived),
    }),
    players: () => ({
      A: {
        owns: ["T"],
        learner: adam({ lr: 0.05 }),
        minimizes: ({ T, F }, { x }) => {
          const wanted = mean(F(x!, "conv2_1"), { axes: [0], keep: true });
          return { seen: mean(square(F(T, "conv2_1").minus(wanted))) };
        },
      },
    }),
    ...change,
  });
const painted = paintedWith({});

/** What an action says when it fails. */
function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "nothing";
}

const traced = (change: object) => trace(paintedWith(change), { hyper: values, data: pictures });

describe("says", () => {
  const x = input("x", [2, 3, 8, 8]);
  const weightOf = (name: string) => input(name, net.weights[name]!.shape);
  const F = perceive("F", net, weightOf);
  test.each([
    [
      "which layers there are",
      () => F(x, "conv9_1"),
      [
        "F: has no layer conv9_1",
        "  network  random features 4-6",
        "  layers   conv1_1 relu1_1 conv1_2 relu1_2 pool1 conv2_1 relu2_1 conv2_2 relu2_2 pool2",
        "  hint     did you mean conv1_1?",
      ],
    ],
    [
      "what it looks at",
      () => F(input("x", [2, 4, 8, 8]), "conv1_1"),
      [
        "F: looks at pictures in colour or in grey",
        "  given  [2 4 8 8]",
        "  needs  [b 3 h w] or [b 1 h w]",
      ],
    ],
    [
      "what is too small for it",
      () => F(input("x", [2, 3, 3, 3]), "pool2"),
      ["maxPool: a window of [2 2] does not fit", "  input  [2 6 1 1]", "  in     pool2"],
    ],
    [
      "that nobody owns it",
      () => {
        const A = { owns: ["F"], learner: adam(), minimizes: () => ({}) };
        traced({ players: () => ({ A }) });
      },
      ["A: owns F, a frozen network that nobody moves", "  in  painted"],
    ],
    [
      "that it has no average",
      () => traced({ averages: () => ({ F: { halfLife: 10 } }) }),
      ["averages.F: no player owns such a network", "  in    painted", "  hint  did you mean T?"],
    ],
    [
      "that a system perceives with no network",
      () => traced({ perceives: undefined }),
      ["features: painted perceives with no network", "  in  painted"],
    ],
    [
      "which weights a VGG needs",
      () => vgg({ widths: [4], depths: [1], name: "mine", weights: {} }),
      ["mine: has no conv1_1.weight", "  needs  [4 3 3 3]"],
    ],
    [
      "which weights do not fit",
      () => vgg({ widths: [5], depths: [1], name: "mine", weights: net.weights }),
      ["mine: conv1_1.weight has another shape", "  needs  [5 3 3 3]", "  given  [4 3 3 3]"],
    ],
    [
      "how many depths there are",
      () => randomVgg({ widths: [4, 5], depths: [2] }),
      ["randomVgg: expected as many depths as widths, received [2] and [4 5]"],
    ],
    [
      "which file is no VGG",
      () => torchvisionVgg({ weight: net.weights["conv1_1.weight"]! }, { name: "a.safetensors" }),
      [
        "a.safetensors: has no features.0.weight: it is no VGG network",
        "  hint  give a VGG of torchvision or timm, without batch normalization",
      ],
    ],
    [
      "which weight of a file does not follow",
      () =>
        torchvisionVgg(
          {
            "features.0.weight": net.weights["conv1_1.weight"]!,
            "features.0.bias": net.weights["conv1_1.bias"]!,
            "features.3.weight": net.weights["conv2_2.weight"]!,
          },
          { name: "a.safetensors" },
        ),
      [
        "a.safetensors: features.3.weight is [6 6 3 3], not [… 4 3 3]",
        "  hint  give a VGG of torchvision or timm, without batch normalization",
      ],
    ],
  ])("%s", (_, action, lines) => {
    expect(messageOf(action)).toBe(lines.join("\n"));
  });
});

describe("random features", () => {
  test("have mean 0 and deviation 1 on smooth noise before each activation", async () => {
    // Other noise of the same kind than they were scaled by.
    const random = new Random({ seed: 77, purpose: "noise" });
    const side = 64;
    const x = new Float64Array(2 * 3 * side * side);
    for (let grid = 2; grid <= side; grid *= 2) {
      const nodes = Float64Array.from({ length: 6 * grid * grid }, () => random.normal());
      const small = constant(Array.from(nodes), { shape: [2, 3, grid, grid] });
      const size = { height: side, width: side, kernel: "bilinear" } as const;
      const { level } = await compute({ level: resized(small, size) });
      for (let i = 0; i < x.length; i++) x[i]! += 0.35 * level[i]!;
    }
    const picture = input("x", [2, 3, side, side]);
    const usual = randomVgg();
    const look = usual.look(picture, (name) => {
      const { shape, values: numbers } = usual.weights[name]!;
      return constant(numbers, { shape });
    });
    const layers = ["conv1_1", "conv2_1", "conv3_2", "conv4_2"];
    const found = await compute(Object.fromEntries(layers.map((l) => [l, look(l)])), { x });
    for (const layer of layers) {
      const numbers = Float64Array.from(found[layer]!);
      const average = numbers.reduce((a, b) => a + b, 0) / numbers.length;
      const squares = numbers.reduce((a, v) => a + (v - average) ** 2, 0);
      expect(Math.abs(average), layer).toBeLessThan(0.2);
      expect(Math.sqrt(squares / numbers.length), layer).toBeGreaterThan(0.6);
      expect(Math.sqrt(squares / numbers.length), layer).toBeLessThan(1.5);
    }
  });

  test("are the same wherever they are drawn, and others for another seed", () => {
    expect(randomVgg({ widths: [3, 4] }).hash).toBe(randomVgg({ widths: [3, 4] }).hash);
    expect(randomVgg({ widths: [3, 4], seed: 1 }).hash).not.toBe(net.hash);
    expect(randomVgg({ widths: [4, 6], depths: [1, 2], seed: 2 }).name).toBe(
      "random features 4-6, 1-2 convolutions, seed 2",
    );
    // Runs are resumed with the network that they began with.
    expect(randomVgg().hash).toBe(
      "75bd99f39ed0fdfb35dd4a5ddc6c045b94959354504a466f9c9e49ab70c056c1",
    );
  });
});

test("a description says what is looked with, and that nobody moves it", () => {
  const text = textOf(sectionsOf(describeSystem(painted, { hyper: values, data: pictures })));
  expect(text).toContain(
    [
      "F, frozen: random features 4-6, [3 8 8]",
      "  layer    output   parameters",
      "  conv1_1  [4 8 8]         112",
      "  conv1_2  [4 8 8]         148",
      "  conv2_1  [6 4 4]         222",
      "  conv2_2  [6 4 4]         330",
      "  total                    812",
    ].join("\n"),
  );
  const cost = costOf(painted, { hyper: values, data: pictures });
  // Seen by its gradient and by what it minimizes: T, and the items without a gradient.
  expect(cost.multiplyAdds).toBeGreaterThan(4 * 8 * 8 * (27 * 4 + 36 * 4));
});

describe("a frozen network in a game", () => {
  test("is seen by losses, never moved, and no part of what is saved", async () => {
    const plan = trace(painted, { hyper: values, data: pictures });
    const known = plan.cells.filter(({ initial }) => initial.kind === "known");
    expect(known.map(({ name }) => name)).toEqual(
      ["conv1_1", "conv1_2", "conv2_1"].flatMap((l) => [`F.${l}.weight`, `F.${l}.bias`]),
    );
    const memory = new Memory({ device: "cpu" });
    const data = { count: 16, items, labels: undefined };
    const replica = new Replica({ plan, memory, data, seed: 3, exchange: alone(1, 0) });
    await replica.start();
    const losses: number[] = [];
    for (let i = 0; i < 30; i++) losses.push((await replica.round(i / 30)).terms["A.seen"]!);
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 2);
    const changing = plan.cells.map(({ name }) => name).filter((name) => !name.startsWith("F."));
    expect(Object.keys(await replica.state())).toEqual(changing);
    expect(changing).toContain("T");
    for (const { name } of known) {
      expect(await memory.get(name)).toEqual(net.weights[name.slice(2)]!.values);
    }
    await memory.release();
  });
});
