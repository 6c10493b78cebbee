import { createHash } from "node:crypto";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import type { Dataset } from "../../src/data/dataset.js";
import { openPictures } from "../../src/data/files/open.js";
import { parseLegend } from "../../src/data/files/pairs-legend.js";
import { fitted } from "../../src/data/files/pairs-maps.js";
import { fingerprintOf } from "../../src/data/fingerprint.js";
import { isIgnoredName, legendOf } from "../../src/data/legend.js";
import { classesOf } from "../../src/nn/legend.js";
import { readItems, readSeen } from "../../src/shape/items.js";
import type { Legend } from "../../src/shape/legend.js";
import { evaluate } from "../../src/tensor/reference.js";
import { constant } from "../../src/tensor/tensor.js";
import { failure, fill, png, raw, temporary } from "./make.js";

const folder = await temporary();
const at = (name: string): string => join(folder, name);
const open = (name: string, options: Parameters<typeof openPictures>[1] = {}) =>
  openPictures(at(name), { cache: false, ...options });
const said = async (promise: Promise<unknown>): Promise<string> =>
  (await failure(promise)).replaceAll(`${folder}/`, "");

/** A grey PNG of numbers, row by row. */
const grey = (numbers: readonly number[], width = 4): Promise<Buffer> =>
  raw(numbers, { width, channels: 1 }).toColourspace("b-w").png().toBuffer();

/** A PNG of colours, row by row. */
const coloured = (colours: readonly (readonly number[])[], width = 4, palette = false) =>
  raw(colours.flat(), { width, channels: 3 }).png({ palette, dither: 0 }).toBuffer();

/** The names of a map's classes, pixel by pixel. */
function namesIn(
  data: Pick<Dataset, "items" | "shape"> & { readonly legend?: Legend | undefined },
  i = 0,
): string[] {
  const item = readItems(data, [i]);
  const area = item.length / 3;
  return Array.from({ length: area }, (_, at) => {
    const colour = [0, 1, 2].map((c) => item[c * area + at]).join();
    return data.legend?.find((entry) => entry.colour.join() === colour)?.name ?? `? ${colour}`;
  });
}

const mapOf = ({ given, legend, ...rest }: Dataset) => ({
  ...(given ?? rest),
  legend: given?.legend ?? legend,
});

const sky = [70, 130, 180];
const road = [128, 64, 128];
const numbers = [0, 0, 1, 1, 2, 2, 0, 0];
const names = ["sky", "sky", "road", "road", "void", "void", "sky", "sky"];
const photo = await png([9, 9, 9], { width: 4, height: 2 });

describe("maps are read", () => {
  test("as class numbers that dataset.json names", async () => {
    await fill(at("named"), {
      "photos/a.png": photo,
      "maps/a.png": await grey(numbers),
      "dataset.json": JSON.stringify({ labels: null, classes: ["sky", "road", "Unlabelled"] }),
    });
    const data = await open("named", { given: "maps" });
    expect([data.shape, data.given?.shape, data.legend]).toEqual([[1, 2, 4], [3, 2, 4], undefined]);
    const said = names.map((name) => (name === "void" ? "Unlabelled" : name));
    expect(namesIn(mapOf(data))).toEqual(said);
    expect(data.given?.legend?.map(({ ignored }) => ignored)).toEqual([undefined, undefined, true]);
    const other = await open("named", { within: "maps", given: "photos", void: ["road"] });
    expect(namesIn(other)).toEqual(said);
    expect(other.legend?.map(({ ignored }) => ignored)).toEqual([undefined, true, true]);
    expect(other.given?.legend).toBe(undefined);
  });

  test("as numbers or colours that a file names", async () => {
    await fill(folder, { "legend.txt": "sky 70 130 180\nroad 128 64 128\nvoid 0 0 0\n" });
    const legend = at("legend.txt");
    const colours = numbers.map((k) => [sky, road, [0, 0, 0]][k]!);
    await fill(at("files"), {
      "numbers.png": await grey(numbers),
      "colours.png": await coloured(colours),
      "palette.png": await coloured(colours, 4, true),
      "alpha.webp": await raw(
        colours.flatMap((c) => [...c, 255]),
        { width: 4, channels: 4 },
      )
        .webp({ lossless: true })
        .toBuffer(),
    });
    const data = await open("files", { legend });
    expect(data.count).toBe(4);
    for (const i of [0, 1, 2, 3]) expect(namesIn(data, i)).toEqual(names);
    expect(data.legend).toEqual([
      { name: "sky", colour: sky },
      { name: "road", colour: road },
      { name: "void", colour: [0, 0, 0], ignored: true },
    ]);
    const own = await open("files", { legend: data.legend! });
    expect(own.fingerprint).toBe(data.fingerprint);
    const voids = await open("files", { legend, void: ["road"] });
    expect(voids.items).toEqual(data.items);
    expect(voids.fingerprint).not.toBe(data.fingerprint);
  });

  test("as every colour there is", async () => {
    await fill(at("counted"), {
      "a.png": await coloured([sky, sky, road, sky], 2),
      "b.png": await coloured([road, road, [1, 2, 3], sky], 2),
    });
    const data = await open("counted", { legend: "auto" });
    expect(data.legend).toEqual([
      { name: "#010203", colour: [1, 2, 3] },
      { name: "#4682b4", colour: sky },
      { name: "#804080", colour: road },
    ]);
    expect(namesIn(data, 1)).toEqual(["#804080", "#804080", "#010203", "#4682b4"]);
  });

  test("as numbers of one palette, where 255 is a border that counts nowhere", async () => {
    // As VOC has them: class 3 is missing, and a border lies around the objects.
    const paletted = async (indices: readonly number[]) => {
      const colours = Array.from({ length: 256 }, (_, i) => [i, 255 - i, (i * 37) % 256]);
      return pngOf(indices, 2, colours);
    };
    await fill(at("voc"), {
      "a.png": await paletted([0, 2, 255, 2]),
      "b.png": await paletted([4, 4, 0, 0]),
      "photos/a.png": await png([1, 2, 3], { width: 2, height: 2 }),
      "photos/b.png": await png([4, 5, 6], { width: 2, height: 2 }),
    });
    const data = await open("voc", { within: "photos", given: at("voc"), skipBad: true });
    const maps = await open("voc", { given: "photos" });
    expect(maps.legend).toEqual([
      { name: "0", colour: [0, 255, 0] },
      { name: "2", colour: [2, 253, 74] },
      { name: "4", colour: [4, 251, 148] },
      { name: "void", colour: [255, 0, (255 * 37) % 256], ignored: true },
    ]);
    expect([namesIn(maps, 0), namesIn(maps, 1)]).toEqual([
      ["0", "2", "void", "2"],
      ["4", "4", "0", "0"],
    ]);
    expect(data.legend).toBe(undefined);
  });

  test("with fewer bits than a byte, and as masks of black and white", async () => {
    await fill(at("bits"), { "a.png": pngOf([0, 1, 2, 3], 4, undefined, 2) });
    const four = await open("bits", {
      legend: ["a", "b", "c", "d"].map((name) => ({ name })) as never,
    });
    expect(namesIn(four)).toEqual(["a", "b", "c", "d"]);
    await fill(at("masks"), {
      "a.png": await grey([0, 255, 255, 0], 2),
      "b.png": await grey([0, 0, 0, 0], 2),
    });
    await fill(folder, {
      "mask.json": JSON.stringify({ ground: [0, 0, 0], thing: [255, 255, 255] }),
    });
    const masks = await open("masks", { legend: at("mask.json") });
    expect([namesIn(masks, 0), namesIn(masks, 1)]).toEqual([
      ["ground", "thing", "thing", "ground"],
      ["ground", "ground", "ground", "ground"],
    ]);
  });

  test("as halves of files, beside their photos", async () => {
    const left = [...numbers].map((k) => [sky, road, [0, 0, 0]][k]!);
    const rows = [0, 1].flatMap((y) => [
      ...left.slice(4 * y, 4 * y + 4),
      ...Array(4).fill([9, 90, 9]),
    ]);
    await fill(at("halves"), { "a.png": await coloured(rows, 8) });
    const legend = at("legend.txt");
    const data = await open("halves", { pairs: "side-by-side", legend });
    expect([data.shape, data.legend, namesIn(mapOf(data))]).toEqual([[3, 2, 4], undefined, names]);
    const back = await open("halves", { pairs: "side-by-side", direction: "BtoA", legend });
    expect([namesIn(back), back.given?.legend]).toEqual([names, undefined]);
  });

  test("and back into numbers by a graph", async () => {
    const data = await open("files", { legend: at("legend.txt") });
    const seen = readSeen(data, [0]);
    const [found] = evaluate([
      classesOf(constant([...seen], { shape: [1, 3, 2, 4] }), data.legend!),
    ]);
    expect([...found!]).toEqual([0, 1].flatMap((k) => numbers.map((n) => (n === k ? 1 : 0))));
  });
});

/** A PNG written here, of indices into a palette or of grey with few bits. */
function pngOf(
  values: readonly number[],
  width: number,
  palette?: readonly (readonly number[])[],
  depth = 8,
): Buffer {
  const rows = Array.from({ length: values.length / width }, (_, y) => {
    const row = values.slice(y * width, (y + 1) * width);
    const per = 8 / depth;
    const bytes = Array.from({ length: Math.ceil(width / per) }, (_, i) =>
      row
        .slice(i * per, (i + 1) * per)
        .reduce((byte, v, k) => byte | (v << (8 - depth * (k + 1))), 0),
    );
    return [0, ...bytes];
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(rows.length, 4);
  header.set([depth, palette ? 3 : 0], 8);
  const chunks: [string, Uint8Array][] = [
    ["IHDR", header],
    ...(palette ? [["PLTE", Uint8Array.from(palette.flat())] as [string, Uint8Array]] : []),
    ["IDAT", deflateSync(Uint8Array.from(rows.flat()))],
    ["IEND", new Uint8Array()],
  ];
  const parts = chunks.flatMap(([name, bytes]) => {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(bytes.length);
    const body = Buffer.concat([Buffer.from(name, "latin1"), bytes]);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return [head, body, sum];
  });
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), ...parts]);
}

describe("maps of another size", () => {
  // A photo whose brightness says where a pixel was, beside a map whose classes do.
  const sizes = [
    [96, 128, 64, 64],
    [60, 90, 20, 30],
    [50, 31, 24, 40],
    [40, 40, 100, 90],
    [33, 200, 48, 48],
  ] as const;
  for (const fit of ["crop", "pad"] as const) {
    test.each(sizes)(
      `%i × %i as %i × %i see what photos see, ${fit}`,
      async (h, w, height, width) => {
        for (const axis of [0, 1] as const) {
          const place = (i: number): number => (axis === 0 ? Math.floor(i / w) : i % w);
          const ramp = Array.from({ length: h * w }, (_, i) => place(i));
          const photo = await raw(ramp, { width: w, channels: 1 })
            .resize(width, height, {
              fit: fit === "crop" ? "cover" : "contain",
              kernel: "lanczos3",
              background: "white",
            })
            .toColourspace("b-w")
            .raw()
            .toBuffer();
          const map = fitted(Uint8Array.from(ramp), {
            ...{ from: [h, w], to: [height, width], fit, beside: 255 },
          });
          const factor =
            fit === "crop" ? Math.min(h / height, w / width) : Math.max(h / height, w / width);
          let [beside, off, inner, worst] = [0, 0, 0, 0];
          map.forEach((k, i) => {
            if ((k === 255) !== (photo[i] === 255)) beside++;
            else if (k !== 255) {
              // Kernels ring and bend at the rim, where there is nothing on one side.
              const most = (axis === 0 ? h : w) - 3 - 2 * factor;
              if (photo[i]! <= 2 * factor + 2 || photo[i]! >= most) return;
              worst = Math.max(worst, Math.abs(photo[i]! - k));
              off += photo[i]! - k;
              inner++;
            }
          });
          expect(beside).toBe(0);
          expect(worst).toBeLessThanOrEqual(1 + factor / 2);
          expect(Math.abs(off / inner)).toBeLessThan(0.55);
        }
      },
    );
  }

  test("have no colour but those of the legend, cut and padded", async () => {
    const random = Array.from({ length: 60 * 90 }, (_, i) => ((i * 7919) >> 4) % 3);
    await fill(at("large/maps"), { "a.png": await grey(random, 90) });
    await fill(at("large/photos"), { "a.png": await png([1, 2, 3], { width: 180, height: 120 }) });
    await fill(at("large"), { "dataset.json": JSON.stringify({ classes: ["a", "b", "ignore"] }) });
    for (const fit of ["crop", "pad"] as const) {
      const data = await open("large", { within: "photos", given: "maps", size: 32, fit });
      const found = namesIn(mapOf(data));
      expect(new Set(found)).toEqual(new Set(["a", "b", "ignore"]));
      expect(found.slice(0, 32).every((name) => name === "ignore")).toBe(fit === "pad");
    }
  });
});

describe("what is no map", () => {
  test("is told where dataset.json names fewer classes than there are", async () => {
    await fill(at("fewer"), {
      "photos/a.png": photo,
      "photos/b.png": photo,
      "maps/a.png": await grey([0, 0, 1, 1, 0, 0, 255, 0]),
      "maps/b.png": await grey([0, 0, 1, 1, 0, 0, 1, 0]),
      "dataset.json": JSON.stringify({ labels: null, classes: ["sky", "road"] }),
    });
    expect(await said(open("fewer", { within: "photos", given: at("fewer/maps") }))).toBe(
      `DataError: fewer › maps › maps/a.png: has class 255 at (2, 1), and the legend has 0 … 1
  hint  pass --skip-bad to leave it out`,
    );
    const few = await open("fewer", { within: "photos", given: at("fewer/maps"), skipBad: true });
    expect([few.count, few.skipped.map(({ file }) => file)]).toEqual([1, ["maps/a.png"]]);
  });

  const legend: Legend = [
    { name: "sky", colour: [70, 130, 180] },
    { name: "road", colour: [128, 64, 128] },
  ];

  test("is named with its place", async () => {
    await fill(at("beyond"), {
      "a.png": await grey([0, 1, 1, 7]),
      "b.png": await grey([0, 0, 0, 0]),
    });
    expect(await said(open("beyond", { legend }))).toBe(
      `DataError: beyond › a.png: has class 7 at (3, 0), and the legend has 0 … 1
  hint  pass --skip-bad to leave it out`,
    );
    await fill(at("stray"), { "a.png": await coloured([sky, sky, road, [1, 2, 3]], 2) });
    expect(await said(open("stray", { legend }))).toBe(
      "DataError: stray › a.png: has #010203 at (1, 1), which is not in the legend",
    );
    await fill(at("lossy"), {
      "a.jpg": await raw([...sky, ...road], { width: 2, channels: 3 })
        .jpeg()
        .toBuffer(),
    });
    expect(await said(open("lossy", { legend }))).toBe(
      "DataError: lossy › a.jpg: is a JPEG, whose colours are not exact; save maps as PNG",
    );
    const deep = await sharp(Uint16Array.from([0, 1]), {
      raw: { width: 2, height: 1, channels: 1 },
    })
      .toColourspace("grey16")
      .png()
      .toBuffer();
    await fill(at("deep"), { "a.png": deep });
    expect(await said(open("deep", { legend }))).toBe(
      "DataError: deep › a.png: is a PNG of 16 bits; save maps with 8",
    );
  });

  test("is left out when it is asked for", async () => {
    const good = await grey([0, 1, 1, 0]);
    // More than the pictures that are looked at first, and the bad one not among them.
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`${10 + i}.png`, good]));
    await fill(at("mostly"), { ...many, "11.png": await grey([0, 1, 1, 9]) });
    expect(await said(open("mostly", { legend }))).toBe(
      `DataError: mostly › 11.png: has class 9 at (3, 0), and the legend has 0 … 1
  hint  pass --skip-bad to leave it out`,
    );
    const data = await open("mostly", { legend, skipBad: true });
    expect([data.count, data.skipped.map(({ file }) => file)]).toEqual([39, ["11.png"]]);
  });

  test("has too many colours", async () => {
    const busy = Array.from({ length: 100 }, (_, i) => [i, 0, 0]);
    await fill(at("busy"), { "a.png": await coloured(busy, 10) });
    expect(await said(open("busy", { legend: "auto" }))).toBe(
      `DataError: busy: has 100 colours in 1 pictures, too many for classes
  hint  name the classes and their colours with --legend FILE`,
    );
  });

  test("void names that are no class", async () => {
    await fill(at("fine"), { "a.png": await grey([0, 1, 1, 0]) });
    expect(await said(open("fine", { legend, void: ["raod"] }))).toBe(
      `ConfigurationError: data.void: raod is no class of a map
  classes  sky, road
  hint     did you mean road?`,
    );
    expect(await said(open("busy", { void: ["sky"] }))).toBe(
      "ConfigurationError: data.void: there are no maps with classes",
    );
  });
});

describe("legends", () => {
  const three = [
    { name: "sky", colour: [70, 130, 180] },
    { name: "Road marking", colour: [128, 64, 128] },
  ];
  test.each([
    ["names and numbers", "sky 70 130 180\nRoad marking 128 64 128"],
    ["numbers and names", "70 130 180\tsky\n128 64 128\tRoad marking\n"],
    ["a table", 'name,r,g,b\nsky,70,130,180\n"Road marking",128,64,128\n'],
    ["hexadecimal", "# a note\n#4682b4 sky\n\n#804080: Road marking"],
    ["hexadecimal behind", "sky #4682B4\nRoad marking, #804080"],
    ["a list", JSON.stringify(three)],
    [
      "a list with strings",
      '[{"name":"sky","color":"#4682b4"},{"name":"Road marking","color":"#804080"}]',
    ],
    ["an object", '{"sky": [70, 130, 180], "Road marking": [128, 64, 128]}'],
    ["classes", JSON.stringify({ classes: three })],
  ])("as %s", (_, text) => {
    expect(parseLegend(text, "legend.txt")).toEqual(three);
  });

  test("without colours", () => {
    const found = [{ name: "sky" }, { name: "Road marking" }];
    expect(parseLegend("sky\nRoad marking\n", "x")).toEqual(found);
    expect(parseLegend('["sky", "Road marking"]', "x")).toEqual(found);
  });

  test.each([
    [
      "sky 70 130 180\nroad",
      "legend › line 2: has no colour\n  expected  road 128 64 128, or #804080 road, or road",
    ],
    [
      "sky 70 130 180\n128 64 128",
      "legend › line 2: has no name\n  expected  road 128 64 128, or #804080 road, or road",
    ],
    [
      "[1]",
      'legend › entry 1: is no class of a legend\n  expected  { "name": "road", "colour": [128, 64, 128] }',
    ],
    [
      '{"sky": [70, 130, 300]}',
      'legend › entry 1: is no class of a legend\n  expected  { "name": "road", "colour": [128, 64, 128] }',
    ],
    ["{", "legend: is not JSON, though it begins as if it were"],
  ])("%j is told", async (text, why) => {
    expect(await said((async () => parseLegend(text, "legend"))())).toBe(`DataError: ${why}`);
  });

  test("of a file that is not there, with one colour twice, or of nothing", async () => {
    await fill(at("some"), { "a.png": await grey([0, 0, 0, 0]) });
    expect(await said(open("some", { legend: at("none.txt") }))).toBe(
      "DataError: none.txt: does not exist",
    );
    await fill(folder, { "twice.txt": "a 1 2 3\nb 1 2 3", "empty.txt": "\n" });
    expect(await said(open("some", { legend: at("twice.txt") }))).toBe(
      "DataError: twice.txt: a and b have one colour, 1 2 3",
    );
    expect(await said(open("some", { legend: at("empty.txt") }))).toBe(
      "DataError: empty.txt: has 0 classes; a map has 1 to 256",
    );
  });

  test("give every class a colour of its own", () => {
    const names = Array.from({ length: 256 }, (_, i) => ({ name: `${i}` }));
    const colours = legendOf(names).map(({ colour }) => colour.join());
    expect(new Set(colours).size).toBe(256);
    expect(legendOf([{ name: "sky" }, { name: "Void" }])).toEqual([
      { name: "sky", colour: [92, 168, 232] },
      { name: "Void", colour: [0, 0, 0], ignored: true },
    ]);
  });

  test("know what counts nowhere by its name", () => {
    const ignored = ["void", "Unlabelled", "unlabeled", "ignore", "Ignored", "don't care"];
    expect(ignored.map(isIgnoredName)).toEqual(ignored.map(() => true));
    expect(["avoid", "label", "road", "ignore me"].map(isIgnoredName)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  test("are part of a fingerprint", () => {
    const items = new Uint8Array(12);
    const data = { kind: "pictures", shape: [3, 2, 2], items, labels: undefined } as const;
    const plain = fingerprintOf(data);
    const mapped = fingerprintOf({ ...data, legend });
    const ignoring = fingerprintOf({
      ...data,
      legend: [legend[0]!, { ...legend[1]!, ignored: true }],
    });
    expect(new Set([plain, mapped, ignoring]).size).toBe(3);
    expect(plain).toBe(
      createHash("sha256").update("pictures [3 2 2] unlabelled\n").update(items).digest("hex"),
    );
  });
  const legend: Legend = [
    { name: "a", colour: [1, 2, 3] },
    { name: "b", colour: [3, 2, 1] },
  ];
});
