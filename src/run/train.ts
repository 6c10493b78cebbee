import type { RunEvent, StoppedEvent } from "../game/events.js";
import { Conductor } from "./conductor.js";
import type { ExportFormat } from "./generator.js";
import type { TrainOptions } from "./options.js";
import { prepare } from "./prepare.js";

export type { ExportFormat } from "./generator.js";
export type { TrainOptions } from "./options.js";

/** A system being played in worker threads. It waits when nobody reads its events. */
export interface Run extends AsyncIterable<RunEvent> {
  readonly folder: string | undefined;
  /** Ends after the present round, with a checkpoint. Leaving the loop does the same. */
  stop(): void;
  /** Reads all events that are left; the last one says how the run ended. */
  finish(): Promise<StoppedEvent>;
  /**
   * What has been learned so far, as the bytes of an ONNX model that was checked by running it, or
   * of a safetensors file; a run in a folder gives its newest checkpoint.
   *
   * @throws {BelamyError} when nothing has been learned that is good
   */
  generator(options?: { readonly format?: ExportFormat }): Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * Trains a system on data. Mistakes in the options are thrown at once; what goes wrong later is in
 * the last event.
 *
 * @throws {ConfigurationError} when options do not make sense, or the run to resume is another.
 * @throws {ShapeError} when the networks do not fit the data.
 *
 * @example
 * const run = train({ system: zoo.gan, data: data.ring(), rounds: 3, folder: null });
 * for await (const event of run) {
 *   if (event.type === "round") console.log(event.terms); // { "D.real": …, "D.fake": …, … }
 * }
 */
export const train = (options: TrainOptions): Run => new Conductor(options, prepare(options));
