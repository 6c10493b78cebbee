import { createHash } from "node:crypto";
import { fstatSync, writeSync } from "node:fs";
import { sizeOf } from "../../shape/shape.js";
import type { Dataset } from "../dataset.js";
import { readFully } from "../files/item-file.js";
import { sharedInts } from "../memory.js";

/** Changes whenever older files would be misread. */
export const formatVersion = 1;

/** Everything of a data set but its items and labels. */
export type Facts = Omit<Dataset, "items" | "labels"> & {
  readonly type: "uint8" | "float32";
  readonly labelled: boolean;
};

/** What lies behind the items of a file. */
export interface Tail {
  readonly facts: Facts;
  readonly labels: Int32Array | undefined;
}

const magic = "belamy items 1\n\0";
const endSize = 64;

/**
 * A file of decoded data: the items, the labels, the facts as JSON, and an end of 64 bytes with a
 * magic word, the length of the JSON, the length of the whole file, and the SHA-256 of labels and
 * JSON. The end is written last, so a file without it is not whole.
 */
export function writeTail(file: number, { facts, labels }: Tail, position: number): void {
  const json = new TextEncoder().encode(JSON.stringify(facts, asWords));
  const numbers = bytesOf(labels);
  const end = new Uint8Array(endSize);
  end.set(new TextEncoder().encode(magic));
  const view = new DataView(end.buffer);
  view.setBigUint64(16, BigInt(json.length), true);
  view.setBigUint64(24, BigInt(position + numbers.length + json.length + endSize), true);
  end.set(createHash("sha256").update(numbers).update(json).digest(), 32);
  let at = position;
  for (const part of [numbers, json, end]) {
    writeFully(file, part, at);
    at += part.length;
  }
}

/** What lies behind the items, or `undefined` when the file is not whole. */
export function readTail(file: number, path: string): Tail | undefined {
  const { size } = fstatSync(file);
  if (size < endSize) return undefined;
  const end = new Uint8Array(endSize);
  readFully(file, { out: end, position: size - endSize, path });
  const view = new DataView(end.buffer);
  const jsonLength = Number(view.getBigUint64(16, true));
  const isWhole =
    new TextDecoder().decode(end.subarray(0, 16)) === magic &&
    Number(view.getBigUint64(24, true)) === size &&
    jsonLength <= size - endSize;
  if (!isWhole) return undefined;
  const json = new Uint8Array(jsonLength);
  readFully(file, { out: json, position: size - endSize - jsonLength, path });
  const facts = parseFacts(json);
  if (facts === undefined) return undefined;
  const itemsLength = lengthOf(facts);
  const labels = facts.labelled ? sharedInts(facts.count) : undefined;
  const numbers = bytesOf(labels);
  if (itemsLength + numbers.length + jsonLength + endSize !== size) return undefined;
  readFully(file, { out: numbers, position: itemsLength, path });
  const sum = createHash("sha256").update(numbers).update(json).digest();
  return sum.equals(end.subarray(32)) ? { facts, labels } : undefined;
}

/** Bytes of all items together. */
export const lengthOf = ({ count, shape, type }: Pick<Facts, "count" | "shape" | "type">): number =>
  count * sizeOf(shape) * (type === "uint8" ? 1 : 4);

function parseFacts(json: Uint8Array): Facts | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(json), asNumbers) as Facts; // written above, if the sum agrees
  } catch {
    return undefined;
  }
}

/** JSON has no NaN and no infinity, and tables have both. */
const asWords = (_: string, value: unknown): unknown =>
  typeof value === "number" && !Number.isFinite(value) ? { number: String(value) } : value;

const asNumbers = (_: string, value: unknown): unknown =>
  value instanceof Object && "number" in value && typeof value.number === "string"
    ? Number(value.number)
    : value;

const bytesOf = (numbers: Int32Array | undefined): Uint8Array =>
  numbers === undefined
    ? new Uint8Array()
    : new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);

/** Writes every byte at a place of a file; one call to the system may write fewer. */
export function writeFully(file: number, bytes: Uint8Array, position: number): void {
  for (let at = 0; at < bytes.length; ) {
    const wanted = Math.min(bytes.length - at, 2 ** 30);
    at += writeSync(file, bytes, at, wanted, position + at);
  }
}
