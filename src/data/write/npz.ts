import { readItems } from "../../shape/items.js";
import { formatShape, sizeOf } from "../../shape/shape.js";
import type { Dataset } from "../dataset.js";
import type { ZipWriter } from "./zip-writer.js";

/** The header of an NPY file, version 1, its numbers aligned to 64 bytes (numpy.lib.format). */
export function npyHeader(descr: "|u1" | "<f4" | "<i4", shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const room = 64 * Math.ceil((10 + dict.length + 1) / 64);
  const out = new TextEncoder().encode(`\x00NUMPY\x01\x00\x00\x00${dict.padEnd(room - 11)}\n`);
  out[0] = 0x93;
  new DataView(out.buffer).setUint16(8, room - 10, true);
  return out;
}

const stride = 256;

/**
 * Writes `x.npy`, pictures `[n h w c]` as bytes or points `[n d]` as float32, and where there are
 * classes `y.npy`, `[n]` as int32.
 */
export function* writeNpz(data: Dataset, zip: ZipWriter): Generator<number, void> {
  const { kind, shape, count, labels } = data;
  const [c = 1, h = 1, w = 1] = shape;
  const axes = kind === "pictures" ? [h, w, c] : shape;
  const head = npyHeader(kind === "pictures" ? "|u1" : "<f4", [count, ...axes]);
  const bytes = count * sizeOf(shape) * (kind === "pictures" ? 1 : 4);
  zip.begin("x.npy", head.length + bytes);
  zip.write(head);
  for (let at = 0; at < count; at += stride) {
    const places = Array.from({ length: Math.min(stride, count - at) }, (_, i) => at + i);
    const items = readItems(data, places);
    const part = items instanceof Float32Array ? items : channelsLast(items, shape);
    zip.write(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
    yield at + places.length;
  }
  zip.end();
  if (labels === undefined) return;
  const numbers = Int32Array.from(labels);
  zip.begin("y.npy", npyHeader("<i4", [count]).length + numbers.byteLength);
  zip.write(npyHeader("<i4", [count]));
  zip.write(new Uint8Array(numbers.buffer));
  zip.end();
}

/** `[n c h w] → [n h w c]` */
export function channelsLast(items: Uint8Array, shape: readonly number[]): Uint8Array {
  const [c, h, w] = shape;
  if (c === undefined || h === undefined || w === undefined) {
    throw new RangeError(`${formatShape(shape)} is no picture`);
  }
  if (c === 1) return items;
  const area = h * w;
  const out = new Uint8Array(items.length);
  for (let start = 0; start < items.length; start += c * area) {
    for (let k = 0; k < c; k++) {
      for (let i = 0; i < area; i++) out[start + i * c + k] = items[start + k * area + i]!;
    }
  }
  return out;
}
