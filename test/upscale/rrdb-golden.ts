import { readFileSync } from "node:fs";
import {
  decodeSafetensors,
  encodeSafetensors,
  type StoredTensor,
} from "../../src/run/safetensors.js";

/** What test/golden/rrdb.py says of one network. */
interface GoldenCase {
  readonly sizes: {
    readonly blocks: number;
    readonly c: number;
    readonly g: number;
    readonly scale: number;
    readonly unshuffle: number;
    readonly inputs?: number;
    readonly outputs?: number;
  };
  /** Names of the same tensors in the same order, in each generation of the code. */
  readonly names: Readonly<Record<"middle" | "new" | "old", readonly string[]>>;
}

const beside = (name: string): URL => new URL(`../golden/${name}`, import.meta.url);

export const golden = JSON.parse(readFileSync(beside("rrdb.json"), "utf8")) as {
  readonly cases: Readonly<Record<string, GoldenCase>>;
}; // as the script wrote it

const { tensors } = decodeSafetensors(readFileSync(beside("rrdb.safetensors")), "rrdb.safetensors");

/** A tensor of a case: `x`, `y`, `before/conv_last.bias`. */
export const goldenTensor = (name: string, what: string): StoredTensor =>
  tensors[`${name}/${what}`]!;

/** The weights of a case in the names of one generation. */
export function weightsOf(
  name: string,
  generation: keyof GoldenCase["names"],
): Record<string, StoredTensor> {
  const { names } = golden.cases[name]!;
  return Object.fromEntries(
    names[generation].map((key, i) => [key, goldenTensor(name, `before/${names.middle[i]}`)]),
  );
}

/** A safetensors file. */
export const fileOf = (named: Readonly<Record<string, StoredTensor>>): Uint8Array =>
  Buffer.concat(encodeSafetensors({ tensors: named, metadata: {} }));
