import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { Evaluation } from "../../src/run/scores.js";
import { inProcess } from "./in-process.js";
import { emptyFolder, type Said } from "./program.js";

const folder = emptyFolder();
const path = (name: string): string => join(folder, name);

async function run(...words: string[]): Promise<Said> {
  const { code, out, err } = await inProcess(words);
  const short = (text: string): string => text.replaceAll(folder, "…");
  return { code, out: short(out), err: short(err) };
}

beforeAll(async () => {
  const few = ["--rounds", "2", "--batch", "4", "--group", "4", "--width", "4", "--replicas", "1"];
  const maps = ["train", "scenes", "--system", "adversarial-segmentation", "--narrow", "16"];
  await run(...maps, ...few, "--limit", "20", "--out", path("maps"));
  const edges = ["train", "products", "--system", "pix2pix", "--size", "16"];
  await run(...edges, ...few, "--limit", "20", "--out", path("edges"));
});

test("maps are judged by pixels and by structure, on photos that were not trained on", async () => {
  const { code, out, err } = await run("evaluate", path("maps"));
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out.replace(/([↑↓]) .*/g, "$1 #")).toMatchInlineSnapshot(`
    "20 samples of adversarial-segmentation after 2 rounds, seed 0, against 20 of scenes-seed1
    …/maps

    score                 value
    mean-iou         ↑ #
    pixel-accuracy   ↑ #
    class-accuracy   ↑ #
    boundary-f1      ↑ #
    component-error  ↓ #
    extra-fragments  ↓ #
    hole-error       ↓ #

    mean-iou: 20 maps, 6 classes; intersection over union, counted over all maps
    together
    pixel-accuracy: 20 maps, 6 classes; pixels that have their class
    class-accuracy: 20 maps, 6 classes; the mean over classes of the same
    boundary-f1: 20 maps, 6 classes; outlines within one pixel or 0.75 %
    component-error: 20 maps, 6 classes; parts of a class too many or too few, in a
    map
    extra-fragments: 20 maps, 6 classes; parts of a class too many, in a map
    hole-error: 20 maps, 6 classes; holes in a class too many or too few, in a map
    scores      …/maps/scores.json
    "
  `);
  const [kept] = JSON.parse(readFileSync(path("maps/scores.json"), "utf8")) as Evaluation[]; // written
  expect(kept?.against.name).toBe("scenes-seed1");
  expect(kept?.round).toBe(2);
  expect(kept?.hash).toMatch(/^[0-9a-f]{64}$/);
  const trained = await run("evaluate", path("maps"), "--against", "train", "--json");
  expect((JSON.parse(trained.out) as Evaluation).against.name).toBe("scenes"); // as printed
});

test("pictures without a legend are judged by how near they are to their own", async () => {
  const { code, out } = await run("evaluate", path("edges"), "--samples", "16", "--json");
  expect(code).toBe(0);
  const { scores, samples } = JSON.parse(out) as Evaluation; // as printed
  expect(samples).toBe(16);
  expect(scores.map(({ name }) => name)).toEqual(["psnr", "ssim"]);
  for (const { value } of scores) expect(Number.isFinite(value)).toBe(true);
});

test("what is for pictures made by chance is refused", async () => {
  expect(await run("evaluate", path("maps"), "--features", "pixels")).toMatchInlineSnapshot(`
    {
      "code": 2,
      "err": "--features: needs pictures made by chance; this run is given pictures
    ",
      "out": "",
    }
  `);
  expect(await run("evaluate", path("maps"), "--data", "shapes")).toMatchInlineSnapshot(`
    {
      "code": 2,
      "err": "--data: shapes-seed1 has no other picture for each of its own
    ",
      "out": "",
    }
  `);
});
