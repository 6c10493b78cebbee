import { availableParallelism } from "node:os";
import type { Dataset } from "../../src/data/dataset.js";
import type { Score } from "../../src/game/events.js";
import type { System } from "../../src/game/system.js";
import { judge, samplesToJudge } from "../../src/metrics/judge.js";
import { type TrainOptions, train } from "../../src/run/train.js";

/** What one seed ended with. */
export interface Outcome {
  readonly seed: number;
  readonly minutes: number;
  readonly scores: readonly Score[];
}

export interface Trial {
  readonly system: System;
  readonly data: Dataset;
  readonly hyper: Readonly<Record<string, number | string>>;
  readonly rounds: number;
  /** How samples are scored, and how many; modes or untrained features when left out. */
  readonly judge?: TrainOptions["judge"];
  readonly judgeCount?: number;
}

/** Plays a trial once for each seed, as many at a time as there are cores. */
export async function play(trial: Trial, seeds: readonly number[]): Promise<readonly Outcome[]> {
  const waiting = [...seeds];
  const outcomes: Outcome[] = [];
  const worker = async (): Promise<void> => {
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
      outcomes.push(await playOne(trial, seed));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return outcomes.sort((a, b) => a.seed - b.seed);
}

async function playOne(trial: Trial, seed: number): Promise<Outcome> {
  const { system, data, hyper, rounds } = trial;
  const start = performance.now();
  let scores: readonly Score[] = [];
  const judgeCount = trial.judgeCount ?? samplesToJudge(data);
  const options = {
    system,
    data,
    hyper,
    rounds,
    seed,
    replicas: 1,
    folder: null,
    judge: trial.judge ?? judge,
    judgeCount,
  };
  for await (const event of train(options)) {
    if (event.type === "scores") scores = event.scores;
    if (event.type === "stopped" && event.reason !== "finished") throw new Error(event.message);
  }
  return { seed, minutes: (performance.now() - start) / 60_000, scores };
}

/** The value of one score in every outcome. */
export const valuesOf = (outcomes: readonly Outcome[], name: string): number[] =>
  outcomes.map(({ seed, scores }) => {
    const score = scores.find((s) => s.name === name);
    if (score === undefined) throw new Error(`seed ${seed} has no ${name}`);
    return score.value;
  });

/** A Markdown table, one row a seed. */
export function tableOf(outcomes: readonly Outcome[]): string {
  const names = outcomes[0]!.scores.map((s) => s.name);
  const rows = outcomes.map(({ seed, minutes, scores }) =>
    [seed, ...scores.map((s) => Number(s.value.toPrecision(4))), minutes.toFixed(1)].join(" | "),
  );
  return [
    `| seed | ${names.join(" | ")} | minutes |`,
    `|${" --- |".repeat(names.length + 2)}`,
    ...rows.map((row) => `| ${row} |`),
  ].join("\n");
}
