import { join } from "node:path";
import { expect, it } from "vitest";
import { train } from "../../src/run/train.js";
import { cellBytes, collect, pictures, temporaryFolder } from "./support.js";

const folder = temporaryFolder();

it("what is computed does not depend on the number of replicas", async () => {
  const runs = [];
  for (const replicas of [1, 2, 4]) {
    const path = join(folder, `${replicas}`);
    const events = await collect(train({ ...pictures, rounds: 6, replicas, folder: path }));
    expect(events[0]).toMatchObject({ type: "started", replicas });
    const samples = events.filter((event) => event.type === "samples");
    runs.push({
      cells: cellBytes(join(path, "checkpoints", "000006.safetensors")).toString("base64"),
      samples: samples.map((event) => Array.from(event.items)),
      terms: events.flatMap((event) => (event.type === "round" ? [event.terms] : [])),
    });
  }
  expect(runs[0]!.terms).toHaveLength(6);
  expect(runs[1]).toEqual(runs[0]);
  expect(runs[2]).toEqual(runs[0]);
});

it("two seeds give two runs", async () => {
  const terms = [];
  for (const seed of [0, 1]) {
    const events = await collect(train({ ...pictures, rounds: 1, seed, folder: null }));
    terms.push(events.find((event) => event.type === "round"));
  }
  expect(terms[0]).not.toMatchObject({ terms: terms[1]!.terms });
});
