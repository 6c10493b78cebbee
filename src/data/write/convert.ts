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
import { folderNames, type Naming, type PairNaming, pairNames, shardNames } from "./names.js";
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

/** Checks that a form has room for all that a data set is. */
export function checkForm(form: Form, { flux, given }: Dataset): void {
  if (form !== "npz" || (flux === undefined && given === undefined)) return;
  const why =
    flux === undefined ? "pairs are not written as .npz" : "light is written as FITS files";
  throw new ConfigurationError({ op: "OUT", why, hint: "name a folder or a .zip" });
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
  checkForm(form, data);
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
  const { names, given, index } = namingOf(data, folderNames(data));
  await mkdir(folder);
  for (const below of new Set([...names, ...given].map(dirname)))
    await mkdir(join(folder, below), { recursive: true });
  for await (const { name, file, done } of namedFiles(data, { names, given })) {
    signal?.throwIfAborted();
    await writeFile(join(folder, name), file);
    onProgress?.(done, data.count);
  }
  if (index !== undefined) await writeFile(join(folder, "dataset.json"), index);
}

/** Where every picture goes, and those that belong to them. */
const namingOf = (data: Dataset, naming: Naming): Naming & Pick<PairNaming, "given"> =>
  data.given === undefined ? { ...naming, given: [] } : pairNames(data, naming);

/** Every picture with its name, those that are given after all others; `done` counts to `count`. */
async function* namedFiles(
  data: Dataset,
  { names, given }: Pick<PairNaming, "names" | "given">,
): AsyncGenerator<{ readonly name: string; readonly file: Uint8Array; readonly done: number }> {
  const { items, shape } = data.given ?? data;
  const all = [...names, ...given];
  let i = 0;
  const sides = [filesOf(data), ...(data.given ? [pngsOf({ ...data, items, shape })] : [])];
  for (const side of sides) {
    for await (const file of side) {
      yield { name: all[i++]!, file, done: Math.ceil((i * data.count) / all.length) };
    }
  }
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
  const { names, given, index } = namingOf(data, shardNames(data));
  for await (const { name, file, done } of namedFiles(data, { names, given })) {
    zip.add(name, file);
    yield done;
  }
  zip.add("dataset.json", new TextEncoder().encode(index ?? "{}"));
}
