import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { expect, test } from "vitest";
import { inProcess } from "../cli/in-process.js";
import { emptyFolder } from "../cli/program.js";
import { zipOf } from "../data/make.js";

const page = readFileSync(new URL("../../docs/pairs.md", import.meta.url), "utf8");
const cwd = emptyFolder();
const put = (name: string, bytes: Uint8Array | string): void => {
  mkdirSync(dirname(join(cwd, name)), { recursive: true });
  writeFileSync(join(cwd, name), bytes);
};

/** A file of the page as it lies in this test's folder; other words as they are. */
const here = (word: string): string =>
  /^(photos|drawings|maps|facades|both\.zip|pairs\.(zip|png)|legend\.txt)(\/|$)/.test(word)
    ? join(cwd, word)
    : word;

/** A photo of 16 × 16, its drawing, and a map of two classes by number. */
async function fillFolders(): Promise<void> {
  const size = { width: 16, height: 16 };
  const entries = [];
  for (let i = 0; i < 4; i++) {
    const background = { r: 60 * i, g: 128, b: 90 };
    const photo = await sharp({ create: { ...size, channels: 3, background } })
      .png()
      .toBuffer();
    const grey = Uint8Array.from({ length: 256 }, (_, k) => (k % 16 < 4 * i ? 1 : 0));
    const map = await sharp(grey, { raw: { ...size, channels: 1 } })
      .png()
      .toBuffer();
    put(`photos/${i}.png`, photo);
    put(`drawings/${i}.png`, map);
    put(`maps/${i}.png`, map);
    const wide = await sharp(photo).extend({ right: 16, background: "white" }).png().toBuffer();
    put(`facades/${i}.png`, wide);
    for (const part of ["train", "val"]) {
      entries.push({ name: `${part}-photos/${i}.png`, bytes: photo });
      entries.push({ name: `${part}-drawings/${i}.png`, bytes: map });
    }
  }
  put("both.zip", zipOf(entries));
  put("legend.txt", "sky 70 130 180\nroad 128 64 128\n");
}

test("the page on pairs: every command of it works, and its code", {
  timeout: 60_000,
}, async () => {
  await fillFolders();
  const lines = page.match(/^belamy .*$/gm) ?? [];
  expect(lines.length).toBeGreaterThan(10);
  for (const line of lines) {
    const all = line.split(" ").slice(1);
    const words = all.map((word, i) => (all[i - 1] === "--within" ? word : here(word)));
    const { code, err } = await inProcess([...words, "--no-cache"]);
    expect({ line, code, err }).toEqual({ line, code: 0, err: "" });
  }
  const [, code = ""] = /```js\n(.*?)```/s.exec(page) ?? [];
  const said: unknown[][] = [];
  const { data } = await import("../../src/index.js");
  const at = (source: string, options: Readonly<Record<string, string>>) => {
    const entries = Object.entries(options).map(([name, value]) => [name, here(value)] as const);
    return data.open(here(source), { ...Object.fromEntries(entries), cache: false });
  };
  const log = (...values: unknown[]): number => said.push(values);
  const run = new Function("data", "console", `return (async () => {${code}})();`) as (
    ...given: unknown[]
  ) => Promise<void>; // written in the page
  await run({ ...data, open: at }, { log });
  expect(said).toEqual([
    [
      [3, 16, 16],
      [3, 16, 16],
    ],
    [["sky", "road"]],
    [3, 1],
  ]);
});
