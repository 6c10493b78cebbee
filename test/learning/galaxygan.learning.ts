import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Dataset } from "../../src/data/dataset.js";
import { galaxies } from "../../src/data/galaxies.js";
import { openData } from "../../src/data/open.js";
import { figure } from "../../src/figure/figure.js";
import type { Conclusion } from "../../src/game/conclusion.js";
import { agreement, rankCorrelation } from "../../src/metrics/ensemble.js";
import { train } from "../../src/run/train.js";
import { Random } from "../../src/shape/random.js";
import {
  bestChoice,
  byBlindDeconvolution,
  byRichardsonLucy,
  byWiener,
  type Restored,
} from "../../src/zoo/galaxygan/baselines.js";
import {
  type Ended,
  nightOf,
  restoredBy,
  type Sample,
} from "../../src/zoo/galaxygan/conclusion.js";
import { scoresOf, trueScoresOf } from "../../src/zoo/galaxygan/scores.js";
import { bestThreshold } from "../../src/zoo/galaxygan/truth.js";
import { galaxygan } from "../../src/zoo/galaxygan.js";
import { shared } from "./classified.js";

/** Settings were chosen by looking at these seeds, and the claims are checked on the others. */
const tunedOn = [1];
const verifiedOn = [101, 102, 103];

const hyper = { seeing: 1.4, noise: 2 };

/** Pictures under a worse sky, the same for every seed and method. */
const skies = (data: Dataset, { from = 0, count }: { from?: number; count: number }): Sample =>
  nightOf(
    { hyper, random: (purpose) => new Random({ seed: 77, purpose, at: [from] }) },
    data,
    Array.from({ length: count }, (_, i) => from + i),
  );

interface Nights {
  /** What methods are tuned on. */
  readonly tuning: Sample;
  /** What they are judged on. */
  readonly test: Sample;
}

interface Made {
  readonly tuning: Restored;
  readonly test: Restored;
}

/** Plays with one seed, and restores the pictures of both nights. */
async function play(
  { data, nights, seed }: { data: Dataset; nights: Nights; seed: number },
  given: Readonly<Record<string, number>>,
): Promise<Made> {
  let made: Made | undefined;
  const concludes = async (ended: unknown): Promise<Conclusion> => {
    const look = ended as Ended; // of the very system
    made = {
      tuning: await restoredBy(look, nights.tuning),
      test: await restoredBy(look, nights.test),
    };
    return { outcomes: [{ name: "pictures", value: made.test.length }], figures: {} };
  };
  const run = train({
    ...{ system: { ...galaxygan, concludes }, data, hyper: given, seed },
    ...{ replicas: 1, folder: null, samplesEvery: 1_000_000, sampleCount: 1 },
  });
  for await (const event of run) {
    if (event.type === "stopped" && event.reason !== "finished") throw new Error(event.message);
  }
  if (made === undefined) throw new Error("nothing was made");
  return made;
}

/** Does so many things at a time as there are cores. */
async function all<T>(jobs: readonly (() => Promise<T>)[]): Promise<T[]> {
  const out: T[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let i = next++; i < jobs.length; i = next++) out[i] = await jobs[i]!();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  return out;
}

type Row = Readonly<Record<string, number>>;

/** Everything that is asked of restored pictures; clumps at the threshold that suits the method. */
function rowOf({ tuning, test }: Made, nights: Nights): Row {
  const { psnr, fluxPsnr, bias, fine } = scoresOf(test, nights.test);
  const row = { PSNR: psnr, "PSNR of flux": fluxPsnr, "bias, %": 100 * bias, "fine power": fine };
  const [known, truths] = [nights.tuning.truths, nights.test.truths];
  if (known === undefined || truths === undefined) return row;
  const [, h, w] = nights.test.shape as readonly [number, number, number]; // pictures
  const threshold = bestThreshold(tuning, known, [h, w]);
  const { clumps, arms } = trueScoresOf(test, nights.test, { truths, threshold });
  const found = { F1: clumps.f1, precision: clumps.precision, recall: clumps.recall };
  return { ...row, ...found, "arm contrast": arms };
}

function print(title: string, rows: ReadonlyMap<string, Row>): void {
  const names = Object.keys([...rows.values()][0]!);
  const lines = [...rows].map(
    ([name, row]) => `| ${name} | ${names.map((key) => row[key]!.toFixed(3)).join(" | ")} |`,
  );
  const head = `| | ${names.join(" | ")} |\n|${" --- |".repeat(names.length + 1)}`;
  console.log(`${title}\n${head}\n${lines.join("\n")}`);
}

/** What was left, and deconvolutions: tuned on other pictures, and by an oracle on the very test. */
function baselines(nights: Nights): { rows: Map<string, Row>; wiener: number; lucy: number } {
  const rows = new Map<string, Row>();
  const of = (which: "given" | "original"): Made => ({
    tuning: nights.tuning.pictures.map((one) => one[which]),
    test: nights.test.pictures.map((one) => one[which]),
  });
  rows.set("what was left", rowOf(of("given"), nights));
  const oracles = [byWiener, byRichardsonLucy, byBlindDeconvolution].map((method) => {
    const tuned = bestChoice(method, nights.tuning).choice;
    const oracle = bestChoice(method, nights.test);
    for (const [how, choice] of [
      ["tuned", tuned],
      ["oracle", oracle.choice],
    ] as const) {
      const made = {
        tuning: method.restore(nights.tuning, choice),
        test: method.restore(nights.test, choice),
      };
      rows.set(`${method.name}, ${how}: ${choice}`, rowOf(made, nights));
    }
    return oracle.psnr;
  });
  rows.set("the originals", { ...rowOf(of("original"), nights), PSNR: Number.POSITIVE_INFINITY });
  return { rows, wiener: oracles[0]!, lucy: Math.max(oracles[1]!, oracles[2]!) };
}

/** What three networks agree on, and where they do not, beside where they are wrong. */
function uncertainty(
  { test }: Nights,
  answers: readonly Restored[],
): { psnr: number; correlation: number; file: string } {
  const agreed = test.pictures.map((_, i) => agreement(answers.map((answer) => answer[i]!)));
  const [doubts, errors]: [number[], number[]] = [[], []];
  agreed.forEach(({ mean, deviation }, i) => {
    // Every seventh number is enough to rank.
    for (let k = 0; k < mean.length; k += 7) {
      doubts.push(deviation[k]!);
      errors.push(Math.abs(mean[k]! - test.pictures[i]!.original[k]!));
    }
  });
  const captions = ["given", ...answers.map((_, k) => `seed ${verifiedOn[k]}`), "their mean"];
  const columns = [...captions, "deviation × 8", "error × 4", "original"];
  const shown = test.truths!.flatMap(({ arms }, i) => (arms ? [i] : [])).slice(0, 6);
  const pictures = shown.flatMap((i, row) => {
    const { given, original } = test.pictures[i]!;
    const { mean, deviation } = agreed[i]!;
    const seen = [
      ...[given, ...answers.map((answer) => answer[i]!), mean],
      deviation.map((value) => 8 * value - 1),
      mean.map((value, k) => 4 * Math.abs(value - original[k]!) - 1),
      original,
    ];
    return seen.map((values, k) => (row === 0 ? { values, caption: columns[k]! } : { values }));
  });
  const { svg } = figure({
    title: "Three networks that differ by chance alone",
    about:
      "Six galaxies that no network was trained on: what a worse sky left of them, what three networks " +
      "make of it, their mean, how far they are apart, how far the mean is from the original, the original.",
    panels: [{ kind: "pictures", columns: columns.length, size: test.shape, pictures }],
  });
  const file = join(mkdtempSync(join(tmpdir(), "belamy-galaxygan-")), "uncertainty.svg");
  writeFileSync(file, svg);
  const means = agreed.map(({ mean }) => mean);
  return {
    psnr: scoresOf(means, test).psnr,
    correlation: rankCorrelation(doubts, errors),
    file,
  };
}

const games = { "with D": {}, "without D": { adversarial: 0 } } as const;

describe("drawn galaxies under a worse sky", () => {
  it("are restored 1.5 dB beyond any Wiener's and 4 dB beyond Richardson–Lucy, and keep their light", async () => {
    const nights = {
      tuning: skies(galaxies({ count: 100, seed: 8 }), { count: 100 }),
      test: skies(galaxies({ count: 200, seed: 9 }), { count: 200 }),
    };
    const { rows, wiener, lucy } = baselines(nights);
    const data = galaxies();
    const jobs = Object.entries(games).flatMap(([name, given]) =>
      verifiedOn.map((seed) => ({ name: `${name}, seed ${seed}`, given, seed })),
    );
    const made = await all(
      jobs.map(
        ({ given, seed }) =>
          () =>
            play({ data, nights, seed }, given),
      ),
    );
    const played = jobs.map(({ name }, i) => [name, rowOf(made[i]!, nights)] as const);
    for (const [name, row] of played) rows.set(name, row);
    print(`galaxies, defaults; tuned on seeds ${tunedOn}, verified on ${verifiedOn}`, rows);
    const together = uncertainty(
      nights,
      made.slice(0, verifiedOn.length).map(({ test }) => test),
    );
    console.log(
      `the mean of the three with D: ${together.psnr.toFixed(2)} dB; deviation and error rank alike ` +
        `${together.correlation.toFixed(3)}; ${together.file}`,
    );
    for (const [name, row] of played) {
      expect(row.PSNR! - wiener, name).toBeGreaterThanOrEqual(1.5);
      expect(row.PSNR! - lucy, name).toBeGreaterThanOrEqual(4);
      expect(Math.abs(row["bias, %"]!), name).toBeLessThan(2);
    }
    // The errors of all pixels are mostly the originals' own noise, which nobody can know.
    expect(together.psnr).toBeGreaterThan(
      Math.max(
        ...made.slice(0, verifiedOn.length).map((one) => scoresOf(one.test, nights.test).psnr),
      ),
    );
  });
});

const real = join(shared, "galaxies64.zip");
/** They have nearly twice as many pixels as drawn ones. */
const rounds = 600;

describe.skipIf(!existsSync(real))("photographed galaxies (skipped without ../shared/data)", () => {
  it("are restored beyond any Wiener's", async () => {
    const [data, test] = [await openData(real), await openData(real, { split: "test" })];
    const nights = {
      tuning: skies(test, { count: 100 }),
      test: skies(test, { from: 100, count: 200 }),
    };
    const { rows, wiener } = baselines(nights);
    const seed = verifiedOn[0]!;
    const names = Object.keys(games);
    const made = await all(
      Object.values(games).map((given) => () => play({ data, nights, seed }, { ...given, rounds })),
    );
    made.forEach((one, i) => {
      rows.set(`${names[i]}, seed ${seed}`, rowOf(one, nights));
    });
    print(`galaxies64, ${rounds} rounds, 200 of its test pictures`, rows);
    for (const [i, one] of made.entries()) {
      expect(rowOf(one, nights).PSNR, names[i]).toBeGreaterThan(wiener);
    }
  });
});
