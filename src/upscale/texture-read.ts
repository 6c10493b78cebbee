import sharp from "sharp";
import { decodeReason, largestPicture } from "../data/files/reason.js";
import { BadFile, latin1, looksLikePicture } from "../data/files/source.js";
import { decodeTexture, looksLikeTexture, type Texture } from "../data/files/texture.js";

/** Numbers of a picture: bytes, or words of 16 bits. */
export type Numbers = Uint8Array | Uint16Array;

/** A picture as games have them: colours and alpha apart, each as it stands in the file. */
export interface GamePicture {
  readonly width: number;
  readonly height: number;
  /** 1 for grey, 3 for colours. */
  readonly channels: 1 | 3;
  /** `[h w c]` */
  readonly color: Numbers;
  /** `[h w]`, when something is not opaque. */
  readonly alpha: Numbers | undefined;
  /** What white is: 255 or 65535. */
  readonly most: number;
  /** `png`, `jpeg`, `webp`, `tga`, `dds`, or another that is only read. */
  readonly format: string;
  /** How the blocks of a DDS are coded, and what it says of itself. */
  readonly dds?: Pick<Texture, "format" | "levels" | "srgb">;
  /** Whether the file has a palette. */
  readonly indexed: boolean;
  /** Whether a WebP keeps every pixel. */
  readonly lossless: boolean;
}

const strict = { failOn: "error", limitInputPixels: largestPicture, autoOrient: true } as const;

/** A file's picture: turned as its EXIF says, first frame, as sRGB or grey; or a `BadFile`. */
export async function readGamePicture(bytes: Uint8Array): Promise<GamePicture> {
  if (bytes.length === 0) throw new BadFile("is empty (0 bytes)");
  if (!looksLikePicture(bytes) || looksLikeTexture(bytes)) {
    if (looksLikeTexture(bytes)) return ofTexture(decodeTexture(bytes));
  }
  try {
    return await ofFile(bytes);
  } catch (error) {
    if (error instanceof BadFile) throw error;
    const reason = decodeReason(error);
    const isKnown = looksLikePicture(bytes) && reason.startsWith("is not a picture");
    throw new BadFile(isKnown ? "is cut short or damaged" : reason);
  }
}

async function ofFile(bytes: Uint8Array): Promise<GamePicture> {
  const file = sharp(bytes, strict);
  const { format, space, depth, isPalette = false } = await file.metadata();
  const isDeep = depth === "ushort";
  const isGrey = space === "b-w" || space === "grey16";
  const target = isGrey ? (isDeep ? "grey16" : "b-w") : isDeep ? "rgb16" : "srgb";
  const { data, info } = await file
    .toColourspace(target)
    .raw({ depth: isDeep ? "ushort" : "uchar" })
    .toBuffer({ resolveWithObject: true });
  const numbers = isDeep
    ? new Uint16Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength))
    : data;
  return {
    ...apart(numbers, { ...info, most: isDeep ? 65535 : 255 }),
    format,
    indexed: isPalette,
    lossless: format === "webp" && latin1(bytes.subarray(12, 64)).includes("VP8L"),
  };
}

function ofTexture(texture: Texture): GamePicture {
  const { data, width, height, format, levels, srgb } = texture;
  const picture = apart(data, { width, height, channels: 4, most: 255 });
  const isTga = format === "tga";
  return {
    ...picture,
    format: isTga ? "tga" : "dds",
    ...(isTga ? {} : { dds: { format, levels, srgb } }),
    indexed: false,
    lossless: true,
  };
}

type Apart = Pick<GamePicture, "width" | "height" | "channels" | "color" | "alpha" | "most">;

/** Colours and alpha of `[h w c]`, c from 1 to 4; no alpha where everything is opaque. */
function apart(
  data: Numbers,
  {
    width,
    height,
    channels: all,
    most,
  }: {
    readonly width: number;
    readonly height: number;
    readonly channels: number;
    readonly most: number;
  },
): Apart {
  const channels = all < 3 ? 1 : 3;
  const area = width * height;
  const facts = { width, height, channels, most } as const;
  const hasAlpha = all === 2 || all === 4;
  const Kind = most === 255 ? Uint8Array : Uint16Array;
  if (!hasAlpha) return { ...facts, color: data, alpha: undefined };
  const color = new Kind(area * channels);
  const alpha = new Kind(area);
  let isOpaque = true;
  for (let i = 0; i < area; i++) {
    for (let c = 0; c < channels; c++) color[i * channels + c] = data[i * all + c]!;
    alpha[i] = data[i * all + channels]!;
    if (alpha[i] !== most) isOpaque = false;
  }
  return { ...facts, color, alpha: isOpaque ? undefined : alpha };
}
