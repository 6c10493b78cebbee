import { createHash } from "node:crypto";
import { inMemory } from "../../shape/items.js";
import type { Dataset } from "../dataset.js";
import { fingerprintHead, fingerprintLegend, fingerprintParts } from "../fingerprint.js";
import { FileItems } from "./item-file.js";

const most = 2 ** 30;

/** The same fingerprint as `fingerprintOf`, by Node's own SHA-256, of items without given ones. */
export function nodeFingerprint(
  data: Pick<Dataset, "kind" | "shape" | "items" | "labels" | "legend">,
): string {
  const hash = createHash("sha256");
  for (const part of partsOf(data)) {
    // OpenSSL takes no more than 2 GiB at once.
    for (let i = 0; i < part.length; i += most) hash.update(part.subarray(i, i + most));
  }
  return hash.digest("hex");
}

/** What a fingerprint is computed from, wherever the items are. */
function* partsOf({
  items,
  ...data
}: Parameters<typeof nodeFingerprint>[0]): Generator<Uint8Array> {
  if (inMemory(items)) {
    yield* fingerprintParts({ ...data, items });
    return;
  }
  yield fingerprintHead(data);
  if (items instanceof FileItems) yield* items.parts();
  const { labels, legend } = data;
  if (labels) yield new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength);
  yield* fingerprintLegend(legend);
}
