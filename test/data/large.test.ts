import { spawn } from "node:child_process";
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { Shelf } from "../../src/data/cache/shelf.js";
import { openPictures } from "../../src/data/files/open.js";
import type { PictureOptions } from "../../src/data/files/options.js";
import { type ItemFile, inMemory, readItems } from "../../src/shape/items.js";
import { failure, fill, idxOf, noise, png, temporary, zipOf } from "./make.js";

const folder = await temporary();
const cache = { folder: join(folder, "cache") };
const set = join(folder, "set");
const count = 30;

beforeAll(async () => {
  for (let i = 0; i < count; i++) {
    const bytes = await png([8 * i, 255 - 8 * i, 3]);
    await fill(set, { [`${i % 2 ? "odd" : "even"}/${String(i).padStart(2, "0")}.png`]: bytes });
  }
});

/** Opens a set that is larger than the memory it may have. */
async function inFile(path: string, options: PictureOptions = {}) {
  const data = await openPictures(path, { cache, memory: 1000, ...options });
  const { items } = data;
  if (inMemory(items)) throw new Error("is in memory");
  return { ...data, items };
}

const every = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe("a set larger than memory", () => {
  test("is the same set, read at any places", async () => {
    const small = await openPictures(set, { cache: false });
    const large = await inFile(set);
    expect({ ...large, items: 0 }).toEqual({ ...small, items: 0 });
    expect(large.items).toMatchObject({ type: "uint8", byteLength: count * 192 });
    expect(readItems(large, every(count))).toEqual(new Uint8Array(small.items as Uint8Array));
    const places = [7, 0, 29, 7];
    expect(readItems(large, places)).toEqual(readItems(small, places));
    expect(readItems(large, [])).toHaveLength(0);
  });

  test("is decoded once, and fits into memory again when there is more", async () => {
    let decoded = 0;
    const onProgress = () => {
      decoded++;
    };
    const again = await inFile(set, { onProgress });
    expect(decoded).toBe(0);
    const whole = await openPictures(set, { cache, onProgress });
    expect(decoded).toBe(0);
    expect(inMemory(whole.items)).toBe(true);
    expect(readItems(whole, every(count))).toEqual(readItems(again, every(count)));
  });

  test("closes up over bad files, and begins again where colours differ late", async () => {
    const mixed = join(folder, "mixed");
    const files: Record<string, Uint8Array> = {};
    for (let i = 0; i < 20; i++) files[`${String(i).padStart(2, "0")}.png`] = await png([i, i, i]);
    files["03.png"] = Buffer.from("no picture");
    files["11.png"] = Buffer.alloc(0);
    files["19.png"] = await png([200, 0, 0]);
    await fill(mixed, files);
    const small = await openPictures(mixed, { cache: false, skipBad: true });
    const large = await inFile(mixed, { skipBad: true });
    expect(large).toMatchObject({ count: 18, shape: [3, 8, 8], fingerprint: small.fingerprint });
    expect(readItems(large, every(18))).toEqual(readItems(small, every(18)));
    expect(readdirSync(join(cache.folder, "decoded")).every((n) => n.endsWith(".items"))).toBe(
      true,
    );
  });

  test("of IDX or NumPy bytes is one too", async () => {
    const bytes = Buffer.from(noise(20 * 64));
    await fill(folder, { "large-images-idx3-ubyte": idxOf([20, 8, 8], bytes) });
    const data = await inFile(join(folder, "large-images-idx3-ubyte"));
    expect([...readItems(data, every(20))]).toEqual([...bytes]);
  });

  test("leaves nothing behind when a picture is bad", async () => {
    const bad = await fill(join(folder, "one-bad"), {
      "a.png": await png([1, 2, 3]),
      "b.png": "no picture",
    });
    expect(await failure(inFile(bad, { memory: 100, size: 40 }))).toContain(
      "one-bad › b.png: is not",
    );
    expect(readdirSync(join(cache.folder, "decoded")).every((n) => n.endsWith(".items"))).toBe(
      true,
    );
  });

  test("is read on when its file is removed, and begins anew when it was damaged", async () => {
    const own = { folder: join(folder, "own") };
    const data = await inFile(set, { cache: own });
    const before = readItems(data, [3]);
    rmSync(own.folder, { recursive: true });
    expect(readItems(data, [3])).toEqual(before);
    const notes: string[] = [];
    const onNote = (text: string) => notes.push(text);
    const again = await inFile(set, { cache: own, onNote });
    expect(notes).toEqual([]);
    const bytes = readFileSync(again.items.path);
    bytes[bytes.indexOf('"even"') + 1] = "E".charCodeAt(0);
    writeFileSync(again.items.path, bytes);
    await inFile(set, { cache: own, onNote });
    expect(notes.splice(0)).toEqual([`cache: ${again.items.path} is damaged; decoding again`]);
    truncateSync(again.items.path, 2000);
    const third = await inFile(set, { cache: own, onNote });
    expect(notes).toEqual([`cache: ${again.items.path} is damaged; decoding again`]);
    expect(readItems(third, [3])).toEqual(before);
  });
});

test("a file that ends early is named", async () => {
  const { items } = await inFile(set, { cache: { folder: join(folder, "early") } });
  truncateSync(items.path, 500);
  const read = (file: ItemFile) => () => file.read([20]);
  expect(read(items)).toThrow(`${items.path}: is cut short`);
});

test("a disk without room for it is told of before anything is decoded", async () => {
  const options = { cache: { folder: join(folder, "room") } };
  const shelf = (await Shelf.for({ path: set, kind: "folder", name: "set", options }))!;
  expect(() => shelf.begin("photos", 1e18)).toThrow(
    [
      "photos: needs 1000000.0 TB on disk, but the disk is full",
      `  folder  ${join(folder, "room", "decoded")}`,
      "  hint    set BELAMY_CACHE to a folder with more room, or choose a --limit",
    ].join("\n"),
  );
  writeFileSync(join(folder, "plain"), "");
  expect(await failure(inFile(set, { cache: { folder: join(folder, "plain") } }))).toBe(
    [
      `DataError: ${set}: needs 1.9 kB on disk, but a file has its folder's name`,
      `  folder  ${join(folder, "plain", "decoded")}`,
      "  hint    set BELAMY_CACHE to a folder with more room, or choose a --limit",
    ].join("\n"),
  );
});

test("300 MB are decoded within 50 MB and what decoding itself takes", async () => {
  const many = join(folder, "many");
  mkdirSync(many);
  writeFileSync(join(many, "0000.png"), await png([9, 8, 7], { width: 256, height: 256 }));
  for (let i = 1; i < 1600; i++) {
    linkSync(join(many, "0000.png"), join(many, `${String(i).padStart(4, "0")}.png`));
  }
  const open = new URL("../../dist/data/open.js", import.meta.url).href;
  const script = `
    const { openData } = await import(${JSON.stringify(open)});
    const options = { size: 256, memory: 50e6, cache: { folder: ${JSON.stringify(cache.folder)} } };
    const { count, items } = await openData(${JSON.stringify(many)}, options);
    const byte = items.read([1599])[0];
    const { maxRSS } = process.resourceUsage();
    console.log(JSON.stringify({ count, bytes: items.byteLength, byte, maxRSS }));
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script]);
  let [out, err] = ["", ""];
  child.stdout.on("data", (text: Buffer) => {
    out += text.toString();
  });
  child.stderr.on("data", (text: Buffer) => {
    err += text.toString();
  });
  await new Promise((resolve) => child.once("close", resolve));
  expect(err).toBe("");
  const { maxRSS, ...said } = JSON.parse(out);
  expect(said).toEqual({ count: 1600, bytes: 1600 * 196_608, byte: 9 });
  // In kilobytes: Node and libvips take about 150 MB.
  expect(maxRSS).toBeLessThan(250_000);
});

test("items in a zip of a folder's pictures are the folder's", async () => {
  const entries = await Promise.all(
    every(5).map(async (i) => ({ name: `${i}.png`, bytes: await png([i, 2, 3]) })),
  );
  await fill(folder, { "five.zip": zipOf(entries) });
  const data = await inFile(join(folder, "five.zip"), { memory: 100 });
  expect([...readItems(data, [4]).subarray(0, 1)]).toEqual([4]);
});
