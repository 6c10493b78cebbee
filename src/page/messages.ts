import type { Items } from "../game/dealer.js";
import type { RunEvent } from "../game/events.js";
import type { SharedTable } from "../game/exchange.js";
import type { Plan } from "../game/plan.js";
import type { Ending, Judged } from "../game/play.js";
import type { Generated, GenerateOptions } from "../run/generate.js";
import type { Learned } from "../run/generator.js";
import type { Cells, Task } from "../run/task.js";
import {
  BelamyError,
  ConfigurationError,
  DataError,
  type ErrorFacts,
  ShapeError,
} from "../shape/error.js";

/** What one replica of a run in a page is given: plain data. */
export interface PageTask
  extends Pick<
    Task,
    "plan" | "seed" | "device" | "threads" | "index" | "budget" | "asks" | "askedAt"
  > {
  readonly data: Items;
  /** Where replicas meet; `undefined` when there is one. */
  readonly table: SharedTable | undefined;
}

/** What a page says to a thread. */
export type ToThread =
  | { readonly kind: "play"; readonly task: PageTask }
  /** A batch of events was read. */
  | { readonly kind: "taken" }
  | { readonly kind: "stop" }
  /** The page wants what samples are made with, as it is now. */
  | { readonly kind: "show" }
  | {
      readonly kind: "verify";
      readonly model: Uint8Array;
      readonly plan: Plan;
      readonly cells: Cells;
    }
  | { readonly kind: "generate"; readonly model: Uint8Array; readonly options: GenerateOptions };

/** What a thread says to its page. */
export type FromThread =
  | { readonly kind: "ready"; readonly version: string }
  | { readonly kind: "events"; readonly events: readonly RunEvent[] }
  | { readonly kind: "judged"; readonly samples: Judged }
  | { readonly kind: "learned"; readonly learned: Learned }
  | { readonly kind: "ended"; readonly ending: Ending; readonly learned: Learned | undefined }
  | { readonly kind: "verified" }
  | { readonly kind: "generated"; readonly generated: Generated }
  | { readonly kind: "failed"; readonly failure: Failure };

/** An error as plain data. */
export interface Failure {
  readonly message: string;
  /** Of an error that Belamy throws on purpose. */
  readonly facts?: ErrorFacts;
  readonly kind?: keyof typeof errors;
}

const errors = { BelamyError, ConfigurationError, DataError, ShapeError } as const;

/** What can be sent of something that was thrown. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { message: String(error) };
  if (!(error instanceof BelamyError)) return { message: error.message };
  const kind = Object.hasOwn(errors, error.name) ? (error.name as keyof typeof errors) : undefined; // just asked
  return { message: error.message, facts: error.facts, ...(kind === undefined ? {} : { kind }) };
}

/** The error again, at the other end. */
export function errorOf({ message, facts, kind = "BelamyError" }: Failure): Error {
  return facts === undefined ? new Error(message) : new errors[kind](facts);
}
