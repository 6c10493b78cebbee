import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { PictureOptions } from "../../src/data/files/options.js";
import { decodeReason, errnoReason } from "../../src/data/files/reason.js";
import {
  failure,
  fill,
  gzip,
  noise,
  openPictures,
  png,
  raw,
  tarOf,
  temporary,
  type ZipEntry,
  zipOf,
} from "./make.js";

const folder = await temporary();
const good = await png([1, 2, 3]);
const busy = raw(noise(64 * 64 * 3), { width: 64, channels: 3 });
const busyPng = await busy.clone().png().toBuffer();
const busyJpeg = await busy.clone().jpeg().toBuffer();
const busyGif = await busy.clone().gif().toBuffer();
const busyWebp = await busy.clone().webp().toBuffer();
const half = (bytes: Buffer) => bytes.subarray(0, bytes.length >> 1);

/** What opening a file or folder says, with the path of the temporary folder left out. */
async function said(name: string, options?: PictureOptions): Promise<string> {
  const text = await failure(openPictures(join(folder, name), options));
  return text.replaceAll(`${folder}/`, "");
}

/** What opening a zip of these entries says. */
async function zipSaid(name: string, entries: readonly ZipEntry[]): Promise<string> {
  await fill(folder, { [name]: zipOf(entries) });
  return await said(name);
}

describe("one bad file", () => {
  const bomb = Buffer.from(busyPng);
  bomb.writeUInt32BE(30000, 16);
  bomb.writeUInt32BE(30000, 20);
  bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29);
  const damaged = Buffer.from(busyPng);
  damaged.fill(255, damaged.length >> 1, (damaged.length >> 1) + 10);

  test.each([
    ["empty.png", Buffer.alloc(0), "is empty (0 bytes)"],
    [
      "text.png",
      Buffer.from("some text"),
      "is not a picture that can be read (PNG, JPEG, WebP, GIF, TIFF, AVIF, DDS, TGA)",
    ],
    [
      "old.bmp",
      Buffer.from("BM, as it were"),
      "is not a picture that can be read (PNG, JPEG, WebP, GIF, TIFF, AVIF, DDS, TGA)",
    ],
    ["half.jpg", half(busyJpeg), "is cut short"],
    ["tail.jpg", busyJpeg.subarray(0, -2), "is cut short"],
    ["head.jpg", busyJpeg.subarray(0, 20), "is cut short"],
    ["half.png", half(busyPng), "is cut short or damaged"],
    ["half.gif", half(busyGif), "is cut short"],
    ["half.webp", half(busyWebp), "is cut short or damaged"],
    ["damaged.png", damaged, "is cut short or damaged"],
    ["bomb.png", bomb, "has more than 134 million pixels"],
  ])("%s", async (name, bytes, reason) => {
    const set = `one-${name}`;
    await fill(join(folder, set), { [name]: bytes, "good.png": good });
    expect(await said(set)).toBe(
      `DataError: ${set} › ${name}: ${reason}\n  hint  pass --skip-bad to leave it out`,
    );
    const rest = await openPictures(join(folder, set), { skipBad: true });
    expect(rest).toMatchObject({ count: 1, skipped: [{ file: name, reason }] });
    expect([...rest.items.slice(0, 1)]).toEqual([1]);
  });

  test("that is all there is", async () => {
    await fill(folder, { "alone.png": half(busyPng), "alone/a.png": half(busyPng) });
    expect(await said("alone.png")).toBe("DataError: alone.png: is cut short or damaged");
    expect(await said("alone", { skipBad: true })).toBe(
      "DataError: alone › a.png: is cut short or damaged",
    );
  });

  test("a link to nothing", async () => {
    await fill(join(folder, "dangling"), { "good.png": good });
    await symlink(join(folder, "nowhere.png"), join(folder, "dangling/link.png"));
    expect(await said("dangling")).toBe(
      "DataError: dangling › link.png: does not exist\n  hint  pass --skip-bad to leave it out",
    );
  });
});

describe("many bad files", () => {
  const files: Record<string, Buffer> = {};
  for (let i = 0; i < 7; i++) files[`bad${i}.jpg`] = half(busyJpeg);
  for (let i = 0; i < 3; i++) files[`good${i}.png`] = good;

  test("are counted, and the first five named", async () => {
    await fill(join(folder, "many"), files);
    expect(await said("many")).toBe(
      [
        "DataError: many: 7 of 10 pictures cannot be used",
        ...[0, 1, 2, 3, 4].map((i) => `  bad${i}.jpg  is cut short`),
        "  …         and 2 more",
        "  hint      pass --skip-bad to leave them out",
      ].join("\n"),
    );
  });

  test("are left out when asked to, and the others close up in order", async () => {
    const mixed = {
      ...files,
      "a.png": await png([10, 0, 0]),
      "bad9.png": await png([20, 0, 0]),
      "z.png": await png([30, 0, 0]),
    };
    await fill(join(folder, "mixed"), mixed);
    const data = await openPictures(join(folder, "mixed"), { skipBad: true });
    expect(data.count).toBe(6);
    expect(data.items).toHaveLength(6 * 192);
    expect([0, 1, 2, 3, 4, 5].map((i) => data.items[i * 192])).toEqual([10, 20, 1, 1, 1, 30]);
    expect(data.skipped).toHaveLength(7);
    expect(data.skipped[6]).toEqual({ file: "bad6.jpg", reason: "is cut short" });
  });

  test("and no good one", async () => {
    await fill(join(folder, "none"), { "a.png": Buffer.alloc(0), "b.jpg": half(busyJpeg) });
    expect(await said("none", { skipBad: true })).toBe(
      "DataError: none: 2 of 2 pictures cannot be used\n" +
        "  a.png  is empty (0 bytes)\n  b.jpg  is cut short",
    );
  });
});

describe("sources", () => {
  test("that hold nothing to see", async () => {
    await fill(folder, {
      "void/notes.txt": "no picture",
      "void.zip": zipOf([]),
      "void.tar": await tarOf({ "notes.txt": Buffer.from("no picture") }),
      "zero.zip": "",
    });
    const nothing =
      "holds no pictures\n  hint  pictures are PNG, JPEG, WebP, GIF, TIFF, AVIF, DDS, TGA or FITS files";
    for (const name of ["void", "void.zip", "void.tar"]) {
      expect(await said(name)).toBe(`DataError: ${name}: ${nothing}`);
    }
    expect(await said("zero.zip")).toBe("DataError: zero.zip: is empty (0 bytes)");
    expect(await said("/no/such/path".slice(1))).toBe("DataError: no/such/path: does not exist");
  });

  test("that are something else", async () => {
    await fill(folder, {
      "notes.txt": "plain text",
      "notes.gz": gzip(Buffer.from("plain text")),
      "broken.gz": Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 255, 255, 255, 255]),
      "a.7z": Buffer.from("7z\xbc\xaf\x27\x1c", "latin1"),
      "a.tar.xz": Buffer.from("\xfd7zXZ\0", "latin1"),
      "a.parquet": "PAR1",
    });
    const none = "is no picture, archive, array or table that can be read";
    expect(await said("notes.txt")).toBe(`DataError: notes.txt: ${none}`);
    expect(await said("notes.gz")).toBe(
      "DataError: notes.gz: is gzipped, but what it holds is no tar, IDX or table",
    );
    expect(await said("broken.gz")).toBe("DataError: broken.gz: is damaged (it does not unzip)");
    expect(await said("a.7z")).toBe("DataError: a.7z: is a 7z archive, which is not read");
    expect(await said("a.tar.xz")).toBe("DataError: a.tar.xz: is an xz archive, which is not read");
    expect(await said("a.parquet")).toBe("DataError: a.parquet: is cut short");
  });

  test("without the split asked for", async () => {
    await fill(join(folder, "flat"), { "a.png": good });
    expect(await said("flat", { split: "test" })).toBe(
      "DataError: flat: has no test split\n" +
        "  hint  leave --split out, or put the pictures into folders called train and test",
    );
    await fill(join(folder, "tests"), { "x/test/a.png": good, "x/val/a.png": good });
    expect(await said("tests", { split: "train" })).toBe(
      "DataError: tests: has no train split\n  splits  test, val",
    );
  });

  test("too large for the memory", async () => {
    await fill(join(folder, "flat"), { "a.png": good });
    expect(await said("flat", { size: 1000, memory: 2_500_000, cache: false })).toBe(
      "DataError: flat: needs 3.0 MB of memory, more than the 2.5 MB allowed\n" +
        "  pictures  1 × [3 1000 1000]\n  hint      choose a smaller --size or a --limit",
    );
  });
});

describe("archives", () => {
  const entry = { name: "a.png", bytes: good };

  test("encrypted, packed otherwise, damaged or lying zips", async () => {
    const one = (reason: string) => `DataError: bad.zip › b.png: ${reason}\n${skip}`;
    const skip = "  hint  pass --skip-bad to leave it out";
    const lying = (lie: Partial<ZipEntry>) =>
      zipSaid("bad.zip", [entry, { name: "b.png", bytes: busyPng, ...lie }]);
    expect(await lying({ flags: 1 })).toBe(one("is encrypted"));
    expect(await lying({ method: 12 })).toBe(one("is compressed with bzip2"));
    expect(await lying({ method: 77 })).toBe(one("is compressed with method 77"));
    expect(await lying({ crc: 1 })).toBe(one("is damaged (its checksum differs)"));
    const whole = zipOf([entry, { name: "b.png", bytes: busyPng }]);
    const local = whole.indexOf("b.png") + 5;
    await fill(folder, { "bad.zip": Buffer.from(whole).fill(255, local, local + 20) });
    expect(await said("bad.zip")).toBe(one("is damaged (it does not unpack)"));
    const moved = Buffer.from(whole);
    moved.writeUInt32LE(7, whole.lastIndexOf("b.png") - 4);
    await fill(folder, { "bad.zip": moved });
    expect(await said("bad.zip")).toBe(one("is not where the zip says"));
    await fill(folder, { "bad.zip": half(whole) });
    expect(await said("bad.zip")).toBe("DataError: bad.zip: is no zip, or is cut short");
    const list = Buffer.from(whole);
    list[whole.indexOf("PK\x01\x02", 0, "latin1")] = 0;
    await fill(folder, { "bad.zip": list });
    expect(await said("bad.zip")).toBe(
      "DataError: bad.zip: is damaged (its list of files is broken)",
    );
  });

  test("a zip bomb stops at the size that it states", async () => {
    const bytes = Buffer.alloc(50_000_000);
    const zip = zipOf([entry, { name: "b.png", bytes }]);
    zip.writeUInt32LE(1000, zip.lastIndexOf("b.png") - 46 + 24);
    await fill(folder, { "bomb.zip": zip });
    expect(await said("bomb.zip")).toBe(
      "DataError: bomb.zip › b.png: is damaged (it does not unpack)\n" +
        "  hint  pass --skip-bad to leave it out",
    );
  });

  test("tars cut short or damaged", async () => {
    const tar = await tarOf({ "a.png": good, "b.png": busyPng });
    const zipped = gzip(tar);
    await fill(folder, {
      "half.tar": tar.subarray(0, 2000),
      "half.tar.gz": half(zipped),
      "sum.tar": Buffer.from(tar).fill(1, 1024 + 148, 1024 + 156),
      "bad.tar": await tarOf({ "a.png": good, "b.png": half(busyPng) }),
    });
    expect(await said("half.tar")).toBe("DataError: half.tar: is cut short");
    expect(await said("half.tar.gz")).toBe("DataError: half.tar.gz: is cut short");
    expect(await said("sum.tar")).toBe("DataError: sum.tar: is damaged");
    expect(await said("bad.tar")).toBe(
      "DataError: bad.tar › b.png: is cut short or damaged\n" +
        "  hint  pass --skip-bad to leave it out",
    );
  });

  test("a dataset.json that does not fit", async () => {
    const indexed = (text: string) =>
      zipSaid("index.zip", [entry, { name: "dataset.json", bytes: Buffer.from(text) }]);
    const at = "DataError: index.zip › dataset.json:";
    expect(await indexed("{labels")).toBe(`${at} is not JSON`);
    const expected = '\n  expected  {"labels": null} or {"labels": [["a.png", 3], …]}';
    expect(await indexed("[]")).toBe(`${at} is not as StyleGAN writes it${expected}`);
    expect(await indexed('{"labels": [["a.png", 0.5]]}')).toBe(
      `${at} labels.0.1 is not as StyleGAN writes it${expected}`,
    );
    expect(await indexed('{"labels": [["a.png", 2]], "classes": ["x", "y"]}')).toBe(
      `${at} a label is 2, but there are 2 classes\n  classes  x, y`,
    );
    expect(await indexed('{"labels": [["other.png", 2]]}')).toBe(
      `${at} has no label for 1 of 1 pictures\n  first  a.png`,
    );
  });
});

test("reasons have words for what the system and sharp say, and pass on what is new", () => {
  const system = (code: string) => errnoReason(Object.assign(new Error("text"), { code }));
  expect(system("EACCES")).toBe("is not readable (permission denied)");
  expect(system("EIO")).toBe("is not readable (input/output error)");
  expect(system("EMFILE")).toBe("is not readable (EMFILE)");
  expect(decodeReason(new Error("something new\nand more"))).toBe(
    "cannot be decoded (something new)",
  );
});
