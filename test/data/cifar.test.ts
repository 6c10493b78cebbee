import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openData } from "../../src/data/open.js";
import { failure, fill, gzip, tarOf, temporary } from "./make.js";

const folder = await temporary();

/** A record whose pixels are one number in red, another in green, and its column in blue. */
function record(classes: readonly number[], [red, green]: readonly [number, number]): Uint8Array {
  const bytes = new Uint8Array(classes.length + 3072);
  bytes.set(classes);
  bytes.fill(red, classes.length, classes.length + 1024);
  bytes.fill(green, classes.length + 1024, classes.length + 2048);
  for (let i = 0; i < 1024; i++) bytes[classes.length + 2048 + i] = i % 32;
  return bytes;
}

const names = "airplane automobile bird cat deer dog frog horse ship truck".split(" ");
const ten = {
  "data_batch_1.bin": Buffer.concat([record([3], [10, 11]), record([9], [20, 21])]),
  "data_batch_2.bin": record([0], [30, 31]),
  "test_batch.bin": record([5], [40, 41]),
  "batches.meta.txt": Buffer.from(`${names.join("\n")}\n\n`),
  "readme.html": Buffer.from("<html>"),
};

describe("CIFAR-10", () => {
  test.each(["a folder", "its archive"])("from %s", async (form) => {
    const path = join(folder, form === "a folder" ? "ten" : "cifar-10-binary.tar.gz");
    if (form === "a folder") await fill(path, ten);
    else {
      const inside = Object.entries(ten).map(([name, bytes]) => [
        `cifar-10-batches-bin/${name}`,
        bytes,
      ]);
      await fill(folder, {
        "cifar-10-binary.tar.gz": gzip(await tarOf(Object.fromEntries(inside))),
      });
    }
    const name = form === "a folder" ? "ten" : "cifar-10-binary";
    const data = await openData(path);
    expect(data).toMatchObject({
      name,
      kind: "pictures",
      shape: [3, 32, 32],
      count: 3,
      classes: names,
    });
    expect([...data.labels!]).toEqual([3, 9, 0]);
    const items = data.items as Uint8Array;
    expect([0, 1024, 2048, 2049, 2048 + 33].map((i) => items[3072 + i])).toEqual([20, 21, 0, 1, 1]);
    const rest = await openData(path, { split: "test" });
    expect(rest).toMatchObject({ name: `${name}-test`, count: 1 });
    expect([...rest.labels!]).toEqual([5]);
    const one = await openData(path, { limit: 1, size: 16, color: "grey" });
    expect(one).toMatchObject({ shape: [1, 16, 16], count: 1 });
  });

  test("from one file, told by its content", async () => {
    await fill(folder, {
      renamed: ten["data_batch_1.bin"],
      "data_batch_7.bin": ten["data_batch_2.bin"],
    });
    const data = await openData(join(folder, "renamed"));
    expect(data).toMatchObject({ name: "renamed", count: 2 });
    expect(data.classes).toEqual(names.map((_, i) => `${i}`));
    expect((await openData(join(folder, "data_batch_7.bin"))).name).toBe("data_batch_7");
  });
});

test("CIFAR-100 has two classes each: the fine one is the label", async () => {
  const path = await fill(join(folder, "hundred"), {
    "train.bin": Buffer.concat([record([19, 99], [1, 2]), record([0, 7], [3, 4])]),
    "test.bin": record([1, 2], [5, 6]),
    "fine_label_names.txt": Array.from({ length: 100 }, (_, i) => `thing ${i}`).join("\n"),
  });
  const data = await openData(path);
  expect([...data.labels!]).toEqual([99, 7]);
  expect(data.factors).toEqual({ coarse: [19, 0] });
  expect(data.classes[99]).toBe("thing 99");
  expect((await openData(path, { split: "test" })).count).toBe(1);
});

test("says what is wrong", async () => {
  const said = async (
    files: Readonly<Record<string, Uint8Array | string>>,
    options = {},
    file = "",
  ) => {
    const path = await fill(join(folder, `wrong-${Object.keys(files).join("-")}`), files);
    return (await failure(openData(file ? join(path, file) : path, options))).replaceAll(
      `${path}`,
      "set",
    );
  };
  expect(await said({ "data_batch_1.bin": ten["data_batch_1.bin"].subarray(0, 5000) })).toBe(
    "DataError: set › data_batch_1.bin: holds 5000 bytes, no whole number of CIFAR-10 records of 3073",
  );
  const cut = { "data_batch_9.bin": new Uint8Array(7) };
  expect(await said(cut, {}, "data_batch_9.bin")).toBe(
    "DataError: set/data_batch_9.bin: holds 7 bytes, no whole number of CIFAR-10 records of 3073",
  );
  const odd = Buffer.concat([record([3], [1, 1]), record([12], [1, 1])]);
  expect(await said({ "data_batch_3.bin": odd })).toBe(
    "DataError: set › data_batch_3.bin: record 1 is of class 12; CIFAR-10 has 10",
  );
  expect(await said({ "data_batch_4.bin": ten["data_batch_2.bin"] }, { split: "test" })).toBe(
    "DataError: set: has no test split\n  files  data_batch_4.bin",
  );
  expect(
    await said({ "test_batch.bin": ten["test_batch.bin"] }, { split: "train" }, "test_batch.bin"),
  ).toBe(
    "DataError: set/test_batch.bin: is the test split, not the train split\n  hint  open the folder instead",
  );
  const few = { "data_batch_5.bin": ten["data_batch_2.bin"], "batches.meta.txt": "a\nb" };
  expect(await said(few)).toBe("DataError: set: names 2 classes, not 10");
});
