import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

/** SHA-256 in hexadecimal: what compiled graphs and feature networks are known by. */
export const fingerprint = (bytes: Uint8Array): string => bytesToHex(sha256(bytes));
