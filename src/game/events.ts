import type { Shape } from "../shape/shape.js";

/** What a run says while it is played: the terminal, the run folder and the studio read the same. */
export type RunEvent =
  | StartedEvent
  | RoundEvent
  | SamplesEvent
  | VerdictsEvent
  | ScoresEvent
  | CheckpointEvent
  | BudgetEvent
  | StoppedEvent;

/** The first event of a run: what is played, on what, where. */
export interface StartedEvent {
  readonly type: "started";
  readonly system: string;
  readonly data: string;
  readonly seed: number;
  readonly device: string;
  readonly replicas: number;
  /** Rounds already played, when the run was resumed. */
  readonly round: number;
  /** Rounds to play; unknown until a time budget has been measured. */
  readonly rounds: number | undefined;
  readonly folder: string | undefined;
}

/** One round, after all players have taken their turns. */
export interface RoundEvent {
  readonly type: "round";
  readonly round: number;
  /** From 0 to 1 over the whole run. */
  readonly progress: number;
  /** By full name: `D.r1`. */
  readonly terms: Readonly<Record<string, number>>;
  readonly watches: Readonly<Record<string, number>>;
  /** Duration of this round. */
  readonly durationMs: number;
}

/** Samples on the latents that stay the same for the whole run. */
export interface SamplesEvent {
  readonly type: "samples";
  readonly round: number;
  readonly count: number;
  readonly shape: Shape;
  /** One item after another; pictures from −1 to 1. */
  readonly items: Float32Array;
  /** The picture of them in the run folder, when there is one. */
  readonly file?: string;
}

/**
 * One round of the cycle on a few cards: real items dealt (populate), fakes shuffled among them
 * (generate), what the discriminator said of each (discriminate), who was right (validate).
 */
export interface VerdictsEvent {
  readonly type: "verdicts";
  readonly round: number;
  readonly shape: Shape;
  readonly cards: readonly Card[];
  /** Share of cards of which the discriminator was right. */
  readonly accuracy: number;
}

/** One item before the discriminator: what it is, and what was said of it. */
export interface Card {
  readonly real: boolean;
  /** Probability of being real, said by the discriminator. */
  readonly belief: number;
  readonly right: boolean;
  readonly item: Float32Array;
}

/** Scores by full name, which states the protocol. */
export interface ScoresEvent {
  readonly type: "scores";
  readonly round: number;
  readonly scores: readonly Score[];
}

/** One number that says how good samples are, with the protocol it was measured by. */
export interface Score {
  readonly name: string;
  readonly value: number;
  /** Which direction is better. */
  readonly better: "higher" | "lower";
  /** How it was measured: counts, features and their hash. */
  readonly protocol: string;
  /** The same between two sets of real items: what samples could hope for. */
  readonly floor?: number;
}

export interface CheckpointEvent {
  readonly type: "checkpoint";
  readonly round: number;
  readonly file: string;
}

/** With a time budget: how many rounds are expected from now on, and why. */
export interface BudgetEvent {
  readonly type: "budget";
  readonly round: number;
  readonly rounds: number;
  readonly roundMs: number;
}

/** The last event of a run: how it ended, and why. */
export interface StoppedEvent {
  readonly type: "stopped";
  readonly round: number;
  readonly reason: "finished" | "asked" | "non-finite" | "failed";
  /** What went wrong, in the words of the error. */
  readonly message?: string;
}
