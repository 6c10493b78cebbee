import { join } from "node:path";
import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import type { Dataset } from "../../src/data/dataset.js";
import type { PictureOptions } from "../../src/data/files/options.js";
import type { MemoryItems } from "../../src/shape/items.js";
import {
  type Color,
  failure,
  fill,
  noise,
  openPictures,
  plain,
  png,
  raw,
  temporary,
} from "./make.js";

const folder = await temporary();
let made = 0;

/** Opens a folder of the given files. */
async function opened(
  files: Readonly<Record<string, Uint8Array>>,
  options?: PictureOptions,
): Promise<Dataset<MemoryItems>> {
  return await openPictures(await fill(join(folder, `${made++}`), files), options);
}

/** The bytes of one item. */
function item({ items, shape }: Dataset<MemoryItems>, i = 0): number[] {
  const size = shape.reduce((a, b) => a * b, 1);
  return [...items.subarray(i * size, (i + 1) * size)];
}

/** The first pixel of one item. */
function pixel(data: Dataset<MemoryItems>, i = 0): number[] {
  const [channels, h, w] = data.shape;
  const bytes = item(data, i);
  return Array.from({ length: channels! }, (_, c) => bytes[c * h! * w!]!);
}

const near = (color: Color | readonly number[], tolerance: number) =>
  color.map((value) => expect.toSatisfy((x: number) => Math.abs(x - value) <= tolerance));

describe("formats", () => {
  const orange: Color = [250, 120, 30];

  test("PNG, JPEG, WebP, GIF and TIFF, told by content and not by ending", async () => {
    const data = await opened({
      "a.png": await png(orange),
      "b.jpg": await plain(orange).jpeg({ quality: 100 }).toBuffer(),
      "c.webp": await plain(orange).webp({ lossless: true }).toBuffer(),
      "d.gif": await plain(orange).gif().toBuffer(),
      "e.tiff": await plain(orange).tiff().toBuffer(),
      "f.jpg": await png(orange),
      g: await png(orange),
      "h.dat": await plain(orange).webp({ lossless: true }).toBuffer(),
      "notes.txt": Buffer.from("not a picture"),
      ".hidden.png": Buffer.from("not looked at"),
      "__MACOSX/a.png": Buffer.from("not looked at"),
      "Thumbs.db": Buffer.from("not looked at"),
    });
    expect(data).toMatchObject({ kind: "pictures", shape: [3, 8, 8], count: 8, skipped: [] });
    expect(data.items.buffer).toBeInstanceOf(SharedArrayBuffer);
    for (let i = 0; i < 8; i++) expect(pixel(data, i)).toEqual(near(orange, 2));
  });

  test("pixels are planar: all of red, then green, then blue", async () => {
    const data = await opened({
      "a.png": await raw([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], { width: 2, channels: 3 })
        .png()
        .toBuffer(),
    });
    expect(data.shape).toEqual([3, 2, 2]);
    expect(item(data)).toEqual([1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12]);
  });

  test("grey stays grey, in colour's clothes too, and becomes colour beside colour", async () => {
    const grey = await raw([10, 20, 30, 40], { width: 2, channels: 1 })
      .toColourspace("b-w")
      .png()
      .toBuffer();
    const disguised = await raw(
      [50, 60, 70, 80].flatMap((v) => [v, v, v]),
      { width: 2, channels: 3 },
    )
      .png()
      .toBuffer();
    const color = await png([1, 2, 3], { width: 2, height: 2 });
    const both = await opened({ "a.png": grey, "b.png": disguised });
    expect(both.shape).toEqual([1, 2, 2]);
    expect([...both.items]).toEqual([10, 20, 30, 40, 50, 60, 70, 80]);
    const mixed = await opened({ "a.png": grey, "b.png": color });
    expect(mixed.shape).toEqual([3, 2, 2]);
    expect(item(mixed)).toEqual([10, 20, 30, 40, 10, 20, 30, 40, 10, 20, 30, 40]);
    const asked = await opened({ "a.png": grey }, { color: "rgb" });
    expect(asked.shape).toEqual([3, 2, 2]);
    expect(asked.items).toEqual(mixed.items.slice(0, 12));
  });

  test("colour becomes grey by its luminance when asked to", async () => {
    const data = await opened(
      { "a.png": await png([255, 0, 0]), "b.png": await png([255, 255, 255]) },
      { color: "grey" },
    );
    expect(data.shape).toEqual([1, 8, 8]);
    expect(pixel(data, 1)).toEqual([255]);
    expect(pixel(data, 0)[0]).toBeGreaterThan(50);
    expect(pixel(data, 0)[0]).toBeLessThan(140);
  });

  test("transparency shows the background, white unless stated", async () => {
    const half = await raw([255, 0, 0, 128, 0, 0, 255, 0], { width: 2, channels: 4 })
      .png()
      .toBuffer();
    const data = await opened({ "a.png": half });
    expect(item(data)).toEqual([255, 255, 127, 255, 127, 255]);
    const black = await opened({ "a.png": half }, { background: "black" });
    expect(item(black)).toEqual([128, 0, 0, 0, 0, 0]);
    const grey = await raw([200, 128], { width: 1, channels: 2 })
      .toColourspace("b-w")
      .png()
      .toBuffer();
    expect(item(await opened({ "a.png": grey }, { background: "#000" }))).toEqual([100]);
  });

  test("16 bits become 8", async () => {
    const deep = (values: number[], channels: 1 | 3) =>
      sharp(new Uint16Array(values), {
        raw: { width: values.length / channels, height: 1, channels },
      })
        .toColourspace(channels === 1 ? "grey16" : "rgb16")
        .png()
        .toBuffer();
    expect(item(await opened({ "a.png": await deep([0, 0x8000, 0xffff, 25700], 1) }))).toEqual([
      0, 128, 255, 100,
    ]);
    const color = await deep([0xffff, 0x8080, 0, 0, 0x1010, 0xfefe], 3);
    expect(item(await opened({ "a.png": color }))).toEqual([255, 0, 128, 16, 0, 254]);
  });

  test("CMYK becomes sRGB", async () => {
    const cmyk = (color: Color) =>
      plain(color).toColourspace("cmyk").jpeg({ quality: 100 }).toBuffer();
    const red = await cmyk([255, 0, 0]);
    expect((await sharp(red).metadata()).space).toBe("cmyk");
    const data = await opened({ "a.jpg": red, "b.jpg": await cmyk([255, 255, 255]) });
    expect(pixel(data, 0)).toEqual(near([240, 0, 0], 40));
    expect(pixel(data, 1)).toEqual(near([255, 255, 255], 4));
  });

  test("EXIF rotation is applied", async () => {
    const red = [255, 0, 0];
    const green = [0, 255, 0];
    const turned = await raw([...red, ...green, ...red, ...green], { width: 4, channels: 3 })
      .resize(16, 4, { kernel: "nearest" })
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 100, chromaSubsampling: "4:4:4" })
      .toBuffer();
    const data = await opened({ "a.jpg": turned });
    expect(data.shape).toEqual([3, 16, 4]);
    const bytes = item(data);
    for (const [row, color] of [red, green, red, green].entries()) {
      const at = (4 * row + 1) * 4 + 1;
      expect([0, 1, 2].map((c) => bytes[c * 64 + at])).toEqual(near(color, 3));
    }
  });

  test("of an animation, the first frame", async () => {
    const frames = Buffer.concat([Buffer.alloc(4 * 4 * 3, 200), Buffer.from(noise(4 * 4 * 3))]);
    const animation = sharp(frames, { raw: { width: 4, height: 8, channels: 3, pageHeight: 4 } });
    const data = await opened({
      "a.gif": await animation.clone().gif().toBuffer(),
      "b.webp": await animation.clone().webp({ lossless: true }).toBuffer(),
    });
    expect(data.shape).toEqual([1, 4, 4]);
    expect([...data.items]).toEqual(Array(32).fill(200));
  });
});

const sides = await raw(
  Array.from({ length: 8 }, () => [200, 0, 0, 0, 100, 0, 0, 100, 0, 0, 0, 200]).flat(),
  { width: 4, channels: 3 },
)
  .resize(32, 16, { kernel: "nearest", fit: "fill" })
  .png()
  .toBuffer();

describe("sizes", () => {
  test("pictures of one size up to 64 keep it", async () => {
    const small = await opened({ "a.png": await png([1, 2, 3], { width: 64, height: 9 }) });
    expect(small.shape).toEqual([3, 9, 64]);
  });

  test("other pictures become 64 × 64, also when only the last one differs", async () => {
    const large = await opened({ "a.png": await png([1, 2, 3], { width: 65, height: 9 }) });
    expect(large.shape).toEqual([3, 64, 64]);
    const files: Record<string, Buffer> = { "z.png": await png([9, 9, 9], { width: 7 }) };
    for (let i = 0; i < 40; i++) files[`${100 + i}.png`] = await png([i, 0, 0]);
    const mixed = await opened(files);
    expect(mixed.shape).toEqual([3, 64, 64]);
    expect(mixed.count).toBe(41);
    for (let i = 0; i < 40; i++) expect(pixel(mixed, i)).toEqual([i, 0, 0]);
    expect(pixel(mixed, 40)).toEqual([9, 9, 9]);
  });

  test("crop keeps the middle, pad keeps all on the background", async () => {
    const crop = item(await opened({ "a.png": sides }, { size: 16, filter: "nearest" }));
    expect(crop).toEqual([...Array(256).fill(0), ...Array(256).fill(100), ...Array(256).fill(0)]);
    const pad = await opened({ "a.png": sides }, { size: 16, fit: "pad", filter: "nearest" });
    const [red, green] = [item(pad).slice(0, 256), item(pad).slice(256, 512)];
    const row = (plane: number[], y: number) => plane.slice(16 * y, 16 * y + 16);
    expect(row(red, 0)).toEqual(Array(16).fill(255));
    expect(row(red, 8)).toEqual([...Array(4).fill(200), ...Array(12).fill(0)]);
    expect(row(green, 8)).toEqual([
      ...Array(4).fill(0),
      ...Array(8).fill(100),
      ...Array(4).fill(0),
    ]);
    const navy = { size: 16, fit: "pad", background: "#000080" } as const;
    expect(pixel(await opened({ "a.png": sides }, navy))).toEqual([0, 0, 128]);
  });

  test("size can be height and width", async () => {
    const data = await opened({ "a.png": sides }, { size: [5, 7] });
    expect(data.shape).toEqual([3, 5, 7]);
  });

  test("any size becomes any size, and one colour stays itself", async () => {
    const side = fc.integer({ min: 1, max: 200 });
    const options = fc.record({
      fit: fc.constantFrom("crop", "pad"),
      filter: fc.constantFrom("lanczos3", "cubic", "nearest"),
    });
    await fc.assert(
      fc.asyncProperty(side, side, side, side, options, async (w, h, width, height, how) => {
        const bytes = await png([40, 90, 160], { width: w, height: h });
        const background = "rgb(40, 90, 160)";
        const data = await opened(
          { "a.png": bytes },
          { size: [height, width], background, ...how },
        );
        expect(data.shape).toEqual([3, height, width]);
        expect(data.items).toHaveLength(3 * height * width);
        for (let c = 0; c < 3; c++) {
          const plane = data.items.subarray(c * height * width, (c + 1) * height * width);
          const wanted = [40, 90, 160][c]!;
          expect(plane.every((value) => Math.abs(value - wanted) <= 1)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("a folder", () => {
  test("of folders has classes, whatever the order of its files", async () => {
    const files = {
      "dog/1.png": await png([3, 0, 0]),
      "cat/2.png": await png([2, 0, 0]),
      "cat/1.png": await png([1, 0, 0]),
    };
    const data = await opened(files);
    expect(data.classes).toEqual(["cat", "dog"]);
    expect([...data.labels!]).toEqual([0, 0, 1]);
    expect([0, 1, 2].map((i) => pixel(data, i)[0])).toEqual([1, 2, 3]);
    const again = await opened(Object.fromEntries(Object.entries(files).reverse()));
    expect(again.fingerprint).toBe(data.fingerprint);
  });

  test("with dataset.json takes its labels", async () => {
    const data = await opened({
      "a.png": await png([1, 0, 0]),
      "b.png": await png([2, 0, 0]),
      "dataset.json": Buffer.from('{"labels": [["b.png", 0], ["a.png", 1]]}'),
    });
    expect([...data.labels!]).toEqual([1, 0]);
    expect(data.classes).toEqual(["0", "1"]);
  });

  test("with a dataset.json that says nothing of labels has classes by folder", async () => {
    const data = await opened({
      "x/a.png": await png([1, 0, 0]),
      "y/b.png": await png([2, 0, 0]),
      "dataset.json": Buffer.from(
        '{"license": "CC0", "captions": {"x/a.png": "A", "y/b.png": "B"}}',
      ),
    });
    expect([...data.labels!]).toEqual([0, 1]);
    expect(data.classes).toEqual(["x", "y"]);
    expect(data.captions).toEqual(["A", "B"]);
  });

  test("gives its name without what folder names cannot have", async () => {
    const path = await fill(join(folder, "my holiday: 2024"), { "a.png": await png([1, 2, 3]) });
    expect((await openPictures(path)).name).toBe("my-holiday-2024");
    expect((await openPictures(join(path, "a.png"))).name).toBe("a");
  });

  test("is limited evenly and reports its progress", async () => {
    const files: Record<string, Buffer> = {};
    for (let i = 0; i < 20; i++)
      files[`${i < 10 ? "a" : "b"}/${10 + i}.png`] = await png([i, 0, 0]);
    const seen: [number, number][] = [];
    const data = await opened(files, { limit: 4, onProgress: (...at) => seen.push(at) });
    expect([0, 1, 2, 3].map((i) => pixel(data, i)[0])).toEqual([0, 5, 10, 15]);
    expect([...data.labels!]).toEqual([0, 0, 1, 1]);
    expect(seen.at(-1)).toEqual([4, 4]);
    expect(seen.map(([done]) => done)).toEqual([1, 2, 3, 4]);
  });

  test("can be left before it is read", async () => {
    const files: Record<string, Buffer> = {};
    for (let i = 0; i < 60; i++) files[`${i}.png`] = await png([i, 0, 0]);
    const controller = new AbortController();
    const stopped = opened(files, {
      signal: controller.signal,
      onProgress: (done) => done === 3 && controller.abort(),
    });
    expect(await failure(stopped)).toBe("AbortError: This operation was aborted");
  });
});

test("several channels and sizes keep their pixels through every container of no loss", async () => {
  const pixels = noise(12 * 10 * 3);
  const picture = raw(pixels, { width: 12, channels: 3 });
  const data = await opened({
    "a.png": await picture.clone().png({ progressive: true }).toBuffer(),
    "b.webp": await picture.clone().webp({ lossless: true }).toBuffer(),
    "c.tiff": await picture.clone().tiff({ compression: "lzw" }).toBuffer(),
  });
  const planar = [0, 1, 2].flatMap((c) => pixels.filter((_, i) => i % 3 === c));
  for (let i = 0; i < 3; i++) expect(item(data, i)).toEqual(planar);
});
