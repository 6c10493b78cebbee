import type { FileHandle } from "node:fs/promises";
import type { CompressionCodec, FileMetaData, SchemaElement } from "hyparquet";
import { parquetMetadata } from "hyparquet/src/metadata.js";
import type { Leaf } from "./parquet-column.js";
import { endOfStruct } from "./parquet-thrift.js";
import { BadFile, latin1 } from "./source.js";

/** Where a column's pages of one row group lie. */
export interface ColumnPlace {
  readonly start: number;
  readonly size: number;
  readonly codec: CompressionCodec;
}

/** Rows that are stored together. */
export interface RowGroup {
  readonly rows: number;
  /** By the names of the structs around a column and its own, with dots between. */
  readonly columns: ReadonlyMap<string, ColumnPlace>;
}

/** What the end of a Parquet file says is in it. */
export interface Footer {
  readonly rows: number;
  readonly groups: readonly RowGroup[];
  /** The columns that hold at most one value a row. */
  readonly leaves: readonly Leaf[];
  readonly notes: ReadonlyMap<string, string>;
}

const magic = "PAR1";
const largestFooter = 64 * 2 ** 20;
/** Most rows of a group: Arrow's default for columns of any length, eight times it for numbers. */
const mostRows = { bytes: 2 ** 20, numbers: 2 ** 23 } as const;

/** Whether bytes begin as a Parquet file does. */
export const looksLikeParquet = (bytes: Uint8Array): boolean =>
  latin1(bytes.subarray(0, 4)) === magic;

/** Reads the description at the end of a Parquet file. */
export async function readFooter(file: FileHandle): Promise<Footer> {
  const { size } = await file.stat();
  const end = await readAt(file, { start: Math.max(0, size - 8), size: Math.min(size, 8) });
  if (size < 16 || latin1(end.subarray(4)) !== magic) throw new BadFile("is cut short");
  const length = new DataView(end.buffer).getUint32(0, true);
  if (length > size - 12 || length > largestFooter) {
    throw new BadFile(`says that its description is ${length} bytes, more than there are`);
  }
  const footer = await readAt(file, { start: size - 8 - length, size: length + 8 });
  endOfStruct(footer.subarray(0, length), 0);
  const metadata = parse(footer);
  const leaves = leavesOf(metadata.schema);
  const groups = metadata.row_groups.map((group, i) =>
    groupOf(group, { leaves, size, name: `row group ${i}` }),
  );
  const rows = groups.reduce((sum, group) => sum + group.rows, 0);
  if (rows !== Number(metadata.num_rows)) {
    throw new BadFile(`says ${metadata.num_rows} rows, its row groups ${rows}`);
  }
  const notes = new Map(
    (metadata.key_value_metadata ?? []).map(({ key, value = "" }) => [key, value]),
  );
  return { rows, groups, leaves, notes };
}

/** Bytes from a place of a file, all of them. */
export async function readAt(
  file: FileHandle,
  { start, size }: { readonly start: number; readonly size: number },
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(size);
  const most = 2 ** 30;
  for (let at = 0; at < size; at += most) {
    const count = Math.min(most, size - at);
    const { bytesRead } = await file.read(bytes, at, count, start + at);
    if (bytesRead < count) throw new BadFile("is cut short");
  }
  return bytes;
}

function parse(footer: Uint8Array): FileMetaData {
  try {
    return parquetMetadata(footer, { geoparquet: false });
  } catch {
    // Well-formed for Thrift, but without what every Parquet file has.
    throw new BadFile("is damaged (its description is broken)");
  }
}

const broken = (): BadFile => new BadFile("is damaged (its list of columns is broken)");

/** The columns outside of lists and maps, from the flat list that is a tree written depth first. */
function leavesOf(schema: readonly SchemaElement[]): readonly Leaf[] {
  const leaves: Leaf[] = [];
  let at = 0;
  const walk = (path: readonly string[], above: { optional: number; repeated: boolean }): void => {
    const element = schema[at++];
    if (!element || path.length > 16) throw broken();
    const kind = at === 1 ? "REQUIRED" : element.repetition_type;
    const here = {
      optional: above.optional + (kind === "OPTIONAL" ? 1 : 0),
      repeated: above.repeated || kind === "REPEATED",
    };
    const named = at === 1 ? path : [...path, element.name];
    if (element.num_children) {
      for (let i = 0; i < element.num_children; i++) walk(named, here);
    } else if (element.type && !here.repeated) {
      const { type, type_length: length = 0, converted_type, logical_type } = element;
      const isText = converted_type === "UTF8" || logical_type?.type === "STRING";
      leaves.push({ path: named, type, length, optional: here.optional, isText });
    }
  };
  walk([], { optional: 0, repeated: false });
  if (at !== schema.length) throw broken();
  return leaves;
}

function groupOf(
  group: FileMetaData["row_groups"][number],
  {
    leaves,
    size,
    name,
  }: { readonly leaves: readonly Leaf[]; readonly size: number; readonly name: string },
): RowGroup {
  const rows = Number(group.num_rows);
  const most = leaves.some(({ type }) => type === "BYTE_ARRAY") ? mostRows.bytes : mostRows.numbers;
  if (!(rows >= 0 && rows <= most))
    throw new BadFile(`${name} says ${rows} rows; at most ${most} are read`);
  const columns = new Map<string, ColumnPlace>();
  for (const { meta_data: meta, file_path: elsewhere } of group.columns) {
    if (!meta || elsewhere) throw new BadFile(`${name} lies in another file or is encrypted`);
    const first = meta.dictionary_page_offset || meta.data_page_offset;
    const start = Number(first < meta.data_page_offset ? first : meta.data_page_offset);
    const length = Number(meta.total_compressed_size);
    if (!(start >= 4 && length >= 0 && start + length <= size)) {
      throw new BadFile(`${name} is not within the file`);
    }
    columns.set(meta.path_in_schema.join("."), { start, size: length, codec: meta.codec });
  }
  return { rows, columns };
}
