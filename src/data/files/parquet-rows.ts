import { DataError } from "../../shape/error.js";
import type { Dataset } from "../dataset.js";
import { type Marked, namedLabels, numberedLabels } from "./classes.js";
import type { PictureOptions } from "./options.js";
import type { Leaf } from "./parquet-column.js";
import type { Value } from "./parquet-page.js";
import { type RowPlace, readValues, rowName } from "./parquet-shards.js";
import { BadFile } from "./source.js";

/** A row of a data set in Parquet. */
export interface Row {
  readonly place: RowPlace;
  /** Its number within its group. */
  readonly row: number;
}

/** Every row of some row groups, in order. */
export const rowsOf = (places: readonly RowPlace[]): readonly Row[] =>
  places.flatMap((place) => Array.from({ length: place.group.rows }, (_, row) => ({ place, row })));

/** What was thrown, when it is about the file; anything else is thrown again. */
export function ifBad(error: unknown): BadFile {
  if (error instanceof BadFile) return error;
  throw error;
}

/** Items by the row group that they are in, which is read once for all of them. */
export function byGroup<T>(
  items: readonly T[],
  placeOf: (item: T) => RowPlace,
): Map<RowPlace, T[]> {
  const groups = new Map<RowPlace, T[]>();
  for (const item of items) {
    const group = groups.get(placeOf(item));
    if (group) group.push(item);
    else groups.set(placeOf(item), [item]);
  }
  return groups;
}

/** A column's values of some rows, as numbers and texts. */
export async function marksOf(
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

/** A value as a number or a text. */
export function plainValue(value: Value): number | string | null {
  if (value instanceof Uint8Array) return decoder.decode(value);
  return value === null ? null : Number(value);
}

/** Labels from a column of classes' numbers or names. */
export function labelled(
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
export async function factorsOf(
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
