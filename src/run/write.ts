import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { BelamyError } from "../shape/error.js";

/** A file of a run that could not be written; what was there before is as it was. */
export class WriteError extends BelamyError {
  override readonly name: string = "WriteError";
}

const reasons: Readonly<Record<string, readonly [string, string | undefined]>> = {
  ENOSPC: ["the disk is full", "free some space, then resume the run"],
  EDQUOT: ["your disk quota is used up", "free some space, then resume the run"],
  EACCES: ["permission denied", undefined],
  EPERM: ["permission denied", undefined],
  EROFS: ["the disk is read-only", undefined],
  ENOENT: ["its folder is gone", undefined],
  EEXIST: ["a file has its name", undefined],
  EIO: ["the disk reported an error", undefined],
};

/** What `node:fs` threw, as an error that names file, reason and cure. */
export function writeError(path: string, error: unknown): WriteError {
  if (error instanceof WriteError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  const [reason, hint] = reasons[code] ?? [code, undefined];
  return new WriteError({
    op: basename(path),
    why: `not written, ${reason}`,
    operands: [{ label: "folder", value: dirname(path) }],
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Marks files that are not yet whole. */
export const unfinished = ".unfinished";

/** Writes a whole file or none: aside, flushed, renamed, and the renaming flushed. */
export function writeWhole(path: string, parts: readonly Uint8Array[]): void {
  const aside = `${path}${unfinished}`;
  try {
    try {
      withFile(aside, "w", (file) => {
        for (const part of parts) writeAll(file, part);
        fsyncSync(file);
      });
      renameSync(aside, path);
    } catch (error) {
      removeIfThere(aside);
      throw error;
    }
    if (process.platform !== "win32") withFile(dirname(path), "r", fsyncSync);
  } catch (error) {
    throw writeError(path, error);
  }
}

/** Makes a folder where there is none. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw writeError(path, error);
  }
}

/** Writes every byte; one call to the system may write fewer. */
export function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at);
}

/** Appends every byte or none: half a line, or half a record, would spoil the next one. */
export function appendWhole(file: number, bytes: Uint8Array): void {
  const { size } = fstatSync(file);
  try {
    writeAll(file, bytes);
  } catch (error) {
    try {
      ftruncateSync(file, size);
    } catch {
      // The first error says more.
    }
    throw error;
  }
}

/** Removes what a killed process left half written. */
export function removeUnfinished(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.endsWith(unfinished)) removeIfThere(join(folder, name));
  }
}

function withFile(path: string, flags: string, use: (file: number) => void): void {
  const file = openSync(path, flags);
  try {
    use(file);
  } finally {
    closeSync(file);
  }
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It was not there.
  }
}
