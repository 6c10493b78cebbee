import { createHash } from "node:crypto";
import { createReadStream, readdirSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { ConfigurationError } from "../shape/error.js";
import { globPattern } from "./normal-map.js";
import { openUpscaler } from "./open.js";
import type { OutFormat } from "./row-sink.js";
import type { TextureSettings } from "./texture-plan.js";
import type { Upscaler } from "./upscaler.js";

/** How a folder of textures is made larger; everything has a default. */
export interface TextureUpscaleOptions {
  /** A folder, or for a single picture a file; `SOURCE-x4` beside the source. */
  readonly out?: string;
  /** Weights, an ONNX model, a run's folder, `bicubic` or `lanczos`; bicubic. */
  readonly model?: string | Upscaler;
  /** How many times larger the kernels make pictures, 4; a network's scale is its own. */
  readonly scale?: number;
  /** Side of a network's largest tile in pixels. */
  readonly tile?: number;
  /** Where networks run: `cpu`. */
  readonly device?: string;
  /** Which pictures go on at their other side: as they seem to (`auto`), `all` or `none`. */
  readonly seamless?: "auto" | "all" | "none";
  /** What makes alpha larger: `kernel` (bicubic) or `model`, which then sees it as grey. */
  readonly alpha?: "kernel" | "model";
  /** Globs of further normal maps, beside those named `_n`, `_normal` and `_nrm`. */
  readonly normalMaps?: readonly string[];
  /** PNGs with a palette: the source's own colours where they are at most 256, or so many. */
  readonly palette?: "keep" | number;
  /** The longer side, or height and width, at most: what is larger is made smaller by Lanczos. */
  readonly size?: number | readonly [height: number, width: number];
  /** The result is so many times smaller than what the model makes; by Lanczos. */
  readonly down?: number;
  /** The format of the results; by default that of each source. */
  readonly to?: "keep" | OutFormat;
  /** Whether files that cannot be used are left out. */
  readonly skipBad?: boolean;
  /** Is told how far everything is: the share of all pixels, and the file. */
  readonly onProgress?: (progress: UpscaleProgress) => void;
  /** Stops after the present rows when it is aborted; the same call goes on from there. */
  readonly signal?: AbortSignal;
}

/** How far a job is. */
export interface UpscaleProgress {
  /** Whether files are still being looked at, or made larger. */
  readonly phase: "looking" | "upscaling";
  /** Files done, of so many. */
  readonly done: number;
  /** Files that there are. */
  readonly total: number;
  /** Share of everything, 0 to 1. */
  readonly share: number;
  /** The file that is at work. */
  readonly file: string;
}

/** Every format that there is to write. */
export const outFormats = [
  ...["png", "jpeg", "webp", "tga", "bc1", "bc3", "bc7", "rgba", "bgra"],
] as readonly OutFormat[]; // each of them is one

const formats: Readonly<Record<string, OutFormat>> = {
  ...{ ".png": "png", ".webp": "webp", ".tga": "tga" },
  ...{ ".jpg": "jpeg", ".jpeg": "jpeg" },
};

/** The format that the name of a single result asks for, when none is asked for otherwise. */
export function formatOfName(
  source: string,
  { out, to, palette }: TextureUpscaleOptions,
): Pick<TextureUpscaleOptions, "to"> {
  const ending = out === undefined ? "" : extname(out).toLowerCase();
  const isDds = ending === ".dds" && (to === undefined || to === "keep");
  if (isDds && !/\.dds$/i.test(source)) return { to: "bc7" };
  const asked = formats[ending];
  if (asked === undefined) return {};
  const isOther = to !== undefined && to !== "keep" && to !== asked;
  if (isOther || (palette !== undefined && asked !== "png")) {
    const why = `${out} would be named ${asked}, and ${isOther ? to : "png"} was asked for`;
    throw new ConfigurationError({ op: "--out", why });
  }
  return { to: asked };
}

/** The settings that options are, with the model open; wrong ones are refused. */
export async function openSettings(options: TextureUpscaleOptions): Promise<TextureSettings> {
  const { down = 1, size, palette, to = "keep", normalMaps = [] } = options;
  const refuse = (op: string, why: string): never => {
    throw new ConfigurationError({ op: `upscale.${op}`, why });
  };
  const isWhole = (n: number): boolean => Number.isSafeInteger(n) && n >= 1;
  if (!isWhole(down)) refuse("down", `expected a whole number of at least 1, received ${down}`);
  const sizes = size === undefined ? [] : typeof size === "number" ? [size] : size;
  if (!sizes.every(isWhole)) refuse("size", `expected whole numbers, received ${sizes.join("x")}`);
  if (size !== undefined && down !== 1) refuse("size", "is no use beside down; choose one of them");
  if (palette !== undefined && palette !== "keep" && !(isWhole(palette) && palette <= 256)) {
    refuse("palette", `expected keep or 1 to 256 colours, received ${palette}`);
  }
  if (palette !== undefined && to !== "keep" && to !== "png") {
    refuse("palette", `PNG alone has one here; ${to} was asked for`);
  }
  if (to !== "keep" && !outFormats.includes(to)) {
    refuse("to", `expected keep, ${outFormats.join(", ")}, received ${to}`);
  }
  return {
    upscaler: await openModel(options),
    ...{ down, size, palette, to },
    seamless: options.seamless ?? "auto",
    alpha: options.alpha ?? "kernel",
    normalMaps: normalMaps.map(globPattern),
  };
}

async function openModel(options: TextureUpscaleOptions): Promise<Upscaler> {
  const { model = "bicubic", scale, tile, device } = options;
  if (typeof model !== "string") return model;
  return await openUpscaler(model, {
    ...(scale === undefined ? {} : { scale }),
    ...(tile === undefined ? {} : { tile }),
    ...(device === undefined ? {} : { device }),
  });
}

/** Changes whenever results would be others of the same sources and options. */
const version = 1;

/** A hash of everything that results depend on beside their source. */
export async function settingsHash(
  { upscaler, ...settings }: TextureSettings,
  { model, device = "cpu" }: TextureUpscaleOptions,
): Promise<string> {
  const { about, scale, tile } = upscaler;
  const given = typeof model === "string" ? await modelHash(model) : "";
  const globs = settings.normalMaps.map(String);
  const all = { version, about, scale, tile, given, device, ...settings, normalMaps: globs };
  return createHash("sha256").update(JSON.stringify(all)).digest("hex");
}

/** What tells one model from another of its name: a file's bytes, or when a run's files changed. */
async function modelHash(model: string): Promise<string> {
  const found = statSync(model, { throwIfNoEntry: false });
  if (found === undefined) return "";
  const hash = createHash("sha256");
  if (found.isDirectory()) {
    for (const name of readdirSync(model, { recursive: true, encoding: "utf8" }).sort()) {
      const { size, mtimeMs } = statSync(join(model, name));
      hash.update(`${name} ${size} ${mtimeMs}\n`);
    }
  } else {
    for await (const part of createReadStream(model)) hash.update(part as Uint8Array); // of a file without encoding
  }
  return hash.digest("hex");
}
