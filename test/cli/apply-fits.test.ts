import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { readFits } from "../../src/data/files/fits.js";
import { galaxies } from "../../src/data/galaxies.js";
import { writeFits } from "../../src/data/write/fits.js";
import { train } from "../../src/run/train.js";
import { fluxOf } from "../../src/shape/flux.js";
import { galaxygan } from "../../src/zoo/galaxygan.js";
import { inProcess } from "./in-process.js";
import { emptyFolder, type Said } from "./program.js";

const folder = emptyFolder();
const path = (name: string): string => join(folder, name);

async function run(...words: string[]): Promise<Said> {
  const { code, out, err } = await inProcess(words);
  const short = (text: string): string => text.replaceAll(folder, "…");
  return { code, out: short(out), err: short(err) };
}

const [height, width] = [21, 18];
const drawn = galaxies({ count: 1, size: 24, seed: 3 });
/** A galaxy a thousand times as bright as in nanomaggies, not square. */
const flux = Float32Array.from({ length: 3 * height * width }, (_, i) => {
  const [plane, row, column] = [
    Math.floor(i / (height * width)),
    Math.floor(i / width) % height,
    i % width,
  ];
  return 1000 * fluxOf(drawn.items.slice((plane * 24 + row) * 24 + column).slice(0, 1))[0]!;
});
const cards = ["OBJECT  = 'M 51    '", "BITPIX  =                   16"];

beforeAll(async () => {
  const hyper = { width: 4, depth: 1, judgeWidth: 4, batch: 4, group: 4, lr: 0 };
  const data = galaxies({ count: 8, size: 16 });
  await train({ system: galaxygan, data, hyper, rounds: 1, folder: path("run") }).finish();
  mkdirSync(path("sky/deep"), { recursive: true });
  for (const [c, band] of ["i", "r", "g"].entries()) {
    const plane = flux.slice(c * height * width, (c + 1) * height * width);
    const bytes = writeFits({ data: plane, channels: 1, height, width, cards });
    writeFileSync(path(`sky/deep/m51-${band}.fits`), bytes);
  }
  writeFileSync(path("sky/cube.fit"), writeFits({ data: flux, channels: 3, height, width }));
  writeFileSync(
    path("grey.fits"),
    writeFits({ data: flux.slice(0, 9), channels: 1, height: 3, width: 3 }),
  );
});

test("FITS files stay FITS files: their size, unit and what is said of the sky", async () => {
  const { code, out, err } = await run("apply", path("run"), path("sky"), "--out", path("made"));
  expect({ code, out, err }).toEqual({ code: 0, out: "…/made: 2 pictures made\n", err: "" });
  expect(readdirSync(path("made"), { recursive: true }).sort()).toEqual([
    "cube.fits",
    "deep",
    "deep/m51.fits",
  ]);
  const made = readFits(readFileSync(path("made/deep/m51.fits")));
  expect([made.channels, made.height, made.width]).toEqual([3, height, width]);
  expect(made.cards.map((line) => line.trimEnd())).toEqual([
    "OBJECT  = 'M 51    '",
    "HISTORY made by belamy from this picture with run",
  ]);
  // An untrained correction is small beside the picture, and three bands are one picture.
  expect(made.data).toEqual(readFits(readFileSync(path("made/cube.fits"))).data);
  const [a, b] = [made.data, flux].map((values) => values.reduce((x, y) => x + y));
  expect(Math.abs(a! / b! - 1)).toBeLessThan(0.3);
  expect(made.data).not.toEqual(flux);
});

test("one file becomes one file; what does not fit is named", async () => {
  const cube = path("sky/cube.fit");
  const one = await run("apply", path("run"), cube, "--out", path("one.fits"));
  expect(one).toEqual({ code: 0, out: "…/one.fits: 1 picture made\n", err: "" });
  expect(readFits(readFileSync(path("one.fits"))).width).toBe(width);
  const again = await run("apply", path("run"), cube, "--out", path("one.fits"));
  expect([again.code, again.err]).toEqual([
    2,
    "--out: …/one.fits exists already\n  hint  remove it, or name another\n",
  ]);
  const grey = await run("apply", path("run"), path("grey.fits"), "--out", path("two.fits"));
  expect([grey.code, grey.err]).toEqual([
    1,
    "…/grey.fits: has 1 planes; the run was trained with 3\n",
  ]);
});
