import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { isKnown } from "../data/known/sets.js";
import type { DataOptions } from "../data/open.js";
import { isMade } from "../data/pairs.js";
import { isProcedural } from "../data/procedural.js";
import { stackedPrefix } from "../data/stacked.js";

/** Where a run's data came from: kept beside `run.json`, so that `--resume` finds them again. */
export interface Origin {
  /** A set's name, or a whole path. */
  readonly source: string;
  readonly options: DataOptions;
}

const fileName = "source.json";

export function writeOrigin(folder: string, { source, options }: Origin): void {
  const origin = { source: whole(source), options: wholeOptions(options) };
  writeFileSync(join(folder, fileName), `${JSON.stringify(origin, undefined, 2)}\n`);
}

function whole(source: string): string {
  if (!source.startsWith(stackedPrefix)) {
    const isName = isProcedural(source) || (isKnown(source) && !existsSync(source));
    return isName ? source : resolve(source);
  }
  return stackedPrefix + whole(source.slice(stackedPrefix.length));
}

/** Files named by options, as whole paths; what is a word or a folder within the source stays. */
function wholeOptions({ given, legend, ...rest }: DataOptions): DataOptions {
  const isPath =
    given !== undefined &&
    !isMade(given) &&
    (isAbsolute(given) || existsSync(given.split(/[\\/]/)[0]!));
  const isFile = typeof legend === "string" && legend !== "auto";
  return {
    ...rest,
    ...(given === undefined ? {} : { given: isPath ? resolve(given) : given }),
    ...(legend === undefined ? {} : { legend: isFile ? resolve(legend) : legend }),
  };
}

export function readOrigin(folder: string): Origin | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, fileName), "utf8")) as Origin; // written above
  } catch {
    return undefined;
  }
}
