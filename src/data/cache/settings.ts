import { formatBytes } from "../files/memory.js";
import { cacheFolder } from "./folder.js";

/** How decoded data are kept on disk; everything has a default. */
export interface CacheOptions {
  /** `$BELAMY_CACHE`, or where the system has caches: `~/.cache/belamy`. */
  readonly folder?: string;
  /** Bytes that all decoded data together may take; the oldest are removed first. 20 GB. */
  readonly limit?: number;
  /** Data that open faster are not worth keeping: milliseconds, 500. */
  readonly afterMs?: number;
}

/** The same with nothing left open. */
export type CacheSettings = Required<CacheOptions>;

/** What is to be done, or `undefined` when nothing is to be kept. */
export function cacheSettings(
  cache: boolean | CacheOptions | undefined,
): CacheSettings | undefined {
  if (cache === false) return undefined;
  const {
    folder = cacheFolder(),
    limit = 20e9,
    afterMs = 500,
  } = cache === true ? {} : (cache ?? {});
  return { folder, limit, afterMs };
}

/** What a disk must have left after something that nobody asked to be kept. */
const leastFree = 1e9;

/** Why so many bytes are better not kept, if so. */
export function refusal({
  bytes,
  limit,
  free,
}: {
  readonly bytes: number;
  readonly limit: number;
  /** What the disk has left. */
  readonly free: number;
}): string | undefined {
  if (bytes > limit) return `${formatBytes(bytes)} are more than its ${formatBytes(limit)}`;
  if (free - bytes >= leastFree) return undefined;
  return `the disk would have less than ${formatBytes(leastFree)} left`;
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "your disk quota is used up",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the disk is read-only",
  ENOTDIR: "a file has its folder's name",
  EEXIST: "a file has its folder's name",
};

/** Why something could not be written, from what `node:fs` threw. */
export function writeReason(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  return reasons[code] ?? code;
}
