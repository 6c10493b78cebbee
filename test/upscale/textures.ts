import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { Random } from "../../src/shape/random.js";

/** An empty folder. */
export const emptyFolder = (): string => mkdtempSync(join(tmpdir(), "belamy-upscale-"));

/** Writes files into a folder that is made for them. */
export function folderOf(files: Readonly<Record<string, Uint8Array>>): string {
  const folder = join(emptyFolder(), "textures");
  mkdirSync(folder);
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  return folder;
}

/** A raw picture of bytes `[h w c]` from a function of place and channel. */
export function raw(
  [height, width, channels]: readonly [number, number, number],
  value: (x: number, y: number, c: number) => number,
): Buffer {
  const out = Buffer.alloc(height * width * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) {
        out[(y * width + x) * channels + c] = Math.max(0, Math.min(255, value(x, y, c)));
      }
    }
  }
  return out;
}

/** The same as a PNG. */
export async function png(
  size: readonly [number, number, number],
  value: (x: number, y: number, c: number) => number,
): Promise<Buffer> {
  const [height, width, channels] = size as readonly [number, number, 1 | 2 | 3 | 4]; // as sharp has them
  const picture = sharp(raw(size, value), { raw: { height, width, channels } });
  return await picture
    .toColourspace(channels < 3 ? "b-w" : "srgb")
    .png()
    .toBuffer();
}

/** Waves of random phases that go on at their other side, in every channel: never flat, seamless. */
export function waves(size: number, seed: number): (x: number, y: number, c: number) => number {
  const random = new Random({ seed, purpose: "waves" });
  const terms = Array.from({ length: 12 }, () => ({
    across: Math.floor(random.uniform() * 5) - 2,
    down: Math.floor(random.uniform() * 5) - 2,
    phase: 2 * Math.PI * random.uniform(),
  }));
  return (x, y, c) =>
    128 +
    terms.reduce(
      (sum, { across, down, phase }) =>
        sum + 14 * Math.sin((2 * Math.PI * (across * x + down * y)) / size + phase * (c + 1)),
      0,
    );
}

/** Pixels of a file as bytes, or words of 16 bits. */
export async function pixels(file: string | Uint8Array) {
  const picture = sharp(file);
  const { depth } = await picture.metadata();
  const isDeep = depth === "ushort";
  const { data, info } = await (isDeep
    ? sharp(file).toColourspace("rgb16").raw({ depth: "ushort" })
    : sharp(file).raw()
  ).toBuffer({ resolveWithObject: true });
  const numbers: Uint8Array | Uint16Array = isDeep
    ? new Uint16Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.length))
    : new Uint8Array(data);
  return { data: numbers, width: info.width, height: info.height, channels: info.channels };
}
