import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { constants, gunzip } from "node:zlib";
import { DataError } from "../../shape/error.js";
import { checkMemory } from "./memory.js";

const unzip = promisify(gunzip);

/** What an IDX file holds: its sizes, outermost first, and its bytes. */
export interface Idx {
  readonly sizes: readonly number[];
  readonly data: Uint8Array;
}

const types: Readonly<Record<number, string>> = {
  9: "int8",
  11: "int16",
  12: "int32",
  13: "float32",
  14: "float64",
};

/** Whether bytes begin as an IDX file does: two zeros, a type, a number of axes. */
export const looksLikeIdx = (bytes: Uint8Array): boolean =>
  bytes.length >= 4 &&
  bytes[0] === 0 &&
  bytes[1] === 0 &&
  (bytes[2] === 8 || bytes[2]! in types) &&
  bytes[3]! >= 1 &&
  bytes[3]! <= 4;

/** Reads IDX bytes (LeCun's format of MNIST): magic number, big-endian sizes, unsigned bytes. */
export function parseIdx(bytes: Uint8Array, { file }: { readonly file: string }): Idx {
  const fail = (why: string) => new DataError({ op: file, why });
  if (!looksLikeIdx(bytes)) throw fail("is not an IDX file");
  if (bytes[2] !== 8) throw fail(`holds ${types[bytes[2]!]} numbers; only bytes are pictures`);
  const axes = bytes[3]!;
  const start = 4 + 4 * axes;
  if (bytes.length < start) throw fail("ends within its header");
  const view = new DataView(bytes.buffer, bytes.byteOffset, start);
  const sizes = Array.from({ length: axes }, (_, i) => view.getUint32(4 + 4 * i));
  const wanted = sizes.reduce((product, size) => product * size, 1);
  const held = bytes.length - start;
  if (held !== wanted) {
    throw fail(`says ${sizes.join(" × ")} = ${wanted} bytes, holds ${held}`);
  }
  return { sizes, data: bytes.subarray(start) };
}

/** Reads an IDX file, gzipped or not; unpacks no more than its header says there is. */
export async function readIdx(path: string, { file }: { readonly file: string }): Promise<Idx> {
  const bytes = await readFile(path);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return parseIdx(bytes, { file });
  const damaged = (error: unknown) => {
    const cut = error instanceof Error && /unexpected end/.test(error.message);
    const why = `is ${cut ? "cut short" : "damaged"} (it does not unzip)`;
    return new DataError({ op: file, why });
  };
  const head = await unzip(bytes.subarray(0, 4096), { finishFlush: constants.Z_SYNC_FLUSH }).catch(
    (error: unknown) => Promise.reject(damaged(error)),
  );
  if (!looksLikeIdx(head)) return parseIdx(head, { file });
  const most = sizeSaid(head);
  checkMemory(file, { count: 1, shape: [most], options: {}, what: "numbers" });
  const unpacked = await unzip(bytes, { maxOutputLength: most }).catch((error: unknown) => {
    const more = error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
    if (!more) throw damaged(error);
    throw new DataError({ op: file, why: `holds more than the ${most} bytes that it says` });
  });
  return parseIdx(unpacked, { file });
}

/** Bytes of a file as its header says, that header among them. */
function sizeSaid(head: Uint8Array): number {
  const axes = head[3]!;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const sizes = Array.from({ length: axes }, (_, i) =>
    head.length < 8 + 4 * i ? 0 : view.getUint32(4 + 4 * i),
  );
  return 4 + 4 * axes + sizes.reduce((product, size) => product * size, 1);
}

const imagesName = /^(.*?)-?images[-.]idx\d-ubyte(\.gz)?$/i;

/** Whether a folder's file is one of images in IDX, by its name. */
export const isIdxImages = (name: string): boolean => imagesName.test(name);

/** The split a file is of, by its name: `train…` or `t10k…` and `test…`. */
export function idxSplit(name: string): "train" | "test" | undefined {
  if (/train/i.test(name)) return "train";
  return /t10k|test/i.test(name) ? "test" : undefined;
}

/** The labels that belong to a file of images: beside it, with the name that goes with it. */
export async function idxLabels(path: string): Promise<string | undefined> {
  const stem = imagesName.exec(basename(path))?.[1];
  if (stem === undefined) return undefined;
  const wanted = new RegExp(
    `^${stem.replace(/[^\w]/g, "\\$&")}-?labels[-.]idx1-ubyte(\\.gz)?$`,
    "i",
  );
  const found = (await readdir(dirname(path))).sort().find((name) => wanted.test(name));
  return found && join(dirname(path), found);
}
