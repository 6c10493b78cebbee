import { createHash } from "node:crypto";
import { type Fingerprinted, fingerprintParts } from "../fingerprint.js";

const most = 2 ** 30;

/** The same fingerprint as `fingerprintOf`, by Node's own SHA-256. */
export function nodeFingerprint(data: Fingerprinted): string {
  const hash = createHash("sha256");
  for (const part of fingerprintParts(data)) {
    // OpenSSL takes no more than 2 GiB at once.
    for (let i = 0; i < part.length; i += most) hash.update(part.subarray(i, i + most));
  }
  return hash.digest("hex");
}
