import { extname } from "node:path";
import { BadFile } from "../data/files/source.js";
import type { DdsFormat } from "../data/write/dds.js";
import { type AlphaFacts, alphaFacts } from "./alpha.js";
import type { Wraps } from "./bleed.js";
import { holdsNormals, namedNormal, withBlue } from "./normal-map.js";
import { mostColors, paletteOf } from "./palette.js";
import { largestSide, type OutFormat } from "./row-sink.js";
import { seamlessAxes } from "./seam.js";
import { largestOptimized } from "./sharp-rows.js";
import { Spool } from "./spool.js";
import type { GamePicture } from "./texture-read.js";
import type { Upscaler } from "./upscaler.js";

/** How textures are made larger, settled before any of them is read. */
export interface TextureSettings {
  readonly upscaler: Upscaler;
  /** The result is so many times smaller than what the upscaler makes. */
  readonly down: number;
  /** The longer side at most, or height and width at most. */
  readonly size: number | readonly [height: number, width: number] | undefined;
  readonly seamless: "auto" | "all" | "none";
  /** What makes alpha larger. */
  readonly alpha: "kernel" | "model";
  /** Names of further normal maps. */
  readonly normalMaps: readonly RegExp[];
  /** The source's own colours, or so many. */
  readonly palette: "keep" | number | undefined;
  readonly to: "keep" | OutFormat;
}

/** What will be done to one picture. */
export interface TexturePlan {
  readonly name: string;
  /** Where it goes, below the folder of results. */
  readonly out: string;
  readonly format: OutFormat;
  readonly mipmaps: boolean;
  readonly from: readonly [height: number, width: number];
  readonly to: readonly [height: number, width: number];
  readonly channels: 1 | 3;
  /** What white is in the result: 255 or 65535. */
  readonly most: number;
  readonly alpha: AlphaFacts;
  readonly seamless: Wraps;
  readonly normalMap: boolean;
  readonly palette: "keep" | number | undefined;
  /** Bytes that its pixels take while they are worked on, beside those of the upscaler's own tile. */
  readonly memory: number;
  /** Bytes of a file that is there only while the picture is worked on. */
  readonly disk: number;
  readonly notes: readonly string[];
}

const kept: Readonly<Record<string, OutFormat>> = {
  png: "png",
  jpeg: "jpeg",
  webp: "webp",
  tga: "tga",
};
const ddsKept: Readonly<Record<string, DdsFormat>> = {
  rgba: "rgba",
  bgra: "bgra",
  bc1: "bc1",
  bc2: "bc3",
  bc3: "bc3",
  bc7: "bc7",
};

const isDds = (format: OutFormat): format is DdsFormat =>
  !["png", "jpeg", "webp", "tga"].includes(format);

/** Plans one picture, and gives it as it will be used; a `BadFile` says why it cannot be done. */
export function planTexture(
  given: GamePicture,
  name: string,
  settings: TextureSettings,
): { readonly plan: TexturePlan; readonly picture: GamePicture } {
  const notes: string[] = [];
  const note = (text: string): void => void notes.push(text);
  const { normalMap, picture } = normalsOf(given, { name, settings, note });
  const format = formatOf(picture, settings, note);
  const to = sizeOf(picture, settings);
  checkFits(picture, { format, to });
  const alpha = alphaFacts(picture.alpha);
  if (format === "bc1" && alpha.kind === "smooth") note("BC1 keeps alpha as holes only");
  const { height, width, channels } = picture;
  const most = format === "png" && settings.palette === undefined ? picture.most : 255;
  if (most < picture.most) note("16 bits become 8");
  if (settings.palette === "keep" && paletteOf(picture) === undefined) {
    note(`has more than ${mostColors} colours: ${mostColors} are chosen`);
  }
  const seamless =
    settings.seamless === "auto"
      ? seamlessAxes(picture)
      : { x: settings.seamless === "all", y: settings.seamless === "all" };
  const plan = {
    name,
    out: isKept(picture, format) ? name : renamed(name, format),
    format,
    mipmaps: isDds(format) && (picture.dds === undefined || picture.dds.levels > 1),
    from: [height, width],
    to,
    channels,
    most,
    alpha,
    seamless,
    normalMap,
    palette: settings.palette,
    notes,
  } as const;
  return { plan: { ...plan, ...roomFor(picture, { ...plan, settings }) }, picture };
}

function normalsOf(
  picture: GamePicture,
  {
    name,
    settings,
    note,
  }: {
    readonly name: string;
    readonly settings: TextureSettings;
    readonly note: (text: string) => void;
  },
): { readonly normalMap: boolean; readonly picture: GamePicture } {
  const named = namedNormal(name, settings.normalMaps);
  if (named === undefined) return { normalMap: false, picture };
  if (picture.channels === 1) {
    note("named as a normal map, but is grey: taken for a picture");
    return { normalMap: false, picture };
  }
  const whole = picture.dds?.format === "bc5" ? withBlue(picture) : picture;
  if (named === "glob" || holdsNormals(whole)) return { normalMap: true, picture: whole };
  note("named as a normal map, but holds no directions of unit length: taken for a picture");
  return { normalMap: false, picture };
}

function formatOf(
  { format, dds }: GamePicture,
  { to, palette }: TextureSettings,
  note: (text: string) => void,
): OutFormat {
  if (palette !== undefined) return "png";
  if (to !== "keep") return to;
  if (dds) {
    const found = ddsKept[dds.format];
    if (found !== dds.format) {
      note(`${dds.format.toUpperCase()} is not written: becomes ${(found ?? "bc7").toUpperCase()}`);
    }
    return found ?? "bc7";
  }
  const found = kept[format];
  if (found === undefined) note(`${format.toUpperCase()} is not written: becomes PNG`);
  return found ?? "png";
}

const endings: Readonly<Record<string, RegExp>> = {
  png: /\.png$/i,
  jpeg: /\.(jpe?g|jpe|jfif)$/i,
  webp: /\.webp$/i,
  tga: /\.tga$/i,
};

/** Whether a name may stay: a file of that format has it, or had it, whatever it says. */
const isKept = ({ format, dds }: GamePicture, out: OutFormat): boolean =>
  dds ? isDds(out) : format === out;

/** A name with the ending of another format. */
function renamed(name: string, format: OutFormat): string {
  if ((endings[format] ?? /\.dds$/i).test(name)) return name;
  const ending = isDds(format) ? ".dds" : format === "jpeg" ? ".jpg" : `.${format}`;
  return name.slice(0, name.length - extname(name).length) + ending;
}

function sizeOf(
  { height, width }: GamePicture,
  { upscaler, down, size }: TextureSettings,
): readonly [height: number, width: number] {
  const large = [height * upscaler.scale, width * upscaler.scale] as const;
  const least = (n: number): number => Math.max(1, Math.round(n));
  if (size === undefined) return [least(large[0] / down), least(large[1] / down)];
  if (typeof size !== "number") {
    return [Math.min(size[0], large[0]), Math.min(size[1], large[1])];
  }
  const share = Math.min(1, size / Math.max(...large));
  return [least(large[0] * share), least(large[1] * share)];
}

function checkFits(
  { alpha }: GamePicture,
  { format, to }: { readonly format: OutFormat; readonly to: readonly [number, number] },
): void {
  const kind = isDds(format)
    ? "DDS"
    : { png: "PNG", jpeg: "JPEG", webp: "WebP", tga: "TGA" }[format];
  if (Math.max(...to) > largestSide[format]) {
    const size = `${to[1]} × ${to[0]}`;
    throw new BadFile(`would be ${size}, and ${kind} has at most ${largestSide[format]} a side`);
  }
  if (format === "jpeg" && alpha) throw new BadFile("has alpha, which JPEG cannot keep");
}

/** What is no longer needed is given back late: of 4096 × 4096 up to 1.64 times the sum is taken. */
const slack = 1.75;

/** What the pixels of a picture take in memory and on the disk. */
function roomFor(
  { height, width, channels, most: sourceMost, alpha }: GamePicture,
  {
    to: [h, w],
    most,
    format,
    settings: { upscaler, down, size },
  }: Pick<TexturePlan, "to" | "most" | "format"> & { readonly settings: TextureSettings },
): Pick<TexturePlan, "memory" | "disk"> {
  const { scale, tile } = upscaler;
  const all = channels + (alpha ? 1 : 0);
  // As decoded, as taken apart, and with its colours bled.
  const source = 3 * height * width * all * (sourceMost === 255 ? 1 : 2);
  // A row of tiles as it is put together, and the part of it that is handed over.
  const rows = Math.min(tile, height) * scale + 64;
  const band = 4 * channels * width * scale * rows;
  const shrinks = down > 1 || size !== undefined ? 24 * width * scale * channels * 4 : 0;
  const each = most === 255 ? 1 : 2;
  const spools = [h * w * channels * each, alpha ? h * w * each : 0];
  const disk = spools.reduce((sum, bytes) => sum + Spool.diskBytes(bytes), 0);
  const held = spools.reduce((sum, bytes) => sum + bytes - Spool.diskBytes(bytes), 0);
  // WebP's library takes a picture whole, and JPEG's one that is not large.
  const isWhole = format === "webp" || (format === "jpeg" && h * w <= largestOptimized);
  const whole = isWhole ? 8 * h * w : 0;
  const raw = format === "webp" || format === "jpeg" ? h * w * all : 0;
  const memory = slack * (source + band + shrinks + held + whole);
  return { memory: Math.round(memory), disk: disk + raw };
}
