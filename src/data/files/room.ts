import { ftruncateSync } from "node:fs";
import type { ItemStore } from "../../shape/items.js";
import { sizeOf } from "../../shape/shape.js";
import { writeFully } from "../cache/entry.js";
import type { Shelf } from "../cache/shelf.js";
import { sharedBytes } from "../memory.js";
import { closeUp } from "./bad.js";
import { FileItems, readFully } from "./item-file.js";
import { allowedMemory, checkMemory } from "./memory.js";
import type { Half, PictureOptions } from "./options.js";

/** Options and, when there is a cache, the place in it that these data have. */
export interface Opening extends PictureOptions {
  readonly shelf?: Shelf | undefined;
  /** Which half of each file is decoded; both when undefined. */
  readonly half?: Half | undefined;
}

/** Where decoded pictures go: memory, or a file of the cache when they are more than may be there. */
export interface Room {
  /** Has `fill` write item `slot`. */
  put(slot: number, fill: (out: Uint8Array) => void): void;
  /** All items but the bad ones, moved together. */
  close(bad?: ReadonlyMap<number, string>): ItemStore;
}

/** Makes room for so many pictures of a shape, or says that there is none. */
export function makeRoom(
  file: string,
  {
    count,
    shape,
    options,
  }: { readonly count: number; readonly shape: readonly number[]; readonly options: Opening },
): Room {
  const each = sizeOf(shape);
  const { shelf } = options;
  if (shelf !== undefined && count * each > allowedMemory(options)) {
    return roomInFile(file, { count, each, shelf });
  }
  checkMemory(file, { count, shape, options });
  const items = sharedBytes(count * each);
  return {
    put: (slot, fill) => fill(items.subarray(slot * each, (slot + 1) * each)),
    close: (bad = new Map()) => closeUp(items, { each, bad, count }),
  };
}

function roomInFile(
  op: string,
  { count, each, shelf }: { readonly count: number; readonly each: number; readonly shelf: Shelf },
): Room {
  const begun = shelf.begin(op, count * each);
  const { path, file } = begun;
  const item = new Uint8Array(each);
  const write = (slot: number): void => {
    try {
      writeFully(file, item, slot * each);
    } catch (error) {
      throw shelf.noRoom(op, { bytes: count * each, error });
    }
  };
  return {
    put: (slot, fill) => {
      // What was in flight when another failed comes too late.
      if (begun.closed) return;
      fill(item);
      write(slot);
    },
    close: (bad = new Map()) => {
      let to = 0;
      for (let slot = 0; slot < count; slot++) {
        if (bad.has(slot)) continue;
        if (to < slot) {
          readFully(file, { out: item, position: slot * each, path });
          write(to);
        }
        to++;
      }
      ftruncateSync(file, to * each);
      return FileItems.open({ path, type: "uint8", count: to, size: each });
    },
  };
}
