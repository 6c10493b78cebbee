import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, expect, test } from "vitest";
import { openData } from "../../src/data/open.js";
import { proceduralData } from "../../src/data/procedural.js";
import { shapes } from "../../src/data/shapes.js";
import { train } from "../../src/run/train.js";
import { missingData } from "../../src/zoo/missing-data.js";
import { predictabilityMinimization } from "../../src/zoo/predictability-minimization.js";
import { inProcess } from "./in-process.js";
import { emptyFolder, type Said } from "./program.js";

const folder = emptyFolder();
const path = (name: string): string => join(folder, name);
/** Nobody asks here what a run comes to. */
const system = { ...missingData, concludes: undefined };

async function run(...words: string[]): Promise<Said> {
  const { code, out, err } = await inProcess(words);
  return { code, out, err: err.replace(/^note: .*\n/gm, "").replaceAll(folder, "…") };
}

beforeAll(async () => {
  const rows = Array.from({ length: 30 }, (_, i) => `${i % 4},${i % 3 ? i / 10 : ""}`);
  writeFileSync(path("table.csv"), `age,height\n${rows.join("\n")}\n`);
  const small = { batch: 8, group: 8, units: 4, width: 4 };
  const options = { system, hyper: small, rounds: 2, replicas: 1 };
  const table = await openData(path("table.csv"));
  await train({ ...options, data: table, folder: path("rows") }).finish();
  const pictures = shapes({ count: 12, size: 8 });
  await train({ ...options, data: pictures, folder: path("pictures") }).finish();
  mkdirSync(path("photos"));
  for (let i = 0; i < 3; i++) {
    const background = { r: 80 * i, g: 99, b: 7 };
    await sharp({ create: { width: 8, height: 8, channels: 3, background } })
      .png()
      .toFile(path(`photos/${i}.png`));
  }
  const left = Uint8Array.from({ length: 64 }, (_, i) => (i % 8 < 4 ? 255 : 0));
  await sharp(left, { raw: { width: 8, height: 8, channels: 1 } })
    .png()
    .toFile(path("left.png"));
});

test("a table comes back with its cells filled, several times by the seeds that follow", async () => {
  const { code, out, err } = await run(
    ...["fill", path("rows"), path("table.csv"), "--out", path("filled.csv"), "--count", "2"],
  );
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out.replaceAll(folder, "…")).toBe(
    "…/filled-01.csv: 10 cells filled\n…/filled-02.csv: 10 cells filled\n",
  );
  const [one, two] = ["filled-01.csv", "filled-02.csv"].map((n) => readFileSync(path(n), "utf8"));
  expect(one).not.toBe(two);
  expect(one!.split("\n")[2]).toBe("1,0.1");
  const again = await run(
    ...["fill", path("rows"), path("table.csv"), "--out", path("alone.csv"), "--seed", "1"],
  );
  expect(again.code).toBe(0);
  expect(readFileSync(path("alone.csv"), "utf8")).toBe(two);
});

test("pictures have filled what is black in another picture", async () => {
  const words = ["fill", path("pictures"), path("photos"), "--known", path("left.png")];
  const { code, out, err } = await run(...words, "--out", path("whole"));
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out.replaceAll(folder, "…")).toBe("…/whole: 3 pictures filled\n");
  const [before, after] = [await openData(path("photos")), await openData(path("whole"))];
  const [a, b] = [before.items as Uint8Array, after.items as Uint8Array]; // a few, in memory
  const same = a.map((value, i) => (value === b[i] ? 1 : 0));
  expect(same.every((is, i) => is === 1 || i % 8 >= 4)).toBe(true);
  expect(same.filter((is) => is === 0).length).toBeGreaterThan(100);
});

test("what is wrong with a wish is said at once", async () => {
  expect(await run("fill")).toEqual({
    code: 2,
    out: "",
    err:
      "RUN: missing; belamy runs lists them\nDATA: missing; name what is to be filled\n" +
      "--out: missing; name a file for what is filled\nbelamy fill --help shows what there is\n",
  });
  const table = ["fill", path("rows"), path("table.csv"), "--out"];
  expect((await run(...table, path("x.csv"), "--known", path("left.png"))).err).toBe(
    "--known: is for pictures\n  hint  leave cells of the table empty\n",
  );
  expect((await run(...table, path("table.csv"))).err).toBe(
    "--out: …/table.csv exists already\n  hint  remove it, or name another\n",
  );
  const pictures = ["fill", path("pictures"), path("photos"), "--out", path("y.zip")];
  expect((await run(...pictures, "--known", path("photos"))).err).toBe(
    "--known: expected one picture, found 3\n",
  );
  expect([existsSync(path("x.csv")), existsSync(path("y.zip"))]).toEqual([false, false]);
});

test("generate says what to do with a run that fills, and with one that makes nothing", async () => {
  expect(await run("generate", path("rows"))).toEqual({
    code: 2,
    out: "",
    err: "generate: missing-data fills what you have\n  hint  belamy fill …/rows DATA\n",
  });
  const code = { ...predictabilityMinimization, concludes: undefined };
  const data = proceduralData("patterns:u2");
  await train({ system: code, data, rounds: 1, folder: path("code") }).finish();
  expect(await run("generate", path("code"))).toEqual({
    code: 2,
    out: "",
    err: "generate: predictability-minimization makes nothing\n  hint  look into …/code/figures\n",
  });
});
