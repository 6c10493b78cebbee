import { join } from "node:path";
import type { Plan } from "../game/plan.js";
import type { System, Values } from "../game/system.js";
import { trace } from "../game/trace.js";
import { ConfigurationError } from "../shape/error.js";
import { listCheckpoints, readCheckpoint } from "./checkpoint.js";
import { perceivingAgain } from "./features.js";
import { readRecord } from "./folder.js";
import { type ExportFormat, encodeGenerator, verifyGenerator } from "./generator.js";
import type { RunRecord } from "./record.js";
import type { Cells } from "./task.js";
import { writeWhole } from "./write.js";

export interface GeneratorBytesOptions {
  /** The system that `run.json` names. */
  readonly system: System;
  /** `onnx` is a model that runs by itself; `safetensors` the numbers that it reads. */
  readonly format?: ExportFormat;
  /** Runs the model once more somewhere else than here. */
  readonly verify?: (model: Uint8Array, cells: Cells) => Promise<void>;
}

export interface ExportOptions extends GeneratorBytesOptions {
  /** Where to write; `generator.onnx` in the run folder by default. */
  readonly file?: string;
}

/**
 * Writes what a run has learned to make, from its newest checkpoint; returns the file's path.
 *
 * @throws {ConfigurationError} when the run is of another system, or has no checkpoint yet.
 * @throws {BelamyError} when the model, run once more, makes other samples than the game.
 *
 * @example
 * const run = train({ system: zoo.gan, data: data.ring({ count: 100 }), rounds: 1, folder: "done" });
 * await run.finish();
 * await exportGenerator("done", { system: zoo.gan, file: "g.onnx" }); // → "g.onnx"
 */
export async function exportGenerator(
  folder: string,
  { format = "onnx", file = join(folder, `generator.${format}`), ...options }: ExportOptions,
): Promise<string> {
  writeWhole(file, await generatorBytes(folder, { format, ...options }));
  return file;
}

/** The same as bytes, in parts. */
export async function generatorBytes(
  folder: string,
  { system, format = "onnx", verify }: GeneratorBytesOptions,
): Promise<readonly Uint8Array[]> {
  const record = readRecord(folder);
  if (record.system !== system.name) {
    const why = `the run is of ${record.system}, not of ${system.name}`;
    throw new ConfigurationError({ op: "export", why });
  }
  const newest = listCheckpoints(folder).at(-1);
  if (newest === undefined) {
    const operands = [{ label: "folder", value: folder }];
    throw new ConfigurationError({ op: "export", why: "there is no checkpoint yet", operands });
  }
  const options = { hyper: playedWith(record, system), data: record.data };
  const plan = playedBy(trace(system, options), () =>
    trace(perceivingAgain(system, record.features), options),
  );
  const { cells, position } = readCheckpoint(newest, plan);
  const { seed, versions } = record;
  const learned = { cells, round: position.round };
  const origin = { system, plan, ...options, seed, version: versions.belamy, learned };
  const parts = encodeGenerator(origin, format);
  if (format === "onnx") {
    await (verify?.(parts[0]!, cells) ?? verifyGenerator(parts[0]!, { plan, cells }));
  }
  return parts;
}

/** The plan as it is, or as it was played where what is made depends on a frozen network's weights. */
function playedBy(plan: Plan, again: () => Plan): Plan {
  const { sample, translation } = plan;
  const reads = (translation ?? sample)?.program.reads ?? [];
  const known = plan.cells.filter(({ initial }) => initial.kind === "known");
  return known.some(({ name }) => reads.includes(name)) ? again() : plan;
}

/**
 * The values that a run was begun with, for a system that knows as many.
 *
 * @throws {ConfigurationError} when the run was made by a version whose system had fewer.
 */
export function playedWith(record: RunRecord, { name, hyper }: System): Values {
  const values = hyperOf(record);
  const missing = Object.keys(hyper).filter((key) => values[key] === undefined);
  if (missing.length === 0) return values;
  const hint = `train it again, or use belamy ${record.versions.belamy} as it was then`;
  const why = `the run is of a ${name} without ${missing.join(", ")}`;
  throw new ConfigurationError({ op: "run", why, hint });
}

/** The values that a run was begun with. */
export const hyperOf = (record: RunRecord): Values =>
  Object.fromEntries(Object.entries(record.hyper).map(([name, { value }]) => [name, value]));
