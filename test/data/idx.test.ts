import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseIdx } from "../../src/data/files/idx.js";
import { failure, fill, gzip, idxOf, openPictures, temporary } from "./make.js";

const folder = await temporary();
const pictures = (count: number, from = 0) =>
  idxOf(
    [count, 2, 3],
    Uint8Array.from({ length: count * 6 }, (_, i) => from + i),
  );

test("IDX bytes are read as they were written", () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(sizes, fc.infiniteStream(fc.integer({ min: 0, max: 255 })), (sizes, stream) => {
      const count = sizes.reduce((a, b) => a * b, 1);
      const bytes = Uint8Array.from([...stream.take(count)]);
      const read = parseIdx(idxOf(sizes, bytes), { file: "a" });
      expect(read.sizes).toEqual(sizes);
      expect([...read.data]).toEqual([...bytes]);
    }),
  );
});

describe("a folder of IDX", () => {
  const set = join(folder, "digits");
  const train = { "train-images-idx3-ubyte.gz": gzip(pictures(4)) };

  test("gives the train pair, or the test pair, with labels", async () => {
    await fill(set, {
      ...train,
      "train-labels-idx1-ubyte.gz": gzip(idxOf([4], Uint8Array.of(2, 0, 1, 0))),
      "t10k-images.idx3-ubyte": pictures(2, 100),
      "t10k-labels.idx1-ubyte": idxOf([2], Uint8Array.of(1, 1)),
      "NOTICE.txt": "digits",
    });
    const data = await openPictures(set);
    expect(data).toMatchObject({ name: "digits", shape: [1, 2, 3], count: 4 });
    expect(data.items.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect([...data.items]).toEqual(Array.from({ length: 24 }, (_, i) => i));
    expect([...data.labels!]).toEqual([2, 0, 1, 0]);
    expect(data.classes).toEqual(["0", "1", "2"]);
    const rest = await openPictures(set, { split: "test" });
    expect(rest).toMatchObject({ name: "digits-test", count: 2 });
    expect([...rest.items]).toEqual(Array.from({ length: 12 }, (_, i) => 100 + i));
    expect([...rest.labels!]).toEqual([1, 1]);
  });

  test("can be opened by file, limited, resized and coloured", async () => {
    const file = join(set, "train-images-idx3-ubyte.gz");
    const data = await openPictures(file, { limit: 2 });
    expect([...data.items]).toEqual([0, 1, 2, 3, 4, 5, 12, 13, 14, 15, 16, 17]);
    expect([...data.labels!]).toEqual([2, 1]);
    const rgb = await openPictures(file, { color: "rgb", limit: 1 });
    expect(rgb.shape).toEqual([3, 2, 3]);
    expect([...rgb.items]).toEqual([0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5]);
    const large = await openPictures(file, { size: [4, 6], filter: "nearest", limit: 1 });
    expect(large.shape).toEqual([1, 4, 6]);
    expect([...large.items.slice(0, 6)]).toEqual([0, 0, 1, 1, 2, 2]);
    expect([...large.items.slice(18)]).toEqual([3, 3, 4, 4, 5, 5]);
  });

  test("needs no labels, and reads channels last as colour", async () => {
    const color = idxOf([1, 1, 2, 3], Uint8Array.of(1, 2, 3, 4, 5, 6));
    const path = await fill(join(folder, "color"), { "images-idx4-ubyte": color });
    const data = await openPictures(path);
    expect(data).toMatchObject({ shape: [3, 1, 2], labels: undefined, classes: [] });
    expect([...data.items]).toEqual([1, 4, 2, 5, 3, 6]);
  });

  test("says what is wrong", async () => {
    const wrong = async (name: string, bytes: Uint8Array, options = {}) => {
      const path = await fill(join(folder, `wrong-${name}`), { [name]: bytes });
      return (await failure(openPictures(join(path, name), options))).replaceAll(`${path}/`, "");
    };
    expect(await wrong("long", pictures(4).subarray(0, 30))).toBe(
      "DataError: long: says 4 × 2 × 3 = 24 bytes, holds 14",
    );
    expect(await wrong("head", pictures(4).subarray(0, 9))).toBe(
      "DataError: head: ends within its header",
    );
    expect(await wrong("float", idxOf([1, 1, 1], new Uint8Array(4), 13))).toBe(
      "DataError: float: holds float32 numbers; only bytes are pictures",
    );
    expect(await wrong("labels", idxOf([3], new Uint8Array(3)))).toBe(
      "DataError: labels: holds 3 bytes, which are not pictures",
    );
    expect(await wrong("none", idxOf([0, 28, 28], new Uint8Array()))).toBe(
      "DataError: none: holds no pictures",
    );
    const noise = idxOf(
      [1, 64, 64],
      Uint8Array.from({ length: 4096 }, (_, i) => (i * i) % 251),
    );
    const short = gzip(noise);
    expect(await wrong("short.gz", short.subarray(0, short.length / 2))).toBe(
      "DataError: short.gz: is cut short (it does not unzip)",
    );
    const damaged = Buffer.from(short);
    damaged[short.length - 6]! ^= 255;
    expect(await wrong("sum.gz", damaged)).toBe(
      "DataError: sum.gz: is damaged (it does not unzip)",
    );
    expect(await wrong("train-images-idx3-ubyte", pictures(1), { split: "test" })).toBe(
      "DataError: train-images-idx3-ubyte: is the train split, not the test split\n" +
        "  hint  open the folder instead",
    );
    expect(await wrong("train-images-idx3-ubyte", pictures(2), { memory: 11, cache: false })).toBe(
      "DataError: train-images-idx3-ubyte: needs 12 bytes of memory, more than the 11 bytes allowed\n" +
        "  pictures  2 × [1 2 3]\n  hint      choose a smaller --size or a --limit",
    );
  });

  test("says which pair is missing or meant", async () => {
    const only = await fill(join(folder, "only"), train);
    expect(await failure(openPictures(only, { split: "test" }))).toBe(
      `DataError: ${only}: has no test split\n  files  train-images-idx3-ubyte.gz`,
    );
    const both = await fill(join(folder, "both"), {
      "a-train-images-idx3-ubyte": pictures(1),
      "b-train-images-idx3-ubyte": pictures(1),
    });
    expect(await failure(openPictures(both))).toBe(
      `DataError: ${both}: holds 2 sets of IDX images\n` +
        "  files  a-train-images-idx3-ubyte, b-train-images-idx3-ubyte\n" +
        "  hint   open one of these files",
    );
    const odd = await fill(join(folder, "odd"), {
      "train-images-idx3-ubyte": pictures(3),
      "train-labels-idx1-ubyte": idxOf([2], Uint8Array.of(0, 1)),
    });
    expect(await failure(openPictures(odd))).toBe(
      `DataError: ${odd}/train-labels-idx1-ubyte: holds 2 labels for 3 pictures`,
    );
  });
});
