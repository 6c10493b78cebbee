import { ConfigurationError } from "../shape/error.js";
import type { Dataset } from "./dataset.js";
import type { PictureOptions } from "./files/options.js";
import type { KnownOptions } from "./known/open.js";
import { isKnown, knownNames } from "./known/sets.js";
import { isMade, madeFrom, madeKinds } from "./pairs.js";
import {
  isProcedural,
  type ProceduralOptions,
  proceduralData,
  proceduralNames,
  unknownData,
} from "./procedural.js";
import { stacked, stackedPrefix } from "./stacked.js";

/** What a data set is opened with, whichever it is. */
export type DataOptions = PictureOptions & KnownOptions & Pick<ProceduralOptions, "count" | "seed">;

/**
 * Opens data by name or by path. `ring`, `grid`, `moons`, `checkerboard`, `spirals`, `blobs`,
 * `bimodal`, `mixture-4d` and `shapes` are computed, and a path of that name is meant when it is written as one: `./shapes`.
 * `mnist`, `fashion-mnist` and `cifar10` are downloaded once, where no path has that name. With
 * `stacked:` before it, grey pictures come in threes: `stacked:mnist`, `count` of them. With
 * `given`, every picture has another that belongs to it, as `docs/pairs.md` says.
 *
 * @throws {ConfigurationError} when an option does not make sense, or nothing has that name.
 * @throws {DataError} when a file cannot be read or is not what it says.
 *
 * @example
 * const points = await data.open("moons", { count: 100 });
 * [points.kind, points.shape]; // → ["points",[2]]
 * const drawn = await data.open("shapes", { count: 4, size: 16, given: "edges" });
 * drawn.given?.shape; // → [1,16,16]
 */
export async function openData(source: string, options: DataOptions = {}): Promise<Dataset> {
  const { given, ...alone } = options;
  if (given !== undefined && isMade(given)) return madeFrom(await openData(source, alone), given);
  if (source.startsWith(stackedPrefix)) {
    checkNoFiles(source, options);
    const { count, seed, ...others } = options;
    const grey = await openData(source.slice(stackedPrefix.length), { ...others, color: "grey" });
    return stacked(grey, {
      ...(count === undefined ? {} : { count }),
      ...(seed === undefined ? {} : { seed }),
    });
  }
  if (isProcedural(source)) {
    checkNoFiles(source, options);
    return proceduralData(source, procedural(options));
  }
  // Only Node gets here, so a page never loads what reads files.
  const { openPictures, pathExists } = await import("./files/open.js");
  if (!/[\\/.]/.test(source) && !(await pathExists(source))) {
    if (isKnown(source)) return await (await import("./known/open.js")).openKnown(source, options);
    const why = "is no known set, and nothing exists at that path";
    throw unknownData(source, why, [...proceduralNames, ...knownNames]);
  }
  return await openPictures(source, options);
}

/** What is computed has no files beside it in which partners or legends could be. */
function checkNoFiles(source: string, options: DataOptions): void {
  for (const name of ["given", "within", "pairs", "legend", "void"] as const) {
    if (options[name] === undefined) continue;
    const hint = name === "given" ? { hint: `choose ${madeKinds.join(" or ")}` } : {};
    const why = `${source} is computed, and not read from files`;
    throw new ConfigurationError({ op: `data.${name}`, why, ...hint });
  }
}

function procedural({ count, seed, size, limit }: DataOptions): ProceduralOptions {
  const [side, width] = typeof size === "number" ? [size, size] : (size ?? []);
  if (side !== width) {
    const why = `expected a square, received ${side} × ${width}`;
    throw new ConfigurationError({ op: "data.size", why });
  }
  const most = count ?? limit;
  return {
    ...(most === undefined ? {} : { count: most }),
    ...(seed === undefined ? {} : { seed }),
    ...(side === undefined ? {} : { size: side }),
  };
}
