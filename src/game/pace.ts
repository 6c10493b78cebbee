import type { BudgetEvent } from "./events.js";
import type { Decision } from "./exchange.js";

/** How long a run is: counted in rounds, or as long as a stated time. */
export type Budget =
  | { readonly kind: "rounds"; readonly rounds: number }
  | { readonly kind: "minutes"; readonly minutes: number };

/** How far a run has come; part of every checkpoint. */
export interface Pace {
  /** From 0 to 1 over the whole run. */
  readonly progress: number;
  readonly elapsedMs: number;
  /** What one round was last expected to take; known with a time budget alone. */
  readonly roundMs: number | undefined;
}

/** One round that was played, and when it ended. */
export interface PlayedRound {
  readonly round: number;
  readonly durationMs: number;
  /** Time spent on the whole run so far. */
  readonly elapsedMs: number;
}

export const atStart: Pace = { progress: 0, elapsedMs: 0, roundMs: undefined };

/** The first rounds warm caches up and say little of the others. */
const warmUp = 2;
const timed = 3;
/** Kept back for samples, the last checkpoint and the export. */
const reserve = 0.03;
const refitShare = 0.05;
/** A run ends here even when rounds were slower than expected. */
const overrun = 1.03;

/** Decides how far each round brings a run: exact with a number of rounds, measured with a time. */
export class Pacer {
  private readonly budget: Budget;
  private progress: number;
  private elapsedMs: number;
  private roundMs: number | undefined;
  /** Rounds still expected, when they have been estimated. */
  private remaining: number | undefined;
  private durations: number[] = [];
  private skipped = 0;
  private fittedAtMs: number;

  constructor(budget: Budget, { progress, elapsedMs, roundMs }: Pace = atStart) {
    this.budget = budget;
    this.progress = progress;
    this.elapsedMs = elapsedMs;
    this.roundMs = roundMs;
    this.fittedAtMs = elapsedMs;
    if (budget.kind === "minutes" && roundMs !== undefined) this.remaining = this.fit(roundMs);
  }

  get pace(): Pace {
    const { progress, elapsedMs, roundMs } = this;
    return { progress, elapsedMs, roundMs };
  }

  /** Rounds of the whole run, as far as known. */
  roundsAfter(round: number): number | undefined {
    if (this.budget.kind === "rounds") return this.budget.rounds;
    return this.remaining === undefined ? undefined : round + this.remaining;
  }

  /** Whether there is another round, and what its progress is. */
  next(round: number, elapsedMs: number): Decision {
    const { budget } = this;
    this.elapsedMs = elapsedMs;
    if (budget.kind === "rounds") {
      return { stop: round >= budget.rounds, progress: Math.min(1, round / budget.rounds) };
    }
    const late = elapsedMs >= budget.minutes * 60_000 * overrun;
    return { stop: late || this.progress >= 1, progress: this.progress };
  }

  /** Takes one round into account; says so when the rest was estimated anew. */
  played({ round, durationMs, elapsedMs }: PlayedRound): BudgetEvent | undefined {
    const { budget } = this;
    this.elapsedMs = elapsedMs;
    if (budget.kind === "rounds") {
      this.progress = Math.min(1, round / budget.rounds);
      return undefined;
    }
    this.advance();
    if (this.skipped < warmUp) this.skipped++;
    else this.durations.push(durationMs);
    const spent = elapsedMs - this.fittedAtMs;
    const due =
      this.roundMs === undefined
        ? this.durations.length >= timed || spent >= budget.minutes * 60_000 * refitShare
        : spent >= budget.minutes * 60_000 * refitShare;
    if (!due || this.progress >= 1) return undefined;
    const roundMs = this.measure(durationMs, spent);
    this.remaining = this.fit(roundMs);
    this.roundMs = roundMs;
    this.durations = [];
    this.fittedAtMs = elapsedMs;
    return { type: "budget", round, rounds: round + this.remaining, roundMs };
  }

  private advance(): void {
    if (this.remaining === undefined) return;
    this.progress = this.remaining <= 1 ? 1 : this.progress + (1 - this.progress) / this.remaining;
    this.remaining--;
  }

  /** The median round, and its share of what was spent between rounds. */
  private measure(lastMs: number, spentMs: number): number {
    const { durations } = this;
    if (durations.length === 0) return lastMs;
    const sorted = [...durations].sort((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)]!;
    if (this.roundMs === undefined) return median;
    const total = durations.reduce((sum, duration) => sum + duration, 0);
    return median + Math.max(0, spentMs - total) / durations.length;
  }

  private fit(roundMs: number): number {
    if (this.budget.kind === "rounds") return this.budget.rounds;
    const left = this.budget.minutes * 60_000 * (1 - reserve) - this.elapsedMs;
    return Math.max(1, Math.round(left / Math.max(roundMs, 1e-3)));
  }
}
