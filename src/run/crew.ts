import { setTimeout } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { abandon, type SharedTable } from "../game/exchange.js";
import type { FromWorker, Task, ToWorker } from "./task.js";

/** Sources are run by tests; threads need what was built from them. */
const workerFile = import.meta.url.endsWith(".ts")
  ? new URL("../../dist/run/worker.js", import.meta.url)
  : new URL("./worker.js", import.meta.url);

export interface CrewOptions {
  /** One for each replica. */
  readonly tasks: readonly Task[];
  readonly onMessage: (message: FromWorker) => void;
}

/** The worker threads of a run. */
export class Crew {
  private readonly workers: readonly Worker[];
  private readonly exits: readonly Promise<unknown>[];
  private readonly table: SharedTable;
  private left = false;

  constructor({ tasks, onMessage }: CrewOptions) {
    this.table = tasks[0]!.table;
    this.workers = tasks.map((task) => {
      const worker = new Worker(workerFile, { workerData: task, name: `replica ${task.index}` });
      worker.on("message", (message: FromWorker) => onMessage(message));
      worker.on("error", (error) => onMessage({ kind: "failed", message: error.message }));
      worker.on("exit", (code) => {
        if (code === 0 || this.left) return;
        const message = `replica ${task.index}: its thread ended with code ${code}`;
        onMessage({ kind: "failed", message });
      });
      return worker;
    });
    this.exits = this.workers.map((worker) => new Promise((gone) => worker.once("exit", gone)));
  }

  /** Says something to replica 0. */
  tell(message: ToWorker): void {
    this.workers[0]!.postMessage(message);
  }

  /** Ends what has not ended: each thread by itself, since ending one inside of a session aborts Node. */
  async leave(): Promise<void> {
    this.left = true;
    abandon(this.table);
    const gone = this.workers.map(async (worker, i) => {
      worker.postMessage({ kind: "leave" } satisfies ToWorker);
      await Promise.race([this.exits[i], patience()]);
      await worker.terminate();
    });
    await Promise.all(gone);
  }
}

/** Longer than any round should take. */
const patienceMs = 60_000;

const patience = (): Promise<void> => setTimeout(patienceMs, undefined, { ref: false });
