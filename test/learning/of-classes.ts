import { mkdirSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import type { Dataset } from "../../src/data/dataset.js";
import type { System } from "../../src/game/system.js";
import type { Classifier } from "../../src/metrics/classifier.js";
import { generate } from "../../src/run/generate.js";
import { train } from "../../src/run/train.js";

/** Pictures of each class that the classifier is shown. */
const each = 200;

/** What one seed made of each class that was asked for. */
export interface Told {
  readonly seed: number;
  readonly minutes: number;
  /** Share of each class's pictures that the classifier takes for it. */
  readonly shares: readonly number[];
}

export interface ClassTrial {
  readonly system: System;
  readonly data: Dataset;
  /** It stands in no loss. */
  readonly classifier: Classifier;
  readonly hyper?: Readonly<Record<string, number | string>>;
  readonly rounds?: number;
}

/** Plays a trial once for each seed, and asks for pictures of every class. */
export async function askedFor(
  { system, data, classifier, hyper = {}, rounds }: ClassTrial,
  seeds: readonly number[],
): Promise<readonly Told[]> {
  const { classes } = data;
  const labels = Array.from({ length: classes.length * each }, (_, i) => Math.floor(i / each));
  const told: Told[] = [];
  for (const seed of seeds) {
    const start = performance.now();
    const length = rounds === undefined ? {} : { rounds };
    const run = train({ system, data, hyper, ...length, seed, replicas: 1, folder: null });
    const stopped = await run.finish();
    if (stopped.reason !== "finished") throw new Error(stopped.message);
    const model = await run.generator();
    const { items } = await generate(model, { count: labels.length, labels, seed: 7 });
    const said = await classifier.classify(items);
    const shares = classes.map(
      (_, k) => labels.filter((label, i) => label === k && said[i] === k).length / each,
    );
    const minutes = (performance.now() - start) / 60_000;
    await drawn(items, { data, name: `${system.name}-${data.name}-${seed}` });
    told.push({ seed, minutes, shares });
  }
  return told;
}

/** A Markdown table, one row a seed. */
export function tableOf(told: readonly Told[], classes: readonly string[]): string {
  const rows = told.map(({ seed, minutes, shares }) => {
    const mean = shares.reduce((s, v) => s + v, 0) / shares.length;
    const cells = [seed, ...shares.map((v) => v.toFixed(3)), mean.toFixed(3), minutes.toFixed(1)];
    return `| ${cells.join(" | ")} |`;
  });
  const heads = ["seed", ...classes, "mean", "minutes"];
  return [`| ${heads.join(" | ")} |`, `|${" --- |".repeat(heads.length)}`, ...rows].join("\n");
}

/** Where sheets of pictures are written, when it is said: a row for each class. */
const sheets = process.env.BELAMY_SHEETS;

async function drawn(
  items: Float32Array,
  { data, name }: { readonly data: Dataset; readonly name: string },
): Promise<void> {
  if (sheets === undefined) return;
  const [c, h, w] = data.shape as readonly [number, number, number]; // pictures have three axes
  const across = 16;
  const pixels = Buffer.alloc(across * w * data.classes.length * h * 3);
  data.classes.forEach((_, row) => {
    for (let column = 0; column < across; column++) {
      for (let at = 0; at < h * w * 3; at++) {
        const [y, x, channel] = [Math.floor(at / (3 * w)), Math.floor(at / 3) % w, at % 3];
        const item = (row * each + column) * c + Math.min(channel, c - 1);
        const value = items[item * h * w + y * w + x]! * 127.5 + 127.5;
        const place = ((row * h + y) * across * w + column * w + x) * 3 + channel;
        pixels[place] = Math.min(255, Math.max(0, Math.round(value)));
      }
    }
  });
  mkdirSync(sheets, { recursive: true });
  const raw = { width: across * w, height: data.classes.length * h, channels: 3 } as const;
  await sharp(pixels, { raw })
    .png()
    .toFile(join(sheets, `${name}.png`));
}
