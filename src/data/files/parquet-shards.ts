import { type FileHandle, open } from "node:fs/promises";
import { DataError } from "../../shape/error.js";
import { checkMemory } from "./memory.js";
import type { PictureOptions } from "./options.js";
import { type Leaf, readColumn } from "./parquet-column.js";
import { type Footer, type RowGroup, readAt, readFooter } from "./parquet-footer.js";
import type { Value } from "./parquet-page.js";
import { BadFile } from "./source.js";

/** A Parquet file; with others it may be one data set. */
export interface Shard {
  /** As the user sees it within the source; empty when it is the source. */
  readonly name: string;
  readonly file: FileHandle;
  readonly footer: Footer;
}

/** A row's group, and its number within it. */
export interface RowPlace {
  readonly shard: Shard;
  readonly group: RowGroup;
  /** The number of the group's first row in its file. */
  readonly first: number;
}

/** Opens files, all or none; each must have the columns of the first. */
export async function openShards(
  source: string,
  files: readonly { readonly name: string; readonly path: string }[],
): Promise<readonly Shard[]> {
  const shards: Shard[] = [];
  try {
    for (const { name, path } of files) {
      const file = await open(path);
      const footer = await readFooter(file).catch(async (error: unknown) => {
        await file.close();
        throw error instanceof BadFile
          ? new DataError({ op: name === "" ? source : `${source} › ${name}`, why: error.message })
          : error;
      });
      shards.push({ name, file, footer });
    }
    return shards;
  } catch (error) {
    await closeShards(shards);
    throw error;
  }
}

export const closeShards = async (shards: readonly Shard[]): Promise<void> => {
  await Promise.all(shards.map(({ file }) => file.close()));
};

/** Every group of every file, in order. */
export function groupsOf(shards: readonly Shard[]): readonly RowPlace[] {
  return shards.flatMap((shard) => {
    let first = 0;
    return shard.footer.groups.map((group) => {
      const place = { shard, group, first };
      first += group.rows;
      return place;
    });
  });
}

/** What a row is called in errors. */
export const rowName = ({ shard, first }: RowPlace, row: number): string =>
  `${shard.name === "" ? "" : `${shard.name} `}row ${first + row}`;

/** A column's values of one row group. */
export async function readValues(
  { shard, group }: RowPlace,
  { path, options }: { readonly path: Leaf["path"]; readonly options: PictureOptions },
): Promise<readonly Value[]> {
  options.signal?.throwIfAborted();
  const key = path.join(".");
  const leaf = shard.footer.leaves.find((one) => one.path.join(".") === key);
  const place = group.columns.get(key);
  if (!leaf || !place) throw new BadFile(`has no column ${key}`);
  checkMemory(shard.name, { count: 1, shape: [place.size], options, what: "numbers" });
  const bytes = await readAt(shard.file, place);
  try {
    return readColumn(bytes, { leaf, rows: group.rows, codec: place.codec });
  } catch (error) {
    // hyparquet ends by what a DataView throws where a header ends early.
    throw error instanceof BadFile ? error : new BadFile("is damaged (a page has no header)");
  }
}
