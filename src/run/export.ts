import { join } from "node:path";
import type { System, Values } from "../game/system.js";
import { trace } from "../game/trace.js";
import { ConfigurationError } from "../shape/error.js";
import { listCheckpoints, readCheckpoint } from "./checkpoint.js";
import { readRecord } from "./folder.js";
import { generatorModel, generatorTensors, metadataOf, verifyGenerator } from "./generator.js";
import type { RunRecord } from "./record.js";
import type { Cells } from "./task.js";
import { writeWhole } from "./write.js";

export interface ExportOptions {
  /** The system that `run.json` names. */
  readonly system: System;
  /** A model that runs by itself, or only the numbers that it reads. */
  readonly format?: "onnx" | "safetensors";
  /** Where to write; `generator.onnx` in the run folder by default. */
  readonly file?: string;
  /** Runs the model once more somewhere else than here. */
  readonly verify?: (model: Uint8Array, cells: Cells) => Promise<void>;
}

/** Writes what a run has learned to make, from its newest checkpoint; returns the file's path. */
export async function exportGenerator(
  folder: string,
  { system, format = "onnx", file = join(folder, `generator.${format}`), verify }: ExportOptions,
): Promise<string> {
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
  const options = { hyper: hyperOf(record), data: record.data };
  const plan = trace(system, options);
  const { cells, position } = readCheckpoint(newest, plan);
  const { seed, versions } = record;
  const { round } = position;
  const metadata = metadataOf({ system, plan, ...options, seed, round, version: versions.belamy });
  if (format === "safetensors") {
    writeWhole(file, generatorTensors(plan, { cells, metadata }));
    return file;
  }
  const model = generatorModel({ system, ...options, cells, metadata });
  await (verify?.(model, cells) ?? verifyGenerator(model, { plan, cells }));
  writeWhole(file, [model]);
  return file;
}

/** The values that a run was begun with. */
export const hyperOf = (record: RunRecord): Values =>
  Object.fromEntries(Object.entries(record.hyper).map(([name, { value }]) => [name, value]));
