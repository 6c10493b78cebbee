import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const tool = fileURLToPath(new URL("../../tools/check-layers.mjs", import.meta.url));

/** What the lint says of a tree of files. */
function lint(files: Readonly<Record<string, string>>): string[] {
  const root = mkdtempSync(join(tmpdir(), "belamy-layers-"));
  for (const [name, text] of Object.entries({ "src/shape/ok.ts": "export {};\n", ...files })) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  try {
    execFileSync(process.execPath, [tool, root], { stdio: "pipe" });
    return [];
  } catch (error) {
    return String((error as { stderr: Buffer }).stderr)
      .trimEnd()
      .split("\n"); // execFileSync's own
  }
}

test("this repository keeps its layers", () => {
  execFileSync(process.execPath, [tool]);
});

test.each<[string, Record<string, string>, string[]]>([
  ["what is allowed", { "src/tensor/a.ts": 'import { x } from "../shape/ok.js";\n' }, []],
  [
    "an import against the direction",
    { "src/shape/a.ts": '\nimport type { x } from "../tensor/b.js";\n' },
    ["src/shape/a.ts:2: shape imports tensor; it may import nothing"],
  ],
  [
    "one over several lines, and one that is exported again",
    {
      "src/nn/a.ts":
        'import {\n  type A,\n  b,\n} from "../game/a.js";\nexport { c } from "../onnx/c.js";\n',
    },
    [
      "src/nn/a.ts:1: nn imports game; it may import shape, tensor",
      "src/nn/a.ts:5: nn imports onnx; it may import shape, tensor",
    ],
  ],
  [
    "one that happens later",
    { "src/game/a.ts": 'const x = await import("../run/train.js");\n' },
    ["src/game/a.ts:1: game imports run; it may import shape, tensor, onnx, runtime, nn"],
  ],
  [
    "a platform in the core",
    {
      "src/nn/a.ts": 'import { readFileSync } from "node:fs";\n',
      "src/data/b.ts": 'import "node:fs";\n',
    },
    ["src/nn/a.ts:1: imports node:fs; the core runs in pages too"],
  ],
  [
    "names of a platform in the core",
    {
      "src/zoo/a.ts":
        "// window.open\nMath.random();\nconst s = 'Date.now()';\nDate.now();\nperformance.now();\nx.document.y;\n",
      "src/cli/b.ts": "console.log(1);\n",
    },
    [
      "src/zoo/a.ts:2: uses Math.random; pass it in, the core has no platform",
      "src/zoo/a.ts:4: uses Date.now; pass it in, the core has no platform",
      "src/zoo/a.ts:5: uses performance; pass it in, the core has no platform",
    ],
  ],
  [
    "zoo files that know each other",
    {
      "src/zoo/a.ts": 'import { b } from "./b.js";\nimport { w } from "./a/world.js";\n',
      "src/zoo/a/world.ts": "export const w = 1;\n",
      "src/zoo/b.ts": "export const b = 1;\n",
      "src/zoo/index.ts": 'import { b } from "./b.js";\n',
    },
    ["src/zoo/a.ts:1: imports zoo/b.ts; zoo files never import each other"],
  ],
  [
    "a folder without a place, and one outside",
    { "src/misc/a.ts": "export {};\n", "src/cli/a.ts": 'import "../../test/b.js";\n' },
    [
      "src/cli/a.ts:1: imports ../test/b.ts from outside of src",
      "src/misc/a.ts:1: misc has no place among the layers; give it one in tools/check-layers.mjs",
    ],
  ],
  [
    "a long file",
    { "src/cli/a.ts": "\n".repeat(401) },
    ["src/cli/a.ts:401: has 401 lines, more than 400; split it"],
  ],
  [
    "a page that would load Node's own",
    {
      "src/browser.ts": 'export { a } from "./data/a.js";\nimport type { T } from "./data/t.js";\n',
      "src/data/a.ts": 'import sharp from "sharp";\nconst x = import("./t.js");\n',
      "src/data/t.ts": 'import "node:fs";\n',
    },
    ["src/data/a.ts:1: imports sharp, and browser.ts loads this file"],
  ],
])("%s", (_, files, expected) => {
  expect(lint(files)).toEqual(expected);
});

test("a page finds a part of what Node finds", async () => {
  const page = Object.keys(await import("../../src/browser.js"));
  const node = Object.keys(await import("../../src/index.js"));
  expect(node).toEqual(expect.arrayContaining(page));
  expect(node.filter((name) => !page.includes(name)).sort()).toEqual([
    "examineRun",
    "exportGenerator",
    "fill",
    "openFeatures",
    "openLpips",
    "openUpscaler",
    "planUpscale",
    "portrait",
    "readEvents",
    "readFits",
    "readRecord",
    "serve",
    "translate",
    "upscale",
    "writeFits",
  ]);
});
