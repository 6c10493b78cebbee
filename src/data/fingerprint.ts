import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { MemoryItems } from "../shape/items.js";
import { formatShape } from "../shape/shape.js";
import type { Dataset } from "./dataset.js";

/** The part of a data set that a fingerprint vouches for. */
export type Fingerprinted = Pick<Dataset<MemoryItems>, "kind" | "shape" | "items" | "labels">;

/**
 * The bytes a fingerprint is the SHA-256 of: a line such as `pictures [3 32 32] labelled`, then
 * the items, then the labels, numbers in little-endian order.
 */
export function fingerprintParts({ kind, shape, items, labels }: Fingerprinted): Uint8Array[] {
  const bytes = [items, ...(labels ? [labels] : [])].map(
    (part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength),
  );
  return [fingerprintHead({ kind, shape, labels }), ...bytes];
}

/** What comes before the items in what a fingerprint is computed from. */
export function fingerprintHead({
  kind,
  shape,
  labels,
}: Pick<Fingerprinted, "kind" | "shape" | "labels">): Uint8Array {
  const head = `${kind} ${formatShape(shape)} ${labels ? "labelled" : "unlabelled"}\n`;
  return new TextEncoder().encode(head);
}

/** The fingerprint, computed in JavaScript; on Node, `files/hash.ts` gives the same faster. */
export function fingerprintOf(data: Fingerprinted): string {
  const hash = sha256.create();
  for (const part of fingerprintParts(data)) hash.update(part);
  return bytesToHex(hash.digest());
}
