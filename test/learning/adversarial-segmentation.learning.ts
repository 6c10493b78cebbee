import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Dataset } from "../../src/data/dataset.js";
import { openData } from "../../src/data/open.js";
import { scenes } from "../../src/data/scenes.js";
import { brokenRules } from "../../src/data/scenes-rules.js";
import type { Conclusion } from "../../src/game/conclusion.js";
import { labelsIn } from "../../src/metrics/iou.js";
import { train } from "../../src/run/train.js";
import { type Ended, scoresOf, tell } from "../../src/zoo/adversarial-segmentation/conclusion.js";
import { adversarialSegmentation } from "../../src/zoo/adversarial-segmentation.js";
import { shared } from "./classified.js";

/** Settings were chosen by looking at these seeds, and the claims are checked on the others. */
const tunedOn = [1, 2];
const verifiedOn = [11, 12, 13, 14];
/** Runs that are played side by side. */
const atOnce = Math.max(1, Math.floor(availableParallelism() / 2));

type Scores = Readonly<Record<string, number>>;
interface Measured {
  readonly seed: number;
  readonly lambda: number;
  readonly with: Scores;
  readonly without: Scores;
}

interface Trial {
  readonly data: Dataset;
  readonly heldOut: Dataset;
  readonly hyper: Readonly<Record<string, number | string>>;
  readonly seed: number;
}

/** What is measured of maps: of pixels, of parts, and of scenes how many rules a map breaks. */
function measure(look: Ended, maps: Float32Array, truth: Uint8Array): Scores {
  const { meanIou, pixelAccuracy, boundary, ...rest } = scoresOf(look, maps, truth);
  const { extraFragments, componentError, holeError, ofClasses } = rest;
  const cores = ofClasses.find(({ name }) => name === "core");
  const found = { meanIou, pixelAccuracy, boundary, extraFragments, componentError, holeError };
  if (cores === undefined) return found;
  const labels = labelsIn(maps, look.data);
  const [, height = 0, width = 0] = look.data.shape;
  const count = labels.length / (height * width);
  let broken = 0;
  for (let i = 0; i < count; i++) {
    const map = labels.subarray(i * height * width, (i + 1) * height * width);
    for (const times of Object.values(brokenRules(map, { height, width }))) broken += times;
  }
  return { ...found, coreError: cores.componentError, brokenRules: broken / count };
}

/** Plays once and measures what came of it, in the place of the system's own conclusion. */
async function played({ data, heldOut, hyper, seed }: Trial): Promise<Measured> {
  let found: Measured | undefined;
  const concludes = async (look: unknown): Promise<Conclusion> => {
    const ended = look as Ended; // of the very system
    const { made, without, truth } = await tell(ended);
    found = {
      ...{ seed, lambda: ended.hyper.lambda },
      ...{ with: measure(ended, made, truth), without: measure(ended, without, truth) },
    };
    return { outcomes: [{ name: "measured", value: 1 }], figures: {} };
  };
  const run = train({
    ...{ system: { ...adversarialSegmentation, concludes }, data, heldOut, hyper, seed },
    ...{ replicas: 1, folder: null, samplesEvery: 1_000_000, sampleCount: 1 },
  });
  for await (const event of run) {
    if (event.type === "stopped" && event.reason !== "finished") throw new Error(event.message);
  }
  if (found === undefined) throw new Error("nothing was concluded");
  console.log(JSON.stringify(found));
  return found;
}

async function all(trials: readonly Trial[]): Promise<readonly Measured[]> {
  const waiting = [...trials];
  const rows: Measured[] = [];
  const worker = async (): Promise<void> => {
    for (let trial = waiting.shift(); trial !== undefined; trial = waiting.shift()) {
      rows.push(await played(trial));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return rows;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const deviation = (values: readonly number[]): number =>
  Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));

/** A row for each λ: the mean and deviation over seeds of every score; λ = 0 is t of the first λ. */
function frontier(rows: readonly Measured[], lambdas: readonly number[]): string {
  const names = Object.keys(rows[0]!.with);
  const text = (scores: readonly Scores[]): string =>
    names
      .map((name) => {
        const values = scores.map((score) => score[name]!);
        return `${mean(values).toFixed(3)} ± ${deviation(values).toFixed(3)}`;
      })
      .join(" | ");
  const of = (lambda: number) => rows.filter((row) => row.lambda === lambda);
  return [
    `| λ | ${names.join(" | ")} |`,
    `|${" --- |".repeat(names.length + 1)}`,
    `| 0 | ${text(of(lambdas[0]!).map((row) => row.without))} |`,
    ...lambdas.map((lambda) => `| ${lambda} | ${text(of(lambda).map((row) => row.with))} |`),
  ].join("\n");
}

describe("scenes, 150 pairs", () => {
  const lambdas = [0.1, 0.5];

  it("the paper's own game, where nothing is added to photos and the adversary learns freely", async () => {
    const hyper = { grain: 0, penalty: 0, input: "basic", lambda: 0.02 };
    const rows = await all(
      verifiedOn.map((seed): Trial => {
        const heldOut = scenes({ count: 200, seed: 2 * seed + 1 });
        return { data: scenes({ seed: 2 * seed }), heldOut, hyper, seed };
      }),
    );
    console.log(
      `scenes, ${JSON.stringify(hyper)}, verified on ${verifiedOn}\n${frontier(rows, [0.02])}`,
    );
    // It wins, and s gives up classes to please it: what the penalty is for.
    for (const row of rows) expect(row.with.meanIou).toBeLessThan(row.without.meanIou!);
  });

  it("at λ = 0.1 the adversary costs nothing; the frontier is printed", async () => {
    const trials = verifiedOn.flatMap((seed) =>
      lambdas.map((lambda): Trial => {
        const heldOut = scenes({ count: 200, seed: 2 * seed + 1 });
        return { data: scenes({ seed: 2 * seed }), heldOut, hyper: { lambda }, seed };
      }),
    );
    const rows = await all(trials);
    console.log(
      `scenes, defaults; tuned on seeds ${tunedOn}, verified on ${verifiedOn}\n${frontier(rows, lambdas)}`,
    );
    // A gain in structure was looked for and not found: what is held is that at this weight the
    // adversary costs nothing, in pixels as in parts, within a deviation over seeds.
    const of = (which: "with" | "without", name: string): number[] =>
      rows.filter(({ lambda }) => lambda === 0.1).map((row) => row[which][name]!);
    const least = mean(of("without", "meanIou")) - deviation(of("without", "meanIou"));
    expect(mean(of("with", "meanIou"))).toBeGreaterThan(least);
    for (const name of ["extraFragments", "componentError", "holeError", "brokenRules"]) {
      const most = mean(of("without", name)) + deviation(of("without", name));
      expect(mean(of("with", name)), name).toBeLessThan(most);
    }
  });
});

const camvid = join(shared, "camvid128x96.zip");

describe("CamVid, 64 × 48", () => {
  const seeds = [11, 12];
  const open = (part: string) =>
    openData(`${camvid}/${part}-labels`, {
      ...{ given: `${camvid}/${part}-images`, legend: "auto", size: [48, 64] as const },
    });

  it.skipIf(!existsSync(camvid))(
    "with and without the adversary (skipped without ../shared/data)",
    async () => {
      const [data, heldOut] = [await open("train"), await open("val")];
      const trials = seeds.map((seed): Trial => ({ data, heldOut, hyper: { rounds: 300 }, seed }));
      const rows = await all(trials);
      console.log(`CamVid, 367 and 101 photos, seeds ${seeds}\n${frontier(rows, [0.1])}`);
      for (const row of rows) {
        expect(row.with.pixelAccuracy).toBeGreaterThan(0.5);
        expect(row.without.pixelAccuracy).toBeGreaterThan(0.5);
      }
    },
  );
});
