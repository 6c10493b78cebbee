import type { RunEvent, StoppedEvent } from "../game/events.js";
import { abandon, type SharedTable, sharedTable } from "../game/exchange.js";
import type { Ending, Judged } from "../game/play.js";
import { asksOf, descriptionOf } from "../run/asked.js";
import { crowdFor } from "../run/crowd.js";
import { type ExportFormat, encodeGenerator, joined, type Learned } from "../run/generator.js";
import { Queue } from "../run/queue.js";
import type { Run } from "../run/train.js";
import { chooseDevice } from "../runtime/choose.js";
import { BelamyError } from "../shape/error.js";
import type { FromThread, PageTask } from "./messages.js";
import type { PageTrainOptions, PreparedPage } from "./options.js";
import { widestOf } from "./serve.js";
import { Thread } from "./thread.js";
import { version } from "./version.js";

/** Follows a run from the page: starts the threads, hands on what they say, ends them. */
export class PageRun implements Run {
  readonly folder = undefined;
  private readonly options: PageTrainOptions;
  private readonly prepared: PreparedPage;
  private readonly askedAt = Date.now();
  private readonly messages = new Queue<FromThread>();
  private readonly events = new Queue<{ readonly event: RunEvent; readonly last: boolean }>();
  private readonly done: Promise<void>;
  private threads: Thread[] = [];
  private table: SharedTable | undefined;
  private isThreaded = false;
  private stopAsked = false;
  private ended = false;
  private round = 0;
  private learned: Learned | undefined;
  private wanting: ((learned: Learned | undefined) => void)[] = [];

  constructor(options: PageTrainOptions, prepared: PreparedPage) {
    this.options = options;
    this.prepared = prepared;
    const stop = (): void => this.stop();
    const { signal } = options;
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop, { once: true });
    this.done = this.conduct().finally(() => signal?.removeEventListener("abort", stop));
  }

  stop(): void {
    this.stopAsked = true;
    this.threads[0]?.tell({ kind: "stop" });
  }

  async finish(): Promise<StoppedEvent> {
    let last: StoppedEvent | undefined;
    for await (const event of this) if (event.type === "stopped") last = event;
    return last ?? { type: "stopped", round: this.round, reason: "asked" };
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RunEvent, void, undefined> {
    try {
      for (;;) {
        const taken = await this.events.take();
        if (taken === undefined) return;
        if (taken.last) this.threads[0]?.tell({ kind: "taken" });
        yield taken.event;
      }
    } finally {
      this.stop();
      await this.done;
    }
  }

  async generator({
    format = "onnx",
  }: {
    readonly format?: ExportFormat;
  } = {}): Promise<Uint8Array<ArrayBuffer>> {
    const learned = this.ended ? this.learned : await this.ask();
    if (learned === undefined) {
      throw new BelamyError({ op: "generator", why: "there is none, the run has not ended well" });
    }
    const { system, data } = this.options;
    const { plan, values: hyper, seed } = this.prepared;
    const { name, fingerprint } = data;
    const description = { name, fingerprint, ...descriptionOf(this.options) };
    const origin = { system, hyper, data: description, plan, seed, version, learned };
    const parts = encodeGenerator(origin, format);
    if (format === "onnx") {
      const { cells } = learned;
      await Thread.ask({ kind: "verify", model: parts[0]!, plan, cells }, "verified");
    }
    return joined(parts);
  }

  /** What has been learned by the end of the present round. */
  private ask(): Promise<Learned | undefined> {
    const learned = new Promise<Learned | undefined>((resolve) => this.wanting.push(resolve));
    this.threads[0]?.tell({ kind: "show" });
    return learned;
  }

  private show(learned: Learned | undefined): void {
    for (const resolve of this.wanting) resolve(learned);
    this.wanting = [];
  }

  /** From the first event to the last; whatever goes wrong becomes the last event. */
  private async conduct(): Promise<void> {
    let stopped: StoppedEvent;
    try {
      await this.begin();
      stopped = { type: "stopped", ...(await this.follow()) };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      stopped = { type: "stopped", round: this.round, reason: "failed", message };
    }
    this.ended = true;
    this.show(this.learned);
    if (this.table !== undefined) abandon(this.table);
    const [first, ...others] = this.threads;
    for (const thread of others) thread.close();
    if (stopped.reason === "failed" || this.isThreaded) first?.close();
    else first?.leave();
    this.threads = [];
    this.say(stopped);
    this.events.close();
  }

  /** Settles the device, says what starts, and starts it. */
  private async begin(): Promise<void> {
    const { system, data, replicas: wanted, device: name = "auto" } = this.options;
    const { plan, seed, budget } = this.prepared;
    const device = await chooseDevice(name);
    const first = await Thread.open();
    this.threads = [first];
    const cores = first.isWorker && canShare() ? navigator.hardwareConcurrency : 1;
    const crowd = { replicas: cores === 1 ? 1 : wanted, device, cores };
    const { replicas, threads } = crowdFor(plan, crowd);
    while (this.threads.length < replicas) this.threads.push(await Thread.start());
    if (threads > 1) await this.renew();
    const groups = plan.batch / plan.group;
    if (replicas > 1) this.table = sharedTable(replicas, groups, widestOf(plan.turns));
    this.say({
      type: "started",
      system: system.name,
      data: data.name,
      seed,
      device,
      replicas,
      round: 0,
      rounds: budget.kind === "rounds" ? budget.rounds : undefined,
      folder: undefined,
    });
    const { count, items, labels, given } = data;
    const task: Omit<PageTask, "index"> = {
      plan,
      seed,
      data: {
        count,
        items,
        labels,
        ...(given === undefined ? {} : { given: { items: given.items } }),
      },
      device,
      threads,
      table: this.table,
      budget,
      asks: asksOf(this.options),
      askedAt: this.askedAt,
    };
    this.threads.forEach((thread, index) => {
      thread.hear((message) => this.messages.put(message));
      thread.tell({ kind: "play", task: { ...task, index } });
    });
    if (this.stopAsked) this.stop();
    if (this.wanting.length > 0) this.threads[0]?.tell({ kind: "show" });
  }

  /** An engine settles how many threads it has when it is loaded. */
  private async renew(): Promise<void> {
    this.threads[0]?.leave();
    this.threads = [await Thread.start()];
    this.isThreaded = true;
  }

  /** Hands on what the first thread says, until the run has ended. */
  private async follow(): Promise<Ending | Omit<StoppedEvent, "type">> {
    for (;;) {
      const message = await this.messages.take();
      switch (message?.kind) {
        case "events":
          message.events.forEach((event, i) => {
            this.say(event, i === message.events.length - 1);
          });
          break;
        case "judged":
          await this.judge(message.samples);
          break;
        case "learned":
          this.show(message.learned);
          break;
        case "ended":
          this.learned = message.learned;
          return message.ending;
        case "failed":
          return { round: this.round, reason: "failed", message: message.failure.message };
      }
    }
  }

  private async judge({ round, items }: Judged): Promise<void> {
    const { judge, data } = this.options;
    if (judge === undefined) return;
    this.say({ type: "scores", round, scores: await judge(items, data) });
  }

  private say(event: RunEvent, last = false): void {
    if (event.type === "round") this.round = event.round;
    this.events.put({ event, last });
  }
}

/** Whether threads may share memory: the server isolates the page by COOP and COEP. */
const canShare = (): boolean =>
  globalThis.crossOriginIsolated === true && globalThis.SharedArrayBuffer !== undefined;
