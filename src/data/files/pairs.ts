import { stat } from "node:fs/promises";
import { dirname, isAbsolute, relative, resolve } from "node:path";
import { closest, DataError } from "../../shape/error.js";
import { throughCache } from "../cache/through.js";
import type { Dataset, Skipped } from "../dataset.js";
import { pairedFingerprint } from "../fingerprint.js";
import { madeKinds } from "../pairs.js";
import { badFiles } from "./bad.js";
import { type Gathered, gather } from "./gather.js";
import { nodeFingerprint } from "./hash.js";
import { type HeapKind, heapOf, indexOf, inOrder, knownOf, nameOf, openSource } from "./heap.js";
import { kindOf } from "./kind.js";
import type { PictureIndex } from "./labels.js";
import { evenly, type Placed } from "./layout.js";
import { allowedMemory } from "./memory.js";
import type { Half, PictureOptions } from "./options.js";
import { gatherMaps } from "./pairs-gather.js";
import { askedPlan, checkVoids } from "./pairs-legend.js";
import type { MapPlan } from "./pairs-maps.js";
import {
  type Chosen,
  chooseFolder,
  foldersOf,
  hasFolder,
  keysOfAll,
  partnersOf,
} from "./pairs-names.js";
import { type Found, findPlan } from "./pairs-plan.js";
import { checkSizes } from "./pairs-sizes.js";
import type { PictureSource } from "./source.js";

/** A source of picture files that is open. */
interface Opened {
  readonly path: string;
  readonly kind: HeapKind;
  readonly source: PictureSource;
  readonly index: PictureIndex | undefined;
}

/** One of two sources of partners, or both halves of one. */
interface PairSide extends Opened, Chosen {
  readonly file: string;
  readonly half: Half | undefined;
}

/** Whether options ask for more than the pictures of a whole source. */
export const isPaired = ({ given, within, pairs, legend, void: voids }: PictureOptions): boolean =>
  [given, within, pairs, legend, voids].some((option) => option !== undefined);

/** A path that goes on inside an archive, in two. */
export async function insideOf(
  path: string,
): Promise<{ readonly path: string; readonly within: string } | undefined> {
  const kindAt = (at: string) =>
    stat(at).then(
      (found) => (found.isFile() ? "file" : "folder"),
      () => undefined,
    );
  for (let at = dirname(path); at !== dirname(at); at = dirname(at)) {
    const kind = await kindAt(at);
    if (kind === "folder") return undefined;
    if (kind === "file") return { path: at, within: path.slice(at.length + 1) };
  }
  return undefined;
}

/** Opens pictures and what belongs to each of them. */
export async function openPairs(path: string, options: PictureOptions): Promise<Dataset> {
  const open = new Map<string, Opened>();
  try {
    const sides = await sidesOf(path, { open, options });
    return await paired(sides, options);
  } finally {
    for (const { source } of open.values()) await source.close();
  }
}

interface Sides {
  readonly items: PairSide;
  readonly given?: PairSide | undefined;
}

async function sidesOf(
  path: string,
  { open, options }: { readonly open: Map<string, Opened>; readonly options: PictureOptions },
): Promise<Sides> {
  const { given, within, split, pairs, direction = "AtoB" } = options;
  const first = await opened(path, open);
  const chosen = async (
    from: Opened,
    folder: { within?: string | undefined; without?: string },
  ) => {
    const { path: file, source, index } = from;
    if (folder.within !== undefined || folder.without !== undefined) {
      const found = chooseFolder(file, source.names, { ...folder, split });
      return side(from, { ...found, index });
    }
    const { layout } = await heapOf(file, { source, split });
    return side(from, { layout, keyOf: keysOfAll(layout.pictures), index });
  };
  if (pairs === "side-by-side") {
    const both = await chosen(first, { within });
    const [items, of] =
      direction === "AtoB" ? (["right", "left"] as const) : (["left", "right"] as const);
    return { items: { ...both, half: items }, given: { ...both, half: of } };
  }
  if (given === undefined) return { items: await chosen(first, { within }) };
  const part = partOf(path, given);
  const inside = await insideOf(given);
  const isPath = part === undefined && (inside !== undefined || (await exists(given)));
  const folder = part ?? (hasFolder(first.source.names, given) ? given : undefined);
  if (folder !== undefined && isPath) {
    const why = `is a folder in ${path}, and something here has that name`;
    const hint = `write ./${given} or ${path}/${given}`;
    throw new DataError({ op: given, why, hint });
  }
  if (folder !== undefined) {
    const items = await chosen(first, within === undefined ? { without: folder } : { within });
    const partner = await chosen(first, { within: folder });
    return { items, given: { ...partner, file: `${path} › ${folder}` } };
  }
  if (!isPath) throw noGiven(given, first);
  return {
    items: await chosen(first, { within }),
    given: await chosen(await opened(inside?.path ?? given, open), { within: inside?.within }),
  };
}

/** What of a path lies in another, when it goes through that. */
function partOf(path: string, given: string): string | undefined {
  const part = relative(resolve(path), resolve(given));
  return part === "" || part.startsWith("..") || isAbsolute(part)
    ? undefined
    : part.replaceAll("\\", "/");
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

function side(from: Opened, { layout, keyOf, index }: Chosen & Pick<Opened, "index">): PairSide {
  const pictures = inOrder(layout.pictures, index);
  return { ...from, file: from.path, layout: { ...layout, pictures }, keyOf, half: undefined };
}

async function opened(path: string, open: Map<string, Opened>): Promise<Opened> {
  const before = open.get(path);
  if (before) return before;
  const kind = await kindOf(path);
  if (kind !== "folder" && kind !== "zip" && kind !== "tar" && kind !== "picture") {
    throw new DataError({
      op: path,
      why: "is no folder or archive of pictures, as pairs are read from",
      hint: "pass --given edges or --given grey, which are made from any pictures",
    });
  }
  const source = await openSource(path, kind);
  const found = { path, kind, source, index: await indexOf(path, source) };
  open.set(path, found);
  return found;
}

function noGiven(given: string, { path, source }: Opened): DataError {
  const near = closest(given, [...foldersOf(source.names), ...madeKinds]);
  return new DataError({
    op: given,
    why: `is no folder in ${path}, and nothing exists at that path`,
    ...(near ? { hint: `did you mean ${near}?` } : {}),
  });
}

async function paired({ items, given }: Sides, options: PictureOptions): Promise<Dataset> {
  const { limit, skipBad, void: voids } = options;
  const skipped: Skipped[] = [];
  const alike = matchedSides({ items, given }, { skipBad, skipped });
  let pictures = evenly(alike, limit);
  const sizes = await checkSizes({ items, given }, pictures, options);
  if (sizes.bad.length > 0 && skipBad !== true)
    throw badFiles(items.file, sizes.bad, pictures.length);
  skipped.push(...sizes.bad);
  pictures = sizes.good;
  if (pictures.length === 0) throw badFiles(items.file, sizes.bad, sizes.bad.length);
  const plans = await plansOf({ items, given }, { pictures, options });
  checkVoids(voids, [plans.items?.legend, plans.given?.legend]);
  for (;;) {
    const [own, other] = [pictures.map(([item]) => item), pictures.map(([, partner]) => partner!)];
    // Both lie in memory at the same time.
    const memory = given === undefined ? {} : { memory: Math.floor(allowedMemory(options) / 2) };
    const sized = { ...options, ...memory, size: sizes.size };
    const name = nameOf(items.path, items.layout.split);
    const data = await decoded(items, {
      ...{ pictures: own, map: plans.items, name, options: sized },
      isKnown: true,
    });
    if (given === undefined) return { ...data, skipped: [...skipped, ...data.skipped] };
    const second = await decoded(given, {
      ...{ pictures: other, map: plans.given, name: `${name}-given`, options: sized },
      isKnown: false,
    });
    const bad = new Set([...data.skipped, ...second.skipped].map(({ file }) => file));
    if (bad.size === 0) return { ...joined(data, second), skipped };
    skipped.push(...data.skipped, ...second.skipped);
    pictures = pictures.filter(([a, b]) => !bad.has(a.name) && !bad.has(b!.name));
    if (pictures.length === 0) throw badFiles(items.file, skipped, skipped.length);
  }
}

/** Items with what was decoded beside them. */
function joined(items: Dataset, { shape, items: store, legend, fingerprint }: Dataset): Dataset {
  return {
    ...items,
    given: { shape, items: store, ...(legend ? { legend } : {}) },
    fingerprint: pairedFingerprint(items.fingerprint, fingerprint),
  };
}

/** A picture, and its partner where there are partners. */
export type Pair = readonly [item: Placed, given?: Placed];

function matchedSides(
  { items, given }: Sides,
  { skipBad, skipped }: { readonly skipBad: boolean | undefined; readonly skipped: Skipped[] },
): readonly Pair[] {
  const { pictures } = items.layout;
  if (given === undefined) return pictures.map((picture) => [picture]);
  if (given.half !== undefined) return pictures.map((picture) => [picture, picture]);
  const found = partnersOf(items, given);
  if (found.alone.length > 0 && skipBad !== true) {
    const { of } = found.alone[0]!;
    const count = (of === items.file ? items : given).layout.pictures.length;
    const alone = found.alone.filter((picture) => picture.of === of);
    throw badFiles(of, alone, count);
  }
  skipped.push(...found.alone.map(({ file, reason }) => ({ file, reason })));
  return found.items.map((picture, i) => [picture, found.given[i]!]);
}

type Plans = { readonly [side in keyof Sides]?: MapPlan | undefined };

/** Which sides are maps, and what their colours mean. */
async function plansOf(
  { items, given }: Sides,
  { pictures, options }: { readonly pictures: readonly Pair[]; readonly options: PictureOptions },
): Promise<Plans> {
  const asked = await askedPlan(options);
  const find = (of: PairSide, which: 0 | 1): Promise<Found> =>
    findPlan(
      { ...of, pictures: pictures.map((pair) => pair[which]!) },
      { asked, voids: options.void },
    );
  const [own, other] = [await find(items, 0), given && (await find(given, 1))];
  const plan = (found: Found | undefined) => (found && "plan" in found ? found.plan : undefined);
  if (asked !== undefined && !plan(own) && !plan(other)) {
    const [why] = [other, own].flatMap((found) => (found && "why" in found ? [found.why] : []));
    if (why) throw why;
  }
  return { items: plan(own), given: plan(other) };
}

/** One side as a data set of its own, as it was decoded before or as it is decoded now. */
async function decoded(
  { file, path, kind, source, index, layout, half }: PairSide,
  {
    pictures,
    map,
    name,
    options,
    isKnown,
  }: {
    readonly pictures: readonly Placed[];
    readonly map: MapPlan | undefined;
    readonly name: string;
    readonly options: PictureOptions;
    /** Whether classes and captions are the data's: those of items are. */
    readonly isKnown: boolean;
  },
): Promise<Dataset> {
  const names = pictures.map((picture) => picture.name);
  const content = { path, kind, name, options, side: { names, half, map } };
  return await throughCache(content, async (opening) => {
    const job = { file, source, pictures, options: { ...opening, half } };
    const found: Gathered = map ? await gatherMaps(job, map) : await gather(job);
    const { kept, items, shape, skipped } = found;
    const known = isKnown
      ? knownOf({ file, source, index, layout }, kept)
      : { labels: undefined, classes: [] };
    const legend = map ? { legend: map.legend } : {};
    const data = { kind: "pictures", shape, items, ...known, ...legend } as const;
    const fingerprint = nodeFingerprint(data);
    return { name, count: kept.length, ...data, fingerprint, modes: undefined, skipped };
  });
}
