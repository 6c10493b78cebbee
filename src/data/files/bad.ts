import { basename } from "node:path";
import { DataError } from "../../shape/error.js";
import type { Skipped } from "../dataset.js";

/** Moves the good items together over the places of the bad ones. */
export function closeUp(
  items: Uint8Array,
  {
    each,
    bad,
    count,
  }: { readonly each: number; readonly bad: ReadonlyMap<number, string>; readonly count: number },
): Uint8Array {
  if (bad.size === 0) return items;
  let to = 0;
  for (let slot = 0; slot < count; slot++) {
    if (!bad.has(slot)) items.copyWithin(each * to++, each * slot, each * (slot + 1));
  }
  return items.subarray(0, each * to);
}

/** The error that names bad files: one by its name, of many the first five. */
export function badFiles(
  file: string,
  bad: readonly Skipped[],
  count: number,
  what: "pictures" | "points" = "pictures",
): DataError {
  const hint = bad.length < count ? "pass --skip-bad to leave them out" : undefined;
  if (bad.length === 1) {
    const [{ file: name, reason } = { file: "", reason: "" }] = bad;
    return new DataError({
      // A picture opened by itself is its own and only entry.
      op: basename(file) === name ? file : `${file} › ${name}`,
      why: reason,
      ...(count > 1 ? { hint: "pass --skip-bad to leave it out" } : {}),
    });
  }
  const operands = bad.slice(0, 5).map(({ file: label, reason: value }) => ({ label, value }));
  if (bad.length > 5) operands.push({ label: "…", value: `and ${bad.length - 5} more` });
  const why = `${bad.length} of ${count} ${what} cannot be used`;
  return new DataError({ op: file, why, operands, ...(hint ? { hint } : {}) });
}
