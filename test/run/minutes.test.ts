import { join } from "node:path";
import { expect, it } from "vitest";
import type { RunEvent } from "../../src/game/events.js";
import { listCheckpoints, readCheckpoint } from "../../src/run/checkpoint.js";
import { prepare } from "../../src/run/prepare.js";
import { train } from "../../src/run/train.js";
import { collect, points, temporaryFolder } from "./support.js";

const folder = temporaryFolder();

it("a run of some minutes, stopped, goes on with what is left of them", async () => {
  const path = join(folder, "minutes");
  const minutes = 0.1;
  const { plan } = prepare({ ...points, minutes, folder: null });
  const last = () => readCheckpoint(listCheckpoints(path).at(-1)!, plan);
  for await (const event of train({ ...points, minutes, folder: path })) {
    if (event.type === "round" && event.progress > 0.3) break;
  }
  const before = last();
  expect(before.pace.progress).toBeGreaterThan(0.3);
  expect(before.pace.progress).toBeLessThan(1);
  const events = await collect(train({ ...points, resume: path }));
  const isRound = (event: RunEvent) => event.type === "round";
  const first = events.find(isRound);
  expect(first).toMatchObject({ round: before.position.round + 1 });
  expect(first).toHaveProperty("progress", expect.closeTo(before.pace.progress, 1));
  expect(events.at(-1)).toMatchObject({ type: "stopped", reason: "finished" });
  const { pace, position } = last();
  expect(position.round).toBe(events.filter(isRound).at(-1)!.round);
  expect(pace.elapsedMs).toBeGreaterThan(before.pace.elapsedMs);
  // Beyond 1.03 times the budget there is the last round at most, and a slow machine's hiccup.
  expect(pace.elapsedMs).toBeLessThan(minutes * 60_000 * 1.03 + 500);
  expect(pace.progress).toBeGreaterThan(0.8);
});
