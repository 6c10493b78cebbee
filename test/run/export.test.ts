import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { Dealer } from "../../src/game/dealer.js";
import { count } from "../../src/game/hyper.js";
import { descriptionOf } from "../../src/run/asked.js";
import { listCheckpoints, readCheckpoint } from "../../src/run/checkpoint.js";
import { exportGenerator } from "../../src/run/export.js";
import { generatorModel, verifyGenerator } from "../../src/run/generator.js";
import { prepare } from "../../src/run/prepare.js";
import { decodeSafetensors } from "../../src/run/safetensors.js";
import { train } from "../../src/run/train.js";
import { sizeOf } from "../../src/shape/shape.js";
import { dcgan } from "../../src/zoo/dcgan.js";
import { gan } from "../../src/zoo/gan.js";
import { collect, pictures, points, temporaryFolder } from "./support.js";

const folder = temporaryFolder();

describe.each([
  ["points", { ...points, rounds: 30 }],
  ["pictures", { ...pictures, rounds: 3 }],
] as const)("a generator of %s", (name, options) => {
  const path = join(folder, name);
  const { plan, values } = prepare({ ...options, folder: null });

  it("says in ONNX Runtime what the run showed, at any batch", async () => {
    const events = await collect(train({ ...options, sampleCount: 32, folder: path }));
    const shown = events.filter((event) => event.type === "samples").at(-1)!;
    const dealer = new Dealer({ ...options.data }, 0);
    const arrays = dealer.allocate(plan.draws, 32);
    dealer.deal(plan.draws, arrays, { purpose: "fixed", turn: 0, group: 0, dealt: 0 });
    const session = await InferenceSession.create(join(path, "generator.onnx"));
    expect(session.inputNames).toEqual(["z"]);
    expect(session.outputNames).toEqual(["samples"]);
    const latent = plan.draws.z!.shape[0]!;
    for (const size of [1, 5, 32]) {
      const z = arrays["draw.z"]!.slice(0, size * latent) as Float32Array;
      const { samples } = await session.run({ z: new Tensor("float32", z, [size, latent]) });
      expect(samples!.dims).toEqual([size, ...options.data.shape]);
      const found = samples!.data as Float32Array;
      const apart = found.map((value, i) => Math.abs(value - shown.items[i]!));
      expect(Math.max(...apart)).toBeLessThan(1e-5);
    }
  });

  it("tells where it comes from", () => {
    const text = readFileSync(join(path, "generator.onnx")).toString("latin1");
    expect(text).toContain(`${options.data.name} ${options.data.fingerprint}`);
    expect(text).toContain(`arXiv:${options.system.cite.arxiv}`);
  });

  it("is refused when it does not say what the game says", async () => {
    const { cells } = readCheckpoint(listCheckpoints(path).at(-1)!, plan);
    const data = descriptionOf(options);
    const metadata = {};
    const wrong = structuredClone(cells);
    const weight = plan.sample!.program.reads.find((cell) => cell.endsWith("weight"))!;
    wrong[weight]!.fill(0.5);
    const model = generatorModel({
      system: options.system,
      hyper: values,
      data,
      cells: wrong,
      metadata,
    });
    await expect(verifyGenerator(model, { plan, cells })).rejects.toThrow(
      /^generator\.onnx: differs by \S+ from the game at a batch of 1$/,
    );
  });

  it("is written in safetensors, with what samples need and no more", async () => {
    const file = await exportGenerator(path, { system: options.system, format: "safetensors" });
    expect(file).toBe(join(path, "generator.safetensors"));
    const { tensors, metadata } = decodeSafetensors(readFileSync(file), file);
    expect(Object.keys(tensors).sort()).toEqual([...plan.sample!.program.reads].sort());
    expect(metadata).toMatchObject({ system: options.system.name, seed: "0" });
    const { cells } = readCheckpoint(listCheckpoints(path).at(-1)!, plan);
    for (const [cell, { shape, data }] of Object.entries(tensors)) {
      expect(data).toEqual(cells[cell]);
      expect(data).toHaveLength(sizeOf(shape));
    }
  });
});

describe("an export", () => {
  it("needs the run's own system, and a checkpoint", async () => {
    const path = join(folder, "points");
    await expect(exportGenerator(path, { system: dcgan })).rejects.toThrow(
      /^export: the run is of gan, not of dcgan$/,
    );
    const early = join(folder, "early");
    const options = { ...points, folder: early, rounds: 1 };
    await train(options).finish();
    rmSync(join(early, "checkpoints"), { recursive: true });
    await expect(exportGenerator(early, { system: gan })).rejects.toThrow(
      `export: there is no checkpoint yet\n  folder  ${early}`,
    );
  });

  it("is refused when its system has learned new words since", async () => {
    const hyper = { ...gan.hyper, novelty: count(1, "of a later version") };
    const path = join(folder, "points");
    await expect(exportGenerator(path, { system: { ...gan, hyper } })).rejects.toThrow(
      "run: the run is of a gan without novelty\n  hint  train it again, or use belamy ",
    );
  });
});
