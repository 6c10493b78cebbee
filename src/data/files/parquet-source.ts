import { DataError } from "../../shape/error.js";
import type { Dataset } from "../dataset.js";
import { type Marked, namedLabels, numberedLabels } from "./classes.js";
import { gather } from "./gather.js";
import { nodeFingerprint } from "./hash.js";
import { evenly, type Placed } from "./layout.js";
import type { PictureOptions } from "./options.js";
import type { Leaf } from "./parquet-column.js";
import { type Columns, columnsOf } from "./parquet-columns.js";
import { type Found, parquetFiles } from "./parquet-files.js";
import type { Value } from "./parquet-page.js";
import {
  closeShards,
  groupsOf,
  openShards,
  type RowPlace,
  readValues,
  rowName,
  type Shard,
} from "./parquet-shards.js";
import { BadFile, concurrently, type PictureSource } from "./source.js";

/** Opens pictures in Parquet as the Hugging Face hub keeps them: a file, or a folder of shards. */
export async function parquetSource(
  path: string,
  { name, options }: { readonly name: string; readonly options: PictureOptions },
): Promise<Dataset> {
  const found = await parquetFiles(path, options.split);
  const shards = await openShards(path, found.files);
  try {
    const [first] = shards;
    const columns = columnsOf(first!.footer);
    if (!columns.picture) {
      const value = first!.footer.leaves.map((leaf) => leaf.path.join(".")).join(", ");
      const operands = [{ label: "columns", value }];
      throw new DataError({ op: path, why: "has no column of pictures", operands });
    }
    const dataset = await pictures(path, { columns, shards, options });
    return { name: found.split === "test" ? `${name}-test` : name, ...dataset, ...notesOf(found) };
  } finally {
    await closeShards(shards);
  }
}

const notesOf = ({ notes }: Found): Pick<Dataset, "notes"> => (notes.length > 0 ? { notes } : {});

interface Job {
  readonly columns: Columns;
  readonly shards: readonly Shard[];
  readonly options: PictureOptions;
}

async function pictures(
  file: string,
  { columns, shards, options }: Job,
): Promise<Omit<Dataset, "name" | "notes">> {
  const rows = rowsOf(groupsOf(shards));
  if (rows.length === 0) throw new DataError({ op: file, why: "holds no rows" });
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

interface Row {
  readonly place: RowPlace;
  /** Its number within its group. */
  readonly row: number;
}

const rowsOf = (places: readonly RowPlace[]): readonly Row[] =>
  places.flatMap((place) => Array.from({ length: place.group.rows }, (_, row) => ({ place, row })));

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

function ifBad(error: unknown): BadFile {
  if (error instanceof BadFile) return error;
  throw error;
}

function pictureIn(value: Value | undefined): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new BadFile("has no picture, or only the path of one");
}

function byGroup<T>(items: readonly T[], placeOf: (item: T) => RowPlace): Map<RowPlace, T[]> {
  const groups = new Map<RowPlace, T[]>();
  for (const item of items) {
    const group = groups.get(placeOf(item));
    if (group) group.push(item);
    else groups.set(placeOf(item), [item]);
  }
  return groups;
}

/** A column's values of some rows, as numbers and texts. */
async function marksOf(
  file: string,
  {
    leaf,
    rows,
    options,
  }: { readonly leaf: Leaf; readonly rows: readonly Row[]; readonly options: PictureOptions },
): Promise<readonly Marked[]> {
  const marks: Marked[] = [];
  for (const [place, chosen] of byGroup(rows, ({ place }) => place)) {
    const values = await readValues(place, { path: leaf.path, options }).catch((error: unknown) => {
      const op = `${file} › ${place.shard.name === "" ? "" : `${place.shard.name} `}${leaf.path.join(".")}`;
      throw new DataError({ op, why: ifBad(error).message });
    });
    for (const { row } of chosen) {
      marks.push({ value: plainValue(values[row]!), place: rowName(place, row) });
    }
  }
  return marks;
}

const decoder = new TextDecoder();

function plainValue(value: Value): number | string | null {
  if (value instanceof Uint8Array) return decoder.decode(value);
  return value === null ? null : Number(value);
}

function labelled(
  file: string,
  {
    labels,
    names,
  }: {
    readonly labels: readonly Marked[] | undefined;
    readonly names: readonly string[] | undefined;
  },
): Pick<Dataset, "labels" | "classes"> {
  if (!labels) return { labels: undefined, classes: [] };
  return labels.some(({ value }) => typeof value === "string")
    ? namedLabels(file, labels)
    : numberedLabels(file, { marks: labels, names });
}

/** The other columns, where every row has a value. */
async function factorsOf(
  file: string,
  {
    leaves,
    kept,
    options,
  }: {
    readonly leaves: readonly Leaf[];
    readonly kept: readonly Row[];
    readonly options: PictureOptions;
  },
): Promise<Record<string, readonly (string | number)[]>> {
  const factors: Record<string, readonly (string | number)[]> = {};
  for (const leaf of leaves) {
    const marks = await marksOf(file, { leaf, rows: kept, options });
    const values = marks.map(({ value }) => value).filter((value) => value !== null);
    if (values.length === kept.length) factors[leaf.path[0]!] = values;
  }
  return factors;
}
