import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { BelamyError, closest, DataError } from "../../shape/error.js";
import { throughCache } from "../cache/through.js";
import type { Dataset } from "../dataset.js";
import { cifarTar } from "./cifar-source.js";
import { holdsFits, inBands } from "./fits-bands.js";
import { gatherFits } from "./fits-pictures.js";
import { gather } from "./gather.js";
import { nodeFingerprint } from "./hash.js";
import { type HeapKind, heapOf, knownOf, nameOf, openSource } from "./heap.js";
import { type Kind, kindOf } from "./kind.js";
import { evenly } from "./layout.js";
import { checkOptions, type PictureOptions } from "./options.js";
import { insideOf, isPaired, openPairs } from "./pairs.js";
import { readers } from "./readers.js";
import { errnoReason } from "./reason.js";
import type { Opening } from "./room.js";
import { BadFile, type PictureSource } from "./source.js";

/**
 * Opens a folder, zip or tar of pictures, a StyleGAN zip, one picture, IDX, CIFAR's binary files,
 * NPY, NPZ, Parquet or a table, told apart by content: pictures as bytes `[c h w]`, those of light in
 * FITS files and points as float32 `[c h w]` and `[d]`, in memory that threads share. The same files give the same data set in whatever
 * order a file system lists them.
 */
export async function openPictures(path: string, options: PictureOptions = {}): Promise<Dataset> {
  checkOptions(options);
  options.signal?.throwIfAborted();
  try {
    const inside = await insideOf(path);
    if (inside) return await openPairs(inside.path, { ...options, within: inside.within });
    if (isPaired(options)) return await openPairs(path, options);
    const kind = await kindOf(path);
    const content = { path, kind, name: nameOf(path), options };
    return await throughCache(content, (opening) => read(path, { kind, options: opening }));
  } catch (error) {
    throw await asDataError(path, error);
  }
}

async function read(
  path: string,
  { kind, options }: { readonly kind: Kind; readonly options: Opening },
): Promise<Dataset> {
  if (!isPictures(kind)) return await readers[kind](path, { name: nameOf(path), options });
  const source = await openSource(path, kind);
  try {
    if (kind === "tar" && source.names.length === 0) {
      const cifar = await cifarTar(path, { name: nameOf(path), options });
      if (cifar) return cifar;
    }
    return await assemble(path, { source, options });
  } finally {
    await source.close();
  }
}

const isPictures = (kind: Kind): kind is HeapKind => !(kind in readers);

async function assemble(
  file: string,
  { source: files, options }: { readonly source: PictureSource; readonly options: Opening },
): Promise<Dataset> {
  const areFits = await holdsFits(file, files);
  const source = areFits ? inBands(files) : files;
  const heap = await heapOf(file, { source, split: options.split });
  const pictures = evenly(heap.layout.pictures, options.limit);
  const { kept, items, shape, skipped, ...light } = areFits
    ? await gatherFits({ file, source, pictures, options })
    : await gather({ file, source, pictures, options });
  const known = knownOf(heap, kept);
  const data = { kind: "pictures", shape, items, ...known } as const;
  return {
    name: nameOf(file, heap.layout.split),
    count: kept.length,
    ...data,
    ...light,
    fingerprint: nodeFingerprint(data),
    modes: undefined,
    skipped,
  };
}

/** Whether something exists at a path. */
export const pathExists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

async function asDataError(path: string, error: unknown): Promise<unknown> {
  if (error instanceof BelamyError) return error;
  if (error instanceof BadFile) return new DataError({ op: path, why: error.message });
  if (!(error instanceof Error) || !("syscall" in error)) return error;
  const why = errnoReason(error);
  const meant = why === "does not exist" ? await neighbour(path) : undefined;
  return new DataError({ op: path, why, ...(meant ? { hint: `did you mean ${meant}?` } : {}) });
}

/** What beside a path has almost its name. */
async function neighbour(path: string): Promise<string | undefined> {
  const names = await readdir(dirname(path)).catch(() => []);
  const meant = closest(basename(path), names);
  return meant && join(dirname(path), meant);
}
