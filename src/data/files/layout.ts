/** A picture's place in a data set: which entry it is, and its class when folders are classes. */
export interface Placed {
  readonly entry: number;
  readonly name: string;
  readonly folder: string | undefined;
}

/** What the names of the pictures say about splits and classes. */
export interface Layout {
  readonly pictures: readonly Placed[];
  /** Folders that are classes, over all splits; empty when folders are not classes. */
  readonly classes: readonly string[];
  /** The split that was taken, when there are splits. */
  readonly split: "train" | "test" | undefined;
}

/** The splits there are, when the one asked for is not among them. */
export interface NoSplit {
  readonly missing: "train" | "test";
  readonly folders: readonly string[];
}

const trainWords = new Set(["train", "training"]);
const testWords = new Set(["test", "testing"]);
const checkWords = new Set(["val", "valid", "validation"]);

const isSplit = (folder: string): boolean =>
  [trainWords, testWords, checkWords].some((words) => words.has(folder.toLowerCase()));

interface Path {
  readonly entry: number;
  readonly name: string;
  readonly parts: readonly string[];
}

/**
 * Reads splits and classes off the names: folders around everything are dropped, top folders that
 * are all called train, test, val, … are splits, and when every picture is in a folder and there
 * are two or more of these, they are classes. Sorted by name, by code units.
 */
export function layOut(
  names: readonly string[],
  { split }: { readonly split: "train" | "test" | undefined },
): Layout | NoSplit {
  let paths = names
    .map((name, entry): Path => ({ entry, name, parts: name.split("/") }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.entry - b.entry));
  for (;;) {
    const tops = new Set(paths.map(({ parts }) => (parts.length > 1 ? parts[0]! : "")));
    if (tops.size > 0 && [...tops].every(isSplit)) return bySplit(paths, [...tops], split);
    if (tops.size !== 1 || tops.has("")) break;
    paths = paths.map(withoutTop);
  }
  return { ...byFolder(paths, paths), split: undefined };
}

const withoutTop = ({ parts, ...rest }: Path): Path => ({ ...rest, parts: parts.slice(1) });

function bySplit(
  paths: readonly Path[],
  folders: readonly string[],
  asked: "train" | "test" | undefined,
): Layout | NoSplit {
  const among = (words: ReadonlySet<string>) => folders.filter((f) => words.has(f.toLowerCase()));
  const train = among(trainWords);
  const test = among(testWords).length > 0 ? among(testWords) : among(checkWords);
  const split = asked ?? (train.length > 0 ? "train" : "test");
  const wanted = split === "train" ? train : test;
  if (wanted.length === 0) return { missing: split, folders };
  const chosen = paths.filter(({ parts }) => wanted.includes(parts[0]!));
  return { ...byFolder(chosen.map(withoutTop), paths.map(withoutTop)), split };
}

/** StyleGAN's `00000/img00000000.png`: folders that only keep folders small. */
const shard = /^\d{5}\/img\d{8}\.\w+$/;

function byFolder(chosen: readonly Path[], all: readonly Path[]): Omit<Layout, "split"> {
  const folders = new Set(all.map(({ parts }) => (parts.length > 1 ? parts[0]! : "")));
  const areClasses =
    folders.size > 1 && !folders.has("") && !all.every(({ parts }) => shard.test(parts.join("/")));
  return {
    pictures: chosen.map(({ entry, name, parts }) => ({
      entry,
      name,
      folder: areClasses ? parts[0] : undefined,
    })),
    classes: areClasses ? [...folders].sort() : [],
  };
}

/** At most `limit` of the items, evenly spread and in order. */
export function evenly<T>(items: readonly T[], limit: number | undefined): readonly T[] {
  if (limit === undefined || limit >= items.length) return items;
  return Array.from({ length: limit }, (_, i) => items[Math.floor((i * items.length) / limit)]!);
}
