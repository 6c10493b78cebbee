import { randomUUID } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, extname, join, resolve } from "node:path";
import { ConfigurationError, DataError } from "../../shape/error.js";
import { unfinished } from "../cache/bound.js";
import { writeReason } from "../cache/settings.js";
import type { Dataset } from "../dataset.js";
import type { WriteOptions } from "../write.js";
import { fitsOf } from "./fits-files.js";
import { folderNames, shardNames } from "./names.js";
import { writeNpz } from "./npz.js";
import { pngsOf } from "./png.js";
import { ZipWriter } from "./zip-writer.js";

/** What a data set can be written as. */
export type Form = "folder" | "zip" | "npz";

/** What is written to a path, as its ending says. */
export function formOf(out: string): Form {
  const ending = extname(out).toLowerCase();
  if (ending === ".zip" || ending === ".npz") return ending === ".zip" ? "zip" : "npz";
  if (ending === "" || /[\\/]$/.test(out)) return "folder";
  throw new ConfigurationError({
    op: "OUT",
    why: `expected a folder, .zip or .npz, received ${out}`,
  });
}

/** Checks that a data set can be written in a form, to a path where nothing is yet. */
export function checkOut(out: string, kind: Dataset["kind"]): Form {
  const form = formOf(out);
  if (kind === "points" && form !== "npz") {
    const hint = "name a file such as points.npz";
    throw new ConfigurationError({ op: "OUT", why: "points are only written as .npz", hint });
  }
  if (existsSync(out)) {
    const hint = "remove it, or name another";
    throw new ConfigurationError({ op: "OUT", why: `${out} exists already`, hint });
  }
  return form;
}

/** A file for each picture: FITS for light, PNG for all others. */
const filesOf = (data: Dataset): AsyncIterable<Uint8Array> | Iterable<Uint8Array> =>
  data.flux === undefined ? pngsOf(data) : fitsOf(data);

/** Writes a data set in the form of its path: wholly, or not at all. */
export async function writeData(
  data: Dataset,
  out: string,
  options: WriteOptions = {},
): Promise<void> {
  const form = checkOut(out, data.kind);
  if (form === "npz" && data.flux !== undefined) {
    const hint = "name a folder or a .zip";
    throw new ConfigurationError({ op: "OUT", why: "light is written as FITS files", hint });
  }
  const path = resolve(out);
  const aside = `${path}.${randomUUID().slice(0, 8)}${unfinished}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    if (form === "folder") await writeFolder(data, aside, options);
    else await writeFileOf(data, aside, { form, ...options });
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { recursive: true, force: true }).catch(() => {});
    if (!(error instanceof Error) || !("syscall" in error)) throw error;
    throw new DataError({ op: out, why: `not written, ${writeReason(error)}` });
  }
}

async function writeFolder(
  data: Dataset,
  folder: string,
  { onProgress, signal }: WriteOptions,
): Promise<void> {
  const { names, index } = folderNames(data);
  await mkdir(folder);
  for (const below of new Set(names.map(dirname)))
    await mkdir(join(folder, below), { recursive: true });
  let done = 0;
  for await (const file of filesOf(data)) {
    signal?.throwIfAborted();
    await writeFile(join(folder, names[done]!), file);
    done++;
    onProgress?.(done, data.count);
  }
  if (index !== undefined) await writeFile(join(folder, "dataset.json"), index);
}

async function writeFileOf(
  data: Dataset,
  path: string,
  { form, onProgress, signal }: WriteOptions & { readonly form: "zip" | "npz" },
): Promise<void> {
  const file = openSync(path, "wx");
  try {
    const zip = new ZipWriter(file);
    const steps = form === "zip" ? writeZip(data, zip) : writeNpz(data, zip);
    for await (const done of steps) {
      signal?.throwIfAborted();
      onProgress?.(done, data.count);
    }
    zip.finish();
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Pictures and labels as StyleGAN's dataset_tool.py writes them, and further facts beside. */
async function* writeZip(data: Dataset, zip: ZipWriter): AsyncGenerator<number, void> {
  const { names, index } = shardNames(data);
  let done = 0;
  for await (const file of filesOf(data)) {
    zip.add(names[done]!, file);
    yield ++done;
  }
  zip.add("dataset.json", new TextEncoder().encode(index));
}
