import { type FileHandle, open } from "node:fs/promises";
import { BadFile } from "../data/files/source.js";
import { listEntries, readEntry } from "../data/files/zip.js";
import type { StoredTensor } from "../run/safetensors.js";
import { numberFormats } from "../run/safetensors-numbers.js";
import { DataError } from "../shape/error.js";
import { sizeOf, stridesOf } from "../shape/shape.js";
import { type PickleValue, readPickle } from "./pickle.js";
import { Stored, type TorchStorage, torchReader } from "./torch-objects.js";

/**
 * The tensors of a file of `torch.save`, by their names; those of a dictionary inside of another are
 * `outer.inner`. Both forms are read, the zip and the one before 2020. Nothing in the file is
 * executed: see `readPickle`.
 *
 * @throws {DataError} when the file is damaged or is something else.
 */
export async function readTorchFile(
  path: string,
  name: string,
): Promise<Readonly<Record<string, StoredTensor>>> {
  const file = await open(path);
  try {
    const head = new Uint8Array(2);
    await file.read(head, 0, 2, 0);
    const isZip = head[0] === 0x50 && head[1] === 0x4b;
    const { value, numbers } = isZip ? await fromZip(file) : await fromStream(file);
    const found: [string, StoredTensor][] = [];
    for (const [key, stored] of storedIn(value)) {
      const { format } = stored.storage;
      if (format !== undefined) {
        const floats = numberFormats[format]!.read(await numbers(stored.storage)); // one of them
        found.push([key, tensorOf(stored, floats)]);
      }
    }
    return Object.fromEntries(found);
  } catch (error) {
    if (!(error instanceof BadFile)) throw error;
    throw new DataError({ op: name, why: error.message });
  } finally {
    await file.close();
  }
}

/** What a file holds, and how the numbers beside the pickle are read. */
interface Contents {
  readonly value: PickleValue;
  readonly numbers: (storage: TorchStorage) => Promise<ArrayBuffer>;
}

/** `archive/data.pkl` and one entry for each storage. */
async function fromZip(file: FileHandle): Promise<Contents> {
  const entries = new Map((await listEntries(file)).map((named) => [named.name, named.entry]));
  const pickle = [...entries.keys()].find((key) => /(^|\/)data\.pkl$/.test(key));
  if (pickle === undefined) throw new BadFile("is a zip without a data.pkl");
  const folder = pickle.slice(0, -"data.pkl".length);
  const order = entries.get(`${folder}byteorder`);
  if (order !== undefined && new TextDecoder().decode(await readEntry(order, file)) === "big") {
    throw new BadFile("has its bytes in the big-endian order");
  }
  const bytes = await readEntry(entries.get(pickle)!, file); // just found
  const { value } = readPickle(bytes, 0, torchReader());
  return {
    value,
    async numbers({ key }) {
      const entry = entries.get(`${folder}data/${key}`);
      if (entry === undefined) throw new BadFile(`lacks data/${key}`);
      return alone(await readEntry(entry, file));
    },
  };
}

/** What files before 2020 begin with, as a number. */
const magic = 0x1950a86a20f9469cfc6cn;

/** The magic number, a version, the machine's sizes, the object, keys of storages, their numbers. */
async function fromStream(file: FileHandle): Promise<Contents> {
  const bytes = new Uint8Array(await file.readFile());
  const storages = new Map<string, TorchStorage>();
  const reader = torchReader(storages);
  let at = 0;
  const next = (): PickleValue => {
    const { value, end } = readPickle(bytes, at, reader);
    at = end;
    return value;
  };
  if (bytes[0] !== 0x80 || next() !== magic) throw new BadFile("is no file of torch.save");
  const [, , value, keys] = [next(), next(), next(), next()];
  const places = new Map<string, readonly [start: number, end: number]>();
  for (const key of Array.isArray(keys) ? keys.map(String) : []) {
    const storage = storages.get(key);
    if (storage === undefined || at + 8 > bytes.length)
      throw new BadFile("ends within its numbers");
    const count = Number(new DataView(bytes.buffer, bytes.byteOffset + at).getBigUint64(0, true));
    places.set(key, [at + 8, at + 8 + count * storage.bytes]);
    at += 8 + count * storage.bytes;
  }
  if (at > bytes.length) throw new BadFile("ends within its numbers");
  return {
    value,
    async numbers({ key }) {
      const place = places.get(key);
      if (place === undefined) throw new BadFile(`lacks the numbers ${key}`);
      return alone(bytes.subarray(...place));
    },
  };
}

/** Bytes in a buffer of their own. */
const alone = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;

/** Dictionaries inside of dictionaries that are looked into. */
const deepest = 8;

/** Every tensor in dictionaries, by the keys that lead to it. */
function* storedIn(value: PickleValue, path = "", depth = 0): Generator<readonly [string, Stored]> {
  if (value instanceof Stored) yield [path, value];
  if (!(value instanceof Map) || depth > deepest) return;
  for (const [key, inner] of value) {
    yield* storedIn(inner, path === "" ? String(key) : `${path}.${key}`, depth + 1);
  }
}

/** A tensor's numbers in row-major order, whatever its strides. */
function tensorOf({ offset, shape, strides }: Stored, floats: Float32Array): StoredTensor {
  const size = sizeOf(shape);
  const last = shape.reduce((at, d, i) => at + (d - 1) * strides[i]!, offset);
  if (size > floats.length || (size > 0 && last >= floats.length))
    throw new BadFile("has a tensor beyond its numbers");
  const plain = stridesOf(shape);
  if (shape.every((d, i) => d === 1 || strides[i] === plain[i])) {
    return { shape, data: floats.slice(offset, offset + size) };
  }
  const data = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    let [rest, at] = [i, offset];
    for (let axis = 0; axis < shape.length; axis++) {
      at += Math.floor(rest / plain[axis]!) * strides[axis]!;
      rest %= plain[axis]!;
    }
    data[i] = floats[at]!;
  }
  return { shape, data };
}
