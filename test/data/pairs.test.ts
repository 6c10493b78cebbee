import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { from } from "../../src/data/arrays.js";
import type { Dataset } from "../../src/data/dataset.js";
import { edgesOf } from "../../src/data/edges.js";
import { openPictures as openAny } from "../../src/data/files/open.js";
import { fingerprintOf } from "../../src/data/fingerprint.js";
import { openData } from "../../src/data/open.js";
import { pairs } from "../../src/data/pairs.js";
import { moons } from "../../src/data/points.js";
import { shapes } from "../../src/data/shapes.js";
import { split } from "../../src/data/table/split.js";
import { writeData } from "../../src/data/write.js";
import { Dealer } from "../../src/game/dealer.js";
import { receiveItems, shareItems } from "../../src/run/share.js";
import { inMemory, readItems } from "../../src/shape/items.js";
import { failure, fill, gzip, idxOf, png, raw, temporary, zipOf } from "./make.js";

const folder = await temporary();
const at = (name: string): string => join(folder, name);
const open = (name: string, options: Parameters<typeof openAny>[1] = {}) =>
  openAny(at(name), { cache: false, ...options });
const said = async (promise: Promise<unknown>): Promise<string> =>
  (await failure(promise)).replaceAll(`${folder}/`, "");

/** The first bytes of each picture. */
const firsts = (data: Pick<Dataset, "items" | "shape"> | undefined, count: number): number[] =>
  Array.from({ length: count }, (_, i) => readItems(data!, [i])[0]!);

const of = (value: number, size = {}) => png([value, 0, 255 - value], size);

beforeAll(async () => {
  await fill(at("photos"), {
    "a.png": await of(10),
    "b.png": await of(20),
    "sub/a.png": await of(30),
  });
  await fill(at("drawings"), {
    "sub/a.webp": await sharp(await of(130))
      .webp({ lossless: true })
      .toBuffer(),
    "b.png": await of(120),
    "a.png": await of(110),
  });
});

describe("partners of the same name", () => {
  test("in two folders, whatever their endings", async () => {
    const data = await open("photos", { given: at("drawings") });
    expect(data).toMatchObject({ name: "photos", kind: "pictures", shape: [3, 8, 8], count: 3 });
    expect(data.given?.shape).toEqual([3, 8, 8]);
    expect(firsts(data, 3)).toEqual([10, 20, 30]);
    expect(firsts(data.given, 3)).toEqual([110, 120, 130]);
    expect(data.skipped).toEqual([]);
    const other = await open("drawings", { given: at("photos") });
    expect(other.fingerprint).not.toBe(data.fingerprint);
    expect((await open("photos")).fingerprint).not.toBe(data.fingerprint);
  });

  test("limit takes pairs, and made of what is asked for", async () => {
    const data = await open("photos", { given: at("drawings"), limit: 2, size: 4 });
    expect([data.count, data.shape, data.given?.shape]).toEqual([2, [3, 4, 4], [3, 4, 4]]);
    expect(firsts(data, 2)).toEqual([10, 20]);
    expect(firsts(data.given, 2)).toEqual([110, 120]);
  });

  test("in folders of one archive, by split, by path and by what is left", async () => {
    const entries = await Promise.all(
      ["train", "val"].flatMap((part, p) =>
        ["images", "labels"].flatMap((what, w) =>
          [0, 1].map(async (i) => ({
            name: `set/${part}-${what}/00000/img0000000${i}.png`,
            bytes: await of(100 * w + 10 * p + i),
          })),
        ),
      ),
    );
    const index = Buffer.from('{"labels": null}');
    await fill(folder, {
      "both.zip": zipOf([...entries, { name: "set/dataset.json", bytes: index }]),
    });
    const seen = async (name: string, options: Parameters<typeof openAny>[1]) => {
      const data = await open(name, options);
      return [data.name, firsts(data, data.count), firsts(data.given, data.count)];
    };
    const train = ["both", [0, 1], [100, 101]];
    const test = ["both-test", [10, 11], [110, 111]];
    expect(await seen("both.zip", { within: "train-images", given: "train-labels" })).toEqual(
      train,
    );
    expect(await seen("both.zip", { within: "images", given: "labels" })).toEqual(train);
    expect(await seen("both.zip", { given: "labels" })).toEqual(train);
    expect(await seen("both.zip/set/train-images", { given: "labels" })).toEqual(train);
    expect(await seen("both.zip/train-images", { given: at("both.zip/train-labels") })).toEqual(
      train,
    );
    expect(await seen("both.zip", { given: "labels", split: "test" })).toEqual(test);
    expect(await seen("both.zip/train-images", { given: "train-labels", split: "test" })).toEqual(
      test,
    );
    expect(await seen("both.zip", { within: "labels", given: "images" })).toEqual([
      "both",
      [100, 101],
      [0, 1],
    ]);
    const alone = await open("both.zip/val-labels");
    expect([alone.name, firsts(alone, 2), alone.given]).toEqual([
      "both-test",
      [110, 111],
      undefined,
    ]);
  });

  test("where folders differ, and where all of one side end in a word of their own", async () => {
    await fill(at("flat"), { "x_photo.jpg": await of(1), "y_photo.jpg": await of(2) });
    await fill(at("masks"), { "deep/y_mask.png": await of(4), "deep/x_mask.png": await of(3) });
    const data = await open("flat", { given: at("masks") });
    expect(firsts(data.given, 2)).toEqual([3, 4]);
  });

  test("keep the classes of items", async () => {
    await fill(at("classed"), { "cat/a.png": await of(1), "dog/b.png": await of(2) });
    await fill(at("outlines"), { "a.png": await of(3), "b.png": await of(4) });
    const data = await open("classed", { given: at("outlines") });
    expect([data.classes, [...data.labels!], firsts(data.given, 2)]).toEqual([
      ["cat", "dog"],
      [0, 1],
      [3, 4],
    ]);
  });

  test("whoever has none is named, or left out when asked", async () => {
    await fill(at("few"), { "a.png": await of(1), "extra.png": await of(2) });
    await fill(at("others"), { "a.png": await of(1), "c.png": await of(2) });
    expect(await said(open("photos", { given: at("few") }))).toBe(
      `DataError: photos: 2 of 3 pictures cannot be used
  b.png      has no partner in few
  sub/a.png  has no partner in few
  hint       pass --skip-bad to leave them out`,
    );
    expect(await said(open("few", { given: at("others") }))).toBe(
      `DataError: few › extra.png: has no partner in others
  hint  pass --skip-bad to leave it out`,
    );
    const data = await open("few", { given: at("others"), skipBad: true });
    expect([data.count, data.skipped]).toEqual([
      1,
      [
        { file: "extra.png", reason: `has no partner in ${at("others")}` },
        { file: "c.png", reason: `has no partner in ${at("few")}` },
      ],
    ]);
  });

  test("no partners at all", async () => {
    await fill(at("strangers"), { "x.png": await of(1), "y.png": await of(2) });
    expect(await said(open("strangers", { given: at("photos") }))).toBe(
      `DataError: strangers: no picture has a partner in photos
  here   x.png
  there  a.png
  hint   give partners the same name; their endings may differ`,
    );
  });

  test("a partner of another shape, and a damaged one", async () => {
    const whole = await of(5);
    const cut = whole.subarray(0, whole.length - 20);
    await fill(at("odd"), {
      "a.png": await of(1, { width: 8, height: 16 }),
      "b.png": await of(2, { width: 24, height: 24 }),
      "sub/a.png": cut,
    });
    const bad = "is 8 × 8, its partner a.png 16 × 8";
    expect(await said(open("photos", { given: at("odd") }))).toBe(
      `DataError: photos › a.png: ${bad}\n  hint  pass --skip-bad to leave it out`,
    );
    const data = await open("photos", { given: at("odd"), skipBad: true });
    expect([data.count, firsts(data, 1), firsts(data.given, 1)]).toEqual([1, [20], [2]]);
    expect(data.given?.shape).toEqual([3, 8, 8]);
    expect(data.skipped).toEqual([
      { file: "a.png", reason: bad },
      { file: "sub/a.png", reason: "is cut short or damaged" },
    ]);
  });

  test("nothing is left when one of each pair is damaged", async () => {
    // Noise does not pack, so that a header is whole where pixels are missing.
    const whole = await raw(
      Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 7919) % 251),
      { width: 64, channels: 3 },
    )
      .png()
      .toBuffer();
    const cut = whole.subarray(0, whole.length >> 1);
    await fill(at("half-a"), { "1.png": cut, "2.png": whole });
    await fill(at("half-b"), { "1.png": whole, "2.png": cut });
    expect(await said(open("half-a", { given: at("half-b"), skipBad: true }))).toBe(
      `DataError: half-a: 2 of 2 pictures cannot be used
  1.png  is cut short or damaged
  2.png  is cut short or damaged`,
    );
  });

  test("names that are nowhere", async () => {
    expect(await said(open("photos", { given: "subb" }))).toBe(
      `DataError: subb: is no folder in photos, and nothing exists at that path
  hint  did you mean sub?`,
    );
    await fill(at("mixed"), {
      "src/a.png": await of(1),
      "src/sub/a.png": await of(2),
      "b/a.png": await of(3),
    });
    // This test runs in a folder that has a folder src.
    expect(await said(open("mixed", { given: "src" }))).toBe(
      `DataError: src: is a folder in mixed, and something here has that name
  hint  write ./src or mixed/src`,
    );
    const through = await open("mixed", { given: at("mixed/b"), within: "src/sub" });
    expect([firsts(through, 1), firsts(through.given, 1)]).toEqual([[2], [3]]);
    expect(await said(open("photos", { within: "subs" }))).toBe(
      `DataError: photos: has no pictures in subs
  folders  sub
  hint     did you mean sub?`,
    );
  });
});

describe("two pictures side by side", () => {
  const wide = async (left: number, right: number, { width = 6 } = {}) =>
    await raw(
      Array.from({ length: 4 * width * 3 }, (_, i) => ((i / 3) % width < width / 2 ? left : right)),
      { width, channels: 3 },
    )
      .png()
      .toBuffer();

  test("A is given and B is made, or the other way around", async () => {
    await fill(at("facades"), {
      "train/1.png": await wide(10, 20),
      "train/2.png": await wide(30, 40),
      "val/3.png": await wide(50, 60),
    });
    const data = await open("facades", { pairs: "side-by-side" });
    expect([data.name, data.count, data.shape, data.given?.shape]).toEqual([
      "facades",
      2,
      [1, 4, 3],
      [1, 4, 3],
    ]);
    expect([firsts(data, 2), firsts(data.given, 2)]).toEqual([
      [20, 40],
      [10, 30],
    ]);
    const back = await open("facades", { pairs: "side-by-side", direction: "BtoA", split: "test" });
    expect([back.name, firsts(back, 1), firsts(back.given, 1)]).toEqual([
      "facades-test",
      [50],
      [60],
    ]);
  });

  test("halves of a turned photo, made smaller", async () => {
    // Lies on its side; upright it is 8 wide and 4 high.
    const lying = raw(
      Array.from({ length: 32 * 3 }, (_, i) => (Math.floor(i / 3 / 4) < 4 ? 0 : 200)),
      { width: 4, channels: 3 },
    );
    await fill(at("turned"), {
      "a.jpg": await lying.withMetadata({ orientation: 8 }).jpeg({ quality: 100 }).toBuffer(),
    });
    const data = await open("turned", { pairs: "side-by-side", size: 2, color: "grey" });
    const [items, given] = [data, data.given!].map((side) => readItems(side, [0])[0]!);
    expect(items).toBeGreaterThan(190);
    expect(given).toBeLessThan(10);
  });

  test("what cannot be halved", async () => {
    await fill(at("uneven"), { "a.png": await wide(1, 2, { width: 7 }) });
    expect(await said(open("uneven", { pairs: "side-by-side" }))).toBe(
      "DataError: uneven › a.png: is 7 wide, which is no two pictures side by side",
    );
    expect(await said(open("photos", { pairs: "side-by-side", given: "x" }))).toBe(
      `ConfigurationError: data.given: is the other half of each file, with pairs side by side
  hint  leave given or pairs out`,
    );
    expect(await said(open("photos", { direction: "BtoA" }))).toBe(
      `ConfigurationError: data.direction: belongs to pairs side by side
  hint  add --pairs side-by-side`,
    );
  });
});

describe("made from the pictures themselves", () => {
  test("edges of anything", async () => {
    const data = await openData("shapes", { count: 3, size: 16, given: "edges" });
    expect([data.count, data.shape, data.given?.shape]).toEqual([3, [3, 16, 16], [1, 16, 16]]);
    for (const i of [0, 1, 2]) {
      const item = readItems(data, [i]) as Uint8Array; // pictures are bytes
      expect(readItems(data.given!, [i])).toEqual(edgesOf(item, { shape: [3, 16, 16] }));
    }
    const plain = await openData("shapes", { count: 3, size: 16 });
    expect(data.items).toEqual(plain.items);
    expect(data.fingerprint).not.toBe(plain.fingerprint);
    const files = await openData(at("photos"), { given: "grey", cache: false });
    // 0.299 r + 0.587 g + 0.114 b of (10, 0, 245), as eyes weigh them
    expect(firsts(files.given, 3)[0]).toBe(Math.round(0.299 * 10 + 0.114 * 245));
  });

  test("what has nothing to make them of", async () => {
    const grey = new Uint8Array(16).fill(9);
    await fill(folder, { "digits/digits-idx3-ubyte.gz": gzip(idxOf([1, 4, 4], grey)) });
    expect(
      await said(openData(at("digits/digits-idx3-ubyte.gz"), { given: "grey", cache: false })),
    ).toBe(
      `DataError: digits: is grey already, so that no colours are left to be made
  hint  pass --given edges, or pictures with colours`,
    );
    expect(await said(openData("ring", { given: "edges" }))).toBe(
      "DataError: ring: has no pictures to make edges of",
    );
    expect(await said(openData("shapes", { given: "labels" }))).toBe(
      `ConfigurationError: data.given: shapes is computed, and not read from files
  hint  choose edges or grey`,
    );
    const where = { memory: 400, cache: { folder: at("large"), afterMs: 0 } };
    expect(await said(openData(at("photos"), { ...where, given: "edges" }))).toBe(
      `DataError: photos: is too large for memory, where edges are made
  hint  choose a smaller --size or a --limit`,
    );
    expect(await said(openData(at("digits/digits-idx3-ubyte.gz"), { given: at("photos") }))).toBe(
      `DataError: digits/digits-idx3-ubyte.gz: is no folder or archive of pictures, as pairs are read from
  hint  pass --given edges or --given grey, which are made from any pictures`,
    );
  });
});

describe("pairs of two data sets", () => {
  const photos = shapes({ count: 6, size: 16, seed: 1 });
  const drawings = shapes({ count: 6, size: 16, seed: 2 });

  test("have the items of one and are given those of the other", () => {
    const both = pairs(photos, drawings);
    expect(both).toMatchObject({ name: "shapes", count: 6, given: { shape: [3, 16, 16] } });
    expect(both.items).toBe(photos.items);
    expect(both.given?.items).toBe(drawings.items);
    expect(both.labels).toBe(photos.labels);
    const prints = [both, pairs(drawings, photos), photos, pairs(photos, photos)];
    expect(new Set(prints.map(({ fingerprint }) => fingerprint)).size).toBe(4);
  });

  test("stay together when they are divided", () => {
    const { train, test: held } = split(pairs(photos, drawings), { share: 0.5, seed: 3 });
    for (const part of [train, held]) {
      for (let i = 0; i < part.count; i++) {
        const item = readItems(part, [i]);
        const place = [...Array(6).keys()].find(
          (k) => String(readItems(photos, [k])) === String(item),
        )!;
        expect(readItems(part.given!, [i])).toEqual(readItems(drawings, [place]));
      }
    }
    expect(train.fingerprint).not.toBe(held.fingerprint);
  });

  test("are as many as each other, and pictures", async () => {
    expect(await said((async () => pairs(photos, shapes({ count: 5, size: 16 })))())).toBe(
      `DataError: shapes: has 6 pictures, and shapes has 5
  hint  give one picture for each`,
    );
    expect(await said((async () => pairs(photos, moons({ count: 6 })))())).toBe(
      "DataError: moons: pairs are of pictures, not of points [2]",
    );
  });
});

describe("what is given travels with its items", () => {
  const cache = { folder: at("cache"), afterMs: 0 };

  test("through the cache, and damage of either file", async () => {
    let decoded = 0;
    const kept = { folder: at("kept"), afterMs: 0 };
    const options = { cache: kept, given: at("drawings"), onProgress: () => decoded++ };
    const first = await openAny(at("photos"), options);
    expect(decoded).toBe(6);
    const again = await openAny(at("photos"), options);
    expect(decoded).toBe(6);
    expect(again).toEqual(first);
    const files = readdirSync(at("kept/decoded"));
    expect(files).toHaveLength(2);
    for (const file of files) {
      const bytes = readFileSync(at(`kept/decoded/${file}`));
      bytes[5]! ^= 1;
      writeFileSync(at(`kept/decoded/${file}`), bytes);
      decoded = 0;
      expect(await openAny(at("photos"), options)).toEqual(first);
      expect(decoded).toBe(3);
    }
  });

  test("when they are larger than memory, and to other threads", async () => {
    const small = await open("photos", { given: at("drawings") });
    const large = await open("photos", { given: at("drawings"), memory: 400, cache });
    expect([inMemory(large.items), inMemory(large.given!.items)]).toEqual([false, false]);
    expect(large.fingerprint).toBe(small.fingerprint);
    expect(firsts(large.given, 3)).toEqual([110, 120, 130]);
    const draws = {
      x: { kind: "items", shape: [3, 8, 8], type: "float32" },
      y: { kind: "given", shape: [3, 8, 8], type: "float32" },
    } as const;
    for (const data of [small, large]) {
      const dealer = new Dealer(receiveItems(structuredClone(shareItems(data))), 7);
      const into = dealer.allocate(draws, 3);
      dealer.deal(draws, into, { purpose: "D", turn: 0, group: 0, dealt: 0 });
      const byte = (name: string, i: number): number =>
        Math.round((Object.values(into)[name === "x" ? 0 : 1]![i * 192]! + 1) * 127.5);
      const dealt = [0, 1, 2].map((i) => [byte("x", i), byte("y", i)]);
      expect(dealt.sort(([a], [b]) => a! - b!)).toEqual([
        [10, 110],
        [20, 120],
        [30, 130],
      ]);
    }
  });
});

describe("pairs are written and come back", () => {
  const legend = [
    { name: "ground", colour: [1, 2, 3] },
    { name: "thing", colour: [9, 8, 7], ignored: true },
  ] as const;
  const colours = [...Array(5 * 3 * 16).keys()].map((i) => legend[(i >> 2) & 1]!.colour);
  const bytes = Uint8Array.from(colours, (colour, i) => colour[Math.floor((i % 48) / 16)]!);
  const mapItems = from(bytes, { shape: [3, 4, 4] });
  const maps: Dataset = {
    ...mapItems,
    legend,
    fingerprint: fingerprintOf({ ...mapItems, legend }),
  };
  const photos = from(
    bytes.map((v, i) => (v * 31 + i) % 256),
    { shape: [3, 4, 4], labels: [0, 1, 1, 0, 1], classes: ["b", "a"] },
  );

  test.each(["folder", "some.zip"])("as %s", async (out) => {
    for (const [i, data] of [pairs(photos, maps), pairs(maps, photos)].entries()) {
      const path = at(`written${i}/${out}`);
      let last: readonly number[] = [];
      await writeData(data, path, { onProgress: (...done) => (last = done) });
      expect(last).toEqual([5, 5]);
      const back = await openAny(path, { cache: false, given: "given" });
      expect(back.fingerprint).toBe(data.fingerprint);
      expect([back.legend, back.given?.legend]).toEqual([data.legend, data.given?.legend]);
      expect([back.labels, back.classes]).toEqual([data.labels, data.classes]);
    }
    const alone = at(`alone/${out}`);
    await writeData(maps, alone);
    const back = await openAny(alone, { cache: false, legend: "auto" });
    expect([back.legend, back.fingerprint]).toEqual([legend, maps.fingerprint]);
  });

  test("but not as arrays", async () => {
    expect(await said(writeData(pairs(photos, maps), at("pairs.npz")))).toBe(
      "ConfigurationError: OUT: pairs are not written as .npz\n  hint  name a folder or a .zip",
    );
  });
});
