import { randomUUID } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  statfsSync,
  utimesSync,
} from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { DataError } from "../../shape/error.js";
import { type ItemStore, inMemory } from "../../shape/items.js";
import type { Dataset } from "../dataset.js";
import { nodeFingerprint } from "../files/hash.js";
import { FileItems, type ItemPlace, readFully } from "../files/item-file.js";
import { allowedMemory, formatBytes } from "../files/memory.js";
import type { PictureOptions } from "../files/options.js";
import { sharedBytes, sharedFloats } from "../memory.js";
import { ending, makeWay, remove, unfinished } from "./bound.js";
import { type Facts, lengthOf, readTail, writeFully, writeTail } from "./entry.js";
import { type Content, keyOf } from "./key.js";
import { type CacheSettings, cacheSettings, refusal, writeReason } from "./settings.js";

/** A file that is being written. */
export interface Begun {
  readonly path: string;
  readonly file: number;
  /** Whether it was closed, after which its descriptor may be somebody else's. */
  closed: boolean;
}

/** Where one data set lies in the cache, or will lie once it is decoded. */
export class Shelf {
  readonly folder: string;
  private readonly path: string;
  private readonly settings: CacheSettings;
  private readonly options: PictureOptions;
  private begun: Begun | undefined;

  private constructor(key: string, settings: CacheSettings, options: PictureOptions) {
    this.folder = join(settings.folder, "decoded");
    this.path = join(this.folder, `${key}${ending}`);
    this.settings = settings;
    this.options = options;
  }

  /** The place for what some files are decoded to; none with `cache: false`. */
  static async for(content: Content): Promise<Shelf | undefined> {
    const settings = cacheSettings(content.options.cache);
    if (settings === undefined) return undefined;
    return new Shelf(await keyOf(content), settings, content.options);
  }

  /** The data set as it was decoded before; what is damaged is told and removed. */
  async take(): Promise<Dataset | undefined> {
    let file: number;
    try {
      file = openSync(this.path, "r");
    } catch {
      return undefined;
    }
    let kept = false;
    try {
      const tail = readTail(file, this.path);
      if (tail === undefined) return this.damaged();
      const { facts, labels } = tail;
      if (facts.skipped.length > 0 && this.options.skipBad !== true) return undefined;
      kept = lengthOf(facts) > allowedMemory(this.options);
      const items = kept ? new FileItems(placeOf(this.path, facts), file) : await load(file, facts);
      const { type: _, labelled: __, ...rest } = facts;
      const data = { ...rest, items, labels, modes: facts.modes };
      // Reading a file that stays on disk only to check it would take as long as training on it.
      if (!kept && nodeFingerprint(data) !== facts.fingerprint) return this.damaged();
      touch(this.path);
      return data;
    } catch (error) {
      if (error instanceof DataError) return this.damaged();
      throw error;
    } finally {
      if (!kept) closeSync(file);
    }
  }

  /** A file for items that are too many for memory; it is part of the cache once it is kept. */
  begin(file: string, bytes: number): Begun {
    this.drop();
    try {
      mkdirSync(this.folder, { recursive: true });
      makeWay(this.folder, { bytes, limit: this.settings.limit, nowMs: Date.now() });
      if (freeOn(this.folder) < bytes) throw Object.assign(new Error(), { code: "ENOSPC" });
      return this.open();
    } catch (error) {
      throw this.noRoom(file, { bytes, error });
    }
  }

  /** Keeps a data set that took so long to decode; where that fails, says so and goes on. */
  async keep(data: Dataset, tookMs: number): Promise<Dataset> {
    const { labels, items, ...rest } = data;
    const place = placeOf(this.path, { ...rest, type: typeOf(items) });
    const facts: Facts = { ...rest, type: place.type, labelled: labels !== undefined };
    const bytes = lengthOf(facts);
    if (!inMemory(items)) {
      const begun = this.begun!; // such items come from `begin` alone
      try {
        writeTail(begun.file, { facts, labels }, bytes);
        this.finish(begun);
      } catch (error) {
        throw this.noRoom(data.name, { bytes, error });
      }
      return { ...data, items: FileItems.open(place) };
    }
    if (tookMs < this.settings.afterMs) return data;
    try {
      await this.write(items, { facts, labels });
    } catch (error) {
      this.drop();
      if (this.options.signal?.aborted) throw error;
      this.note(`not written, ${writeReason(error)} (${this.folder})`);
    }
    return data;
  }

  /** Removes a file that was begun and not kept. */
  drop(): void {
    if (this.begun === undefined) return;
    this.close(this.begun);
    remove(this.begun.path);
    this.begun = undefined;
  }

  /** The error for data that fit neither into memory nor on the disk. */
  noRoom(
    file: string,
    { bytes, error }: { readonly bytes: number; readonly error: unknown },
  ): DataError {
    return new DataError({
      op: file,
      why: `needs ${formatBytes(bytes)} on disk, but ${writeReason(error)}`,
      operands: [{ label: "folder", value: this.folder }],
      hint: "set BELAMY_CACHE to a folder with more room, or choose a --limit",
    });
  }

  private async write(
    items: Uint8Array | Float32Array,
    tail: { readonly facts: Facts; readonly labels: Int32Array | undefined },
  ): Promise<void> {
    const { limit } = this.settings;
    const bytes = new Uint8Array(items.buffer, items.byteOffset, items.byteLength);
    mkdirSync(this.folder, { recursive: true });
    const why = refusal({ bytes: bytes.length, limit, free: freeOn(this.folder) });
    if (why !== undefined) {
      this.note(`not written, ${why}`);
      return;
    }
    makeWay(this.folder, { bytes: bytes.length, limit, nowMs: Date.now() });
    const begun = this.open();
    for (let at = 0; at < bytes.length; at += stride) {
      this.options.signal?.throwIfAborted();
      writeFully(begun.file, bytes.subarray(at, at + stride), at);
      await setImmediate();
    }
    writeTail(begun.file, tail, bytes.length);
    this.finish(begun);
  }

  private open(): Begun {
    const path = `${this.path}.${randomUUID().slice(0, 8)}${unfinished}`;
    this.begun = { path, file: openSync(path, "wx+"), closed: false };
    return this.begun;
  }

  private finish(begun: Begun): void {
    fsyncSync(begun.file);
    this.close(begun);
    renameSync(begun.path, this.path);
    this.begun = undefined;
  }

  private close(begun: Begun): void {
    if (!begun.closed) closeSync(begun.file);
    begun.closed = true;
  }

  private damaged(): undefined {
    this.note(`${this.path} is damaged; decoding again`);
    remove(this.path);
    return undefined;
  }

  private note(text: string): void {
    this.options.onNote?.(`cache: ${text}`);
  }
}

/** Bytes that are read or written before others may do something. */
const stride = 16 * 2 ** 20;

const typeOf = (items: ItemStore): ItemPlace["type"] =>
  inMemory(items) ? (items instanceof Float32Array ? "float32" : "uint8") : items.type;

const placeOf = (
  path: string,
  { count, shape, type }: Pick<Facts, "count" | "shape" | "type">,
): ItemPlace => ({ path, type, count, size: shape.reduce((n, d) => n * d, 1) });

async function load(file: number, facts: Facts): Promise<Uint8Array | Float32Array> {
  const length = lengthOf(facts);
  const items = facts.type === "uint8" ? sharedBytes(length) : sharedFloats(length / 4);
  const bytes = new Uint8Array(items.buffer);
  for (let at = 0; at < length; at += stride) {
    readFully(file, { out: bytes.subarray(at, at + stride), position: at, path: "" });
    await setImmediate();
  }
  return items;
}

/** Bytes that a disk has left for us. */
function freeOn(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** The newest are removed last. */
function touch(path: string): void {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // A cache that may only be read is as good.
  }
}
