import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { encodeModel, type OnnxNode, type OnnxValue } from "../../src/onnx/model.js";
import { BelamyError } from "../../src/shape/error.js";
import { Random } from "../../src/shape/random.js";
import { openUpscaler, type UpscalerOptions } from "../../src/upscale/open.js";
import type { Planes } from "../../src/upscale/upscaler.js";
import { fileOf, weightsOf } from "./rrdb-golden.js";

const folder = mkdtempSync(join(tmpdir(), "belamy-upscaler-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function written(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

function picture(channels: number, height: number, width: number): Planes {
  const random = new Random({ seed: 4, purpose: "picture" });
  const data = Float32Array.from({ length: channels * height * width }, () => random.uniform());
  return { channels, height, width, data };
}

/** How a model stores pictures. */
interface Kind {
  readonly type?: "float32" | "float16";
  readonly layout?: "nchw" | "nhwc";
  readonly height?: number | string;
  readonly width?: number | string;
  readonly channels?: number;
  readonly scale?: number;
  readonly range?: string;
  /** Whether numbers are cut to 0 … 127.5, which tells what they stand for. */
  readonly cut?: boolean;
}

/**
 * A model that blurs along rows, (left + 2 · itself + right) / 4 with nothing beyond its edges, and
 * repeats every pixel; with operators only.
 */
function blurring(kind: Kind = {}): Uint8Array {
  const { type = "float32", layout = "nchw", channels = 3, scale = 2, range, cut = false } = kind;
  const { height = "h", width = "w" } = kind;
  const numbers = (values: readonly number[]): Uint8Array =>
    new Uint8Array(Float32Array.from(values).buffer);
  const port = (name: string, grown: number): OnnxValue => {
    const sides = [height, width].map((n) => (typeof n === "number" ? n * grown : `${n}${grown}`));
    const shape = layout === "nchw" ? [1, channels, ...sides] : [1, ...sides, channels];
    return { name, shape, type };
  };
  const nodes: OnnxNode[] = [
    { op: "Cast", inputs: ["picture"], outputs: ["a"], attributes: { to: 1 } },
    ...(layout === "nhwc"
      ? [{ op: "Transpose", inputs: ["a"], outputs: ["b"], attributes: { perm: [0, 3, 1, 2] } }]
      : [{ op: "Identity", inputs: ["a"], outputs: ["b"] }]),
    {
      op: "Conv",
      inputs: ["b", "kernel"],
      outputs: ["c"],
      attributes: { kernel_shape: [1, 3], pads: [0, 1, 0, 1], group: channels },
    },
    { op: "Clip", inputs: ["c", "least", "most"], outputs: ["cut"] },
    {
      op: "Resize",
      inputs: [cut ? "cut" : "c", "", "scales"],
      outputs: ["d"],
      attributes: {
        mode: "nearest",
        coordinate_transformation_mode: "asymmetric",
        nearest_mode: "floor",
      },
    },
    ...(layout === "nhwc"
      ? [{ op: "Transpose", inputs: ["d"], outputs: ["e"], attributes: { perm: [0, 2, 3, 1] } }]
      : [{ op: "Identity", inputs: ["d"], outputs: ["e"] }]),
    {
      op: "Cast",
      inputs: ["e"],
      outputs: ["larger"],
      attributes: { to: type === "float16" ? 10 : 1 },
    },
  ];
  const taps = Array.from({ length: channels }, () => [0.25, 0.5, 0.25]).flat();
  return encodeModel({
    name: "blurring",
    nodes,
    initializers: [
      { name: "kernel", shape: [channels, 1, 1, 3], type: "float32", data: numbers(taps) },
      { name: "least", shape: [], type: "float32", data: numbers([0]) },
      { name: "most", shape: [], type: "float32", data: numbers([127.5]) },
      { name: "scales", shape: [4], type: "float32", data: numbers([1, 1, scale, scale]) },
    ],
    inputs: [port("picture", 1)],
    outputs: [port("larger", scale)],
    metadata: range === undefined ? {} : { range },
  });
}

/** The same in plain loops, with the picture mirrored in its last pixels or going on at its other side. */
function blurred(
  { channels, height, width, data }: Planes,
  scale: number,
  wrap = false,
): Float32Array {
  const made = new Float32Array(channels * height * width * scale * scale);
  const at = (row: number, x: number): number => {
    const inside = wrap ? (x + width) % width : x < 0 ? 1 : x === width ? width - 2 : x;
    return data[row * width + inside]!;
  };
  for (let i = 0; i < made.length; i++) {
    const x = Math.floor((i % (width * scale)) / scale);
    const row = Math.floor(i / (width * scale) / scale);
    made[i] = (at(row, x - 1) + 2 * at(row, x) + at(row, x + 1)) / 4;
  }
  return made;
}

const largest = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
};

describe("any ONNX model of pictures", () => {
  test.each<[string, Kind, UpscalerOptions, string, number]>([
    ["of any size", {}, {}, "ONNX ×2, 3 to 3 channels", 1e-6],
    [
      "of one size",
      { height: 24, width: 32 },
      {},
      "ONNX ×2, 3 to 3 channels, tiles of 24×32",
      1e-6,
    ],
    ["×1", { scale: 1 }, {}, "ONNX ×1, 3 to 3 channels", 1e-6],
    ["×3, channels last", { layout: "nhwc", scale: 3 }, {}, "ONNX ×3, 3 to 3 channels", 1e-6],
    ["of halves", { type: "float16" }, {}, "ONNX ×2, 3 to 3 channels", 1e-3],
    ["of one channel", { channels: 1 }, {}, "ONNX ×2, 1 to 1 channels", 1e-6],
    ["in small tiles", {}, { tile: 96 }, "ONNX ×2, 3 to 3 channels", 1e-6],
  ])("%s", async (name, kind, options, about, most) => {
    const path = written("any.onnx", blurring(kind));
    const upscaler = await openUpscaler(path, { threads: 1, ...options });
    const { scale = 2 } = kind;
    expect(upscaler.about).toBe(`${about}, any.onnx`);
    expect(upscaler.scale).toBe(scale);
    for (const wrap of [false, true]) {
      const given = picture(3, 70, 130);
      const made = await upscaler.upscale(given, { wrap });
      expect([made.channels, made.height, made.width], name).toEqual([3, 70 * scale, 130 * scale]);
      expect(largest(made.data, blurred(given, scale, wrap))).toBeLessThan(most);
    }
    await upscaler.release();
  });

  test("that takes −1 to 1 or bytes is given those", async () => {
    const given = picture(3, 24, 32);
    const made = async (kind: Kind, options: UpscalerOptions = {}) => {
      const path = written("range.onnx", blurring({ cut: true, ...kind }));
      const upscaler = await openUpscaler(path, { threads: 1, ...options });
      const { data } = await upscaler.upscale(given);
      await upscaler.release();
      return data;
    };
    const grey = blurred(given, 2);
    const wanted = {
      unit: grey,
      signed: grey.map((v) => Math.max(v, 0.5)),
      byte: grey.map((v) => Math.min(v, 0.5)),
    };
    for (const range of ["unit", "signed", "byte"] as const) {
      expect(largest(await made({ range }), wanted[range])).toBeLessThan(1e-6);
      expect(largest(await made({}, { range }), wanted[range])).toBeLessThan(1e-6);
    }
    expect(largest(await made({}), wanted.unit)).toBeLessThan(1e-6);
  });
});

const messageOf = async (job: Promise<unknown>): Promise<string> => {
  const error = await job.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof BelamyError) return `${error.name}: ${error.message}`;
  throw error ?? new Error("nothing was thrown");
};

describe("mistakes", () => {
  const portOf = (shape: readonly (number | string)[], name: string): OnnxValue => ({
    ...{ name, shape, type: "float32" },
  });
  /** A model that hands over what it is given. */
  const passing = (input: readonly (number | string)[], inputs = 1): Uint8Array =>
    encodeModel({
      name: "passing",
      nodes: [
        inputs === 1
          ? { op: "Identity", inputs: ["x0"], outputs: ["y"] }
          : { op: "Add", inputs: ["x0", "x1"], outputs: ["y"] },
      ],
      initializers: [],
      inputs: Array.from({ length: inputs }, (_, i) => portOf(input, `x${i}`)),
      outputs: [portOf(input, "y")],
    });
  const upscalers: Readonly<Record<string, () => string>> = {
    "a.onnx": () => written("a.onnx", passing([1, 3, 8, 8], 2)),
    "b.onnx": () => written("b.onnx", passing([5, 7])),
    "c.onnx": () => written("c.onnx", passing([1, 12, 16, 16])),
    "d.onnx": () => written("d.onnx", new Uint8Array([9, 9, 9])),
    "half.onnx": () => written("half.onnx", blurring({ scale: 0.5, height: 24, width: 24 })),
    "x4.safetensors": () => written("x4.safetensors", fileOf(weightsOf("x4", "new"))),
    "notes.txt": () => written("notes.txt", "hello"),
  };

  test.each<[string, UpscalerOptions, readonly string[]]>([
    ["a.onnx", {}, ["DataError: a.onnx: has 2 inputs and 1 outputs, not one of each"]],
    ["b.onnx", {}, ["DataError: b.onnx: takes [5 7], not a picture [1 c h w] or [1 h w c]"]],
    [
      "c.onnx",
      {},
      ["DataError: c.onnx: takes [1 12 16 16], in which no place for channels is 1 to 4"],
    ],
    [
      "half.onnx",
      {},
      ["DataError: half.onnx: makes 12×12 of 24×24 pixels, which is no whole scale"],
    ],
    [
      "x4.safetensors",
      { scale: 2 },
      ["ConfigurationError: scale: x4.safetensors makes pictures 4 times larger, not 2"],
    ],
    [
      "x4.safetensors",
      { tile: 40 },
      ["ConfigurationError: tile: expected a whole number of at least 56, received 40"],
    ],
    [
      "notes.txt",
      {},
      ["DataError: notes.txt: is neither .safetensors, .pth nor .onnx, nor a run's folder"],
    ],
  ])("%s %j", async (name, options, lines) => {
    const path = upscalers[name]!();
    expect((await messageOf(openUpscaler(path, options))).split("\n")).toEqual(lines);
  });

  test("what cannot be run names the file", async () => {
    const text = await messageOf(openUpscaler(upscalers["d.onnx"]!()));
    expect(text.split("\n")[0]).toBe("DataError: d.onnx: is no ONNX model that can be run");
  });

  test.each([
    [
      "bicubics",
      ["ConfigurationError: bicubics: there is no such file", "  hint  did you mean bicubic?"],
    ],
    [
      "weights/4x.safetensors",
      [
        "ConfigurationError: weights/4x.safetensors: there is no such file",
        "  hint  give a file, a run's folder, bicubic or lanczos",
      ],
    ],
  ])("%s", async (source, lines) => {
    expect((await messageOf(openUpscaler(source))).split("\n")).toEqual(lines);
  });
});
