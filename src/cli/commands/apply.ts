import { existsSync, statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import sharp from "sharp";
import type { Dataset } from "../../data/dataset.js";
import { openFolder } from "../../data/files/folder.js";
import { type DataOptions, openData } from "../../data/open.js";
import { isProcedural } from "../../data/procedural.js";
import { writeData } from "../../data/write/convert.js";
import { pngsOf } from "../../data/write/png.js";
import { Translator, translated } from "../../run/translate.js";
import { writeWhole } from "../../run/write.js";
import { ConfigurationError, DataError } from "../../shape/error.js";
import type { Shape } from "../../shape/shape.js";
import { findRun } from "../find-run.js";
import { openShown } from "../open-data.js";
import { readDataOptions } from "../picture-options.js";
import type { Reader } from "../reader.js";
import { Progress } from "../report/progress.js";
import type { Terminal } from "../terminal/terminal.js";
import { counted } from "../terminal/text.js";
import { applyToFits, isFits } from "./apply-fits.js";

/** Makes pictures from somebody's pictures with what a run has learned. */
export async function applyCommand(reader: Reader, terminal: Terminal): Promise<number> {
  const [wanted, source] = reader.operands("RUN", "PICTURES");
  const out = reader.text("out");
  const isOwnSize = reader.is("own-size");
  const given = readDataOptions(reader);
  reader.either("own-size", "size");
  if (wanted === undefined) reader.problem("RUN", "missing; belamy runs lists them");
  if (source === undefined) reader.problem("PICTURES", "missing; name what it is to be applied to");
  if (out === undefined) reader.problem("--out", "missing; name a place for what is made");
  reader.finish();
  const folder = findRun(wanted);
  const translator = Translator.open(folder);
  const { from, legend } = translator;
  const isOwnPicture = given.given === undefined;
  const options: DataOptions = {
    size: [from[1]!, from[2]!],
    // What is made of pictures is made of their colours.
    color: isOwnPicture && from[0] === 1 ? "grey" : "rgb",
    ...(legend && isOwnPicture && !isProcedural(source!) ? { legend } : {}),
    ...given,
  };
  let count: number;
  try {
    if (await isFits(source!)) {
      const history = `made by belamy from this picture with ${basename(folder)}`;
      count = await applyToFits(source!, out!, { translator, history });
    } else if (isPlainPictures(source!)) {
      const ownSize = isOwnSize ? multipleOf(from) : undefined;
      count = await eachFile(source!, out!, { translator, options, ownSize, terminal });
    } else {
      const data = await openShown({ source: source!, options }, { terminal, quiet: false });
      count = data.count;
      await writeData(await made(translator, data), out!);
    }
  } finally {
    await translator.release();
  }
  terminal.write(`${out}: ${counted(count, "picture")} made\n`);
  return 0;
}

interface Job {
  readonly translator: Translator;
  readonly options: DataOptions;
  /** With their own size: sides become multiples of this. */
  readonly ownSize: number | undefined;
  readonly terminal: Terminal;
}

/** A picture, or a folder of pictures: whatever is made of them keeps their names. */
const isPlainPictures = (source: string): boolean =>
  existsSync(source) &&
  (statSync(source).isDirectory() || /\.(png|jpe?g|webp|avif|gif|tiff?|tga|dds)$/i.test(source));

/** Applies a run to pictures one by one, and keeps their names; returns how many. */
async function eachFile(
  source: string,
  out: string,
  { translator, options, ownSize, terminal }: Job,
): Promise<number> {
  const isOne = !statSync(source).isDirectory();
  const names = isOne ? [basename(source)] : (await openFolder(source)).names;
  if (names.length === 0) throw new DataError({ op: source, why: "holds no pictures" });
  const isFile = isOne && extname(out) !== "";
  if (isFile && extname(out).toLowerCase() !== ".png") {
    throw new ConfigurationError({
      op: "--out",
      why: `expected a .png or a folder, received ${out}`,
    });
  }
  const bare = names.map((name) => name.replace(/\.[^./]*$/, ""));
  const isClear = new Set(bare).size === names.length;
  const places = names.map((name, i) =>
    isFile ? out : join(out, `${isClear ? bare[i] : name}.png`),
  );
  for (const place of places) checkFree(place, source);
  const progress = new Progress(terminal, false);
  for (const [i, name] of names.entries()) {
    progress.say(`${name}: ${i + 1} of ${names.length}`);
    const path = isOne ? source : join(source, name);
    const size = ownSize === undefined ? {} : { size: await ownSizeOf(path, ownSize) };
    const picture = await openData(resolve(path), { ...options, ...size, cache: false });
    const [png] = await toArray(pngsOf(await made(translator, picture)));
    await mkdir(dirname(places[i]!), { recursive: true });
    writeWhole(places[i]!, [png!]);
  }
  progress.end();
  return names.length;
}

/** What a run makes of data: of what belongs to each item where something does. */
function made(translator: Translator, data: Dataset): Promise<Dataset> {
  const { given } = data;
  return translated(
    translator,
    given === undefined ? data : { ...data, shape: given.shape, items: given.items },
  );
}

function checkFree(place: string, source: string): void {
  if (!existsSync(place)) return;
  const why = resolve(place) === resolve(source) ? "is what is given" : "exists already";
  const hint = "remove it, or name another";
  throw new ConfigurationError({ op: "--out", why: `${place} ${why}`, hint });
}

/** The largest power of two, up to 64, that divides both sides: networks halve pictures. */
function multipleOf([, height, width]: Shape): number {
  let n = 1;
  while (n < 64 && height! % (2 * n) === 0 && width! % (2 * n) === 0) n *= 2;
  return n;
}

async function ownSizeOf(path: string, multiple: number): Promise<readonly [number, number]> {
  const { width, height, autoOrient } = await sharp(path).metadata();
  const sides = [autoOrient?.height ?? height, autoOrient?.width ?? width];
  const [h, w] = sides.map((side) => Math.max(1, Math.round(side / multiple)) * multiple);
  return [h!, w!];
}

async function toArray<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}
