import { readdir, stat } from "node:fs/promises";
import { basename } from "node:path";
import { promisify } from "node:util";
import { constants, gunzip } from "node:zlib";
import { cifarAmong, cifarByContent, cifarByName } from "./cifar.js";
import { looksLikeTable } from "./csv.js";
import { looksLikeFits } from "./fits.js";
import { headOf } from "./folder.js";
import { isIdxImages, looksLikeIdx } from "./idx.js";
import { looksLikeNpy } from "./npy.js";
import { isParquetFolder } from "./parquet-files.js";
import { looksLikeParquet } from "./parquet-footer.js";
import { BadFile, latin1, looksLikePicture, roleOf } from "./source.js";

const unzip = promisify(gunzip);

/** What can be opened, told apart by content and not by ending. */
export type Kind =
  | "folder"
  | "idx folder"
  | "cifar folder"
  | "zip"
  | "npz"
  | "tar"
  | "idx"
  | "npy"
  | "parquet"
  | "cifar"
  | "table"
  | "picture";

const strangers: Readonly<Record<string, string>> = {
  "7z\xbc\xaf": "a 7z archive",
  "Rar!": "a RAR archive",
  "\xfd7zXZ": "an xz archive",
  BZh: "a bzip2 archive",
  "\x28\xb5\x2f\xfd": "a Zstandard archive",
  "\x89HDF": "an HDF5 file",
};

/** Finds out what is at a path. */
export async function kindOf(path: string): Promise<Kind> {
  const found = await stat(path);
  if (found.isDirectory()) {
    const names = await readdir(path);
    if (cifarAmong(names)) return "cifar folder";
    if (names.some(isIdxImages)) return "idx folder";
    return (await isParquetFolder(path, names)) ? "parquet" : "folder";
  }
  const head = await headOf(path, beginning);
  if (head.length === 0) throw new BadFile("is empty (0 bytes)");
  const cifar = cifarByContent(head, found.size) ?? cifarByName(basename(path));
  const kind = kindOfBytes(head, path);
  // The beginning of IDX is four small bytes, which records may begin with too.
  if (kind && !(kind === "idx" && cifar && /\.bin$/i.test(path))) return kind;
  if (cifar) return "cifar";
  if (head[0] === 0x1f && head[1] === 0x8b) {
    const inner = await unzip(head, { finishFlush: constants.Z_SYNC_FLUSH }).catch(() => {
      throw new BadFile("is damaged (it does not unzip)");
    });
    const unpacked = kindOfBytes(inner, path.replace(/\.gz$/i, "").replace(/\.tgz$/i, ".tar"));
    if (unpacked === "tar" || unpacked === "idx") return unpacked;
    if (looksLikeFits(inner)) return "picture";
    const whole = head.length < beginning;
    if (tableEnding.test(path) || looksLikeTable(inner, { whole })) return "table";
    throw new BadFile("is gzipped, but what it holds is no tar, IDX or table");
  }
  const text = latin1(head.subarray(0, 8));
  const stranger = Object.keys(strangers).find((beginning) => text.startsWith(beginning));
  if (stranger) throw new BadFile(`is ${strangers[stranger]}, which is not read`);
  const whole = head.length < beginning;
  if (tableEnding.test(path) || looksLikeTable(head, { whole })) return "table";
  throw new BadFile("is no picture, archive, array or table that can be read");
}

/** How many bytes tell what a file is. */
const beginning = 4096;

const tableEnding = /\.(csv|tsv)(\.gz)?$/i;

const zips = ["PK\x03\x04", "PK\x05\x06", "PK\x07\x08"];

function kindOfBytes(head: Uint8Array, name: string): Kind | undefined {
  if (zips.includes(latin1(head.subarray(0, 4)))) return isNpz(head) ? "npz" : "zip";
  if (/\.zip$/i.test(name)) return "zip";
  if (latin1(head.subarray(257, 262)) === "ustar" || /\.tar$/i.test(name)) return "tar";
  if (looksLikeNpy(head)) return "npy";
  if (looksLikeParquet(head)) return "parquet";
  if (looksLikeFits(head)) return "picture";
  if (looksLikePicture(head) || roleOf(name.split(/[\\/]/).at(-1)!) === "picture") return "picture";
  return looksLikeIdx(head) ? "idx" : undefined;
}

/** Whether the first file in a zip is an array. */
const isNpz = (head: Uint8Array): boolean =>
  latin1(head.subarray(30, 30 + (head[26]! | (head[27]! << 8)))).endsWith(".npy");
