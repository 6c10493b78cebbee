import type { Dataset } from "../data/dataset.js";
import { FileItems, type ItemPlace } from "../data/files/item-file.js";
import type { Items } from "../game/dealer.js";
import type { Plan } from "../game/plan.js";
import { BelamyError } from "../shape/error.js";
import { type ItemStore, inMemory, type MemoryItems } from "../shape/items.js";

/** The part of a data set that replicas read: memory that all threads share, or a file's place. */
export interface SharedItems extends Omit<Items, "items" | "given"> {
  readonly items: MemoryItems | ItemPlace;
  /** The picture that belongs to each item, when one does. */
  readonly given?: { readonly items: MemoryItems | ItemPlace };
}

/** Prepares items to be told to other threads. */
export function shareItems({ name, count, items, labels, given }: Dataset): SharedItems {
  const shared = (store: ItemStore) =>
    inMemory(store) ? sharedNumbers(store) : placeOf(name, store);
  return {
    count,
    items: shared(items),
    labels: labels === undefined ? undefined : sharedInts(labels),
    ...(given === undefined ? {} : { given: { items: shared(given.items) } }),
  };
}

/** The same in the thread that was told: a file is opened once for each replica. */
export const receiveItems = ({ items, given, ...rest }: SharedItems): Items => ({
  ...rest,
  items: received(items),
  ...(given === undefined ? {} : { given: { items: received(given.items) } }),
});

const received = (items: MemoryItems | ItemPlace): ItemStore =>
  ArrayBuffer.isView(items) ? items : FileItems.open(items);

function placeOf(name: string, items: ItemStore): ItemPlace {
  if (items instanceof FileItems) return items.place;
  throw new BelamyError({ op: name, why: "its items are neither in memory nor in a file of ours" });
}

/** A plan whose known numbers are in memory that all threads share. */
export const sharePlan = (plan: Plan): Plan => ({
  ...plan,
  cells: plan.cells.map((cell) =>
    cell.initial.kind === "known"
      ? { ...cell, initial: { kind: "known", values: sharedFloats(cell.initial.values) } }
      : cell,
  ),
});

const isShared = ({ buffer }: ArrayBufferView): boolean => buffer instanceof SharedArrayBuffer;

function sharedFloats(from: Float32Array): Float32Array {
  if (isShared(from)) return from;
  const copy = new Float32Array(new SharedArrayBuffer(from.byteLength));
  copy.set(from);
  return copy;
}

function sharedNumbers(from: MemoryItems): MemoryItems {
  if (from instanceof Float32Array) return sharedFloats(from);
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
