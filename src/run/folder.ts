import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigurationError, DataError } from "../shape/error.js";
import type { RunRecord } from "./record.js";
import { writeError, writeWhole } from "./write.js";

const fileName = "run.json";

/** The next folder for a run: `runs/00012-r3gan-portraits64-seed3`; it is made at once. */
export function nextFolder(
  name: string,
  { within = "runs" }: { readonly within?: string } = {},
): string {
  for (;;) {
    let folder = within;
    try {
      mkdirSync(within, { recursive: true });
      const numbers = readdirSync(within).map((entry) => Number(/^(\d{5})-/.exec(entry)?.[1] ?? 0));
      const number = String(Math.max(0, ...numbers) + 1).padStart(5, "0");
      folder = join(within, `${number}-${name.replace(/[^\w.-]+/g, "-")}`);
      mkdirSync(folder);
      return folder;
    } catch (error) {
      // Somebody else took the same number.
      if (error instanceof Error && "code" in error && error.code === "EEXIST") continue;
      throw writeError(folder, error);
    }
  }
}

/** A folder holds one run. */
export function checkUnused(folder: string): void {
  if (!existsSync(join(folder, fileName))) return;
  const operands = [{ label: "folder", value: folder }];
  const hint = "resume it, or name another folder";
  throw new ConfigurationError({ op: "folder", why: "there is a run already", operands, hint });
}

/**
 * What `run.json` says of a run: system, hyper-parameters, data, seed, versions.
 *
 * @throws {DataError} when there is no run in the folder, or its `run.json` is no JSON.
 *
 * @example
 * const run = train({ system: zoo.gan, data: data.ring({ count: 100 }), rounds: 1, folder: "my-run" });
 * await run.finish();
 * readRecord("my-run").system; // → "gan"
 */
export function readRecord(folder: string): RunRecord {
  const path = join(folder, fileName);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new DataError({ op: folder, why: `is no run: there is no ${fileName} in it` });
  }
  try {
    return JSON.parse(text) as RunRecord; // written below
  } catch {
    throw new DataError({ op: path, why: "is no JSON" });
  }
}

export function writeRecord(folder: string, record: RunRecord): void {
  const text = `${JSON.stringify(record, null, 2)}\n`;
  writeWhole(join(folder, fileName), [new TextEncoder().encode(text)]);
}
