import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ring } from "../../src/data/points.js";
import { readEvents } from "../../src/run/log.js";
import { train } from "../../src/run/train.js";
import {
  cellBytes,
  messageOf,
  pictures,
  points,
  temporaryFolder,
  trainAndKill,
} from "./support.js";

const folder = temporaryFolder();
const games = { points, pictures };

describe.each([
  { game: "points", rounds: 1500, checkpointEvery: 40, kills: [7, 400, 900], replicas: 1 },
  { game: "pictures", rounds: 24, checkpointEvery: 3, kills: [5, 14], replicas: 2 },
] as const)("killing a run on $game", ({ game, rounds, checkpointEvery, kills, replicas }) => {
  it("and resuming it gives the bits of one never stopped", async () => {
    const whole = join(folder, `${game}-whole`);
    const ending = await train({ ...games[game], rounds, replicas, folder: whole }).finish();
    expect(ending).toEqual({ type: "stopped", round: rounds, reason: "finished" });
    const killed = join(folder, `${game}-killed`);
    for (const [i, at] of kills.entries()) {
      const place = i === 0 ? { folder: killed, rounds } : { resume: killed };
      const options = { ...place, replicas, checkpointEvery };
      const child = await trainAndKill(game, { options, at });
      expect(child).toEqual({ killed: true, output: expect.any(String) });
      appendFileSync(join(killed, "events.jsonl"), '{"type":"round","rou'); // as if torn by the kill
    }
    const last = await train({ ...games[game], resume: killed, checkpointEvery }).finish();
    expect(last).toEqual(ending);
    const name = join("checkpoints", `${String(rounds).padStart(6, "0")}.safetensors`);
    expect(cellBytes(join(killed, name)).equals(cellBytes(join(whole, name)))).toBe(true);
    const played = (path: string) => readEvents(path).filter((event) => event.type === "round");
    const timeless = (path: string) => played(path).map(({ durationMs: _, ...event }) => event);
    expect(timeless(killed)).toEqual(timeless(whole));
    expect(played(killed).map((event) => event.round)).toEqual(
      Array.from({ length: rounds }, (_, i) => i + 1),
    );
  });
});

describe("a run that was asked to stop", () => {
  it("goes on to the bits of one that was not", async () => {
    const whole = join(folder, "asked-whole");
    await train({ ...points, rounds: 200, folder: whole }).finish();
    const path = join(folder, "asked");
    const run = train({ ...points, rounds: 200, folder: path });
    for await (const event of run) if (event.type === "round" && event.round >= 20) break;
    const stopped = readEvents(path).at(-1)!;
    expect(stopped).toMatchObject({ type: "stopped", reason: "asked" });
    expect(stopped.round).toBeLessThan(200);
    await train({ ...points, resume: path }).finish();
    const name = "checkpoints/000200.safetensors";
    expect(cellBytes(join(path, name)).equals(cellBytes(join(whole, name)))).toBe(true);
  });
});

describe("resuming another run", () => {
  it("says everything that is different", async () => {
    const path = join(folder, "other");
    await train({ ...points, rounds: 3, folder: path }).finish();
    const data = ring({ count: 400 });
    const given = { ...points, data, hyper: { ...points.hyper, lr: 0.2 }, seed: 3, rounds: 4 };
    const was = points.data.fingerprint.slice(0, 12);
    expect(messageOf(() => train({ ...given, resume: path }))).toBe(
      `resume: this is another run
  hyper.lr      0.1, now 0.2
  hyper.rounds  3, now 4
  seed          0, now 3
  length        3 rounds, now 4 rounds
  data          ring ${was}, now ring ${data.fingerprint.slice(0, 12)}
  hint          begin a new run, or resume with what this one was begun with`,
    );
  });

  it("needs a run", () => {
    const path = join(folder, "nothing");
    expect(messageOf(() => train({ ...points, resume: path }))).toBe(
      `${path}: is no run: there is no run.json in it`,
    );
  });

  it("is refused for one that is there already", async () => {
    const path = join(folder, "twice");
    await train({ ...points, rounds: 1, folder: path }).finish();
    const before = readFileSync(join(path, "run.json"), "utf8");
    expect(messageOf(() => train({ ...points, rounds: 1, folder: path }))).toBe(
      `folder: there is a run already
  folder  ${path}
  hint    resume it, or name another folder`,
    );
    expect(readFileSync(join(path, "run.json"), "utf8")).toBe(before);
  });
});
