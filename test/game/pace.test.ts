import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Budget, type Pace, Pacer } from "../../src/game/pace.js";

interface Played {
  readonly elapsedMs: number;
  readonly rounds: number;
  readonly progress: readonly number[];
  readonly budgets: number;
  readonly pace: Pace;
}

/** Plays with rounds of given durations, and stops early after `most`. */
function simulate(
  budget: Budget,
  durationOf: (round: number) => number,
  { pace, most = 1e6 }: { readonly pace?: Pace; readonly most?: number } = {},
): Played {
  const pacer = new Pacer(budget, pace);
  let elapsedMs = pace?.elapsedMs ?? 0;
  let budgets = 0;
  const progress: number[] = [];
  while (progress.length < most) {
    const decision = pacer.next(progress.length, elapsedMs);
    if (decision.stop) break;
    progress.push(decision.progress);
    const durationMs = durationOf(progress.length);
    elapsedMs += durationMs;
    const event = pacer.played({ round: progress.length, durationMs, elapsedMs });
    if (event !== undefined) budgets++;
  }
  return { elapsedMs, rounds: progress.length, progress, budgets, pace: pacer.pace };
}

const minute = { kind: "minutes", minutes: 1 } as const;

describe("a budget of rounds", () => {
  it("gives round r of n the progress r / n", () => {
    const { progress, pace } = simulate({ kind: "rounds", rounds: 4 }, () => 1);
    expect(progress).toEqual([0, 0.25, 0.5, 0.75]);
    expect(pace.progress).toBe(1);
  });
});

describe("a budget of minutes", () => {
  it("is spent but for what is kept back, when rounds are alike", () => {
    const { elapsedMs, progress, budgets } = simulate(minute, () => 20);
    expect(elapsedMs).toBeGreaterThan(57_000);
    expect(elapsedMs).toBeLessThan(59_000);
    expect(progress.at(-1)).toBeGreaterThan(0.999);
    expect(budgets).toBeGreaterThan(18);
  });

  it("takes no notice of slow first rounds", () => {
    const pacer = new Pacer(minute);
    const durations = [900, 500, 10, 12, 11];
    let elapsedMs = 0;
    const events = durations.map((durationMs, i) => {
      elapsedMs += durationMs;
      return pacer.played({ round: i + 1, durationMs, elapsedMs });
    });
    expect(events.slice(0, 4)).toEqual([undefined, undefined, undefined, undefined]);
    const rounds = 5 + Math.round((60_000 * 0.97 - 1433) / 11);
    expect(events[4]).toEqual({ type: "budget", round: 5, rounds, roundMs: 11 });
  });

  it("is kept when rounds become slower or faster", () => {
    for (const factor of [0.3, 3]) {
      const { elapsedMs, progress } = simulate(minute, (r) => (r > 1000 ? 20 * factor : 20));
      expect(elapsedMs).toBeGreaterThan(55_000);
      expect(elapsedMs).toBeLessThan(61_800);
      expect(progress.at(-1)).toBeGreaterThan(0.97);
    }
  });

  it("moves on when a round takes a good part of it", () => {
    const { progress, elapsedMs } = simulate(minute, () => 8000);
    expect(progress).toHaveLength(7);
    expect(progress[1]).toBe(0);
    expect(progress[2]).toBeGreaterThan(0.1);
    expect(elapsedMs).toBe(56_000);
  });

  it("counts what happens between rounds", () => {
    const pacer = new Pacer(minute);
    let elapsedMs = 0;
    let round = 0;
    while (!pacer.next(round, elapsedMs).stop) {
      elapsedMs += 10;
      round++;
      pacer.played({ round, durationMs: 5, elapsedMs });
    }
    expect(elapsedMs).toBeGreaterThan(55_000);
    expect(elapsedMs).toBeLessThan(61_000);
  });

  it("ends at 1.03 times the budget at the latest, whatever rounds take", () => {
    const duration = fc.integer({ min: 1, max: 5000 });
    fc.assert(
      fc.property(fc.array(duration, { minLength: 1, maxLength: 50 }), (durations) => {
        const at = (round: number) => durations[round % durations.length]!;
        const { elapsedMs, progress, rounds } = simulate(minute, at);
        expect(elapsedMs - at(rounds)).toBeLessThan(61_800);
        expect(progress.every((p, i) => p >= (progress[i - 1] ?? 0) && p <= 1)).toBe(true);
      }),
    );
  });

  it("goes on with what is left", () => {
    const first = simulate(minute, () => 20, { most: 1500 });
    expect(first.pace.elapsedMs).toBe(30_000);
    const second = simulate(minute, () => 20, { pace: first.pace });
    expect(second.progress[0]).toBe(first.pace.progress);
    expect(second.progress[1]).toBeGreaterThan(first.pace.progress);
    expect(second.elapsedMs).toBeGreaterThan(57_000);
    expect(second.elapsedMs).toBeLessThan(59_000);
  });
});
