import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, readdirSync, renameSync, statSync } from "node:fs";
import { type FileHandle, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { DataError, type Operand } from "../../shape/error.js";
import { writeReason } from "../cache/settings.js";
import { formatBytes } from "../files/memory.js";
import type { KnownFile } from "./sets.js";

/** How a file is brought here. */
export interface Download {
  /** What the user asked for. */
  readonly set: string;
  readonly file: KnownFile;
  readonly folder: string;
  readonly homes: readonly string[];
  readonly onNote?: ((text: string) => void) | undefined;
  readonly onDownload?: ((done: number, total: number, file: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds without a byte after which a home is given up. */
  readonly patienceMs?: number;
}

/** Tries at each home; each goes on where the last one broke off. */
const tries = 3;
/** Who has not written for so long writes no more. */
const abandonedMs = 60_000;

/** The path of a file that has the right sum: as it is there already, or downloaded now. */
export async function bring(download: Download): Promise<string> {
  const { set, file, folder, homes } = download;
  const path = join(folder, file.name);
  if (sizeAt(path) === file.bytes && (await md5Of(path)) === file.md5) return path;
  const part = claimPart(download);
  const failures: Operand[] = [];
  for (const home of homes) {
    const address = home.replace(/\/?$/, "/") + file.name;
    const { host } = new URL(address);
    download.onNote?.(`downloading ${file.name} (${formatBytes(file.bytes)}) from ${host}`);
    const failure = await bringFrom(address, part, download);
    if (failure === undefined) {
      renameSync(part, path);
      return path;
    }
    failures.push({ label: host, value: failure });
  }
  throw new DataError({
    op: set,
    why: `${file.name} cannot be downloaded`,
    operands: failures,
    hint: `pass files that you have, such as belamy train ./path/to/${set}`,
  });
}

/** Bytes of a file, none where there is none. */
function sizeAt(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}

/** Takes over what another process left unfinished, or begins a part of one's own. */
function claimPart({ set, file, folder }: Download): string {
  const own = join(folder, `${file.name}.${process.pid}.part`);
  try {
    mkdirSync(folder, { recursive: true });
    const left = readdirSync(folder)
      .filter((name) => name.startsWith(`${file.name}.`) && name.endsWith(".part"))
      .map((name) => join(folder, name))
      .find((path) => path === own || Date.now() - statSync(path).mtimeMs > abandonedMs);
    if (left !== undefined && left !== own) renameSync(left, own);
    return own;
  } catch (error) {
    throw notKept(set, { folder, error });
  }
}

/** Downloads the rest of a part; why that failed, or nothing when the whole is right. */
async function bringFrom(
  address: string,
  part: string,
  download: Download,
): Promise<string | undefined> {
  const { file, signal } = download;
  let failure = "";
  for (let i = 0; i < tries; i++) {
    signal?.throwIfAborted();
    const answer = await attempt(address, part, download);
    if (answer.kind === "refused") return answer.why;
    if (answer.kind === "broken") {
      failure = answer.why;
      continue;
    }
    const sum = await md5Of(part);
    if (sum === file.md5) return undefined;
    await rm(part, { force: true });
    failure = `sent other bytes, MD5 ${sum} instead of ${file.md5}`;
    // What was there before may have been wrong; a whole file that is wrong stays wrong.
    if (answer.from === 0) return failure;
  }
  return failure;
}

type Answer =
  | { readonly kind: "whole"; readonly from: number }
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "broken"; readonly why: string };

/** One request for what is missing. */
async function attempt(address: string, part: string, download: Download): Promise<Answer> {
  const { set, file, folder, signal, onDownload, patienceMs = 30_000 } = download;
  const had = sizeAt(part);
  if (had === file.bytes) return { kind: "whole", from: had };
  const giving = new AbortController();
  const watch = setTimeout(() => giving.abort(), patienceMs);
  let done = 0;
  let out: FileHandle | undefined;
  try {
    const response = await fetch(address, {
      headers: had > 0 && had < file.bytes ? { range: `bytes=${had}-` } : {},
      signal: signal ? AbortSignal.any([signal, giving.signal]) : giving.signal,
    });
    if (!response.ok || !response.body)
      return { kind: "refused", why: `answers ${response.status}` };
    const from = response.status === 206 && startOf(response) === had ? had : 0;
    out = await open(part, from > 0 ? "r+" : "w");
    done = from;
    for await (const chunk of response.body) {
      watch.refresh();
      if (done + chunk.length > file.bytes) {
        await out.truncate(0);
        return { kind: "refused", why: `sends more than ${formatBytes(file.bytes)}` };
      }
      await write(out, chunk, done).catch((error: unknown) => {
        throw notKept(set, { folder, error });
      });
      done += chunk.length;
      onDownload?.(done, file.bytes, file.name);
    }
    if (done < file.bytes) return { kind: "broken", why: brokeOff(done, file.bytes) };
    await out.sync();
    return { kind: "whole", from };
  } catch (error) {
    if (error instanceof DataError) throw error;
    signal?.throwIfAborted();
    if (giving.signal.aborted)
      return { kind: "broken", why: `is silent for ${patienceMs / 1000} s` };
    if (done > 0) return { kind: "broken", why: brokeOff(done, file.bytes) };
    return { kind: "refused", why: `cannot be reached (${codeOf(error)})` };
  } finally {
    clearTimeout(watch);
    await out?.close();
  }
}

async function write(out: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    at += (await out.write(bytes, at, bytes.length - at, position + at)).bytesWritten;
  }
}

/** Where the bytes of a partial answer begin. */
const startOf = ({ headers }: Response): number =>
  Number(/^bytes (\d+)-/.exec(headers.get("content-range") ?? "")?.[1] ?? -1);

const brokeOff = (done: number, total: number): string =>
  `broke off after ${formatBytes(done)} of ${formatBytes(total)}`;

/** The system's word for why nothing was reached, which fetch wraps. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return code || (error instanceof Error ? error.message : String(error));
}

const notKept = (
  set: string,
  { folder, error }: { readonly folder: string; readonly error: unknown },
): DataError =>
  new DataError({
    op: set,
    why: `cannot be kept, ${writeReason(error)}`,
    operands: [{ label: "folder", value: folder }],
    hint: "set BELAMY_CACHE to a folder with more room",
  });

async function md5Of(path: string): Promise<string> {
  const hash = createHash("md5");
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(chunk);
  return hash.digest("hex");
}
