import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Pace } from "../game/pace.js";
import { changingCells, type Plan } from "../game/plan.js";
import type { Snapshot } from "../game/play.js";
import type { Position } from "../game/replica.js";
import { fingerprint } from "../runtime/fingerprint.js";
import { ConfigurationError, DataError } from "../shape/error.js";
import { sameShape } from "../shape/shape.js";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.js";
import { makeFolder, writeWhole } from "./write.js";

/** Older checkpoints are removed. */
const kept = 3;
const folderName = "checkpoints";
const pattern = /^(\d+)\.safetensors$/;

export interface CheckpointOptions {
  /** The run's folder. */
  readonly folder: string;
  readonly plan: Plan;
  readonly seed: number;
}

/** Names that sort as numbers do: `000700`. */
export const roundName = (round: number): string => String(round).padStart(6, "0");

/** Keeps a snapshot in `checkpoints/000700.safetensors`; returns that name. */
export function writeCheckpoint(
  { cells, position, pace }: Snapshot,
  { folder, plan, seed }: CheckpointOptions,
): string {
  const name = `${folderName}/${roundName(position.round)}.safetensors`;
  const tensors = Object.fromEntries(
    changingCells(plan).map(({ name: cell, shape }) => [cell, { shape, data: cells[cell]! }]),
  );
  const metadata = {
    format: "belamy checkpoint 1",
    system: plan.system,
    seed: String(seed),
    plan: outlineOf(plan),
    position: JSON.stringify(position),
    pace: JSON.stringify(pace),
  };
  makeFolder(join(folder, folderName));
  writeWhole(join(folder, name), encodeSafetensors({ tensors, metadata }));
  for (const old of listCheckpoints(folder).slice(0, -kept)) rmSync(old, { force: true });
  return name;
}

/** Paths of a run's checkpoints, oldest first. */
export function listCheckpoints(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(join(folder, folderName));
  } catch {
    return [];
  }
  return names
    .map((name) => ({ name, round: Number(pattern.exec(name)?.[1] ?? Number.NaN) }))
    .filter(({ round }) => !Number.isNaN(round))
    .sort((a, b) => a.round - b.round)
    .map(({ name }) => join(folder, folderName, name));
}

/** What a checkpoint file holds. */
export interface Kept {
  readonly tensors: ReturnType<typeof decodeSafetensors>["tensors"];
  readonly position: Position;
  readonly pace: Pace;
  readonly seed: number;
  readonly plan: string | undefined;
}

/** Reads a checkpoint, whatever it is of. */
export function readKept(path: string): Kept {
  const { tensors, metadata } = decodeSafetensors(readFileSync(path), path);
  const { position, pace, seed, format, plan } = metadata;
  if (!format?.startsWith("belamy checkpoint") || !position || !pace || !seed) {
    throw new DataError({ op: path, why: "is no checkpoint of a run" });
  }
  return {
    tensors,
    position: JSON.parse(position) as Position, // written above
    pace: JSON.parse(pace) as Pace, // likewise
    seed: Number(seed),
    plan,
  };
}

/** Reads a checkpoint and checks that it belongs to this plan. */
export function readCheckpoint(path: string, plan: Plan): Snapshot & { readonly seed: number } {
  const kept = readKept(path);
  if (kept.plan !== outlineOf(plan)) {
    throw new ConfigurationError({
      op: "resume",
      why: "the checkpoint is of another game",
      operands: [{ label: "file", value: path }],
      hint: "use the system, hyper-parameters and version that it was made with",
    });
  }
  const cells = changingCells(plan).map(({ name, shape }): [string, Float32Array] => {
    const stored = kept.tensors[name];
    if (stored === undefined || !sameShape(stored.shape, shape)) {
      throw new DataError({ op: path, why: `has no fitting ${name}` });
    }
    return [name, stored.data];
  });
  const { position, pace, seed } = kept;
  return { cells: Object.fromEntries(cells), position, pace, seed };
}

/** What must be the same for a checkpoint to fit: all of a plan but how its graphs are written. */
export function outlineOf(plan: Plan): string {
  const { system, batch, group, draws, turns, phases, simultaneous } = plan;
  const outline = {
    system,
    batch,
    group,
    // What losses perceive with is in the run's record, by its hash.
    cells: changingCells(plan),
    draws,
    turns: turns.map(({ player, repeats, pattern, variants }) => ({
      player,
      repeats,
      pattern,
      variants: variants.map(({ terms, watches }) => ({ terms, watches })),
    })),
    phases,
    simultaneous,
  };
  return fingerprint(new TextEncoder().encode(JSON.stringify(outline)));
}
