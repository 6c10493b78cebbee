import { createHash } from "node:crypto";
import { type Fingerprinted, fingerprintParts } from "../fingerprint.js";

/** The same fingerprint as `fingerprintOf`, by Node's own SHA-256. */
export function nodeFingerprint(data: Fingerprinted): string {
  const hash = createHash("sha256");
  for (const part of fingerprintParts(data)) hash.update(part);
  return hash.digest("hex");
}
