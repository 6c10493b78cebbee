import { DataError } from "../../shape/error.js";
import type { RawPicture } from "./decode.js";
import { BadFile } from "./source.js";

/** The two sets of Krizhevsky, "Learning Multiple Layers of Features from Tiny Images" (2009). */
export type CifarSet = "CIFAR-10" | "CIFAR-100";

/** One file of records. */
export interface CifarPart {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const side = 32;
const area = side * side;
const pixels = 3 * area;

/** What stands before the pixels of a record: one class, or a coarse one and a fine one. */
const classCounts = { "CIFAR-10": [10], "CIFAR-100": [20, 100] } as const;

const recordOf = (set: CifarSet): number => classCounts[set].length + pixels;

const tenName = /^(data_batch_\d+|test_batch)\.bin$/i;
const hundredName = /^(train|test)\.bin$/i;

/** Which set a file belongs to by its name, as the archives of the set name their files. */
export function cifarByName(name: string): CifarSet | undefined {
  if (tenName.test(name)) return "CIFAR-10";
  return hundredName.test(name) ? "CIFAR-100" : undefined;
}

/** The split a file of records is, by its name. */
export const cifarSplit = (name: string): "train" | "test" | undefined =>
  /test/i.test(name) ? "test" : /train|data_batch/i.test(name) ? "train" : undefined;

/** The file with the names of the classes. */
export const cifarClasses = { "CIFAR-10": "batches.meta.txt", "CIFAR-100": "fine_label_names.txt" };

/** Which set the files of a folder or archive are, by their names. */
export function cifarAmong(names: readonly string[]): CifarSet | undefined {
  if (names.some((name) => tenName.test(name))) return "CIFAR-10";
  const named = names.includes(cifarClasses["CIFAR-100"]);
  return named && names.some((name) => hundredName.test(name)) ? "CIFAR-100" : undefined;
}

/** Which set's records a file holds, by its size and what its first two records begin with. */
export function cifarByContent(head: Uint8Array, size: number): CifarSet | undefined {
  return (["CIFAR-10", "CIFAR-100"] as const).find((set) => {
    const record = recordOf(set);
    return (
      size > 0 &&
      size % record === 0 &&
      head.length > 1 &&
      isRecord(head, set, 0) &&
      (size === record || (head.length >= record + 2 && isRecord(head, set, record)))
    );
  });
}

const isRecord = (bytes: Uint8Array, set: CifarSet, start: number): boolean =>
  classCounts[set].every((count, i) => bytes[start + i]! < count);

/** Records of several files as one list. */
export interface CifarRecords {
  readonly count: number;
  /** Channels last, as decoding takes it. */
  readonly pictureAt: (i: number) => RawPicture;
  /** The class; the fine one of CIFAR-100. */
  readonly labelAt: (i: number) => number;
  /** The class around that class, in CIFAR-100. */
  readonly coarseAt: ((i: number) => number) | undefined;
}

/** Reads records: classes, then 1024 bytes each of red, green and blue, row by row. */
export function parseCifar(
  file: string,
  { set, parts }: { readonly set: CifarSet; readonly parts: readonly CifarPart[] },
): CifarRecords {
  const counts = classCounts[set];
  const record = recordOf(set);
  for (const { name, bytes } of parts) checkRecords(file, { set, name, bytes });
  const places = parts.flatMap(({ bytes }) =>
    Array.from({ length: bytes.length / record }, (_, i) => bytes.subarray(i * record)),
  );
  const pictureAt = (i: number): RawPicture => {
    const planes = places[i]!.subarray(counts.length, record);
    const data = new Uint8Array(pixels);
    for (let to = 0; to < pixels; to++) data[to] = planes[(to % 3) * area + Math.trunc(to / 3)]!;
    return { data, height: side, width: side, channels: 3 };
  };
  return {
    count: places.length,
    pictureAt,
    labelAt: (i) => places[i]![counts.length - 1]!,
    coarseAt: set === "CIFAR-100" ? (i) => places[i]![0]! : undefined,
  };
}

interface Checked extends CifarPart {
  readonly set: CifarSet;
}

function checkRecords(file: string, { set, name, bytes }: Checked): void {
  const record = recordOf(set);
  const op = name === "" ? file : `${file} › ${name}`;
  if (bytes.length === 0 || bytes.length % record !== 0) {
    const why = `holds ${bytes.length} bytes, no whole number of ${set} records of ${record}`;
    throw new DataError({ op, why });
  }
  for (let start = 0; start < bytes.length; start += record) {
    if (isRecord(bytes, set, start)) continue;
    const classes = [...bytes.subarray(start, start + record - pixels)].join(" of ");
    const why = `record ${start / record} is of class ${classes}; ${set} has ${classCounts[set].join(" of ")}`;
    throw new DataError({ op, why });
  }
}

/** Class names, one a line, as many as the set has. */
export function parseClasses(text: string, set: CifarSet): readonly string[] {
  const names = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const wanted = classCounts[set].at(-1);
  if (names.length !== wanted) throw new BadFile(`names ${names.length} classes, not ${wanted}`);
  return names;
}

/** The classes by their numbers, where no file names them. */
export const numberedClasses = (set: CifarSet): readonly string[] =>
  Array.from({ length: classCounts[set].at(-1)! }, (_, i) => `${i}`);
