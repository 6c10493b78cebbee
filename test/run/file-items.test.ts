import { mkdirSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import type { Dataset } from "../../src/data/dataset.js";
import { openData } from "../../src/data/open.js";
import { judge } from "../../src/metrics/judge.js";
import { train } from "../../src/run/train.js";
import { inMemory, readItems } from "../../src/shape/items.js";
import { cellBytes, collect, pictures, temporaryFolder } from "./support.js";

const folder = temporaryFolder();
const source = join(folder, "shapes");
const cache = { folder: join(folder, "cache") };
const file = "checkpoints/000020.safetensors";
let memory: Dataset;
let disk: Dataset;

beforeAll(async () => {
  mkdirSync(source);
  const { items, count } = pictures.data;
  for (let i = 0; i < count; i++) {
    const planes = items.subarray(i * 768, (i + 1) * 768);
    const pixels = Uint8Array.from(
      { length: 768 },
      (_, j) => planes[(j % 3) * 256 + ((j / 3) | 0)]!,
    );
    const name = `${String(i).padStart(2, "0")}.png`;
    await sharp(pixels, { raw: { width: 16, height: 16, channels: 3 } }).toFile(join(source, name));
  }
  memory = await openData(source, { cache: false });
  disk = await openData(source, { cache, memory: 100 });
});

describe("items in a file", () => {
  it("are those in memory", () => {
    expect([inMemory(memory.items), inMemory(disk.items)]).toEqual([true, false]);
    expect(disk.fingerprint).toBe(memory.fingerprint);
    expect(readItems(memory, [39])).toEqual(pictures.data.items.slice(39 * 768));
    expect(readItems(disk, [39])).toEqual(pictures.data.items.slice(39 * 768));
  });

  it("train to the same bits, with two replicas and after a stop", async () => {
    const rounds = 20;
    const whole = join(folder, "memory");
    const ending = await train({ ...pictures, data: memory, rounds, folder: whole }).finish();
    expect(ending).toEqual({ type: "stopped", round: rounds, reason: "finished" });
    const once = join(folder, "once");
    const played = await collect(
      train({ ...pictures, data: disk, rounds, replicas: 2, folder: once }),
    );
    expect(played[0]).toMatchObject({ type: "started", replicas: 2 });
    expect(cellBytes(join(once, file)).equals(cellBytes(join(whole, file)))).toBe(true);
    const twice = join(folder, "twice");
    const run = train({ ...pictures, data: disk, rounds, replicas: 2, folder: twice });
    for await (const event of run) if (event.type === "round" && event.round >= 7) break;
    const last = await train({ ...pictures, data: disk, resume: twice }).finish();
    expect(last).toEqual(ending);
    expect(cellBytes(join(twice, file)).equals(cellBytes(join(whole, file)))).toBe(true);
  });

  it("are judged as those in memory", async () => {
    const samples = new Float32Array(32 * 768).fill(0.1);
    expect(await judge(samples, disk)).toEqual(await judge(samples, memory));
  });

  it("are refused when nobody knows how other threads could read them", () => {
    const read = (places: ArrayLike<number>) => readItems(memory, places);
    const items = { path: "there", type: "uint8", byteLength: 40 * 768, read } as const;
    const run = train({ ...pictures, data: { ...memory, items }, rounds: 1, folder: null });
    return expect(run.finish()).resolves.toMatchObject({
      reason: "failed",
      message: "shapes: its items are neither in memory nor in a file of ours",
    });
  });
});
