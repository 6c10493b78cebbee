import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { shapes } from "../../src/data/shapes.js";
import { normal } from "../../src/game/draws.js";
import { count } from "../../src/game/hyper.js";
import { network } from "../../src/game/network.js";
import { defineSystem } from "../../src/game/system.js";
import { features, perceive } from "../../src/nn/features.js";
import { randomVgg } from "../../src/nn/features-random.js";
import { torchvisionVgg } from "../../src/nn/features-torchvision.js";
import { initialValues, normalWith } from "../../src/nn/initializers.js";
import { chain } from "../../src/nn/layer.js";
import { linear, unflatten } from "../../src/nn/linear.js";
import { adam } from "../../src/nn/optimizers.js";
import { lower } from "../../src/onnx/lower.js";
import { exportGenerator } from "../../src/run/export.js";
import { openFeatures } from "../../src/run/features.js";
import { readRecord } from "../../src/run/folder.js";
import { joined } from "../../src/run/generator.js";
import { decodeSafetensors, encodeSafetensors } from "../../src/run/safetensors.js";
import { train } from "../../src/run/train.js";
import { fingerprint } from "../../src/runtime/fingerprint.js";
import { mean, square, tanh } from "../../src/tensor/operations.js";
import { evaluate } from "../../src/tensor/reference.js";
import { constant, input } from "../../src/tensor/tensor.js";
import { gan } from "../../src/zoo/gan.js";
import { cellBytes, messageOf, points, temporaryFolder } from "./support.js";

const folder = temporaryFolder();

/** Makes pictures that look like real ones to a frozen network, on average. */
const looks = defineSystem("looks", {
  cite: { title: "A test", authors: "Nobody", year: 2024, at: "nowhere" },
  equations: ["G minimizes  (E φ(G(z)) − E φ(x))²"],
  hyper: {
    batch: count(8, "pictures in a batch"),
    group: count(4, "pictures seen together"),
    rounds: count(6, "rounds to play"),
  },
  perceives: () => randomVgg({ widths: [3, 4] }),
  networks: (_, __, { perceived }) => ({
    G: network([4], chain(linear(3 * 8 * 8), unflatten(3, 8, 8), tanh)),
    F: features(perceived),
  }),
  chance: (_, { items }) => ({ x: items, z: normal(4) }),
  players: () => ({
    G: {
      owns: ["G"],
      learner: adam(),
      minimizes: ({ G, F }, { x, z }) => ({
        seen: mean(square(mean(F(G(z), "conv1_2").minus(F(x, "conv1_2")), { axes: [0] }))),
      }),
    },
  }),
  samples: ({ G }, { z }) => G(z),
});

const played = { system: looks, data: shapes({ count: 40, size: 8 }), rounds: 6 } as const;

/** A VGG of two blocks with torchvision's names. */
const tensors = Object.fromEntries(
  Object.entries({
    "features.0.weight": [3, 3, 3, 3],
    "features.0.bias": [3],
    "features.2.weight": [3, 3, 3, 3],
    "features.2.bias": [3],
    "features.5.weight": [5, 3, 3, 3],
    "features.5.bias": [5],
    "classifier.0.weight": [2, 5],
  }).map(([name, shape]) => {
    const data = initialValues(normalWith(0.4), { shape, name, seed: 1 });
    return [name, { shape, data }];
  }),
);
const bytes = joined(encodeSafetensors({ tensors, metadata: {} }));
const vggFile = join(folder, "vgg.safetensors");
writeFileSync(vggFile, bytes);

describe("a run that perceives", () => {
  it("with the system's own network records it, and keeps nothing of it", async () => {
    const path = join(folder, "own");
    await train({ ...played, folder: path }).finish();
    const { name, hash } = randomVgg({ widths: [3, 4] });
    expect(readRecord(path).features).toEqual({ name, sha256: hash });
    const kept = decodeSafetensors(readFileSync(join(path, "checkpoints/000006.safetensors")), "");
    expect(Object.keys(kept.tensors).filter((cell) => cell.startsWith("F"))).toEqual([]);
    expect(Object.keys(kept.tensors)).toContain("G.0.weight");
  });

  it("with a file's network goes on with it, to the bits of one never stopped", async () => {
    const seen = await openFeatures(vggFile);
    const whole = join(folder, "whole");
    await train({ ...played, features: seen, replicas: 2, folder: whole }).finish();
    expect(readRecord(whole).features).toEqual({
      name: "vgg.safetensors",
      sha256: fingerprint(bytes),
      file: vggFile,
      range: "imagenet",
    });
    const path = join(folder, "parted");
    const run = train({ ...played, features: seen, replicas: 2, folder: path });
    for await (const event of run) if (event.type === "round" && event.round >= 2) break;
    await train({ ...played, resume: path }).finish();
    const name = "checkpoints/000006.safetensors";
    expect(cellBytes(join(path, name)).equals(cellBytes(join(whole, name)))).toBe(true);
    const own = cellBytes(join(folder, "own", name));
    expect(own.equals(cellBytes(join(whole, name)))).toBe(false);
  });

  it("says that its network is gone, or another", async () => {
    const path = join(folder, "whole");
    renameSync(vggFile, `${vggFile}.away`);
    expect(messageOf(() => train({ ...played, resume: path }))).toBe(
      [
        `${vggFile}: is gone; this run perceives with it`,
        "  network  vgg.safetensors",
        `  sha256   ${fingerprint(bytes)}`,
        "  hint     put the file back, or name it with --features FILE",
      ].join("\n"),
    );
    // What is made depends on no frozen network.
    await exportGenerator(path, { system: looks, file: join(folder, "g.onnx") });
    const other = { ...tensors, "classifier.0.weight": { shape: [1], data: new Float32Array(1) } };
    const changed = joined(encodeSafetensors({ tensors: other, metadata: {} }));
    writeFileSync(vggFile, changed);
    expect(messageOf(() => train({ ...played, resume: path }))).toBe(
      [
        `${vggFile}: is another network than this run began with`,
        "  network  vgg.safetensors",
        `  sha256   ${fingerprint(bytes)}`,
        `  found    ${fingerprint(changed)}`,
        "  hint     put the file back, or name it with --features FILE",
      ].join("\n"),
    );
    const features = await openFeatures(vggFile);
    expect(messageOf(() => train({ ...played, resume: path, features }))).toBe(
      [
        "resume: this is another run",
        `  features  vgg.safetensors ${fingerprint(bytes).slice(0, 12)}, now vgg.safetensors ${fingerprint(changed).slice(0, 12)}`,
        "  hint      begin a new run, or resume with what this one was begun with",
      ].join("\n"),
    );
    renameSync(`${vggFile}.away`, vggFile);
  });

  it("needs a system that does", async () => {
    const seen = await openFeatures(vggFile);
    expect(messageOf(() => train({ ...points, system: gan, features: seen, folder: null }))).toBe(
      "features: gan perceives with no network",
    );
  });
});

describe("openFeatures", () => {
  const vgg = torchvisionVgg(
    Object.fromEntries(
      Object.entries(tensors).map(([name, { shape, data }]) => [name, { shape, values: data }]),
    ),
    { name: "vgg" },
  );
  const weightOf = (name: string) => {
    const { shape, values } = vgg.weights[name]!;
    return constant(values, { shape });
  };

  it("names the layers of an ONNX network as VGG's are, beside its own names", async () => {
    const file = new URL("../golden/onnx/classifier18.onnx", import.meta.url);
    const net = await openFeatures(fileURLToPath(file));
    expect(net.range).toBe("imagenet");
    const named = net.layers.filter((layer) => /^(conv|relu|pool)\d/.test(layer));
    expect(named).toEqual(["conv1_1", "relu1_1", "pool1", "conv2_1", "relu2_1", "pool2"]);
    const F = perceive("F", net, (name) => input(name, net.weights[name]!.shape));
    const x = input("x", [1, 3, 24, 20]);
    expect(named.map((layer) => F(x, layer).shape.slice(1))).toEqual([
      ...[
        [6, 12, 10],
        [6, 12, 10],
        [6, 6, 5],
      ],
      ...[
        [8, 6, 5],
        [8, 6, 5],
        [8, 4, 3],
      ],
    ]);
    expect(net.layers.at(-1)).toBe("y");
  });

  it("sees with an ONNX network what the same network of ours sees", async () => {
    const x = input("x", [2, 3, 8, 8]);
    const look = vgg.look(x, weightOf);
    const path = join(folder, "net.onnx");
    // The network by itself takes what `look` makes of pictures first.
    const metadata = { range: "signed" };
    writeFileSync(path, lower({ y: look("pool2") }, { metadata }).model);
    const net = await openFeatures(path);
    expect(net.range).toBe("signed");
    expect(net.hash).toBe(fingerprint(readFileSync(path)));
    const F = perceive("F", net, (name) => {
      const { shape, values } = net.weights[name]!;
      return constant(values, { shape });
    });
    const values = initialValues(normalWith(0.5), { shape: x.shape, name: "x", seed: 0 });
    // Pools were written as something else, so that these are one block.
    for (const [layer, same] of [
      ["relu1_1", "relu1_1"],
      ["relu1_3", "relu2_1"],
    ] as const) {
      const [found, wanted] = evaluate([F(x, layer), look(same)], { x: values });
      wanted!.forEach((v, i) => {
        expect(Math.abs(found![i]! - v)).toBeLessThan(1e-6);
      });
    }
  });

  it.each([
    ["nowhere.onnx", undefined, "nowhere.onnx: cannot be read; there is no such network"],
    [
      "net.pth",
      "x",
      "net.pth: is no file of a network\n  hint  give an .onnx file, or a VGG network's .safetensors",
    ],
    ["none.onnx", "x", "none.onnx: is no ONNX model"],
    ["none.safetensors", "x", "none.safetensors: is no safetensors file: it has no header"],
  ])("says what is wrong with %s", async (name, text, message) => {
    const path = join(folder, name);
    if (text !== undefined) writeFileSync(path, text);
    const said = await openFeatures(path).catch((error: unknown) => (error as Error).message);
    expect(said).toBe(message.replace(name, path));
  });
});
