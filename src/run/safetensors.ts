import { DataError } from "../shape/error.js";
import { type Shape, sizeOf } from "../shape/shape.js";
import { numberFormats } from "./safetensors-numbers.js";

/** A named tensor of a safetensors file; float32 is written, halves and doubles are read too. */
export interface StoredTensor {
  readonly shape: Shape;
  readonly data: Float32Array;
}

export interface Safetensors {
  readonly tensors: Readonly<Record<string, StoredTensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Longer headers are refused, as by the format's own library. */
const longestHeader = 100_000_000;
const lengthBytes = 8;

/**
 * The parts of a safetensors file, to be written one after the other: a header in JSON, then the
 * numbers as they are in memory. See https://github.com/huggingface/safetensors.
 */
export function encodeSafetensors({ tensors, metadata }: Safetensors): Uint8Array[] {
  const header: [string, unknown][] = [["__metadata__", metadata]];
  const parts: Uint8Array[] = [];
  let start = 0;
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    const end = start + data.byteLength;
    header.push([name, { dtype: "F32", shape, data_offsets: [start, end] }]);
    parts.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    start = end;
  }
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const padded = Math.ceil(text.length / lengthBytes) * lengthBytes;
  const head = new Uint8Array(lengthBytes + padded).fill(0x20, lengthBytes);
  new DataView(head.buffer).setBigUint64(0, BigInt(padded), true);
  head.set(text, lengthBytes);
  return [head, ...parts];
}

/** Reads a whole file; `name` is what errors call it. Nothing in a header is believed unchecked. */
export function decodeSafetensors(bytes: Uint8Array, name: string): Safetensors {
  const fail = (why: string): never => {
    throw new DataError({ op: name, why });
  };
  if (bytes.length < lengthBytes) return fail("is no safetensors file: it has no header");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  const room = bytes.length - lengthBytes;
  if (headerLength > Math.min(room, longestHeader)) {
    return fail(`is no safetensors file: a header of ${headerLength} bytes in ${room}`);
  }
  const header = parse(bytes.subarray(lengthBytes, lengthBytes + headerLength));
  if (header === undefined) return fail("is no safetensors file: its header is no JSON object");
  const body = bytes.subarray(lengthBytes + headerLength);
  const { __metadata__: metadata = {}, ...entries } = header;
  if (!isTextRecord(metadata)) return fail("has metadata that are not text");
  const found = Object.entries(entries).map(([tensor, entry]) => {
    const checked = checkEntry(entry);
    return typeof checked === "string" ? fail(`${tensor} ${checked}`) : { tensor, ...checked };
  });
  let end = 0;
  for (const { tensor, start, stop } of [...found].sort(
    (a, b) => a.start - b.start || a.stop - b.stop,
  )) {
    if (start !== end) fail(`${tensor} begins at byte ${start}, not at ${end}`);
    end = stop;
  }
  if (end !== body.length) fail(`has ${body.length} bytes of numbers, its header says ${end}`);
  const tensors = found.map(({ tensor, shape, type, start, stop }): [string, StoredTensor] => {
    const own = new Uint8Array(stop - start);
    own.set(body.subarray(start, stop));
    return [tensor, { shape, data: numberFormats[type]!.read(own.buffer) }]; // checked
  });
  return { tensors: Object.fromEntries(tensors), metadata };
}

interface Entry {
  readonly shape: Shape;
  /** One of those that are read. */
  readonly type: string;
  readonly start: number;
  readonly stop: number;
}

/** One tensor's entry, or what is wrong with it. */
function checkEntry(entry: unknown): Entry | string {
  if (!isRecord(entry)) return "is not described";
  const { dtype, shape, data_offsets: offsets } = entry;
  const type = String(dtype);
  if (!Object.hasOwn(numberFormats, type)) {
    return `has numbers of type ${type}; ${Object.keys(numberFormats).join(", ")} are read`;
  }
  if (!isSizes(shape)) return "has no shape";
  if (!isSizes(offsets) || offsets.length !== 2) return "has no place in the file";
  const [start, stop] = offsets as readonly [number, number]; // its length was checked
  const size = sizeOf(shape) * numberFormats[type]!.bytes; // one of them
  if (stop - start !== size) return `takes ${stop - start} bytes; its shape needs ${size}`;
  return { shape, type, start, stop };
}

function parse(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isTextRecord = (value: unknown): value is Readonly<Record<string, string>> =>
  isRecord(value) && Object.values(value).every((v) => typeof v === "string");

const isSizes = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
