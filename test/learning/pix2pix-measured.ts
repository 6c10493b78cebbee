import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import type { Dataset, GivenPictures } from "../../src/data/dataset.js";
import { edgesOf } from "../../src/data/edges.js";
import { softened } from "../../src/data/products-raster.js";
import type { System } from "../../src/game/system.js";
import { type Classifier, openClassifier, trainClassifier } from "../../src/metrics/classifier.js";
import { edgeF1 } from "../../src/metrics/edges.js";
import { rowsOf } from "../../src/metrics/features.js";
import { prdc } from "../../src/metrics/prdc.js";
import { train } from "../../src/run/train.js";
import { translate } from "../../src/run/translate.js";
import { inMemory } from "../../src/shape/items.js";
import { sizeOf } from "../../src/shape/shape.js";

/** Pairs in memory: what is made, and what is given. */
export interface Pairs extends Dataset<Uint8Array> {
  readonly given: GivenPictures & { readonly items: Uint8Array };
}

/** Bytes in memory, as these tests have them. */
export function inBytes(data: Dataset): Pairs {
  const { items, given } = data;
  if (given === undefined || !inMemory(items) || !inMemory(given.items))
    throw new Error("no pairs");
  if (!(items instanceof Uint8Array) || !(given.items instanceof Uint8Array))
    throw new Error("no bytes");
  return { ...data, items, given: { ...given, items: given.items } };
}

/** A classifier of some pictures that stands in no loss, or the one of an earlier run. */
export async function classifierOf(
  data: Dataset,
  test: Dataset,
  options: { readonly moves?: number } = {},
): Promise<Classifier> {
  const folder = join(tmpdir(), "belamy-learning");
  const file = join(
    folder,
    `${data.name}-${data.fingerprint.slice(0, 12)}${options.moves ?? ""}.onnx`,
  );
  if (existsSync(file)) return await openClassifier(new Uint8Array(readFileSync(file)), { file });
  const classifier = await trainClassifier(data, { test, ...options });
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, classifier.model);
  return classifier;
}

/** The given pictures as a data set of their own. */
export function givenOf({ given, ...pairs }: Pairs): Dataset {
  return { ...pairs, shape: given.shape, items: given.items };
}

export interface Played {
  readonly system: System;
  readonly data: Dataset;
  readonly hyper: Readonly<Record<string, number | string>>;
  readonly rounds: number;
  readonly seed: number;
}

export interface Ended {
  readonly folder: string;
  readonly minutes: number;
  /** What the system concluded, by name. */
  readonly outcomes: Measured;
}

/** Plays a run to its end; its folder, how long it took, and what it came to. */
export async function play({ rounds, ...options }: Played): Promise<Ended> {
  const folder = join(mkdtempSync(join(tmpdir(), "belamy-learning-pix2pix-")), "run");
  const start = performance.now();
  const run = train({ ...options, rounds, replicas: 1, folder, samplesEvery: 1_000_000 });
  let outcomes: Measured = {};
  for await (const event of run) {
    if (event.type === "conclusion") {
      outcomes = Object.fromEntries(event.outcomes.map(({ name, value }) => [name, value]));
    }
    if (event.type === "stopped" && event.reason !== "finished") throw new Error(event.message);
  }
  return { folder, minutes: (performance.now() - start) / 60_000, outcomes };
}

/** Pictures are bytes wherever they are read or made. */
function bytesOf({ items }: Dataset): Uint8Array {
  if (items instanceof Uint8Array) return items;
  throw new Error("no bytes");
}

/** What a run makes of the given pictures of some pairs, as bytes. */
export const madeBy = async (folder: string, test: Pairs): Promise<Uint8Array> =>
  bytesOf(await translate(folder, givenOf(test)));

export type Measured = Readonly<Record<string, number>>;

/** Scores of made pictures beside the pairs that they were made for; none by what stood in a loss. */
export async function measure(
  made: Uint8Array,
  { test, classifier }: { readonly test: Pairs; readonly classifier: Classifier },
): Promise<Measured> {
  const { count, shape, labels } = test;
  const places = Array.from({ length: count }, (_, i) => i);
  const items = { shape, count, items: made };
  const logits = await rowsOf(
    { size: classifier.classes.length, extract: classifier.logits },
    items,
    { places },
  );
  const k = classifier.classes.length;
  const right = places.filter((i) => {
    const row = logits.subarray(k * i, k * (i + 1));
    return row.indexOf(Math.max(...row)) === labels![i];
  }).length;
  const rows = {
    real: await rowsOf(classifier, test, { places }),
    made: await rowsOf(classifier, items, { places }),
  };
  const { precision, recall } = await prdc(rows.real, rows.made, { size: classifier.size, k: 3 });
  return {
    "class told": right / count,
    "edge F1": edgeConsistency(made, test),
    "precision k 3": precision,
    "recall k 3": recall,
    difference: difference(made, test.items),
    colour: colourfulness(made, shape),
  };
}

/** How well the edges of what is made agree with the drawings it was made from: mean F1, one pixel aside. */
export function edgeConsistency(made: Uint8Array, { given, shape, count }: Pairs): number {
  const [each, area] = [sizeOf(shape), sizeOf(given.shape)];
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const own = edgesOf(made.subarray(i * each, (i + 1) * each), { shape });
    sum += edgeF1(own, given.items.subarray(i * area, (i + 1) * area), { shape: given.shape }).f1;
  }
  return sum / count;
}

/** Mean absolute difference on the scale of −1 … 1. */
export function difference(made: Uint8Array, items: Uint8Array): number {
  return made.reduce((sum, v, i) => sum + Math.abs(v - items[i]!), 0) / made.length / 127.5;
}

/** The mean of how far the largest of red, green and blue is from the least, of 255. */
export function colourfulness(made: Uint8Array, shape: readonly number[]): number {
  const area = shape[1]! * shape[2]!;
  let sum = 0;
  if (shape[0] !== 3) return 0;
  for (let i = 0; i < made.length / 3; i++) {
    const at = Math.floor(i / area) * 3 * area + (i % area);
    const [r, g, b] = [made[at]!, made[at + area]!, made[at + 2 * area]!];
    sum += Math.max(r, g, b) - Math.min(r, g, b);
  }
  return (3 * sum) / made.length;
}

/** For each drawing the picture whose own drawing is nearest, both softened by a pixel. */
export function nearest(train: Pairs, test: Pairs): Uint8Array {
  const [side, area, each] = [train.shape[1]!, sizeOf(train.given.shape), sizeOf(train.shape)];
  const soft = ({ given, count }: Pairs) =>
    Array.from({ length: count }, (_, i) => {
      const drawing = Float32Array.from(
        given.items.subarray(i * area, (i + 1) * area),
        (v) => 1 - v / 255,
      );
      return softened(drawing, side, 1);
    });
  const known = soft(train);
  const out = new Uint8Array(test.count * each);
  soft(test).forEach((drawing, i) => {
    let [best, least] = [0, Number.POSITIVE_INFINITY];
    known.forEach((other, k) => {
      let sum = 0;
      for (let p = 0; p < area && sum < least; p++) sum += (drawing[p]! - other[p]!) ** 2;
      if (sum < least) [best, least] = [k, sum];
    });
    out.set(train.items.subarray(best * each, (best + 1) * each), i * each);
  });
  return out;
}

/** A Markdown table of what was measured, a row each. */
export function tableOf(rows: ReadonlyMap<string, Measured>): string {
  const names = Object.keys([...rows.values()][0]!);
  const lines = [...rows].map(
    ([what, row]) =>
      `| ${what} | ${names.map((name) => (row[name] ?? Number.NaN).toFixed(3)).join(" | ")} |`,
  );
  return [`|  | ${names.join(" | ")} |`, `|${" --- |".repeat(names.length + 1)}`, ...lines].join(
    "\n",
  );
}

/** One set of pictures to be shown. */
export interface Shown {
  readonly shape: readonly number[];
  readonly items: Uint8Array;
}

/** A sheet of pictures: a row for each place, a column for each set, so many such columns beside each other. */
export async function sheet(
  file: string,
  sets: readonly Shown[],
  {
    places,
    across,
    scale,
  }: { readonly places: readonly number[]; readonly across: number; readonly scale: number },
): Promise<void> {
  const [, height, width] = sets[0]!.shape as readonly [number, number, number]; // pictures have three axes
  const [gap, group] = [2, sets.length * (width + 2) + 6];
  const rows = Math.ceil(places.length / across);
  const [w, h] = [across * group - 6 - gap, rows * (height + gap) - gap];
  const out = new Uint8Array(3 * w * h).fill(255);
  places.forEach((place, n) => {
    const [row, column] = [Math.floor(n / across), n % across];
    sets.forEach(({ shape, items }, k) => {
      const each = sizeOf(shape);
      for (let p = 0; p < width * height; p++) {
        const [x, y] = [
          column * group + k * (width + gap) + (p % width),
          row * (height + gap) + Math.floor(p / width),
        ];
        for (let c = 0; c < 3; c++) {
          out[3 * (y * w + x) + c] =
            items[place * each + (shape[0] === 1 ? 0 : c) * width * height + p]!;
        }
      }
    });
  });
  const raw = { width: w, height: h, channels: 3 } as const;
  await sharp(out, { raw })
    .resize(w * scale, h * scale, { kernel: "nearest" })
    .png({ palette: false, compressionLevel: 9 })
    .toFile(file);
}
