import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { sharedTable } from "../game/exchange.js";
import { longestRow, type Plan, programsIn, type TurnPlan } from "../game/plan.js";
import { settleFor } from "../game/system.js";
import { trace } from "../game/trace.js";
import { chooseDevice } from "../runtime/choose.js";
import { prefersProducts } from "../runtime/device.js";
import { fingerprint } from "../runtime/fingerprint.js";
import type { Program } from "../runtime/memory.js";
import { BelamyError } from "../shape/error.js";
import { asksOf, checkAsked, checkDrawn, descriptionOf, roundsOf } from "./asked.js";
import { Crew } from "./crew.js";
import { crowdFor } from "./crowd.js";
import type { TrainOptions } from "./options.js";
import { namesIn, nodesOf, readRuns, type TimedRun } from "./profile-kernels.js";
import { type ProgramFacts, prefixOf, type Recording, type Span } from "./profile-record.js";
import { Queue } from "./queue.js";
import { shareItems } from "./share.js";
import { control, type FromWorker, type Task } from "./task.js";
import { type Environments, environmentsOf } from "./work.js";

/** What is timed; `rounds` are recorded, by default enough that every lazy term counts as often. */
export type ProfileOptions = Pick<
  TrainOptions,
  "system" | "features" | "data" | "hyper" | "seed" | "rounds" | "device" | "replicas" | "signal"
>;

/** Rounds before those that are recorded: caches and memory settle. */
const warmUp = 2;
/** Rounds to record by default, at least and at most. */
const [fewest, most] = [8, 64];

/**
 * Plays some rounds, with the engine writing down its kernels, and keeps nothing else of them.
 *
 * @throws {ConfigurationError} when options do not make sense.
 * @throws {ShapeError} when the networks do not fit the data.
 * @throws {BelamyError} when a round fails.
 */
export async function record(options: ProfileOptions): Promise<Recording> {
  checkAsked(options);
  const { data, features, seed = 0, signal } = options;
  const system = features === undefined ? options.system : options.system.perceiving(features);
  const values = settleFor(system, data, { ...options.hyper });
  const plan = trace(system, {
    ...{ hyper: values, data: descriptionOf(options) },
    products: prefersProducts(options.device ?? "auto"),
  });
  checkDrawn(options, plan);
  const device = await chooseDevice(options.device ?? "auto");
  const cores = availableParallelism();
  const { replicas, threads } = crowdFor(plan, { replicas: options.replicas, device, cores });
  const groups = plan.batch / plan.group;
  const folder = mkdtempSync(join(tmpdir(), "belamy-profile-"));
  const shared = new SharedArrayBuffer(control.size * Int32Array.BYTES_PER_ELEMENT);
  const task: Omit<Task, "index"> = {
    ...{ plan, seed, device, threads, folder: undefined, board: undefined, checkpoint: undefined },
    // The engine says what its kernels took by the names that it gives them as it compiles.
    compiled: undefined,
    data: shareItems(data),
    table: sharedTable(replicas, groups, longestRow(plan)),
    control: shared,
    budget: roundsOf(values),
    asks: asksOf(options),
    askedAt: Date.now(),
    profile: {
      folder,
      rounds: warmUp + (options.rounds ?? usualRounds(plan.turns)),
      beganNs: process.hrtime.bigint(),
    },
  };
  const stop = (): void => void Atomics.store(new Int32Array(shared), control.stop, 1);
  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    const spans = await play(
      Array.from({ length: replicas }, (_, index) => ({ ...task, index })),
      environmentsOf(system, values, descriptionOf(options)),
    );
    const programs = knownIn(plan);
    return {
      system: system.name,
      data: data.name,
      batch: plan.batch,
      device,
      threads,
      warmUp,
      programs: Object.fromEntries([...programs].map(([print, { facts }]) => [print, facts])),
      replicas: spans.map((all, index) => withKernels(all, { folder, index, programs })),
    };
  } finally {
    signal?.removeEventListener("abort", stop);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Rounds in which every lazy term counts as often as it should. */
export function usualRounds(turns: readonly Pick<TurnPlan, "pattern" | "repeats">[]): number {
  for (let rounds = fewest; rounds < most; rounds++) {
    if (turns.every((turn) => (rounds * turn.repeats) % turn.pattern.length === 0)) return rounds;
  }
  return most;
}

async function play(
  tasks: readonly Task[],
  environments: Environments,
): Promise<readonly (readonly Span[])[]> {
  const messages = new Queue<FromWorker>();
  const crew = new Crew({ tasks, onMessage: (message) => messages.put(message), environments });
  const spans = new Map<number, readonly Span[]>();
  try {
    while (spans.size < tasks.length) {
      const message = await messages.take();
      if (message?.kind === "failed") {
        throw new BelamyError({ op: "profile", why: message.message });
      }
      if (message?.kind === "profiled") spans.set(message.index, message.spans);
    }
  } finally {
    await crew.leave();
  }
  return tasks.map(({ index }) => spans.get(index)!);
}

interface Known {
  readonly program: Program;
  readonly facts: ProgramFacts;
}

/** The graphs of all turns and environments, by the fingerprints of their models. */
function knownIn(plan: Plan): ReadonlyMap<string, Known> {
  const known = new Map<string, Known>();
  for (const { name, told, acts } of plan.rollouts) {
    for (const program of [told, acts]) {
      if (program === undefined) continue;
      const facts = { player: name, products: program.products ?? {} };
      known.set(fingerprint(program.model), { program, facts });
    }
  }
  for (const { player, variants } of plan.turns) {
    for (const variant of variants) {
      for (const program of programsIn(variant)) {
        const facts = { player, products: program.products ?? {} };
        known.set(fingerprint(program.model), { program, facts });
      }
    }
  }
  return known;
}

/** Puts into each run the kernels that the engine wrote down, and leaves out rounds to warm up. */
function withKernels(
  spans: readonly Span[],
  {
    folder,
    index,
    programs,
  }: {
    readonly folder: string;
    readonly index: number;
    readonly programs: ReadonlyMap<string, Known>;
  },
): Span[] {
  const files = readdirSync(folder);
  const timed = new Map<string, IterableIterator<TimedRun>>();
  for (const [print, { program }] of programs) {
    const start = prefixOf(index) + print;
    const file = files.find((name) => name.startsWith(start) && name.endsWith(".json"));
    if (file === undefined) continue;
    const made = nodesOf(readFileSync(join(folder, `${start}.onnx`)));
    const names = namesIn(nodesOf(program.model), made);
    const text = readFileSync(join(folder, file), "utf8");
    timed.set(print, readRuns(text, (name) => names.get(name) ?? name).values());
  }
  const rounds = spans.filter(({ kind }) => kind === "round");
  const begin = rounds[warmUp]?.start ?? Number.POSITIVE_INFINITY;
  const end = rounds.at(-1)?.start ?? 0;
  const last = end + (rounds.at(-1)?.duration ?? 0);
  return spans
    .map((span): Span => {
      if (span.kind !== "run") return span;
      const run = timed.get(span.program)?.next().value;
      return run === undefined ? span : { ...span, kernels: placed(run, span) };
    })
    .filter(({ start }) => start >= begin && start < last)
    .sort((a, b) => a.start - b.start || b.duration - a.duration);
}

/** The engine's clock is another: its run is put into the middle of ours. */
function placed(run: TimedRun, span: Span): TimedRun["kernels"] {
  const shift = span.start + Math.max(0, span.duration - run.duration) / 2 - run.start;
  return run.kernels.map((kernel) => ({ ...kernel, start: kernel.start + shift }));
}
