import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Gives the whole suite a cache of its own, so that nobody's is read or filled. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "belamy-cache-"));
  process.env.BELAMY_CACHE = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
