import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { profileText } from "../../src/cli/profile-text.js";
import type { Recording } from "../../src/run/profile-record.js";
import { type Profile, profileOf } from "../../src/run/profile-rows.js";
import { chromeTrace } from "../../src/run/profile-trace.js";
import { belamy, emptyFolder, tiny } from "./program.js";

const golden = new URL("../golden/profile.json", import.meta.url);
const recording = JSON.parse(readFileSync(golden, "utf8")) as Recording; // made by profile.mjs
const plain = (text: string): string => text;

test("the tables of a recording", () => {
  const text = profileText(profileOf(recording), plain);
  expect(text).toMatchSnapshot();
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
});

test("the tables of a recording of another device", () => {
  const text = profileText(profileOf({ ...recording, device: "webgpu" }), plain);
  expect(text).toMatchSnapshot();
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
});

test("the first events of a recording", () => {
  expect(chromeTrace(recording).slice(0, 6)).toMatchSnapshot();
});

const cwd = emptyFolder();
let said: Awaited<ReturnType<typeof belamy>>;

beforeAll(async () => {
  said = await belamy(["train", "ring", ...tiny, "--rounds", "3", "--profile", "to/t.json"], {
    cwd,
  });
});

test("three rounds: tables that add up, a trace, and no run", () => {
  const { code, out, err } = said;
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatch(/^gan on ring, batch 100: cpu, 1 replica of 1 thread\n/);
  expect(out).toMatch(/ ms a round, the mean of 3 after 2 to warm up\n/);
  expect(out).toMatch(/\nto\/t\.json: open it in chrome:\/\/tracing or ui\.perfetto\.dev\n$/);
  for (const title of ["By player", "By term", "By operation"]) {
    const section = out
      .slice(out.indexOf(`${title} `))
      .split("\n\n")[0]!
      .split("\n")
      .slice(1);
    const shares = section.map((line) => Number(/ +([\d.]+) %/.exec(line)?.[1]));
    expect(shares.pop()).toBe(100);
    // Each share is rounded to a tenth.
    const sum = shares.reduce((a, b) => a + b, 0);
    expect(Math.abs(sum - 100)).toBeLessThanOrEqual(0.05 * shares.length + 1e-9);
  }
  const events = JSON.parse(readFileSync(join(cwd, "to/t.json"), "utf8")) as { cat: string }[]; // ours
  expect(events.filter(({ cat }) => cat === "round")).toHaveLength(3);
  expect(existsSync(join(cwd, "runs"))).toBe(false);
});

test("--json and --quiet", async () => {
  const folder = emptyFolder();
  const words = ["train", "ring", ...tiny, "--rounds", "1", "--profile"];
  const [json, quiet] = [
    await belamy([...words, "--json"], { cwd: folder }),
    await belamy([...words, "q.json", "--quiet"], { cwd: folder }),
  ];
  const profile = JSON.parse(json.out) as Profile & { trace: string }; // as the command says
  expect(profile).toMatchObject({ trace: "profile.json", rounds: 1, system: "gan" });
  expect(profile.rows.reduce((sum, { ms }) => sum + ms, 0)).toBeCloseTo(profile.roundMs, 6);
  expect(quiet.out).toBe("q.json\n");
  expect(readdirSync(folder).sort()).toEqual(["profile.json", "q.json"]);
});

test("what a profile has no use for", async () => {
  const words = ["train", "--profile", "ring", "--minutes", "3", "--out", "x", "--dry-run"];
  expect(await belamy(words)).toEqual({
    code: 2,
    out: "",
    err: `--profile and --minutes: choose one of them
--profile and --out: choose one of them
--profile and --dry-run: choose one of them
--profile: expected a name that ends in .json, received ring
SOURCE: missing; name data, such as ring or a folder of pictures
belamy train --help shows what there is
`,
  });
});
