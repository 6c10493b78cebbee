import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as belamy from "belamy";
import { transformWithOxc } from "vite";
import { asModule, checked, type Example, readReference } from "../../tools/reference/index.mjs";
import { expectShown, nested } from "./values.js";

export const root = fileURLToPath(new URL("../../", import.meta.url));

type Run = (...names: unknown[]) => Promise<void>;

// The constructor of async functions has no name of its own.
const AsyncFunction = (async () => {}).constructor as new (...parts: string[]) => Run;

/** What console.log is for an example: nowhere, since its values stand behind arrows. */
const quiet = { log: () => {} };

/** Runs an example with all public names at hand; a value that is not as written is an error. */
export async function runExample({ code, inside }: Omit<Example, "name">): Promise<void> {
  const { script, arrows } = checked(code);
  const { code: plain } = await transformWithOxc(
    `async function example() {\n${script}\n}`,
    "example.ts",
    { sourcemap: false },
  );
  const met = new Set<number>();
  const check = async (given: unknown, written: string, place: number): Promise<void> => {
    met.add(place);
    expectShown(await settled(await given), written);
  };
  const names = { ...belamy, ...(await exportsOf(inside)), console: quiet, check };
  const run = new AsyncFunction(...Object.keys(names), `${plain}\nawait example();`);
  await run(...Object.values(names));
  if (met.size < arrows) throw new Error("has an arrow that is never met");
}

type Names = Readonly<Record<string, unknown>>;

const exportsOf = async (inside: string | undefined): Promise<Names> =>
  inside === undefined ? {} : ((await import(join(root, "dist", inside))) as Names); // a module

/** Tensors as their numbers, at any depth. */
async function settled(value: unknown): Promise<unknown> {
  if (value instanceof belamy.Tensor) {
    const { numbers } = await belamy.compute({ numbers: value });
    return nested(Array.from(numbers), value.shape);
  }
  if (ArrayBuffer.isView(value)) return Array.from(value as Float32Array); // a typed array
  if (Array.isArray(value)) return await Promise.all(value.map(settled));
  if (value === null || typeof value !== "object") return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const entries = Object.entries(value).map(async ([key, part]) => [key, await settled(part)]);
  return Object.fromEntries(await Promise.all(entries));
}

/** What the compiler says of examples, by the name of each. */
export async function compileErrors(examples: readonly Example[]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "belamy-examples-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules", "belamy"));
  const entries = readReference(root).groups.flatMap((group) => group.entries);
  const names = entries.map(({ name, kind }) => (kind === "type" ? `type ${name}` : name));
  for (const [i, { code, inside }] of examples.entries()) {
    const own = Object.keys(await exportsOf(inside)).filter((name) => !names.includes(name));
    const from = { belamy: names, [join(root, "dist", inside ?? "")]: own };
    writeFileSync(join(folder, `example-${i}.mts`), asModule(code, from));
  }
  const compilerOptions = {
    // Examples are short: what they make need not be used, and what they find is there.
    noUnusedLocals: false,
    noUncheckedIndexedAccess: false,
    typeRoots: [join(root, "node_modules", "@types")],
    rootDir: "/",
  };
  const settings = { extends: join(root, "tsconfig.json"), compilerOptions, include: ["*.mts"] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings));
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder, "--pretty", "false"], {
    cwd: folder,
    encoding: "utf8",
  });
  const lines = stdout.split("\n").filter((line) => line !== "");
  return lines.map((line) =>
    line.replace(/^example-(\d+)\.mts/, (_, i: string) => examples[Number(i)]!.name),
  );
}
