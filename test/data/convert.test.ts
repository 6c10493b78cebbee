import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { open as openFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Dataset } from "../../src/data/dataset.js";
import { WindowReader } from "../../src/data/files/window.js";
import { blobs } from "../../src/data/patterns.js";
import { shapes } from "../../src/data/shapes.js";
import { formOf, writeData } from "../../src/data/write/convert.js";
import { npyHeader } from "../../src/data/write/npz.js";
import { ZipWriter } from "../../src/data/write/zip-writer.js";
import { failure, fill, idxOf, noise, openData, png, temporary } from "./make.js";

const folder = await temporary();
const cache = false;

/** What must come back, however it was written. */
const essence = ({
  kind,
  shape,
  count,
  classes,
  labels,
  captions,
  factors,
  fingerprint,
}: Dataset) => ({
  kind,
  shape,
  count,
  classes,
  labels: labels && [...labels],
  captions,
  factors,
  fingerprint,
});

const grey = await openData(
  join(
    await fill(join(folder, "grey"), {
      "train-images-idx3-ubyte": idxOf([6, 5, 4], Buffer.from(noise(120))),
      "train-labels-idx1-ubyte": idxOf([6], Buffer.from([3, 1, 0, 3, 1, 1])),
    }),
    "train-images-idx3-ubyte",
  ),
  { cache },
);
const animals = await openData(
  await fill(join(folder, "animals"), {
    "cat/a.png": await png([1, 2, 3]),
    "cat/b.png": await png([4, 5, 6]),
    "dog/c.png": await png([7, 8, 9]),
  }),
  { cache },
);
const plain = await openData(
  await fill(join(folder, "plain"), {
    "a.png": await png([1, 2, 3]),
    "b.png": await png([200, 100, 0]),
  }),
  { cache },
);
/** Names that make no folders, classes out of order, facts of every kind. */
const odd: Dataset = {
  ...shapes({ count: 12, size: 16 }),
  classes: ["train", "Test", "a/b", "a-b", ".hidden", "", "CON.", "zwei"],
};

describe("what is written comes back the same", () => {
  const extinct = { ...animals, classes: ["cat", "dog", "dodo"] };
  const sets = { grey, animals, extinct, plain, odd, shapes: shapes({ count: 40, size: 16 }) };
  for (const [name, data] of Object.entries(sets)) {
    test.each(["folder", "set.zip"])(`${name} as %s`, async (form) => {
      const out = join(folder, "out", `${name}-${form}`);
      await writeData(data, out);
      expect(essence(await openData(out, { cache }))).toEqual(essence(data));
    });

    test(`${name} as NPZ, but for names of classes and facts`, async () => {
      const out = join(folder, "out", `${name}.npz`);
      await writeData(data, out);
      const { fingerprint, labels, shape, count } = await openData(out, { cache });
      expect({ fingerprint, shape, count }).toEqual({
        fingerprint: data.fingerprint,
        shape: data.shape,
        count: data.count,
      });
      expect(labels && [...labels]).toEqual(data.labels && [...data.labels]);
    });
  }

  test("points as NPZ", async () => {
    const data = blobs({ count: 700 });
    await writeData(data, join(folder, "points.npz"));
    const back = await openData(join(folder, "points.npz"), { cache });
    expect(back.fingerprint).toBe(data.fingerprint);
    expect(back.items).toEqual(data.items);
  });

  test("larger than memory, from a file", async () => {
    const own = { folder: join(folder, "cache") };
    const { openData: open } = await import("../../src/data/open.js");
    const data = await open(join(folder, "animals"), { cache: own, memory: 10 });
    await writeData(data, join(folder, "large.zip"));
    expect((await openData(join(folder, "large.zip"), { cache })).fingerprint).toBe(
      animals.fingerprint,
    );
  });
});

describe("a folder", () => {
  test("of classes whose names and order say everything has no dataset.json", () => {
    const written = join(folder, "out/animals-folder");
    expect(readdirSync(written)).toEqual(["cat", "dog"]);
    expect(readdirSync(join(written, "cat"))).toEqual(["0.png", "1.png"]);
    expect(readdirSync(join(folder, "out/plain-folder"))).toEqual(["0.png", "1.png"]);
  });

  test("has names that are fit for folders", () => {
    const names = readdirSync(join(folder, "out/odd-folder")).sort();
    const expected = [
      "class train",
      "class Test",
      "a-b",
      "a-b 2",
      "hidden",
      "class",
      "CON",
      "zwei",
    ];
    expect(["dataset.json", ...expected]).toEqual(expect.arrayContaining(names));
  });
});

test("a zip is laid out as StyleGAN's", () => {
  const bytes = readFileSync(join(folder, "out/grey-set.zip")).toString("latin1");
  expect(bytes).toContain("00000/img00000005.png");
  const json = /\{"labels".*?\}/.exec(bytes)![0];
  expect(JSON.parse(json)).toEqual({
    labels: [3, 1, 0, 3, 1, 1].map((label, i) => [`00000/img0000000${i}.png`, label]),
    classes: ["0", "1", "2", "3"],
  });
});

test("a zip of more files than 16 bits count is read", async () => {
  const path = join(folder, "many.zip");
  const zip = new ZipWriter(openSync(path, "wx"));
  for (let i = 0; i < 65_540; i++) zip.add(`${i}.txt`, new Uint8Array());
  zip.finish();
  const yauzl = await import("yauzl");
  const file = await openFile(path);
  const { size } = await file.stat();
  const read = await yauzl.fromRandomAccessReaderPromise(new WindowReader(file), size, {
    autoClose: false,
  });
  expect(read.entryCount).toBe(65_540);
  await file.close();
});

test("headers of NPY are aligned, as NumPy aligns them", () => {
  for (const shape of [[3], [60_000, 28, 28, 1], [1, 2]]) {
    const head = npyHeader("|u1", shape);
    expect(head.length % 64).toBe(0);
    expect(head.at(-1)).toBe(10);
    expect(new DataView(head.buffer).getUint16(8, true)).toBe(head.length - 10);
  }
  expect(new TextDecoder().decode(npyHeader("<i4", [3]).subarray(10)).trimEnd()).toBe(
    "{'descr': '<i4', 'fortran_order': False, 'shape': (3,), }",
  );
});

describe("what cannot be written", () => {
  test("is said, and nothing is left", async () => {
    const taken = join(folder, "taken.zip");
    writeFileSync(taken, "mine");
    expect(await failure(writeData(plain, taken))).toBe(
      `ConfigurationError: OUT: ${taken} exists already\n  hint  remove it, or name another`,
    );
    expect(readFileSync(taken, "utf8")).toBe("mine");
    expect(() => formOf("set.tar")).toThrow(
      /^OUT: expected a folder, \.zip or \.npz, received set\.tar$/,
    );
    expect(await failure(writeData(blobs({ count: 2 }), join(folder, "points")))).toBe(
      "ConfigurationError: OUT: points are only written as .npz\n" +
        "  hint  name a file such as points.npz",
    );
    const below = join(taken, "set.zip");
    expect(await failure(writeData(plain, below))).toBe(
      `DataError: ${below}: not written, a file has its folder's name`,
    );
  });

  test.each(["folder", "set.zip", "set.npz"])("to the end leaves no %s", async (form) => {
    const within = join(folder, `stopped-${form}`);
    mkdirSync(within);
    const stopping = new AbortController();
    const onProgress = () => stopping.abort();
    const { signal } = stopping;
    const big = shapes({ count: 600, size: 8 });
    await expect(writeData(big, join(within, form), { onProgress, signal })).rejects.toThrow();
    expect(readdirSync(within)).toEqual([]);
    expect(existsSync(join(within, form))).toBe(false);
  });
});
