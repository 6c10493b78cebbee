import { basename, resolve } from "node:path";
import type { Budget, Pace } from "../game/pace.js";
import { changingCells, type Plan } from "../game/plan.js";
import type { Snapshot } from "../game/play.js";
import type { Values } from "../game/system.js";
import { ConfigurationError, type Operand } from "../shape/error.js";
import { formatShape, sameShape } from "../shape/shape.js";
import { type Kept, listCheckpoints, readKept } from "./checkpoint.js";
import { hyperOf } from "./export.js";
import { readRecord } from "./folder.js";
import type { TrainOptions } from "./options.js";
import type { RunRecord } from "./record.js";

/** Where a new run begins: with everything that another had learned by one of its checkpoints. */
export interface BranchFrom {
  /** The other run's folder. */
  readonly run: string;
  /** The checkpoint's round; the newest one without it. */
  readonly round?: number;
}

/** What `run.json` says of a branch. */
export interface BranchRecord {
  /** The name of the other run's folder. */
  readonly run: string;
  readonly round: number;
  /** Hyper-parameters that are others. */
  readonly changed: Readonly<
    Record<string, { readonly from: number | string; readonly to: number | string }>
  >;
}

/** A checkpoint that a run is to begin with, found and read. */
export interface Branch {
  readonly parent: RunRecord;
  readonly from: string;
  readonly kept: Kept;
}

/** Finds what a run branches from; whoever plays the other run may go on doing so. */
export function openBranch({ branch, system }: TrainOptions): Branch | undefined {
  if (branch === undefined) return undefined;
  const parent = readRecord(branch.run);
  if (parent.system !== system.name) {
    const why = `that run plays ${parent.system}, not ${system.name}`;
    throw new ConfigurationError({ op: "branch", why });
  }
  const all = listCheckpoints(branch.run).map((path) => ({
    path,
    round: Number.parseInt(basename(path), 10),
  }));
  const found =
    branch.round === undefined ? all.at(-1) : all.find(({ round }) => round === branch.round);
  if (found === undefined) {
    const rounds = all.map(({ round }) => round).join(", ");
    throw new ConfigurationError({
      op: "branch",
      why:
        branch.round === undefined
          ? "that run has no checkpoint yet"
          : `that run has no checkpoint of round ${branch.round}`,
      ...(rounds === "" ? {} : { hint: `it has ${rounds}` }),
    });
  }
  return { parent, from: basename(resolve(branch.run)), kept: readKept(found.path) };
}

/** How long a branch is: so many rounds or minutes more, or what the other run had left, or again as long. */
export function branchBudget(
  { rounds, minutes }: Pick<TrainOptions, "rounds" | "minutes">,
  { parent, kept }: Branch,
): Budget {
  const { round } = kept.position;
  if (rounds !== undefined) return { kind: "rounds", rounds: round + rounds };
  if (minutes !== undefined) return { kind: "minutes", minutes };
  const { budget } = parent;
  if (budget.kind === "rounds") {
    return { kind: "rounds", rounds: budget.rounds + (budget.rounds > round ? 0 : round) };
  }
  const left = budget.minutes * (1 - kept.pace.progress);
  return { kind: "minutes", minutes: left > 0 ? left : budget.minutes };
}

/** The state that a branch begins with; throws when its networks are others. */
export function branchSnapshot({ kept }: Branch, plan: Plan, budget: Budget): Snapshot {
  const mistakes: Operand[] = [];
  const cells: Record<string, Float32Array> = {};
  for (const { name, shape } of changingCells(plan)) {
    const stored = kept.tensors[name];
    if (stored !== undefined && sameShape(stored.shape, shape)) cells[name] = stored.data;
    else {
      const was = stored === undefined ? "not there" : formatShape(stored.shape);
      mistakes.push({ label: name, value: `${was}, now ${formatShape(shape)}` });
    }
  }
  if (mistakes.length > 0) {
    const most = 4;
    const more = mistakes.length - most;
    throw new ConfigurationError({
      op: "branch",
      why: "the checkpoint is of other networks",
      operands: [
        ...mistakes.slice(0, most),
        ...(more > 0 ? [{ label: "…", value: `and ${more} more` }] : []),
      ],
      hint: "change what they learn by, not what they are",
    });
  }
  return { cells, position: kept.position, pace: paceOf(kept, budget) };
}

/** How far along a branch is when it begins: what was played, as a share of that and what follows. */
function paceOf({ position, pace }: Kept, budget: Budget): Pace {
  const { elapsedMs } = pace;
  if (budget.kind === "rounds") {
    return { progress: position.round / budget.rounds, elapsedMs, roundMs: undefined };
  }
  const progress = elapsedMs / (elapsedMs + budget.minutes * 60_000);
  return { progress, elapsedMs: 0, roundMs: undefined };
}

export function branchRecord({ parent, from, kept }: Branch, values: Values): BranchRecord {
  const before = hyperOf(parent);
  const changed = Object.entries(values)
    .filter(([name, value]) => name !== "rounds" && before[name] !== value)
    .map(([name, to]) => [name, { from: before[name] ?? "not there", to }] as const);
  return { run: from, round: kept.position.round, changed: Object.fromEntries(changed) };
}

/** A branch is kept somewhere: what it begins with is its first checkpoint. */
export function checkKept(folder: string | undefined): asserts folder is string {
  if (folder !== undefined) return;
  throw new ConfigurationError({ op: "branch", why: "needs a folder to be kept in" });
}
