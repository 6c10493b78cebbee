import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Budget } from "../game/pace.js";
import type { Plan } from "../game/plan.js";
import { type System, settleFor, type Values } from "../game/system.js";
import { trace } from "../game/trace.js";
import { prefersProducts } from "../runtime/device.js";
import { ConfigurationError, type Operand } from "../shape/error.js";
import { budgetOf, checkAsked, checkDrawn, descriptionOf, roundsOf } from "./asked.js";
import {
  type BranchRecord,
  branchBudget,
  branchRecord,
  branchSnapshot,
  checkKept,
  openBranch,
} from "./branch.js";
import { listCheckpoints, outlineOf, readCheckpoint, writeCheckpoint } from "./checkpoint.js";
import { hyperOf } from "./export.js";
import { type FeaturesRecord, featuresRecord, perceivingAgain } from "./features.js";
import { checkUnused, nextFolder, readRecord } from "./folder.js";
import { isHeld, lockFolder } from "./lock.js";
import { cutEvents } from "./log.js";
import type { TrainOptions } from "./options.js";
import type { RunRecord } from "./record.js";
import { forgetWish } from "./wish.js";
import { type Environments, environmentsOf } from "./work.js";
import { removeUnfinished } from "./write.js";

/** A run whose every mistake would have been found. */
export interface Prepared {
  /** What is played, perceiving with what it will. */
  readonly system: System;
  readonly features: FeaturesRecord | undefined;
  readonly plan: Plan;
  /** What answers the players, by name. */
  readonly environments: Environments;
  /** What checkpoints must have in common with the plan. */
  readonly outline: string;
  readonly values: Values;
  readonly seed: number;
  readonly budget: Budget;
  readonly folder: string | undefined;
  /** Set when the run is resumed. */
  readonly record: RunRecord | undefined;
  readonly checkpoint: string | undefined;
  /** Set when the run begins where another was. */
  readonly branch?: BranchRecord;
  /** Rounds played before. */
  readonly round: number;
  readonly unlock: () => void;
}

/** Checks all options, traces the game, and makes or takes over the run folder. */
export function prepare(options: TrainOptions): Prepared {
  const { data, resume } = options;
  checkAsked(options);
  if (resume !== undefined && options.branch !== undefined) {
    const why = "both resume and branch are given";
    throw new ConfigurationError({ op: "train", why, hint: "give one of them" });
  }
  const record = resume === undefined ? undefined : readRecord(resume);
  const branch = openBranch(options);
  const before = record ?? branch?.parent;
  const system = perceiving(options, before);
  const seed = options.seed ?? before?.seed ?? 0;
  const branched = branch && branchBudget(options, branch);
  const rounds = branched?.kind === "rounds" ? branched.rounds : options.rounds;
  const values = settleWith({ ...options, ...(rounds === undefined ? {} : { rounds }) }, before);
  const budget = branched ?? budgetOf(options, record?.budget ?? roundsOf(values));
  const description = descriptionOf(options);
  const features = featuresRecord(system, values, description);
  if (record !== undefined) checkSame(options, { record, values, seed, budget, features });
  const plan = trace(system, {
    ...{ hyper: values, data: description },
    products: prefersProducts(options.device ?? "auto"),
  });
  checkDrawn(options, plan);
  const outline = outlineOf(plan);
  const environments = environmentsOf(system, values, description);
  const prepared = {
    ...{ system, features, plan, environments, outline },
    ...{ values, seed, budget, record },
  };
  if (resume === undefined) {
    const name = `${system.name}-${data.name}-seed${seed}`;
    const snapshot = branch && branchSnapshot(branch, plan, budget);
    const folder = folderOf(options, name);
    let checkpoint: string | undefined;
    const first = (fresh: string): void => {
      checkUnused(fresh);
      forgetWish(fresh);
      if (snapshot === undefined) return;
      checkpoint = join(fresh, writeCheckpoint(snapshot, { folder: fresh, plan, seed }));
    };
    if (snapshot !== undefined) checkKept(folder);
    const unlock = folder === undefined ? () => {} : lockFolder(folder, first);
    return {
      ...{ ...prepared, folder, checkpoint, unlock },
      ...(branch === undefined ? {} : { branch: branchRecord(branch, values) }),
      round: snapshot?.position.round ?? 0,
    };
  }
  let checkpoint: string | undefined;
  let round: number | undefined;
  // Whatever is asked once the folder is held is asked of this run, and not forgotten.
  if (!isHeld(resume)) forgetWish(resume);
  const unlock = lockFolder(resume, () => {
    for (const within of ["", "checkpoints", "samples", "cards"]) {
      const folder = join(resume, within);
      if (existsSync(folder)) removeUnfinished(folder);
    }
    checkpoint = listCheckpoints(resume).at(-1);
    if (checkpoint !== undefined) round = readCheckpoint(checkpoint, plan).position.round;
    cutEvents(resume, round);
  });
  return { ...prepared, folder: resume, checkpoint, round: round ?? 0, unlock };
}

function folderOf({ folder, branch }: TrainOptions, name: string): string | undefined {
  if (folder === null || folder === false) return undefined;
  return folder ?? nextFolder(name, branch && { within: dirname(branch.run) });
}

/** The system with what it perceives with: what is given now, or what the run before was begun with. */
function perceiving({ system, features }: TrainOptions, before: RunRecord | undefined): System {
  if (features !== undefined) return system.perceiving(features);
  return before?.system === system.name ? perceivingAgain(system, before.features) : system;
}

/** Values as given now, over those of the run that is resumed. */
function settleWith(
  { system, data, hyper, rounds }: TrainOptions,
  record: RunRecord | undefined,
): Values {
  return settleFor(system, data, {
    ...(record === undefined || record.system !== system.name ? {} : hyperOf(record)),
    ...hyper,
    ...(rounds === undefined ? {} : { rounds }),
  });
}

/** A resumed run is the same run: everything that decides its bits must be as it was. */
function checkSame(
  { system, data, device = "auto" }: TrainOptions,
  now: Pick<Prepared, "values" | "seed" | "budget" | "features"> & { readonly record: RunRecord },
): void {
  const { record, values, seed, budget, features } = now;
  const before = hyperOf(record);
  const changes: Operand[] = [];
  const compare = (label: string, was: string, is: string): void => {
    if (was !== is) changes.push({ label, value: `${was}, now ${is}` });
  };
  compare("system", record.system, system.name);
  if (record.system === system.name) {
    for (const [name, value] of Object.entries(values)) {
      compare(`hyper.${name}`, String(before[name] ?? "not there"), String(value));
    }
  }
  compare("seed", String(record.seed), String(seed));
  compare("length", lengthOf(record.budget), lengthOf(budget));
  compare("data", dataName(record.data), dataName(data));
  compare("features", networkName(record.features), networkName(features));
  if (device !== "auto") compare("device", record.device, device);
  if (changes.length === 0) return;
  const hint = "begin a new run, or resume with what this one was begun with";
  throw new ConfigurationError({
    op: "resume",
    why: "this is another run",
    operands: changes,
    hint,
  });
}

const lengthOf = (budget: Budget): string =>
  budget.kind === "rounds" ? `${budget.rounds} rounds` : `${budget.minutes} minutes`;

const networkName = (features: FeaturesRecord | undefined): string =>
  features === undefined ? "none" : `${features.name} ${features.sha256.slice(0, 12)}`;

const dataName = ({ name, fingerprint }: { readonly name: string; readonly fingerprint: string }) =>
  `${name} ${fingerprint.slice(0, 12)}`;
