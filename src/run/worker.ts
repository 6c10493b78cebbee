import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { seatAt } from "../game/exchange.js";
import { play } from "../game/play.js";
import { Replica } from "../game/replica.js";
import { Memory } from "../runtime/memory.js";
import { Post } from "./post.js";
import { control, type Task } from "./task.js";

/** Plays one replica's part of a run in a worker thread. */
async function work(task: Task, port: MessagePort): Promise<void> {
  const { plan, seed, data, device, threads, index, budget, asks } = task;
  const shared = new Int32Array(task.control);
  const post = new Post(port, shared);
  const memory = new Memory({ device, threads });
  const exchange = seatAt(task.table, index);
  const replica = new Replica({ plan, memory, data, seed, exchange });
  await replica.start();
  const ending = await play({
    plan,
    replica,
    exchange,
    seed,
    budget,
    asks,
    clock: () => performance.now(),
    stopAsked: () => Atomics.load(shared, control.stop) !== 0,
    emit: (event) => post.add(event),
    ...(asks.judged === undefined
      ? {}
      : { judge: (samples) => post.send({ kind: "judged", samples }) }),
  });
  if (index === 0) {
    post.flush();
    post.send({ kind: "ended", ending, cells: undefined });
  }
  await memory.release();
}

if (parentPort !== null) {
  const port = parentPort;
  work(workerData as Task, port).catch((error: unknown) => {
    // what train() sent
    const message = error instanceof Error ? error.message : String(error);
    port.postMessage({ kind: "failed", message });
  });
}
