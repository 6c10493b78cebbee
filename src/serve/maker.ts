import { Worker } from "node:worker_threads";
import { BelamyError } from "../shape/error.js";
import type { Shape } from "../shape/shape.js";

/** What decides a picture, all of it: the same order always gives the same bytes. */
export interface Order {
  /** Where its chance comes from: a whole number up to 2⁵³. */
  readonly seed: number;
  /** How far from the middle of all latents it may be: 1 is everywhere, 0 the middle itself. */
  readonly truncation: number;
}

/** What a worker is started with. */
export interface MakerTask {
  readonly model: Uint8Array;
  readonly name: string;
  /** Pictures that are made together, always so many. */
  readonly batch: number;
  /** What every picture's file says of where it comes from. */
  readonly provenance: Provenance;
}

/** Where a picture comes from, for whoever meets its file elsewhere. */
export interface Provenance {
  /** The name of what it was played on, and of the game. */
  readonly title: string;
  /** SHA-256 of the model. */
  readonly model: string;
  readonly version: string;
}

/** Pictures to be made together. */
export type ToMaker = readonly Order[];
export type FromMaker =
  | { readonly kind: "ready"; readonly shape: Shape }
  | { readonly kind: "made"; readonly pictures: readonly Uint8Array[] }
  | { readonly kind: "failed"; readonly message: string };

interface Waiting {
  readonly order: Order;
  readonly resolve: (png: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
}

/** More orders wait than it takes: come back later. */
export class Busy extends BelamyError {
  override readonly name: string = "Busy";
}

// Threads run what was built, wherever they are started from.
const workerFile = new URL(
  import.meta.url.endsWith(".ts") ? "../../dist/serve/maker-worker.js" : "./maker-worker.js",
  import.meta.url,
);

/** Orders that may wait, so that memory is bounded whatever is asked. */
export const mostWaiting = 256;

/**
 * Makes pictures in a thread of its own: orders that come in while it is at work are made together.
 * A batch is always full, with repetitions where orders are few, so that no picture depends on who
 * asked at the same moment.
 */
export class Maker {
  /** One picture: `[c h w]`. */
  readonly shape: Shape;
  private readonly worker: Worker;
  private readonly batch: number;
  private waiting: Waiting[] = [];
  private making: Waiting[] = [];
  private failure: unknown;
  /** Who waits for the end of all work. */
  private readonly idle: (() => void)[] = [];

  private constructor(worker: Worker, { shape, batch }: { shape: Shape; batch: number }) {
    this.worker = worker;
    this.shape = shape;
    this.batch = batch;
    worker.on("message", (message: FromMaker) => this.take(message));
    worker.on("error", (error) => this.fail(error));
  }

  /** Starts the thread; ends when its generator is ready. */
  static async start(task: MakerTask): Promise<Maker> {
    const worker = new Worker(workerFile, { workerData: task, name: "maker" });
    const first = await new Promise<FromMaker>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });
    if (first.kind === "ready") return new Maker(worker, { ...first, batch: task.batch });
    await worker.terminate();
    const why = first.kind === "failed" ? first.message : "did not start";
    throw new BelamyError({ op: task.name, why });
  }

  /** Orders that are not made yet. */
  get queue(): number {
    return this.waiting.length + this.making.length;
  }

  /**
   * A picture as a PNG file.
   *
   * @throws {Busy} when too many wait already.
   */
  make(order: Order): Promise<Uint8Array> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    if (this.waiting.length >= mostWaiting) {
      return Promise.reject(new Busy({ op: "queue", why: `${mostWaiting} pictures wait already` }));
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ order, resolve, reject });
      // Those who ask at the same moment are served together.
      setImmediate(() => this.begin());
    });
  }

  /** Ends the thread, once everything that was ordered is made. */
  async close(): Promise<void> {
    if (this.queue > 0) await new Promise<void>((resolve) => this.idle.push(resolve));
    await this.worker.terminate();
  }

  private begin(): void {
    if (this.making.length > 0 || this.waiting.length === 0) return;
    this.making = this.waiting.splice(0, this.batch);
    this.worker.postMessage(this.making.map(({ order }) => order) satisfies ToMaker);
  }

  private take(message: FromMaker): void {
    if (message.kind === "failed") this.fail(new Error(message.message));
    if (message.kind !== "made") return;
    const done = this.making;
    this.making = [];
    this.begin();
    for (const [i, { resolve }] of done.entries()) resolve(message.pictures[i]!);
    this.rest();
  }

  private fail(error: unknown): void {
    this.failure = error;
    for (const { reject } of [...this.making, ...this.waiting]) reject(error);
    this.making = [];
    this.waiting = [];
    this.rest();
  }

  private rest(): void {
    if (this.queue === 0) for (const resolve of this.idle.splice(0)) resolve();
  }
}
