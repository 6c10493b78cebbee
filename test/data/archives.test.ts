import { mkdir, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  failure,
  fill,
  gzip,
  openPictures,
  png,
  tarOf,
  temporary,
  type ZipEntry,
  zipOf,
} from "./make.js";

const folder = await temporary();
const at = (name: string) => join(folder, name);
const first = (data: { items: ArrayLike<number>; shape: readonly number[] }, i: number) =>
  data.items[i * data.shape.reduce((a, b) => a * b, 1)];

const one = await png([1, 0, 0]);
const two = await png([2, 0, 0]);
const three = await png([3, 0, 0]);

async function zipped(name: string, entries: readonly ZipEntry[]): Promise<string> {
  await fill(folder, { [name]: zipOf(entries) });
  return at(name);
}

const json = (value: unknown) => Buffer.from(JSON.stringify(value));

describe("zip", () => {
  test("with class folders, stored and deflated, is the same data as its folder", async () => {
    const files = { "b/2.png": two, "b/1.png": one, "a/3.png": three };
    const path = await zipped("classes.zip", [
      { name: "b/", bytes: new Uint8Array() },
      { name: "b/2.png", bytes: two },
      { name: "b/1.png", bytes: one, method: 0 },
      { name: "a/3.png", bytes: three },
      { name: "__MACOSX/b/._1.png", bytes: Buffer.from("no picture") },
      { name: "b/.DS_Store", bytes: Buffer.from("no picture") },
      { name: "readme.txt", bytes: Buffer.from("no picture") },
    ]);
    const data = await openPictures(path);
    expect(data).toMatchObject({ name: "classes", count: 3, classes: ["a", "b"] });
    expect([...data.labels!]).toEqual([0, 1, 1]);
    expect([0, 1, 2].map((i) => first(data, i))).toEqual([3, 1, 2]);
    const same = await openPictures(await fill(at("classes"), files));
    expect(same.fingerprint).toBe(data.fingerprint);
  });

  test("finds pictures that have no ending", async () => {
    const path = await zipped("blank.zip", [
      { name: "one", bytes: one },
      { name: "two", bytes: two, method: 0 },
      { name: "three", bytes: Buffer.alloc(2000) },
    ]);
    expect((await openPictures(path)).count).toBe(2);
  });

  test("by StyleGAN has labels, classes, captions and further facts", async () => {
    const names = ["00000/img00000000.png", "00000/img00000001.png", "00001/img00000002.png"];
    const pictures = [one, two, three].map((bytes, i) => ({ name: names[i]!, bytes }));
    const labels = names.map((name, i) => [name, 2 - i]);
    const path = await zipped("style.zip", [
      ...pictures,
      {
        name: "dataset.json",
        bytes: json({
          labels,
          classes: ["x", "y", "z", "unused"],
          captions: Object.fromEntries(names.map((name, i) => [name, `no ${i}`])),
          ages: names.map((name, i) => [name, 10 * i]),
          note: "free text",
        }),
      },
    ]);
    const data = await openPictures(path);
    expect([...data.labels!]).toEqual([2, 1, 0]);
    expect(data.classes).toEqual(["x", "y", "z", "unused"]);
    expect(data.captions).toEqual(["no 0", "no 1", "no 2"]);
    expect(data.factors).toEqual({ ages: [0, 10, 20] });
    const none = await zipped("none.zip", [
      ...pictures,
      { name: "dataset.json", bytes: json({ labels: null }) },
    ]);
    expect(await openPictures(none)).toMatchObject({ labels: undefined, classes: [], count: 3 });
  });

  test("may label folders, and may lie in a folder", async () => {
    const path = await zipped("clips.zip", [
      { name: "set/clip0/0.png", bytes: one },
      { name: "set/clip0/1.png", bytes: two },
      { name: "set/clip1/0.png", bytes: three },
      {
        name: "set/dataset.json",
        bytes: json({
          labels: [
            ["clip0", 1],
            ["clip1", 0],
          ],
        }),
      },
    ]);
    expect([...(await openPictures(path)).labels!]).toEqual([1, 1, 0]);
  });

  test("never writes where its entries' names point", async () => {
    await mkdir(at("deep/down"), { recursive: true });
    const path = await zipped("deep/down/evil.zip", [
      { name: "../../escaped.png", bytes: one },
      { name: "/root.png", bytes: two },
      { name: "C:\\windows.png", bytes: three },
    ]);
    expect((await openPictures(path)).count).toBe(3);
    expect(await readdir(at("deep"))).toEqual(["down"]);
    expect(await readdir(at("deep/down"))).toEqual(["evil.zip"]);
  });

  test("of thousands of entries opens quickly", async () => {
    const entries = Array.from({ length: 3000 }, (_, i) => ({ name: `${i}.png`, bytes: one }));
    const path = await zipped("many.zip", entries);
    expect((await openPictures(path)).count).toBe(3000);
    expect((await openPictures(path, { limit: 5 })).count).toBe(5);
  });
});

describe("tar", () => {
  const files = {
    "README.md": Buffer.from("# pictures"),
    "set/train/dog/0.png": one,
    "set/train/cat/0.png": two,
    "set/test/cat/0.png": three,
    "set/test/dog/raw": one,
  };

  test("with splits, gzipped or not, is the same data", async () => {
    const tar = await tarOf(files);
    await fill(folder, { "a.tar": tar, "b.tar.gz": gzip(tar), "c.tgz": gzip(tar), d: gzip(tar) });
    const data = await openPictures(at("a.tar"));
    expect(data).toMatchObject({ name: "a", count: 2, classes: ["cat", "dog"] });
    expect([...data.labels!]).toEqual([0, 1]);
    expect([0, 1].map((i) => first(data, i))).toEqual([2, 1]);
    for (const name of ["b.tar.gz", "c.tgz", "d"]) {
      expect((await openPictures(at(name))).fingerprint).toBe(data.fingerprint);
    }
    const rest = await openPictures(at("b.tar.gz"), { split: "test" });
    expect(rest).toMatchObject({ name: "b-test", count: 2 });
    expect([0, 1].map((i) => first(rest, i))).toEqual([3, 1]);
  });

  test("of more pictures than are decoded at a time keeps them apart", async () => {
    const many: Record<string, Buffer> = {};
    for (let i = 0; i < 100; i++) many[`${1000 + i}.png`] = await png([i, 255 - i, 7]);
    await fill(folder, { "many.tar": await tarOf(many) });
    const data = await openPictures(at("many.tar"));
    for (let i = 0; i < 100; i++) expect(first(data, i)).toBe(i);
  });

  test("has its dataset.json too", async () => {
    const index = json({
      labels: [
        ["0.png", 0],
        ["1.png", 1],
      ],
      classes: ["n", "m"],
    });
    const tar = await tarOf({ "dataset.json": index, "1.png": one, "0.png": two });
    await fill(folder, { "labels.tar": tar });
    const data = await openPictures(at("labels.tar"));
    expect(data.classes).toEqual(["n", "m"]);
    expect([...data.labels!]).toEqual([0, 1]);
  });

  test("can be left while it is read", async () => {
    const many: Record<string, Buffer> = {};
    for (let i = 0; i < 100; i++) many[`${i}.png`] = one;
    await fill(folder, { "left.tar": await tarOf(many) });
    const controller = new AbortController();
    const stopped = openPictures(at("left.tar"), {
      signal: controller.signal,
      onProgress: (done) => done === 5 && controller.abort(),
    });
    expect(await failure(stopped)).toBe("AbortError: This operation was aborted");
  });
});

test("links in a folder are followed, in circles too", async () => {
  await fill(at("linked"), { "real/1.png": one });
  await symlink(at("linked"), at("linked/real/round"));
  await symlink(at("classes/a/3.png"), at("linked/real/3.png"));
  expect((await openPictures(at("linked"))).count).toBe(2);
});
