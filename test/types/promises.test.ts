import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

// Any error satisfies a directive of the compiler, a misspelled import too. Here each line is compiled
// without its directive, and must fail for the reason that stands beside it.

const here = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "belamy-types-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Promised {
  readonly file: string;
  readonly line: number;
  readonly because: string;
}

const directive = /^\s*\/\/ @ts-expect-error (.+)$/;
const files = readdirSync(here).filter((name) => !name.endsWith(".test.ts"));
const promises: readonly Promised[] = files.flatMap((file) => {
  const lines = readFileSync(join(here, file), "utf8").split("\n");
  return lines.flatMap((text, i) => {
    const because = directive.exec(text)?.[1];
    return because === undefined ? [] : [{ file, line: i + 2, because }];
  });
});

/** What the compiler says of the copies, by file and line; its further lines belong to the first. */
function compile(): Map<string, string> {
  for (const file of files) {
    const text = readFileSync(join(here, file), "utf8")
      .replaceAll("@ts-expect-error", "promised:")
      .replaceAll('"../../', `"${root}`)
      .replaceAll('"../support/', `"${root}test/support/`);
    writeFileSync(join(folder, file), text);
  }
  const { compilerOptions } = JSON.parse(readFileSync(join(root, "tsconfig.json"), "utf8"));
  const { rootDir: _, types: __, ...kept } = compilerOptions;
  const config = {
    compilerOptions: { ...kept, types: [], module: "ESNext", moduleResolution: "Bundler" },
    files,
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const said = new Map<string, string>();
  let place = "";
  for (const line of run().split("\n")) {
    const found = /^(.+?)\((\d+),\d+\): error TS\d+: (.*)$/.exec(line);
    // Mistakes elsewhere are not this test's.
    if (found !== null) place = files.includes(found[1]!) ? `${found[1]}:${found[2]}` : "";
    if (place !== "") said.set(place, `${said.get(place) ?? ""}${found?.[3] ?? line}\n`);
  }
  return said;
}

function run(): string {
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const options = { encoding: "utf8", cwd: folder } as const;
  try {
    return execFileSync(process.execPath, [compiler, "--pretty", "false"], options);
  } catch (error) {
    return (error as { stdout: string }).stdout; // of a compiler that found errors
  }
}

describe("what must not compile", () => {
  let said: Map<string, string>;
  beforeAll(() => {
    said = compile();
  });

  test.each(promises)("$file: $because", ({ file, line, because }) => {
    expect(said.get(`${file}:${line}`) ?? "it compiles").toContain(because);
  });

  test("and nothing else", () => {
    const places = promises.map(({ file, line }) => `${file}:${line}`);
    expect([...said.keys()].filter((place) => !places.includes(place))).toEqual([]);
    expect(promises.length).toBeGreaterThan(20);
  });
});
