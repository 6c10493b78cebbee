import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { generatorBytes } from "../../run/export.js";
import { readRecord } from "../../run/folder.js";
import { type Origin, readOrigin } from "../../run/origin.js";
import { type Generator, toldBy } from "../../run/sampler.js";
import { fingerprint } from "../../runtime/fingerprint.js";
import { ConfigurationError } from "../../shape/error.js";
import { findRun } from "../find-run.js";
import { openGenerator, readModel } from "../generator.js";
import { systemNamed } from "../hyper-flags.js";
import { makesByChance, systemOf } from "../makes.js";
import type { Reader } from "../reader.js";

/** Something that makes samples: a run's last checkpoint, or a model by itself. */
export interface Subject {
  /** What was typed or found. */
  readonly path: string;
  /** Where scores are kept; none for a model that lies outside of a run. */
  readonly folder: string | undefined;
  readonly generator: Generator;
  /** SHA-256 of the model. */
  readonly hash: string;
  readonly system: string;
  readonly round: number | undefined;
  /** Where the data of the run came from. */
  readonly origin: Origin | undefined;
  /** The fingerprint of the data of the run. */
  readonly fingerprint: string | undefined;
}

/** Opens a run by its folder, number or name, or a generator by its file. */
export async function openSubject(wanted: string | undefined, reader: Reader): Promise<Subject> {
  const isFile = wanted?.endsWith(".onnx") === true;
  const path = isFile ? wanted! : findRun(wanted, makesByChance);
  const folder = isFile ? runAround(path) : path;
  const record = folder === undefined ? undefined : readRecord(folder);
  if (folder !== undefined) checkScored(folder);
  const model = isFile ? readModel(path) : await lastOf(path, record!.system, reader);
  const told = toldBy(model);
  return {
    path,
    folder,
    generator: await openGenerator(model, path),
    hash: fingerprint(model),
    system: told.system ?? "",
    round: told.round === undefined ? undefined : Number(told.round),
    origin: folder === undefined ? undefined : readOrigin(folder),
    fingerprint: record?.data.fingerprint,
  };
}

/** A run that spoils pictures by itself, to restore them, says by itself what it comes to. */
function checkScored(folder: string): void {
  const system = systemOf(folder);
  if (system?.translates === undefined) return;
  const hint = `look into ${join(folder, "figures")}; belamy curve scores pictures made larger`;
  const why = `${system.name} restores pictures, and no others belong to those of this run`;
  throw new ConfigurationError({ op: "evaluate", why, hint });
}

/** The newest checkpoint, averages where there are some, as a model. */
async function lastOf(folder: string, name: string, reader: Reader): Promise<Uint8Array> {
  const system = systemNamed(name, reader, folder);
  reader.finish();
  const [model] = await generatorBytes(folder, { system: system! });
  return model!; // ONNX has one part
}

const runAround = (file: string): string | undefined =>
  existsSync(join(dirname(file), "run.json")) ? dirname(file) : undefined;
