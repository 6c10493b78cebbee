import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, expect, test } from "vitest";
import { help } from "../../src/cli/help.js";
import { zipOf } from "../data/make.js";
import { begin, belamy, emptyFolder, ending } from "./program.js";

const cwd = emptyFolder();

/** Pictures to stand for the reader's own, as a folder and as a zip, and a table. */
beforeAll(async () => {
  mkdirSync(join(cwd, "photos"));
  const entries = [];
  for (let i = 0; i < 24; i++) {
    const background = { r: 10 * i, g: 128, b: 255 - 10 * i };
    const bytes = await sharp({ create: { width: 40, height: 40, channels: 3, background } })
      .png()
      .toBuffer();
    writeFileSync(join(cwd, "photos", `${i}.png`), bytes);
    entries.push({ name: `${i}.png`, bytes });
  }
  writeFileSync(join(cwd, "photos.zip"), zipOf(entries));
  const rows = Array.from({ length: 40 }, (_, i) => `${i % 7},${i % 3 ? i / 10 : ""}`);
  writeFileSync(join(cwd, "table.csv"), `age,height\n${rows.join("\n")}\n`);
});

const examples = Object.values(help).flatMap((text) => {
  const lines = text.slice(text.indexOf("Examples\n")).split("\n").slice(1);
  return lines.map((line) => line.trim()).filter((line) => line.startsWith("belamy "));
});

/** The same line on a budget of three rounds and a tiny game. */
function tinyBudget(line: string): string[] {
  const words = line.split(" ").slice(1);
  if (words[0] !== "train") return words;
  const cheap = words.map((word, i) =>
    /^(--rounds|--minutes)$/.test(words[i - 1] ?? "") ? "3" : word,
  );
  const plain = cheap.map((word) => (word === "--minutes" ? "--rounds" : word));
  const add = (flag: string, value: string): string[] =>
    plain.includes(flag) ? [] : [flag, value];
  return [...plain, ...add("--rounds", "3"), ...add("--width", "4"), ...add("--limit", "64")];
}

/** A server is open until somebody closes it; it says where. */
async function opens(line: string, where: RegExp): Promise<void> {
  const words = tinyBudget(line).filter((word) => word !== "--open");
  const child = begin([...words, "--port", "0"], { cwd });
  child.stdout?.once("data", () => child.kill("SIGTERM"));
  const { code, out, err } = await ending(child);
  const said = err.replace("answering those who have asked; Ctrl-C again quits at once\n", "");
  expect({ line, code, said }).toEqual({ line, code: 0, said: "" });
  expect(out).toMatch(where);
}

async function works(line: string): Promise<void> {
  if (line.startsWith("belamy studio")) {
    return await opens(line, /^studio {2}http:\/\/127\.0\.0\.1:\d+\/#token=[0-9a-f]{32}\n/);
  }
  if (line.startsWith("belamy serve")) {
    return await opens(line, /^serving {2}http:\/\/127\.0\.0\.1:\d+\/\n/);
  }
  const { code, err: said } = await belamy(tinyBudget(line), { cwd });
  const err = said.replace(/^note: .*\n/gm, "");
  // The doctor says with 3 that a run is ill; one of three rounds may well be.
  const well = line.startsWith("belamy doctor") && code === 3 ? 0 : code;
  expect({ line, code: well, err }).toEqual({ line, code: 0, err: "" });
}

test("every example of every help text works", { timeout: 180_000 }, async () => {
  expect(examples.length).toBeGreaterThan(15);
  // The run that the others speak of as 1 makes pictures.
  await works("belamy train photos --system dcgan --size 16");
  const isTraining = (line: string): boolean => line.startsWith("belamy train");
  await Promise.all(examples.filter(isTraining).map(works));
  await Promise.all(examples.filter((line) => !isTraining(line)).map(works));
});

test("every command of the README works", { timeout: 180_000 }, async () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const lines = readme.match(/^npx belamy .*$/gm)!.map((line) => line.slice("npx ".length));
  const commands = lines.map((line) =>
    line.replace(/\s+#.*/, "").replace("path/to/pictures", "photos"),
  );
  expect(commands.length).toBe(8);
  for (const line of commands) await works(line);
});
