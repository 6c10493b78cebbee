import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { examplesIn } from "../../tools/reference/index.mjs";
import { compileErrors, root, runExample } from "./run.js";

const examples = examplesIn(root);

// What examples write, they write into an empty folder.
beforeAll(() => process.chdir(mkdtempSync(join(tmpdir(), "belamy-examples-"))));

describe("every example in src runs and gives what it says", () => {
  test.each(examples.map((example) => [example.name, example] as const))(
    "%s",
    async (_, example) => {
      await runExample(example);
    },
  );
});

test("every example in src compiles, with public names alone", async () => {
  expect(await compileErrors(examples)).toEqual([]);
});

test("the code of the README compiles", async () => {
  const text = readFileSync(join(root, "README.md"), "utf8");
  const blocks = [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code!);
  expect(blocks.length).toBeGreaterThan(1);
  const readme = blocks.map((code, i) => ({ name: `README.md, block ${i + 1}`, code }));
  expect(await compileErrors(readme)).toEqual([]);
});

describe("examples that are wrong are found", () => {
  test.each([
    ["another value", "square(constant(3)); // → 8", "gives 9, not 8"],
    [
      "another digit",
      "square(constant([1.1])); // → [1.22]",
      "gives [1.2100000381469727], not [1.22]",
    ],
    ["a number more", "[1, 2] // → [1]", "gives [1,2], not [1]"],
    ["another text", 'formatShape([2]); // → "[3]"', 'gives "[2]", not "[3]"'],
    ["a name that is not public", "settleFor(zoo.gan);", "settleFor is not defined"],
    ["an arrow beside nothing", "\n// → 3", "nothing stands before // → 3"],
    [
      "an arrow beside a loop",
      "for (const x of []) { x; } // → 3",
      "a BlockStatement has no value",
    ],
    [
      "an arrow that is never met",
      "for (const x of []) x; // → 3",
      "has an arrow that is never met",
    ],
  ])("%s", async (_, code, message) => {
    await expect(runExample({ code })).rejects.toThrow(message);
  });

  test("another type", async () => {
    const code = 'square("three");';
    expect(await compileErrors([{ name: "wrong", code }])).toEqual([
      expect.stringMatching(/^wrong\(2,8\): error TS2345: Argument of type 'string'/),
    ]);
  });
});

test.each([
  ["digits as they are written", "square(constant([1.1, -2])); // → [1.21,4]"],
  ["a list that goes on", "square(constant([1, 2, 3])); // → [1, 4, …]"],
  ["tensors by their shapes", "constant([1, 2, 3, 4], { shape: [2, 2] }); // → [[1,2],[3,4]]"],
  [
    "a name that is made, and one that is taken apart",
    "const { b } = axes([5], 'b'); // → { b: 5 }\nconst y = b + 1; // → 6",
  ],
  ["what is printed", 'console.log(formatShape([2])); // → "[2]"'],
  ["a line that is full", "square(constant(3));\n// → 9"],
  ["a promise", "compute({ y: constant(2) }); // → { y: [2] }"],
])("arrows: %s", async (_, code) => {
  await runExample({ code });
});
