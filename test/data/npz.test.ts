import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openData } from "../../src/data/open.js";
import { failure, fill, npyOf, temporary, type ZipEntry, zipOf } from "./make.js";

const golden: { readonly archives: Readonly<Record<string, string>> } = JSON.parse(
  await readFile(new URL("../golden/arrays.json", import.meta.url), "utf8"),
);

const folder = await temporary();

async function open(arrays: Readonly<Record<string, Buffer>>, options = {}, lie = {}) {
  const entries = Object.entries(arrays).map(
    ([name, bytes]): ZipEntry => ({ name: `${name}.npy`, bytes, ...lie }),
  );
  await fill(folder, { "set.npz": zipOf(entries) });
  return await openData(join(folder, "set.npz"), options);
}

const said = async (...what: Parameters<typeof open>) =>
  (await failure(open(...what))).replaceAll(`${folder}/`, "");

const bytes = (shape: number[], from = 0) =>
  npyOf(
    "|u1",
    shape,
    Uint8Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => from + i),
  );

test.each(["plain", "packed"])(
  "pictures and labels as NumPy's %s archive holds them",
  async (name) => {
    await fill(folder, { [`${name}.npz`]: Buffer.from(golden.archives[name]!, "base64") });
    const data = await openData(join(folder, `${name}.npz`));
    expect(data).toMatchObject({ name, kind: "pictures", shape: [3, 2, 2], count: 2 });
    expect([...data.labels!]).toEqual([1, 0]);
    expect(data.classes).toEqual(["0", "1"]);
    expect([...(data.items as Uint8Array).slice(0, 6)]).toEqual([0, 3, 6, 9, 1, 4]);
  },
);

test("arrays are found by their names, or for want of another", async () => {
  const labels = npyOf("<i8", [2], BigInt64Array.of(3n, 1n));
  for (const [items, y] of [
    ["X", "Y"],
    ["images", "labels"],
    ["data", "labels"],
    ["arr_0", "arr_1"],
    ["faces", "y"],
  ]) {
    const data = await open({ [y!]: labels, [items!]: bytes([2, 4]), extra: bytes([5]) });
    expect(data).toMatchObject({ kind: "points", shape: [4], count: 2 });
    expect([...data.labels!]).toEqual([3, 1]);
  }
  const one = await open({ x: bytes([4, 1]), y: bytes([4, 1], 5) }, { limit: 2 });
  expect([...one.labels!]).toEqual([5, 7]);
});

test("parts are found by their names: Keras's x_train, MedMNIST's train_images", async () => {
  const keras = {
    x_train: bytes([3, 2]),
    y_train: bytes([3]),
    x_test: bytes([1, 2], 9),
    y_test: bytes([1], 2),
  };
  expect(await open(keras)).toMatchObject({ name: "set", count: 3 });
  const rest = await open(keras, { split: "test" });
  expect(rest).toMatchObject({ name: "set-test", count: 1, classes: ["0", "1", "2"] });
  expect([...(rest.items as Float32Array)]).toEqual([9, 10]);
  const med = {
    train_images: bytes([2, 2]),
    val_images: bytes([3, 2]),
    test_images: bytes([4, 2]),
  };
  expect((await open(med, { split: "test" })).count).toBe(4);
  const { test_images: _, ...noTest } = med;
  expect((await open(noTest, { split: "test" })).count).toBe(3);
  expect(await said({ x_train: bytes([2, 2]) }, { split: "test" })).toBe(
    "DataError: set.npz: has no test split\n  arrays  x_train",
  );
  expect(await said({ x: bytes([2, 2]) }, { split: "test" })).toBe(
    "DataError: set.npz: has no test split\n  arrays  x",
  );
});

test("says what is wrong, and with which array", async () => {
  expect(await said({ a: bytes([2, 2]), b: bytes([3, 2, 2]), c: Buffer.from("no array") })).toBe(
    "DataError: set.npz: no array in it is called x, images, data or arr_0\n" +
      "  a  [2 2]\n  b  [3 2 2]\n  c  is no NumPy array",
  );
  expect(await said({ x: bytes([2, 2]), y: bytes([3]) })).toBe(
    "DataError: set.npz › x: its labels are [3] for 2 items",
  );
  const odd = npyOf("<i4", [2], Int32Array.of(0, -1));
  expect(await said({ x: bytes([2, 2]), y: odd })).toBe(
    "DataError: set.npz › x: label -1 of item 1 is no class from 0 to 65535",
  );
  expect(await said({ x: bytes([2, 2, 2, 2]) })).toMatch(
    /^DataError: set.npz › x: holds \[2 2 2 2\], which seems to be volumes; these are not read yet\n/,
  );
  expect(await said({ x: bytes([4, 4]).subarray(0, -1) })).toBe(
    "DataError: set.npz › x: says 4 × 4 uint8 = 16 bytes, holds 15",
  );
  expect(await said({ x: bytes([4, 4]) }, {}, { crc: 7 })).toBe(
    "DataError: set.npz › x: is damaged (its checksum differs)",
  );
  expect(await said({ x: bytes([40, 40]) }, { memory: 1000 })).toBe(
    "DataError: set.npz › x: needs 1.6 kB of memory, more than the 1.0 kB allowed\n  numbers  1 × [1600]",
  );
  expect(await said({ x: bytes([4, 4]) }, {}, { flags: 1 })).toBe(
    "DataError: set.npz › x: is encrypted",
  );
});
