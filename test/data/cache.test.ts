import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { makeWay } from "../../src/data/cache/bound.js";
import { cacheFolder } from "../../src/data/cache/folder.js";
import { cacheSettings, refusal, writeReason } from "../../src/data/cache/settings.js";
import { Shelf } from "../../src/data/cache/shelf.js";
import type { Dataset } from "../../src/data/dataset.js";
import { openPictures } from "../../src/data/files/open.js";
import type { PictureOptions } from "../../src/data/files/options.js";
import { blobs } from "../../src/data/patterns.js";
import { shapes } from "../../src/data/shapes.js";
import { failure, fill, gzip, idxOf, png, tarOf, temporary, zipOf } from "./make.js";

const folder = await temporary();
let next = 0;

/** A cache of one test's own, in which everything is kept. */
function ownCache() {
  const where = join(folder, `cache${next++}`);
  const notes: string[] = [];
  let decoded = 0;
  const options = {
    cache: { folder: where, afterMs: 0 },
    onNote: (text: string) => notes.push(text),
    onProgress: () => {
      decoded++;
    },
  };
  const open = async (path: string, more: PictureOptions = {}) => {
    decoded = 0;
    const data = await openPictures(path, { ...options, ...more });
    return { data, decoded };
  };
  const files = () => readdirSync(join(where, "decoded")).sort();
  return { where, notes, open, files };
}

const plainly = ({ items, labels, ...rest }: Dataset) => ({
  ...rest,
  items: [...(items as Uint8Array)], // small sets are in memory
  labels: labels && [...labels],
});

const pictures = {
  "cats/a.png": await png([10, 20, 30]),
  "cats/b.png": await png([40, 50, 60]),
  "dogs/c.png": await png([70, 80, 90]),
};
const index = JSON.stringify({
  labels: [
    ["a.png", 1],
    ["b.png", 0],
  ],
  classes: ["x", "y"],
  captions: [
    ["a.png", "one"],
    ["b.png", "two"],
  ],
  ages: { "a.png": 1.5, "b.png": 2 },
});

beforeAll(async () => {
  await fill(join(folder, "set"), pictures);
  await fill(folder, {
    "set.zip": zipOf([
      { name: "a.png", bytes: pictures["cats/a.png"] },
      { name: "b.png", bytes: pictures["cats/b.png"] },
      { name: "dataset.json", bytes: Buffer.from(index) },
    ]),
    "set.tar.gz": gzip(await tarOf(pictures)),
    "mnist/train-images-idx3-ubyte": idxOf([2, 2, 2], Buffer.from([1, 2, 3, 4, 5, 6, 7, 8])),
    "mnist/train-labels-idx1-ubyte": idxOf([2], Buffer.from([3, 4])),
  });
});

describe("what was decoded before", () => {
  test.each(["set", "set.zip", "set.tar.gz", "mnist", "mnist/train-images-idx3-ubyte"])(
    "is read again from %s, the same in everything",
    async (name) => {
      const { open, files, notes } = ownCache();
      const first = await open(join(folder, name));
      expect(first.decoded).toBeGreaterThan(0);
      expect(files()).toHaveLength(1);
      const second = await open(join(folder, name));
      expect(second.decoded).toBe(0);
      expect(plainly(second.data)).toEqual(plainly(first.data));
      expect((second.data.items as Uint8Array).buffer).toBeInstanceOf(SharedArrayBuffer);
      expect(notes).toEqual([]);
    },
  );

  test("lies elsewhere or has other dates: the same; other bytes, names or options: not", async () => {
    const { open, files } = ownCache();
    const home = join(folder, "moving");
    await fill(join(home, "set"), pictures);
    const first = await open(join(home, "set"));
    utimesSync(join(home, "set/cats/a.png"), 1, 1);
    renameSync(home, `${home}2`);
    const moved = await open(join(`${home}2`, "set"));
    expect([moved.decoded, files().length]).toEqual([0, 1]);
    const set = join(`${home}2`, "set");
    expect((await open(set, { color: "grey" })).decoded).toBe(3);
    expect((await open(set, { limit: 2 })).decoded).toBe(2);
    expect((await open(set, { size: 4 })).decoded).toBe(3);
    // Where decoded pictures may lie decides nothing.
    expect((await open(set, { memory: 1e6 })).decoded).toBe(0);
    await fill(set, { "cats/a.png": pictures["dogs/c.png"] });
    const changed = await open(set);
    expect(changed.decoded).toBe(3);
    expect(changed.data.fingerprint).not.toBe(first.data.fingerprint);
    await fill(set, { "cats/a.png": pictures["cats/a.png"] });
    expect((await open(set)).decoded).toBe(0);
    // The same bytes in the same order.
    renameSync(join(set, "cats"), join(set, "birds"));
    const renamed = await open(set);
    expect([renamed.decoded, renamed.data.classes]).toEqual([3, ["birds", "dogs"]]);
  });

  test("follows labels beside IDX images", async () => {
    const { open } = ownCache();
    const images = join(folder, "mnist/train-images-idx3-ubyte");
    await open(images);
    await fill(folder, { "mnist/train-labels-idx1-ubyte": idxOf([2], Buffer.from([5, 6])) });
    expect([...(await open(images)).data.labels!]).toEqual([5, 6]);
  });

  test("with bad files left out is not taken by who wants none left out", async () => {
    const { open } = ownCache();
    const set = await fill(join(folder, "bad"), { "a.png": pictures["cats/a.png"], "b.png": "" });
    const { data } = await open(set, { skipBad: true });
    expect(data.skipped).toHaveLength(1);
    const again = await open(set, { skipBad: true });
    expect([again.decoded, again.data.skipped]).toEqual([0, data.skipped]);
    expect(await failure(open(set))).toContain("b.png: is empty (0 bytes)");
  });

  test("is not kept when it opened fast, or when nobody wants it", async () => {
    const { open, where } = ownCache();
    await open(join(folder, "set"), { cache: { folder: where, afterMs: 1e6 } });
    await open(join(folder, "set"), { cache: false });
    expect(() => readdirSync(where)).toThrow("ENOENT");
  });
});

test("facts come back as they are, numbers that are none among them", async () => {
  const options = { cache: { folder: join(folder, "facts"), afterMs: 0 } };
  const shelf = (await Shelf.for({
    path: join(folder, "set"),
    kind: "folder",
    name: "set",
    options,
  }))!;
  const data = {
    ...shapes({ count: 3, size: 4 }),
    factors: { number: [1, 2, 3], odd: [Number.NaN, Number.NEGATIVE_INFINITY, "x"] },
    notes: ["as it was"],
    modes: { centres: [[0.1, 1 / 3]], deviation: 1e-7 },
  };
  await shelf.keep(data, 1);
  expect(plainly((await shelf.take())!)).toEqual(plainly(data));
  const dots = blobs({ count: 5 });
  await shelf.keep(dots, 1);
  const back = (await shelf.take())!;
  expect([back.items, back.kind, back.modes]).toEqual([dots.items, "points", undefined]);
});

test("how much was read to find a set is told", async () => {
  const large = await fill(join(folder, "told"), {
    "a.png": pictures["cats/a.png"],
    "b.png": Buffer.concat([pictures["cats/b.png"], Buffer.alloc(24 * 2 ** 20)]),
  });
  const read: number[] = [];
  await ownCache().open(large, { onCheck: (bytes: number) => read.push(bytes) });
  expect(read.length).toBeGreaterThan(0);
  expect(read).toEqual([...read].sort((a, b) => a - b));
});

test("who stops while decoded data are written has stopped", async () => {
  const stopping = new AbortController();
  const where = join(folder, "stopped");
  const options = { cache: { folder: where, afterMs: 0 }, signal: stopping.signal };
  const content = { path: join(folder, "set"), kind: "folder", name: "set", options } as const;
  const shelf = (await Shelf.for(content))!;
  stopping.abort();
  await expect(shelf.keep(shapes({ count: 3, size: 4 }), 1)).rejects.toThrow("aborted");
  expect(readdirSync(join(where, "decoded"))).toEqual([]);
});

describe("a damaged file", () => {
  const damages: readonly (readonly [string, (path: string) => void])[] = [
    ["cut short", (path) => truncateSync(path, statSync(path).size - 1)],
    ["cut to nothing", (path) => truncateSync(path, 0)],
    ["longer", (path) => writeFileSync(path, "more", { flag: "a" })],
    ["with another pixel", (path) => flip(path, 5)],
    ["with another label", (path) => flip(path, 3 * 192 + 1)],
    ["with another fact", (path) => flip(path, 3 * 192 + 12 + 30)],
    ["with another end", (path) => flip(path, statSync(path).size - 40)],
    ["of something else", (path) => copyFileSync(join(folder, "set.zip"), path)],
  ];
  const flip = (path: string, at: number): void => {
    const bytes = readFileSync(path);
    bytes[at] = bytes[at]! ^ 1;
    writeFileSync(path, bytes);
  };

  test.each(damages)("%s is noticed, told and made anew", async (_, damage) => {
    const { open, files, notes, where } = ownCache();
    const first = await open(join(folder, "set"));
    const path = join(where, "decoded", files()[0]!);
    const whole = readFileSync(path);
    damage(path);
    const second = await open(join(folder, "set"));
    expect(second.decoded).toBe(3);
    expect(plainly(second.data)).toEqual(plainly(first.data));
    expect(notes).toEqual([`cache: ${path} is damaged; decoding again`]);
    expect(readFileSync(path).equals(whole)).toBe(true);
    expect((await open(join(folder, "set"))).decoded).toBe(0);
  });

  test("that a killed process left is not read", async () => {
    const { open, files, where } = ownCache();
    mkdirSync(join(where, "decoded"), { recursive: true });
    const left = join(where, "decoded", "abc.items.1234.unfinished");
    writeFileSync(left, "half");
    await open(join(folder, "set"));
    expect(files()).toHaveLength(2);
    utimesSync(left, 1, 1);
    await open(join(folder, "set.zip"));
    expect(files().every((name) => name.endsWith(".items"))).toBe(true);
  });
});

/** As somebody whom permissions bind: root gives them up for so long. */
async function asNobody(action: () => Promise<unknown>): Promise<void> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) {
    chmodSync(folder, 0o755);
    process.seteuid?.(65_534);
  }
  try {
    await action();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

describe("a cache that cannot be written", () => {
  test("is told of once, and decoding goes on", async () => {
    const { open, notes, where } = ownCache();
    writeFileSync(where, "a file where the folder should be");
    const { data } = await open(join(folder, "set"));
    expect(data.count).toBe(3);
    expect(notes).toEqual([
      `cache: not written, a file has its folder's name (${join(where, "decoded")})`,
    ]);
  });

  test("for want of room is told of, whatever was written is gone", async () => {
    const { open, notes, where, files } = ownCache();
    await open(join(folder, "set"), { cache: { folder: where, afterMs: 0, limit: 100 } });
    expect(notes).toEqual(["cache: not written, 576 bytes are more than its 100 bytes"]);
    expect(files()).toEqual([]);
    const refused = (free: number) => refusal({ bytes: 5e9, limit: 20e9, free });
    expect(refused(6e9)).toBeUndefined();
    expect(refused(5.9e9)).toBe("the disk would have less than 1.0 GB left");
  });

  test("for want of permission", async () => {
    const { open, notes, where } = ownCache();
    mkdirSync(join(where, "decoded"), { recursive: true });
    chmodSync(join(where, "decoded"), 0o500);
    await asNobody(() => open(join(folder, "set")));
    expect(notes).toEqual([`cache: not written, permission denied (${join(where, "decoded")})`]);
  });

  test("has words for what the system says", () => {
    const said = (code: string) => writeReason(Object.assign(new Error("text"), { code }));
    expect(["ENOSPC", "EDQUOT", "EROFS", "EACCES", "EIO"].map(said)).toEqual([
      "the disk is full",
      "your disk quota is used up",
      "the disk is read-only",
      "permission denied",
      "EIO",
    ]);
  });
});

describe("the bound", () => {
  test("removes what was used longest ago, no more than is needed", async () => {
    const where = join(folder, "bound");
    mkdirSync(where);
    for (const [i, name] of ["a", "b", "c", "d"].entries()) {
      writeFileSync(join(where, `${name}.items`), Buffer.alloc(100));
      utimesSync(join(where, `${name}.items`), 1000 - i, 1000 - i);
    }
    writeFileSync(join(where, "other.txt"), "");
    makeWay(where, { bytes: 150, limit: 400, nowMs: Date.now() });
    expect(readdirSync(where).sort()).toEqual(["a.items", "b.items", "other.txt"]);
  });

  test("counts an opening as use", async () => {
    const { open, files, where } = ownCache();
    await open(join(folder, "set"));
    const [opened] = files();
    await open(join(folder, "set"), { limit: 1 });
    let held = 0;
    for (const name of files()) {
      const path = join(where, "decoded", name);
      held += statSync(path).size;
      const seconds = name === opened ? 900 : 1000;
      utimesSync(path, seconds, seconds);
    }
    const cache = { folder: where, afterMs: 0, limit: held };
    expect((await open(join(folder, "set"), { cache })).decoded).toBe(0);
    // The other one has to go.
    await open(join(folder, "set.zip"), { cache });
    expect(files()).toContain(opened);
    expect(files()).toHaveLength(2);
  });
});

test("the folder is BELAMY_CACHE, or where systems have caches", () => {
  const where = (env: Record<string, string>, platform: NodeJS.Platform = "linux") =>
    cacheFolder(env, platform, "home").replaceAll("\\", "/");
  expect(where({ BELAMY_CACHE: "/x", XDG_CACHE_HOME: "/y" })).toBe("/x");
  expect(where({ BELAMY_CACHE: "", XDG_CACHE_HOME: "/y" })).toBe("/y/belamy");
  expect(where({})).toBe("home/.cache/belamy");
  expect(where({}, "darwin")).toBe("home/Library/Caches/belamy");
  expect(where({ LOCALAPPDATA: "L" }, "win32")).toBe("L/belamy/cache");
  expect(where({}, "win32")).toBe("home/AppData/Local/belamy/cache");
  // The suite has one of its own.
  expect(cacheSettings(undefined)).toEqual({
    folder: process.env.BELAMY_CACHE,
    limit: 20e9,
    afterMs: 500,
  });
  expect(cacheSettings(false)).toBeUndefined();
});
