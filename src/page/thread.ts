import { errorOf, type FromThread, type ToThread } from "./messages.js";
import { serve } from "./serve.js";

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

  /** Starts a worker; where none can be had, says so once on the console. */
  static async open(): Promise<Thread> {
    const { port1, port2 } = new MessageChannel();
    const worker = startWorker();
    if (worker !== undefined) {
      worker.postMessage(port2, [port2]);
      if (await isReady(port1, worker)) return new Thread(port1, worker);
      worker.terminate();
      tell("its file did not load; host belamy-worker.js beside the script that imports belamy");
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

  /** Asks for one thing and returns the answer; fails with what went wrong. */
  ask<K extends FromThread["kind"]>(
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

  close(): void {
    this.port.close();
    this.worker?.terminate();
  }
}

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

/** Whether a worker's file was loaded. */
const isReady = (port: MessagePort, worker: Worker): Promise<boolean> =>
  new Promise((resolve) => {
    port.onmessage = () => resolve(true);
    worker.onerror = (event) => {
      event.preventDefault();
      resolve(false);
    };
  });
