import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import type { Dataset } from "../../data/dataset.js";
import type { Items } from "../../metrics/features.js";
import { type ResizeFilter, resizeFilters } from "../../metrics/features-resize.js";
import { type PixelRange, pixelRanges } from "../../metrics/features-socket.js";
import { judge, type Score } from "../../metrics/judge.js";
import { type ClassShares, classScores, classShares } from "../../metrics/judge-classes.js";
import { judgeByInception, openInception } from "../../metrics/judge-inception.js";
import { judgeStacked } from "../../metrics/judge-stacked.js";
import { readRecord } from "../../run/folder.js";
import { type Evaluation, keepScores } from "../../run/scores.js";
import { ConfigurationError } from "../../shape/error.js";
import { digitClassifier } from "../evaluate/classifier.js";
import { chooseFeatures, readFeatures } from "../evaluate/features.js";
import { nearestTraining } from "../evaluate/neighbours.js";
import { pathScore } from "../evaluate/path.js";
import { Progress } from "../evaluate/progress.js";
import { drawSamples } from "../evaluate/samples.js";
import { type Opening, openSets, type Sets, singleOf } from "../evaluate/sets.js";
import { openSubject, type Subject } from "../evaluate/subject.js";
import { headText, scoreText } from "../evaluate/text.js";
import { evaluateTranslation, translatingRun } from "../evaluate/translations.js";
import { readModel } from "../generator.js";
import type { Reader } from "../reader.js";
import { checkEnding, writePicture } from "../sheet.js";
import type { Terminal } from "../terminal/terminal.js";

/** Flags that only pictures have a use for. */
const forPictures = ["features", "inception", "neighbours", "perceptual-path", "stacked"] as const;

interface Wishes {
  readonly wanted: string | undefined;
  readonly data: string | undefined;
  readonly features: string | undefined;
  readonly output: string | undefined;
  readonly filter: ResizeFilter | undefined;
  readonly range: PixelRange | undefined;
  readonly inception: string | undefined;
  readonly samples: number | undefined;
  readonly seed: number;
  readonly against: "train" | "test" | undefined;
  readonly neighbours: string | undefined;
  readonly stacked: string | undefined;
  readonly path: boolean;
  readonly json: boolean;
}

function readWishes(reader: Reader): Wishes {
  const [wanted] = reader.operands("RUN");
  const wishes = {
    wanted,
    data: reader.text("data"),
    features: readFeatures(reader),
    output: reader.text("output"),
    filter: reader.word("resize", resizeFilters),
    range: reader.word("range", pixelRanges),
    inception: reader.text("inception"),
    samples: reader.whole("samples", { minimum: 16 }),
    seed: reader.whole("seed", { minimum: 0 }) ?? 0,
    against: reader.word("against", ["train", "test"]),
    neighbours: reader.text("neighbours"),
    stacked: reader.text("stacked"),
    path: reader.is("perceptual-path"),
    json: reader.is("json"),
  };
  reader.finish();
  if (wishes.neighbours !== undefined) {
    checkEnding(wishes.neighbours, [".png", ".webp"], "--neighbours");
  }
  return wishes;
}

/** Scores what a run has learned to make, and keeps the scores in its folder. */
export async function evaluateCommand(reader: Reader, terminal: Terminal): Promise<number> {
  const wishes = readWishes(reader);
  const translating = translatingRun(wishes.wanted);
  if (translating !== undefined) return await ofPairs(translating, { wishes, reader, terminal });
  const subject = await openSubject(wishes.wanted, reader);
  const progress = new Progress(terminal, { quiet: wishes.json });
  try {
    if (subject.generator.shape.length !== 3) refusePictures(reader);
    const opening = { terminal, quiet: wishes.json };
    const sets = await openSets(subject, wishes.data, opening);
    const real = chosenSet(sets, wishes.against);
    // A run on stacked digits says itself which digits those are.
    const stacked = wishes.stacked ?? singleOf(wishes.data ?? subject.origin?.source);
    const evaluating = { subject, sets, real, wishes: { ...wishes, stacked }, progress, opening };
    const { evaluation, files } = await evaluate(evaluating);
    progress.clear();
    const { folder, system } = subject;
    report(evaluation, { folder, files, system, terminal, json: wishes.json });
  } finally {
    progress.clear();
    await subject.generator.close();
  }
  return 0;
}

/** Scores what a run makes of pictures by those that belong to them. */
async function ofPairs(
  folder: string,
  {
    wishes,
    reader,
    terminal,
  }: { readonly wishes: Wishes; readonly reader: Reader; readonly terminal: Terminal },
): Promise<number> {
  const { system } = readRecord(folder);
  const flag = flagIn(reader, forPictures);
  if (flag !== undefined) {
    const why = "needs pictures made by chance; this run is given pictures";
    throw new ConfigurationError({ op: `--${flag}`, why });
  }
  const progress = new Progress(terminal, { quiet: wishes.json });
  const opening = { terminal, quiet: wishes.json };
  try {
    const found = await evaluateTranslation(folder, wishes, { opening, progress });
    progress.clear();
    const evaluation = { ...found, version: version() };
    report(evaluation, { folder, files: [], system, terminal, json: wishes.json });
  } finally {
    progress.clear();
  }
  return 0;
}

/** Keeps what was found in the run's folder, and says it. */
function report(
  evaluation: Evaluation,
  {
    folder,
    files,
    system,
    terminal,
    json,
  }: {
    readonly folder: string | undefined;
    readonly files: readonly File[];
    readonly system: string;
    readonly terminal: Terminal;
    readonly json: boolean;
  },
): void {
  const kept = folder && keepScores(folder, evaluation);
  if (json) {
    terminal.write(`${JSON.stringify(evaluation, undefined, 2)}\n`);
    return;
  }
  terminal.write(headText(evaluation, { system, terminal }) + scoreText(evaluation, terminal));
  const all = [...files, ...(kept === undefined ? [] : [["scores", kept] as const])];
  for (const [what, file] of all) terminal.write(`${what.padEnd(10)}  ${file}\n`);
}

interface Evaluating {
  readonly subject: Subject;
  readonly sets: Sets;
  readonly real: Chosen;
  readonly wishes: Wishes;
  readonly progress: Progress;
  readonly opening: Opening;
}

type File = readonly [what: string, path: string];

async function evaluate(evaluating: Evaluating): Promise<{
  readonly evaluation: Evaluation;
  readonly files: readonly File[];
}> {
  const { subject, real, wishes, progress } = evaluating;
  const { generator, path, hash, round } = subject;
  const { seed } = wishes;
  const onProgress = progress.say;
  const count = wishes.samples ?? usualCount(real.set, wishes);
  const samples = await drawSamples(generator, { count, seed, onProgress });
  const found =
    real.set.kind === "points"
      ? { ...nothing, scores: await judge(samples, real.set, { other: real.other }) }
      : await evaluatePictures(samples, evaluating);
  const { name, fingerprint } = real.set;
  const evaluation = {
    generator: path,
    hash,
    round,
    samples: count,
    seed,
    against: { name, count: real.set.count, fingerprint },
    ...(found.features === undefined ? {} : { features: found.features }),
    scores: found.scores,
    ...(found.shares === undefined ? {} : { classes: sharesByName(found.shares) }),
    version: version(),
  };
  return { evaluation, files: found.files };
}

interface Found {
  readonly scores: readonly Score[];
  readonly features: Evaluation["features"];
  readonly files: readonly File[];
  readonly shares: ClassShares | undefined;
}

const nothing = { features: undefined, files: [], shares: undefined } as const;

async function evaluatePictures(
  samples: Items,
  { subject, sets, real, wishes, progress, opening }: Evaluating,
): Promise<Found> {
  const threads = availableParallelism();
  const onProgress = (what: string, done: number, total: number): void =>
    progress.say(`features of ${what},`, done, total);
  const network = { ...wishes, threads };
  const chosen = await chooseFeatures(wishes.features, sets, { network, progress });
  const { features, classifier } = chosen;
  const comparing = { other: real.other, threads, onProgress };
  const compared = { ...samples, count: Math.min(samples.count, wishes.samples ?? mostCompared) };
  const scores = [...(await judge(compared, real.set, { features, ...comparing }))];
  const shares = classifier && (await classShares(samples, classifier));
  if (classifier !== undefined && shares !== undefined) {
    // Another set's classes are in another order.
    const same = classifier.classes.join("\n") === real.set.classes.join("\n");
    const labels = same ? real.set.labels : undefined;
    scores.push(...classScores(shares, { classifier, count: samples.count, labels }));
  }
  if (wishes.inception !== undefined) {
    scores.push(...(await byInception(samples, { real, wishes, progress })));
  }
  const files: File[] = chosen.file === undefined ? [] : [["classifier", chosen.file]];
  if (wishes.stacked !== undefined) {
    const digits = await digitClassifier(wishes.stacked, samples.shape, { ...opening, progress });
    scores.push(...(await judgeStacked(samples, digits.classifier)));
    await digits.classifier.release();
    files.push(["digits", digits.file]);
  }
  if (wishes.neighbours !== undefined) {
    const options = { features, heldOut: sets.test, threads, onProgress };
    const near = await nearestTraining(samples, sets.train, options);
    await writePicture(wishes.neighbours, near.sheet);
    scores.push(...near.scores);
    files.push(["neighbours", wishes.neighbours]);
  }
  if (wishes.path) {
    const { seed } = wishes;
    const options = { features, count: samples.count, seed, onProgress: progress.say };
    scores.push(await pathScore(subject.generator, options));
  }
  await features.release();
  const { name, hash } = features;
  return { scores, features: { name, hash }, files, shares };
}

/** FID and Inception Score by the user's own network. */
async function byInception(
  samples: Items,
  { real, wishes, progress }: Pick<Evaluating, "real" | "wishes" | "progress">,
): Promise<readonly Score[]> {
  const threads = availableParallelism();
  const file = wishes.inception!;
  const inception = await openInception(readModel(file, { hint: "" }), {
    shape: real.set.shape,
    name: file,
    threads,
    ...(wishes.filter === undefined ? {} : { filter: wishes.filter }),
    ...(wishes.range === undefined ? {} : { range: wishes.range }),
  });
  const onProgress = (what: string, done: number, total: number): void =>
    progress.say(`Inception features of ${what},`, done, total);
  try {
    return await judgeByInception(samples, real.set, { inception, threads, onProgress });
  } finally {
    await inception.network.release();
  }
}

/** The set that samples are held against, and the one that gives the floor. */
interface Chosen {
  readonly set: Dataset;
  readonly other: Dataset | undefined;
}

function chosenSet({ train, test }: Sets, against: Wishes["against"]): Chosen {
  // What points should cover is known, and no other points are needed to say it.
  const usual = test === undefined || train.kind === "points" ? "train" : "test";
  if ((against ?? usual) === "train") return { set: train, other: test };
  if (test !== undefined) return { set: test, other: train };
  const hint = "use --against train, or put pictures into folders called train and test";
  throw new ConfigurationError({ op: "--against", why: `${train.name} has no test split`, hint });
}

/** Beyond so many, distances between all pairs take longer than they tell. */
const mostCompared = 10_000;

/** As many as there are real items, within reason; what the names of scores ask for. */
function usualCount({ kind, count }: Dataset, { inception, stacked }: Wishes): number {
  if (inception !== undefined) return 50_000;
  if (stacked !== undefined) return 26_000;
  return kind === "points" ? 2500 : Math.min(mostCompared, Math.max(1000, count));
}

function refusePictures(reader: Reader): void {
  const flag = flagIn(reader, forPictures);
  if (flag === undefined) return;
  const why = "needs pictures; this generator makes points";
  throw new ConfigurationError({ op: `--${flag}`, why });
}

/** The first of some flags that was given. */
const flagIn = (reader: Reader, flags: readonly string[]): string | undefined =>
  flags.find((name) => reader.text(name) !== undefined || reader.is(name));

const sharesByName = ({ classes, shares }: ClassShares): Record<string, number> =>
  Object.fromEntries(classes.map((name, i) => [name, shares[i]!]));

function version(): string {
  const file = new URL("../../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly version: string }).version; // our own
}
