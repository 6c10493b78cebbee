import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { ConfigurationError } from "../shape/error.js";

interface Holder {
  readonly process: number;
  readonly host: string;
}

/** Has a folder for itself until `release`, or says who has it. */
export function lockFolder(out: string, file: string): { release(): void } {
  const own: Holder = { process: process.pid, host: hostname() };
  const text = JSON.stringify(own);
  const aside = `${file}.${randomUUID().slice(0, 8)}`;
  writeFileSync(aside, text);
  try {
    for (let tries = 0; tries < 10; tries++) {
      try {
        // A link is there wholly or not at all, and only where nothing is yet.
        linkSync(aside, file);
        return { release: () => letGo(file, text) };
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
      }
      takeAway(out, file);
    }
  } finally {
    rmSync(aside, { force: true });
  }
  throw inUse(out, file, own);
}

/** Removes a lock whose process is gone; throws when it is not. */
function takeAway(out: string, file: string): void {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return;
  }
  const holder = parsed(text);
  if (holder && (holder.host !== hostname() || isAlive(holder.process))) {
    throw inUse(out, file, holder);
  }
  const aside = `${file}.${randomUUID().slice(0, 8)}`;
  try {
    renameSync(file, aside);
    // Somebody else may have been as fast and be at work already: then it goes back.
    if (readFileSync(aside, "utf8") !== text) linkSync(aside, file);
  } catch {
    // Somebody else was faster.
  }
  rmSync(aside, { force: true });
}

function letGo(file: string, text: string): void {
  try {
    if (readFileSync(file, "utf8") === text) rmSync(file);
  } catch {
    // It is gone.
  }
}

function parsed(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder; // ours, or of no use
  } catch {
    return undefined;
  }
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function inUse(out: string, file: string, { process: id, host }: Holder): ConfigurationError {
  const where = host === hostname() ? "" : ` on ${host}`;
  return new ConfigurationError({
    op: "--out",
    why: `process ${id}${where} is writing to ${out}`,
    hint: `wait for it, or remove ${file} when there is no such process`,
  });
}
