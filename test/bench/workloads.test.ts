import { describe, expect, it } from "vitest";
import {
  belamy,
  crowdOf,
  differences,
  type FirstRounds,
  firstRounds,
  pytorch,
  tolerance,
  type Workload,
  workloads,
} from "../../bench/index.mjs";

/** The same networks and games, narrow and on few items. */
const narrow = (workload: Workload): Workload => ({
  ...workload,
  hyper: { ...workload.hyper, width: 4, batch: 4 },
});

const told = new Map<number, Promise<FirstRounds>>();

function roundsOf(workload: Workload): Promise<FirstRounds> {
  const known = told.get(workload.number) ?? firstRounds(narrow(workload));
  told.set(workload.number, known);
  return known;
}

const cases = workloads.map((workload) => ({ workload, name: workload.name }));

describe.each(cases)("$name", ({ workload }) => {
  it("plays: terms are numbers, and both networks move", async () => {
    const { terms, moved, tensors } = await roundsOf(workload);
    const values = terms.flatMap((said) => Object.values(said));
    expect(values.length).toBeGreaterThan(4);
    expect(values.filter((v) => !Number.isFinite(v))).toEqual([]);
    expect(Object.keys(moved).sort()).toEqual(["D", "G"]);
    for (const far of Object.values(moved)) expect(far).toBeGreaterThan(1e-6);
    expect(new Set(tensors.map(({ name }) => name)).size).toBe(tensors.length);
  });

  it.each([1, 2, 4])("is dealt to %i replicas in whole groups", (replicas) => {
    const crowd = crowdOf(workload, replicas);
    expect(crowd.group * crowd.replicas).toBe(workload.hyper.batch);
    expect(crowd.replicas).toBe(workload.split ? replicas : 1);
  });

  // Nobody needs PyTorch to test this package; who measures beside it names it.
  if (process.env.BELAMY_TORCH === undefined) return;

  it("computes in PyTorch what it computes here", async () => {
    // The benchmark itself checks both layouts.
    const last = workload.data.shape.length > 1;
    const child = pytorch(narrow(workload), { threads: 1, check: true, last });
    try {
      await child.ready();
      const ours = await roundsOf(workload);
      const apart = differences(ours, await child.check(ours));
      expect(apart.first).toBeLessThan(tolerance.first);
      expect(apart.later).toBeLessThan(tolerance.later);
      expect(apart.moved).toBeLessThan(tolerance.moved);
    } finally {
      await child.leave();
    }
  }, 60_000);
});

describe("what the check would catch", () => {
  const [points] = workloads;

  it("terms of another loss, by name or by value, and terms that are missing", async () => {
    const ours = await roundsOf(points!);
    const [first, ...rest] = ours.terms;
    const other = (terms: readonly Readonly<Record<string, number>>[]) =>
      differences(ours, { ...ours, terms });
    expect(other(ours.terms)).toEqual({ first: 0, later: 0, moved: 0 });
    expect(other([{ ...first, "D.real": first!["D.real"]! * 1.001 }, ...rest]).first).toBeCloseTo(
      0.001,
      4,
    );
    const { "D.real": value, ...without } = first!;
    expect(other([{ ...without, "D.true": value! }, ...rest]).first).toBe(Number.POSITIVE_INFINITY);
    expect(other([{ ...first, "D.real": Number.NaN }, ...rest]).first).toBe(
      Number.POSITIVE_INFINITY,
    );
    expect(() => other(rest)).toThrow(/^4 terms, not 6$/);
  });

  it("another learning rate", async () => {
    const ours = await roundsOf(points!);
    const faster = { ...points!, hyper: { ...narrow(points!).hyper, lr: 0.11 } };
    const apart = differences(ours, await firstRounds(faster));
    expect(apart.first).toBe(0);
    expect(apart.moved).toBeGreaterThan(tolerance.moved);
  });
});

it("Belamy's side plays the same bits with one replica and with two", async () => {
  const [points] = workloads;
  const batch = points!.hyper.batch;
  const said = [];
  for (const replicas of [1, 2]) {
    const child = belamy(points!, { replicas, batch, group: batch / 2 });
    const { startMs } = await child.ready();
    const { rounds, ms, memory, terms } = await child.run(3);
    expect([rounds, startMs > 0, ms > 0, memory > 1e7]).toEqual([3, true, true, true]);
    said.push(terms);
    await child.leave();
  }
  expect(Object.keys(said[0]!)).toEqual(["D.real", "D.fake", "G.fooling"]);
  expect(said[1]).toEqual(said[0]);
}, 60_000);
