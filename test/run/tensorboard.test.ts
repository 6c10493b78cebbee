import { existsSync, readdirSync, readFileSync, truncateSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readEvents } from "../../src/run/log.js";
import { Board } from "../../src/run/tensorboard.js";
import { crc32c } from "../../src/run/tensorboard-format.js";
import { train } from "../../src/run/train.js";
import { messageOf, pictures, points, temporaryFolder, trainAndKill } from "./support.js";
import { checksum, eventFiles, readBoard, readRecords } from "./tensorboard-reader.js";

const folder = temporaryFolder();

/** Steps and numbers of a tag. */
function scalarsOf(board: ReturnType<typeof readBoard>, tag: string) {
  return (board.get(tag) ?? []).map(({ step, value }) => [step, value.simpleValue]);
}

describe("what TensorBoard reads of a run", () => {
  const path = join(folder, "whole");
  const scores = [{ name: "numbers", value: 3, better: "higher", protocol: "a|b" }] as const;

  it("is every number by round, scores with their protocols, and the pictures", async () => {
    const before = Date.now() / 1000;
    const options = { ...pictures, seed: 4, rounds: 5, samplesEvery: 2, sampleCount: 5 };
    await train({ ...options, judge: () => scores, folder: path }).finish();
    const logged = readEvents(path);
    const board = readBoard(path);
    const rounds = logged.filter((event) => event.type === "round");
    expect(rounds).toHaveLength(5);
    for (const name of Object.keys(rounds[0]!.terms)) {
      const wanted = rounds.map(({ round, terms }) => [round, Math.fround(terms[name]!)]);
      expect(scalarsOf(board, `terms/${name}`)).toEqual(wanted);
    }
    const verdicts = logged.filter((event) => event.type === "verdicts");
    expect(scalarsOf(board, "verdicts/accuracy")).toEqual(
      verdicts.map(({ round, accuracy }) => [round, accuracy]),
    );
    expect(scalarsOf(board, "scores/numbers")).toEqual([[5, 3]]);
    const pace = scalarsOf(board, "pace/rounds-per-second");
    expect(pace.at(-1)![0]).toBe(5);
    for (const [, value] of pace) expect(value).toBeGreaterThan(0);
    const shown = board.get("samples")!.map(({ step, value }) => ({ step, ...value.image! }));
    expect(shown.map(({ step }) => step)).toEqual([0, 2, 4, 5]);
    for (const { step, width, height, colorspace, encodedImageString } of shown) {
      expect({ width, height, colorspace }).toEqual({ width: 52, height: 34, colorspace: 3 });
      const file = readFileSync(join(path, "samples", `00000${step}.png`));
      expect(encodedImageString.equals(file)).toBe(true);
    }
    const texts = ["hyper-parameters", "protocols"].map((tag) => {
      const { tensor, metadata } = board.get(tag)![0]!.value;
      expect(metadata).toEqual({ pluginData: { pluginName: "text" } });
      expect(tensor!.dtype).toBe("DT_STRING");
      return String(tensor!.stringVal[0]);
    });
    expect(texts[0]).toMatch(/^dcgan on shapes, seed 4\n\n\| name \| value \| default \| is \|\n/);
    expect(texts[0]).toContain("\n| batch | 16 pictures | 64 | pictures in a batch |\n");
    expect(texts[1]).toBe(
      "| score | value | better | protocol |\n| --- | --- | --- | --- |\n| numbers | 3 | higher | a\\|b |",
    );
    const [file, ...others] = eventFiles(path);
    expect(others).toEqual([]);
    const records = readRecords(file!);
    expect(records[0]).toMatchObject({ step: 0, fileVersion: "brain.Event:2" });
    const times = records.map(({ wallTime }) => wallTime);
    expect(Math.min(...times)).toBeGreaterThan(before - 1);
    expect(Math.max(...times)).toBeLessThan(Date.now() / 1000 + 1);
    expect(file).toMatch(/events\.out\.tfevents\.\d{10}\.belamy$/);
    expect(readFileSync(file!).includes(hostname())).toBe(false);
  });

  it("has watches beside terms", () => {
    const file = join(folder, "events.out.tfevents.1.belamy");
    const board = new Board(file);
    const round = { type: "round", round: 7, progress: 0.5, durationMs: 4 } as const;
    board.append([{ ...round, terms: { "D.real": 0.5 }, watches: { "D.norm": 2 } }]);
    board.close();
    expect(
      readRecords(file).map(({ step, summary }) => ({ step, values: summary!.value })),
    ).toEqual([
      {
        step: 7,
        values: [
          { tag: "terms/D.real", simpleValue: 0.5 },
          { tag: "watches/D.norm", simpleValue: 2 },
        ],
      },
      { step: 7, values: [{ tag: "pace/rounds-per-second", simpleValue: 250 }] },
    ]);
  });
});

describe("a run that was killed and resumed", () => {
  it.each([
    ["before a checkpoint", { at: 30, checkpointEvery: 1000, text: 2 }],
    ["after one", { at: 150, checkpointEvery: 40, text: 1 }],
  ])("%s reads as one that never stopped", async (name, { at, checkpointEvery, text }) => {
    const whole = join(folder, "never-stopped");
    if (!existsSync(whole)) await train({ ...points, rounds: 400, folder: whole }).finish();
    const path = join(folder, name.replace(" ", "-"));
    const options = { folder: path, rounds: 400, checkpointEvery };
    expect(await trainAndKill("points", { options, at })).toMatchObject({ killed: true });
    const [torn] = eventFiles(path);
    truncateSync(torn!, readFileSync(torn!).length - 5);
    await train({ ...points, resume: path, checkpointEvery }).finish();
    const [first, second, ...others] = eventFiles(path);
    expect(others).toEqual([]);
    expect(first).toBe(torn);
    const board = readBoard(path);
    const wanted = readBoard(whole);
    for (const tag of ["terms/D.real", "terms/D.fake", "terms/G.fooling", "verdicts/accuracy"]) {
      expect(scalarsOf(board, tag)).toEqual(scalarsOf(wanted, tag));
    }
    expect(scalarsOf(board, "terms/D.real")).toHaveLength(400);
    // A picture may be lost between its round and the kill, never told twice.
    const steps = board.get("samples")!.map(({ step }) => step);
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
    const shown = wanted.get("samples")!.map(({ step }) => step);
    expect(shown).toEqual(expect.arrayContaining(steps));
    expect(steps.at(-1)).toBe(400);
    // What was void is told again.
    const told = [first!, second!].flatMap(readRecords).flatMap((e) => e.summary?.value ?? []);
    expect(told.filter(({ tag }) => tag === "hyper-parameters")).toHaveLength(text);
    expect(board.get("hyper-parameters")).toHaveLength(1);
  });
});

it("a full disk is named", (context) => {
  if (!existsSync("/dev/full")) return context.skip("there is no /dev/full here");
  const board = new Board("/dev/full");
  const picture = { width: 1, height: 1, png: new Uint8Array(10) };
  expect(messageOf(() => board.show(1, picture))).toBe(
    "full: not written, the disk is full\n  folder  /dev\n  hint    free some space, then resume the run",
  );
  board.close();
});

it("checksums are CRC-32C", () => {
  // RFC 3720, appendix B.4.
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
  fc.assert(fc.property(fc.uint8Array(), (bytes) => crc32c(bytes) === checksum(bytes)));
});

it("no file of a run is left unfinished", () => {
  expect(readdirSync(join(folder, "whole")).filter((name) => name.includes("unfinished"))).toEqual(
    [],
  );
});
