import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { DataOptions } from "../../src/data/open.js";
import { readOrigin, writeOrigin } from "../../src/run/origin.js";

const folder = mkdtempSync(join(tmpdir(), "belamy-origin-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ["ring", "ring"],
  ["faces", resolve("faces")],
  ["stacked:digits", `stacked:${resolve("digits")}`],
  ["stacked:shapes", "stacked:shapes"],
])("a run that was trained on %s finds it again from anywhere", (source, kept) => {
  writeOrigin(folder, { source, options: { seed: 3 } });
  expect(readOrigin(folder)).toEqual({ source: kept, options: { seed: 3 } });
});

test("what options name is found again from elsewhere, and words stay words", () => {
  const kept = (options: DataOptions) => {
    writeOrigin(folder, { source: "shapes", options });
    return readOrigin(folder)?.options;
  };
  const here = resolve("src");
  // This runs in a folder that has src and package.json, and no labels.
  expect(kept({ given: "src/data", legend: "package.json" })).toEqual({
    given: join(here, "data"),
    legend: resolve("package.json"),
  });
  expect(kept({ given: "./labels" })).toEqual({ given: resolve("labels") });
  expect(kept({ given: here })).toEqual({ given: here });
  expect(kept({ given: "train-labels", legend: "auto" })).toEqual({
    given: "train-labels",
    legend: "auto",
  });
  expect(kept({ given: "edges", size: 8 })).toEqual({ given: "edges", size: 8 });
  const legend = [{ name: "sea", colour: [0, 0, 255] }] as const;
  expect(kept({ legend })).toEqual({ legend });
});
