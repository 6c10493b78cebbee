import { spawn } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { looksLikeTga } from "../../src/data/files/tga.js";
import { planUpscale, upscale } from "../../src/upscale/job.js";
import { openUpscaler } from "../../src/upscale/open.js";
import { zipOf } from "../data/make.js";
import { emptyFolder, folderOf, png, waves } from "./textures.js";

const few = async (count: number): Promise<Record<string, Uint8Array>> => {
  const files: Record<string, Uint8Array> = {};
  for (let i = 0; i < count; i++) {
    files[`${i % 2 === 0 ? "walls/" : ""}${i}.png`] = await png([16, 16, 3], waves(16, i));
  }
  return files;
};

/** Every file below a folder, hidden ones too. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile())
    .sort();

const said = async (action: Promise<unknown>): Promise<string> =>
  await action.then(
    () => "",
    (error: Error) => error.message,
  );

test("folders keep their structure, and a zip comes out as a folder", async () => {
  const files = await few(3);
  const folder = folderOf({ ...files, "notes.txt": Buffer.from("no picture") });
  const report = await upscale(folder, { out: `${folder}-out` });
  expect(report.files.map(({ out }) => out)).toEqual(["1.png", "walls/0.png", "walls/2.png"]);
  expect(filesIn(`${folder}-out`)).toEqual([
    ".belamy-upscale/journal.jsonl",
    "1.png",
    "report.json",
    "walls/0.png",
    "walls/2.png",
  ]);
  const kept = JSON.parse(readFileSync(join(`${folder}-out`, "report.json"), "utf8"));
  expect(kept).toMatchObject({ model: "bicubic ×4", scale: 4, kept: 0, skipped: [] });
  expect(kept.files).toHaveLength(3);
  const zip = join(emptyFolder(), "set.zip");
  writeFileSync(zip, zipOf(Object.entries(files).map(([name, bytes]) => ({ name, bytes }))));
  const unpacked = await upscale(zip, {});
  expect(unpacked.out).toBe(zip.replace(".zip", "-x4"));
  for (const { out } of report.files) {
    const [a, b] = [join(`${folder}-out`, out), join(unpacked.out, out)];
    expect(readFileSync(a).equals(readFileSync(b))).toBe(true);
  }
});

test("planUpscale says what upscale does, and writes nothing", async () => {
  const folder = folderOf(await few(2));
  const out = `${folder}-out`;
  const plan = await planUpscale(folder, { out, down: 2 });
  expect(existsSync(out)).toBe(false);
  const report = await upscale(folder, { out, down: 2 });
  expect(report.files).toMatchObject(plan.files);
  expect((await planUpscale(folder, { out, down: 2 })).kept).toBe(2);
});

test("what is there and made of the same in the same way is kept; all else is done again", async () => {
  const folder = folderOf(await few(3));
  const out = `${folder}-out`;
  await upscale(folder, { out });
  expect((await upscale(folder, { out })).kept).toBe(3);
  // Another source, a file that is gone, and one that was cut.
  writeFileSync(join(folder, "1.png"), await png([8, 8, 3], waves(8, 9)));
  rmSync(join(out, "walls/0.png"));
  expect((await upscale(folder, { out })).kept).toBe(1);
  writeFileSync(join(out, "walls/2.png"), "cut");
  expect((await upscale(folder, { out })).kept).toBe(2);
  // Other settings.
  expect((await upscale(folder, { out, model: "lanczos" })).kept).toBe(0);
  expect((await upscale(folder, { out, model: "lanczos" })).kept).toBe(3);
  // Half a line of a process that was killed.
  appendFileSync(join(out, ".belamy-upscale/journal.jsonl"), '{"source":"12');
  expect((await upscale(folder, { out, model: "lanczos", seamless: "all" })).kept).toBe(0);
  expect((await upscale(folder, { out, model: "lanczos", seamless: "all" })).kept).toBe(3);
});

const job = fileURLToPath(new URL("../../dist/upscale/job.js", import.meta.url));

test("killed with -9 and started again it goes on; no file is ever there in part", async () => {
  const folder = folderOf(await few(20));
  const whole = `${folder}-whole`;
  await upscale(folder, { out: whole, scale: 8 });
  const out = `${folder}-out`;
  const code = `import { upscale } from ${JSON.stringify(job)};
    const report = await upscale(${JSON.stringify(folder)}, { out: ${JSON.stringify(out)}, scale: 8 });
    console.log(report.kept);`;
  let kept = -1;
  let kills = 0;
  const before: number[] = [];
  while (kept < 0) {
    const child = spawn(process.execPath, ["--input-type=module", "-e", code]);
    let printed = "";
    child.stdout.on("data", (text: Buffer) => {
      printed += text.toString();
    });
    const ended = new Promise((resolve) => child.on("close", resolve));
    // Killed once a few more files are there, twice.
    const wanted = 6 * (kills + 1);
    while (kills < 2 && child.exitCode === null) {
      const there = existsSync(out) ? filesIn(out).filter((name) => name.endsWith(".png")) : [];
      if (there.length >= wanted) {
        child.kill("SIGKILL");
        kills++;
        before.push(there.length);
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await ended;
    for (const name of existsSync(out) ? filesIn(out) : []) {
      if (!name.endsWith(".png")) continue;
      expect(readFileSync(join(out, name)).equals(readFileSync(join(whole, name)))).toBe(true);
    }
    if (printed !== "") kept = Number(printed);
  }
  expect(kills).toBe(2);
  expect(kept).toBeGreaterThanOrEqual(before.at(-1)! - 1);
  const pictures = (names: string[]) => names.filter((name) => name.endsWith(".png"));
  expect(pictures(filesIn(out))).toEqual(pictures(filesIn(whole)));
  expect(filesIn(join(out, ".belamy-upscale"))).toEqual(["journal.jsonl"]);
});

test("two runs do not write to one folder at once", async () => {
  const folder = folderOf(await few(4));
  const out = `${folder}-out`;
  const results = await Promise.allSettled([upscale(folder, { out }), upscale(folder, { out })]);
  const failed = results.filter(({ status }) => status === "rejected");
  expect(failed).toHaveLength(1);
  const lock = join(out, ".belamy-upscale", "lock");
  expect((failed[0] as PromiseRejectedResult).reason.message).toBe(
    // allSettled's own words
    `--out: process ${process.pid} is writing to ${out}
  hint  wait for it, or remove ${lock} when there is no such process`,
  );
  expect(existsSync(lock)).toBe(false);
  // Of a process that is gone, or of nobody.
  for (const text of [`{"process":999999999,"host":"${hostname()}"}`, "half a li"]) {
    writeFileSync(lock, text);
    expect((await upscale(folder, { out })).kept).toBe(4);
  }
  writeFileSync(lock, '{"process":1,"host":"another"}');
  expect(await said(upscale(folder, { out }))).toBe(
    `--out: process 1 on another is writing to ${out}
  hint  wait for it, or remove ${lock} when there is no such process`,
  );
});

test("a picture by itself becomes a file beside it, with nothing else", async () => {
  const folder = folderOf({ "a.png": await png([8, 8, 3], waves(8, 1)) });
  const report = await upscale(join(folder, "a.png"), { scale: 2 });
  expect(report.out).toBe(join(folder, "a-x2.png"));
  expect(filesIn(folder)).toEqual(["a-x2.png", "a.png"]);
  expect(await said(upscale(join(folder, "a.png"), { scale: 2 }))).toBe(
    `--out: ${join(folder, "a-x2.png")} exists already\n  hint  remove it, or name another`,
  );
});

test("the name of a single result says its format; its format, the name that nobody gave", async () => {
  const folder = folderOf({ "a.png": await png([8, 8, 3], waves(8, 1)) });
  const file = join(folder, "a.png");
  const named = await upscale(file, { out: join(folder, "b.tga") });
  expect(named.files[0]).toMatchObject({ format: "tga" });
  expect(looksLikeTga(readFileSync(join(folder, "b.tga")))).toBe(true);
  const dds = await upscale(file, { out: join(folder, "b.dds") });
  expect(dds.files[0]).toMatchObject({ format: "bc7" });
  const plan = await planUpscale(file, { to: "bc1", down: 2 });
  const asked = await upscale(file, { to: "bc1", down: 2 });
  expect([plan.out, asked.out]).toEqual([join(folder, "a-x2.dds"), join(folder, "a-x2.dds")]);
  expect(readFileSync(asked.out).subarray(0, 4).toString()).toBe("DDS ");
  const out = join(folder, "c.webp");
  expect(await said(upscale(file, { out, to: "bc7" }))).toBe(
    `--out: ${out} would be named webp, and bc7 was asked for`,
  );
  expect(await said(upscale(file, { out, palette: 8 }))).toBe(
    `--out: ${out} would be named webp, and png was asked for`,
  );
});

test("a signal stops between rows, and leaves nothing in part", async () => {
  const folder = folderOf({ "a.png": await png([64, 64, 3], waves(64, 1)) });
  const out = `${folder}-out`;
  const stop = new AbortController();
  const kernel = await openUpscaler("bicubic", { scale: 4 });
  const stopping = upscale(folder, {
    out,
    signal: stop.signal,
    model: {
      ...kernel,
      upscaleRows: (picture, options) => {
        stop.abort();
        return kernel.upscaleRows(picture, options);
      },
    },
  });
  await expect(stopping).rejects.toThrow(expect.objectContaining({ name: "AbortError" }));
  expect(filesIn(out)).toEqual([]);
});

test("what cannot be used is named, all of it before anything is written", async () => {
  const good = await png([8, 8, 3], waves(8, 1));
  const folder = folderOf({
    "cut.png": good.subarray(0, 60),
    "good.png": good,
    "text.png": Buffer.from("not a picture"),
    "zero.tga": new Uint8Array(),
  });
  const out = `${folder}-out`;
  expect(await said(upscale(folder, { out }))).toBe(
    `${folder}: 3 of 4 pictures cannot be used
  cut.png   is cut short or damaged
  text.png  is not a picture that can be read (PNG, JPEG, WebP, GIF, TIFF, AVIF, DDS, TGA)
  zero.tga  is empty (0 bytes)
  hint      pass --skip-bad to leave them out`,
  );
  expect(existsSync(out)).toBe(false);
  const report = await upscale(folder, { out, skipBad: true });
  expect(report.files.map(({ name }) => name)).toEqual(["good.png"]);
  expect(report.skipped.map(({ file }) => file)).toEqual(["cut.png", "text.png", "zero.tga"]);
});

test("formats that have no place for a picture say so", async () => {
  const wide = folderOf({ "wide.png": await png([1, 4200, 3], () => 9) });
  expect(await said(planUpscale(wide, { to: "webp" }))).toBe(
    `${wide} › wide.png: would be 16800 × 4, and WebP has at most 16383 a side`,
  );
  expect(await said(planUpscale(wide, { to: "bc1" }))).toBe(
    `${wide} › wide.png: would be 16800 × 4, and DDS has at most 16384 a side`,
  );
  const clear = folderOf({ "clear.png": await png([8, 8, 4], (x) => x * 30) });
  expect(await said(planUpscale(clear, { to: "jpeg" }))).toBe(
    `${clear} › clear.png: has alpha, which JPEG cannot keep`,
  );
  const twice = folderOf({
    "a.png": await png([8, 8, 3], waves(8, 1)),
    "a.webp": await png([8, 8, 3], waves(8, 2)),
  });
  expect(await said(planUpscale(twice, { to: "tga" }))).toBe(
    `${twice} › a.webp: would be written to a.tga, as a.png is
  hint  pass --skip-bad to leave it out`,
  );
});

test("sources and places that make no sense", async () => {
  const folder = folderOf(await few(1));
  const empty = emptyFolder();
  expect(await said(upscale(empty))).toBe(
    `${empty}: holds no pictures\n  hint  name a folder or zip of PNG, JPEG, WebP, TGA or DDS`,
  );
  expect(await said(upscale(join(empty, "absent")))).toBe(
    `${join(empty, "absent")}: does not exist`,
  );
  const text = join(empty, "table.csv");
  writeFileSync(text, "a,b\n1,2\n");
  expect(await said(upscale(text))).toBe(`${text}: is no folder, zip or picture (table)`);
  expect(await said(upscale(folder, { out: folder }))).toBe(
    "--out: is SOURCE itself\n  hint  name a folder beside it",
  );
  expect(await said(upscale(folder, { out: join(folder, "large") }))).toBe(
    "--out: lies in SOURCE, and would be read the next time\n  hint  name a folder beside it",
  );
  expect(await said(upscale(folder, { out: empty }))).toBe(
    `--out: ${empty} holds other files\n  hint  remove it, or name another`,
  );
  expect(await said(upscale(folder, { out: text }))).toBe(
    `--out: ${text} exists already\n  hint  remove it, or name another`,
  );
  expect(await said(upscale(folder, { out: join(text, "below") }))).toBe(
    `${join(text, "below")}: not written, a file has its folder's name`,
  );
  // A file where a folder has to be.
  const out = `${folder}-out`;
  mkdirSync(join(out, ".belamy-upscale"), { recursive: true });
  writeFileSync(join(out, "walls"), "in the way");
  expect(await said(upscale(folder, { out }))).toBe(
    `${out}: not written, a file has its folder's name`,
  );
});

test("a disk that is full says so, and what was done stays", async () => {
  const folder = folderOf(await few(3));
  const out = `${folder}-out`;
  const kernel = await openUpscaler("bicubic", { scale: 4 });
  let left = 2;
  const model = {
    ...kernel,
    upscaleRows: (...given: Parameters<typeof kernel.upscaleRows>) => {
      if (left-- > 0) return kernel.upscaleRows(...given);
      throw Object.assign(new Error("no space"), { code: "ENOSPC", syscall: "write" });
    },
  };
  expect(await said(upscale(folder, { out, model }))).toBe(
    `${out}: not written, the disk is full\n  hint  make room; the same command goes on from here`,
  );
  left = 3;
  expect((await upscale(folder, { out, model })).kept).toBe(2);
});

test("options that make no sense", async () => {
  const folder = folderOf(await few(1));
  const wrong = (options: object) => said(planUpscale(folder, options));
  expect(await wrong({ down: 1.5 })).toBe(
    "upscale.down: expected a whole number of at least 1, received 1.5",
  );
  expect(await wrong({ size: [0, 4] })).toBe("upscale.size: expected whole numbers, received 0x4");
  expect(await wrong({ size: 4, down: 2 })).toBe(
    "upscale.size: is no use beside down; choose one of them",
  );
  expect(await wrong({ palette: 300 })).toBe(
    "upscale.palette: expected keep or 1 to 256 colours, received 300",
  );
  expect(await wrong({ palette: 3, to: "tga" })).toBe(
    "upscale.palette: PNG alone has one here; tga was asked for",
  );
  expect(await wrong({ to: "gif" })).toBe(
    "upscale.to: expected keep, png, jpeg, webp, tga, bc1, bc3, bc7, rgba, bgra, received gif",
  );
});
