import { ConfigurationError, closest, DataError } from "../../shape/error.js";
import type { Dataset, Skipped } from "../dataset.js";
import { sharedFloats } from "../memory.js";
import { badFiles } from "./bad.js";
import { namedLabels } from "./classes.js";
import { nodeFingerprint } from "./hash.js";
import { evenly } from "./layout.js";
import { checkMemory } from "./memory.js";
import type { PictureOptions } from "./options.js";
import type { Leaf } from "./parquet-column.js";
import type { Columns } from "./parquet-columns.js";
import type { Footer } from "./parquet-footer.js";
import {
  byGroup,
  factorsOf,
  ifBad,
  labelled,
  marksOf,
  plainValue,
  type Row,
} from "./parquet-rows.js";
import { readValues, rowName } from "./parquet-shards.js";

interface Job {
  readonly footer: Footer;
  readonly columns: Columns;
  readonly rows: readonly Row[];
  readonly options: PictureOptions;
}

/** Points from the columns of numbers, classes and texts beside them. */
export async function tableOf(
  file: string,
  { footer, columns, rows, options }: Job,
): Promise<Omit<Dataset, "name" | "notes">> {
  const label = labelOf(columns, { footer, asked: options.label });
  const others = [columns.label, columns.caption, ...columns.others].filter(
    (leaf): leaf is Leaf => leaf !== undefined && leaf !== label,
  );
  const numbers = footer.leaves.filter((leaf) => others.includes(leaf) && !leaf.isText);
  if (numbers.length === 0) {
    const value = footer.leaves.map((leaf) => leaf.path.join(".")).join(", ");
    const operands = [{ label: "columns", value }];
    throw new DataError({ op: file, why: "has no pictures and no column of numbers", operands });
  }
  const shape = [numbers.length];
  const wanted = evenly(rows, options.limit);
  checkMemory(file, { count: wanted.length, shape, options, what: "points" });
  const { items, kept, skipped } = await pointsOf(file, { numbers, rows: wanted, options });
  if (skipped.length > 0 && (!options.skipBad || kept.length === 0)) {
    throw badFiles(file, skipped, wanted.length, "points");
  }
  const marks = label && (await marksOf(file, { leaf: label, rows: kept, options }));
  const names = label === columns.label ? columns.classes : undefined;
  const classes =
    marks && !names ? namedLabels(file, marks) : labelled(file, { labels: marks, names });
  const data = { kind: "points", shape, items, ...classes } as const;
  const texts = others.filter(({ isText }) => isText);
  const factors = await factorsOf(file, { leaves: texts, kept, options });
  return {
    count: kept.length,
    ...data,
    ...(Object.keys(factors).length > 0 ? { factors } : {}),
    fingerprint: nodeFingerprint(data),
    modes: undefined,
    skipped,
  };
}

function labelOf(
  columns: Columns,
  { footer, asked }: { readonly footer: Footer; readonly asked: string | undefined },
): Leaf | undefined {
  if (asked === undefined) return columns.label;
  if (asked === "none") return undefined;
  const flat = footer.leaves.filter(({ path }) => path.length === 1);
  const names = flat.map(({ path }) => path[0]!);
  const place = asked === "last" ? flat.length - 1 : names.indexOf(asked);
  const found = flat[place >= 0 ? place : Number(asked) - 1];
  if (found) return found;
  const meant = closest(asked, names);
  throw new ConfigurationError({
    op: "data.label",
    why: `${asked} is no column`,
    operands: [{ label: "columns", value: names.join(", ") }],
    ...(meant ? { hint: `did you mean ${meant}?` } : {}),
  });
}

interface Points {
  readonly items: Float32Array;
  readonly kept: readonly Row[];
  readonly skipped: readonly Skipped[];
}

async function pointsOf(
  file: string,
  {
    numbers,
    rows,
    options,
  }: {
    readonly numbers: readonly Leaf[];
    readonly rows: readonly Row[];
    readonly options: PictureOptions;
  },
): Promise<Points> {
  const width = numbers.length;
  const items = sharedFloats(rows.length * width);
  const kept: Row[] = [];
  const skipped: Skipped[] = [];
  for (const [place, chosen] of byGroup(rows, (row) => row.place)) {
    const columns = [];
    for (const { path } of numbers) {
      const values = await readValues(place, { path, options }).catch((error: unknown) => {
        throw new DataError({ op: `${file} › ${rowName(place, 0)}`, why: ifBad(error).message });
      });
      columns.push(values);
    }
    for (const row of chosen) {
      const start = kept.length * width;
      columns.forEach((values, i) => {
        const value = plainValue(values[row.row]!);
        items[start + i] = typeof value === "number" ? value : Number.NaN;
      });
      const bad = items
        .subarray(start, start + width)
        .findIndex((value) => !Number.isFinite(value));
      if (bad < 0) kept.push(row);
      else {
        const value = columns[bad]![row.row];
        const what = value === null ? "missing" : `${value}, which float32 does not hold`;
        const reason = `${numbers[bad]!.path[0]} is ${what}`;
        skipped.push({ file: rowName(row.place, row.row), reason });
      }
    }
  }
  return { items: items.subarray(0, kept.length * width), kept, skipped };
}
