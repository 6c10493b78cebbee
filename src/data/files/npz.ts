import { type FileHandle, open } from "node:fs/promises";
import type { Entry } from "yauzl";
import { DataError } from "../../shape/error.js";
import { formatShape } from "../../shape/shape.js";
import type { Dataset } from "../dataset.js";
import { allowedMemory, checkMemory } from "./memory.js";
import { type NpyHeader, parseNpyHeader } from "./npy.js";
import { arrayDataset, type NumpyArray } from "./npy-dataset.js";
import { layoutOf } from "./npy-layout.js";
import { numbersOf } from "./npy-numbers.js";
import { checkHeld } from "./npy-source.js";
import type { PictureOptions } from "./options.js";
import { BadFile } from "./source.js";
import { listEntries, readEntry, readHead } from "./zip.js";

/** One array of an NPZ file; its header, or why it cannot be read. */
interface Member {
  readonly name: string;
  readonly entry: Entry;
  readonly header: NpyHeader | BadFile;
}

/** Stored bytes that the longest header is within: blanks, packed or not, and few at that. */
const packedHeader = 4096;

type Split = "train" | "test";

const itemNames = ["x", "images", "data", "arr_0"];
const labelNames = ["y", "labels", "arr_1"];

/**
 * Opens an NPZ file: items from the array `x`, `images`, `data` or `arr_0`, or the only one that
 * can be items; labels from `y`, `labels` or `arr_1`. `x_train` and `train_images` are splits.
 */
export async function npzSource(
  path: string,
  { name, options }: { readonly name: string; readonly options: PictureOptions },
): Promise<Dataset> {
  const file = await open(path);
  try {
    const all = await membersOf(file);
    const { members, split } = ofSplit(path, { all, asked: options.split });
    const items = itemsAmong(path, members);
    const labels = members.find((member) => roleIn(member, labelNames) >= 0 && member !== items);
    const op = `${path} › ${items.name}`;
    layoutOf(headerOf(path, items).shape, { file: op });
    return await arrayDataset(op, {
      name: split === "test" ? `${name}-test` : name,
      items: await read(path, { member: items, file, options }),
      labels: labels && (await read(path, { member: labels, file, options })),
      options,
    });
  } finally {
    await file.close();
  }
}

async function membersOf(file: FileHandle): Promise<readonly Member[]> {
  const members: Member[] = [];
  for (const { name, entry } of await listEntries(file)) {
    if (!name.endsWith(".npy")) continue;
    const header = entry.isEncrypted()
      ? new BadFile("is encrypted")
      : headerFrom(await readHead(entry, file, packedHeader));
    members.push({ name: name.slice(0, -4), entry, header });
  }
  return members;
}

function headerFrom(head: Uint8Array): NpyHeader | BadFile {
  try {
    return parseNpyHeader(head);
  } catch (error) {
    if (error instanceof BadFile) return error;
    throw error;
  }
}

const splitWords: Readonly<Record<string, Split>> = {
  train: "train",
  test: "test",
  val: "test",
  valid: "test",
  validation: "test",
};

/** A name as the word before or after its split: `x_train` and `train_x` are `x` of `train`. */
function parseName(name: string): { readonly base: string; readonly word: string | undefined } {
  const parts = name.toLowerCase().split("_");
  const at = [parts.length - 1, 0].find((i) => parts.length > 1 && parts[i]! in splitWords);
  return at === undefined
    ? { base: name.toLowerCase(), word: undefined }
    : { base: parts.toSpliced(at, 1).join("_"), word: parts[at]! };
}

const roleIn = ({ name }: Member, names: readonly string[]): number =>
  names.indexOf(parseName(name).base);

function ofSplit(
  path: string,
  { all, asked }: { readonly all: readonly Member[]; readonly asked: Split | undefined },
): { readonly members: readonly Member[]; readonly split: Split | undefined } {
  const words = new Set(all.map(({ name }) => parseName(name).word).filter((w) => w !== undefined));
  if (words.size === 0 && asked !== "test") return { members: all, split: undefined };
  const has = (split: Split) => [...words].filter((word) => splitWords[word] === split);
  const split = asked ?? (has("train").length > 0 ? "train" : "test");
  // A validation part is the test part where there is no other.
  const word = words.has(split) ? split : has(split).sort()[0];
  if (word === undefined) {
    const value = all.map(({ name }) => name).join(", ");
    const operands = [{ label: "arrays", value }];
    throw new DataError({ op: path, why: `has no ${split} split`, operands });
  }
  return { members: all.filter(({ name }) => parseName(name).word === word), split };
}

function itemsAmong(path: string, members: readonly Member[]): Member {
  const named = members
    .filter((member) => roleIn(member, itemNames) >= 0)
    .sort((a, b) => roleIn(a, itemNames) - roleIn(b, itemNames));
  if (named[0]) return named[0];
  const possible = members.filter(
    (member) =>
      roleIn(member, labelNames) < 0 &&
      !(member.header instanceof BadFile) &&
      member.header.shape.length > 1,
  );
  if (possible.length === 1) return possible[0]!;
  if (members.length === 0) throw new BadFile("holds no arrays");
  const operands = members.slice(0, 8).map(({ name, header }) => ({
    label: name,
    value: header instanceof BadFile ? header.message : formatShape(header.shape),
  }));
  const why = "no array in it is called x, images, data or arr_0";
  throw new DataError({ op: path, why, operands });
}

function headerOf(path: string, { name, header }: Member): NpyHeader {
  if (header instanceof BadFile) {
    throw new DataError({ op: `${path} › ${name}`, why: header.message });
  }
  return header;
}

async function read(
  path: string,
  {
    member,
    file,
    options,
  }: { readonly member: Member; readonly file: FileHandle; readonly options: PictureOptions },
): Promise<NumpyArray> {
  const op = `${path} › ${member.name}`;
  const header = headerOf(path, member);
  try {
    checkHeld(header, member.entry.uncompressedSize - header.start);
    checkMemory(op, { count: 1, shape: [header.length], options, what: "numbers" });
    options.signal?.throwIfAborted();
    const bytes = await readEntry(member.entry, file, allowedMemory(options));
    const numbers = numbersOf(header, bytes.subarray(header.start));
    return { type: header.type, shape: header.shape, numbers };
  } catch (error) {
    throw error instanceof BadFile ? new DataError({ op, why: error.message }) : error;
  }
}
