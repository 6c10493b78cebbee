import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lower } from "../../src/onnx/lower.js";
import type { Evaluation } from "../../src/run/scores.js";
import { fingerprint } from "../../src/runtime/fingerprint.js";
import { concatenate, flatten, slice } from "../../src/tensor/operations.js";
import { input, type Tensor } from "../../src/tensor/tensor.js";
import { inProcess } from "./in-process.js";
import { belamy, emptyFolder, type Said, tiny } from "./program.js";

const cwd = emptyFolder();

/** Runs the command in this process. */
async function evaluate(...words: readonly string[]): Promise<Said> {
  return await inProcess(["evaluate", ...words]);
}

const before = { folder: process.cwd(), cache: process.env.BELAMY_CACHE };

afterAll(() => {
  process.chdir(before.folder);
  if (before.cache === undefined) delete process.env.BELAMY_CACHE;
  else process.env.BELAMY_CACHE = before.cache;
});

const small = ["--system", "dcgan", "--width", "4", "--rounds", "2", "--quiet"] as const;

/** A network of the user's with two outputs: the pixels, again and again, up to so many numbers. */
function networkOf(pool: number, decisions: number): Uint8Array {
  const x = flatten(input("pictures", [7919, 3, 16, 16]));
  const rows = (size: number): Tensor =>
    slice(concatenate([x, x.times(2), x.times(3)], 1), [undefined, { end: size }]);
  return lower({ pool_3: rows(pool), decisions: rows(decisions) }, { freeBatch: true }).model;
}

beforeAll(async () => {
  process.chdir(cwd);
  process.env.BELAMY_CACHE = join(cwd, "cache");
  mkdirSync(join(cwd, "photos"));
  for (let i = 0; i < 24; i++) {
    const background = { r: 10 * i, g: 128, b: 255 - 10 * i };
    await sharp({ create: { width: 16, height: 16, channels: 3, background } })
      .png()
      .toFile(join(cwd, "photos", `${i}.png`));
  }
  const shapes = ["train", "shapes", "--size", "16", "--limit", "200", ...small];
  const ring = ["train", "ring", ...tiny, "--rounds", "2", "--quiet", "--out", "points"];
  await Promise.all([
    belamy([...shapes, "--out", "pictures"], { cwd }),
    belamy(["train", "photos", ...small, "--out", "unlabelled"], { cwd }),
    belamy(ring, { cwd }),
    belamy(["train", "photos", "--color", "grey", ...tiny, ...small.slice(4), "--out", "grey"], {
      cwd,
    }),
  ]);
  writeFileSync(join(cwd, "other.onnx"), networkOf(768, 768));
  writeFileSync(join(cwd, "inception.onnx"), networkOf(2048, 1000));
  for (const [digit, grey] of [40, 200].entries()) {
    mkdirSync(join(cwd, "digits", String(digit)), { recursive: true });
    for (let i = 0; i < 12; i++) {
      const background = { r: grey + i, g: grey + i, b: grey + i };
      await sharp({ create: { width: 16, height: 16, channels: 3, background } })
        .png()
        .toFile(join(cwd, "digits", String(digit), `${i}.png`));
    }
  }
  const record = readFileSync(join(cwd, "unlabelled", "run.json"), "utf8");
  cpSync(join(cwd, "unlabelled"), join(cwd, "changed"), { recursive: true });
  const changed = record.replace(/"fingerprint": "\w+"/, '"fingerprint": "0123456789abcdef"');
  writeFileSync(join(cwd, "changed", "run.json"), changed);
});

const kept = (folder: string): Evaluation[] =>
  JSON.parse(readFileSync(join(cwd, folder, "scores.json"), "utf8")) as Evaluation[]; // as written

test("points: modes beside what is known of them", async () => {
  const { code, out, err } = await evaluate("points", "--samples", "500", "--seed", "4");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out.replace(/([↑↓]) .*/g, "$1 #")).toMatchInlineSnapshot(`
    "500 samples of gan after 2 rounds, seed 4, against 100,000 of ring
    points

    score                     value    floor
    modes-of-8          ↑ #
    high-quality-share  ↑ #
    reverse-kl          ↓ #

    modes-of-8, high-quality-share, reverse-kl: 500 samples; high quality within 3
    deviations of a mode (PacGAN), floor 500 items of ring-seed1
    scores      points/scores.json
    "
  `);
});

test("pictures: every score has its floor and its protocol, and the run keeps them", async () => {
  const words = ["pictures", "--features", "random-conv", "--samples", "100", "--json"];
  const { code, out, err } = await evaluate(...words);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const found = JSON.parse(out) as Evaluation; // as printed
  expect(found).toMatchObject({ generator: "pictures", round: 2, samples: 100, seed: 0 });
  expect(found.against).toMatchObject({ name: "shapes-seed1", count: 200 });
  expect(found.features!.hash).toMatch(/^[0-9a-f]{64}$/);
  expect(found.scores[0]!.protocol).toContain(found.features!.hash.slice(0, 12));
  expect(found.scores.map(({ name }) => name)).toMatchInlineSnapshot(`
    [
      "frechet-random-conv-304",
      "kid-random-conv-304",
      "precision-random-conv-304",
      "recall-random-conv-304",
      "density-random-conv-304",
      "coverage-random-conv-304",
    ]
  `);
  for (const { floor } of found.scores) expect(Number.isFinite(floor)).toBe(true);
  expect(found.scores[0]!.value).toBeGreaterThan(3 * found.scores[0]!.floor!);
  expect(found.scores[0]!.protocol).toMatch(
    /^100 samples to 100 items of shapes-seed1, floor 100 items of shapes; features random-conv-304 \(an untrained network\), sha256 [0-9a-f]{12}$/,
  );
  expect(kept("pictures")).toEqual([found]);
  await evaluate(...words);
  expect(kept("pictures")).toEqual([found]);
  await evaluate(...words, "--seed", "1");
  expect(kept("pictures").map(({ seed }) => seed)).toEqual([0, 1]);
});

test("a classifier is trained once, and can be given by its path", async () => {
  const words = ["pictures", "--samples", "64"];
  const { code, out, err } = await evaluate(...words);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatch(/^frechet-shapes-classifier-128 {2,}↓ +[\d.]+ +[\d.]+$/m);
  expect(out).toMatch(/^classes-of-8 +↑ +\d/m);
  expect(out).toMatch(/^samples by class {3}circle \d+\.\d %/m);
  const [, file] = /^classifier +(.*)$/m.exec(out)!;
  expect(file!.startsWith(join(cwd, "cache", "classifiers", "shapes-"))).toBe(true);
  const again = await evaluate("pictures/generator.onnx", "--samples", "64", "--features", file!);
  expect(again.out.replace("pictures/generator.onnx", "pictures")).toBe(out);
});

test("neighbours: samples beside training pictures", async () => {
  const words = ["pictures", "--features", "pixels", "--samples", "64", "--neighbours", "near.png"];
  expect((await evaluate(...words)).out).toMatch(/^neighbours {2}near\.png$/m);
  const { width, height } = await sharp(join(cwd, "near.png")).metadata();
  expect([width, height]).toEqual([10 * 18 - 2, 12 * 18 - 2]);
});

test("an Inception-v3 of the user's gives FID and Inception Score, by their number of samples", async () => {
  const words = ["pictures", "--features", "pixels", "--samples", "64", "--json"];
  const { out } = await evaluate(...words, "--inception", "inception.onnx");
  const { scores } = JSON.parse(out) as Evaluation; // as printed
  const [fid, is] = scores.slice(-2);
  const sha = fingerprint(networkOf(2048, 1000)).slice(0, 12);
  const judge = `of the user's Inception-v3 (8-bit pictures), sha256 ${sha}`;
  expect(fid).toMatchObject({
    name: "fid64",
    protocol: `64 samples to all 200 items of shapes-seed1; features ${judge}`,
  });
  expect(is!.name).toBe("is64");
  const noFid = await evaluate(...words);
  expect(noFid.out).not.toMatch(/fid|is64/);
});

test("stacked digits: modes of three channels", async () => {
  const words = ["pictures", "--features", "pixels", "--samples", "64", "--json"];
  // What is stacked is known from the source.
  const { out, err } = await evaluate(...words, "--data", "stacked:digits");
  expect(err).toBe("");
  const { scores } = JSON.parse(out) as Evaluation; // as printed
  const [modes, kl] = scores.slice(-2);
  expect(modes!.name).toBe("stacked-modes-of-8");
  expect(modes!.value).toBeGreaterThan(0);
  expect(kl).toMatchObject({ name: "stacked-kl", floor: 7 / 128 });
});

test("paths between latents: the same from the same seed", async () => {
  const words = ["pictures", "--features", "random-conv", "--samples", "40", "--perceptual-path"];
  const { out, err } = await evaluate(...words, "--json");
  expect(err).toBe("");
  const score = (JSON.parse(out) as Evaluation).scores.at(-1)!; // as printed
  expect(score.name).toBe("path-length-random-conv-304");
  expect(score.value).toBeGreaterThan(0);
  expect(score.protocol).toMatch(
    /^40 paths along arcs between normal latents, step 0\.0001, without the outer 1 %, pictures not rounded; features random-conv-304 /,
  );
  expect((await evaluate(...words, "--json")).out).toBe(out);
});

test("a network of the user is named and hashed; its classes are nobody's business", async () => {
  const words = [
    "pictures",
    "--features",
    "other.onnx",
    "--output",
    "decisions",
    "--range",
    "byte",
  ];
  const { out } = await evaluate(...words, "--samples", "64", "--json");
  const { scores, classes } = JSON.parse(out) as Evaluation; // as printed
  expect(classes).toBe(undefined);
  expect(scores[0]!.name).toBe("frechet-other-768");
  expect(scores[0]!.protocol).toMatch(
    /features other-768 \(values 0 … 255\), sha256 [0-9a-f]{12}$/,
  );
});

test("photos without classes or a test split are compared with themselves, without a floor", async () => {
  const { out } = await evaluate("unlabelled", "--samples", "32", "--json");
  const { scores, against } = JSON.parse(out) as Evaluation; // as printed
  expect(against.name).toBe("photos");
  expect(scores[0]!.name).toBe("frechet-random-conv-304");
  expect(scores.every(({ floor }) => floor === undefined)).toBe(true);
});

test.each([
  [
    "pictures --features inception --against tset --samples 3",
    2,
    `--features: Belamy has no Inception-v3; give yours with --inception FILE
--samples: expected a whole number ≥ 16, received 3
--against: expected train, test, received tset; did you mean test?
belamy evaluate --help shows what there is
`,
  ],
  [
    "pictures --features edges",
    2,
    `--features: expected classifier, pixels, random-conv or a file ending in .onnx, received edges
belamy evaluate --help shows what there is
`,
  ],
  [
    "unlabelled --features classifier",
    2,
    `--features: photos has no classes for a classifier to learn
  hint  choose random-conv, pixels or an ONNX network
`,
  ],
  [
    "unlabelled --against test",
    2,
    `--against: photos has no test split
  hint  use --against train, or put pictures into folders called train and test
`,
  ],
  [
    "pictures --data ring",
    2,
    `--data: has another shape than the samples
  data     points [2]
  samples  pictures [3 16 16]
`,
  ],
  [
    "changed",
    2,
    `${join(cwd, "photos")}: has changed since the run was trained on it
  then  0123456789ab
  now   # now
  hint  name it with --data to judge by what it is now
`,
  ],
  ["lone.onnx", 2, "--data: missing; a model by itself does not say what it was trained on\n"],
  ["other.onnx", 1, "other.onnx: is no generator that Belamy exported\n"],
  [
    "none.onnx",
    1,
    `none.onnx: cannot be read
  hint  belamy export writes one from a run's checkpoint
`,
  ],
  ["pictures --features none.onnx", 1, "none.onnx: cannot be read\n"],
  ["points --features pixels", 2, "--features: needs pictures; this generator makes points\n"],
  [
    "pictures --samples 16 --features pixels --inception other.onnx",
    1,
    `other.onnx: is no Inception-v3: no output has 2048 numbers
  hint  give other networks with --features
`,
  ],
  [
    "grey --samples 16 --perceptual-path",
    2,
    "--perceptual-path: needs normal latents; this generator draws z otherwise\n",
  ],
  [
    "grey --samples 16 --stacked digits",
    2,
    "--stacked: needs pictures of 3 channels; these samples have 1\n",
  ],
  [
    "pictures --samples 16 --features pixels --stacked photos",
    2,
    "--stacked: photos has no classes of grey pictures to tell apart\n",
  ],
  [
    "points --perceptual-path",
    2,
    "--perceptual-path: needs pictures; this generator makes points\n",
  ],
  [
    "pictures --neighbours near.txt",
    2,
    "--neighbours: expected a name ending in .png or .webp, received near.txt\n",
  ],
])("belamy evaluate %s", async (line, code, text) => {
  if (line === "lone.onnx") {
    const model = readFileSync(join(cwd, "points", "generator.onnx"));
    writeFileSync(join(cwd, "lone.onnx"), model);
  }
  const said = await evaluate(...line.split(" "));
  const err = said.err.replace(/now {3}[0-9a-f]{12}/, "now   # now");
  expect({ ...said, err }).toEqual({ code, out: "", err: text });
});
