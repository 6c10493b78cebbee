import { closest, DataError } from "../../shape/error.js";
import type { Skipped } from "../dataset.js";
import { type Layout, layOut, type Placed } from "./layout.js";

type Split = "train" | "test";

/** A picture's name without the words that say which split it is in. */
interface Plain {
  readonly entry: number;
  readonly name: string;
  readonly split: Split | "check" | undefined;
  readonly parts: readonly string[];
}

const words: Readonly<Record<string, Split | "check">> = {
  train: "train",
  training: "train",
  test: "test",
  testing: "test",
  val: "check",
  valid: "check",
  validation: "check",
};

const word = Object.keys(words).join("|");
const before = new RegExp(`^(${word})(?:[-_ ](.+)|([AB]))$`, "i");
const after = new RegExp(`^(.+)[-_ ](${word})$`, "i");

/** What a folder's name says of a split, and what is left: `train-images` is `images`. */
function splitOf(part: string): { readonly split?: Split | "check"; readonly rest: string } {
  const own = words[part.toLowerCase()];
  if (own !== undefined) return { split: own, rest: "" };
  const first = before.exec(part);
  if (first) return { split: words[first[1]!.toLowerCase()]!, rest: (first[2] ?? first[3])! };
  const last = after.exec(part);
  if (last) return { split: words[last[2]!.toLowerCase()]!, rest: last[1]! };
  return { rest: part };
}

function plain(name: string, entry: number): Plain {
  const folders = name.split("/");
  const file = folders.pop()!;
  let split: Plain["split"];
  const parts = folders.flatMap((folder) => {
    if (split !== undefined) return [folder];
    const said = splitOf(folder);
    split = said.split;
    return said.rest === "" ? [] : [said.rest];
  });
  return { entry, name, split, parts: [...parts, file] };
}

/** Where in its parts a name goes into a folder, or after which part it is in it. */
function below(parts: readonly string[], folder: readonly string[]): number | undefined {
  for (let at = 0; at + folder.length < parts.length; at++) {
    if (folder.every((part, i) => parts[at + i] === part)) return at + folder.length;
  }
  return undefined;
}

/** A folder's own parts and split; one that is written with its split means that split. */
function folderOf(folder: string): Omit<Plain, "entry" | "name"> {
  const { parts, split } = plain(`${folder}/x`, 0);
  return { parts: parts.slice(0, -1), split };
}

/** Whether some pictures are in a folder of a source, whichever split it is written with. */
export const hasFolder = (names: readonly string[], folder: string): boolean => {
  const { parts } = folderOf(clean(folder));
  return names.some((name, i) => below(plain(name, i).parts, parts) !== undefined);
};

const clean = (folder: string): string => folder.replace(/^\.\//, "").replace(/\/+$/, "");

/** Which pictures are wanted, and by what each is known to its partner. */
export interface Chosen {
  readonly layout: Layout;
  readonly keyOf: ReadonlyMap<number, string>;
}

/**
 * The pictures in a folder of a source, or all outside of one, of the split that is asked for: the
 * one that the folder's name says, or train where there is one.
 */
export function chooseFolder(
  file: string,
  names: readonly string[],
  {
    within,
    without,
    split: asked,
  }: {
    readonly within?: string | undefined;
    readonly without?: string | undefined;
    readonly split?: Split | undefined;
  },
): Chosen {
  const inner = within === undefined ? undefined : folderOf(clean(within));
  const outer = without === undefined ? undefined : folderOf(clean(without));
  const all = names.map(plain).flatMap((picture) => {
    if (outer && below(picture.parts, outer.parts) !== undefined) return [];
    const from = inner ? below(picture.parts, inner.parts) : 0;
    return from === undefined ? [] : [{ ...picture, parts: picture.parts.slice(from) }];
  });
  if (all.length === 0) throw noFolder(file, names, within);
  const splits = new Set(all.map(({ split }) => split));
  const split = asked ?? knownSplit(inner?.split ?? outer?.split) ?? usual(splits);
  const wanted = split === "test" && !splits.has("test") ? "check" : split;
  const pictures = all.filter((picture) => split === undefined || picture.split === wanted);
  if (pictures.length === 0) throw new DataError({ op: file, why: `has no ${split} split` });
  const found = layOut(
    pictures.map(({ parts }) => parts.join("/")),
    { split: undefined },
  );
  const { pictures: placed, classes } = found as Layout; // no split is asked for, so none is missing
  const back = placed.map(({ entry, folder }) => ({ ...pictures[entry]!, folder }));
  return {
    layout: {
      pictures: back.map(({ entry, name, folder }) => ({ entry, name, folder })),
      classes,
      split: wanted === "check" ? "test" : wanted,
    },
    keyOf: keysOf(back),
  };
}

const knownSplit = (split: Plain["split"]): Split | undefined =>
  split === "check" ? "test" : split;

/** The split that is taken when none is asked for. */
const usual = (splits: ReadonlySet<Plain["split"]>): Split | undefined =>
  splits.has("train") ? "train" : splits.has(undefined) ? undefined : "test";

/** What the pictures of a whole source are known by. */
export const keysOfAll = (pictures: readonly Placed[]): ReadonlyMap<number, string> =>
  keysOf(pictures.map(({ name, entry }) => plain(name, entry)));

/** Names below what folders all have in common, without endings. */
function keysOf(pictures: readonly Pick<Plain, "entry" | "parts">[]): Map<number, string> {
  let paths = pictures.map(({ parts }) => parts);
  while (
    paths.every(({ length }) => length > 1) &&
    new Set(paths.map((parts) => parts[0])).size === 1
  ) {
    paths = paths.map((parts) => parts.slice(1));
  }
  return new Map(
    pictures.map(({ entry }, i) => [entry, paths[i]!.join("/").replace(/\.[^./]+$/, "")]),
  );
}

function noFolder(file: string, names: readonly string[], within: string | undefined): DataError {
  if (within === undefined) {
    return new DataError({ op: file, why: "holds no pictures besides those that are given" });
  }
  const folders = new Set(foldersOf(names));
  const near = closest(within, folders);
  const some = [...folders].slice(0, 8).join(", ");
  return new DataError({
    op: file,
    why: `has no pictures in ${within}`,
    ...(folders.size > 0 ? { operands: [{ label: "folders", value: some }] } : {}),
    ...(near === undefined ? {} : { hint: `did you mean ${near}?` }),
  });
}

/** Folders of a source as they can be named: as they are, and without the words of splits. */
export function foldersOf(names: readonly string[]): readonly string[] {
  const all = names.flatMap((name, i) => [
    ...foldersAround(name.split("/")),
    ...foldersAround(plain(name, i).parts),
  ]);
  return [...new Set(all)].sort();
}

/** StyleGAN's folders of numbers only keep folders small. */
const foldersAround = (parts: readonly string[]): string[] =>
  parts
    .slice(0, -1)
    .map((_, i) => parts.slice(0, i + 1).join("/"))
    .filter((folder) => !/(^|\/)\d{5}$/.test(folder));

/** One of two sources of partners. */
export interface Side extends Chosen {
  readonly file: string;
}

/** Pictures and their partners in the same order, and whoever has none. */
export interface Partners {
  readonly items: readonly Placed[];
  readonly given: readonly Placed[];
  readonly alone: readonly (Skipped & { readonly of: string })[];
}

/**
 * Finds each picture's partner: of the same name in the same folder, or else of the same name
 * anywhere, or else of the same name but for an ending that all on one side have, as in `a_L.png`.
 */
export function partnersOf(items: Side, given: Side): Partners {
  const [first, ...more] = ways.map((way) => matched(items, given, way));
  const best = more.reduce((a, b) => (b.items.length > a.items.length ? b : a), first!);
  if (best.items.length > 0) return best;
  const name = ({ layout }: Side): string => layout.pictures[0]!.name;
  throw new DataError({
    op: items.file,
    why: `no picture has a partner in ${given.file}`,
    operands: [
      { label: "here", value: name(items) },
      { label: "there", value: name(given) },
    ],
    hint: "give partners the same name; their endings may differ",
  });
}

/** What partners are known by, of all keys of a side. */
const ways: readonly ((keys: readonly string[]) => readonly string[])[] = [
  (keys) => keys,
  (keys) => keys.map(stem),
  (keys) => {
    const stems = keys.map(stem);
    const shared = /[-_][a-z]\w*$/i.exec(stems[0]!)?.[0];
    if (shared === undefined || stems.some((key) => !key.endsWith(shared))) return stems;
    return stems.map((key) => key.slice(0, -shared.length));
  },
];

const stem = (key: string): string => key.slice(key.lastIndexOf("/") + 1);

function matched(items: Side, given: Side, way: (typeof ways)[number]): Partners {
  const [here, there] = [items, given].map(({ layout, keyOf }) => {
    const keys = way(layout.pictures.map(({ entry }) => keyOf.get(entry)!));
    return layout.pictures.map((picture, i) => ({ picture, key: keys[i]! }));
  }) as [Keyed[], Keyed[]]; // two went in
  const partners = new Map(there.map(({ key, picture }) => [key, picture]));
  const own = new Map(here.map(({ key, picture }) => [key, picture]));
  const pairs = here.flatMap(({ key, picture }) => {
    const partner = partners.get(key);
    return partner && own.get(key) === picture ? [{ picture, partner }] : [];
  });
  const used = new Set(pairs.flatMap(({ picture, partner }) => [picture, partner]));
  const lonely = (keyed: readonly Keyed[], side: Side, other: Side): Partners["alone"] =>
    keyed.flatMap(({ picture }) =>
      used.has(picture)
        ? []
        : [{ file: picture.name, reason: `has no partner in ${other.file}`, of: side.file }],
    );
  return {
    items: pairs.map(({ picture }) => picture),
    given: pairs.map(({ partner }) => partner),
    alone: [...lonely(here, items, given), ...lonely(there, given, items)],
  };
}

interface Keyed {
  readonly picture: Placed;
  readonly key: string;
}
