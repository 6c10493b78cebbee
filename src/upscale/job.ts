import { createHash, randomUUID } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, extname, join, resolve } from "node:path";
import { writeReason } from "../data/cache/settings.js";
import type { Skipped } from "../data/dataset.js";
import { badFiles } from "../data/files/bad.js";
import { BadFile } from "../data/files/source.js";
import { ConfigurationError, DataError } from "../shape/error.js";
import { Journal } from "./job-journal.js";
import { lockFolder } from "./job-lock.js";
import {
  type PlannedTexture,
  planned,
  type TextureResult,
  type UpscalePlan,
  type UpscaleReport,
} from "./job-report.js";
import {
  formatOfName,
  openSettings,
  settingsHash,
  type TextureUpscaleOptions,
} from "./job-settings.js";
import { checkApart, openTextures, type TextureSource, usualOut } from "./job-source.js";
import { upscaleTexture } from "./texture.js";
import { planTexture, type TextureSettings } from "./texture-plan.js";
import { readGamePicture } from "./texture-read.js";

/** Where the journal, the lock and what is not yet whole are, in the folder of results. */
const workName = ".belamy-upscale";

/**
 * Makes the textures of a folder, a zip or a file larger, each with its place and format kept: tiles
 * without seams, alpha by itself, normal maps of unit length, colours of the same mean. What was
 * begun and interrupted goes on where it was: a file has its name only once it is whole.
 *
 * @throws {DataError} when files cannot be read or written.
 * @throws {ConfigurationError} when options make no sense, or results would be where others are.
 *
 * @example
 * await data.write(data.shapes({ count: 2, size: 16 }), "tiles");
 * const { files } = await upscale("tiles", { model: "lanczos", scale: 2, out: "tiles-hd" });
 * files.map(({ to }) => to); // → [[32,32],[32,32]]
 */
export async function upscale(
  source: string,
  options: TextureUpscaleOptions = {},
): Promise<UpscaleReport> {
  return await withJob(source, options, async (job) => {
    if (job.textures.single) return await single(job);
    return await wholeFolder(job);
  });
}

/**
 * Says what `upscale` would do to each file, and does nothing.
 *
 * @throws {DataError} when files cannot be read.
 * @throws {ConfigurationError} when options make no sense.
 *
 * @example
 * await data.write(data.shapes({ count: 2, size: 16 }), "bricks");
 * const { files } = await planUpscale("bricks", { scale: 4 });
 * files.map(({ to }) => to); // → [[64,64],[64,64]]
 */
export async function planUpscale(
  source: string,
  options: TextureUpscaleOptions = {},
): Promise<UpscalePlan> {
  return await withJob(source, options, async (job) => {
    const journal = job.textures.single ? undefined : job.journal();
    const { todo, finished, bad } = await look(job, journal);
    checkBad(job, bad);
    const files = [...todo.map(({ plan }) => plan), ...finished];
    const out = job.textures.single ? singleOut(job, files[0]!) : job.out; // one, and not bad
    return { ...job.facts, out, files: byName(files), kept: finished.length, skipped: bad };
  });
}

interface Job {
  readonly source: string;
  readonly out: string;
  readonly options: TextureUpscaleOptions;
  readonly settings: TextureSettings;
  readonly settingsHash: string;
  readonly textures: TextureSource;
  readonly facts: Pick<UpscaleReport, "source" | "out" | "model" | "scale">;
  journal(): Journal;
}

async function withJob<T>(
  source: string,
  given: TextureUpscaleOptions,
  use: (job: Job) => Promise<T>,
): Promise<T> {
  const textures = await openTextures(source);
  try {
    const options = textures.single ? { ...given, ...formatOfName(source, given) } : given;
    const settings = await openSettings(options);
    const { upscaler, down, size } = settings;
    try {
      const scale = upscaler.scale / down;
      const times = size === undefined ? scale : undefined;
      const out = options.out ?? usualOut(source, { single: textures.single, times });
      checkApart(source, out);
      if (!textures.single || options.out !== undefined) checkOut(out, textures.single);
      return await use({
        ...{ source, out, options, settings, textures },
        settingsHash: await settingsHash(settings, options),
        facts: { source, out, model: upscaler.about, scale },
        journal: () => new Journal(join(out, workName, "journal.jsonl"), out),
      });
    } finally {
      if (options.model !== upscaler) await upscaler.release();
    }
  } finally {
    await textures.close();
  }
}

/** Results go where nothing is yet, or where such results are. */
function checkOut(out: string, single: boolean): void {
  const found = existsSync(out) ? statSync(out) : undefined;
  if (found === undefined || (!single && isOurs(out, found.isDirectory()))) return;
  const hint = "remove it, or name another";
  const why = single || !found.isDirectory() ? "exists already" : "holds other files";
  throw new ConfigurationError({ op: "--out", why: `${out} ${why}`, hint });
}

const isOurs = (out: string, isFolder: boolean): boolean =>
  isFolder && (readdirSync(out).length === 0 || existsSync(join(out, workName)));

interface Planned {
  readonly plan: PlannedTexture;
  /** SHA-256 of the source. */
  readonly source: string;
}

interface Looked {
  readonly todo: readonly Planned[];
  /** What is there already. */
  readonly finished: readonly TextureResult[];
  readonly bad: readonly Skipped[];
}

/** Looks at every file: what is to be done, what is done, and what cannot be. */
async function look(job: Job, journal: Journal | undefined): Promise<Looked> {
  const { textures, settings, options } = job;
  const todo: Planned[] = [];
  const finished: TextureResult[] = [];
  const bad: Skipped[] = [];
  const taken = new Map<string, string>();
  const total = textures.names.length;
  for (const [done, file] of textures.names.entries()) {
    options.signal?.throwIfAborted();
    options.onProgress?.({ phase: "looking", done, total, share: done / total, file });
    try {
      const bytes = await textures.read(file);
      const source = createHash("sha256").update(bytes).digest("hex");
      const there = journal?.find(file, { source, settings: job.settingsHash });
      const plan = there ?? planned(planTexture(await readGamePicture(bytes), file, settings).plan);
      const other = taken.get(plan.out);
      if (other !== undefined) throw new BadFile(`would be written to ${plan.out}, as ${other} is`);
      taken.set(plan.out, file);
      if (there) finished.push(there);
      else todo.push({ plan, source });
    } catch (error) {
      if (!(error instanceof BadFile)) throw error;
      bad.push({ file, reason: error.message });
    }
  }
  return { todo, finished, bad };
}

/** Stops for files that cannot be used, unless they may be left out. */
function checkBad({ source, textures, options }: Job, bad: readonly Skipped[]): void {
  if (bad.length === 0) return;
  if (options.skipBad && bad.length < textures.names.length) return;
  throw badFiles(source, bad, textures.names.length);
}

const byName = <T extends { readonly name: string }>(files: readonly T[]): readonly T[] =>
  [...files].sort((a, b) => (a.name < b.name ? -1 : 1));

async function wholeFolder(job: Job): Promise<UpscaleReport> {
  const { out, source } = job;
  const work = join(out, workName);
  // Nothing is made before it is known that there is something to put into it.
  const before = await look(job, job.journal());
  checkBad(job, before.bad);
  return await writing(out, async () => {
    makeFolder(work);
    const lock = lockFolder(out, join(work, "lock"));
    const journal = job.journal();
    try {
      for (const name of readdirSync(work)) {
        if (/^(part|color|alpha)/.test(name)) rmSync(join(work, name), { force: true });
      }
      const files = await allOf(job, { ...before, journal, work });
      const { facts } = job;
      const report = { ...facts, files, kept: before.finished.length, skipped: before.bad };
      writeWhole(
        join(out, "report.json"),
        `${JSON.stringify({ ...report, source }, asWords, 2)}\n`,
      );
      return report;
    } finally {
      journal.close();
      lock.release();
    }
  });
}

/** Infinity and nothing are words in JSON too. */
const asWords = (_: string, value: unknown): unknown => (value === undefined ? null : value);

async function allOf(
  job: Job,
  { todo, finished, journal, work }: Looked & { readonly journal: Journal; readonly work: string },
): Promise<readonly TextureResult[]> {
  const results: TextureResult[] = [...finished];
  const area = ({ to }: PlannedTexture): number => to[0] * to[1];
  const pixels = todo.reduce((sum, { plan }) => sum + area(plan), 0);
  let before = 0;
  for (const [done, { plan, source }] of todo.entries()) {
    const progress = (share: number): void =>
      job.options.onProgress?.({
        ...{ phase: "upscaling", done, total: todo.length, file: plan.name },
        share: (before + share * area(plan)) / pixels,
      });
    const result = await one(job, { name: plan.name, expected: source, work, progress });
    journal.add({ source, settings: job.settingsHash, result });
    results.push(result);
    before += area(plan);
  }
  return byName(results);
}

/** Makes one picture larger; its file has its name once it is whole. */
async function one(
  { out, textures, settings, options: { signal } }: Job,
  {
    name,
    expected,
    work,
    progress,
    path,
  }: {
    readonly name: string;
    /** SHA-256 of the source as it was looked at. */
    readonly expected: string;
    readonly work: string;
    readonly progress: (share: number) => void;
    /** Where it goes, when not to its place in the folder. */
    readonly path?: string;
  },
): Promise<TextureResult> {
  signal?.throwIfAborted();
  progress(0);
  const bytes = await textures.read(name);
  if (createHash("sha256").update(bytes).digest("hex") !== expected) {
    throw new DataError({ op: name, why: "was changed meanwhile", hint: "start again" });
  }
  const { plan, picture } = planTexture(await readGamePicture(bytes), name, settings);
  const part = join(work, "part");
  try {
    const facts = await upscaleTexture(picture, plan, {
      settings,
      path: part,
      work,
      progress,
      signal,
    });
    const size = statSync(part).size;
    const to = path ?? join(out, plan.out);
    makeFolder(dirname(to));
    renameSync(part, to);
    return { ...planned(plan), ...facts, bytes: size };
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

/** Where a single picture goes: where it was asked to, otherwise with the ending of its format. */
function singleOut({ out, options }: Job, plan: PlannedTexture): string {
  if (options.out !== undefined) return out;
  const path = out.slice(0, out.length - extname(out).length) + extname(plan.out);
  checkOut(path, true);
  return path;
}

/** A single picture: nothing is left beside it. */
async function single(job: Job): Promise<UpscaleReport> {
  const { options, facts } = job;
  const { todo, bad } = await look(job, undefined);
  checkBad(job, bad);
  const [{ plan, source }] = todo as [Planned]; // one, and not bad
  const out = singleOut(job, plan);
  const work = `${resolve(out)}.${randomUUID().slice(0, 8)}.unfinished`;
  return await writing(out, async () => {
    makeFolder(work);
    try {
      const progress = (share: number): void =>
        options.onProgress?.({ phase: "upscaling", done: 0, total: 1, share, file: plan.name });
      const given = { name: plan.name, expected: source, work, progress, path: resolve(out) };
      return { ...facts, out, files: [await one(job, given)], kept: 0, skipped: [] };
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  });
}

/** What the disk refuses becomes an error that says so. */
async function writing<T>(out: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof Error) || !("syscall" in error) || !("code" in error)) throw error;
    const isFull = error.code === "ENOSPC" || error.code === "EDQUOT";
    const hint = "make room; the same command goes on from here";
    const why = `not written, ${writeReason(error)}`;
    throw new DataError({ op: out, why, ...(isFull ? { hint } : {}) });
  }
}

/** Makes a folder and those around it; Node's own way never ends where none can be made. */
function makeFolder(path: string): void {
  if (existsSync(path) && statSync(path).isDirectory()) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  mkdirSync(path);
}

/** Writes a file wholly, or not at all. */
function writeWhole(path: string, text: string): void {
  const aside = `${path}.${randomUUID().slice(0, 8)}`;
  writeFileSync(aside, text);
  renameSync(aside, path);
}
