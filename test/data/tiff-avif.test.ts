import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import type { PictureOptions } from "../../src/data/files/options.js";
import { openData } from "../../src/data/open.js";
import { failure, fill, plain, png, raw, temporary } from "./make.js";

const folder = await temporary();
const orange = [200, 100, 50] as const;

async function open(bytes: Uint8Array, options: PictureOptions = {}) {
  // No ending: what it is must be found in its bytes.
  await fill(folder, { picture: bytes });
  return await openData(join(folder, "picture"), { ...options, cache: false });
}

const pixel = ({ items, shape }: Awaited<ReturnType<typeof open>>, at = 0) => {
  const area = shape[1]! * shape[2]!;
  return Array.from({ length: shape[0]! }, (_, c) => (items as Uint8Array)[c * area + at]!);
};

/** A TIFF of 16-bit samples in one strip, written by hand because sharp writes 8. */
function tiff16(
  values: Uint16Array,
  { width, channels }: { width: number; channels: number },
): Buffer {
  const height = values.length / width / channels;
  const pixels = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  const depths = Buffer.from(Uint16Array.from({ length: channels }, () => 16).buffer);
  const start = 8;
  const depthsAt = start + pixels.length;
  const tags: readonly (readonly [tag: number, type: number, count: number, value: number])[] = [
    [256, 3, 1, width],
    [257, 3, 1, height],
    [258, 3, channels, channels === 1 ? 16 : depthsAt],
    [259, 3, 1, 1],
    [262, 3, 1, channels === 1 ? 1 : 2],
    [273, 4, 1, start],
    [277, 3, 1, channels],
    [278, 3, 1, height],
    [279, 4, 1, pixels.length],
  ];
  const entries = Buffer.alloc(2 + 12 * tags.length + 4);
  entries.writeUInt16LE(tags.length, 0);
  tags.forEach(([tag, type, count, value], i) => {
    entries.writeUInt16LE(tag, 2 + 12 * i);
    entries.writeUInt16LE(type, 4 + 12 * i);
    entries.writeUInt32LE(count, 6 + 12 * i);
    entries.writeUInt32LE(value, 10 + 12 * i);
  });
  const head = Buffer.from("II*\0\0\0\0\0", "latin1");
  head.writeUInt32LE(depthsAt + depths.length, 4);
  return Buffer.concat([head, pixels, depths, entries]);
}

describe("TIFF", () => {
  test.each(["none", "lzw", "deflate", "packbits"] as const)(
    "packed with %s",
    async (compression) => {
      const data = await open(await plain(orange).tiff({ compression }).toBuffer());
      expect(data.shape).toEqual([3, 8, 8]);
      expect(pixel(data)).toEqual(orange);
    },
  );

  test("as JPEG, in tiles, and larger than 4 GB could be", async () => {
    const jpeg = await open(
      await plain(orange).tiff({ compression: "jpeg", quality: 100 }).toBuffer(),
    );
    pixel(jpeg).forEach((value, c) => {
      expect(Math.abs(value - orange[c]!)).toBeLessThan(3);
    });
    const tiled = {
      tile: true,
      tileWidth: 16,
      tileHeight: 16,
      bigtiff: true,
      compression: "none",
    } as const;
    const tiles = await open(await plain(orange, { width: 40, height: 24 }).tiff(tiled).toBuffer());
    expect(tiles.shape).toEqual([3, 24, 40]);
    expect(pixel(tiles, 30 * 24)).toEqual(orange);
  });

  test.each([1, 3] as const)("of 16 bits, %i channels: the upper byte", async (channels) => {
    const values = Uint16Array.from(
      { length: 4 * channels },
      (_, i) => [0, 65535, 0x1234, 0x80ff][i % 4]!,
    );
    const bytes = tiff16(values, { width: 2, channels });
    expect((await sharp(bytes).metadata()).depth).toBe("ushort");
    const data = await open(bytes);
    const planar = Array.from({ length: channels }, (_, c) =>
      [0, 1, 2, 3].map((i) => values[i * channels + c]! >> 8),
    );
    expect([...(data.items as Uint8Array)]).toEqual(planar.flat());
  });

  test("of CMYK becomes sRGB", async () => {
    const bytes = await plain([255, 255, 255])
      .toColourspace("cmyk")
      .tiff({ compression: "none" })
      .toBuffer();
    expect((await sharp(bytes).metadata()).space).toBe("cmyk");
    const data = await open(bytes, { color: "rgb" });
    expect(data.shape).toEqual([3, 8, 8]);
    for (const value of pixel(data)) expect(value).toBeGreaterThan(250);
  });

  test("of many pages is its first", async () => {
    const pages = [await png(orange), await png([1, 2, 3])];
    const bytes = await sharp(pages, { join: { animated: true } })
      .tiff({ compression: "none" })
      .toBuffer();
    expect((await sharp(bytes).metadata()).pages).toBe(2);
    const data = await open(bytes);
    expect(data).toMatchObject({ count: 1, shape: [3, 8, 8] });
    expect(pixel(data)).toEqual(orange);
  });

  test("that is turned, that is black and white, that is transparent", async () => {
    const turned = raw([10, 20, 30, 40, 50, 60], { width: 3, channels: 1 });
    const bytes = await turned
      .withMetadata({ orientation: 6 })
      .tiff({ compression: "none" })
      .toBuffer();
    const data = await open(bytes, { color: "grey" });
    expect(data.shape).toEqual([1, 3, 2]);
    expect([...(data.items as Uint8Array)]).toEqual([40, 10, 50, 20, 60, 30]);
    const bits = raw([0, 255, 255, 0], { width: 2, channels: 1 }).tiff({
      bitdepth: 1,
      compression: "none",
    });
    expect([...((await open(await bits.toBuffer())).items as Uint8Array)]).toEqual([
      0, 255, 255, 0,
    ]);
    const clear = raw([9, 9, 9, 0, 9, 9, 9, 255], { width: 2, channels: 4 }).tiff({
      compression: "none",
    });
    const flat = await open(await clear.toBuffer(), { background: "red" });
    expect([pixel(flat), pixel(flat, 1)]).toEqual([
      [255, 0, 0],
      [9, 9, 9],
    ]);
  });

  test("that is cut short", async () => {
    const bytes = await plain(orange).tiff({ compression: "none" }).toBuffer();
    const said = await failure(open(bytes.subarray(0, 100)));
    expect(said.replaceAll(`${folder}/`, "")).toBe("DataError: picture: is cut short or damaged");
  });
});

describe("AVIF", () => {
  test.each([8, 10, 12] as const)("of %i bits", async (bitdepth) => {
    const bytes = await plain(orange).avif({ bitdepth, lossless: true }).toBuffer();
    expect((await sharp(bytes).metadata()).bitsPerSample).toBe(bitdepth);
    const data = await open(bytes);
    expect(data.shape).toEqual([3, 8, 8]);
    pixel(data).forEach((value, c) => {
      expect(Math.abs(value - orange[c]!)).toBeLessThan(3);
    });
  });

  test("that is transparent, that is cut short", async () => {
    const clear = raw([9, 9, 9, 0, 9, 9, 9, 0], { width: 2, channels: 4 }).avif({ lossless: true });
    expect(pixel(await open(await clear.toBuffer(), { background: "blue" }))).toEqual([0, 0, 255]);
    const bytes = await plain(orange).avif().toBuffer();
    const said = await failure(open(bytes.subarray(0, -20)));
    expect(said.replaceAll(`${folder}/`, "")).toMatch(/^DataError: picture: is cut short/);
  });
});
