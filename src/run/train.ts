import { availableParallelism } from "node:os";
import type { Dataset } from "../data/dataset.js";
import type { RunEvent, Score, StoppedEvent } from "../game/events.js";
import { sharedTable } from "../game/exchange.js";
import { settle } from "../game/hyper.js";
import type { Budget } from "../game/pace.js";
import type { Plan } from "../game/plan.js";
import type { System } from "../game/system.js";
import { trace } from "../game/trace.js";
import { ConfigurationError } from "../shape/error.js";
import { Crew } from "./crew.js";
import { Queue } from "./queue.js";
import { shareItems } from "./share.js";
import { control, type FromWorker, type Task } from "./task.js";

export interface TrainOptions {
  readonly system: System;
  readonly data: Dataset;
  /** Changes to the system's hyper-parameters. */
  readonly hyper?: Readonly<Record<string, unknown>>;
  readonly seed?: number;
  /** Rounds to play; the system's own number unless `minutes` is given. */
  readonly rounds?: number;
  /** Time to play; schedules are stretched to fit. */
  readonly minutes?: number;
  readonly device?: string;
  /** Worker threads that share each batch; what is computed does not depend on it. */
  readonly replicas?: number;
  /** Where the run is kept; a new folder in `runs` by default, nowhere when `null` or `false`. */
  readonly folder?: string | null | false;
  /** The folder of a run to go on with. */
  readonly resume?: string;
  /** Rounds between checkpoints; once a minute by default. */
  readonly checkpointEvery?: number;
  /** Rounds between samples; 40 times a run, and at powers of two early on, by default. */
  readonly samplesEvery?: number;
  readonly sampleCount?: number;
  readonly signal?: AbortSignal;
  /** Scores samples, one after another as in `SamplesEvent`. */
  readonly judge?: (
    samples: Float32Array,
    data: Dataset,
  ) => readonly Score[] | Promise<readonly Score[]>;
  /** How many samples are judged. */
  readonly judgeCount?: number;
  /** Rounds between scores; otherwise only at the end. */
  readonly judgeEvery?: number;
}

/** A system being played in worker threads. It waits when nobody reads its events. */
export interface Run extends AsyncIterable<RunEvent> {
  readonly folder: string | undefined;
  /** Ends after the present round, with a checkpoint. Leaving the loop does the same. */
  stop(): void;
  /** Reads all events that are left. */
  finish(): Promise<StoppedEvent>;
}

/**
 * Trains a system on data.
 *
 * @example
 * for await (const event of train({ system: gan, data: ring(), rounds: 100, folder: null })) {
 *   if (event.type === "round") console.log(event.terms);
 * }
 */
export function train(options: TrainOptions): Run {
  const { system, data, hyper } = options;
  const values = settle(system.hyper, hyper);
  const description = {
    kind: data.kind,
    shape: data.shape,
    classes: data.classes.length,
    count: data.count,
  };
  const plan = trace(system, { hyper: values, data: description });
  return new Play(options, plan, budgetOf(options, Number(values.rounds)));
}

function budgetOf({ rounds, minutes }: TrainOptions, usual: number): Budget {
  if (rounds !== undefined && minutes !== undefined) {
    const hint = "give one of them";
    throw new ConfigurationError({ op: "train", why: "both rounds and minutes are given", hint });
  }
  return minutes === undefined
    ? { kind: "rounds", rounds: rounds ?? usual }
    : { kind: "minutes", minutes };
}

class Play implements Run {
  readonly folder: string | undefined = undefined;
  private readonly options: TrainOptions;
  private readonly plan: Plan;
  private readonly budget: Budget;
  private readonly events = new Queue<{ readonly event: RunEvent; readonly last: boolean }>();
  private readonly control = new Int32Array(
    new SharedArrayBuffer(control.size * Int32Array.BYTES_PER_ELEMENT),
  );
  private readonly done: Promise<void>;
  private readonly messages = new Queue<FromWorker>();
  private readonly askedAt = Date.now();
  private round = 0;

  constructor(options: TrainOptions, plan: Plan, budget: Budget) {
    this.options = options;
    this.plan = plan;
    this.budget = budget;
    const { signal } = options;
    if (signal?.aborted) this.stop();
    else signal?.addEventListener("abort", () => this.stop(), { once: true });
    this.done = this.play();
  }

  stop(): void {
    Atomics.store(this.control, control.stop, 1);
    Atomics.notify(this.control, control.taken);
  }

  async finish(): Promise<StoppedEvent> {
    let last: StoppedEvent | undefined;
    for await (const event of this) if (event.type === "stopped") last = event;
    return last!;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RunEvent, void, undefined> {
    try {
      for (;;) {
        const taken = await this.events.take();
        if (taken === undefined) return;
        if (taken.last) {
          Atomics.add(this.control, control.taken, 1);
          Atomics.notify(this.control, control.taken);
        }
        yield taken.event;
      }
    } finally {
      this.stop();
      await this.done;
    }
  }

  private async play(): Promise<void> {
    const { system, data, seed = 0 } = this.options;
    const { plan, budget } = this;
    const groups = plan.batch / plan.group;
    const cores = availableParallelism();
    const replicas = Math.min(groups, this.options.replicas ?? cores);
    const widest = Math.max(...plan.turns.flatMap((t) => t.variants.map((v) => v.flatSize)));
    const shared: Omit<Task, "index"> = {
      plan,
      planFingerprint: "",
      seed,
      data: shareItems(data),
      device: "cpu",
      threads: groups === 1 ? cores : 1,
      table: sharedTable(replicas, groups, groups === 1 ? 0 : widest),
      control: this.control.buffer as SharedArrayBuffer, // made so above
      budget,
      asks: this.asks(),
      askedAt: this.askedAt,
      folder: undefined,
      checkpoint: undefined,
    };
    this.say({
      type: "started",
      system: system.name,
      data: data.name,
      seed,
      device: shared.device,
      replicas,
      round: 0,
      rounds: budget.kind === "rounds" ? budget.rounds : undefined,
      folder: this.folder,
    });
    const crew = new Crew({
      tasks: Array.from({ length: replicas }, (_, index) => ({ ...shared, index })),
      onMessage: (message) => this.messages.put(message),
    });
    for (;;) {
      const message = await this.messages.take();
      if (message === undefined) break;
      if (message.kind === "events") {
        message.events.forEach((event, i) => {
          this.say(event, i === message.events.length - 1);
        });
      } else if (message.kind === "judged") {
        const { judge } = this.options;
        const { round, items } = message.samples;
        if (judge !== undefined) {
          this.say({ type: "scores", round, scores: await judge(items, data) });
        }
      } else if (message.kind === "ended") {
        this.say({ type: "stopped", ...message.ending });
        break;
      } else if (message.kind === "failed") {
        const { round } = this;
        this.say({ type: "stopped", round, reason: "failed", message: message.message });
        break;
      }
    }
    await crew.leave();
    this.events.close();
  }

  private asks(): Task["asks"] {
    const { samplesEvery, sampleCount = 64, checkpointEvery, judge } = this.options;
    const { judgeCount = 1000, judgeEvery } = this.options;
    return {
      sampleCount,
      ...(samplesEvery === undefined ? {} : { samplesEvery }),
      ...(checkpointEvery === undefined ? {} : { checkpointEvery }),
      ...(judge === undefined
        ? {}
        : {
            judged: {
              count: judgeCount,
              ...(judgeEvery === undefined ? {} : { every: judgeEvery }),
            },
          }),
    };
  }

  private say(event: RunEvent, last = false): void {
    if (event.type === "round") this.round = event.round;
    this.events.put({ event, last });
  }
}
