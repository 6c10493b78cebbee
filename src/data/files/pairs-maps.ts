import sharp from "sharp";
import type { Legend } from "../../shape/legend.js";
import type { Half } from "./options.js";
import { decodeReason, largestPicture } from "./reason.js";
import { BadFile, latin1 } from "./source.js";

/** A map as it lies in a file: the colour of each pixel as one number, and what number that may be. */
export interface RawMap {
  readonly colours: Uint32Array;
  readonly height: number;
  readonly width: number;
  /** Grey levels and places in a palette are numbers, which may be those of classes. */
  readonly numberOf: ((colour: number) => number | undefined) | undefined;
  /** Whether the file is grey, so that its colours mean nothing by themselves. */
  readonly isGrey: boolean;
  /** The palette of a file that has one, to be compared. */
  readonly palette: string | undefined;
}

/** How the pixels of maps become classes; plain data, so that a cache can tell one from another. */
export interface MapPlan {
  readonly legend: Legend;
  /** The number that each class has in a file. */
  readonly numbers: readonly number[];
  /** Whether a pixel may be known by its colour. */
  readonly isColoured: boolean;
}

/** Red, green and blue as one number. */
export const codeOf = ([r, g, b]: readonly [number, number, number]): number =>
  (r << 16) | (g << 8) | b;

/** The colour of a number, and as CSS writes it. */
export const colourOf = (code: number): readonly [number, number, number] => [
  (code >> 16) & 255,
  (code >> 8) & 255,
  code & 255,
];
export const cssOf = (code: number): string => `#${code.toString(16).padStart(6, "0")}`;

/** Reads a map without changing any colour: PNG, or another format that keeps colours exactly. */
export async function readMap(file: Uint8Array, half?: Half): Promise<RawMap> {
  if (file[0] === 0xff && file[1] === 0xd8) {
    throw new BadFile("is a JPEG, whose colours are not exact; save maps as PNG");
  }
  const png = pngFacts(file);
  if (png?.depth === 16) throw new BadFile("is a PNG of 16 bits; save maps with 8");
  const whole = await pixelsOf(file);
  const { data, height, width, channels } = half === undefined ? whole : halved(whole, half);
  const colours = new Uint32Array(height * width);
  for (let i = 0; i < colours.length; i++) {
    const at = i * channels;
    const [r, g, b] = [0, 1, 2].map((c) => data[at + (channels < 3 ? 0 : c)]!);
    colours[i] = codeOf([r!, g!, b!]);
  }
  const isGrey = png?.type === 0 || colours.every((v) => v >> 8 === (v & 0xffff));
  const palette = png?.type === 3 ? png.palette.join() : undefined;
  return { colours, height, width, isGrey, palette, numberOf: numbersOf(png, isGrey) };
}

interface Pixels {
  readonly data: Uint8Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

async function pixelsOf(file: Uint8Array): Promise<Pixels> {
  const strict = { failOn: "error", limitInputPixels: largestPicture, autoOrient: true } as const;
  try {
    const { data, info } = await sharp(file, strict)
      .removeAlpha()
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    return { data, height: info.height, width: info.width, channels: info.channels };
  } catch (error) {
    throw new BadFile(decodeReason(error));
  }
}

function halved({ data, height, width, channels }: Pixels, half: Half): Pixels {
  const one = width / 2;
  const out = new Uint8Array(height * one * channels);
  for (let y = 0; y < height; y++) {
    const from = (y * width + (half === "left" ? 0 : one)) * channels;
    out.set(data.subarray(from, from + one * channels), y * one * channels);
  }
  return { data: out, height, width: one, channels };
}

interface PngFacts {
  readonly depth: number;
  /** 0 grey, 2 colour, 3 a palette, 4 and 6 with alpha. */
  readonly type: number;
  readonly palette: readonly number[];
}

/** What a PNG says of its pixels before they come. ISO/IEC 15948, 11.2. */
function pngFacts(file: Uint8Array): PngFacts | undefined {
  if (latin1(file.subarray(0, 4)) !== "\x89PNG" || file.length < 33) return undefined;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const palette: number[] = [];
  for (let at = 8; at + 12 <= file.length; at += 12 + view.getUint32(at)) {
    const name = latin1(file.subarray(at + 4, at + 8));
    if (name === "IDAT") break;
    if (name !== "PLTE") continue;
    const end = Math.min(file.length, at + 8 + view.getUint32(at));
    for (let i = at + 8; i + 3 <= end; i += 3) {
      palette.push(codeOf([file[i]!, file[i + 1]!, file[i + 2]!]));
    }
  }
  return { depth: file[24]!, type: file[25]!, palette };
}

function numbersOf(png: PngFacts | undefined, isGrey: boolean): RawMap["numberOf"] {
  if (png?.type === 3) {
    const places = new Map<number, number>();
    png.palette.forEach((colour, i) => {
      if (!places.has(colour)) places.set(colour, i);
    });
    return (colour) => places.get(colour);
  }
  if (!isGrey) return undefined;
  // What has fewer bits than a byte was stretched to 0 … 255.
  const step = png?.type === 0 && png.depth < 8 ? 255 / (2 ** png.depth - 1) : 1;
  return (colour) => (colour & 255) / step;
}

/** The class of each pixel, or why one has none. */
export function classesOfMap(map: RawMap, { legend, numbers, isColoured }: MapPlan): Uint8Array {
  const { colours, width, isGrey, numberOf } = map;
  const byColour = new Map(legend.map(({ colour }, k) => [codeOf(colour), k]));
  const byNumber = new Map(numbers.map((number, k) => [number, k]));
  const ways = [
    ...(numberOf ? [(v: number) => byNumber.get(numberOf(v) ?? -1)] : []),
    ...(isColoured ? [(v: number) => byColour.get(v)] : []),
  ];
  // Grey levels are numbers first; what has colours is known by them first.
  if (!isGrey) ways.reverse();
  const distinct = [...new Set(colours)];
  for (const way of ways) {
    const classes = new Map(distinct.map((v) => [v, way(v)]));
    if (distinct.some((v) => classes.get(v) === undefined)) continue;
    return Uint8Array.from(colours, (v) => classes.get(v)!);
  }
  const way = ways[0];
  const at = Math.max(
    0,
    colours.findIndex((v) => way?.(v) === undefined),
  );
  const place = `at (${at % width}, ${Math.floor(at / width)})`;
  const number = isGrey || !isColoured ? numberOf?.(colours[at]!) : undefined;
  if (number === undefined) {
    throw new BadFile(`has ${cssOf(colours[at]!)} ${place}, which is not in the legend`);
  }
  throw new BadFile(`has class ${number} ${place}, and the legend has ${spanOf(numbers)}`);
}

const spanOf = (numbers: readonly number[]): string => {
  const most = numbers.at(-1) ?? 0;
  return numbers.length === most + 1 ? `0 … ${most}` : numbers.join(", ");
};

/** What a map is made as large as. */
export interface Fitting {
  readonly from: readonly [height: number, width: number];
  readonly to: readonly [height: number, width: number];
  readonly fit: "crop" | "pad";
  /** The class beside a padded map. */
  readonly beside: number;
}

/**
 * The nearest pixel's class of another size, seeing the same part that sharp sees of a photo: the
 * longer side cut, or the shorter one padded, both around the middle.
 */
export function fitted(classes: Uint8Array, { from, to, fit, beside }: Fitting): Uint8Array {
  const [height, width] = to;
  if (from[0] === height && from[1] === width) return classes;
  const factors = [from[0] / height, from[1] / width] as const;
  const factor = fit === "crop" ? Math.min(...factors) : Math.max(...factors);
  const start = ([axis, size]: readonly [0 | 1, number]): number => {
    const whole = Math.round(from[axis] / factor);
    return whole >= size ? Math.trunc((whole - size + 1) / 2) : -Math.trunc((size - whole) / 2);
  };
  const [top, left] = [start([0, height]), start([1, width])];
  const out = new Uint8Array(height * width);
  for (let y = 0; y < height; y++) {
    const v = Math.floor((y + top + 0.5) * factor);
    for (let x = 0; x < width; x++) {
      const u = Math.floor((x + left + 0.5) * factor);
      const isInside = v >= 0 && v < from[0] && u >= 0 && u < from[1];
      // What rounding leaves over at the rim of a cropped map is its rim.
      const row = Math.max(0, Math.min(from[0] - 1, v));
      const column = Math.max(0, Math.min(from[1] - 1, u));
      out[y * width + x] = isInside || fit === "crop" ? classes[row * from[1] + column]! : beside;
    }
  }
  return out;
}
