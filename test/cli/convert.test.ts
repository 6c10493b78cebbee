import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openShown } from "../../src/cli/open-data.js";
import type { Terminal } from "../../src/cli/terminal/terminal.js";
import { inProcess } from "./in-process.js";
import { emptyFolder, type Said } from "./program.js";

const cwd = emptyFolder();

/** Runs a command line in this process; `./` is this file's own folder, in what is said too. */
async function said(line: string): Promise<Said> {
  const words = line.split(" ").map((word) => word.replace(/^\.\//, `${cwd}/`));
  const { code, out, err } = await inProcess(words);
  return { code, out: out.replaceAll(`${cwd}/`, "./"), err: err.replaceAll(`${cwd}/`, "./") };
}

const summary = async (line: string) => JSON.parse((await said(`data inspect ${line} --json`)).out);

test("convert writes each form; what inspect says of it is the same", async () => {
  const before = await summary("shapes --limit 20 --size 16");
  for (const out of ["./folder", "./set.zip", "./set.npz"]) {
    const told = await said(`data convert shapes ${out} --limit 20 --size 16`);
    expect(told).toEqual({
      code: 0,
      err: "",
      out: {
        "./folder": "./folder: a folder of PNGs\n  20 pictures of 3×16×16, 15.4 kB unpacked\n",
        "./set.zip": "./set.zip: a StyleGAN zip\n  20 pictures of 3×16×16, 15.4 kB unpacked\n",
        "./set.npz": "./set.npz: NumPy arrays\n  20 pictures of 3×16×16, 15.4 kB unpacked\n",
      }[out],
    });
    const { fingerprint, count, shape } = await summary(out);
    expect({ fingerprint, count, shape }).toEqual({
      fingerprint: before.fingerprint,
      count: 20,
      shape: [3, 16, 16],
    });
  }
  const taken = await said("data convert shapes ./set.zip --limit 1");
  expect(taken).toEqual({
    code: 2,
    out: "",
    err: "OUT: ./set.zip exists already\n  hint  remove it, or name another\n",
  });
});

test("convert says what it would do, as text and as JSON", async () => {
  const dry = await said("data convert shapes ./large --limit 2 --size 96 --dry-run");
  expect(dry).toEqual({
    code: 0,
    err: "",
    out: `./large would be: a folder of PNGs
  2 pictures of 3×96×96, 55.3 kB unpacked
  read it with --size 96
`,
  });
  expect(existsSync(join(cwd, "large"))).toBe(false);
  const { out } = await said("data convert ring ./ring.npz --limit 4 --json");
  expect(JSON.parse(out)).toMatchObject({
    name: "ring",
    count: 4,
    out: "./ring.npz",
    form: "npz",
    written: true,
  });
  expect(readFileSync(join(cwd, "ring.npz")).subarray(0, 2).toString()).toBe("PK");
});

test("downloads that cannot be kept are told of; a cache that cannot is, on the side", async () => {
  const before = process.env.BELAMY_CACHE;
  try {
    process.env.BELAMY_CACHE = join(cwd, "cache");
    writeFileSync(join(cwd, "cache"), "");
    expect(await said("data mnist --json")).toEqual({
      code: 1,
      out: "",
      err: [
        "mnist: cannot be kept, a file has its folder's name",
        "  folder  ./cache/sets/mnist",
        "  hint    set BELAMY_CACHE to a folder with more room",
        "",
      ].join("\n"),
    });
    const terminal = { live: false, complain: (text: string) => told.push(text) };
    const told: string[] = [];
    const options = { cache: { afterMs: 0 } };
    const origin = { source: join(cwd, "folder"), options };
    await openShown(origin, { terminal: terminal as unknown as Terminal, quiet: false }); // no more
    expect(told).toEqual([
      `note: cache: not written, a file has its folder's name (${join(cwd, "cache", "decoded")})\n`,
    ]);
    expect((await said("data ./folder --no-cache --json")).code).toBe(0);
  } finally {
    process.env.BELAMY_CACHE = before;
  }
  expect(readdirSync(cwd).filter((name) => name.includes("unfinished"))).toEqual([]);
});
