import { readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { expect, test } from "vitest";
import { writeTexture } from "../../src/data/write/texture.js";
import { type OutFormat, type SinkFacts, sinkFor } from "../../src/upscale/row-sink.js";
import type { Numbers } from "../../src/upscale/texture-read.js";
import { emptyFolder, pixels, raw, waves } from "./textures.js";

const folder = emptyFolder();
let count = 0;

/** Writes pixels `[h w c]` row by row and reads the file. */
async function written(data: Numbers, format: OutFormat, facts: SinkFacts): Promise<Uint8Array> {
  const path = join(folder, String(count++));
  const sink = sinkFor(path, format, facts);
  const each = data.length / facts.height;
  for (let y = 0; y < facts.height; y++) await sink.write(data.slice(y * each, (y + 1) * each));
  await sink.finish();
  return readFileSync(path);
}

const wave = waves(16, 1);

test.each([
  [1, 255],
  [2, 255],
  [3, 255],
  [4, 255],
  [3, 65535],
  [4, 65535],
] as const)(
  "PNG of %i channels up to %i: libpng reads what was written",
  async (channels, most) => {
    const [height, width] = [37, 61];
    const bytes = raw([height, width, channels], wave);
    const data =
      most === 255 ? new Uint8Array(bytes) : Uint16Array.from(bytes, (v, i) => v * 257 - (i % 100));
    const file = await written(data, "png", { width, height, channels, most });
    const read = await pixels(file);
    expect([read.width, read.height]).toEqual([width, height]);
    // sharp gives grey as three equal channels.
    const places = channels === 1 ? [0] : channels === 2 ? [0, read.channels - 1] : undefined;
    const kept = read.data.filter((_, i) => places?.includes(i % read.channels) ?? true);
    expect(Buffer.compare(Buffer.from(kept.buffer), Buffer.from(data.buffer))).toBe(0);
  },
);

test("PNG with a palette: places are colours, clear ones clear", async () => {
  const palette = {
    colors: Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255),
    alphas: Uint8Array.of(0, 255, 128),
  };
  const facts = { width: 3, height: 2, channels: 4, most: 255, palette } as const;
  const file = await written(Uint8Array.of(0, 1, 2, 2, 1, 0), "png", facts);
  expect(await sharp(file).metadata()).toMatchObject({ isPalette: true, hasAlpha: true });
  expect(Array.from((await pixels(file)).data)).toEqual(
    [0, 1, 2, 2, 1, 0].flatMap((i) => [
      ...palette.colors.subarray(3 * i, 3 * i + 3),
      palette.alphas[i]!,
    ]),
  );
});

test("filters make waves smaller than libpng's own at the same level, or nearly", async () => {
  const facts = { width: 256, height: 256, channels: 3, most: 255 } as const;
  const data = raw([256, 256, 3], waves(256, 2));
  const ours = await written(new Uint8Array(data), "png", facts);
  const theirs = await sharp(data, { raw: { width: 256, height: 256, channels: 3 } })
    .png({ compressionLevel: 6, adaptiveFiltering: true })
    .toBuffer();
  expect(ours.length / theirs.length).toBeLessThan(1.15);
});

test.each(["tga", "rgba", "bgra", "bc1", "bc3", "bc7"] as const)(
  "%s by rows has the bytes that writeTexture makes of the whole",
  async (format) => {
    for (const [height, width] of [
      [32, 16],
      [13, 7],
      [1, 1],
    ] as const) {
      for (const mipmaps of format === "tga" ? [false] : [false, true]) {
        for (const srgb of format === "tga" ? [undefined] : [undefined, true]) {
          const data = new Uint8Array(raw([height, width, 4], wave));
          const facts = { width, height, channels: 4, most: 255, mipmaps, srgb } as const;
          const whole = writeTexture({ data, width, height }, { format, mipmaps, srgb });
          const rows = await written(data, format, facts);
          expect(Buffer.compare(rows, whole)).toBe(0);
        }
      }
    }
  },
);

test("grey and colours without alpha are spread over the channels of a DDS", async () => {
  const grey = Uint8Array.of(10, 200);
  const facts = { width: 2, height: 1, channels: 1, most: 255 } as const;
  const whole = writeTexture(
    { data: Uint8Array.of(10, 10, 10, 255, 200, 200, 200, 255), width: 2, height: 1 },
    { format: "rgba" },
  );
  expect(Buffer.compare(await written(grey, "rgba", facts), whole)).toBe(0);
});

test.each([1, 2, 3, 4] as const)("WebP without loss keeps %i channels", async (channels) => {
  const [height, width] = [300, 1500];
  const data = new Uint8Array(raw([height, width, channels], wave));
  const lossless = true;
  const file = await written(data, "webp", { width, height, channels, most: 255, lossless });
  const want = sharp(data, { raw: { width, height, channels } }).toColourspace("srgb");
  const expected = await want.png().toBuffer();
  const [made, wanted] = [await pixels(file), await pixels(expected)];
  const colours = channels < 3 ? [0] : [0, 1, 2];
  for (const c of colours) {
    const of = ({ data: all, channels: n }: typeof made) => all.filter((_, i) => i % n === c);
    expect(Buffer.compare(Buffer.from(of(made)), Buffer.from(of(wanted)))).toBe(0);
  }
});

test("JPEG comes near, in colours of full size", async () => {
  const [height, width] = [900, 700];
  const data = new Uint8Array(raw([height, width, 3], waves(64, 3)));
  const file = await written(data, "jpeg", { width, height, channels: 3, most: 255 });
  expect(await sharp(file).metadata()).toMatchObject({ chromaSubsampling: "4:4:4", width, height });
  const { data: read } = await pixels(file);
  let mean = 0;
  for (let i = 0; i < data.length; i++) mean += Math.abs(read[i]! - data[i]!) / data.length;
  expect(mean).toBeLessThan(1.5);
});
