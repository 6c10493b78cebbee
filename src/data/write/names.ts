import type { Dataset } from "../dataset.js";
import { legendKey, orderKey } from "../files/labels.js";
import { layOut } from "../files/layout.js";

/** Where each picture goes in a folder, and what its `dataset.json` must say. */
export interface Naming {
  readonly names: readonly string[];
  /** `undefined` when the names say everything. */
  readonly index: string | undefined;
}

/** Folders of classes, and a `dataset.json` where folders cannot say all that is known. */
export function folderNames(data: Dataset): Naming {
  const ending = endingOf(data);
  const { count, labels, classes } = data;
  const digits = String(Math.max(0, count - 1)).length;
  const folders = classFolders(classes);
  const names = Array.from({ length: count }, (_, i) => {
    const name = `${String(i).padStart(digits, "0")}.${ending}`;
    return labels === undefined ? name : `${folders[labels[i]!] ?? labels[i]}/${name}`;
  });
  const layout = layOut(names, { split: undefined });
  if ("missing" in layout || layout.pictures.length < count) throw new Error("names became splits");
  const isInOrder = layout.pictures.every(({ entry }, i) => entry === i);
  const isSame =
    isInOrder &&
    sameWords(layout.classes, labels === undefined ? [] : classes) &&
    Object.keys(factsOf(data)).length === 0 &&
    data.legend === undefined;
  const index = isSame ? undefined : indexText(data, { names, isInOrder });
  return { names, index };
}

/** `00000/img00000000.png`, as StyleGAN's dataset_tool.py names pictures. */
export function shardNames(data: Dataset): Naming & { readonly index: string } {
  const names = Array.from({ length: data.count }, (_, i) => {
    const number = String(i).padStart(8, "0");
    return `${number.slice(0, 5)}/img${number}.${endingOf(data)}`;
  });
  return { names, index: indexText(data, { names, isInOrder: true }) };
}

/** Light is written as numbers, all else as it is shown. */
const endingOf = ({ flux }: Dataset): string => (flux === undefined ? "png" : "fits");

/** Where pictures go that others belong to, and the others. */
export interface PairNaming {
  readonly names: readonly string[];
  readonly given: readonly string[];
  readonly index: string;
}

/** Folders called `items` and `given` in which partners have the same names. */
export function pairNames(data: Dataset, naming: Naming): PairNaming {
  const names = naming.names.map((name) => `items/${name}`);
  const given = naming.names.map((name) => `given/${name}`);
  return { names, given, index: indexText(data, { names, isInOrder: false }) };
}

function indexText(
  data: Dataset,
  { names, isInOrder }: { readonly names: readonly string[]; readonly isInOrder: boolean },
): string {
  const { labels, classes, legend, given } = data;
  const legends = {
    ...(legend ? { [given ? "items" : ""]: legend } : {}),
    ...(given?.legend ? { given: given.legend } : {}),
  };
  const ofEach = <T>(values: ArrayLike<T>) => names.map((name, i) => [name, values[i]!] as const);
  const facts = Object.entries(factsOf(data)).map(([key, values]) => [key, ofEach(values)]);
  return JSON.stringify({
    labels: labels === undefined ? null : ofEach(labels),
    ...(labels === undefined ? {} : { classes }),
    ...Object.fromEntries(facts),
    ...(Object.keys(legends).length > 0 ? { [legendKey]: legends } : {}),
    ...(isInOrder ? {} : { [orderKey]: ofEach(names.map((_, i) => i)) }),
  });
}

/** Captions and factors by the keys that they have in a `dataset.json`. */
function factsOf({ captions, factors }: Dataset): Record<string, readonly (string | number)[]> {
  const own = Object.entries(factors ?? {}).filter(
    ([key]) => !["labels", "classes", "captions", legendKey, orderKey].includes(key),
  );
  return { ...(captions ? { captions } : {}), ...Object.fromEntries(own) };
}

const splitWords = /^(train|training|test|testing|val|valid|validation)$/i;

/** Names of classes as names of folders: visible, portable, each once, and no splits. */
function classFolders(classes: readonly string[]): string[] {
  const taken = new Set<string>();
  return classes.map((name) => {
    const plain = name
      .replace(/[^\p{L}\p{N}_. ()&+,-]+/gu, "-")
      .replace(/^\.+/, "")
      .replace(/[. ]+$/, "");
    const base = plain === "" || splitWords.test(plain) ? `class ${plain}`.trim() : plain;
    let folder = base;
    for (let i = 2; taken.has(folder.toLowerCase()); i++) folder = `${base} ${i}`;
    taken.add(folder.toLowerCase());
    return folder;
  });
}

const sameWords = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((word, i) => word === b[i]);
