import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cli } from "../../src/cli/program.js";
import type { Terminal } from "../../src/cli/terminal/terminal.js";
import { png, waves } from "../upscale/textures.js";
import { begin, emptyFolder, ending } from "./program.js";

const cwd = emptyFolder();
mkdirSync(join(cwd, "tiles", "walls"), { recursive: true });
mkdirSync(join(cwd, "bad"));

const disc = (x: number, y: number) => (Math.hypot(x - 7.5, y - 7.5) < 6 ? 255 : 0);
const wave = waves(16, 3);
const brick = await png([16, 16, 3], wave);
writeFileSync(join(cwd, "tiles", "walls", "brick.png"), brick);
writeFileSync(
  join(cwd, "tiles", "coin.png"),
  await png([16, 16, 4], (x, y, c) => (c === 3 ? disc(x, y) : wave(x, y, c))),
);
writeFileSync(join(cwd, "bad", "brick.png"), brick);
writeFileSync(join(cwd, "bad", "cut.png"), brick.subarray(0, 99));

/** Runs a command line in this process; `./` is this file's own folder, in what is said too. */
async function said(line: string): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ["", ""];
  const terminal: Terminal = {
    write: (text) => {
      out += text;
    },
    complain: (text) => {
      err += text;
    },
    live: false,
    colors: "none",
    unicode: true,
    columns: () => 80,
    rows: () => 24,
    env: {},
    closed: new AbortController().signal,
  };
  const words = line.split(" ").map((word) => word.replace(/^\.\//, `${cwd}/`));
  const code = await cli(words, terminal);
  return { code, out: out.replaceAll(`${cwd}/`, "./"), err: err.replaceAll(`${cwd}/`, "./") };
}

test("a folder is made larger; what was done stands in a table", async () => {
  const dry = await said("upscale ./tiles --out ./hd --down 2 --dry-run");
  expect(dry).toEqual({
    code: 0,
    err: "note: no --model was given: bicubic, which adds no detail, is used\n",
    out: `./hd would be: 2 pictures
  made larger by bicubic ×4
  pixels take up to 216.8 kB of memory at once, beside the model's own

  picture           from     to  as   alpha   seamless    memory
  coin.png         16×16  32×32  png  states  both      216.8 kB
  walls/brick.png  16×16  32×32  png          both      213.7 kB
`,
  });
  expect(existsSync(join(cwd, "hd"))).toBe(false);
  const done = await said("upscale ./tiles --out ./hd --down 2 --model lanczos");
  const table = done.out.replace(/\d+\.\d$/gm, (number) => (Number(number) > 25 ? "good" : number));
  expect({ ...done, out: table }).toEqual({
    code: 0,
    err: "",
    out: `./hd: 2 pictures
  made larger by lanczos ×4
  made small again: ${done.out.match(/again: (.*) dB/)![1]} dB to their sources

  picture           from     to  as   alpha   seamless  PSNR dB
  coin.png         16×16  32×32  png  states  both         good
  walls/brick.png  16×16  32×32  png          both         good
`,
  });
  expect(readdirSync(join(cwd, "hd")).sort()).toEqual([
    ".belamy-upscale",
    "coin.png",
    "report.json",
    "walls",
  ]);
  const again = await said("upscale ./tiles --out ./hd --down 2 --model lanczos --json");
  expect(JSON.parse(again.out)).toMatchObject({
    source: "./tiles",
    model: "lanczos ×4",
    scale: 2,
    kept: 2,
    files: [{ name: "coin.png", seamless: { x: true, y: true } }, { name: "walls/brick.png" }],
  });
  const report = JSON.parse(readFileSync(join(cwd, "hd", "report.json"), "utf8"));
  expect(report.files).toEqual(JSON.parse(again.out).files);
});

test("notes and what was left out stand below the table", async () => {
  const stopped = await said("upscale ./bad --model lanczos");
  expect(stopped).toEqual({
    code: 1,
    out: "",
    err: "./bad › cut.png: is cut short or damaged\n  hint  pass --skip-bad to leave it out\n",
  });
  const { out, code } = await said("upscale ./bad --model lanczos --to bc1 --skip-bad --dry-run");
  expect(code).toBe(0);
  expect(out.split("\n").slice(-3)).toEqual(["", "left out: cut.png is cut short or damaged", ""]);
  const noted = await said("upscale ./tiles --model lanczos --normal-maps coin*,*ick* --dry-run");
  expect(noted.out).toContain("coin.png         16×16  64×64  png  normals");
});

test("everything that is wrong with the flags is said at once", async () => {
  expect(await said("upscale --down 2 --size 4 --to gif --palette 1000 --seamless maybe")).toEqual({
    code: 2,
    out: "",
    err: `SOURCE: missing; name a folder, a zip or a picture
--down and --size: choose one of them
--to: expected keep, png, jpeg, webp, tga, bc1, bc3, bc7, rgba, bgra, received gif
--seamless: expected auto, all, none, received maybe
--palette: expected keep or 2 to 256 colours, received 1000
belamy upscale --help shows what there is
`,
  });
  expect((await said("upscale ./tiles --model net.onnx --scale 2 --palette 8 --to tga")).err).toBe(
    `--scale: a network has its own; use --down or --size for smaller results
--palette: writes PNG, and --to asks for tga
belamy upscale --help shows what there is
`,
  );
  expect(await said("upscale ./tiles --model net.onnx")).toEqual({
    code: 2,
    out: "",
    err: "net.onnx: there is no such file\n  hint  give a file, a run's folder, bicubic or lanczos\n",
  });
});

test("Ctrl-C stops with 130, and the same command goes on", async () => {
  mkdirSync(join(cwd, "many"));
  for (let i = 0; i < 30; i++) writeFileSync(join(cwd, "many", `${i}.png`), brick);
  const words = ["upscale", "many", "--model", "bicubic", "--scale", "16"];
  const child = begin(words, { cwd });
  const ended = ending(child);
  const out = join(cwd, "many-x16");
  const pictures = () =>
    existsSync(out) ? readdirSync(out).filter((name) => name.endsWith(".png")) : [];
  while (pictures().length < 3) await new Promise((resolve) => setTimeout(resolve, 2));
  child.kill("SIGINT");
  expect(await ended).toEqual({
    code: 130,
    out: "",
    err: "stopped; the same command goes on from here\n",
  });
  const before = pictures().length;
  expect(before).toBeLessThan(30);
  const again = await ending(begin([...words, "--json"], { cwd }));
  const { kept } = JSON.parse(again.out);
  expect([kept === before || kept === before - 1, pictures().length]).toEqual([true, 30]);
});
