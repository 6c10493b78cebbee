import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, expect, test } from "vitest";
import { begin, belamy, emptyFolder, ending, program, tiny } from "./program.js";

const cwd = emptyFolder();
const first = "runs/00001-gan-ring-seed3";
let said: Awaited<ReturnType<typeof belamy>>;

beforeAll(async () => {
  said = await belamy(["train", "ring", ...tiny, "--rounds", "40", "--seed", "3"], { cwd });
});

/** Numbers that differ from run to run. */
const settled = (text: string): string =>
  text.replace(/[\d.,]+ (rounds|points)\/s/g, "# $1/s").replace(/ {2}\d+:\d\d left/g, "");

test("a run tells what it picked, how it goes and what there is", () => {
  const { code, out, err } = said;
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatch(
    /^gan on ring: 100,000 points in 2 dimensions\n40 rounds, seed 3, cpu, 1 replica\nruns\/00001-gan-ring-seed3\n\n/,
  );
  expect(settled(out)).toMatch(/ 50 % {2}round 20\/40 .* D\.real 0\.\d+ {2}D\.fake 0\.\d+/);
  const end = out.slice(out.indexOf("finished after 40 rounds"));
  expect(end).toContain(`  samples             ${first}/samples/final.png\n`);
  expect(end).toContain(`  generator           ${first}/generator.onnx\n`);
  expect(end).toContain("modes-of-8");
  expect(end).toContain(`belamy generate ${first}\n`);
});

test("--json prints events that can be parsed, and no big arrays", async () => {
  const { code, out } = await belamy(["train", "ring", ...tiny, "--rounds", "5", "--json"], {
    cwd,
  });
  expect(code).toBe(0);
  const events = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(new Set(events.map((e) => e.type))).toEqual(
    new Set([
      "started",
      "samples",
      "verdicts",
      "round",
      "checkup",
      "checkpoint",
      "scores",
      "stopped",
    ]),
  );
  expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThan(4000);
});

test("--quiet prints the folder alone", async () => {
  const { out } = await belamy(
    ["train", "ring", ...tiny, "--rounds", "2", "--quiet", "--out", "mine"],
    { cwd },
  );
  expect(out).toBe("mine\n");
  expect(existsSync(join(cwd, "mine", "generator.onnx"))).toBe(true);
});

test("generate: points as CSV and JSON, the same from the same seed", async () => {
  const { out } = await belamy(["generate", "1", "--count", "5", "--out", "a.csv"], { cwd });
  expect(out).toBe("a.csv: 5 points\n");
  await belamy(["generate", "gan-ring-seed3", "--count", "3", "--out", "b.json"], { cwd });
  const csv = readFileSync(join(cwd, "a.csv"), "utf8").trimEnd().split("\n");
  expect(csv.length).toBe(6);
  const json = JSON.parse(readFileSync(join(cwd, "b.json"), "utf8")) as number[][];
  expect(csv.slice(1, 4)).toEqual(json.map((row) => row.join(",")));
});

test("generate: a grid, single files and a walk of pictures", async () => {
  const run = emptyFolder();
  const small = ["--system", "dcgan", "--size", "16", "--width", "4", "--limit", "64"];
  await belamy(["train", "shapes", ...small, "--rounds", "2", "--quiet"], { cwd: run });
  const model = join(run, "runs/00001-dcgan-shapes-seed0/generator.onnx");
  await belamy(["generate", model, "--grid", "2x3", "--out", "grid.webp"], { cwd: run });
  expect(await sharp(join(run, "grid.webp")).metadata()).toMatchObject({ width: 52, height: 34 });
  const { out } = await belamy(["generate", "--count", "2", "--out", "one/p.png"], { cwd: run });
  expect(out).toBe("one/p-001.png to one/p-002.png: 2 pictures\n");
  expect(readdirSync(join(run, "one"))).toEqual(["p-001.png", "p-002.png"]);
  await belamy(["generate", "--walk", "--grid", "1", "--out", "walk.gif"], { cwd: run });
  const walk = await sharp(join(run, "walk.gif"), { animated: true }).metadata();
  expect(walk).toMatchObject({ width: 16, pageHeight: 16, pages: 80 });
  const wrong = await belamy(["generate", "--walk", "--out", "walk.mp4"], { cwd: run });
  expect(wrong).toMatchObject({
    code: 2,
    err: "--out: expected a name ending in .webp or .gif, received walk.mp4\n",
  });
});

test("export writes what it has run", async () => {
  const { code, out } = await belamy(["export", "1", "--out", "g.onnx"], { cwd });
  expect({ code, out }).toEqual({
    code: 0,
    out: "g.onnx: ran it, and it makes the same samples to 1e-4\n",
  });
  const tensors = await belamy(["export", "1", "--format", "safetensors", "--out", "g.st"], {
    cwd,
  });
  expect(tensors).toEqual({ code: 0, out: "g.st\n", err: "" });
});

test("runs lists what there is", async () => {
  const { out } = await belamy(["runs"], { cwd });
  const [head, line] = out.split("\n");
  expect(head).toMatch(/^run +system +data +seed +rounds +state +time +scores$/);
  expect(line).toMatch(/^ +1 +gan +ring +3 +40\/40 +finished +\d+:\d\d +modes-of-8 \d/);
  const [listed] = JSON.parse((await belamy(["runs", "--json"], { cwd })).out);
  expect(listed).toMatchObject({ number: 1, round: 40, state: "finished", folder: first });
});

test("Ctrl-C saves and stops, and the run goes on from there", { timeout: 30_000 }, async () => {
  const folder = emptyFolder();
  const words = ["train", "ring", ...tiny, "--rounds", "100000", "--limit", "1000"];
  const child = begin(words, { cwd: folder });
  const end = ending(child);
  child.stdout?.once("data", () => setTimeout(() => child.kill("SIGINT"), 700));
  const { code, out } = await end;
  expect(code).toBe(130);
  expect(out).toContain("stopping after this round; Ctrl-C again quits at once\n");
  expect(out).toMatch(/stopped after [\d,]+ rounds? in/);
  expect(out).toMatch(/\n {2}look +belamy studio\n/);
  const [, resume] = /go on +belamy (train --resume .*)\n/.exec(out) ?? [];
  const round = Number(/stopped after ([\d,]+)/.exec(out)![1]!.replace(",", ""));
  const again = begin([...resume!.split(" "), "--json"], { cwd: folder });
  const rest = ending(again);
  let asked = false;
  again.stdout?.on("data", (text: Buffer) => {
    if (asked || !text.includes('"type":"round"')) return;
    asked = true;
    again.kill("SIGTERM");
  });
  const events = (await rest).out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(events[0]).toMatchObject({ type: "started", round, rounds: 100_000 });
  expect(events.find((e) => e.type === "round").round).toBe(round + 1);
  expect(events.at(-1)).toMatchObject({ type: "stopped", reason: "asked" });
});

test("a second Ctrl-C quits at once", async () => {
  const child = begin(["train", "ring", ...tiny, "--rounds", "1000000"], { cwd: emptyFolder() });
  const end = ending(child);
  child.stdout?.once("data", () => {
    child.kill("SIGINT");
    child.kill("SIGINT");
    setTimeout(() => child.kill("SIGINT"), 5);
  });
  expect((await end).code).toBe(130);
});

test.each([
  ["a reader that leaves", `"$NODE" "$PROGRAM" train ring $TINY --rounds 100000 | head -n 2`],
  ["a closed output", `"$NODE" "$PROGRAM" train ring $TINY --rounds 5 >&-`],
])("%s", async (_, script) => {
  const env = { NODE: process.execPath, PROGRAM: program, TINY: tiny.join(" ") };
  const child = spawn("bash", ["-o", "pipefail", "-c", script], {
    cwd: emptyFolder(),
    env: { ...env, PATH: process.env.PATH ?? "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { code, err } = await ending(child);
  expect({ code, err }).toEqual({ code: 0, err: "" });
});
