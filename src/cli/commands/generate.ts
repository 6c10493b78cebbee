import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, extname } from "node:path";
import type { Generator, Latent } from "../../run/sampler.js";
import { ConfigurationError } from "../../shape/error.js";
import { sizeOf } from "../../shape/shape.js";
import { findRun } from "../find-run.js";
import { openGenerator, readModel } from "../generator.js";
import { generatorIn, makesByChance } from "../makes.js";
import type { Reader } from "../reader.js";
import { checkEnding, sheetOf, writeMovie, writePicture } from "../sheet.js";
import type { Terminal } from "../terminal/terminal.js";
import { counted } from "../terminal/text.js";

/** A walk visits so many latents and comes back, with so many pictures from one to the next. */
const stations = 4;
const perStation = 20;
const delayMs = 60;

interface Wishes {
  readonly grid: readonly [number, number] | undefined;
  readonly count: number | undefined;
  readonly walk: boolean;
  readonly seed: number;
  readonly out: string | undefined;
}

export async function generateCommand(reader: Reader, terminal: Terminal): Promise<number> {
  const [wanted] = reader.operands("RUN");
  const wishes: Wishes = {
    grid: reader.pair("grid"),
    count: reader.whole("count"),
    walk: reader.is("walk"),
    seed: reader.whole("seed", { minimum: 0 }) ?? 0,
    out: reader.text("out"),
  };
  reader.either("grid", "count");
  reader.either("walk", "count");
  reader.finish();
  const path = wanted?.endsWith(".onnx")
    ? wanted
    : generatorIn(findRun(wanted, makesByChance), "generate");
  const generator = await openGenerator(readModel(path), path);
  try {
    terminal.write(`${await make(generator, wishes)}\n`);
  } finally {
    await generator.close();
  }
  return 0;
}

async function make(generator: Generator, wishes: Wishes): Promise<string> {
  const { count, walk, out } = wishes;
  const folder = dirname(out ?? ".");
  if (folder !== ".") mkdirSync(folder, { recursive: true });
  if (generator.shape.length !== 3) {
    const flag = walk ? "--walk" : wishes.grid === undefined ? undefined : "--grid";
    if (flag !== undefined) {
      throw new ConfigurationError({
        op: flag,
        why: "needs pictures; this generator makes points",
      });
    }
    return await points(generator, wishes);
  }
  if (walk) return await movie(generator, wishes);
  return count === undefined
    ? await grid(generator, wishes)
    : await singles(generator, count, wishes);
}

const latents = (generator: Generator, seed: number, count: number): Latent[] =>
  Array.from({ length: count }, (_, place) => generator.latent(seed, place));

async function grid(generator: Generator, { grid: size, seed, out }: Wishes): Promise<string> {
  const [rows, columns] = size ?? [8, 8];
  const file = out ?? `samples-seed${seed}.png`;
  checkEnding(file, [".png", ".webp"]);
  const count = rows * columns;
  const items = await generator.samples(latents(generator, seed, count));
  await writePicture(file, sheetOf({ items, shape: generator.shape, count }, { rows, columns }));
  return `${file}: ${rows} × ${columns} pictures`;
}

async function singles(
  generator: Generator,
  count: number,
  { seed, out }: Wishes,
): Promise<string> {
  const file = out ?? `sample-seed${seed}.png`;
  checkEnding(file, [".png", ".webp"]);
  const ending = extname(file);
  const { shape } = generator;
  const each = sizeOf(shape);
  const items = await generator.samples(latents(generator, seed, count));
  const digits = Math.max(3, String(count).length);
  const names = Array.from({ length: count }, (_, i) =>
    file.replace(/\.\w+$/, `-${String(i + 1).padStart(digits, "0")}${ending}`),
  );
  for (const [i, name] of names.entries()) {
    const item = items.subarray(i * each, (i + 1) * each);
    await writePicture(name, sheetOf({ items: item, shape, count: 1 }, { rows: 1, columns: 1 }));
  }
  const rest = count > 1 ? ` to ${names[count - 1]}` : "";
  return `${names[0]}${rest}: ${counted(count, "picture")}`;
}

/** Every tile of the grid walks by itself, and all come back to where they began. */
async function movie(generator: Generator, { grid: size, seed, out }: Wishes): Promise<string> {
  const [rows, columns] = size ?? [4, 4];
  const file = out ?? `walk-seed${seed}.webp`;
  checkEnding(file, [".webp", ".gif"]);
  const tiles = rows * columns;
  const ends = latents(generator, seed, tiles * stations);
  const frames = [];
  for (let frame = 0; frame < stations * perStation; frame++) {
    const leg = Math.floor(frame / perStation);
    const t = (frame % perStation) / perStation;
    const here = Array.from({ length: tiles }, (_, i) =>
      generator.between(ends[i + leg * tiles]!, ends[i + ((leg + 1) % stations) * tiles]!, t),
    );
    const items = await generator.samples(here);
    frames.push(sheetOf({ items, shape: generator.shape, count: tiles }, { rows, columns }));
  }
  await writeMovie(file, { frames, delayMs });
  return `${file}: ${counted(frames.length, "frame")} of ${rows} × ${columns} pictures`;
}

async function points(generator: Generator, { count = 1000, seed, out }: Wishes): Promise<string> {
  const file = out ?? `samples-seed${seed}.csv`;
  checkEnding(file, [".csv", ".json"]);
  const each = sizeOf(generator.shape);
  const items = await generator.samples(latents(generator, seed, count));
  const rows = Array.from({ length: count }, (_, i) => [
    ...items.subarray(i * each, (i + 1) * each),
  ]);
  const text =
    extname(file).toLowerCase() === ".json"
      ? JSON.stringify(rows)
      : [Array.from({ length: each }, (_, k) => `x${k + 1}`), ...rows].join("\n");
  writeFileSync(file, `${text}\n`);
  return `${file}: ${counted(count, "point")}`;
}
