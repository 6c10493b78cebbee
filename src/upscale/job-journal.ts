import { closeSync, openSync, readFileSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { TextureResult } from "./job-report.js";

/** A finished file: from what it was made, and what was said of it. */
export interface Finished {
  /** SHA-256 of the source and of the settings. */
  readonly source: string;
  readonly settings: string;
  readonly result: TextureResult;
}

/**
 * What is finished in a folder, a line of JSON each. A line is added once the file has its name;
 * half a line, of a process that was killed, is one that is not there.
 */
export class Journal {
  private readonly path: string;
  private readonly folder: string;
  private readonly finished: ReadonlyMap<string, Finished>;
  private file: number | undefined;

  /** `folder` is where the results are. */
  constructor(path: string, folder: string) {
    this.path = path;
    this.folder = folder;
    this.finished = readLines(path);
  }

  /** A result that is there already, made of the same bytes in the same way. */
  find(name: string, { source, settings }: Omit<Finished, "result">): TextureResult | undefined {
    const found = this.finished.get(name);
    if (found?.source !== source || found.settings !== settings) return undefined;
    const there = statSync(join(this.folder, found.result.out), { throwIfNoEntry: false });
    return there?.size === found.result.bytes ? found.result : undefined;
  }

  add(entry: Finished): void {
    this.file ??= openEnd(this.path);
    writeSync(this.file, `${JSON.stringify(entry)}\n`);
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
  }
}

function readLines(path: string): ReadonlyMap<string, Finished> {
  const finished = new Map<string, Finished>();
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return finished;
  }
  for (const line of text.split("\n")) {
    try {
      const entry = JSON.parse(line) as Finished; // a line of ours, whole or not
      finished.set(entry.result.name, entry);
    } catch {
      // Half a line.
    }
  }
  return finished;
}

/** Opens a journal to add to it, after half a line on a new one. */
function openEnd(path: string): number {
  const file = openSync(path, "a+");
  const size = statSync(path).size;
  if (size > 0) writeSync(file, "\n");
  return file;
}
