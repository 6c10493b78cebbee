import { basename, resolve } from "node:path";
import { DataError } from "../../shape/error.js";
import type { Dataset } from "../dataset.js";
import { sharedInts } from "../memory.js";
import { openFolder, openPictureFile } from "./folder.js";
import type { Kind } from "./kind.js";
import { orderKey, type PictureIndex, parseIndex } from "./labels.js";
import { type Layout, layOut, type Placed } from "./layout.js";
import type { PictureOptions } from "./options.js";
import type { ReaderKind } from "./readers.js";
import { BadFile, type PictureSource } from "./source.js";
import { openTar } from "./tar.js";
import { openZip } from "./zip.js";

/** What is opened as a heap of picture files. */
export type HeapKind = Exclude<Kind, ReaderKind>;

/** A heap of picture files, and which of them are wanted, in order. */
export interface Heap {
  /** The source as the user named it. */
  readonly file: string;
  readonly source: PictureSource;
  readonly index: PictureIndex | undefined;
  readonly layout: Layout;
}

/** Opens a heap of picture files. */
export function openSource(path: string, kind: HeapKind): Promise<PictureSource> | PictureSource {
  if (kind === "folder") return openFolder(path);
  if (kind === "zip") return openZip(path);
  return kind === "tar" ? openTar(path) : openPictureFile(path, basename(path));
}

/** Reads off a source's names and `dataset.json` what is wanted of it. */
export async function heapOf(
  file: string,
  { source, split }: { readonly source: PictureSource; readonly split: PictureOptions["split"] },
): Promise<Heap> {
  if (source.names.length === 0)
    throw new DataError({ op: file, why: "holds no pictures", hint: noPicturesHint });
  const index = await indexOf(file, source);
  const layout = layOut(source.names, { split });
  if ("missing" in layout) {
    const value = layout.folders.join(", ");
    throw new DataError({
      op: file,
      why: `has no ${layout.missing} split`,
      operands: [{ label: "splits", value }],
    });
  }
  if (split === "test" && layout.split === undefined) {
    throw new DataError({ op: file, why: "has no test split", hint: noSplitHint });
  }
  return { file, source, index, layout: { ...layout, pictures: inOrder(layout.pictures, index) } };
}

/** The parsed `dataset.json`, when the source has one. */
export async function indexOf(
  file: string,
  { index }: PictureSource,
): Promise<PictureIndex | undefined> {
  if (!index) return undefined;
  const bytes = await index.read().catch((error: unknown) => {
    throw error instanceof BadFile
      ? new DataError({ op: `${file} › ${index.name}`, why: error.message })
      : error;
  });
  return parseIndex({ name: index.name, text: new TextDecoder().decode(bytes) }, { file });
}

/** As `dataset.json` orders them, when it does. */
export function inOrder(
  pictures: readonly Placed[],
  index: PictureIndex | undefined,
): readonly Placed[] {
  const placeOf = index?.facts.get(orderKey);
  const places = placeOf && new Map(pictures.map(({ entry, name }) => [entry, placeOf(name)]));
  if (!places || [...places.values()].some((place) => typeof place !== "number")) return pictures;
  const at = ({ entry }: Placed): number => Number(places.get(entry));
  return [...pictures].sort((a, b) => at(a) - at(b));
}

const noPicturesHint = "pictures are PNG, JPEG, WebP, GIF, TIFF, AVIF, DDS, TGA or FITS files";
const noSplitHint = "leave --split out, or put the pictures into folders called train and test";

type Known = Pick<Dataset, "labels" | "classes" | "captions" | "factors">;

/** Classes, captions and further facts of pictures, from `dataset.json` or their folders. */
export function knownOf({ file, index, layout }: Heap, kept: readonly Placed[]): Known {
  return {
    ...(index && index.labels !== "unsaid"
      ? indexLabels(file, { index, kept })
      : folderLabels(kept, layout.classes)),
    ...(index ? indexFacts(index, kept) : {}),
  };
}

type Labels = Pick<Dataset, "labels" | "classes">;

function folderLabels(kept: readonly Placed[], classes: readonly string[]): Labels {
  if (classes.length === 0) return { labels: undefined, classes };
  const numbers = new Map(classes.map((name, i) => [name, i]));
  const labels = sharedInts(kept.length);
  kept.forEach(({ folder }, i) => {
    labels[i] = numbers.get(folder!)!;
  });
  return { labels, classes };
}

function indexLabels(
  file: string,
  { index, kept }: { readonly index: PictureIndex; readonly kept: readonly Placed[] },
): Labels {
  if (index.labels === "none") return { labels: undefined, classes: [] };
  const found = kept.map(({ name }) => index.labelOf(name));
  const without = kept.filter((_, i) => found[i] === undefined);
  if (without.length > 0) {
    throw new DataError({
      op: `${file} › dataset.json`,
      why: `has no label for ${without.length} of ${kept.length} pictures`,
      operands: [{ label: "first", value: without[0]!.name }],
    });
  }
  const labels = sharedInts(kept.length);
  found.forEach((label, i) => {
    labels[i] = label!;
  });
  return { labels, classes: index.classes };
}

/** Captions and further facts, where the index has them for every picture. */
function indexFacts(
  index: PictureIndex,
  kept: readonly Placed[],
): Pick<Dataset, "captions" | "factors"> {
  const factors: Record<string, readonly (string | number)[]> = {};
  for (const [key, factOf] of index.facts) {
    const values = kept.map(({ name }) => factOf(name)).filter((value) => value !== undefined);
    if (values.length === kept.length) factors[key] = values;
  }
  const { captions, [orderKey]: _, ...rest } = factors;
  return {
    ...(captions ? { captions: captions.map(String) } : {}),
    ...(Object.keys(rest).length > 0 ? { factors: rest } : {}),
  };
}

/** A path's last part without its ending, fit for a folder name. */
export function nameOf(path: string, split?: "train" | "test"): string {
  const name = basename(resolve(path))
    .replace(
      /\.(tar|tar\.gz|tgz|zip|png|jpe?g|webp|gif|tiff?|avif|dds|tga|(fits?|fts)(\.gz)?|np[yz]|bin|parquet|(csv|tsv|data)(\.gz)?)$/i,
      "",
    )
    .replace(/[^\p{L}\p{N}_.-]+/gu, "-");
  return split === "test" ? `${name}-test` : name || "pictures";
}
