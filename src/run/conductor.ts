import { availableParallelism } from "node:os";
import { join } from "node:path";
import { conclude } from "../game/conclude.js";
import type { RunEvent, SamplesEvent, ShownFigure, StoppedEvent } from "../game/events.js";
import { sharedTable } from "../game/exchange.js";
import { longestRow } from "../game/plan.js";
import type { Ending, Judged } from "../game/play.js";
import { chooseDevice } from "../runtime/choose.js";
import { BelamyError } from "../shape/error.js";
import { asksOf, descriptionOf } from "./asked.js";
import { besideTheirs } from "./beside.js";
import { writeCards } from "./cards.js";
import { listCheckpoints, readCheckpoint } from "./checkpoint.js";
import { compiledFolder } from "./compiled.js";
import { Crew } from "./crew.js";
import { crowdFor } from "./crowd.js";
import { exportGenerator, generatorBytes } from "./export.js";
import { writeRecord } from "./folder.js";
import {
  type ExportFormat,
  encodeGenerator,
  joined,
  type Learned,
  verifyGenerator,
} from "./generator.js";
import { EventLog, readEvents } from "./log.js";
import type { TrainOptions } from "./options.js";
import { type Samples, writePicture } from "./picture.js";
import type { Prepared } from "./prepare.js";
import { Queue } from "./queue.js";
import { ownVersion, recordOf } from "./record.js";
import { AllSeries, seriesIn } from "./series.js";
import { shareItems, sharePlan } from "./share.js";
import { control, type FromWorker, type Task } from "./task.js";
import { Board } from "./tensorboard.js";
import type { BoardPicture } from "./tensorboard-format.js";
import type { Run } from "./train.js";
import { onWish } from "./wish.js";
import { makeFolder, writeWhole } from "./write.js";

/** Follows a run from the main thread: starts the workers, hands on what they say, ends them. */
export class Conductor implements Run {
  readonly folder: string | undefined;
  private readonly options: TrainOptions;
  private readonly prepared: Prepared;
  private readonly askedAt = Date.now();
  private readonly shared = new SharedArrayBuffer(control.size * Int32Array.BYTES_PER_ELEMENT);
  private readonly control = new Int32Array(this.shared);
  private readonly messages = new Queue<FromWorker>();
  private readonly events = new Queue<{ readonly event: RunEvent; readonly last: boolean }>();
  private readonly done: Promise<void>;
  /** TensorBoard's file. */
  private board: string | undefined;
  private round: number;
  private lastSamples: SamplesEvent | undefined;
  /** The newest sheet of cards has been written: nobody waits for it but the next one. */
  private drawn: Promise<void> = Promise.resolve();
  /** What was reported, of a run without a folder whose system wants to know. */
  private readonly series = new AllSeries();
  /** Of a run without a folder, after its end. */
  private learned: Learned | undefined;

  constructor(options: TrainOptions, prepared: Prepared) {
    this.options = { ...options, system: prepared.system };
    this.prepared = prepared;
    this.folder = prepared.folder;
    this.round = prepared.round;
    const stop = (): void => this.stop();
    const { signal } = options;
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop, { once: true });
    const unwatch = this.folder === undefined ? () => {} : onWish(this.folder, stop);
    this.done = this.conduct().finally(() => {
      signal?.removeEventListener("abort", stop);
      unwatch();
    });
  }

  stop(): void {
    Atomics.store(this.control, control.stop, 1);
    Atomics.notify(this.control, control.taken);
  }

  async finish(): Promise<StoppedEvent> {
    let last: StoppedEvent | undefined;
    for await (const event of this) if (event.type === "stopped") last = event;
    return last ?? { type: "stopped", round: this.round, reason: "asked" };
  }

  async generator({
    format = "onnx",
  }: {
    readonly format?: ExportFormat;
  } = {}): Promise<Uint8Array<ArrayBuffer>> {
    const { system, data } = this.options;
    if (this.folder !== undefined) {
      return joined(await generatorBytes(this.folder, { system, format }));
    }
    if (this.learned === undefined) {
      throw new BelamyError({ op: "generator", why: "there is none, the run has not ended well" });
    }
    const { plan, values: hyper, seed } = this.prepared;
    const { name, fingerprint } = data;
    const description = { name, fingerprint, ...descriptionOf(this.options) };
    const origin = { system, hyper, data: description, plan, seed, version: ownVersion() };
    const parts = encodeGenerator({ ...origin, learned: this.learned }, format);
    if (format === "onnx") {
      await verifyGenerator(parts[0]!, { plan, cells: this.learned.cells });
    }
    return joined(parts);
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

  /** From the first event to the last; whatever goes wrong becomes the last event. */
  private async conduct(): Promise<void> {
    let crew: Crew | undefined;
    let stopped: StoppedEvent;
    try {
      const task = await this.begin();
      crew = new Crew({
        tasks: Array.from({ length: task.table.replicas }, (_, index) => ({ ...task, index })),
        onMessage: (message) => this.messages.put(message),
        environments: this.prepared.environments,
      });
      stopped = { type: "stopped", ...(await this.follow(crew)) };
      await this.drawn;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      stopped = { type: "stopped", round: this.round, reason: "failed", message };
    }
    this.stop();
    await crew?.leave();
    try {
      this.note(stopped);
    } catch {
      // A full disk was the reason to stop, and has been told.
      this.say(stopped);
    }
    this.prepared.unlock();
    this.events.close();
  }

  /** Settles the device, writes `run.json`, and says what starts. */
  private async begin(): Promise<Omit<Task, "index">> {
    const { system, data, heldOut, replicas: wanted } = this.options;
    const { plan, outline, values, seed, budget, folder, record, checkpoint } = this.prepared;
    const device = await chooseDevice(record?.device ?? this.options.device ?? "auto");
    const { replicas, threads } = crowdFor(plan, {
      replicas: wanted,
      record,
      device,
      cores: availableParallelism(),
    });
    if (folder !== undefined) {
      const options = { system, data, values, seed, budget, device, replicas, threads };
      const { branch, features } = this.prepared;
      const told = { plan: outline, createdAt: this.askedAt, branch, features };
      const now = recordOf({ ...options, ...told });
      if (record === undefined) writeRecord(folder, now);
      const again = checkpoint === undefined ? 0 : this.round + 1;
      const from = record === undefined ? undefined : again;
      this.board = Board.begin(folder, { record: record ?? now, from });
    }
    this.note({
      type: "started",
      system: system.name,
      data: data.name,
      seed,
      device,
      replicas,
      round: this.round,
      rounds: budget.kind === "rounds" ? budget.rounds : undefined,
      folder,
    });
    const groups = plan.batch / plan.group;
    return {
      plan: sharePlan(plan),
      seed,
      data: shareItems(data),
      ...(heldOut === undefined ? {} : { heldOut: shareItems(heldOut) }),
      device,
      threads,
      table: sharedTable(replicas, groups, longestRow(plan)),
      control: this.shared,
      budget,
      asks: asksOf(this.options),
      askedAt: this.askedAt,
      folder,
      board: this.board,
      checkpoint,
      compiled: this.options.cache === false ? undefined : compiledFolder(),
    };
  }

  /** Hands on what replica 0 says, until the run has ended. */
  private async follow(crew: Crew): Promise<Ending | Omit<StoppedEvent, "type">> {
    for (;;) {
      const message = await this.messages.take();
      switch (message?.kind) {
        case "events":
          await this.handOn(message.events);
          break;
        case "judged":
          await this.judge(message.samples);
          break;
        case "ended":
          if (message.ending.reason !== "non-finite") await this.finishFolder(crew);
          if (message.cells !== undefined) {
            this.learned = { round: message.ending.round, cells: message.cells };
          }
          if (message.ending.reason === "finished") await this.conclude();
          return message.ending;
        case "failed":
          return { round: this.round, reason: "failed", message: message.message };
      }
    }
  }

  private async handOn(events: readonly RunEvent[]): Promise<void> {
    for (const [i, event] of events.entries()) {
      if (event.type === "samples" && event.file !== undefined && this.folder !== undefined) {
        const path = join(this.folder, event.file);
        this.show(event.round, await this.draw(path, event));
        this.lastSamples = event;
      }
      if (event.type === "verdicts" && event.sheet !== undefined && this.folder !== undefined) {
        await this.drawn;
        this.drawn = writeCards(join(this.folder, event.sheet.file), event, this.options.data);
        // Whoever waits for it next is told.
        this.drawn.catch(() => {});
      }
      this.say(event, i === events.length - 1);
    }
  }

  /** Writes a picture of samples, with what they were made from beside them. */
  private draw(path: string, samples: Samples): Promise<BoardPicture> {
    const { data } = this.options;
    const { plan, seed } = this.prepared;
    return writePicture(path, besideTheirs(samples, { plan, data, seed }), data);
  }

  private show(round: number, picture: BoardPicture): void {
    if (this.board === undefined) return;
    const board = new Board(this.board);
    try {
      board.show(round, picture);
    } finally {
      board.close();
    }
  }

  private async judge({ round, items }: Judged): Promise<void> {
    const { judge, data } = this.options;
    if (judge === undefined) return;
    this.note({ type: "scores", round, scores: await judge(items, data) });
  }

  private async finishFolder(crew: Crew): Promise<void> {
    if (this.folder === undefined) return;
    if (this.lastSamples !== undefined) {
      const path = join(this.folder, "samples", "final.png");
      await this.draw(path, this.lastSamples);
    }
    if (this.prepared.plan.sample === undefined) return;
    await exportGenerator(this.folder, {
      system: this.options.system,
      verify: async (model, cells) => {
        crew.tell({ kind: "verify", model, cells });
        const answer = await this.messages.take();
        if (answer?.kind === "failed") throw new Error(answer.message);
      },
    });
  }

  /** Has the system say what the run comes to, and keeps its pictures. */
  private async conclude(): Promise<void> {
    const { system, data, heldOut } = this.options;
    const { values: hyper, seed, plan } = this.prepared;
    const { folder, round } = this;
    const newest = folder === undefined ? undefined : listCheckpoints(folder).at(-1);
    const cells = newest === undefined ? this.learned?.cells : readCheckpoint(newest, plan).cells;
    if (system.concludes === undefined || cells === undefined) return;
    const series = folder === undefined ? this.series : seriesIn(readEvents(folder));
    const conclusion = await conclude(system, {
      ...{ hyper, seed, round, cells },
      data: {
        ...descriptionOf(this.options),
        ...{ items: data.items, labels: data.labels },
        ...(data.given === undefined ? {} : { given: data.given }),
      },
      ...(heldOut === undefined ? {} : { heldOut }),
      history: (name) => series.of(name),
    });
    if (conclusion === undefined) return;
    const { outcomes } = conclusion;
    const figures = Object.entries(conclusion.figures).map(([name, figure]): ShownFigure => {
      if (folder === undefined) return { name, ...figure };
      const file = `figures/${name}.svg`;
      makeFolder(join(folder, "figures"));
      writeWhole(join(folder, file), [new TextEncoder().encode(figure.svg)]);
      return { name, ...figure, file };
    });
    this.note({ type: "conclusion", round, outcomes, figures });
  }

  /** Says something that the workers do not know, and logs it. */
  private note(event: RunEvent): void {
    if (this.folder !== undefined) {
      const log = new EventLog(this.folder, this.board);
      try {
        log.append([event]);
      } finally {
        log.close();
      }
    }
    this.say(event);
  }

  private say(event: RunEvent, last = false): void {
    if (event.type === "round") {
      this.round = event.round;
      if (this.folder === undefined && this.options.system.concludes) this.series.add(event);
    }
    this.events.put({ event, last });
  }
}
