import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { DataError } from "../../shape/error.js";
import { roleOf } from "./source.js";

/** The files of a data set in Parquet. */
export interface Found {
  readonly files: readonly { readonly name: string; readonly path: string }[];
  readonly split: "train" | "test" | undefined;
  readonly notes: readonly string[];
}

const isParquet = (name: string): boolean => /\.parquet$/i.test(name) && !name.startsWith(".");

/**
 * Whether a folder is shards in Parquet: it holds some, and no pictures that such a file would only
 * describe, or one of its few folders does.
 */
export async function isParquetFolder(path: string, names: readonly string[]): Promise<boolean> {
  if (names.some((name) => roleOf(name) === "picture")) return false;
  return names.some(isParquet) || (await folderWithin(path, names)) !== undefined;
}

/** More folders than this are classes. */
const fewFolders = 8;

/** `data` within a repository of the hub, or the only folder with Parquet files in it. */
async function folderWithin(path: string, names: readonly string[]): Promise<string | undefined> {
  const possible = names.filter((name) => !name.startsWith(".") && !/\.\w{1,5}$/.test(name));
  if (possible.length > fewFolders) return undefined;
  const holding: string[] = [];
  for (const name of possible.sort()) {
    // What is no folder holds nothing.
    const within = await readdir(join(path, name)).catch(() => []);
    if (within.some(isParquet) && !within.some((one) => roleOf(one) === "picture")) {
      holding.push(name);
    }
  }
  return holding.length === 1 ? holding[0] : holding.find((name) => name === "data");
}

/** A file itself, or the files in a folder that are of the split, in order of their names. */
export async function parquetFiles(
  path: string,
  asked: "train" | "test" | undefined,
): Promise<Found> {
  if (!(await stat(path)).isDirectory()) {
    const split = partOf(basename(path));
    const other = asked && split && splitOf[split] !== asked;
    if (other) {
      const why = `is the ${split} split, not the ${asked} split`;
      throw new DataError({ op: path, why, hint: "open the folder instead" });
    }
    const files = [{ name: "", path }];
    return { files, split: split && splitOf[split], notes: [] };
  }
  const all = await readdir(path);
  const here = all.some(isParquet) ? "" : `${await folderWithin(path, all)}`;
  const names = (await readdir(join(path, here))).filter(isParquet).sort();
  const { chosen, split } = ofSplit(path, { names, asked });
  const files = chosen.map((name) => ({ name, path: join(path, here, name) }));
  return { files, split, notes: missing(chosen) };
}

type Part = "train" | "test" | "validation";

const splitOf: Readonly<Record<Part, "train" | "test">> = {
  train: "train",
  test: "test",
  validation: "test",
};

/** The part that a file is of, by the words of its name. */
function partOf(name: string): Part | undefined {
  const word = /(?:^|[-_.])(train|training|test|testing|val|valid|validation)(?=[-_.])/i.exec(
    name,
  )?.[1];
  if (word === undefined) return undefined;
  return /^train/i.test(word) ? "train" : /^test/i.test(word) ? "test" : "validation";
}

function ofSplit(
  path: string,
  {
    names,
    asked,
  }: { readonly names: readonly string[]; readonly asked: "train" | "test" | undefined },
): { readonly chosen: readonly string[]; readonly split: "train" | "test" | undefined } {
  const parts = new Set(names.map(partOf));
  if (!asked && parts.has(undefined)) return { chosen: names, split: undefined };
  const order: readonly Part[] =
    asked === "train"
      ? ["train"]
      : asked
        ? ["test", "validation"]
        : ["train", "test", "validation"];
  const part = order.find((one) => parts.has(one));
  if (part === undefined) {
    const operands = [{ label: "files", value: names.join(", ") }];
    throw new DataError({ op: path, why: `has no ${asked} split`, operands });
  }
  return { chosen: names.filter((name) => partOf(name) === part), split: splitOf[part] };
}

/** Which of the shards that the names count are not there. */
function missing(names: readonly string[]): readonly string[] {
  const counted = names
    .map((name) => /^(.*)-(\d{5})-of-(\d{5})/.exec(name))
    .filter((found) => found !== null);
  const notes: string[] = [];
  for (const [stem, all] of new Map(counted.map(([, stem, , all]) => [stem!, Number(all)]))) {
    const there = counted.filter(([, other]) => other === stem).length;
    if (there < all) notes.push(`${there} of ${all} shards of ${stem} are there`);
  }
  return notes;
}
