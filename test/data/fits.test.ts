import { readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readFits } from "../../src/data/files/fits.js";
import { galaxies } from "../../src/data/galaxies.js";
import { writeFits } from "../../src/data/write/fits.js";
import { writeData } from "../../src/data/write.js";
import { ConfigurationError, DataError, ShapeError } from "../../src/shape/error.js";
import { fluxOf } from "../../src/shape/flux.js";
import { fill, gzip, openData, png, temporary, zipOf } from "./make.js";

interface Case {
  readonly file: string;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

const golden: {
  readonly astropy: string;
  readonly cases: Readonly<Record<string, Case>>;
  readonly refused: Readonly<Record<string, string>>;
} = JSON.parse(readFileSync(new URL("../golden/fits.json", import.meta.url), "utf8"));

const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "base64"));
const unpacked = (name: string): Uint8Array =>
  new Uint8Array(gunzipSync(bytesOf(golden.cases[name]!.file)));

/** Planes with their rows the other way up. */
function upsideDown(values: readonly number[], [h, w]: readonly [number, number]): number[] {
  return values.map((_, i) => {
    const [row, column] = [Math.floor(i / w) % h, i % w];
    return values[i - row * w - column + (h - 1 - row) * w + column]!;
  });
}

describe(`as Astropy ${golden.astropy} reads them`, () => {
  test.each(Object.entries(golden.cases))("%s", (_, { file, shape, values }) => {
    const [h, w] = shape.slice(-2) as [number, number];
    for (const bytes of [bytesOf(file), new Uint8Array(gunzipSync(bytesOf(file)))]) {
      const picture = readFits(bytes);
      expect([picture.channels, picture.height, picture.width]).toEqual([
        shape.length === 3 ? shape[0] : 1,
        h,
        w,
      ]);
      const expected = upsideDown(values, [h, w]);
      picture.data.forEach((value, i) => {
        expect(Math.abs(value - expected[i]!)).toBeLessThan(2e-7 * Math.abs(expected[i]!) + 2e-8);
      });
    }
  });
});

describe("what is written", () => {
  const { cards, ...picture } = readFits(unpacked("-32"));

  test("is read again bit by bit, in blocks of 2880 bytes, with what the header said of the sky", () => {
    const bytes = writeFits({ ...picture, cards }, { history: ["restored by a test"] });
    expect(bytes.length % 2880).toBe(0);
    const again = readFits(bytes);
    expect(again.data).toEqual(picture.data);
    const said = again.cards.map((line) => line.trimEnd());
    expect(said).toContain("BUNIT   = 'nanomaggy'");
    expect(said).toContain("OBJECT  = 'M 51    '           / what is seen");
    expect(said).toContain("HISTORY made by chance");
    expect(said.at(-1)).toBe("HISTORY restored by a test");
    expect(said.filter((line) => /^(CHECKSUM|DATASUM|BITPIX|NAXIS)/.test(line))).toEqual([]);
  });

  test("has a header as the standard wants it, and a cube of three planes", () => {
    const cube = readFits(unpacked("cube"));
    const bytes = writeFits(cube, { history: ["é ".repeat(50)] });
    const lines = Array.from({ length: 36 }, (_, i) =>
      String.fromCharCode(...bytes.subarray(80 * i, 80 * i + 80)),
    );
    expect(lines.slice(0, 6).map((line) => line.trimEnd())).toEqual([
      "SIMPLE  =                    T",
      "BITPIX  =                  -32",
      "NAXIS   =                    3",
      "NAXIS1  =                    7",
      "NAXIS2  =                    5",
      "NAXIS3  =                    3",
    ]);
    expect(lines[6]).toBe(`HISTORY ${"? ".repeat(36)}`);
    expect(lines[8]!.trimEnd()).toBe("END");
    expect(readFits(bytes).data).toEqual(cube.data);
  });

  test("has as many numbers as it says", () => {
    const wrong = { data: new Float32Array(5), channels: 1, height: 2, width: 3 };
    expect(() => writeFits(wrong)).toThrow(
      new ShapeError({ op: "writeFits", why: "5 numbers are no 1 planes of 2 × 3" }),
    );
  });
});

describe("what cannot be read says why", () => {
  const good = unpacked("-32");
  const edited = (from: string, to: string): Uint8Array => {
    const text = Buffer.from(good).toString("latin1");
    expect(text).toContain(from);
    return new Uint8Array(Buffer.from(text.replace(from, to.padEnd(from.length)), "latin1"));
  };
  const refused = (name: string): Uint8Array => bytesOf(golden.refused[name]!);
  const card = (keyword: string, value: string): string =>
    `${keyword.padEnd(8)}= ${value.padStart(20)}`;

  test.each([
    ["nothing at all", new Uint8Array(), "is empty (0 bytes)"],
    [
      "a PNG",
      new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10]),
      "is no FITS file (it does not begin with SIMPLE)",
    ],
    [
      "a broken gzip",
      bytesOf(golden.cases["8"]!.file).subarray(0, 60),
      "is damaged (it does not unzip)",
    ],
    ["a table", refused("table"), "is a FITS file without a picture (its first part is BINTABLE)"],
    ["a header alone", refused("nothing"), "is a FITS file without a picture (NAXIS is 0)"],
    ["64-bit numbers", refused("64"), "has BITPIX 64; read are 8, 16, 32, -32 and -64"],
    ["a line", refused("line"), "has 9 numbers; pictures have 2 or 3 axes"],
    ["five planes", refused("planes"), "has 5 planes; pictures have 1 or 3"],
    ["a blank", refused("blank"), "holds nothing (BLANK) at column 2, row 2"],
    ["NaN", refused("holes"), "holds NaN at column 3, row 4"],
    ["half of it", good.subarray(0, 2880 + 50), "is cut short: it has 12 of 35 numbers"],
    ["its header alone", good.subarray(0, 2880), "is cut short: it has 0 of 35 numbers"],
    ["half a header", good.subarray(0, 700), "is a FITS file whose header has no END"],
    [
      "no BITPIX",
      edited(card("BITPIX", "-32"), card("BITPAX", "-32")),
      "is a FITS file that does not say BITPIX",
    ],
    [
      "no width",
      edited(card("NAXIS1", "7"), card("NAXIS1", "")),
      "is a FITS file whose NAXIS1 is empty",
    ],
    [
      "a word",
      edited(card("NAXIS1", "7"), card("NAXIS1", "seven")),
      "is a FITS file whose NAXIS1 is seven",
    ],
    [
      "a negative side",
      edited(card("NAXIS1", "7"), card("NAXIS1", "-7")),
      "has -7 × 5 numbers; pictures have 2 or 3 axes",
    ],
    [
      "billions",
      edited(card("NAXIS1", "7"), card("NAXIS1", "2000000000")),
      "has more than 134 million pixels",
    ],
    [
      "endless axes",
      edited(card("NAXIS", "2"), card("NAXIS", "1000000000")),
      "is a FITS file whose NAXIS is 1000000000",
    ],
  ])("%s", (_, bytes, why) => {
    expect(() => readFits(bytes)).toThrow(new DataError({ op: "fits", why }));
  });

  test("whatever bytes are changed or missing, it is read or refused", () => {
    for (let at = 0; at < 2880 + 140; at += 7) {
      const copy = good.slice();
      copy[at] = copy[at]! ^ 0x15;
      for (const bytes of [copy, good.subarray(0, at)]) {
        try {
          expect(readFits(bytes).data.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
        }
      }
    }
  });
});

const fits = (value: number, { height = 6, width = 8, channels = 1 } = {}): Uint8Array =>
  writeFits({
    ...{ height, width, channels },
    data: Float32Array.from({ length: channels * height * width }, (_, i) => value + i / 100),
  });

describe("folders and archives of FITS files", () => {
  test("one file, whatever it is called, zipped or not", async () => {
    const folder = await fill(await temporary(), {
      "a.fits": fits(1),
      "b.fit.gz": gzip(fits(1)),
      cee: fits(1),
      dee: gzip(fits(1)),
    });
    for (const name of ["a.fits", "b.fit.gz", "cee", "dee"]) {
      const data = await openData(join(folder, name));
      expect(data).toMatchObject({
        kind: "pictures",
        shape: [1, 6, 8],
        count: 1,
        flux: { unit: 1 },
      });
      expect(data.items).toBeInstanceOf(Float32Array);
      expect(fluxOf(data.items as Float32Array)[3 * 8 + 2]).toBeCloseTo(1.26, 5);
    }
    expect((await openData(join(folder, "b.fit.gz"))).name).toBe("b");
  });

  test("three bands are one picture: i, r and g are red, green and blue", async () => {
    const files = Object.fromEntries(
      ["m31", "m51"].flatMap((name, k) =>
        (["g", "i", "r"] as const).map((band, b) => [
          `${name}/${name}-${band}.fits`,
          fits(1 + k + b / 10),
        ]),
      ),
    );
    const folder = await fill(await temporary(), files);
    const zip = join(await temporary(), "two.zip");
    await fill(join(zip, ".."), {
      "two.zip": zipOf(Object.entries(files).map(([name, bytes]) => ({ name, bytes }))),
    });
    for (const source of [folder, zip]) {
      const data = await openData(source);
      expect(data).toMatchObject({ shape: [3, 6, 8], count: 2, classes: [] });
      const flux = fluxOf(data.items as Float32Array);
      const firsts = [0, 1, 2, 3, 4, 5].map((plane) => Number(flux[plane * 48]!.toFixed(4)));
      expect(firsts).toEqual([1.1, 1.2, 1, 2.1, 2.2, 2]);
    }
  });

  test("a band that is missing, of another size or damaged is named", async () => {
    const bands = { "x-i.fits": fits(1), "x-r.fits": fits(1), "x-g.fits": fits(1) };
    const opened = async (files: Record<string, Uint8Array>) => {
      const folder = await fill(join(await temporary(), "set"), files);
      return await openData(folder).catch((error: Error) =>
        error.message.replaceAll(folder, "set"),
      );
    };
    expect(await opened({ ...bands, "y-i.fits": fits(1), "y-g.fits": fits(1) })).toBe(
      "set: has no band r of y.fits; pictures in colour have i, r and g",
    );
    expect(await opened({ ...bands, "x-r.fits": fits(1, { width: 9 }) })).toBe(
      "set › x.fits: band r is 1 × 6 × 9, band i is 1 × 6 × 8",
    );
    expect(await opened({ ...bands, "x-g.fits": fits(1).subarray(0, 2881) })).toBe(
      "set › x.fits: band g is cut short: it has 0 of 48 numbers",
    );
    // One band of each is a set of grey pictures.
    expect(await opened({ "x-g.fits": fits(1), "y-g.fits": fits(2) })).toMatchObject({
      shape: [1, 6, 8],
      count: 2,
    });
  });

  test("bad files stop, or are left out; other pictures have no place among them", async () => {
    const files = { "a.fits": fits(1), "b.fits": fits(2).subarray(0, 2900), "c.fits": fits(3) };
    const folder = await fill(join(await temporary(), "set"), files);
    await expect(openData(folder)).rejects.toThrow(
      `${folder} › b.fits: is cut short: it has 5 of 48 numbers\n  hint  pass --skip-bad to leave it out`,
    );
    const { count, items, skipped } = await openData(folder, { skipBad: true });
    expect(count).toBe(2);
    expect(fluxOf(items as Float32Array)[48]).toBeCloseTo(3, 4);
    expect(skipped).toEqual([{ file: "b.fits", reason: "is cut short: it has 5 of 48 numbers" }]);
    await fill(folder, { "seen.png": await png([1, 2, 3]) });
    await expect(openData(folder)).rejects.toThrow(
      `${folder}: holds 3 FITS files and 1 other picture\n  hint  light is not bytes: put them into folders of their own`,
    );
  });

  test("sizes, colours and units are made alike", async () => {
    const folder = await fill(join(await temporary(), "set"), {
      "a.fits": fits(500, { height: 12, width: 10 }),
      "b.fits": fits(900, { channels: 3 }),
    });
    const data = await openData(folder, { size: [6, 5] });
    expect(data.shape).toEqual([3, 6, 5]);
    const unit = data.flux!.unit;
    expect(unit).toBeCloseTo(901.43 / 4, 0);
    expect(data.notes![0]).toMatch(/^flux of 90\d(\.\d)? became 4$/);
    expect(data.notes![1]).toMatch(/^the sky is not dark \(50\d(\.\d+)?\): subtract it$/);
    const flux = fluxOf(Float64Array.from(data.items as Float32Array)).map((v) => v * unit);
    // Half as large: rows and columns 4 and 5, which rise by 0.1 downwards and 0.01 to the right.
    expect(flux[2 * 5 + 2]).toBeCloseTo(500 + 0.1 * 4.5 + 0.01 * 4.5, 2);
    const padded = await openData(join(folder, "b.fits"), { size: [8, 8], fit: "pad" });
    expect(fluxOf(padded.items as Float32Array)[3]).toBeCloseTo(0, 5);
    expect((await openData(folder, { color: "grey" })).shape).toEqual([1, 64, 64]);
  });

  test("what does not fit into memory is not read", async () => {
    const folder = await fill(join(await temporary(), "set"), {
      "a.fits": fits(1),
      "b.fits": fits(2),
    });
    await expect(openData(folder, { memory: 383 })).rejects.toThrow(
      "needs 384 bytes of memory, more than the 383 bytes allowed",
    );
  });
});

describe("galaxies written and opened again", () => {
  const data = galaxies({ count: 5, size: 20, seed: 2 });

  test("a folder and a zip of FITS files hold the same light and all that is known of it", async () => {
    for (const out of ["sky", "sky.zip"]) {
      const path = join(await temporary(), out);
      await writeData(data, path);
      const again = await openData(path);
      expect(again).toMatchObject({ shape: data.shape, count: 5, flux: { unit: 1 } });
      expect([...again.labels!]).toEqual([...data.labels!]);
      expect(again.classes).toEqual(data.classes);
      expect(again.factors!.clumps).toEqual(data.factors!.clumps);
      (again.items as Float32Array).forEach((value, i) => {
        expect(Math.abs(value - data.items[i]!)).toBeLessThan(2e-6);
      });
    }
    const folder = join(await temporary(), "sky");
    await writeData(data, folder);
    const files = (await readdir(folder, { recursive: true })).filter((name) =>
      name.endsWith(".fits"),
    );
    expect(files).toHaveLength(5);
    const [first] = files.sort();
    expect(readFits(await readFile(join(folder, first!))).channels).toBe(3);
  });

  test("an array cannot say in which unit light is", async () => {
    const error = new ConfigurationError({
      op: "OUT",
      why: "light is written as FITS files",
      hint: "name a folder or a .zip",
    });
    await expect(writeData(data, join(await temporary(), "sky.npz"))).rejects.toThrow(error);
  });
});
