import type { CompressionCodec, Encoding, PageHeader, ParquetType } from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";
import { PageReader, type Value } from "./parquet-page.js";
import { endOfStruct } from "./parquet-thrift.js";
import { unpackPage } from "./parquet-unpack.js";
import { BadFile } from "./source.js";

/** A column that holds at most one value a row, somewhere within structs. */
export interface Leaf {
  readonly path: readonly string[];
  readonly type: ParquetType;
  /** Bytes of a value of fixed length. */
  readonly length: number;
  /** How many of the structs around it, and itself, may be null. */
  readonly optional: number;
  readonly isText: boolean;
}

interface Chunk {
  readonly leaf: Leaf;
  readonly rows: number;
  readonly codec: CompressionCodec;
}

/**
 * The values of a column within one row group, from the bytes of its pages. hyparquet reads the
 * headers; the pages are decoded here because hyparquet trusts the lengths of runs, of which one
 * of six bytes may claim two thousand million values.
 */
export function readColumn(bytes: Uint8Array, chunk: Chunk): Value[] {
  const values: Value[] = [];
  let dictionary: readonly Value[] | undefined;
  for (let at = 0; values.length < chunk.rows; ) {
    const { header, page, end } = nextPage(bytes, at);
    at = end;
    if (header.type === "DICTIONARY_PAGE") {
      const count = header.dictionary_page_header?.num_values ?? -1;
      dictionary = plainOf(unpacked(page, { header, chunk }), { count, chunk });
    } else if (header.type === "DATA_PAGE" || header.type === "DATA_PAGE_V2") {
      const part = dataPage(page, { header, chunk, dictionary, most: chunk.rows - values.length });
      for (const value of part) values.push(value);
    }
  }
  return values;
}

function nextPage(
  bytes: Uint8Array,
  at: number,
): { header: PageHeader; page: Uint8Array; end: number } {
  if (at >= bytes.length) throw new BadFile("is damaged (a column has fewer values than rows)");
  const start = endOfStruct(bytes, at);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = parquetHeader({ view, offset: at });
  const size = header.compressed_page_size;
  if (!(size >= 0 && size <= bytes.length - start)) {
    throw new BadFile("is damaged (a page is larger than its column)");
  }
  return { header, page: bytes.subarray(start, start + size), end: start + size };
}

interface Page {
  readonly header: PageHeader;
  readonly chunk: Chunk;
}

const unpacked = (page: Uint8Array, { header, chunk }: Page): PageReader =>
  new PageReader(unpackPage(page, { size: header.uncompressed_page_size, codec: chunk.codec }));

function plainOf(
  reader: PageReader,
  { count, chunk: { leaf } }: { readonly count: number; readonly chunk: Chunk },
): Value[] {
  if (!(count >= 0)) throw new BadFile("is damaged (a page has no number of values)");
  return reader.plain(leaf.type, { count, length: leaf.length });
}

interface DataPage extends Page {
  readonly dictionary: readonly Value[] | undefined;
  readonly most: number;
}

function dataPage(
  page: Uint8Array,
  { header, chunk, dictionary, most }: DataPage,
): readonly Value[] {
  const { data_page_header: first, data_page_header_v2: second } = header;
  const count = (first ?? second)?.num_values ?? -1;
  const encoding = (first ?? second)?.encoding;
  if (!(count >= 0 && count <= most))
    throw new BadFile("is damaged (a page has more values than rows)");
  const { reader, levels } = second
    ? secondVersion(page, { header, chunk, count })
    : firstVersion(page, { header, chunk, count });
  const { optional } = chunk.leaf;
  const present = levels ? levels.reduce((n, level) => n + (level === optional ? 1 : 0), 0) : count;
  const values = valuesOf(reader, { count: present, chunk, encoding, dictionary });
  if (!levels) return values;
  let next = 0;
  return Array.from(levels, (level) => (level === optional ? values[next++]! : null));
}

interface Counted extends Page {
  readonly count: number;
}

/** Levels say how deep each value is defined; they stand before the values. */
interface Opened {
  readonly reader: PageReader;
  readonly levels: Uint32Array | undefined;
}

function firstVersion(page: Uint8Array, { header, chunk, count }: Counted): Opened {
  const reader = unpacked(page, { header, chunk });
  if (chunk.leaf.optional === 0) return { reader, levels: undefined };
  const levels = new PageReader(reader.take(reader.uint32()));
  return { reader, levels: levels.hybrid(bitsFor(chunk.leaf.optional), count) };
}

function secondVersion(page: Uint8Array, { header, chunk, count }: Counted): Opened {
  const second = header.data_page_header_v2!;
  const outer = new PageReader(page);
  outer.take(second.repetition_levels_byte_length);
  const levels = outer.take(second.definition_levels_byte_length);
  const before = second.repetition_levels_byte_length + levels.length;
  const size = header.uncompressed_page_size - before;
  const codec = second.is_compressed === false ? "UNCOMPRESSED" : chunk.codec;
  const reader = new PageReader(unpackPage(outer.take(outer.left), { size, codec }));
  const { optional } = chunk.leaf;
  if (optional === 0) return { reader, levels: undefined };
  return { reader, levels: new PageReader(levels).hybrid(bitsFor(optional), count) };
}

const bitsFor = (most: number): number => 32 - Math.clz32(most);

function valuesOf(
  reader: PageReader,
  {
    count,
    chunk,
    encoding,
    dictionary,
  }: {
    readonly count: number;
    readonly chunk: Chunk;
    readonly encoding: Encoding | undefined;
    readonly dictionary: readonly Value[] | undefined;
  },
): Value[] {
  if (count === 0) return [];
  if (encoding === "PLAIN") return plainOf(reader, { count, chunk });
  if (encoding === "RLE" && chunk.leaf.type === "BOOLEAN") {
    const bits = new PageReader(reader.take(reader.uint32())).hybrid(1, count);
    return Array.from(bits, (bit) => bit === 1);
  }
  if (encoding !== "RLE_DICTIONARY" && encoding !== "PLAIN_DICTIONARY") {
    throw new BadFile(`encodes ${chunk.leaf.path.join(".")} as ${encoding}, which is not read`);
  }
  if (!dictionary) throw new BadFile("is damaged (a dictionary is missing)");
  const places = reader.hybrid(reader.take(1)[0]!, count);
  return Array.from(places, (place) => {
    const value = dictionary[place];
    if (value === undefined) throw new BadFile("is damaged (its dictionary is too short)");
    return value;
  });
}
