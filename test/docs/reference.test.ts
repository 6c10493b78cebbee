import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { brokenLinks, readReference, writtenPages } from "../../tools/reference/index.mjs";
import { owed } from "./owed.js";
import { root } from "./run.js";

const entries = readReference(root).groups.flatMap((group) => group.entries);

test("every public name has its sentence, its shapes, its errors and an example", () => {
  expect(entries.flatMap((entry) => owed(entry))).toEqual([]);
});

test("the reference has every name that can be imported", async () => {
  const values = entries.filter(({ kind }) => kind !== "type").map(({ name }) => name);
  expect(values.toSorted()).toEqual(Object.keys(await import("belamy")).toSorted());
});

test("docs/reference is what the source says (npm run docs)", async () => {
  const folder = join(root, "docs", "reference");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const pages = await writtenPages(root);
  const kept = files.filter((file) => file.endsWith(".md"));
  const stale = kept.filter((file) => readFileSync(join(folder, file), "utf8") !== pages[file]);
  expect({ stale, files: kept.toSorted() }).toEqual({
    stale: [],
    files: Object.keys(pages).toSorted(),
  });
});

describe("links", () => {
  const pages = ["README.md", "CONTRIBUTING.md"];
  for (const folder of ["docs", "examples", "bench"]) {
    const files = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
    const ours = files.filter((file) => file.endsWith(".md") && !file.includes("node_modules"));
    pages.push(...ours.map((file) => join(folder, file)));
  }

  test("every link of every page leads to a file, and to a heading in it", () => {
    expect(brokenLinks(root, pages)).toEqual([]);
  });

  test("links that lead nowhere are found", () => {
    const text =
      "# A b\n[to](#a-b), [no](#c), [no](absent.md), `[code](x.md)`\n## A b\n[two](#a-b-1)";
    expect(brokenLinks(root, ["made.md"], { "made.md": text })).toEqual([
      "made.md: #c leads to no heading",
      "made.md: absent.md leads to no file",
    ]);
  });
});
