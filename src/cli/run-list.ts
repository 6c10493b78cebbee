import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Score } from "../game/events.js";
import type { LoggedEvent } from "../run/log.js";
import type { RunRecord } from "../run/record.js";

/** One run in a list; read from `run.json` and the end of `events.jsonl` alone. */
export interface ListedRun {
  readonly folder: string;
  readonly number: number | undefined;
  readonly system: string;
  readonly data: string;
  readonly seed: number;
  readonly round: number;
  /** Unknown when the run has a time instead. */
  readonly rounds: number | undefined;
  readonly state: "running" | "finished" | "stopped" | "failed" | "broken off";
  readonly scores: readonly Score[];
  readonly created: string;
  /** From the first to the last thing that was written. */
  readonly seconds: number;
}

/** Bytes of the log that hold its last rounds and scores. */
const tailBytes = 48 * 1024;

/** Reads one run; `undefined` when its `run.json` is no record. */
export function listRun(folder: string, name: string): ListedRun | undefined {
  let record: RunRecord;
  try {
    record = JSON.parse(readFileSync(join(folder, "run.json"), "utf8")) as RunRecord; // ours
  } catch {
    return undefined;
  }
  const { events, changedMs } = tailOf(join(folder, "events.jsonl"));
  const last = events.at(-1);
  const scores = events.findLast((event) => event.type === "scores");
  const { budget } = record;
  return {
    folder,
    number: /^\d+-/.test(name) ? Number.parseInt(name, 10) : undefined,
    system: record.system,
    data: record.data.name,
    seed: record.seed,
    round: last?.round ?? 0,
    rounds: budget.kind === "rounds" ? budget.rounds : undefined,
    state: stateOf(folder, last),
    scores: scores?.type === "scores" ? scores.scores : [],
    created: record.created,
    seconds: Math.max(0, ((changedMs ?? 0) - Date.parse(record.created)) / 1000),
  };
}

function stateOf(folder: string, last: LoggedEvent | undefined): ListedRun["state"] {
  if (isHeld(folder)) return "running";
  if (last?.type !== "stopped") return "broken off";
  if (last.reason === "asked") return "stopped";
  return last.reason === "finished" ? "finished" : "failed";
}

/** Whether a living process has the run's lock. */
function isHeld(folder: string): boolean {
  try {
    const text = readFileSync(join(folder, "lock.json"), "utf8");
    const { host, pid } = JSON.parse(text) as { readonly host: string; readonly pid: number }; // ours
    if (host !== hostname()) return true;
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** The last events of a log, however long it is. */
function tailOf(path: string): { events: LoggedEvent[]; changedMs: number | undefined } {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return { events: [], changedMs: undefined };
  }
  try {
    const { size, mtimeMs } = fstatSync(file);
    const buffer = Buffer.alloc(Math.min(size, tailBytes));
    readSync(file, buffer, 0, buffer.length, size - buffer.length);
    const lines = buffer.toString("utf8").split("\n");
    const events = lines.flatMap((line) => {
      try {
        return [JSON.parse(line) as LoggedEvent]; // ours
      } catch {
        return []; // the first line was cut, and perhaps the last one
      }
    });
    return { events, changedMs: mtimeMs };
  } finally {
    closeSync(file);
  }
}
