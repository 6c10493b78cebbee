import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { crc32, deflateRawSync, gzipSync } from "node:zlib";
import sharp, { type Sharp } from "sharp";
import { pack } from "tar-stream";
import { afterAll } from "vitest";
import type { Dataset } from "../../src/data/dataset.js";
import { openPictures as openAnyPictures } from "../../src/data/files/open.js";
import { type DataOptions, openData as openAnyData } from "../../src/data/open.js";
import { inMemory, type MemoryItems } from "../../src/shape/items.js";

/** An empty folder that is gone after the tests of a file. */
export async function temporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "belamy-data-"));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files into a folder, making the folders between. */
export async function fill(
  folder: string,
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<string> {
  for (const [name, bytes] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
  return folder;
}

export type Color = readonly [number, number, number];

/** A picture of one colour. */
export const plain = (color: Color, { width = 8, height = 8 } = {}): Sharp =>
  sharp({ create: { width, height, channels: 3, background: cssOf(color) } });

const cssOf = ([r, g, b]: Color): string => `rgb(${r}, ${g}, ${b})`;

/** A PNG of one colour. */
export const png = (color: Color, size = {}): Promise<Buffer> =>
  plain(color, size).png().toBuffer();

/** A picture from numbers, channels last. */
export const raw = (
  data: readonly number[],
  { width, channels }: { width: number; channels: 1 | 2 | 3 | 4 },
): Sharp =>
  sharp(Buffer.from(data), { raw: { width, height: data.length / width / channels, channels } });

/** Numbers that no codec finds easy, always the same. */
export const noise = (count: number): number[] =>
  Array.from({ length: count }, (_, i) => ((i * 7919) ^ (i >> 3)) % 251);

export interface ZipEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly method?: number;
  readonly flags?: number;
  readonly crc?: number;
}

/** A zip as other programs write it, or with lies where an entry says so. */
export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes, method = 8, flags = 0, crc = crc32(bytes) } of entries) {
    const stored = method === 8 ? deflateRawSync(bytes) : Buffer.from(bytes);
    const nameBytes = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags | 0x800, 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(crc, 10);
    common.writeUInt32LE(stored.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(nameBytes.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common, nameBytes, stored]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    central.push(Buffer.from("PK\x01\x02\x14\0", "latin1"), common, tail, nameBytes);
    parts.push(local);
    offset += local.length;
  }
  const list = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, list, end]);
}

/** A tar of files, in the order given. */
export async function tarOf(files: Readonly<Record<string, Uint8Array>>): Promise<Buffer> {
  const tar = pack();
  for (const [name, bytes] of Object.entries(files)) tar.entry({ name }, bytes);
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) if (chunk instanceof Uint8Array) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** IDX bytes of given sizes. */
export function idxOf(sizes: readonly number[], bytes: Uint8Array, type = 8): Buffer {
  const head = Buffer.alloc(4 + 4 * sizes.length);
  head[2] = type;
  head[3] = sizes.length;
  sizes.forEach((size, i) => {
    head.writeUInt32BE(size, 4 + 4 * i);
  });
  return Buffer.concat([head, bytes]);
}

export const gzip = (bytes: Uint8Array): Buffer => gzipSync(bytes);

/** The text of the error that a promise ends in. */
export async function failure(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return String(error);
  }
  throw new Error("did not fail");
}

/** Opens data that fit into memory, so that their items can be looked at one by one. */
export const openData = async (source: string, options?: DataOptions) =>
  held(await openAnyData(source, options));

/** The same for files alone. */
export const openPictures = async (path: string, options?: DataOptions) =>
  held(await openAnyPictures(path, options));

function held(data: Dataset): Dataset<MemoryItems> {
  const { items } = data;
  if (!inMemory(items)) throw new Error(`${data.name} is not in memory`);
  return { ...data, items };
}

/** NPY bytes of version 1; a type that begins with a brace, or is no type, is the whole header. */
export function npyOf(
  type: string,
  shape: readonly number[],
  values: ArrayBufferView,
  { fortran = false } = {},
): Buffer {
  const isType = /^[<>|]\w+$/.test(type);
  const order = fortran ? "True" : "False";
  const text = isType
    ? `{'descr': '${type}', 'fortran_order': ${order}, 'shape': (${shape.join(", ")},), }`
    : type;
  const padded = `${text.padEnd(64 * Math.ceil((text.length + 11) / 64) - 11)}\n`;
  const head = Buffer.from("\x93NUMPY\x01\0\0\0", "latin1");
  head.writeUInt16LE(padded.length, 8);
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return Buffer.concat([head, Buffer.from(padded), bytes]);
}
