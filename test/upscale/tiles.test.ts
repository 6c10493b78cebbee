import { describe, expect, test } from "vitest";
import { initialValues } from "../../src/nn/initializers.js";
import { rrdbNet } from "../../src/nn/rrdb.js";
import { matlabBicubic } from "../../src/shape/bicubic.js";
import { BelamyError } from "../../src/shape/error.js";
import { Random } from "../../src/shape/random.js";
import { kernelUpscaler } from "../../src/upscale/kernel-upscaler.js";
import type { TileModel } from "../../src/upscale/model.js";
import { rowsOf } from "../../src/upscale/picture.js";
import { rrdbModel } from "../../src/upscale/rrdb-model.js";
import { rrdbWeights } from "../../src/upscale/rrdb-weights.js";
import { tiled } from "../../src/upscale/tiled.js";
import { placeAt, sharesOf, tilingOf } from "../../src/upscale/tiling.js";
import type { Planes } from "../../src/upscale/upscaler.js";
import { weightsOf } from "./rrdb-golden.js";

/** Waves and noise: something everywhere, so that every wrong pixel shows. */
function picture(channels: number, height: number, width: number, seed = 1): Planes {
  const random = new Random({ seed, purpose: "picture" });
  const data = Float32Array.from({ length: channels * height * width }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width) % height];
    return 0.5 + 0.2 * Math.sin(x / 3) + 0.2 * Math.cos(y / 5) + 0.1 * (random.uniform() - 0.5);
  });
  return { channels, height, width, data };
}

const session = { device: "cpu", threads: 1 } as const;
const golden = (name: string, more: Partial<TileModel> = {}): TileModel => ({
  ...rrdbModel(rrdbWeights({ tensors: weightsOf(name, "middle") }, name), name, session),
  ...more,
});

const largest = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
};

/** A picture moved along both axes; what leaves comes in at the other side. */
function rolled({ channels, height, width, data }: Planes, dy: number, dx: number): Planes {
  const moved = data.map((_, i) => {
    const [x, y] = [i % width, Math.floor(i / width) % height];
    const c = Math.floor(i / width / height);
    return data[(c * height + ((y + dy) % height)) * width + ((x + dx) % width)]!;
  });
  return { channels, height, width, data: moved };
}

describe("an axis is cut", () => {
  test.each([
    // All in one; two that meet; many; multiples; a size that cannot change
    [{ length: 30, most: 64, fade: 8, multiple: 1, fixed: false }, 32, [0]],
    [{ length: 100, most: 64, fade: 8, multiple: 1, fixed: false }, 56, [0, 48]],
    [
      { length: 1000, most: 160, fade: 8, multiple: 1, fixed: false },
      152,
      [0, 144, 288, 432, 576, 720, 864],
    ],
    [{ length: 100, most: 64, fade: 16, multiple: 16, fixed: false }, 64, [0, 48]],
    [{ length: 30, most: 64, fade: 8, multiple: 1, fixed: true }, 64, [0]],
  ] as const)("%j", (options, span, starts) => {
    expect(tilingOf(options)).toEqual({ span, starts });
  });

  test("and covered whatever its length, in spans that share what they shall", () => {
    for (let length = 1; length < 700; length++) {
      const { span, starts } = tilingOf({ length, most: 120, fade: 8, multiple: 4, fixed: false });
      expect(span).toBeLessThanOrEqual(120);
      expect(span % 4).toBe(0);
      expect(starts.at(-1)! + span).toBeGreaterThanOrEqual(length);
      expect(starts.at(-1)!).toBeLessThan(length);
      for (let i = 1; i < starts.length; i++) expect(starts[i - 1]! + span - starts[i]!).toBe(8);
    }
  });

  test("what tiles share adds up to 1", () => {
    const [a, b] = [true, false].map((first) =>
      sharesOf({ size: 20, fade: 6, first, last: !first }),
    );
    for (let i = 0; i < 6; i++) expect(a![14 + i]! + b![i]!).toBeCloseTo(1, 6);
    expect(Array.from(sharesOf({ size: 4, fade: 2, first: true, last: true }))).toEqual([
      1, 1, 1, 1,
    ]);
  });

  test("beyond its ends it is mirrored, repeated or goes on at the other side", () => {
    const around = (length: number, beyond: "mirror" | "repeat" | "wrap") =>
      Array.from({ length: 13 }, (_, i) => placeAt(i - 5, length, beyond));
    expect(around(3, "mirror")).toEqual([1, 0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2, 1]);
    expect(around(3, "repeat")).toEqual([1, 2, 2, 1, 0, 0, 1, 2, 2, 1, 0, 0, 1]);
    expect(around(3, "wrap")).toEqual([1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1]);
    expect(around(1, "mirror")).toEqual(new Array(13).fill(0));
  });
});

/** No pixel of the golden networks depends on one farther away. */
const reach = 24;

describe("a network whose tiles see all that matters", () => {
  // The last tile goes beyond the picture; squares of pixels must not move.
  test.each([
    ["x4", 4, 1],
    ["x2", 2, 2],
    ["x1", 1, 4],
    ["x8", 8, 1],
  ])("%s: cut or whole, the same picture", async (name, scale, square) => {
    const margin = reach * square;
    const model = golden(name, { margin, fade: 8 });
    const given = picture(3, 61, 83);
    const whole = await tiled(model, 2 * margin + 100).upscale(given);
    const cut = await tiled(model, 2 * margin + 40).upscale(given);
    expect([whole.channels, whole.height, whole.width]).toEqual([3, 61 * scale, 83 * scale]);
    expect(cut).toMatchObject({ channels: 3, height: 61 * scale, width: 83 * scale });
    const range = largest(whole.data, new Float32Array(whole.data.length));
    expect(range).toBeGreaterThan(0.1);
    expect(largest(cut.data, whole.data) / range).toBeLessThan(1e-4);
    await model.release();
  });

  test("and with less than that it is another picture", async () => {
    const model = golden("x4", { margin: 2, fade: 0 });
    const given = picture(3, 61, 83);
    const whole = await tiled(model, 200).upscale(given);
    const cut = await tiled(model, 44).upscale(given);
    expect(largest(cut.data, whole.data)).toBeGreaterThan(1e-2);
    await model.release();
  });

  test("a seamless picture may be moved before or after", async () => {
    const model = golden("x4", { margin: reach, fade: 8 });
    const upscaler = tiled(model, 88);
    const given = picture(3, 32, 48);
    const moved = await upscaler.upscale(rolled(given, 13, 30), { wrap: true });
    const after = rolled(await upscaler.upscale(given, { wrap: true }), 13 * 4, 30 * 4);
    expect(largest(moved.data, after.data)).toBeLessThan(1e-4);
    const mirrored = rolled(await upscaler.upscale(given), 13 * 4, 30 * 4);
    expect(largest(moved.data, mirrored.data)).toBeGreaterThan(1e-2);
    await model.release();
  });
});

describe("the paper's kind of network with its usual tiles", () => {
  const layer = rrdbNet({ blocks: 6, channels: 16, growth: 8 });
  const { parameters } = layer.build([3, 8, 8]);
  const tensors = Object.fromEntries(
    Object.entries(parameters).map(([name, { shape, initial }]) => {
      // Ten times the first numbers inside of blocks: far pixels count as in a network that has learned.
      const wider = /RDB\d/.test(name) ? 10 : 1;
      const data = initialValues(initial, { shape, name, seed: 5 }).map((v) => wider * v);
      return [name, { shape, data }];
    }),
  );

  test("has no step where tiles meet", async () => {
    const model = rrdbModel(rrdbWeights({ tensors }, "wide"), "wide", session);
    const given = picture(3, 40, 150);
    const cut = await tiled(model, 96).upscale(given);
    const whole = await tiled(model, 256).upscale(given);
    const { height, width, data } = cut;
    const bare = await tiled({ ...model, margin: 0, fade: 0 }, 64).upscale(given);
    /** The mean size of the step from one column to the next. */
    const step = (x: number, values: Float32Array): number => {
      let sum = 0;
      for (let row = 0; row < 3 * height; row++) {
        sum += Math.abs(values[row * width + x]! - values[row * width + x - 1]!);
      }
      return sum / (3 * height);
    };
    const columns = Array.from({ length: width - 1 }, (_, i) => i + 1);
    const steps = columns.map((x) => step(x, data)).sort((a, b) => a - b);
    const most = steps[Math.floor(0.99 * steps.length)]!;
    const { span, starts } = tilingOf({
      length: 150,
      most: 64,
      fade: 8,
      multiple: 1,
      fixed: false,
    });
    const borders = starts.slice(1).flatMap((s, i) => [4 * s, 4 * (starts[i]! + span)]);
    expect(borders).toHaveLength(4);
    for (const x of borders) expect(step(x, data) / most).toBeLessThan(1);
    // Without margins there is one.
    expect(step(4 * 56, bare.data) / most).toBeGreaterThan(2);
    // A level of 256 is 0.004; the picture's own range is about 1.
    const range =
      whole.data.reduce((a, b) => Math.max(a, b)) - whole.data.reduce((a, b) => Math.min(a, b));
    expect(largest(data, whole.data) / range).toBeLessThan(0.004);
    await model.release();
  });
});

describe("by rows", () => {
  test("it is the same picture, and little of it is asked for at once", async () => {
    const model = golden("x4", { margin: 16, fade: 8 });
    const upscaler = tiled(model, 72);
    const given = picture(3, 130, 50);
    const whole = await upscaler.upscale(given, { wrap: true });
    const rows = rowsOf(given);
    const made = new Float32Array(whole.data.length);
    const [asked, told]: [number[], number[]] = [[], []];
    let next = 0;
    await upscaler.upscaleRows(
      {
        ...rows,
        read(from, count) {
          expect(from >= 0 && from + count <= 130).toBe(true);
          asked.push(count);
          return rows.read(from, count);
        },
      },
      {
        wrap: true,
        progress: (share) => told.push(share),
        write({ channels, height, width, from, count, data }) {
          expect([channels, height, width, from]).toEqual([3, 520, 200, next]);
          expect(data).toHaveLength(3 * count * 200);
          next += count;
          for (let c = 0; c < 3; c++) {
            made.set(data.subarray(c * count * 200, (c + 1) * count * 200), (c * 520 + from) * 200);
          }
        },
      },
    );
    expect(next).toBe(520);
    expect(largest(made, whole.data)).toBe(0);
    expect(Math.max(...asked)).toBeLessThanOrEqual(72);
    expect(told.at(-1)).toBe(1);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    await model.release();
  });

  test("pictures of many sizes after one another are what they are alone", async () => {
    const sizes = [9, 17, 25, 33, 41, 9, 17];
    const model = golden("x2 plain");
    const upscaler = tiled(model);
    for (const side of sizes) {
      const given = picture(1, side, 12);
      const fresh = golden("x2 plain");
      const alone = await tiled(fresh).upscale(given);
      expect(largest((await upscaler.upscale(given)).data, alone.data)).toBe(0);
      await fresh.release();
    }
    await model.release();
  });

  test("two pictures at a time wait for each other", async () => {
    const model = golden("x4");
    const upscaler = tiled(model, 72);
    const [a, b] = [picture(3, 20, 20), picture(3, 24, 16, 2)];
    const alone = [await upscaler.upscale(a), await upscaler.upscale(b)];
    const together = await Promise.all([upscaler.upscale(a), upscaler.upscale(b)]);
    together.forEach(({ data }, i) => {
      expect(largest(data, alone[i]!.data)).toBe(0);
    });
    await model.release();
  });
});

describe("kernels", () => {
  test("bicubic is MATLAB's, however it is cut", async () => {
    const given = picture(2, 300, 270);
    const { data } = await kernelUpscaler("bicubic", 3).upscale(given);
    const { values } = matlabBicubic(Float64Array.from(given.data), {
      shape: [2, 300, 270],
      scale: 3,
    });
    expect(largest(data, values)).toBeLessThan(1e-6);
  });

  test("Lanczos keeps what is constant, and waves that are slow", async () => {
    const wave = (x: number, n: number): number =>
      0.5 + 0.4 * Math.sin((2 * Math.PI * 3 * (x + 0.5)) / n);
    const given = new Float32Array(60 * 60).map((_, i) => wave(i % 60, 60));
    const made = await kernelUpscaler("lanczos", 4).upscale(
      { channels: 1, height: 60, width: 60, data: given },
      { wrap: true },
    );
    const wanted = new Float32Array(240 * 240).map((_, i) => wave(i % 240, 240));
    expect(largest(made.data, wanted)).toBeLessThan(0.004);
  });
});

test("a network that overflows is stopped, and named", async () => {
  const tensors = weightsOf("x4", "middle");
  const last = tensors["conv_last.weight"]!;
  const data = last.data.map(() => 3e38);
  const wild = { ...tensors, "conv_last.weight": { ...last, data } };
  const model = rrdbModel(rrdbWeights({ tensors: wild }, "wild.pth"), "wild.pth", session);
  const error = await tiled(model)
    .upscale(picture(3, 8, 8))
    .catch((thrown: unknown) => thrown);
  expect(error instanceof BelamyError && error.message).toMatch(
    /^upscale: the model made (-?Infinity|NaN) of the tile at 0, 0\n {2}model {2}RRDB ×4, 2 × 5\+2 channels, wild\.pth$/,
  );
  await model.release();
});

describe("channels", () => {
  test("grey in a model of colours is three equal colours, and their mean", async () => {
    const model = golden("x4");
    const grey = picture(1, 12, 14);
    const data = new Float32Array([...grey.data, ...grey.data, ...grey.data]);
    const colours = await tiled(model, 72).upscale({ ...grey, channels: 3, data });
    const made = await tiled(model, 72).upscale(grey);
    const size = 48 * 56;
    const mean = made.data.map((_, i) =>
      [0, 1, 2].reduce((sum, c) => sum + colours.data[c * size + i]! / 3, 0),
    );
    expect(made.channels).toBe(1);
    expect(largest(made.data, mean)).toBeLessThan(1e-6);
    await model.release();
  });

  test("colours in a model of one channel are made one by one", async () => {
    const model = golden("x2 plain");
    const colours = picture(3, 12, 14);
    const made = await tiled(model, 72).upscale(colours);
    const size = 12 * 14;
    for (let c = 0; c < 3; c++) {
      const data = colours.data.slice(c * size, (c + 1) * size);
      const alone = await tiled(model, 72).upscale({ ...colours, channels: 1, data });
      expect(made.data.slice(4 * c * size, 4 * (c + 1) * size)).toEqual(alone.data);
    }
    await model.release();
  });

  test("others are refused", async () => {
    const model = golden("x4");
    const error = await tiled(model, 72)
      .upscale(picture(4, 8, 8))
      .catch((thrown: unknown) => thrown);
    expect(error instanceof BelamyError && `${error.name}: ${error.message}`).toBe(
      [
        "ShapeError: upscale: a picture of 4 channels for a model of 3",
        "  model  RRDB ×4, 2 × 5+2 channels, x4",
        "  hint   give alpha by itself, as a picture of one channel",
      ].join("\n"),
    );
  });
});
