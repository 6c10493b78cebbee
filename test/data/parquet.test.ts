import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, test } from "vitest";
import type { PictureOptions } from "../../src/data/files/options.js";
import { openData } from "../../src/data/open.js";
import { failure, fill, png, temporary } from "./make.js";

const golden: { readonly variants: Readonly<Record<string, string>> } = JSON.parse(
  await readFile(new URL("../golden/parquet.json", import.meta.url), "utf8"),
);
const pictures = await readFile(new URL("../golden/pictures.parquet", import.meta.url));

const folder = await temporary();
const fresh = { cache: false } as const;

async function open(name: string, options: PictureOptions = {}) {
  return await openData(join(folder, name), { ...fresh, ...options });
}

const said = async (name: string, options: PictureOptions = {}) =>
  (await failure(open(name, options))).replaceAll(`${folder}/`, "");

/** What Arrow was given: see the script beside the golden files. */
const names = ["cat", "dog", "owl"];
const colors = Array.from({ length: 23 }, (_, i) => [10 * i, 255 - 10 * i, 7]);

describe("what Arrow wrote", () => {
  test.each(Object.entries(golden.variants))("%s", async (name, text) => {
    const file = `${name.replaceAll(/\W+/g, "-")}.parquet`;
    await fill(folder, { [file]: Buffer.from(text, "base64") });
    const data = await open(file);
    expect(data).toMatchObject({ kind: "pictures", shape: [3, 2, 2], count: 23, classes: names });
    expect([...data.labels!]).toEqual(colors.map((_, i) => i % 3));
    const items = data.items as Uint8Array;
    expect(colors.map((_, i) => [0, 4, 8].map((at) => items[12 * i + at]))).toEqual(colors);
    expect(data.captions![4]).toBe("an animal, the 4th: «dog»");
    expect(data.factors).toEqual({
      weight: colors.map((_, i) => i / 8),
      adult: colors.map((_, i) => (i > 9 ? 1 : 0)),
    });
  });

  test("some of it, across row groups", async () => {
    await fill(folder, { "pictures.parquet": pictures });
    const data = await open("pictures.parquet", { limit: 4, size: 4, color: "grey" });
    expect(data).toMatchObject({ name: "pictures", shape: [1, 4, 4], count: 4 });
    expect([...data.labels!]).toEqual([0, 5 % 3, 11 % 3, 17 % 3]);
    const seen: number[] = [];
    await open("pictures.parquet", { onProgress: (done) => seen.push(done) });
    expect(seen.at(-1)).toBe(23);
    await expect(open("pictures.parquet", { signal: AbortSignal.abort() })).rejects.toThrow(
      "aborted",
    );
  });
});

describe("a folder of shards", () => {
  const one = (name: string, limit?: number) => open(name, limit ? { limit } : {});

  test("is one set, split by the files' names", async () => {
    await fill(join(folder, "hub/data"), {
      "train-00000-of-00002.parquet": pictures,
      "train-00001-of-00002.parquet": pictures,
      "test-00000-of-00001.parquet": pictures,
      "validation-00000-of-00001.parquet": pictures,
    });
    await fill(join(folder, "hub"), { "README.md": "---" });
    const data = await one("hub");
    expect(data).toMatchObject({ name: "hub", count: 46 });
    expect(data.notes).toBeUndefined();
    expect([...data.labels!].slice(21, 26)).toEqual([0, 1, 0, 1, 2]);
    const rest = await open("hub", { split: "test" });
    expect(rest).toMatchObject({ name: "hub-test", count: 23 });
    expect(await open("hub/data", { split: "test", limit: 3 })).toMatchObject({
      name: "data-test",
      count: 3,
    });
    const two = await open("hub/data/test-00000-of-00001.parquet");
    expect(two.name).toBe("test-00000-of-00001-test");
  });

  test("says which part is not there", async () => {
    await fill(join(folder, "part"), { "train-00001-of-00005.parquet": pictures });
    expect((await one("part")).notes).toEqual(["1 of 5 shards of train are there"]);
    expect(await said("part", { split: "test" })).toBe(
      "DataError: part: has no test split\n  files  train-00001-of-00005.parquet",
    );
    expect(await said("part/train-00001-of-00005.parquet", { split: "test" })).toBe(
      "DataError: part/train-00001-of-00005.parquet: is the train split, not the test split\n" +
        "  hint  open the folder instead",
    );
  });
});

/** A file by another writer than Arrow: pictures as plain bytes, other columns as given. */
async function written(
  name: string,
  columns: readonly ColumnSource[],
  pictureBytes: readonly (Uint8Array | null)[],
) {
  const image: ColumnSource = {
    name: "image",
    data: [...pictureBytes],
    type: "BYTE_ARRAY",
    nullable: true,
  };
  const buffer = parquetWriteBuffer({ columnData: [image, ...columns] });
  await fill(folder, { [name]: new Uint8Array(buffer) });
}

describe("what hyparquet-writer wrote", () => {
  test("classes by name, and by number", async () => {
    const both = [await png([1, 2, 3]), await png([4, 5, 6]), await png([7, 8, 9])];
    await written(
      "words.parquet",
      [{ name: "label", data: ["tree", "bush", "tree"], type: "STRING" }],
      both,
    );
    const words = await open("words.parquet");
    expect(words.classes).toEqual(["bush", "tree"]);
    expect([...words.labels!]).toEqual([1, 0, 1]);
    await written("numbers.parquet", [{ name: "class", data: [2, 0, 1], type: "INT32" }], both);
    const numbers = await open("numbers.parquet");
    expect(numbers.classes).toEqual(["0", "1", "2"]);
    expect([...numbers.labels!]).toEqual([2, 0, 1]);
    await written("hidden.parquet", [{ name: "label", data: [-1, -1, -1], type: "INT32" }], both);
    expect(await open("hidden.parquet")).toMatchObject({ labels: undefined, classes: [] });
    await written("odd.parquet", [{ name: "label", data: [0, -1, 0], type: "INT32" }], both);
    expect(await said("odd.parquet")).toBe(
      "DataError: odd.parquet › row 1: is of class -1, which is not from 0 to 65535",
    );
    const some: ColumnSource = {
      name: "label",
      data: ["a", null, "b"],
      type: "STRING",
      nullable: true,
    };
    await written("some.parquet", [some], both);
    expect(await said("some.parquet")).toBe("DataError: some.parquet › row 1: has no class");
  });

  test("bad pictures are named by their rows, or left out", async () => {
    const good = await png([1, 2, 3]);
    await written(
      "bad.parquet",
      [{ name: "y", data: [5, 6, 7, 8], type: "INT32" }],
      [good, good.subarray(0, 60), null, good],
    );
    expect(await said("bad.parquet")).toBe(
      "DataError: bad.parquet: 2 of 4 pictures cannot be used\n" +
        "  row 1  is cut short or damaged\n" +
        "  row 2  has no picture, or only the path of one\n" +
        "  hint   pass --skip-bad to leave them out",
    );
    const rest = await open("bad.parquet", { skipBad: true });
    expect(rest.count).toBe(2);
    expect([...rest.labels!]).toEqual([5, 8]);
  });

  /** A table without pictures. */
  async function tabled(name: string, columns: readonly ColumnSource[]) {
    const buffer = parquetWriteBuffer({ columnData: [...columns], rowGroupSize: 2 });
    await fill(folder, { [name]: new Uint8Array(buffer) });
  }
  const a: ColumnSource = { name: "a", data: [1, 2, 3], type: "INT32" };
  const b: ColumnSource = { name: "b", data: [0.5, -1, 1e6], type: "DOUBLE" };
  const kind: ColumnSource = { name: "class", data: ["x", "y", "x"], type: "STRING" };
  const said3 = "DataError: holes.parquet: 2 of 3 points cannot be used\n";

  test("columns of numbers are points where there are no pictures", async () => {
    await tabled("table.parquet", [
      a,
      b,
      kind,
      { name: "who", data: ["k", "l", "m"], type: "STRING" },
    ]);
    const data = await open("table.parquet");
    expect(data).toMatchObject({
      name: "table",
      kind: "points",
      shape: [2],
      count: 3,
      classes: ["x", "y"],
    });
    expect([...(data.items as Float32Array)]).toEqual([1, 0.5, 2, -1, 3, 1e6]);
    expect([...data.labels!]).toEqual([0, 1, 0]);
    expect(data.factors).toEqual({ who: ["k", "l", "m"] });
    expect(await open("table.parquet", { label: "none" })).toMatchObject({ labels: undefined });
    const other = await open("table.parquet", { label: "a", limit: 2 });
    expect(other).toMatchObject({ shape: [1], count: 2, classes: ["1", "2"] });
    expect(await said("table.parquet", { label: "bb" })).toBe(
      "ConfigurationError: data.label: bb is no column\n" +
        "  columns  a, b, class, who\n  hint     did you mean b?",
    );
  });

  test("rows without a number are named, or left out", async () => {
    const holes: ColumnSource = {
      name: "b",
      data: [0.5, null, 1e300],
      type: "DOUBLE",
      nullable: true,
    };
    await tabled("holes.parquet", [a, holes]);
    expect(await said("holes.parquet")).toBe(
      `${said3}  row 1  b is missing\n  row 2  b is 1e+300, which float32 does not hold\n` +
        "  hint   pass --skip-bad to leave them out",
    );
    const rest = await open("holes.parquet", { skipBad: true });
    expect([...(rest.items as Float32Array)]).toEqual([1, 0.5]);
    expect(await said("holes.parquet", { memory: 20 })).toBe(
      "DataError: holes.parquet: needs 24 bytes of memory, more than the 20 bytes allowed\n" +
        "  points  3 × [2]\n  hint    choose a --limit",
    );
  });

  test("tables without either are told so", async () => {
    await tabled("text.parquet", [{ name: "a", data: ["x"], type: "STRING" }]);
    expect(await said("text.parquet")).toBe(
      "DataError: text.parquet: has no pictures and no column of numbers\n  columns  a",
    );
    await tabled("none.parquet", [{ name: "a", data: [], type: "INT32" }]);
    expect(await said("none.parquet")).toBe("DataError: none.parquet: holds no rows");
  });
});

describe("what is damaged", () => {
  const end = pictures.length;
  const footer = end - 8 - pictures.readUInt32LE(end - 8);

  test.each([
    ["magic.parquet", pictures.subarray(0, end - 1), "is cut short"],
    ["short.parquet", pictures.subarray(0, 10), "is cut short"],
    [
      "length.parquet",
      Buffer.from(pictures).fill(255, end - 8, end - 4),
      "says that its description is 4294967295 bytes, more than there are",
    ],
    [
      "footer.parquet",
      Buffer.from(pictures).fill(255, footer, footer + 20),
      "is damaged (its description is broken)",
    ],
    [
      "zeros.parquet",
      Buffer.from(pictures).fill(0, footer, end - 8),
      "is damaged (its description is broken)",
    ],
  ])("%s", async (name, bytes, why) => {
    await fill(folder, { [name]: bytes });
    expect(await said(name)).toBe(`DataError: ${name}: ${why}`);
  });

  test("a row group's rows are named, and can be left out", async () => {
    const bytes = Buffer.from(pictures).fill(255, 4, 40);
    await fill(folder, { "group.parquet": bytes });
    expect(await said("group.parquet")).toBe(
      "DataError: group.parquet: 10 of 23 pictures cannot be used\n" +
        [0, 1, 2, 3, 4]
          .map((i) => `  row ${i}  is damaged (its description is broken)\n`)
          .join("") +
        "  …      and 5 more\n  hint   pass --skip-bad to leave them out",
    );
    expect((await open("group.parquet", { skipBad: true })).count).toBe(13);
  });
});
