import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { root } from "../support/chromium.js";

const folder = mkdtempSync(join(tmpdir(), "belamy-resolution-"));
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(() => {
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/belamy"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(
    join(folder, "app.ts"),
    `import { data, generate, readEvents, train, zoo } from "belamy";
const run = train({ system: zoo.gan, data: data.ring(), rounds: 2, folder: null });
export const made = generate(await run.generator(), { count: 3 });
export const kept = train({ system: zoo.gan, data: data.ring(), folder: "runs/x" });
export const opened = data.open("x");
export const events = readEvents("runs/x");
`,
  );
});

/** What the compiler says of the same script, as one for a page or for Node. */
function compile(options: object): readonly string[] {
  const compilerOptions = {
    ...{ strict: true, noEmit: true, target: "ES2023", lib: ["ES2023", "DOM"], types: [] },
    ...options,
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions }));
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  try {
    execFileSync(process.execPath, [compiler, "--pretty", "false"], { cwd: folder });
    return [];
  } catch (error) {
    const { stdout } = error as { readonly stdout: Buffer }; // of a compiler that found errors
    return String(stdout).trim().split("\n");
  }
}

it("Node sees all of the library", () => {
  const options = { module: "NodeNext", moduleResolution: "NodeNext", skipLibCheck: true };
  expect(compile(options)).toEqual([]);
});

it("a page sees its part, which needs no types of Node", () => {
  const said = compile({ module: "ESNext", moduleResolution: "Bundler", skipLibCheck: false });
  expect(said.filter((line) => !line.startsWith(" ")).map((line) => line.slice(0, 90))).toEqual([
    expect.stringMatching(/^app\.ts\(1,\d+\): error TS2305: Module '"belamy"' has no exported/),
    expect.stringMatching(/^app\.ts\(4,\d+\): error TS2322: Type 'string' is not assignable/),
    expect.stringMatching(/^app\.ts\(5,\d+\): error TS2339: Property 'open' does not exist/),
  ]);
});
