import { constants } from "node:buffer";
import { totalmem } from "node:os";
import { DataError } from "../../shape/error.js";
import { formatShape, sizeOf } from "../../shape/shape.js";
import type { PictureOptions } from "./options.js";

/** What the decoded pictures may take by default: half of the machine's or container's memory. */
function defaultMemory(): number {
  const limit = process.constrainedMemory?.() ?? 0;
  const total = totalmem();
  return (limit > 0 && limit < total ? limit : total) / 2;
}

/** Bytes that a data set may take in one piece. */
export const allowedMemory = ({ memory }: Pick<PictureOptions, "memory">): number =>
  Math.min(memory ?? defaultMemory(), constants.MAX_LENGTH);

/** Stops before items are decoded that would not fit into memory. */
export function checkMemory(
  file: string,
  {
    count,
    shape,
    options,
    what = "pictures",
    bytes = what === "points" ? 4 : 1,
  }: {
    readonly count: number;
    readonly shape: readonly number[];
    readonly options: Pick<PictureOptions, "memory">;
    readonly what?: "pictures" | "points" | "numbers";
    /** Bytes of one number. */
    readonly bytes?: number;
  },
): void {
  const allowed = allowedMemory(options);
  const needed = count * sizeOf(shape) * bytes;
  if (needed <= allowed) return;
  throw new DataError({
    op: file,
    why: `needs ${formatBytes(needed)} of memory, more than the ${formatBytes(allowed)} allowed`,
    operands: [{ label: what, value: `${count} × ${formatShape(shape)}` }],
    ...(what === "numbers"
      ? {}
      : { hint: `choose a ${what === "pictures" ? "smaller --size or a " : ""}--limit` }),
  });
}

/** `1.5 GB`: bytes for people, in powers of a thousand. */
export function formatBytes(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
