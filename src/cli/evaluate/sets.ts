import type { Dataset } from "../../data/dataset.js";
import type { DataOptions } from "../../data/open.js";
import { isProcedural } from "../../data/procedural.js";
import { stackedPrefix } from "../../data/stacked.js";
import { BelamyError, ConfigurationError } from "../../shape/error.js";
import { formatShape, sameShape } from "../../shape/shape.js";
import { openShown } from "../open-data.js";
import type { Terminal } from "../terminal/terminal.js";
import type { Subject } from "./subject.js";

/** What a generator learned from, and what was kept from it. */
export interface Sets {
  readonly train: Dataset;
  /** None where the source has no test split. */
  readonly test: Dataset | undefined;
}

export interface Opening {
  readonly terminal: Terminal;
  readonly quiet: boolean;
}

/** Opens the data that samples are held against: those of the run, or others in the generator's shape. */
export async function openSets(
  { generator, origin, fingerprint }: Subject,
  source: string | undefined,
  opening: Opening,
): Promise<Sets> {
  const { shape } = generator;
  const wanted = source ?? origin?.source;
  if (wanted === undefined) {
    const why = "missing; a model by itself does not say what it was trained on";
    throw new ConfigurationError({ op: "--data", why });
  }
  const options = source === undefined ? (origin?.options ?? {}) : fitting(wanted, shape);
  const sets = await openSplits({ source: wanted, options }, opening);
  const { kind, shape: found } = sets.train;
  if (source === undefined && fingerprint !== undefined && fingerprint !== sets.train.fingerprint) {
    const operands = [
      { label: "then", value: fingerprint.slice(0, 12) },
      { label: "now", value: sets.train.fingerprint.slice(0, 12) },
    ];
    const hint = "name it with --data to judge by what it is now";
    const why = "has changed since the run was trained on it";
    throw new ConfigurationError({ op: wanted, why, operands, hint });
  }
  if (!sameShape(found, shape)) {
    const made = shape.length === 3 ? "pictures" : "points";
    throw new ConfigurationError({
      op: "--data",
      why: "has another shape than the samples",
      operands: [
        { label: "data", value: `${kind} ${formatShape(found)}` },
        { label: "samples", value: `${made} ${formatShape(shape)}` },
      ],
    });
  }
  return sets;
}

/** Both splits of a source; of a set without files, the test split is another seed's. */
export async function openSplits(
  { source, options }: { readonly source: string; readonly options: DataOptions },
  opening: Opening,
): Promise<Sets> {
  const train = await openShown({ source, options }, opening);
  if (isProcedural(source)) {
    const seed = (options.seed ?? 0) + 1;
    const test = await openShown({ source, options: { ...options, seed } }, opening);
    return { train, test: { ...test, name: `${test.name}-seed${seed}` } };
  }
  const split = options.split === "test" ? "train" : "test";
  const other = { ...options, split, ...fewStacked(source) } as const;
  try {
    return { train, test: await openShown({ source, options: other }, opening) };
  } catch (error) {
    if (error instanceof BelamyError && error.facts.why.includes(`${split} split`)) {
      return { train, test: undefined };
    }
    throw error;
  }
}

/** What is asked for to get pictures of a shape. */
export function fitting(source: string, shape: readonly number[]): DataOptions {
  const [channels, h, w] = shape;
  if (h === undefined || w === undefined) return {};
  const size = h === w ? h : ([h, w] as const);
  // Sets without files have colours of their own.
  if (isProcedural(source)) return { size };
  return { size, color: channels === 1 ? "grey" : "rgb", ...fewStacked(source) };
}

/** Stacked pictures are drawn from single ones: no more than are judged, where none were trained on. */
const fewStacked = (source: string): Pick<DataOptions, "count"> =>
  source.startsWith(stackedPrefix) ? { count: 26_000 } : {};

/** The single pictures that a source stacks. */
export const singleOf = (source: string | undefined): string | undefined =>
  source?.startsWith(stackedPrefix) ? source.slice(stackedPrefix.length) : undefined;
