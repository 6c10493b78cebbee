import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { RunEvent } from "../../src/game/events.js";
import { lower } from "../../src/onnx/lower.js";
import { metadataOf } from "../../src/onnx/metadata.js";
import { generate, train } from "../../src/page/train.js";
import { version } from "../../src/page/version.js";
import { generate as generateInNode } from "../../src/run/generate.js";
import { decodeSafetensors } from "../../src/run/safetensors.js";
import { train as trainInNode } from "../../src/run/train.js";
import { cast } from "../../src/tensor/operations.js";
import { input } from "../../src/tensor/tensor.js";
import { collect, messageOf, pictures, points, temporaryFolder } from "../run/support.js";

const folder = temporaryFolder();

// Node has no web workers, so a page's run is played in this thread: the same code but for the worker.

const timeless = (events: readonly RunEvent[]) =>
  events.map((event) => (event.type === "round" ? { ...event, durationMs: 0 } : event));

describe("a run in a page", () => {
  it.each([
    ["points", { ...points, rounds: 8, samplesEvery: 4, seed: 2 }],
    ["pictures", { ...pictures, rounds: 2, sampleCount: 3, replicas: 2 }],
  ])("of %s says what one in Node says, and learns the same bits", async (_, options) => {
    const [page, node] = [train(options), trainInNode({ ...options, folder: null })];
    const told = timeless(await collect(page));
    const [started, ...rest] = timeless(await collect(node));
    expect(told).toEqual([{ ...started, replicas: 1 }, ...rest]);
    for (const format of ["onnx", "safetensors"] as const) {
      expect(await page.generator({ format })).toEqual(await node.generator({ format }));
    }
    const model = await page.generator();
    const wanted = await generateInNode(model, { count: 70, seed: 4 });
    expect(await generate(model, { count: 70, seed: 4 })).toEqual(wanted);
  });

  it("stops when asked to, and at once when it was asked before", async () => {
    const run = train({ ...points, rounds: 1e6 });
    for await (const event of run) if (event.type === "round" && event.round === 5) run.stop();
    const aborted = train({ ...points, signal: AbortSignal.abort() });
    expect(await aborted.finish()).toEqual({ type: "stopped", round: 0, reason: "asked" });
  });

  it("shows what it has learned while it plays, and waits for a reader that is slow", async () => {
    const run = train({ ...points, rounds: 1e6, samplesEvery: 1, sampleCount: 1 });
    const roundOf = async () => Number(metadataOf(await run.generator()).round);
    let before = -1;
    // Each look lets one round pass.
    for (let now = 0; now > before + 1 || now === 0; ) {
      before = now;
      await new Promise((resolve) => setTimeout(resolve, 200));
      now = await roundOf();
    }
    expect(before).toBeGreaterThan(50);
    expect(before).toBeLessThan(250);
    run.stop();
    expect(await run.finish()).toMatchObject({ reason: "asked" });
    expect(await roundOf()).toBeLessThan(260);
  });

  it("when a term is no number says which, and hands out nothing", async () => {
    const run = train({ ...points, hyper: { ...points.hyper, lr: 1e20 }, rounds: 9 });
    const message = "D.real became NaN in round 2; last 0.3466";
    expect(await run.finish()).toMatchObject({ reason: "non-finite", message });
    await expect(run.generator()).rejects.toThrow(
      /^generator: there is none, the run has not ended well$/,
    );
  });

  it("ends in the words of whoever failed", async () => {
    const judge = () => Promise.reject(new Error("no features here"));
    const message = "no features here";
    const failed = { type: "stopped", round: 1, reason: "failed", message };
    expect(await train({ ...points, rounds: 1, judge }).finish()).toEqual(failed);
  });

  it.each([
    [
      { folder: "runs/x" },
      "folder: a page has no folders\n  hint  leave it out; run.generator() gives what was learned",
    ],
    [
      { resume: "runs/x" },
      "resume: a page has no folders\n  hint  leave it out; run.generator() gives what was learned",
    ],
    [{ rounds: 0 }, "rounds: expected a whole number ≥ 1, received 0"],
    [{ hyper: { lamda: 1 } }, "hyper.lamda: unknown"],
  ])("throws mistakes in the options at once: %j", (more, message) => {
    expect(messageOf(() => train({ ...points, ...(more as object) }))).toBe(message);
  });

  it("tells the version of the package", () => {
    const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
    expect(version).toBe((JSON.parse(text) as { readonly version: string }).version);
  });
});

describe("a run in Node without a folder", () => {
  it("hands out its generator after its end", async () => {
    const run = trainInNode({ ...points, rounds: 3, folder: null });
    await expect(run.generator()).rejects.toThrow(
      /^generator: there is none, the run has not ended well$/,
    );
    await run.finish();
    const tensors = decodeSafetensors(await run.generator({ format: "safetensors" }), "generator");
    expect(tensors.metadata).toMatchObject({ system: "gan", round: "3" });
  });
});

it("a run in a folder hands out what it wrote there", async () => {
  const run = trainInNode({ ...points, rounds: 3, folder: join(folder, "run") });
  await run.finish();
  const file = readFileSync(join(folder, "run", "generator.onnx"));
  expect(Buffer.from(await run.generator()).equals(file)).toBe(true);
});

it("labels are those asked for, or any class", async () => {
  const y = input("y", [1], "int32");
  const draws = '{"y":{"kind":"labels","shape":[],"type":"int32"}}';
  const metadata = { shape: "[]", classes: "3", draws };
  const { model } = lower({ samples: cast(y, "float32") }, { metadata, freeBatch: true });
  const asked = await generate(model, { count: 5, labels: [2, 0] });
  expect([...asked.items]).toEqual([2, 0, 2, 0, 2]);
  const any = await generate(model, { count: 50 });
  expect([...new Set(any.items)].sort()).toEqual([0, 1, 2]);
});

describe.each([
  ["in a page", generate],
  ["in Node", generateInNode],
])("generating %s", (_, make) => {
  const x = input("x", [1]);
  const model = (metadata: Record<string, string>) =>
    lower({ samples: x.plus(1) }, { metadata, freeBatch: true }).model;

  it.each([
    ["words", new TextEncoder().encode("words"), "model: is no generator that Belamy exported"],
    ["a model of others", model({}), "model: is no generator that Belamy exported"],
    [
      "a generator that needs pictures",
      model({ shape: "[1]", draws: '{"x":{"kind":"items","shape":[1],"type":"float32"}}' }),
      "model: wants x, which chance alone cannot supply",
    ],
  ])("refuses %s", async (_name, bytes, message) => {
    const error = await make(bytes).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "DataError", message });
  });
});
