import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { decodeSafetensors, type StoredTensor } from "../../src/run/safetensors.js";
import { floatsToHalves, halvesToFloats } from "../../src/run/safetensors-numbers.js";
import { BelamyError } from "../../src/shape/error.js";
import { openUpscaler } from "../../src/upscale/open.js";
import { rrdbModel } from "../../src/upscale/rrdb-model.js";
import { rrdbWeights } from "../../src/upscale/rrdb-weights.js";
import { apart } from "../nn/golden.js";
import { fileOf, golden, goldenTensor, weightsOf } from "./rrdb-golden.js";

const folder = mkdtempSync(join(tmpdir(), "belamy-weights-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const session = { device: "cpu", threads: 1 } as const;
const cases = Object.entries(golden.cases);
const generations = ["middle", "new", "old"] as const;

/** What a network makes of the golden picture, its first item. */
async function madeBy(tensors: Readonly<Record<string, StoredTensor>>, name: string) {
  const weights = rrdbWeights({ tensors }, "w.safetensors");
  const model = rrdbModel(weights, "w.safetensors", session);
  const { shape, data } = goldenTensor(name, "x");
  const [, c, h, w] = shape as readonly [number, number, number, number];
  const made = await model.run(data.slice(0, c * h * w), [h, w]);
  await model.release();
  return { weights, model, made };
}

describe("weights in the names of every generation of ESRGAN's code", () => {
  test.each(cases)(
    "%s: one network, bit-identical pictures, PyTorch's",
    async (name, { sizes }) => {
      const found = await Promise.all(generations.map((g) => madeBy(weightsOf(name, g), name)));
      const { blocks, c, g, scale, unshuffle, inputs = 3, outputs = 3 } = sizes;
      const { data } = goldenTensor(name, "y");
      for (const { weights, model, made } of found) {
        const known = { blocks, channels: c, growth: g, scale, out: outputs, unshuffle };
        expect(weights.sizes).toEqual(known);
        expect(weights.inputs).toBe(inputs);
        expect([model.scale, model.inputs, model.outputs]).toEqual([scale, inputs, outputs]);
        expect(made).toEqual(found[0]!.made);
        expect(apart(made, Array.from(data.subarray(0, data.length / 2)))).toBeLessThan(1e-5);
      }
    },
  );

  test("averages are preferred, whatever else a file has", async () => {
    const weights = weightsOf("x4", "new");
    const wrong = Object.entries(weights).map(([key, { shape, data }]) => [
      `params.${key}`,
      { shape, data: data.map((v) => 2 * v) },
    ]);
    const right = Object.entries(weights).map(([key, tensor]) => [`params_ema.${key}`, tensor]);
    const both = Object.fromEntries([...wrong, ...right]);
    expect((await madeBy(both, "x4")).made).toEqual((await madeBy(weights, "x4")).made);
    const alone = Object.fromEntries(wrong);
    expect((await madeBy(alone, "x4")).made).not.toEqual((await madeBy(weights, "x4")).made);
  });

  test("as a run of ours exports them, beside other networks", async () => {
    const weights = weightsOf("x4", "middle");
    const named = Object.entries(weights).map(([key, tensor]) => [`average.G.${key}`, tensor]);
    const other = { "D.0.weight": { shape: [1], data: new Float32Array(1) } };
    const { made } = await madeBy({ ...other, ...Object.fromEntries(named) }, "x4");
    expect(made).toEqual((await madeBy(weights, "x4")).made);
  });
});

describe("files", () => {
  const written = (name: string, bytes: Uint8Array | string): string => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  };

  test("of halves give the picture of the same numbers as float32", async () => {
    const rounded = Object.entries(weightsOf("x4", "new")).map(([key, { shape, data }]) => [
      key,
      { shape, data: halvesToFloats(floatsToHalves(data)) },
    ]);
    const named: Record<string, StoredTensor> = Object.fromEntries(rounded);
    const header: Record<string, unknown> = {};
    const parts: Uint8Array[] = [];
    let start = 0;
    for (const [key, { shape, data }] of Object.entries(named)) {
      const halves = new Uint8Array(floatsToHalves(data).buffer);
      header[key] = { dtype: "F16", shape, data_offsets: [start, start + halves.length] };
      parts.push(halves);
      start += halves.length;
    }
    const text = Buffer.from(JSON.stringify(header));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(text.length));
    const halves = decodeSafetensors(Buffer.concat([length, text, ...parts]), "halves");
    expect((await madeBy(halves.tensors, "x4")).made).toEqual((await madeBy(named, "x4")).made);
  });

  test("say what they are", async () => {
    const upscaler = await openUpscaler(
      written("4x_mine.safetensors", fileOf(weightsOf("x4", "old"))),
    );
    expect(upscaler.about).toBe("RRDB ×4, 2 × 5+2 channels, 4x_mine.safetensors");
    expect(upscaler.scale).toBe(4);
    await upscaler.release();
    const half = await openUpscaler(written("1x.safetensors", fileOf(weightsOf("x1", "new"))));
    expect(half.about).toBe("RRDB ×1, 1 × 5+2 channels, pixels in squares of 4, 1x.safetensors");
    await half.release();
  });

  const messageOf = async (job: Promise<unknown>): Promise<string> => {
    const error = await job.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (error instanceof BelamyError) return `${error.name}: ${error.message}`;
    throw error ?? new Error("nothing was thrown");
  };
  const without = (name: string): Record<string, StoredTensor> => {
    const { [name]: _, ...others } = weightsOf("x4", "old");
    return others;
  };
  const reshaped = (name: string, shape: readonly number[]): Record<string, StoredTensor> => {
    const data = new Float32Array(shape.reduce((n, d) => n * d, 1));
    return { ...weightsOf("x4", "old"), [name]: { shape, data } };
  };
  const other = "  hint    other networks are read as .onnx";
  const one = { shape: [1], data: new Float32Array(1) };

  test.each<[string, Record<string, StoredTensor>, readonly string[]]>([
    [
      "of another network",
      { "layers.0.qkv": one, "layers.1.qkv": one },
      [
        "DataError: f.safetensors: has no weights of an ESRGAN network",
        "  it has  layers.0.qkv, layers.1.qkv",
        "  wanted  body.0.rdb1.conv1.weight or an older name of it",
        other,
      ],
    ],
    [
      "that lack a tensor",
      without("model.1.sub.1.RDB3.conv4.0.bias"),
      [
        "DataError: f.safetensors: has no model.1.sub.1.RDB3.conv4.0.bias",
        "  hint  other networks are read as .onnx",
      ],
    ],
    [
      "with a tensor more",
      { ...weightsOf("x4", "old"), "model.1.sub.0.RDB1.conv1x1.weight": one },
      [
        "DataError: f.safetensors: model.1.sub.0.RDB1.conv1x1.weight is no part of ESRGAN's generator",
        "  hint  other networks are read as .onnx",
      ],
    ],
    [
      "with a tensor of another shape",
      reshaped("model.1.sub.0.RDB2.conv5.0.weight", [5, 13, 1, 1]),
      [
        "DataError: f.safetensors: model.1.sub.0.RDB2.conv5.0.weight has another shape",
        "  has     [5 13 1 1]",
        "  wanted  [5 13 3 3]",
        other,
      ],
    ],
    [
      "whose first convolution sees one pixel",
      reshaped("model.0.weight", [5, 3, 1, 1]),
      [
        "DataError: f.safetensors: model.0.weight is no convolution of 3×3",
        "  has   [5 3 1 1]  out in 3 3",
        "  hint  other networks are read as .onnx",
      ],
    ],
  ])("%s are refused", async (_, tensors, lines) => {
    const path = written("f.safetensors", fileOf(tensors));
    expect((await messageOf(openUpscaler(path))).split("\n")).toEqual(lines);
  });
});
