import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { inMemory, type MemoryItems, readItems } from "../shape/items.js";
import type { Legend } from "../shape/legend.js";
import { formatShape, sizeOf } from "../shape/shape.js";
import type { Dataset, GivenPictures } from "./dataset.js";

/** The part of a data set that a fingerprint vouches for, but the pictures given with its items. */
export type Fingerprinted = Pick<
  Dataset<MemoryItems>,
  "kind" | "shape" | "items" | "labels" | "legend"
>;

/**
 * The bytes a fingerprint is the SHA-256 of: a line such as `pictures [3 32 32] labelled`, then
 * the items, then the labels, numbers in little-endian order, then the legend where there is one.
 */
export function fingerprintParts({ items, labels, legend, ...data }: Fingerprinted): Uint8Array[] {
  const bytes = [items, ...(labels ? [labels] : [])].map(
    (part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength),
  );
  return [fingerprintHead({ ...data, labels }), ...bytes, ...fingerprintLegend(legend)];
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

/** What comes last: a line for each class, nothing where items are no maps. */
export function fingerprintLegend(legend: Legend | undefined): Uint8Array[] {
  const lines = (legend ?? []).map(
    ({ name, colour, ignored }) =>
      `${colour.join(" ")} ${ignored ? "ignored" : "counts"} ${name}\n`,
  );
  return lines.length === 0 ? [] : [new TextEncoder().encode(`legend\n${lines.join("")}`)];
}

/** The fingerprint of items to which pictures belong, from that of each. */
export const pairedFingerprint = (items: string, given: string): string =>
  bytesToHex(sha256(new TextEncoder().encode(`items ${items}\ngiven ${given}\n`)));

/** The fingerprint, computed in JavaScript; on Node, `files/hash.ts` gives the same faster. */
export function fingerprintOf(
  data: Fingerprinted & { readonly given?: GivenPictures | undefined },
): string {
  const own = sumOf(fingerprintParts(data));
  return data.given === undefined ? own : pairedFingerprint(own, fingerprintOfGiven(data.given));
}

/** What given pictures have as a data set of their own, wherever they are. */
export const fingerprintOfGiven = (given: GivenPictures): string => sumOf(givenParts(given));

function* givenParts({ shape, items, legend }: GivenPictures): Generator<Uint8Array> {
  yield fingerprintHead({ kind: "pictures", shape, labels: undefined });
  const each = sizeOf(shape);
  const bytes = inMemory(items) ? items.BYTES_PER_ELEMENT : items.type === "uint8" ? 1 : 4;
  const count = items.byteLength / (each * bytes);
  for (let i = 0; i < count; i += stride) {
    const places = Array.from({ length: Math.min(stride, count - i) }, (_, k) => i + k);
    const part = readItems({ items, shape }, places);
    yield new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
  }
  yield* fingerprintLegend(legend);
}

/** Items that are looked at together. */
const stride = 256;

function sumOf(parts: Iterable<Uint8Array>): string {
  const hash = sha256.create();
  for (const part of parts) hash.update(part);
  return bytesToHex(hash.digest());
}
