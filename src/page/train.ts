import type { Generated, GenerateOptions } from "../run/generate.js";
import type { Run } from "../run/train.js";
import { type PageTrainOptions, preparePage } from "./options.js";
import { PageRun } from "./run.js";
import { Thread } from "./thread.js";

export type { PageTrainOptions as TrainOptions } from "./options.js";

/**
 * Trains a system on data, in a worker so that the page stays responsive. Mistakes in the options
 * are thrown at once; what goes wrong later is in the last event.
 *
 * Events, samples and bits of a run are those of Node's `train`. In a page that its server isolates
 * (COOP `same-origin`, COEP `require-corp`) groups of a batch are shared among workers; elsewhere
 * one does all.
 *
 * @throws {ConfigurationError} when options do not make sense
 * @example
 * const run = train({ system: zoo.gan, data: data.ring({ count: 1000 }), rounds: 2, folder: null });
 * for await (const event of run) {
 *   if (event.type === "stopped") event.reason // → "finished"
 * }
 */
export const train = (options: PageTrainOptions): Run => new PageRun(options, preparePage(options));

/**
 * Samples of an exported generator, made in a worker: `count` items of the data's shape, each a
 * function of the seed and its place alone.
 *
 * @throws {DataError} when the bytes are no generator that Belamy exported, or it wants real items
 * @throws {ConfigurationError} when the device is not offered here
 * @example
 * const run = train({ system: zoo.gan, data: data.ring({ count: 1000 }), rounds: 1, folder: null });
 * await run.finish();
 * const { items } = await generate(await run.generator(), { count: 3, seed: 1 });
 * items.length // → 6
 */
export async function generate(
  model: Uint8Array,
  options: GenerateOptions = {},
): Promise<Generated> {
  const { generated } = await Thread.ask({ kind: "generate", model, options }, "generated");
  return generated;
}
