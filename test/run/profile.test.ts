import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { ring } from "../../src/data/points.js";
import { costOf } from "../../src/game/cost.js";
import { settle } from "../../src/game/hyper.js";
import { record, usualRounds } from "../../src/run/profile.js";
import type { Recording } from "../../src/run/profile-record.js";
import { type Profile, profileOf } from "../../src/run/profile-rows.js";
import { chromeTrace } from "../../src/run/profile-trace.js";
import { pictures, points, temporaryFolder } from "./support.js";

/** Where this file's profiles are written, and nobody else's. */
const folder = temporaryFolder();
process.env.TMPDIR = folder;

const total = (profile: Profile, of: "ms" | "multiplyAdds"): number =>
  profile.rows.reduce((sum, row) => sum + row[of], 0);

const partsOf = (profile: Profile, of: "player" | "term" | "operation"): Set<string | undefined> =>
  new Set(profile.rows.map((row) => row[of]));

/** Every event is inside of the one that began before it and has not ended, on its own track. */
function checkNesting(recording: Recording): void {
  const events = chromeTrace(recording);
  const parsed = JSON.parse(JSON.stringify(events)) as typeof events; // the same, as a file has it
  const depths = { round: 0, turn: 1, session: 2, host: 2 } as const;
  recording.replicas.forEach((_, tid) => {
    const open: (typeof events)[number][] = [];
    for (const event of parsed.filter((one) => one.tid === tid)) {
      expect(event).toMatchObject({ ph: "X", pid: 1 });
      expect(event.dur).toBeGreaterThanOrEqual(0);
      const isKernel = event.args !== undefined;
      const depth = isKernel ? 3 : depths[event.cat as keyof typeof depths]; // no kernel: one of four
      while (open.length > 0 && open.at(-1)!.ts + open.at(-1)!.dur <= event.ts + 0.002) open.pop();
      // Meetings are in a round and in no turn.
      expect([depth, depth - 1]).toContain(open.length);
      const parent = open.at(-1);
      if (parent !== undefined) {
        expect(event.ts).toBeGreaterThanOrEqual(parent.ts - 0.002);
        expect(event.ts + event.dur).toBeLessThanOrEqual(parent.ts + parent.dur + 0.002);
      }
      if (event.dur > 0.002) open.push(event);
    }
  });
}

it("three rounds of gan: rows add up, work is what costs say, the trace nests", async () => {
  const recording = await record({ ...points, rounds: 3 });
  expect(readdirSync(folder)).toEqual([]);

  const profile = profileOf(recording);
  expect(profile).toMatchObject({ system: "gan", data: "ring", rounds: 3, warmUp: 2, replicas: 1 });
  expect(total(profile, "ms")).toBeCloseTo(profile.roundMs, 9);
  expect(profile.rows.every(({ ms, calls }) => ms >= 0 && calls > 0)).toBe(true);
  expect(partsOf(profile, "player")).toEqual(new Set(["D", "G", undefined]));
  expect(partsOf(profile, "term")).toEqual(
    new Set(["D.real", "D.fake", "D shared", "D update", "G.fooling", "G update", undefined]),
  );
  const { kind, shape, count } = points.data;
  const description = { kind, shape, classes: 0, count } as const;
  const hyper = settle(points.system.hyper, points.hyper);
  const { multiplyAdds } = costOf(points.system, { hyper, data: description });
  expect(total(profile, "multiplyAdds")).toBeCloseTo(multiplyAdds, 6);
  const kernels = profile.kernels.reduce((sum, { calls }) => sum + calls, 0);
  const runs = recording.replicas[0]!.flatMap((span) => (span.kind === "run" ? [span] : []));
  expect(runs).toHaveLength(6);
  expect(runs.reduce((sum, run) => sum + run.kernels.length, 0)).toBe(Math.round(3 * kernels));

  checkNesting(recording);
  const events = chromeTrace(recording);
  expect(events.filter(({ cat }) => cat === "round").map(({ name }) => name)).toEqual([
    "round 3",
    "round 4",
    "round 5",
  ]);
  expect(events.filter(({ cat }) => cat === "turn").map(({ name }) => name)).toEqual([
    "D turn",
    "G turn",
    "D turn",
    "G turn",
    "D turn",
    "G turn",
  ]);
});

it("replicas: one track each, half of the work each, and what they wait for", async () => {
  const recording = await record({ ...pictures, rounds: 2, replicas: 2 });
  expect(recording.replicas).toHaveLength(2);
  const profile = profileOf(recording);
  expect(total(profile, "ms")).toBeCloseTo(profile.roundMs, 9);
  for (const operation of ["all-reduce", "waiting for replicas", "convolution, weight gradient"]) {
    expect(partsOf(profile, "operation")).toContain(operation);
  }
  const { kind, shape, count } = pictures.data;
  const description = { kind, shape, classes: 0, count } as const;
  const hyper = settle(pictures.system.hyper, pictures.hyper);
  const { multiplyAdds } = costOf(pictures.system, { hyper, data: description });
  expect(total(profile, "multiplyAdds")).toBeCloseTo(multiplyAdds / 2, 6);
  checkNesting(recording);
});

it("a round that fails is told", async () => {
  const data = { ...ring({ count: 500 }), items: new Float32Array(1000).fill(Number.NaN) };
  await expect(record({ ...points, data, rounds: 1 })).rejects.toThrow(
    /^profile: D\.real became NaN in round 1$/,
  );
});

it("nobody waits for rounds that nobody wants any more", async () => {
  const recording = await record({ ...points, rounds: 1e6, signal: AbortSignal.abort() });
  expect(profileOf(recording)).toMatchObject({ rounds: 0, roundMs: 0, rows: [] });
});

it("by default as many rounds as lazy terms need to come equally often", () => {
  const every = (length: number): number[] => Array.from({ length }, () => 0);
  expect(usualRounds([{ pattern: [0], repeats: 1 }])).toBe(8);
  expect(usualRounds([{ pattern: every(16), repeats: 1 }])).toBe(16);
  expect(
    usualRounds([
      { pattern: every(16), repeats: 2 },
      { pattern: every(3), repeats: 1 },
    ]),
  ).toBe(24);
  expect(usualRounds([{ pattern: every(1000), repeats: 1 }])).toBe(64);
});
