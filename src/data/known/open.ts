import { join } from "node:path";
import { cacheFolder } from "../cache/folder.js";
import type { Dataset } from "../dataset.js";
import { openPictures } from "../files/open.js";
import type { PictureOptions } from "../files/options.js";
import { bring } from "./download.js";
import { type KnownName, type KnownSet, knownSets } from "./sets.js";

/** How a well-known set is brought here. */
export interface KnownOptions {
  /** Addresses to download from instead of the public ones; sums are checked all the same. */
  readonly homes?: readonly string[];
  /** Called as a file is downloaded: bytes. */
  readonly onDownload?: (done: number, total: number, file: string) => void;
}

/** Opens a well-known set by its name: downloaded once, checked, and kept in the cache folder. */
export const openKnown = (
  name: KnownName,
  options: PictureOptions & KnownOptions = {},
): Promise<Dataset> => openSet(name, { ...knownSets[name], ...options });

/**
 * Opens a set whose files live elsewhere.
 *
 * @throws {DataError} when it cannot be downloaded or kept; the error says what to pass instead.
 */
export async function openSet(
  name: string,
  { files, homes, classes, ...options }: KnownSet & PictureOptions & KnownOptions,
): Promise<Dataset> {
  const { split = "train", cache, onNote, onDownload, signal } = options;
  const folder = join(
    (typeof cache === "object" ? cache.folder : undefined) ?? cacheFolder(),
    "sets",
    name,
  );
  const paths: string[] = [];
  for (const file of files) {
    if (file.split !== "both" && file.split !== split) continue;
    const from = { set: name, file, folder, homes };
    paths.push(await bring({ ...from, onNote, onDownload, signal }));
  }
  const [first, ...more] = paths;
  const data = await openPictures(more.length > 0 ? folder : first!, { ...options, split });
  return {
    ...data,
    name: split === "test" ? `${name}-test` : name,
    ...(classes ? { classes } : {}),
  };
}
