import { createHash, type Hash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import sharp from "sharp";
import { filesIn, openFolder } from "../files/folder.js";
import { idxLabels } from "../files/idx.js";
import type { Kind } from "../files/kind.js";
import type { Half, PictureOptions } from "../files/options.js";
import type { MapPlan } from "../files/pairs-maps.js";
import { formatVersion } from "./entry.js";

/** What is opened, and how it becomes a data set. */
export interface Content {
  readonly path: string;
  readonly kind: Kind;
  /** What the data set will be called. */
  readonly name: string;
  readonly options: PictureOptions;
  /** What is taken of it, where it is one of two sides. */
  readonly side?: SideContent;
}

/** What is taken of a source that holds more: plain data, all of which decides what is decoded. */
export interface SideContent {
  readonly names: readonly string[];
  readonly half?: Half | undefined;
  readonly map?: MapPlan | undefined;
}

/** The files that a data set is read from; an empty name is the path itself. */
async function filesOf({ path, kind }: Content): Promise<{ within: string; names: string[] }> {
  if (kind === "folder") {
    const { names, index } = await openFolder(path);
    return { within: path, names: [...names, ...(index ? [index.name] : [])] };
  }
  if (kind === "idx") {
    const labels = await idxLabels(path);
    return { within: dirname(path), names: [path, ...(labels ? [labels] : [])].map(nameAlone) };
  }
  if ((await stat(path)).isDirectory()) return { within: path, names: [...(await filesIn(path))] };
  return { within: path, names: [""] };
}

const nameAlone = (path: string): string => basename(path);

/** Long enough for a few files, short enough for nobody to notice. */
const breathMs = 10;

/**
 * SHA-256 of what decoded data depend on, in hexadecimal: the bytes and the names of the files, how
 * they are decoded, and by which version of what. Where the files lie is no part of it.
 */
export async function keyOf(content: Content): Promise<string> {
  const { kind, name: called, options, side } = content;
  const { size, color, fit, filter, background, split, label, limit, signal, onCheck } = options;
  const recipe = { size, color, fit, filter, background, split, label, limit };
  const versions = { format: formatVersion, vips: sharp.versions.vips };
  const hash = createHash("sha256");
  hash.update(`${JSON.stringify({ kind, called, recipe, side, versions })}\n`);
  const buffer = new Uint8Array(2 ** 20);
  let breathed = performance.now();
  let read = 0;
  const { within, names } = await filesOf(content);
  for (const name of names.sort()) {
    for (const count of hashFile(join(within, name), { hash, name, buffer })) {
      read += count;
      if (performance.now() - breathed < breathMs) continue;
      signal?.throwIfAborted();
      onCheck?.(read);
      // Files are read without waiting, since small ones are read in less time than it takes to ask.
      await setImmediate();
      breathed = performance.now();
    }
  }
  return hash.digest("hex");
}

/** Adds a file's name, size and bytes; stops for breath after every part, with its length. */
function* hashFile(
  path: string,
  {
    hash,
    name,
    buffer,
  }: { readonly hash: Hash; readonly name: string; readonly buffer: Uint8Array },
): Generator<number, void> {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    // What cannot be read is left out of the data as well, or stops them.
    hash.update(`${JSON.stringify(name)} unreadable\n`);
    return;
  }
  try {
    hash.update(`${JSON.stringify(name)} ${fstatSync(file).size}\n`);
    for (;;) {
      const count = readSync(file, buffer, 0, buffer.length, null);
      if (count === 0) return;
      hash.update(buffer.subarray(0, count));
      yield count;
    }
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    hash.update("unreadable\n");
  } finally {
    closeSync(file);
  }
}
