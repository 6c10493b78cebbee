import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { listCheckpoints, readCheckpoint, writeCheckpoint } from "../../src/run/checkpoint.js";
import { lockFolder } from "../../src/run/lock.js";
import { cutEvents, EventLog, readEvents } from "../../src/run/log.js";
import { prepare } from "../../src/run/prepare.js";
import { train } from "../../src/run/train.js";
import { writeWhole } from "../../src/run/write.js";
import { collect, messageOf, points, temporaryFolder } from "./support.js";

const folder = temporaryFolder();

describe("the lock of a run folder", () => {
  const path = join(folder, "locked");
  const holdBy = (pid: number, host = hostname()) => {
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, "lock.json"), JSON.stringify({ host, pid }));
  };

  it("keeps a second writer out until it is given back", () => {
    const unlock = lockFolder(path);
    expect(messageOf(() => lockFolder(path))).toBe(
      `folder: process ${process.pid} is writing this run
  folder  ${path}
  hint    stop it first`,
    );
    unlock();
    lockFolder(path)();
    expect(readdirSync(path)).toEqual([]);
  });

  it("of a process that has ended, or of its namesake, is taken over", () => {
    const ended = execFileSync(process.execPath, ["-p", "process.pid"]).toString();
    for (const pid of [Number(ended), process.pid]) {
      holdBy(pid);
      lockFolder(path)();
    }
    writeFileSync(join(path, "lock.json"), "");
    lockFolder(path)();
  });

  it("of another machine is not", () => {
    holdBy(1, "elsewhere");
    expect(messageOf(() => lockFolder(path))).toBe(
      `folder: process 1 on elsewhere is writing this run
  folder  ${path}
  hint    delete lock.json when it no longer is`,
    );
  });

  it("is given back when what follows fails", () => {
    const other = join(folder, "failing");
    const fail = () => {
      throw new Error("no");
    };
    expect(messageOf(() => lockFolder(other, fail))).toBe("no");
    expect(readdirSync(other)).toEqual([]);
  });
});

describe("the log", () => {
  it("loses a torn line, and what lies beyond a checkpoint when cut", () => {
    const path = join(folder, "log");
    mkdirSync(path);
    const log = new EventLog(path);
    const rounds = [1, 2, 3].map((round) => {
      return { type: "round", round, progress: 0, terms: {}, watches: {}, durationMs: 1 } as const;
    });
    log.append(rounds);
    log.close();
    writeFileSync(join(path, "events.jsonl"), '{"type":"rou', { flag: "a" });
    expect(readEvents(path)).toEqual(rounds);
    cutEvents(path, 2);
    expect(readEvents(path)).toEqual(rounds.slice(0, 2));
    expect(readFileSync(join(path, "events.jsonl"), "utf8").endsWith("}\n")).toBe(true);
    cutEvents(path, undefined);
    expect(readEvents(path)).toEqual([]);
  });
});

describe("a checkpoint", () => {
  const { plan } = prepare({ ...points, folder: null });
  const cells = Object.fromEntries(
    plan.cells.map(({ name, shape }, i) => {
      return [name, new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(i)];
    }),
  );
  const pace = { progress: 0.25, elapsedMs: 12.5, roundMs: 0.5 };
  const path = join(folder, "checkpoint");

  it("comes back as it was, and only the last three stay", () => {
    for (const round of [9, 10, 999_999, 1_000_000]) {
      const position = { round, dealt: 7, moves: { D: 3 } };
      writeCheckpoint({ cells, position, pace }, { folder: path, plan, seed: 5 });
    }
    const names = listCheckpoints(path).map((file) => file.slice(path.length + 1));
    expect(names).toEqual([
      "checkpoints/000010.safetensors",
      "checkpoints/999999.safetensors",
      "checkpoints/1000000.safetensors",
    ]);
    const found = readCheckpoint(listCheckpoints(path)[0]!, plan);
    const position = { round: 10, dealt: 7, moves: { D: 3 } };
    expect(found).toEqual({ cells, position, pace, seed: 5 });
  });

  it("of another game is refused", () => {
    const wider = { ...points, hyper: { ...points.hyper, width: 9 }, folder: null };
    const file = listCheckpoints(path)[0]!;
    expect(messageOf(() => readCheckpoint(file, prepare(wider).plan))).toBe(
      `resume: the checkpoint is of another game
  file  ${file}
  hint  use the system, hyper-parameters and version that it was made with`,
    );
  });

  it("that cannot be written leaves no half of it", () => {
    const file = join(folder, "nowhere", "a.safetensors");
    expect(messageOf(() => writeWhole(file, [new Uint8Array(3)]))).toBe(
      `a.safetensors: not written, its folder is gone\n  folder  ${join(folder, "nowhere")}`,
    );
  });
});

/** A disk of a quarter of a megabyte, where this process may make one. */
function smallDisk(): string | undefined {
  const path = join(folder, "disk");
  mkdirSync(path);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", path], { stdio: "ignore" });
    return path;
  } catch {
    return undefined;
  }
}

describe("a full disk", () => {
  it("stops the run, says so, and takes no earlier checkpoint", async (context) => {
    const disk = smallDisk();
    if (disk === undefined) return context.skip("this user may not mount a small disk");
    try {
      const path = join(disk, "run");
      const options = { ...points, rounds: 100_000, samplesEvery: 1e6, checkpointEvery: 20 };
      const events = await collect(train({ ...options, folder: path }));
      const stopped = events.at(-1)!;
      expect(stopped).toMatchObject({ type: "stopped", reason: "failed" });
      expect(stopped).toMatchObject({ message: expect.stringMatching(fullPattern) });
      const last = events.filter((event) => event.type === "checkpoint").at(-1)!;
      const kept = listCheckpoints(path);
      expect(kept.at(-1)).toBe(join(path, last.file));
      const { plan } = prepare({ ...points, rounds: 100_000, folder: null });
      expect(readCheckpoint(kept.at(-1)!, plan).position.round).toBe(last.round);
      expect(readdirSync(join(path, "checkpoints")).some((n) => n.endsWith("unfinished"))).toBe(
        false,
      );
      const log = readFileSync(join(path, "events.jsonl"), "utf8");
      expect(log.endsWith("}\n")).toBe(true);
      expect(statSync(join(path, "run.json")).size).toBeGreaterThan(1000);
      execFileSync("mount", ["-o", "remount,size=4m", disk]);
      const again = train({ ...options, resume: path });
      for await (const event of again) if (event.type === "checkpoint") break;
      expect(listCheckpoints(path).at(-1)! > kept.at(-1)!).toBe(true);
    } finally {
      execFileSync("umount", [disk]);
    }
  });
});

const fullPattern =
  /^(events\.jsonl|events\.out\.tfevents\.\d+\.belamy|\d{6}\.(safetensors|png)): not written, the disk is full\n {2}folder {2}.+\n {2}hint {4}free some space, then resume the run$/;
