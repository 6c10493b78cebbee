import { closeSync, openSync, readSync } from "node:fs";
import { DataError } from "../../shape/error.js";
import type { ItemFile, MemoryItems } from "../../shape/items.js";
import { errnoReason } from "./reason.js";

/** Where items lie: plain data, so that it can be told to another thread. */
export interface ItemPlace {
  readonly path: string;
  readonly type: "uint8" | "float32";
  readonly count: number;
  /** Numbers in one item. */
  readonly size: number;
}

/** Closes the files of those that are gone; what still reads keeps its own alive. */
const forgotten = new FinalizationRegistry<number>((file) => closeSync(file));

/**
 * Items at the beginning of a file, read one at a time through a descriptor that stays open: so
 * they can be read even after somebody removed the file.
 */
export class FileItems implements ItemFile {
  readonly place: ItemPlace;
  private readonly file: number;

  /** `file` is a descriptor that from now on belongs to these items. */
  constructor(place: ItemPlace, file: number) {
    this.place = place;
    this.file = file;
    forgotten.register(this, file);
  }

  static open(place: ItemPlace): FileItems {
    try {
      return new FileItems(place, openSync(place.path, "r"));
    } catch (error) {
      throw new DataError({ op: place.path, why: errnoReason(error) });
    }
  }

  get path(): string {
    return this.place.path;
  }

  get type(): ItemPlace["type"] {
    return this.place.type;
  }

  get byteLength(): number {
    return this.place.count * this.each;
  }

  read(places: ArrayLike<number>): MemoryItems {
    const { each } = this;
    const bytes = new Uint8Array(places.length * each);
    for (let i = 0; i < places.length; i++) {
      this.fill(bytes.subarray(i * each, (i + 1) * each), places[i]! * each);
    }
    return this.type === "uint8" ? bytes : new Float32Array(bytes.buffer);
  }

  /** All bytes in order, a part at a time; a part is overwritten by the next. */
  *parts(): Generator<Uint8Array, void> {
    const part = new Uint8Array(Math.min(this.byteLength, 4 * 2 ** 20));
    for (let at = 0; at < this.byteLength; at += part.length) {
      const wanted = part.subarray(0, Math.min(part.length, this.byteLength - at));
      this.fill(wanted, at);
      yield wanted;
    }
  }

  private get each(): number {
    return this.place.size * (this.type === "uint8" ? 1 : 4);
  }

  private fill(out: Uint8Array, position: number): void {
    readFully(this.file, { out, position, path: this.path });
  }
}

/** Reads so many bytes from a place of an open file, or says why that is not possible. */
export function readFully(
  file: number,
  {
    out,
    position,
    path,
  }: { readonly out: Uint8Array; readonly position: number; readonly path: string },
): void {
  for (let at = 0; at < out.length; ) {
    let read: number;
    try {
      read = readSync(file, out, at, Math.min(out.length - at, 2 ** 30), position + at);
    } catch (error) {
      throw new DataError({ op: path, why: errnoReason(error) });
    }
    if (read === 0) throw new DataError({ op: path, why: "is cut short" });
    at += read;
  }
}
