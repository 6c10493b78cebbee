import type { Dataset } from "../data/dataset.js";
import type { Items } from "../game/dealer.js";

/** The part of a data set that replicas read, in memory that all threads share. */
export function shareItems({ count, items, labels }: Dataset): Items {
  return {
    count,
    items: items instanceof Float32Array ? sharedFloats(items) : sharedBytes(items),
    labels: labels === undefined ? undefined : sharedInts(labels),
  };
}

const isShared = ({ buffer }: ArrayBufferView): boolean => buffer instanceof SharedArrayBuffer;

function sharedFloats(from: Float32Array): Float32Array {
  if (isShared(from)) return from;
  const copy = new Float32Array(new SharedArrayBuffer(from.byteLength));
  copy.set(from);
  return copy;
}

function sharedBytes(from: Uint8Array): Uint8Array {
  if (isShared(from)) return from;
  const copy = new Uint8Array(new SharedArrayBuffer(from.byteLength));
  copy.set(from);
  return copy;
}

function sharedInts(from: Int32Array): Int32Array {
  if (isShared(from)) return from;
  const copy = new Int32Array(new SharedArrayBuffer(from.byteLength));
  copy.set(from);
  return copy;
}
