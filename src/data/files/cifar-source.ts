import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { DataError } from "../../shape/error.js";
import type { Dataset } from "../dataset.js";
import { sharedInts } from "../memory.js";
import {
  type CifarSet,
  cifarAmong,
  cifarByContent,
  cifarByName,
  cifarClasses,
  cifarSplit,
  numberedClasses,
  parseCifar,
  parseClasses,
} from "./cifar.js";
import { headOf } from "./folder.js";
import { nodeFingerprint } from "./hash.js";
import { evenly } from "./layout.js";
import { checkMemory } from "./memory.js";
import type { PictureOptions } from "./options.js";
import { resized } from "./raw.js";
import { BadFile, largestFile, plainName } from "./source.js";
import { streamTar } from "./tar.js";

interface Asked {
  readonly name: string;
  readonly options: PictureOptions;
}

/** A file among those of the set: its size, and its bytes. */
interface File {
  readonly name: string;
  readonly size: number;
  readonly read: () => Promise<Uint8Array>;
}

/** Opens one file of CIFAR's binary version. */
export async function cifarFile(path: string, asked: Asked): Promise<Dataset> {
  const { size } = await stat(path);
  const name = basename(path);
  const set = cifarByContent(await headOf(path, 4096), size) ?? cifarByName(name)!;
  const split = cifarSplit(name);
  if (asked.options.split && split && split !== asked.options.split) {
    throw new DataError({
      op: path,
      why: `is the ${split} split, not the ${asked.options.split} split`,
      hint: "open the folder instead",
    });
  }
  const files = [{ name: "", size, read: () => readFile(path) }];
  return await assemble(path, { ...asked, set, files, split, classes: undefined });
}

/** Opens a folder of CIFAR's binary version. */
export async function cifarFolder(path: string, asked: Asked): Promise<Dataset> {
  const names = await readdir(path);
  const files = await Promise.all(
    names.sort().map(async (name): Promise<File> => {
      const file = join(path, name);
      return { name, size: (await stat(file)).size, read: () => readFile(file) };
    }),
  );
  return await ofFiles(path, { ...asked, files, set: cifarAmong(names)! });
}

/** Opens the archive that the set is given out as; nothing when it is another. */
export async function cifarTar(path: string, asked: Asked): Promise<Dataset | undefined> {
  const held = new Map<string, Uint8Array>();
  const files: File[] = [];
  await streamTar(path, async ({ name: stored, size, type }, { bytes }) => {
    const name = basename(plainName(stored));
    const wanted = cifarByName(name) !== undefined || Object.values(cifarClasses).includes(name);
    if (type !== "file" || !wanted) return true;
    if (size > largestFile)
      throw new BadFile(`holds ${name} of more than ${largestFile / 2 ** 20} MiB`);
    const split = cifarSplit(name);
    const unasked = split !== undefined && split !== (asked.options.split ?? "train");
    if (!unasked) held.set(name, await bytes());
    files.push({ name, size, read: async () => held.get(name)! });
    return true;
  });
  const set = cifarAmong(files.map(({ name }) => name));
  const sorted = files.sort((a, b) => (a.name < b.name ? -1 : 1));
  return set && (await ofFiles(path, { ...asked, files: sorted, set }));
}

interface Found extends Asked {
  readonly set: CifarSet;
  readonly files: readonly File[];
}

async function ofFiles(path: string, { set, files, ...asked }: Found): Promise<Dataset> {
  const split = asked.options.split ?? "train";
  const parts = files.filter(({ name }) => cifarByName(name) === set && cifarSplit(name) === split);
  if (parts.length === 0) {
    const value = files.map(({ name }) => name).join(", ");
    const operands = [{ label: "files", value }];
    throw new DataError({ op: path, why: `has no ${split} split`, operands });
  }
  const naming = files.find(({ name }) => name === cifarClasses[set]);
  const classes = naming && parseClasses(new TextDecoder().decode(await naming.read()), set);
  return await assemble(path, { ...asked, set, files: parts, split, classes });
}

interface Chosen extends Found {
  readonly split: "train" | "test" | undefined;
  readonly classes: readonly string[] | undefined;
}

async function assemble(
  file: string,
  { name, options, set, files, split, classes }: Chosen,
): Promise<Dataset> {
  const size = files.reduce((sum, part) => sum + part.size, 0);
  checkMemory(file, { count: 1, shape: [size], options, what: "numbers" });
  const parts = await Promise.all(
    files.map(async (part) => ({ name: part.name, bytes: await part.read() })),
  );
  const { count, pictureAt, labelAt, coarseAt } = parseCifar(file, { set, parts });
  const chosen = evenly(
    Array.from({ length: count }, (_, i) => i),
    options.limit,
  );
  const pixels = await resized(file, { all: { count, pictureAt }, chosen, options });
  const labels = sharedInts(chosen.length);
  chosen.forEach((i, slot) => {
    labels[slot] = labelAt(i);
  });
  const data = { kind: "pictures", ...pixels, labels } as const;
  return {
    name: split === "test" ? `${name}-test` : name,
    count: chosen.length,
    ...data,
    classes: classes ?? numberedClasses(set),
    ...(coarseAt ? { factors: { coarse: chosen.map(coarseAt) } } : {}),
    fingerprint: nodeFingerprint(data),
    modes: undefined,
    skipped: [],
  };
}
