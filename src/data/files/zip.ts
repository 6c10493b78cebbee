import { type FileHandle, open } from "node:fs/promises";
import { promisify } from "node:util";
import { constants, crc32, inflateRaw } from "node:zlib";
import { type Entry, fromRandomAccessReaderPromise, getFileNameLowLevel } from "yauzl";
import { byDepth } from "./folder.js";
import { formatBytes } from "./memory.js";
import { errnoReason } from "./reason.js";
import {
  alwaysUnpacked,
  BadFile,
  concurrently,
  largestFile,
  largestIndex,
  looksLikePicture,
  mostRatio,
  type PictureSource,
  plainName,
  roleOf,
} from "./source.js";
import { WindowReader } from "./window.js";

const inflate = promisify(inflateRaw);

const methods: Readonly<Record<number, string>> = {
  9: "Deflate64",
  12: "bzip2",
  14: "LZMA",
  93: "Zstandard",
  95: "xz",
};

/** The pictures in a zip, each read from its place in the file when its turn comes. */
export async function openZip(path: string): Promise<PictureSource> {
  const file = await open(path);
  try {
    return await openEntries(file);
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** An entry and its name as a plain path. */
export interface Named {
  readonly name: string;
  readonly entry: Entry;
}

async function openEntries(file: FileHandle): Promise<PictureSource> {
  const entries = await listEntries(file);
  const bytesOf = async (entry: Entry) => {
    const { compressedSize: packed, uncompressedSize: size } = entry;
    // Pictures are packed already, so what shrinks further is none.
    if (size > Math.max(alwaysUnpacked, mostRatio * packed) && size <= largestFile) {
      throw new BadFile(`would unpack from ${formatBytes(packed)} to ${formatBytes(size)}`);
    }
    return await readEntry(entry, file);
  };
  const unknown = new Map<Entry, boolean>();
  await concurrently(
    entries.filter(({ name }) => roleOf(name) === "unknown"),
    async ({ entry }) => {
      unknown.set(entry, looksLikePicture(await readHead(entry, file)));
    },
  );
  const pictures = entries.filter(
    ({ name, entry }) => roleOf(name) === "picture" || unknown.get(entry),
  );
  const [index] = entries
    .filter(({ name }) => roleOf(name) === "index")
    .sort((a, b) => byDepth(a.name, b.name));
  return {
    names: pictures.map(({ name }) => name),
    index: index && { name: index.name, read: () => readEntry(index.entry, file, largestIndex) },
    visit: (wanted, use) => concurrently(wanted, (i) => use(i, () => bytesOf(pictures[i]!.entry))),
    close: () => file.close(),
  };
}

/** The files in a zip, in the order of its list. */
export async function listEntries(file: FileHandle): Promise<readonly Named[]> {
  try {
    return await readList(file);
  } catch (error) {
    throw new BadFile(listReason(error));
  }
}

async function readList(file: FileHandle): Promise<readonly Named[]> {
  const { size } = await file.stat();
  const zip = await fromRandomAccessReaderPromise(new WindowReader(file), size, {
    autoClose: false,
    // Names stay bytes here, because yauzl refuses the whole archive for one odd name.
    decodeStrings: false,
  });
  const entries: Named[] = [];
  for await (const entry of zip.eachEntry()) {
    const name = nameOf(entry);
    if (!name.endsWith("/")) entries.push({ name: plainName(name), entry });
  }
  return entries;
}

/** Why the list of entries could not be read, from what yauzl threw. */
function listReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/end of central directory/i.test(message)) return "is no zip, or is cut short";
  return /encryption/.test(message) ? "is encrypted" : "is damaged (its list of files is broken)";
}

function nameOf(entry: Entry): string {
  const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry;
  return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
}

/** An entry's bytes, checked, when they are no more than `most`. */
export async function readEntry(
  entry: Entry,
  file: FileHandle,
  most = largestFile,
): Promise<Uint8Array> {
  const { compressedSize, compressionMethod: method, uncompressedSize } = entry;
  if (entry.isEncrypted()) throw new BadFile("is encrypted");
  if (method !== 0 && method !== 8) {
    throw new BadFile(`is compressed with ${methods[method] ?? `method ${method}`}`);
  }
  if (Math.max(uncompressedSize, compressedSize) > most) {
    throw new BadFile(`is larger than ${Math.floor(most / 2 ** 20)} MiB`);
  }
  const packed = await readPacked(entry, { file, count: compressedSize });
  const bytes = method === 0 ? packed : await unpack(packed, uncompressedSize);
  if (bytes.length !== uncompressedSize || crc32(bytes) !== entry.crc32) {
    throw new BadFile("is damaged (its checksum differs)");
  }
  return bytes;
}

interface Part {
  readonly file: FileHandle;
  readonly count: number;
}

/** The first `count` bytes of an entry as they are stored, past its own header. */
async function readPacked(entry: Entry, { file, count }: Part): Promise<Uint8Array> {
  const start = entry.relativeOffsetOfLocalHeader;
  const header = new DataView((await readAt(start, { file, count: 30 })).buffer);
  if (header.getUint32(0, true) !== 0x04034b50) throw new BadFile("is not where the zip says");
  const dataStart = start + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  return await readAt(dataStart, { file, count });
}

async function readAt(position: number, { file, count }: Part): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(count);
  const read = await file.read(bytes, 0, count, position).catch((error: unknown) => {
    throw new BadFile(errnoReason(error));
  });
  if (read.bytesRead < count) throw new BadFile("is cut short");
  return bytes;
}

/** Inflates no more than the archive says there is, so that a bomb stops early. */
async function unpack(packed: Uint8Array, size: number): Promise<Uint8Array> {
  try {
    return await inflate(packed, { maxOutputLength: Math.max(1, size) });
  } catch {
    throw new BadFile("is damaged (it does not unpack)");
  }
}

/** What the first stored bytes of an entry unpack to; nothing when they cannot be read. */
export async function readHead(entry: Entry, file: FileHandle, stored = 512): Promise<Uint8Array> {
  if (entry.isEncrypted()) return new Uint8Array();
  try {
    const count = Math.min(entry.compressedSize, stored);
    const packed = await readPacked(entry, { file, count });
    if (entry.compressionMethod === 0) return packed;
    return await inflate(packed, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return new Uint8Array();
  }
}
