import type { MessagePort } from "node:worker_threads";
import type { RunEvent } from "../game/events.js";
import type { EventLog } from "./log.js";
import { control, type FromWorker } from "./task.js";

/** Tiny rounds take less time than a message, so they travel together. */
const intervalMs = 50;
/** Batches that may wait unread before the run waits for its reader. */
const mostUnread = 200;

/** Logs and sends events in batches, and waits when nobody reads them. */
export class Post {
  private readonly port: MessagePort;
  private readonly shared: Int32Array;
  private readonly log: EventLog | undefined;
  private waiting: RunEvent[] = [];
  private sentMs = 0;

  constructor(
    port: MessagePort,
    { shared, log }: { readonly shared: Int32Array; readonly log: EventLog | undefined },
  ) {
    this.port = port;
    this.shared = shared;
    this.log = log;
  }

  add(event: RunEvent): void {
    this.waiting.push(event);
    if (event.type !== "round" || performance.now() - this.sentMs >= intervalMs) this.flush();
  }

  flush(): void {
    if (this.waiting.length === 0) return;
    this.log?.append(this.waiting);
    this.awaitReader();
    this.send({ kind: "events", events: this.waiting });
    Atomics.add(this.shared, control.posted, 1);
    this.waiting = [];
    this.sentMs = performance.now();
  }

  send(message: FromWorker): void {
    this.port.postMessage(message);
  }

  private awaitReader(): void {
    for (;;) {
      const taken = Atomics.load(this.shared, control.taken);
      const unread = Atomics.load(this.shared, control.posted) - taken;
      if (unread < mostUnread || Atomics.load(this.shared, control.stop) !== 0) return;
      Atomics.wait(this.shared, control.taken, taken, 1000);
    }
  }
}
