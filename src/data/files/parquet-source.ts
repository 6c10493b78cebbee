import { DataError } from "../../shape/error.js";
import type { Dataset } from "../dataset.js";
import { gather } from "./gather.js";
import { nodeFingerprint } from "./hash.js";
import { evenly, type Placed } from "./layout.js";
import type { PictureOptions } from "./options.js";
import type { Leaf } from "./parquet-column.js";
import { type Columns, columnsOf } from "./parquet-columns.js";
import { type Found, parquetFiles } from "./parquet-files.js";
import type { Value } from "./parquet-page.js";
import { byGroup, factorsOf, ifBad, labelled, marksOf, type Row, rowsOf } from "./parquet-rows.js";
import { closeShards, groupsOf, openShards, readValues, rowName } from "./parquet-shards.js";
import { tableOf } from "./parquet-table.js";
import { BadFile, concurrently, type PictureSource } from "./source.js";

/**
 * Opens Parquet, a file or a folder of shards: pictures as the Hugging Face hub keeps them, or
 * columns of numbers as points.
 */
export async function parquetSource(
  path: string,
  { name, options }: { readonly name: string; readonly options: PictureOptions },
): Promise<Dataset> {
  const found = await parquetFiles(path, options.split);
  const shards = await openShards(path, found.files);
  try {
    const columns = columnsOf(shards[0]!.footer);
    const rows = rowsOf(groupsOf(shards));
    if (rows.length === 0) throw new DataError({ op: path, why: "holds no rows" });
    const job = { columns, rows, options };
    const dataset = columns.picture
      ? await pictures(path, job)
      : await tableOf(path, { ...job, footer: shards[0]!.footer });
    return { name: found.split === "test" ? `${name}-test` : name, ...dataset, ...notesOf(found) };
  } finally {
    await closeShards(shards);
  }
}

const notesOf = ({ notes }: Found): Pick<Dataset, "notes"> => (notes.length > 0 ? { notes } : {});

interface Job {
  readonly columns: Columns;
  readonly rows: readonly Row[];
  readonly options: PictureOptions;
}

async function pictures(
  file: string,
  { columns, rows, options }: Job,
): Promise<Omit<Dataset, "name" | "notes">> {
  const source = sourceOf(rows, { columns, options });
  const all = source.names.map((row, entry): Placed => ({ entry, name: row, folder: undefined }));
  const wanted = evenly(all, options.limit);
  const gathered = await gather({ file, source, pictures: wanted, options });
  const kept = gathered.kept.map(({ entry }) => rows[entry]!);
  const read = (leaf: Leaf | undefined) => leaf && marksOf(file, { leaf, rows: kept, options });
  const labels = await read(columns.label);
  const captions = await read(columns.caption);
  const factors = await factorsOf(file, { leaves: columns.others, kept, options });
  const data = {
    kind: "pictures",
    shape: gathered.shape,
    items: gathered.items,
    ...labelled(file, { labels, names: columns.classes }),
  } as const;
  return {
    count: kept.length,
    ...data,
    ...(captions ? { captions: captions.map(({ value }) => `${value ?? ""}`) } : {}),
    ...(Object.keys(factors).length > 0 ? { factors } : {}),
    fingerprint: nodeFingerprint(data),
    modes: undefined,
    skipped: gathered.skipped,
  };
}

/** Rows as pictures: a row group is read once for each visit, and one at a time. */
function sourceOf(
  rows: readonly Row[],
  { columns, options }: Pick<Job, "columns" | "options">,
): PictureSource {
  const { path } = columns.picture!;
  return {
    names: rows.map(({ place, row }) => rowName(place, row)),
    index: undefined,
    visit: async (wanted, use) => {
      for (const [place, entries] of byGroup(wanted, (entry) => rows[entry]!.place)) {
        const values = await readValues(place, { path, options }).catch(ifBad);
        const read = (entry: number) => async () =>
          values instanceof BadFile ? Promise.reject(values) : pictureIn(values[rows[entry]!.row]);
        await concurrently(entries, (entry) => use(entry, read(entry)));
      }
    },
    close: async () => {},
  };
}

function pictureIn(value: Value | undefined): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new BadFile("has no picture, or only the path of one");
}
