import sharp from "sharp";
import type { Half } from "./options.js";
import { decodeReason, largestPicture, noPicture } from "./reason.js";
import { BadFile, looksLikePicture } from "./source.js";
import { decodeTexture, looksLikeTexture, textureSize } from "./texture.js";

/** How one picture becomes bytes. */
export interface Recipe {
  /** Height and width; as they are when undefined. */
  readonly size: readonly [height: number, width: number] | undefined;
  readonly channels: 1 | 3;
  readonly fit: "crop" | "pad";
  readonly filter: "lanczos3" | "cubic" | "nearest";
  readonly background: string;
  /** Which half is seen of a file that holds two pictures side by side. */
  readonly half?: Half | undefined;
}

/** Decoded pixels, channels last. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Pixels without a file format. */
export interface RawPicture {
  readonly data: Uint8Array;
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3 | 4;
}

const strict = { failOn: "error", limitInputPixels: largestPicture, autoOrient: true } as const;

/** Textures of more pixels are decoded one after another: they are whole in memory. */
const largeTexture = 2 ** 22;

/** The end of the large texture that was begun last. */
let lastLarge: Promise<unknown> = Promise.resolve();

/**
 * Decodes a picture to 8-bit sRGB or grey: turned as its EXIF says, first frame, transparency
 * over the background, then resized.
 */
export async function decode(file: Uint8Array | RawPicture, recipe: Recipe): Promise<Pixels> {
  if (!isTexture(file)) return await render(file, recipe);
  const { height, width } = textureSize(file);
  const decoded = () => render({ ...decodeTexture(file), channels: 4 }, recipe);
  if (height * width <= largeTexture) return await decoded();
  const pixels = lastLarge.then(decoded);
  lastLarge = pixels.catch(() => undefined);
  return await pixels;
}

async function render(
  picture: Uint8Array | RawPicture,
  { size, channels, fit, filter, background, half }: Recipe,
): Promise<Pixels> {
  try {
    const opened =
      picture instanceof Uint8Array
        ? sharp(picture, strict)
        : sharp(picture.data, { ...strict, raw: picture });
    let image = opened.flatten({ background });
    if (half) image = image.extract(await halfOf(picture, half));
    if (size) {
      image = image.resize(size[1], size[0], {
        fit: fit === "crop" ? "cover" : "contain",
        kernel: filter,
        background,
      });
    }
    const { data, info } = await image
      .toColourspace(channels === 1 ? "b-w" : "srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    return { data, height: info.height, width: info.width, channels: info.channels };
  } catch (error) {
    throw new BadFile(reasonFor(error, picture));
  }
}

/** Where a half of a picture is. */
async function halfOf(
  picture: Uint8Array | RawPicture,
  half: Half,
): Promise<{ left: number; top: number; width: number; height: number }> {
  const [height, both] =
    picture instanceof Uint8Array ? await measure(picture) : [picture.height, picture.width];
  const width = Math.floor(both / 2);
  return { left: half === "left" ? 0 : width, top: 0, width, height };
}

/** Whether bytes are a game's texture, which sharp does not read. */
const isTexture = (file: Uint8Array | RawPicture): file is Uint8Array =>
  file instanceof Uint8Array && looksLikeTexture(file);

/** What begins as a picture of a known format is one, and has lost what comes later. */
function reasonFor(error: unknown, picture: Uint8Array | RawPicture): string {
  const reason = decodeReason(error);
  const isKnown = picture instanceof Uint8Array && looksLikePicture(picture);
  return isKnown && reason === noPicture ? "is cut short or damaged" : reason;
}

/** A picture's height and width once it is turned as its EXIF says. */
export async function measure(picture: Uint8Array): Promise<readonly [number, number]> {
  if (isTexture(picture)) {
    const { height, width } = textureSize(picture);
    return [height, width];
  }
  try {
    const { autoOrient } = await sharp(picture, strict).metadata();
    return [autoOrient.height, autoOrient.width];
  } catch (error) {
    throw new BadFile(reasonFor(error, picture));
  }
}

/** Whether every pixel has three equal channels. */
export function isNeutral({ data, channels }: Pixels): boolean {
  if (channels === 1) return true;
  for (let i = 0; i < data.length; i += channels) {
    if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return false;
  }
  return true;
}

/** Writes the first `planes` channels one after the other: `[h w c] → [planes h w]`. */
export function toPlanes(
  { data, channels }: Pixels,
  { planes, out }: { readonly planes: number; readonly out: Uint8Array },
): void {
  const area = data.length / channels;
  for (let c = 0; c < planes; c++) {
    const from = Math.min(c, channels - 1);
    for (let i = 0; i < area; i++) out[c * area + i] = data[i * channels + from]!;
  }
}
