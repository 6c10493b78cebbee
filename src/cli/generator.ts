import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { Generator } from "../run/sampler.js";
import { DataError } from "../shape/error.js";

/** A model that is ready to make samples with all cores; `path` is what errors call it. */
export const openGenerator = (model: Uint8Array, path: string): Promise<Generator> =>
  Generator.from(model, { name: path, threads: availableParallelism() });

const usualHint = "belamy export writes one from a run's checkpoint";

/** The bytes of a model. */
export function readModel(
  path: string,
  { hint = usualHint }: { readonly hint?: string } = {},
): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(readFileSync(path));
  } catch {
    throw new DataError({ op: path, why: "cannot be read", ...(hint === "" ? {} : { hint }) });
  }
}
