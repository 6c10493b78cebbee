import { describe, expect, test } from "vitest";
import { evenly, layOut } from "../../src/data/files/layout.js";

const laid = (names: readonly string[], split?: "train" | "test") => {
  const layout = layOut(names, { split });
  if ("missing" in layout) throw new Error(`no ${layout.missing}`);
  return {
    names: layout.pictures.map(({ name }) => name),
    folders: layout.pictures.map(({ folder }) => folder),
    classes: layout.classes,
    split: layout.split,
  };
};

describe("layout", () => {
  test("a flat folder has no classes and is sorted by code units", () => {
    expect(laid(["b.png", "a.png", "B.png", "10.png", "9.png"])).toEqual({
      names: ["10.png", "9.png", "B.png", "a.png", "b.png"],
      folders: Array(5).fill(undefined),
      classes: [],
      split: undefined,
    });
  });

  test("two or more folders are classes", () => {
    const { folders, classes } = laid(["dog/1.png", "cat/1.png", "cat/deep/2.png"]);
    expect(classes).toEqual(["cat", "dog"]);
    expect(folders).toEqual(["cat", "cat", "dog"]);
  });

  test("folders around everything are dropped, and one folder is no class", () => {
    expect(laid(["set/v1/dog/1.png", "set/v1/cat/1.png"]).classes).toEqual(["cat", "dog"]);
    expect(laid(["set/v1/1.png", "set/v1/2.png"]).classes).toEqual([]);
  });

  test("pictures beside folders mean that folders are no classes", () => {
    expect(laid(["1.png", "cat/2.png", "dog/2.png"]).classes).toEqual([]);
  });

  test("StyleGAN's numbered folders are no classes", () => {
    expect(laid(["00000/img00000000.png", "00001/img00001000.png"]).classes).toEqual([]);
  });

  test("folders called train and test are splits, train by default", () => {
    const names = [
      "x/test/cat/1.png",
      "x/test/emu/2.png",
      "x/train/dog/1.png",
      "x/train/cat/3.png",
    ];
    const classes = ["cat", "dog", "emu"];
    expect(laid(names)).toMatchObject({
      names: ["x/train/cat/3.png", "x/train/dog/1.png"],
      classes,
      split: "train",
    });
    expect(laid(names, "test")).toMatchObject({ folders: ["cat", "emu"], classes, split: "test" });
  });

  test("val stands in for test when there is none", () => {
    expect(laid(["Training/1.png", "val/2.png"], "test").names).toEqual(["val/2.png"]);
    expect(laid(["train/1.png", "val/2.png", "test/3.png"], "test").names).toEqual(["test/3.png"]);
  });

  test("a class may be called train, among others", () => {
    expect(laid(["train/1.png", "bus/1.png"])).toMatchObject({ classes: ["bus", "train"] });
  });

  test("the only split is taken unless another is asked for", () => {
    expect(laid(["test/1.png"]).split).toBe("test");
    expect(layOut(["test/1.png"], { split: "train" })).toEqual({
      missing: "train",
      folders: ["test"],
    });
  });
});

test("a limit takes items evenly spread, in order", () => {
  const items = Array.from({ length: 10 }, (_, i) => i);
  expect(evenly(items, 4)).toEqual([0, 2, 5, 7]);
  expect(evenly(items, 10)).toBe(items);
  expect(evenly(items, 99)).toBe(items);
  expect(evenly(items, undefined)).toBe(items);
});
