import { expect, test } from "vitest";
import { help } from "../../src/cli/help.js";
import { cli } from "../../src/cli/program.js";
import type { Terminal } from "../../src/cli/terminal/terminal.js";
import { sceneLegend } from "../../src/data/scenes.js";
import { inProcess } from "./in-process.js";
import type { Said } from "./program.js";

/** Runs a command line in this process. */
async function run(line: string): Promise<Said> {
  return await inProcess(line.split(" ").filter(Boolean));
}

test.each(Object.keys(help))("help of %s", async (name) => {
  const asked = name === "belamy" ? "--help" : `${name} --help`;
  const { code, out, err } = await run(asked);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatchSnapshot();
  const longest = Math.max(...out.split("\n").map((line) => line.length));
  expect(longest).toBeLessThanOrEqual(80);
});

test("nothing typed shows the help", async () => {
  expect((await run("")).out).toBe(help.belamy);
  expect((await run("help train")).out).toBe(help.train);
  expect((await run("--version")).out).toMatch(/^belamy \d+\.\d+\.\d+\n$/);
});

test.each([
  [
    "trian ring",
    "trian: no such command; did you mean train?\nbelamy --help shows what there is\n",
  ],
  ["--verison", "--verison: unknown\nbelamy --help shows what there is\n"],
  [
    "train ring --sytem gan --rounds many --system gna --hyper lr",
    `--sytem: unknown; did you mean --system?
--system: no such system, gna; did you mean gan?
--rounds: expected a whole number ≥ 1, received many
belamy train --help shows what there is
`,
  ],
  [
    "train ring --system gan --lr -1 --units 2.5 --hyper lattent=3 --hyper lr",
    `--hyper: expected name=value, received lr
--units: expected a whole number, received 2.5
--lr: expected ≥ 0, received -1
hyper.lattent: unknown; did you mean latent?
belamy train --help shows what there is
`,
  ],
  [
    "train --system gan --rounds 3 --minutes 0",
    `--minutes: expected a number > 0, received 0
--rounds and --minutes: choose one of them
SOURCE: missing; name data, such as ring or a folder of pictures
belamy train --help shows what there is
`,
  ],
  [
    "train a b --system gan --color blue --fit crp",
    `b: not expected; belamy train takes SOURCE
--color: expected auto, rgb, grey, received blue
--fit: expected crop, pad, received crp; did you mean crop?
belamy train --help shows what there is
`,
  ],
  [
    "data photos --given edges --pairs side --direction BtoB",
    `--pairs: expected side-by-side, received side
--direction: expected AtoB, BtoA, received BtoB; did you mean AtoB?
--given and --pairs: choose one of them
belamy data --help shows what there is
`,
  ],
  [
    "data photos --direction BtoA",
    "--direction: belongs to --pairs side-by-side\nbelamy data --help shows what there is\n",
  ],
  ["train ring --seed", "--seed: needs a value\nbelamy train --help shows what there is\n"],
  [
    "generate --grid axb --cuont 3",
    `--cuont: unknown; did you mean --count?
--grid: expected a number or two as in 8x8, received axb
belamy generate --help shows what there is
`,
  ],
  [
    "systems dcgna",
    "NAME: no such system, dcgna; did you mean dcgan?\nbelamy systems --help shows what there is\n",
  ],
  [
    "train rnig --system gan",
    `data: rnig is no known set, and nothing exists at that path
  hint  did you mean ring?
`,
  ],
  [
    "data convert --out sheet.png",
    `SOURCE: missing; name data, such as a folder
--out: belongs to belamy data inspect; name OUT after SOURCE
belamy data --help shows what there is
`,
  ],
  [
    "data convert shapes",
    "OUT: missing; name a folder, .zip or .npz\nbelamy data --help shows what there is\n",
  ],
  [
    "data inspect --dry-run ring grid",
    `grid: not expected; belamy data takes SOURCE
--dry-run: belongs to belamy data convert
belamy data --help shows what there is
`,
  ],
  ["data convert shapes a.tar", "OUT: expected a folder, .zip or .npz, received a.tar\n"],
  [
    "data convert ring points --limit 3",
    "OUT: points are only written as .npz\n  hint  name a file such as points.npz\n",
  ],
  ["generate 99", "RUN: there is no run 99\n  hint  belamy runs lists them\n"],
])("belamy %s: exit code 2", async (line, text) => {
  const { code, out, err } = await run(line);
  expect(err).toBe(text);
  expect({ code, out }).toEqual({ code: 2, out: "" });
});

test("a file that is not there: exit code 1", async () => {
  const { code, err } = await run("data ./no-such-folder");
  expect({ code, err }).toEqual({ code: 1, err: "./no-such-folder: does not exist\n" });
});

test.each(["gan", "dcgan"])("the table of %s", async (name) => {
  expect((await run(`systems ${name}`)).out).toMatchSnapshot();
});

test("systems: a list, one as JSON, BibTeX", async () => {
  expect((await run("systems")).out).toMatch(/^gan +2014 +Generative Adversarial Nets\n/m);
  const one = JSON.parse((await run("systems dcgan --json")).out);
  expect(one.networks.map((n: { parameters: number }) => n.parameters)).toEqual([
    expect.any(Number),
    expect.any(Number),
  ]);
  expect((await run("systems gan --bibtex")).out).toMatchInlineSnapshot(`
    "@misc{goodfellow2014gan,
      title = {{Generative Adversarial Nets}},
      author = {Goodfellow and Pouget-Abadie and Mirza and Xu and Warde-Farley and Ozair and Courville and Bengio},
      year = {2014},
      eprint = {1406.2661},
      archivePrefix = {arXiv}
    }
    "
  `);
});

test("a dry run names the game, marks what differs, and estimates", async () => {
  const { code, out } = await run(
    "train ring --system gan --width 32 --limit 100 --rounds 7 --dry-run",
  );
  expect(code).toBe(0);
  expect(out).toMatch(/\* width +32 +units in a hidden layer of G \(default 1200\)/);
  expect(out).toMatch(/\* rounds +7 +rounds +rounds to play \(default 20000\)/);
  expect(out).toMatch(/Estimate\n {2}memory {2}about [\d.]+ MB, data included\n/);
  expect(out).toMatch(/run {5}7 rounds in 0:00 or more/);
});

test("data: as text and as JSON", async () => {
  const { out } = await run("data shapes --limit 16 --size 16");
  expect(out).toMatchSnapshot();
  const told = JSON.parse((await run("data moons --limit 10 --json")).out);
  expect(told).toMatchObject({ name: "moons", kind: "points", shape: [2], count: 10, skipped: [] });
});

test("data: what is given, and what the colours of maps mean", async () => {
  const drawn = (await run("data shapes --limit 16 --size 16 --given edges")).out;
  expect(drawn).toContain("  given     pictures of 1×16×16, 4.1 kB\n");
  const { out } = await run("data scenes --limit 16");
  expect(out).toContain("  given   pictures of 3×32×32, 49.2 kB\n");
  const [, legend = ""] = /colours of the maps\n([\s\S]*?)\n\n/.exec(out) ?? [];
  const shares = [...legend.matchAll(/(\w+) ([\d.]+)%/g)];
  expect(shares.map(([, name]) => name)).toEqual(sceneLegend.map(({ name }) => name));
  const total = shares.reduce((sum, [, , share]) => sum + Number(share), 0);
  expect(Math.abs(total - 100)).toBeLessThan(0.4);
  const told = JSON.parse((await run("data scenes --limit 16 --json")).out);
  expect(told.given).toEqual({ shape: [3, 32, 32], bytes: 16 * 3 * 32 * 32 });
  const parts: { name: string; share: number }[] = told.legend;
  expect(parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
});

test("an unexpected error is one line, and a stack with --debug", async () => {
  let err = "";
  const terminal = {
    write: () => {
      throw new TypeError("x is not a function\nmore");
    },
    complain: (text: string) => {
      err += text;
    },
  } as unknown as Terminal; // nothing else is asked of it
  expect(await cli(["systems", "--help"], terminal)).toBe(1);
  expect(err).toBe("unexpected: x is not a function\n  hint  --debug shows where it came from\n");
  err = "";
  await cli(["systems", "--help", "--debug"], terminal);
  expect(err).toContain("\n    at ");
});
