import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Leaf, readColumn } from "../../src/data/files/parquet-column.js";
import { readFooter } from "../../src/data/files/parquet-footer.js";
import { PageReader } from "../../src/data/files/parquet-page.js";
import { endOfStruct } from "../../src/data/files/parquet-thrift.js";
import { unpackPage } from "../../src/data/files/parquet-unpack.js";
import { BadFile } from "../../src/data/files/source.js";
import { failure, temporary } from "./make.js";

const folder = await temporary();

/** Bytes of an unsigned number, seven bits at a time. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let left = value;
  for (; left > 127; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
  return [...bytes, left];
}

/** A struct of Thrift's compact protocol: integers, texts, lists and structs, by field. */
type Field = number | string | Struct | readonly (number | string | Struct)[];
interface Struct {
  readonly [field: number]: Field;
}

function struct(fields: Struct): number[] {
  let before = 0;
  const bytes = Object.entries(fields).flatMap(([key, value]) => {
    const delta = Number(key) - before;
    before = Number(key);
    return [(delta << 4) | kindOf(value), ...body(value)];
  });
  return [...bytes, 0];
}

function kindOf(value: Field): number {
  if (typeof value === "number") return 5;
  if (typeof value === "string") return 8;
  return Array.isArray(value) ? 9 : 12;
}

function body(value: Field): number[] {
  if (typeof value === "number") return varint(value >= 0 ? 2 * value : -2 * value - 1);
  if (typeof value === "string") return [...varint(value.length), ...Buffer.from(value)];
  if (!isList(value)) return struct(value);
  const kind = value.length === 0 ? 12 : kindOf(value[0]!);
  return [0xf0 | kind, ...varint(value.length), ...value.flatMap(body)];
}

const isList = (value: Field): value is readonly (number | string | Struct)[] =>
  Array.isArray(value);

describe("small numbers in runs and packed bits", () => {
  /** Eight numbers, lowest bits first. */
  function packed(numbers: readonly number[], width: number): number[] {
    const bytes = new Array<number>(width).fill(0);
    numbers.forEach((number, i) => {
      for (let bit = 0; bit < width; bit++) {
        const place = i * width + bit;
        if (Math.floor(number / 2 ** bit) % 2 === 1) bytes[place >> 3]! |= 1 << (place & 7);
      }
    });
    return [3, ...bytes];
  }

  function run(number: number, { count, width }: { count: number; width: number }): number[] {
    const bytes = Array.from(
      { length: Math.ceil(width / 8) },
      (_, i) => Math.floor(number / 256 ** i) % 256,
    );
    return [...varint(2 * count), ...bytes];
  }

  test("are read as they were written, of every width", () => {
    const parts = fc.integer({ min: 1, max: 32 }).chain((width) => {
      const number = fc.integer({ min: 0, max: 2 ** width - 1 });
      const eight = fc.array(number, { minLength: 8, maxLength: 8 });
      const same = fc.tuple(number, fc.integer({ min: 1, max: 300 }));
      const part = fc.oneof(
        eight.map((numbers) => ({ numbers })),
        same.map(([n, count]) => ({ n, count })),
      );
      return fc.record({
        width: fc.constant(width),
        parts: fc.array(part, { minLength: 1, maxLength: 5 }),
      });
    });
    fc.assert(
      fc.property(parts, ({ width, parts }) => {
        const bytes = parts.flatMap((part) =>
          "numbers" in part
            ? packed(part.numbers, width)
            : run(part.n, { count: part.count, width }),
        );
        const wanted = parts.flatMap((part) =>
          "numbers" in part ? part.numbers : new Array<number>(part.count).fill(part.n),
        );
        const read = new PageReader(Uint8Array.from(bytes)).hybrid(width, wanted.length);
        expect([...read]).toEqual(wanted);
      }),
    );
  });

  test("end where they should, whatever a run says", () => {
    const endless = Uint8Array.from(run(5, { count: 2 ** 31, width: 3 }));
    expect([...new PageReader(endless).hybrid(3, 4)]).toEqual([5, 5, 5, 5]);
    expect([...new PageReader(new Uint8Array()).hybrid(0, 3)]).toEqual([0, 0, 0]);
    const said = (bytes: readonly number[], width = 3) =>
      expect(() => new PageReader(Uint8Array.from(bytes)).hybrid(width, 9));
    said([]).toThrow(/^is damaged \(a page ends early\)$/);
    said([3]).toThrow(/^is damaged \(a page ends early\)$/);
    said([0, 0]).toThrow(/^is damaged \(a run is empty\)$/);
    said([255, 255, 255, 255, 255]).toThrow(/^is damaged \(a run has no length\)$/);
    said([2, 1], 33).toThrow(/^is damaged \(its numbers have more than 32 bits\)$/);
  });
});

describe("a struct", () => {
  test("ends where it ends", () => {
    const bytes = struct({ 1: 5, 2: "words", 4: [1, 2, 3], 9: { 1: -7, 30: [{ 1: 1 }] } });
    expect(endOfStruct(Uint8Array.from([9, ...bytes, 9]), 1)).toBe(1 + bytes.length);
  });

  test("that is impossible is refused before it is parsed", () => {
    const refused = (bytes: readonly number[]) =>
      expect(() => endOfStruct(Uint8Array.from(bytes), 0)).toThrow(
        /^is damaged \(its description is broken\)$/,
      );
    refused([]);
    refused([0x15]);
    refused([0x18, ...varint(1000), 1]);
    refused([0x19, 0xf5, ...varint(2 ** 31), 0]);
    refused([0x1b, 0]);
    refused([0x16, ...new Array<number>(11).fill(255), 0]);
    refused(new Array<number>(1000).fill(0x1c));
    refused(new Array<number>(1000).fill(0x19));
  });
});

describe("a page", () => {
  const leaf: Leaf = { path: ["a", "b"], type: "INT32", length: 0, optional: 1, isText: false };
  const levels = Uint8Array.of(2, 0, 0, 0, 6, 1);
  const body = [...levels, ...Buffer.from(Int32Array.of(7, -8, 9).buffer)];
  const first = { 1: 3, 2: 0, 3: 3, 4: 3 };
  const page = (fields: Struct, bytes: readonly number[] = body) =>
    Uint8Array.from([...struct({ 1: 0, 2: bytes.length, 3: bytes.length, ...fields }), ...bytes]);
  const read = (bytes: Uint8Array, { rows = 3, of = leaf } = {}) =>
    readColumn(bytes, { leaf: of, rows, codec: "UNCOMPRESSED" });

  test("written by hand is read", () => {
    expect(read(page({ 5: first }))).toEqual([7, -8, 9]);
    const none = [2, 0, 0, 0, 6, 0];
    expect(read(page({ 5: first }, none))).toEqual([null, null, null]);
    const longs = Uint8Array.from(Buffer.from(BigInt64Array.of(-1n, 2n ** 60n).buffer));
    const wide = { ...leaf, type: "INT64", optional: 0 } as const;
    expect(read(page({ 5: { ...first, 1: 2 } }, [...longs]), { rows: 2, of: wide })).toEqual([
      -1n,
      2n ** 60n,
    ]);
    const fixed = { ...leaf, type: "FIXED_LEN_BYTE_ARRAY", length: 2, optional: 0 } as const;
    expect(read(page({ 5: { ...first, 1: 2 } }, [1, 2, 3, 4]), { rows: 2, of: fixed })).toEqual([
      Uint8Array.of(1, 2),
      Uint8Array.of(3, 4),
    ]);
  });

  test.each([
    [
      "more values than rows",
      page({ 5: { ...first, 1: 4 } }),
      "is damaged (a page has more values than rows)",
    ],
    [
      "fewer values than rows",
      page({ 5: { ...first, 1: 2 } }, [...levels, ...body.slice(6, 14)]),
      "is damaged (a column has fewer values than rows)",
    ],
    ["no header within", page({}), "is damaged (a page has more values than rows)"],
    ["less than it says", page({ 5: first }, body.slice(0, -1)), "is damaged (a page ends early)"],
    ["another size", page({ 2: 4, 5: first }), "is damaged (a page has another size than it says)"],
    [
      "more than the column",
      page({ 3: 4000, 5: first }),
      "is damaged (a page is larger than its column)",
    ],
    [
      "another encoding",
      page({ 5: { ...first, 2: 5 } }),
      "encodes a.b as DELTA_BINARY_PACKED, which is not read",
    ],
    [
      "no dictionary",
      page({ 5: { ...first, 2: 8 } }, [...levels, 1, 6, 0]),
      "is damaged (a dictionary is missing)",
    ],
    ["a dictionary of no size", page({ 1: 2 }), "is damaged (a page has no number of values)"],
  ])("with %s", (_, bytes, why) => {
    expect(() => read(bytes)).toThrow(new BadFile(why));
  });

  test("with places beyond its dictionary, and of a type that is not read", () => {
    const dictionary = page({ 1: 2, 7: { 1: 1, 2: 0 } }, [1, 0, 0, 0]);
    const places = page({ 5: { ...first, 2: 8 } }, [...levels, 1, 6, 1]);
    expect(() => read(Buffer.concat([dictionary, places]))).toThrow(
      /^is damaged \(its dictionary is too short\)$/,
    );
    expect(() => read(page({ 5: first }), { of: { ...leaf, type: "INT96" } })).toThrow(
      /^holds values of type INT96, which are not read$/,
    );
  });

  test("that does not unpack, or would to too much", () => {
    const bytes = new Uint8Array(1000);
    const said = (codec: Parameters<typeof unpackPage>[1]["codec"], size: number) =>
      expect(() => unpackPage(bytes, { size, codec }));
    said("LZO", 10).toThrow(/^is compressed with LZO, which is not read$/);
    for (const codec of ["SNAPPY", "GZIP", "BROTLI", "ZSTD", "LZ4_RAW"] as const) {
      said(codec, 5000).toThrow(/^is damaged \(a page does not unpack\)$/);
      said(codec, 2 ** 31 - 1).toThrow(/^has a page of 1\.0 kB that would unpack to 2\.1 GB$/);
    }
    said("UNCOMPRESSED", 999).toThrow(/^is damaged \(a page has another size than it says\)$/);
  });
});

describe("a description", () => {
  const element = { 1: 1, 3: 0, 4: "a" };
  const root = { 4: "root", 5: 1 };
  const meta = { 1: 1, 2: [0], 3: ["a"], 4: 0, 5: 3, 6: 8, 7: 8, 9: 4 };
  const group = { 1: [{ 2: 4, 3: meta }], 2: 8, 3: 3 };

  async function said(fields: Struct): Promise<string> {
    const bytes = struct({ 1: 1, 2: [root, element], 3: 3, 4: [group], ...fields });
    const end = Buffer.alloc(4);
    end.writeUInt32LE(bytes.length);
    const path = join(folder, "hand.parquet");
    await writeFile(
      path,
      Buffer.concat([
        Buffer.from("PAR1"),
        new Uint8Array(8),
        Uint8Array.from(bytes),
        end,
        Buffer.from("PAR1"),
      ]),
    );
    const file = await open(path);
    try {
      return await failure(readFooter(file));
    } finally {
      await file.close();
    }
  }

  test("written by hand is read", async () => {
    await expect(said({})).rejects.toThrow("did not fail");
  });

  test.each([
    [{ 3: 4 }, "says 4 rows, its row groups 3"],
    [{ 2: [root] }, "is damaged (its list of columns is broken)"],
    [{ 2: [root, element, element] }, "is damaged (its list of columns is broken)"],
    [{ 2: new Array<Struct>(40).fill(root) }, "is damaged (its list of columns is broken)"],
    [{ 4: [{ ...group, 3: 2 ** 24 }] }, "row group 0 says 16777216 rows; at most 8388608 are read"],
    [
      { 4: [{ ...group, 1: [{ 2: 4, 3: { ...meta, 7: 4000 } }] }] },
      "row group 0 is not within the file",
    ],
    [
      { 4: [{ ...group, 1: [{ 1: "b.parquet", 2: 4, 3: meta }] }] },
      "row group 0 lies in another file or is encrypted",
    ],
    [{ 4: 7 }, "is damaged (its description is broken)"],
  ])("%j", async (fields, why) => {
    expect(await said(fields)).toBe(`BadFile: ${why}`);
  });
});
