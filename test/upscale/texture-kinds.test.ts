import { readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { expect, test } from "vitest";
import { readTexture } from "../../src/data/files/texture.js";
import { writeTexture } from "../../src/data/write/texture.js";
import { compute, constant, resized } from "../../src/index.js";
import { planUpscale, upscale } from "../../src/upscale/job.js";
import type { TextureUpscaleOptions } from "../../src/upscale/job-settings.js";
import { globPattern, namedNormal } from "../../src/upscale/normal-map.js";
import { openUpscaler } from "../../src/upscale/open.js";
import type { Upscaler } from "../../src/upscale/upscaler.js";
import { folderOf, pixels, png, raw, waves } from "./textures.js";

const wave = waves(16, 11);

/** One file made larger: what was said of it, and where it is. */
async function one(name: string, bytes: Uint8Array, options: TextureUpscaleOptions = {}) {
  const folder = folderOf({ [name]: bytes });
  const out = `${folder}-out`;
  const { files } = await upscale(folder, { out, ...options });
  return { result: files[0]!, path: join(out, files[0]!.out) };
}

test("names say what a normal map is", () => {
  const named = (name: string, ...globs: string[]) => namedNormal(name, globs.map(globPattern));
  expect(named("walls/brick_n.png")).toBe("suffix");
  expect(named("Brick_Normal.TGA")).toBe("suffix");
  expect(named("brick_nrm.dds")).toBe("suffix");
  expect(named("brick_not.png")).toBeUndefined();
  expect(named("_n/brick.png")).toBeUndefined();
  expect(named("walls/bumps-3.png", "bumps-?.png")).toBe("glob");
  expect(named("walls/bumps-3.png", "walls/*")).toBe("glob");
  expect(named("walls/a/bumps.png", "walls/*")).toBeUndefined();
  expect(named("walls/a/bumps.png", "walls/**")).toBe("glob");
  expect(named("walls/a/bumps.png", "**/a/*.png")).toBe("glob");
  expect(named("wallsxa.png", "walls.a*")).toBeUndefined();
});

/** Directions of a bumpy plane, as a normal map's bytes. */
const bumps = (x: number, y: number, c: number): number => {
  const [dx, dy] = [Math.sin(x * 0.9), Math.cos(y * 0.7)];
  const length = Math.hypot(dx, dy, 1);
  return Math.round(((([dx, dy, 1][c] ?? length) / length + 1) / 2) * 255);
};

const lengths = (data: ArrayLike<number>, most = 255): number[] =>
  Array.from({ length: data.length / 3 }, (_, i) =>
    Math.hypot(...[0, 1, 2].map((c) => (2 * data[3 * i + c]!) / most - 1)),
  );

test.each([{}, { down: 2 }, { model: "lanczos", size: 40 }])(
  "normal maps keep unit length: %o",
  async (options) => {
    const file = await png([16, 16, 3], bumps);
    const { result, path } = await one("a_n.png", file, options);
    expect(result).toMatchObject({ normalMap: true, notes: [] });
    const { data } = await pixels(path);
    // Half a level off in each of three.
    for (const length of lengths(data)) expect(Math.abs(length - 1)).toBeLessThan(0.0069);
    // By the name alone; otherwise the mean of directions is shorter.
    const plain = await one("a.png", file, options);
    const { data: short } = await pixels(plain.path);
    expect(Math.min(...lengths(short))).toBeLessThan(0.95);
  },
);

test("a name alone makes no normal map of a picture, a glob does", async () => {
  const file = await png([16, 16, 3], wave);
  const { result } = await one("arrow_n.png", file);
  expect(result.normalMap).toBe(false);
  expect(result.notes).toEqual([
    "named as a normal map, but holds no directions of unit length: taken for a picture",
  ]);
  const asked = await one("arrow.png", file, { normalMaps: ["arrow*"] });
  expect(asked.result.normalMap).toBe(true);
  const grey = await one("a_n.png", await sharp(file).toColourspace("b-w").png().toBuffer());
  expect(grey.result.notes).toEqual(["named as a normal map, but is grey: taken for a picture"]);
});

test("a normal map's colours are not made to have the source's mean", async () => {
  const folder = folderOf({ "a_n.png": await png([16, 16, 3], bumps) });
  const { files } = await upscale(folder, { out: `${folder}-out`, model: await tinted() });
  const [before, after] = files[0]!.mean!;
  expect(Math.abs(before[0]! - after[0]!)).toBeGreaterThan(3);
});

/** A model that makes everything redder and darker. */
async function tinted(): Promise<Upscaler> {
  const kernel = await openUpscaler("bicubic", { scale: 4 });
  return {
    ...kernel,
    upscaleRows: (picture, options) =>
      kernel.upscaleRows(picture, {
        ...options,
        write: (rows) => {
          const plane = rows.data.length / rows.channels;
          const data = rows.data.map((v, i) => (i < plane ? v + 0.1 : v * 0.85));
          return options.write({ ...rows, data });
        },
      }),
  };
}

test("the mean of visible colours is the source's, whatever the model does", async () => {
  const file = await png([16, 16, 4], (x, y, c) => (c < 3 ? wave(x, y, c) : x < 8 ? 0 : 255));
  for (const options of [{}, { down: 4 }, { palette: 64 }] as const) {
    const { result, path } = await one("a.png", file, { ...options, model: await tinted() });
    const [before, after] = result.mean!;
    // A palette has no colour for every shift.
    const most = "palette" in options ? 1.5 : 0.51;
    before.forEach((mean, c) => {
      expect(Math.abs(mean - after[c]!)).toBeLessThan(most);
    });
    // What is said is what the file has.
    const { data } = await pixels(path);
    const visible = Array.from({ length: data.length / 4 }, (_, i) => i).filter(
      (i) => data[4 * i + 3]! > 0,
    );
    const sum = visible.reduce((all, i) => all + data[4 * i]!, 0);
    expect(sum / visible.length).toBeCloseTo(after[0]!, 6);
  }
});

test("--palette keep: the source's colours and no others", async () => {
  const colors = [
    [200, 30, 30, 255],
    [30, 200, 30, 255],
    [30, 30, 200, 255],
    [0, 0, 0, 0],
  ];
  const file = await png([8, 8, 4], (x, y, c) => colors[((x >> 1) + (y >> 2)) % 4]![c]!);
  const { result, path } = await one("a.png", file, { palette: "keep" });
  expect(result.colors).toBe(4);
  expect(await sharp(path).metadata()).toMatchObject({ isPalette: true, width: 32 });
  const { data } = await pixels(path);
  const seen = new Set(
    Array.from({ length: data.length / 4 }, (_, i) => data.subarray(4 * i, 4 * i + 4).join()),
  );
  expect([...seen].sort()).toEqual(colors.map((color) => color.join()).sort());
});

test("--palette keep of too many colours says so, and chooses", async () => {
  const { result } = await one("a.png", await png([24, 24, 3], waves(24, 3)), { palette: "keep" });
  expect(result.notes).toEqual(["has more than 256 colours: 256 are chosen"]);
  expect(result.colors).toBeGreaterThan(200);
});

test("--palette N: so many colours, and near to what they stand for", async () => {
  const file = await png([24, 24, 3], waves(24, 3));
  const full = await pixels((await one("a.png", file)).path);
  let before = Number.POSITIVE_INFINITY;
  for (const palette of [4, 64, 256]) {
    const { result, path } = await one("a.png", file, { palette });
    expect(result.colors).toBeLessThanOrEqual(palette);
    const { data } = await pixels(path);
    const seen = new Set(
      Array.from({ length: data.length / 3 }, (_, i) => data.subarray(3 * i, 3 * i + 3).join()),
    );
    expect(seen.size).toBeLessThanOrEqual(palette);
    let squares = 0;
    for (let i = 0; i < data.length; i++) squares += (data[i]! - full.data[i]!) ** 2;
    expect(squares).toBeLessThan(before);
    before = squares;
    if (palette < 256) continue;
    // No worse than libimagequant's choice for the same picture.
    const theirs = await sharp(full.data, { raw: { width: 96, height: 96, channels: 3 } })
      .png({ palette: true, colours: 256, dither: 0 })
      .toBuffer();
    const { data: other } = await pixels(theirs);
    let theirSquares = 0;
    for (let i = 0; i < data.length; i++) theirSquares += (other[i]! - full.data[i]!) ** 2;
    expect(squares).toBeLessThan(1.5 * theirSquares);
  }
});

const formats: readonly (readonly [string, () => Promise<Uint8Array>, object])[] = [
  ["a.png", () => png([9, 7, 3], wave), { format: "png", from: [9, 7], to: [36, 28] }],
  ["grey.png", () => png([9, 7, 1], wave), { format: "png" }],
  ["one.png", () => png([1, 1, 4], wave), { format: "png", to: [4, 4] }],
  ["line.png", () => png([1, 40, 3], wave), { format: "png", to: [4, 160] }],
  [
    "photo.jpg",
    async () =>
      await sharp(await png([16, 16, 3], wave))
        .jpeg()
        .toBuffer(),
    { format: "jpeg" },
  ],
  [
    "print.jpg",
    async () =>
      await sharp(await png([16, 16, 3], wave))
        .toColourspace("cmyk")
        .jpeg()
        .toBuffer(),
    { format: "jpeg" },
  ],
  [
    "a.webp",
    async () =>
      await sharp(await png([16, 16, 4], wave))
        .webp()
        .toBuffer(),
    { format: "webp" },
  ],
  [
    "a.tga",
    async () =>
      writeTexture(
        { data: new Uint8Array(raw([16, 16, 4], wave)), width: 16, height: 16 },
        { format: "tga" },
      ),
    { format: "tga" },
  ],
  ...(["bc1", "bc3", "bc7", "rgba", "bgra"] as const).map(
    (format) =>
      [
        `${format}.dds`,
        async () =>
          writeTexture(
            { data: new Uint8Array(raw([16, 16, 4], wave)), width: 16, height: 16 },
            { format, mipmaps: true, srgb: true },
          ),
        { format },
      ] as const,
  ),
  [
    "a.gif",
    async () =>
      await sharp(await png([16, 16, 3], wave))
        .gif()
        .toBuffer(),
    { format: "png", out: "a.png", notes: ["GIF is not written: becomes PNG"] },
  ],
];

test.each(formats)(
  "%s keeps its format and comes back near to itself",
  async (name, make, facts) => {
    const { result, path } = await one(name, await make(), { model: "lanczos" });
    expect(result).toMatchObject(facts);
    const near = result.consistency;
    expect(near === "exact" || (near ?? 99) > 24).toBe(true);
    if (/\.(dds|tga)$/.test(name)) {
      const { width, height, format, levels, srgb } = readTexture(readFileSync(path));
      const isTga = name.endsWith(".tga");
      expect({ width, height, format, levels, srgb }).toEqual({
        ...{ width: 64, height: 64, format: result.format },
        ...(isTga ? { levels: 1, srgb: undefined } : { levels: 7, srgb: true }),
      });
    } else {
      const { width, height } = await sharp(path).metadata();
      expect([height, width]).toEqual(result.to);
    }
  },
);

test("16 bits stay 16, grey stays grey, and an indexed file becomes one of colours", async () => {
  const deep = Uint16Array.from({ length: 20 * 20 * 3 }, (_, i) => 30000 + (i % 60) * 3);
  const file = await sharp(deep, { raw: { width: 20, height: 20, channels: 3 } })
    .toColourspace("rgb16")
    .png()
    .toBuffer();
  expect((await sharp(file).metadata()).depth).toBe("ushort");
  const { path, result } = await one("deep.png", file);
  expect((await sharp(path).metadata()).depth).toBe("ushort");
  const { data } = await pixels(path);
  // More shades than bytes would have between them.
  expect(new Set(data).size).toBeGreaterThan(20);
  expect(result.notes).toEqual([]);
  const bytes = await one("deep.png", file, { to: "tga" });
  expect(bytes.result.notes).toEqual(["16 bits become 8"]);
  const grey = await one("grey.png", await png([8, 8, 1], wave));
  expect(await sharp(grey.path).metadata()).toMatchObject({ space: "b-w", channels: 1 });
  const indexed = await sharp(await png([8, 8, 3], wave))
    .png({ palette: true, colours: 8 })
    .toBuffer();
  const open = await one("indexed.png", indexed);
  expect((await sharp(open.path).metadata()).isPalette ?? false).toBe(false);
});

test("what is converted has its name's new ending; DDS then has mip-maps", async () => {
  const file = await png([16, 16, 4], (x, y, c) => (c < 3 ? wave(x, y, c) : 16 * x));
  const dds = await one("deep/a.png", file, { to: "bc1" });
  expect(dds.result).toMatchObject({ out: "deep/a.dds", notes: ["BC1 keeps alpha as holes only"] });
  expect(readTexture(readFileSync(dds.path))).toMatchObject({ format: "bc1", levels: 7 });
  const jpeg = await one("a.png", await png([8, 8, 3], wave), { to: "jpeg" });
  expect(jpeg.result.out).toBe("a.jpg");
  const back = await one("a.dds", readFileSync(dds.path), { to: "webp" });
  expect(back.result.out).toBe("a.webp");
});

test("BC5, which is not written, becomes BC7; its blue is made for a normal map", async () => {
  // One block: both channels solid, 0.5 and 0.
  const file = new Uint8Array(128 + 16);
  const view = new DataView(file.buffer);
  [0x20534444, 124, 0x81007, 4, 4, 16].forEach((v, i) => {
    view.setUint32(4 * i, v, true);
  });
  [32, 4].forEach((v, i) => {
    view.setUint32(76 + 4 * i, v, true);
  });
  file.set(Buffer.from("ATI2"), 84);
  file.set([191, 191], 128);
  file.set([128, 128], 136);
  const { result, path } = await one("a_n.dds", file);
  expect(result).toMatchObject({
    format: "bc7",
    normalMap: true,
    notes: ["BC5 is not written: becomes BC7"],
  });
  const { data } = readTexture(readFileSync(path));
  expect(Math.abs(data[0]! - 191)).toBeLessThan(3);
  // √(1 − 0.5²) = 0.866
  expect(Math.abs(data[2]! - 238)).toBeLessThan(3);
});

test("sizes: down and size are reached by Lanczos, never upwards", async () => {
  const file = await png([10, 20, 3], wave);
  const to = async (options: TextureUpscaleOptions) => {
    const folder = folderOf({ "a.png": file });
    return (await planUpscale(folder, options)).files[0]!.to;
  };
  expect(await to({ down: 2 })).toEqual([20, 40]);
  expect(await to({ down: 4 })).toEqual([10, 20]);
  expect(await to({ size: 64 })).toEqual([32, 64]);
  expect(await to({ size: 4096 })).toEqual([40, 80]);
  expect(await to({ size: [16, 64] })).toEqual([16, 64]);
  // sharp's own Lanczos of the same, inside; it treats edges in another way.
  const large = await pixels((await one("a.png", file, { seamless: "none" })).path);
  const small = await pixels((await one("a.png", file, { down: 2, seamless: "none" })).path);
  const theirs = await sharp(large.data, { raw: { width: 80, height: 40, channels: 3 } })
    .resize(40, 20, { kernel: "lanczos3" })
    .raw()
    .toBuffer();
  for (let y = 4; y < 16; y++) {
    for (let i = 12; i < 108; i++) {
      expect(Math.abs(theirs[y * 120 + i]! - small.data[y * 120 + i]!)).toBeLessThanOrEqual(2);
    }
  }
});

test("consistency is what the resizing of graphs measures, which is imresize's", async () => {
  const file = await png([32, 32, 3], waves(32, 21));
  for (const options of [{ model: "bicubic" }, { model: "lanczos", down: 2 }] as const) {
    const { result, path } = await one("a.png", file, { ...options, seamless: "none" });
    const large = await pixels(path);
    const { width, height } = large;
    const x = constant(toPlanes(large.data), { shape: [1, 3, height, width] });
    const small = resized(x, { height: 32, width: 32, kernel: "bicubic" });
    const { numbers } = await compute({ numbers: small });
    const source = toPlanes((await pixels(file)).data);
    let squares = 0;
    for (let i = 0; i < source.length; i++) squares += (numbers[i]! - source[i]!) ** 2;
    const psnr = -10 * Math.log10(squares / source.length);
    expect(result.consistency).toBeCloseTo(psnr, 2);
  }
});

/** `[h w 3]` of bytes as `[3 h w]` of 0 to 1. */
const toPlanes = (data: ArrayLike<number>): number[] =>
  [0, 1, 2].flatMap((c) =>
    Array.from({ length: data.length / 3 }, (_, i) => data[3 * i + c]! / 255),
  );
