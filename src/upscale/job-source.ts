import { statSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { openFolder, openPictureFile } from "../data/files/folder.js";
import { kindOf } from "../data/files/kind.js";
import { errnoReason } from "../data/files/reason.js";
import { BadFile, type PictureSource } from "../data/files/source.js";
import { openZip } from "../data/files/zip.js";
import { ConfigurationError, DataError } from "../shape/error.js";

/** Pictures to make larger: those of a folder or zip with their places in it, or one. */
export interface TextureSource {
  readonly names: readonly string[];
  readonly single: boolean;
  /** A picture's bytes, or a `BadFile`. */
  read(name: string): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Opens a folder, a zip or a picture. */
export async function openTextures(source: string): Promise<TextureSource> {
  const { pictures, single } = await opened(source);
  const places = new Map(pictures.names.map((name, i) => [name, i]));
  if (places.size < pictures.names.length) {
    await pictures.close();
    throw new DataError({ op: source, why: "holds two pictures of one name" });
  }
  if (places.size === 0) {
    await pictures.close();
    const hint = "name a folder or zip of PNG, JPEG, WebP, TGA or DDS";
    throw new DataError({ op: source, why: "holds no pictures", hint });
  }
  return {
    names: [...places.keys()].sort(),
    single,
    async read(name) {
      let bytes: Uint8Array | undefined;
      await pictures.visit([places.get(name)!], async (_, read) => {
        bytes = await read();
      });
      return bytes!; // visited
    },
    close: () => pictures.close(),
  };
}

async function opened(
  source: string,
): Promise<{ readonly pictures: PictureSource; readonly single: boolean }> {
  try {
    if (statSync(source).isDirectory())
      return { pictures: await openFolder(source), single: false };
    const kind = await kindOf(source);
    if (kind === "zip") return { pictures: await openZip(source), single: false };
    if (kind === "picture") {
      return { pictures: openPictureFile(source, basename(source)), single: true };
    }
    throw new BadFile(`is no folder, zip or picture (${kind})`);
  } catch (error) {
    if (error instanceof DataError) throw error;
    const why = error instanceof BadFile ? error.message : errnoReason(error);
    throw new DataError({ op: source, why });
  }
}

/** Where results go when nobody says: beside the source, with how much larger they are. */
export function usualOut(
  source: string,
  { single, times }: { readonly single: boolean; readonly times: number | undefined },
): string {
  const path = resolve(source);
  const below = relative(process.cwd(), dirname(path));
  const beside = below.startsWith("..") ? dirname(path) : below;
  const mark = times === undefined ? "-upscaled" : `-x${Number(times.toFixed(2))}`;
  const name = basename(path);
  if (!single) return join(beside, `${name.replace(/\.zip$/i, "")}${mark}`);
  const dot = name.lastIndexOf(".");
  return join(beside, `${name.slice(0, dot)}${mark}${name.slice(dot)}`);
}

/** Refuses results that would be among the sources, and would be sources the next time. */
export function checkApart(source: string, out: string): void {
  if (!statSync(source).isDirectory()) return;
  const [from, to] = [resolve(source), resolve(out)];
  if (from !== to && !to.startsWith(from.endsWith(sep) ? from : from + sep)) return;
  const why = from === to ? "is SOURCE itself" : "lies in SOURCE, and would be read the next time";
  throw new ConfigurationError({ op: "--out", why, hint: "name a folder beside it" });
}
