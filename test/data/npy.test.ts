import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseNpyHeader } from "../../src/data/files/npy.js";
import { halfToNumber, numbersOf } from "../../src/data/files/npy-numbers.js";
import { openData } from "../../src/data/open.js";
import { failure, fill, npyOf, temporary } from "./make.js";

interface Golden {
  readonly cases: readonly { name: string; npy: string; values: number[] }[];
  readonly halves: { bits: number[]; values: number[] };
  readonly refused: Readonly<Record<string, string>>;
}
const golden: Golden = JSON.parse(
  await readFile(new URL("../golden/arrays.json", import.meta.url), "utf8"),
);
const bytesOf = (text: string) => Buffer.from(text, "base64");

const folder = await temporary();

async function open(bytes: Uint8Array, options = {}) {
  await fill(folder, { "a.npy": bytes });
  return await openData(join(folder, "a.npy"), options);
}

const said = async (bytes: Uint8Array, options = {}) =>
  (await failure(open(bytes, options))).replaceAll(`${folder}/`, "");

describe("numbers as NumPy wrote them", () => {
  test.each(golden.cases)("$name", ({ npy, values }) => {
    const bytes = bytesOf(npy);
    const header = parseNpyHeader(bytes);
    expect(header.shape).toEqual([2, 3, 4]);
    expect([...numbersOf(header, bytes.subarray(header.start))]).toEqual(values);
  });

  test("float16, also the smallest, the largest and the infinite", () => {
    expect(golden.halves.bits.map(halfToNumber)).toEqual(golden.halves.values);
    expect([0x7c00, 0xfc00].map(halfToNumber)).toEqual([Infinity, -Infinity]);
    expect(halfToNumber(0x7e00)).toBeNaN();
  });
});

describe("an array becomes", () => {
  test("points when it has two axes", async () => {
    const data = await open(npyOf("<f8", [3, 2], Float64Array.of(0, 0.5, -1, 2, 1e6, 0.1)));
    expect(data).toMatchObject({
      name: "a",
      kind: "points",
      shape: [2],
      count: 3,
      labels: undefined,
    });
    expect(data.items).toEqual(
      new Float32Array(new SharedArrayBuffer(24)).map((_, i) => [0, 0.5, -1, 2, 1e6, 0.1][i]!),
    );
    const some = await open(npyOf("<i2", [4, 1], Int16Array.of(7, 8, -9, 10)), { limit: 2 });
    expect([...(some.items as Float32Array)]).toEqual([7, -9]); // Points are in memory.
  });

  test("pictures, grey or coloured, with channels first or last", async () => {
    const bytes = Uint8Array.from({ length: 36 }, (_, i) => i);
    const grey = await open(npyOf("|u1", [2, 3, 6], bytes));
    expect(grey).toMatchObject({ kind: "pictures", shape: [1, 3, 6], count: 2 });
    expect(grey.notes).toBeUndefined();
    const last = await open(npyOf("|u1", [2, 2, 3, 3], bytes));
    expect(last.shape).toEqual([3, 2, 3]);
    expect([...(last.items as Uint8Array).slice(0, 7)]).toEqual([0, 3, 6, 9, 12, 15, 1]);
    const first = await open(npyOf("|u1", [1, 3, 2, 6], bytes));
    expect(first.shape).toEqual([3, 2, 6]);
    expect([...(first.items as Uint8Array)]).toEqual([...bytes]);
    const alpha = npyOf("|u1", [1, 1, 2, 4], Uint8Array.of(255, 0, 0, 255, 255, 0, 0, 0));
    const flat = await open(alpha, { background: "blue" });
    expect(flat.shape).toEqual([3, 1, 2]);
    expect([...(flat.items as Uint8Array)]).toEqual([255, 0, 0, 0, 0, 255]);
    const made = await open(npyOf("|u1", [2, 3, 6], bytes), {
      size: [6, 12],
      color: "rgb",
      limit: 1,
    });
    expect(made).toMatchObject({ shape: [3, 6, 12], count: 1 });
  });

  test.each([
    [
      "<f4",
      Float32Array.of(0, 1, 0.5, 0.2),
      [0, 255, 128, 51],
      "float32 pixels 0 … 1 became bytes 0 … 255",
    ],
    [
      "<f8",
      Float64Array.of(-1, 1, 0, 0.5),
      [0, 255, 128, 191],
      "float64 pixels −1 … 1 became bytes 0 … 255",
    ],
    [
      "<f4",
      Float32Array.of(0, 255, 1.4, 1.6),
      [0, 255, 1, 2],
      "float32 pixels 0 … 255 became bytes 0 … 255",
    ],
    [
      "<f4",
      Float32Array.of(-1e-4, 1.0001, 1, 0),
      [0, 255, 255, 0],
      "float32 pixels 0 … 1 became bytes 0 … 255",
    ],
    [
      "|b1",
      Uint8Array.of(0, 1, 1, 0),
      [0, 255, 255, 0],
      "bool pixels false and true became bytes 0 … 255",
    ],
    [
      "<i4",
      Int32Array.of(0, 1, 255, 9),
      [0, 1, 255, 9],
      "int32 pixels 0 … 255 became bytes 0 … 255",
    ],
    [
      "<u2",
      Uint16Array.of(0, 65535, 257, 300),
      [0, 255, 1, 1],
      "uint16 pixels 0 … 65535 became bytes 0 … 255",
    ],
  ])("bytes, saying how: %s %o", async (type, values, bytes, note) => {
    const data = await open(npyOf(type, [1, 2, 2], values));
    expect([...(data.items as Uint8Array)]).toEqual(bytes);
    expect(data.notes).toEqual([note]);
  });

  test("the same data set in either order of its axes and of its bytes", async () => {
    const points = Float32Array.of(1, 2, 3, 4, 5, 6);
    const columns = Float32Array.of(1, 3, 5, 2, 4, 6);
    const swapped = Buffer.from(points.slice().buffer).swap32();
    const marks = [
      await open(npyOf("<f4", [3, 2], points)),
      await open(npyOf("<f4", [3, 2], columns, { fortran: true })),
      await open(npyOf(">f4", [3, 2], swapped)),
    ].map(({ fingerprint }) => fingerprint);
    expect(new Set(marks).size).toBe(1);
  });
});

describe("what is refused", () => {
  const two = new Uint8Array(2);

  test.each([
    ["structured", "holds records (a structured dtype), not numbers"],
    ["text", "holds text, not numbers"],
    ["complex", "holds complex numbers, which are not read"],
    ["dates", "holds <M8[s], which is no type of number that is read"],
  ])("%s, as NumPy writes it", async (name, why) => {
    expect(await said(bytesOf(golden.refused[name]!))).toBe(`DataError: a.npy: ${why}`);
  });

  test.each([
    [
      "{'descr': '|O', 'fortran_order': False, 'shape': (2, 1)}",
      "holds Python objects (pickle), which are never read",
    ],
    [
      "{'descr': '<u1', 'fortran_order': False, 'shape': (3, 1)}",
      "says 3 × 1 uint8 = 3 bytes, holds 2",
    ],
    [
      "{'descr': '<u1', 'fortran_order': False, 'shape': (99999999999, 99999999)}",
      "says 99999999999 × 99999999, more than any computer holds",
    ],
    ["{'descr': '<u1', 'fortran_order': False}", "has a header that NumPy would not write"],
    [
      "{'descr': '<u1', 'fortran_order': 0, 'shape': (2, 1)}",
      "has a header that NumPy would not write",
    ],
    [
      "{'descr': '<u1', 'fortran_order': False, 'shape': (2, -1)}",
      "has a header that NumPy would not write",
    ],
    [
      "{'descr': '<u1', 'fortran_order': False, 'shape': (2, 1)} or exit()",
      "has a header that NumPy would not write",
    ],
    [
      "{'descr': '<u1', 'descr': '<u1', 'fortran_order': False, 'shape': (2, 1)}",
      "has a header that NumPy would not write",
    ],
    ["__import__('os')", "has a header that NumPy would not write"],
    [
      "{'descr': '<f16', 'fortran_order': False, 'shape': (2, 1)}",
      "holds <f16, which is no type of number that is read",
    ],
  ])("%s", async (header, why) => {
    expect(await said(npyOf(header, [], two))).toBe(`DataError: a.npy: ${why}`);
  });

  test("files that end early, or are of another version", async () => {
    const whole = npyOf("|u1", [2, 1], two);
    expect(await said(whole.subarray(0, 9))).toBe("DataError: a.npy: ends within its header");
    expect(await said(whole.subarray(0, 40))).toBe("DataError: a.npy: ends within its header");
    expect(await said(whole.subarray(0, -1))).toBe(
      "DataError: a.npy: says 2 × 1 uint8 = 2 bytes, holds 1",
    );
    const later = Buffer.from(whole).fill(4, 6, 7);
    expect(await said(later)).toBe("DataError: a.npy: is NPY version 4; 1 to 3 are read");
    const long = Buffer.from(whole).fill(2, 6, 7).fill(255, 8, 12);
    expect(await said(long)).toBe(
      "DataError: a.npy: has a header of 4294967295 bytes, too long to be one",
    );
  });

  test("shapes that are neither points nor pictures, by name", async () => {
    const read = "\n  read  [n d] as points, [n h w], [n h w c] or [n c h w] as pictures";
    const shaped = (...shape: number[]) =>
      said(npyOf("|u1", shape, new Uint8Array(shape.reduce((a, b) => a * b, 1))));
    expect(await shaped(2, 5, 5, 5)).toBe(
      `DataError: a.npy: holds [2 5 5 5], which seems to be volumes; these are not read yet${read}`,
    );
    expect(await shaped(8, 9, 3)).toBe(
      `DataError: a.npy: holds [8 9 3], which seems to be one picture${read}\n  hint  reshape it to [1 8 9 3]`,
    );
    expect(await shaped(7)).toBe(
      `DataError: a.npy: holds [7], a single row${read}\n  hint  reshape it to [7 1]`,
    );
    expect(await shaped(2, 0, 3)).toBe(`DataError: a.npy: holds [2 0 3], which is nothing${read}`);
    expect(await said(bytesOf(golden.refused.scalar!))).toBe(
      `DataError: a.npy: holds [], which is neither points nor pictures${read}`,
    );
  });

  test("numbers that are none, unless left out", async () => {
    const points = npyOf("<f4", [3, 2], Float32Array.of(1, 2, NaN, 4, 5, Infinity));
    expect(await said(points)).toBe(
      "DataError: a.npy: 2 of 3 points cannot be used\n" +
        "  item 1  holds NaN\n  item 2  holds Infinity\n  hint    pass --skip-bad to leave them out",
    );
    const rest = await open(points, { skipBad: true });
    expect(rest).toMatchObject({
      count: 1,
      skipped: [{ file: "item 1", reason: "holds NaN" }, {}],
    });
    const picture = npyOf("<f4", [2, 1, 1], Float32Array.of(NaN, 0.5));
    expect(await said(picture)).toBe(
      "DataError: a.npy › item 0: holds NaN\n  hint  pass --skip-bad to leave it out",
    );
    expect([...((await open(picture, { skipBad: true })).items as Uint8Array)]).toEqual([128]);
  });

  test("pixels out of every range, and more than the memory holds", async () => {
    expect(await said(npyOf("<f4", [1, 1, 2], Float32Array.of(-3.25, 7)))).toBe(
      "DataError: a.npy: its pixels run from -3.25 to 7, no range of pictures\n" +
        "  read  float32 of 0 … 1, −1 … 1 or 0 … 255",
    );
    expect(await said(npyOf("<i2", [1, 1, 2], Int16Array.of(-3, 7)))).toBe(
      "DataError: a.npy: its pixels run from -3 to 7, no range of pictures\n" +
        "  read  int16 of 0 … 255",
    );
    expect(await said(npyOf("|u1", [10, 10], new Uint8Array(100)), { memory: 99 })).toBe(
      "DataError: a.npy: needs 100 bytes of memory, more than the 99 bytes allowed\n  numbers  1 × [100]",
    );
    expect(await said(npyOf("|u1", [10, 10], new Uint8Array(100)), { memory: 200 })).toBe(
      "DataError: a.npy: needs 400 bytes of memory, more than the 200 bytes allowed\n" +
        "  points  10 × [10]\n  hint    choose a --limit",
    );
  });
});
