import { basename } from "node:path";
import type { Dataset } from "../../data/dataset.js";
import type { Items } from "../../metrics/features.js";
import { asSaved, type Score } from "../../metrics/judge.js";
import { psnr } from "../../metrics/psnr.js";
import { ssim } from "../../metrics/ssim.js";
import { judgeMaps } from "../../metrics/structure-judge.js";
import { listCheckpoints } from "../../run/checkpoint.js";
import { generatorBytes } from "../../run/export.js";
import { readRecord } from "../../run/folder.js";
import { type Origin, readOrigin } from "../../run/origin.js";
import type { Evaluation } from "../../run/scores.js";
import { Translator } from "../../run/translate.js";
import { fingerprint } from "../../runtime/fingerprint.js";
import { ConfigurationError } from "../../shape/error.js";
import { evenPlaces, readItems, readSeen } from "../../shape/items.js";
import { sizeOf } from "../../shape/shape.js";
import { findRun } from "../find-run.js";
import { makesByChance, systemOf } from "../makes.js";
import type { Progress } from "./progress.js";
import { type Opening, openSplits } from "./sets.js";

/** The run that is meant, when it makes pictures from pictures and each belongs to a true one. */
export function translatingRun(wanted: string | undefined): string | undefined {
  if (wanted?.endsWith(".onnx")) return undefined;
  const folder = findRun(wanted, (run) => makesByChance(run) || translates(run));
  return translates(folder) ? folder : undefined;
}

const translates = (folder: string): boolean =>
  systemOf(folder)?.translates !== undefined && readRecord(folder).data.given !== undefined;

/** What of an evaluation is about pictures made from pictures. */
export interface TranslationWishes {
  readonly data: string | undefined;
  readonly against: "train" | "test" | undefined;
  readonly samples: number | undefined;
  readonly seed: number;
}

/** Pictures that are translated and judged at most, unless more are asked for. */
const most = 2000;
const atOnce = 64;

/** Scores what a run makes of given pictures by the pictures that belong to them. */
export async function evaluateTranslation(
  folder: string,
  wishes: TranslationWishes,
  { opening, progress }: { readonly opening: Opening; readonly progress: Progress },
): Promise<Omit<Evaluation, "version">> {
  const system = systemOf(folder)!; // the run was found by it
  const set = await chosenSet(folder, wishes, opening);
  if (set.given === undefined) {
    const why = `${set.name} has no other picture for each of its own`;
    throw new ConfigurationError({ op: "--data", why });
  }
  const translator = Translator.open(folder, { system });
  const places = evenPlaces(set.count, wishes.samples ?? most);
  const made: Uint8Array[] = [];
  try {
    for (let start = 0; start < places.length; start += atOnce) {
      const some = places.slice(start, start + atOnce);
      made.push(asSaved(await translator.translate(readSeen(set.given, some), set.given.shape)));
      progress.say("making pictures", start + some.length, places.length);
    }
  } finally {
    await translator.release();
  }
  const pictures: Items = { shape: set.shape, count: places.length, items: joined(made) };
  const truth: Items = { ...pictures, items: readItems(set, places) };
  const [model] = await generatorBytes(folder, { system });
  const { name, count, fingerprint: of } = set;
  return {
    ...{ generator: folder, hash: fingerprint(model!), round: roundOf(folder) },
    ...{ samples: places.length, seed: wishes.seed, against: { name, count, fingerprint: of } },
    scores:
      set.legend === undefined
        ? pictureScores(pictures, truth)
        : judgeMaps(pictures, truth, { legend: set.legend }),
  };
}

/** Rounds that had been played at the newest checkpoint, whose name says it. */
function roundOf(folder: string): number | undefined {
  const newest = listCheckpoints(folder).at(-1);
  return newest === undefined ? undefined : Number.parseInt(basename(newest), 10);
}

async function chosenSet(
  folder: string,
  { data, against }: TranslationWishes,
  opening: Opening,
): Promise<Dataset> {
  const origin = readOrigin(folder);
  const source = data ?? origin?.source;
  if (source === undefined) {
    const why = "missing; the run does not say what it was trained on";
    throw new ConfigurationError({ op: "--data", why });
  }
  const asked: Origin = { source, options: origin?.options ?? {} };
  const { train, test } = await openSplits(asked, opening);
  if (against === "train") return train;
  if (test !== undefined || against === undefined) return test ?? train;
  const why = `${train.name} has no test split`;
  throw new ConfigurationError({ op: "--against", why, hint: "use --against train" });
}

/** The mean over pictures of how near each is to its own. */
function pictureScores(made: Items, truth: Items): readonly Score[] {
  const { shape } = truth;
  const each = sizeOf(shape);
  const [mine, theirs] = [made.items, truth.items] as [Uint8Array, Uint8Array]; // in memory, both
  const mean = (score: (a: Uint8Array, b: Uint8Array) => number): number => {
    let sum = 0;
    for (let i = 0; i < truth.count; i++) {
      const at = [i * each, (i + 1) * each] as const;
      sum += score(mine.subarray(...at), theirs.subarray(...at));
    }
    return sum / truth.count;
  };
  const protocol = `the mean over ${truth.count} pictures, each beside its own, all channels`;
  return [
    { name: "psnr", value: mean(psnr), better: "higher", protocol },
    { name: "ssim", value: mean((a, b) => ssim(a, b, { shape })), better: "higher", protocol },
  ];
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
