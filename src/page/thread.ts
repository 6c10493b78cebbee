import { errorOf, type FromThread, type ToThread } from "./messages.js";
import { serve } from "./serve.js";
import { version } from "./version.js";

/** Somewhere to compute: a worker, so that the page stays responsive, or else the page's own thread. */
export class Thread {
  readonly isWorker: boolean;
  private readonly port: MessagePort;
  private readonly worker: Worker | undefined;

  private constructor(port: MessagePort, worker: Worker | undefined) {
    this.port = port;
    this.worker = worker;
    this.isWorker = worker !== undefined;
  }

  /** A worker that rests, or a new one. */
  static async open(): Promise<Thread> {
    const rested = resting;
    if (rested === undefined) return await Thread.start();
    resting = undefined;
    clearTimeout(rested.timer);
    return rested.thread;
  }

  /** A new worker; where none can be had, says so once on the console. */
  static async start(): Promise<Thread> {
    const { port1, port2 } = new MessageChannel();
    const worker = startWorker();
    if (worker !== undefined) {
      worker.postMessage(port2, [port2]);
      const problem = await problemOf(port1, worker);
      if (problem === undefined) return new Thread(port1, worker);
      worker.terminate();
      tell(problem);
    }
    const own = new MessageChannel();
    serve(own.port2);
    return new Thread(own.port1, undefined);
  }

  tell(message: ToThread): void {
    this.port.postMessage(message);
  }

  /** What it says from now on, failures of the worker itself included. */
  hear(listener: (message: FromThread) => void): void {
    this.port.onmessage = ({ data }: MessageEvent<FromThread>) => listener(data);
    if (this.worker === undefined) return;
    this.worker.onerror = ({ message }) => listener({ kind: "failed", failure: { message } });
  }

  /** Asks for one thing, once, and returns the answer; fails with what went wrong. */
  static async ask<K extends FromThread["kind"]>(message: ToThread, kind: K) {
    const thread = await Thread.open();
    try {
      const answer = await thread.ask(message, kind);
      thread.leave();
      return answer;
    } catch (error) {
      thread.close();
      throw error;
    }
  }

  private ask<K extends FromThread["kind"]>(
    message: ToThread,
    kind: K,
  ): Promise<Extract<FromThread, { readonly kind: K }>> {
    return new Promise((resolve, reject) => {
      this.hear((answer) => {
        if (answer.kind === "failed") reject(errorOf(answer.failure));
        // The compiler does not narrow by a variable.
        if (answer.kind === kind) resolve(answer as Extract<FromThread, { readonly kind: K }>);
      });
      this.tell(message);
    });
  }

  /** Has done its work well; the next one to open a thread need not load the engine again. */
  leave(): void {
    if (this.worker === undefined || resting !== undefined) {
      this.close();
      return;
    }
    this.hear(() => {});
    const timer = setTimeout(() => {
      resting = undefined;
      this.close();
    }, restMs);
    resting = { thread: this, timer };
  }

  close(): void {
    this.port.close();
    this.worker?.terminate();
  }
}

/** Longest time that a worker is kept for whoever comes next: it holds on to its memory. */
const restMs = 5_000;

let resting: { readonly thread: Thread; readonly timer: ReturnType<typeof setTimeout> } | undefined;

let told = false;

function tell(why: string): void {
  if (told) return;
  told = true;
  console.warn(`belamy: no worker, ${why}; computing in the page's own thread`);
}

function startWorker(): Worker | undefined {
  if (globalThis.Worker === undefined) return undefined;
  try {
    // Bundlers look for exactly this form.
    return new Worker(new URL("./belamy-worker.js", import.meta.url), {
      type: "module",
      name: "belamy",
    });
  } catch (error) {
    tell(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

/** Why a worker cannot be used; `undefined` when it can. */
const problemOf = (port: MessagePort, worker: Worker): Promise<string | undefined> =>
  new Promise((resolve) => {
    port.onmessage = ({ data }: MessageEvent<FromThread>) => {
      if (data.kind !== "ready") return;
      resolve(
        data.version === version
          ? undefined
          : `belamy-worker.js is of version ${data.version}, not ${version}; copy it anew`,
      );
    };
    worker.onerror = (event) => {
      event.preventDefault();
      resolve("its file did not load; host belamy-worker.js beside the script that imports belamy");
    };
  });
