import { setImmediate } from "node:timers/promises";

/** Rows that are worked on before others may. */
const rows = 64;

/** Lets signals, timers and files have their turn, once in so many rows. */
export async function breathe(y: number, signal: AbortSignal | undefined): Promise<void> {
  if (y % rows !== 0) return;
  await setImmediate();
  signal?.throwIfAborted();
}
