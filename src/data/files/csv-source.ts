import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { PassThrough, pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { DataError } from "../../shape/error.js";
import type { Dataset, Skipped } from "../dataset.js";
import { sharedFloats, sharedInts } from "../memory.js";
import { badFiles } from "./bad.js";
import { namedLabels } from "./classes.js";
import { CsvReader, decoderFor, delimiterOf, isMissing, numberIn, type Record } from "./csv.js";
import { columnName, columnsOf, type TableColumns } from "./csv-columns.js";
import { headOf } from "./folder.js";
import { nodeFingerprint } from "./hash.js";
import { evenly } from "./layout.js";
import { checkMemory } from "./memory.js";
import type { PictureOptions } from "./options.js";
import { errnoReason } from "./reason.js";
import { BadFile } from "./source.js";

/** How many records decide what the columns are. */
const sampled = 200;

/** Opens a table in CSV or TSV, gzipped or not: columns of numbers become points `[n d]`. */
export async function csvSource(
  path: string,
  { name, options }: { readonly name: string; readonly options: PictureOptions },
): Promise<Dataset> {
  const split = /test/i.test(basename(path))
    ? "test"
    : /train/i.test(basename(path))
      ? "train"
      : undefined;
  if (options.split && (split ?? "train") !== options.split) {
    throw new DataError({ op: path, why: `has no ${options.split} split` });
  }
  const table = await readTable(path, options);
  const { columns, lines, skipped } = table;
  const count = lines.length + skipped.length;
  if (count === 0) throw new DataError({ op: path, why: "holds no rows" });
  if (skipped.length > 0 && (!options.skipBad || lines.length === 0)) {
    throw badFiles(path, skipped, count, "points");
  }
  const chosen = evenly([...lines.keys()], options.limit);
  const width = columns.numbers.length;
  const items = sharedFloats(chosen.length * width);
  chosen.forEach((row, i) => {
    items.set(table.numbers.subarray(row * width, (row + 1) * width), i * width);
  });
  const labels = labelsOf(path, { table, chosen });
  const data = { kind: "points", shape: [width], items, ...labels } as const;
  const factors = columns.texts.map((column, i) => [
    columns.names[column]!,
    chosen.map((row) => table.texts[row]![i]!),
  ]);
  return {
    name,
    count: chosen.length,
    ...data,
    ...(factors.length > 0 ? { factors: Object.fromEntries(factors) } : {}),
    fingerprint: nodeFingerprint(data),
    modes: undefined,
    skipped,
    ...(columns.label === undefined
      ? {}
      : { notes: [`${columnName(columns, columns.label)} is the class`] }),
  };
}

/** The rows that can be used, and those that cannot. */
interface Table {
  readonly columns: TableColumns;
  /** `[rows columns]`, and room for more. */
  readonly numbers: Float32Array;
  /** The line of each row. */
  readonly lines: readonly number[];
  readonly labels: readonly string[];
  readonly texts: readonly (readonly string[])[];
  readonly skipped: readonly Skipped[];
}

async function readTable(path: string, options: PictureOptions): Promise<Table> {
  const sample: Record[] = [];
  let rows: Rows | undefined;
  const settle = (): Rows => {
    if (sample.length === 0) throw new DataError({ op: path, why: "holds no rows" });
    const columns = columnsOf(path, { sample, asked: options.label });
    const begun = new Rows(columns, (count) =>
      checkMemory(path, { count, shape: [columns.numbers.length], options, what: "points" }),
    );
    for (const record of sample.slice(columns.header ? 1 : 0)) begun.add(record);
    return begun;
  };
  for await (const record of recordsOf(path, options.signal)) {
    if (rows) rows.add(record);
    else if (sample.push(record) === sampled) rows = settle();
  }
  return rows ?? settle();
}

/** A table that grows by a row at a time. */
class Rows implements Table {
  readonly columns: TableColumns;
  numbers: Float32Array;
  readonly lines: number[] = [];
  readonly labels: string[] = [];
  readonly texts: string[][] = [];
  readonly skipped: Skipped[] = [];
  private readonly check: (count: number) => void;

  constructor(columns: TableColumns, check: (count: number) => void) {
    this.columns = columns;
    this.check = check;
    check(sampled);
    this.numbers = new Float32Array(sampled * columns.numbers.length);
  }

  add({ line, cells }: Record): void {
    const { columns } = this;
    const reason = this.misfit(cells);
    if (reason !== undefined) {
      this.skipped.push({ file: `line ${line}`, reason });
      return;
    }
    this.lines.push(line);
    if (columns.label !== undefined) this.labels.push(cells[columns.label]!.trim());
    if (columns.texts.length > 0) {
      this.texts.push(columns.texts.map((column) => cells[column]!.trim()));
    }
  }

  /** Writes a row's numbers, or says why it cannot be used. */
  private misfit(cells: readonly string[]): string | undefined {
    const { columns } = this;
    const width = columns.numbers.length;
    if (cells.length !== columns.names.length) {
      return `has ${cells.length} cells, not ${columns.names.length}`;
    }
    const start = this.lines.length * width;
    if (start + width > this.numbers.length) this.grow();
    for (const [i, column] of columns.numbers.entries()) {
      const cell = cells[column]!;
      const value = numberIn(cell);
      const where = columnName(columns, column);
      if (value === undefined) {
        return isMissing(cell) ? `${where} is missing` : `${where} is ${shown(cell)}, no number`;
      }
      this.numbers[start + i] = value;
      if (!Number.isFinite(this.numbers[start + i])) {
        return `${where} is ${shown(cell)}, too large for float32`;
      }
    }
    const { label } = columns;
    if (label === undefined || !isMissing(cells[label]!)) return undefined;
    return `${columnName(columns, label)} is missing`;
  }

  private grow(): void {
    this.check(2 * this.lines.length);
    const grown = new Float32Array(2 * this.numbers.length);
    grown.set(this.numbers);
    this.numbers = grown;
  }
}

const shown = (cell: string): string =>
  cell.length > 24 ? `${cell.trim().slice(0, 23)}…` : cell.trim();

/** Labels of the chosen rows, numbered by the classes of all. */
function labelsOf(
  file: string,
  { table, chosen }: { readonly table: Table; readonly chosen: readonly number[] },
): Pick<Dataset, "labels" | "classes"> {
  if (table.columns.label === undefined) return { labels: undefined, classes: [] };
  const areNumbers = table.labels.every((label) => numberIn(label) !== undefined);
  const all = namedLabels(
    file,
    table.labels.map((label, row) => ({
      value: areNumbers ? Number(label) : label,
      place: `line ${table.lines[row]}`,
    })),
  );
  const labels = sharedInts(chosen.length);
  chosen.forEach((row, i) => {
    labels[i] = all.labels![row]!;
  });
  return { labels, classes: all.classes };
}

/** The records of a file, as they come. */
async function* recordsOf(path: string, signal: AbortSignal | undefined): AsyncGenerator<Record> {
  const head = await headOf(path, 2);
  const gzipped = head[0] === 0x1f && head[1] === 0x8b;
  const through = gzipped ? createGunzip() : new PassThrough();
  const stream = pipeline(createReadStream(path, { highWaterMark: 1 << 18 }), through, () => {});
  let decoder: TextDecoder | undefined;
  let reader: CsvReader | undefined;
  let held = "";
  try {
    for await (const chunk of stream) {
      signal?.throwIfAborted();
      if (!(chunk instanceof Uint8Array)) continue;
      decoder ??= decoderFor(chunk);
      const text = decoder.decode(chunk, { stream: true });
      held += text;
      // The first part decides what stands between cells.
      if (!reader && held.length < 1 << 16) continue;
      reader ??= new CsvReader(delimiterOf(held, { whole: false }));
      yield* reader.push(held);
      held = "";
    }
  } catch (error) {
    throw error instanceof Error && "code" in error ? new BadFile(streamReason(error)) : error;
  }
  reader ??= new CsvReader(delimiterOf(held, { whole: true }));
  yield* reader.push(held, { last: true });
}

function streamReason(error: Error): string {
  if (/unexpected end/i.test(error.message)) return "is cut short (it does not unzip)";
  const code = "code" in error ? String(error.code) : "";
  return code.startsWith("Z_") ? "is damaged (it does not unzip)" : errnoReason(error);
}
