import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, expect, test } from "vitest";
import { pairs } from "../../src/data/pairs.js";
import { ring } from "../../src/data/points.js";
import { proceduralData } from "../../src/data/procedural.js";
import { train } from "../../src/run/train.js";
import { galaxygan } from "../../src/zoo/galaxygan.js";
import { gan } from "../../src/zoo/gan.js";
import { pix2pix } from "../../src/zoo/pix2pix.js";
import { inProcess } from "./in-process.js";
import { emptyFolder, type Said } from "./program.js";

const folder = emptyFolder();
const path = (name: string): string => join(folder, name);

/** What a command says, with `…` for this file's own folder. */
async function run(...words: string[]): Promise<Said> {
  const { code, out, err } = await inProcess(words);
  const short = (text: string): string => text.replaceAll(folder, "…");
  return { code, out: short(out), err: short(err) };
}

beforeAll(async () => {
  const data = proceduralData("products", { count: 12, size: 16 });
  const hyper = { width: 4, batch: 4, group: 4 };
  await train({ system: pix2pix, data, hyper, rounds: 2, folder: path("edges") }).finish();
  const points = { system: gan, data: ring({ count: 8 }), rounds: 1, folder: path("points") };
  await train({ ...points, hyper: { batch: 4, group: 4, width: 4, units: 4 } }).finish();
  mkdirSync(path("photos/deep"), { recursive: true });
  for (const [i, name] of ["a.png", "deep/b.jpg"].entries()) {
    await sharp({
      create: { width: 40, height: 30, channels: 3, background: { r: 90 * i, g: 9, b: 9 } },
    }).toFile(path(`photos/${name}`));
  }
});

test("a folder of pictures keeps its names, in the size of the run", async () => {
  const { code, out, err } = await run(
    "apply",
    path("edges"),
    path("photos"),
    "--out",
    path("made"),
  );
  expect({ code, out, err }).toEqual({ code: 0, out: "…/made: 2 pictures made\n", err: "" });
  expect(readdirSync(path("made"), { recursive: true }).sort()).toEqual([
    "a.png",
    "deep",
    "deep/b.png",
  ]);
  const { width, height } = await sharp(path("made/deep/b.png")).metadata();
  expect([width, height]).toEqual([16, 16]);
});

test("one picture becomes one file, in its own size where that is asked for", async () => {
  const photo = path("photos/a.png");
  const own = await run("apply", path("edges"), photo, "--out", path("own.png"), "--own-size");
  expect(own).toEqual({ code: 0, out: "…/own.png: 1 picture made\n", err: "" });
  const { width, height } = await sharp(path("own.png")).metadata();
  expect([width, height]).toEqual([48, 32]);
});

test("what belongs to each picture is given, when it is asked for", async () => {
  const words = ["--given", "edges", "--out", path("redrawn.zip")];
  expect(await run("apply", path("edges"), "shapes", "--limit", "3", ...words)).toEqual({
    code: 0,
    out: "…/redrawn.zip: 3 pictures made\n",
    err: "",
  });
});

test("maps are read as those of the run were: by number or by colour, and nothing else", async () => {
  const scenes = proceduralData("scenes", { count: 8, size: 32 });
  const data = pairs({ ...scenes, items: scenes.given!.items }, scenes);
  const hyper = { width: 4, batch: 4, group: 4 };
  await train({ system: pix2pix, data, hyper, rounds: 1, folder: path("streets") }).finish();
  const legend = scenes.legend!;
  const numbers = Uint8Array.from({ length: 32 * 32 }, (_, i) => (i >> 3) % legend.length);
  const rgb = new Uint8Array([...numbers].flatMap((k) => legend[k]!.colour));
  mkdirSync(path("maps"));
  const size = { width: 32, height: 32 };
  await sharp(numbers, { raw: { ...size, channels: 1 } }).toFile(path("maps/numbers.png"));
  await sharp(rgb, { raw: { ...size, channels: 3 } }).toFile(path("maps/colours.png"));
  const { code, err } = await run("apply", path("streets"), path("maps"), "--out", path("seen"));
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const [a, b] = await Promise.all(
    ["numbers", "colours"].map((name) =>
      sharp(path(`seen/${name}.png`))
        .raw()
        .toBuffer(),
    ),
  );
  expect(a!.equals(b!)).toBe(true);
  const refused = await run(
    "apply",
    path("streets"),
    path("photos/a.png"),
    "--out",
    path("no.png"),
  );
  expect(refused.err).toBe("…/photos/a.png: has #000909 at (0, 0), which is not in the legend\n");
});

test.each([
  {
    words: [path("edges"), path("photos")],
    said: "--out: missing; name a place for what is made\nbelamy apply --help shows what there is\n",
  },
  {
    words: [path("edges"), path("photos/a.png"), "--out", path("made.jpg")],
    said: "--out: expected a .png or a folder, received …/made.jpg\n",
  },
  {
    words: [path("edges"), path("photos/a.png"), "--out", path("photos/a.png")],
    said: "--out: …/photos/a.png is what is given\n  hint  remove it, or name another\n",
  },
  {
    words: [path("points"), path("photos"), "--out", path("none")],
    said: "translate: gan makes no pictures from pictures\n  hint  pix2pix does\n",
  },
])("apply $words.2 $words.3: $said", async ({ words, said }) => {
  expect(await run("apply", ...words)).toEqual({ code: 2, out: "", err: said });
});

test("generate says what to do instead", async () => {
  expect(await run("generate", path("edges"))).toEqual({
    code: 2,
    out: "",
    err: "generate: pix2pix makes pictures from pictures\n  hint  belamy apply …/edges PICTURES\n",
  });
});

test("evaluate says where a run that restores pictures is scored", async () => {
  const data = proceduralData("galaxies", { count: 8, size: 16 });
  const hyper = { width: 4, batch: 4, group: 4 };
  const system = { ...galaxygan, concludes: undefined };
  await train({ system, data, hyper, rounds: 1, folder: path("sky"), replicas: 1 }).finish();
  expect(await run("evaluate", path("sky"))).toEqual({
    code: 2,
    out: "",
    err: `evaluate: galaxygan restores pictures, and no others belong to those of this run
  hint  look into …/sky/figures; belamy curve scores pictures made larger
`,
  });
});
