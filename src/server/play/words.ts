import type { DataOptions } from "../../data/open.js";
import type { BranchAsked, StartAsked } from "../ask.js";

/*
 * What the page asks for, as words of `belamy train`. A value stands behind its flag's =, so that
 * none is taken for a flag.
 */

type Value = string | number | undefined;

const flags = (values: Readonly<Record<string, Value>>): string[] =>
  Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}=${value}`],
  );

const hyperWords = (hyper: StartAsked["hyper"] = {}): string[] =>
  Object.entries(hyper).map(([name, value]) => `--hyper=${name}=${value}`);

/** A new run on data that `source` names. */
export function startWords(
  { system, hyper, seed, rounds, minutes, device, replicas }: Omit<StartAsked, "data">,
  { source, options, out }: DataWords & { readonly out: string },
): string[] {
  return [
    source,
    ...flags({ system, seed, rounds, minutes, device, replicas, out }),
    ...hyperWords(hyper),
    ...readWords(options),
  ];
}

export interface DataWords {
  /** A set's name or a path. */
  readonly source: string;
  readonly options: DataOptions;
}

function readWords(options: DataOptions): string[] {
  const { size, color, fit, filter, background, label, limit } = options;
  const { classes, leave, category, skipBad, skipMissing } = options;
  const { given, within, pairs, direction, legend, void: voids } = options;
  const pixels = typeof size === "object" ? `${size[0]}x${size[1]}` : size;
  const columns = {
    classes: classes?.join(","),
    leave: leave?.join(","),
    category: category?.join(","),
  };
  const partners = {
    ...{ given, within, pairs, direction, void: voids?.join(",") },
    legend: typeof legend === "string" ? legend : undefined,
  };
  const values = {
    ...{ size: pixels, color, fit, filter, background, label, ...columns, limit },
    ...partners,
  };
  const whether = { "--skip-bad": skipBad, "--skip-missing": skipMissing };
  return [...flags(values), ...Object.entries(whether).flatMap(([flag, on]) => (on ? [flag] : []))];
}

export const continueWords = (folder: string): string[] => flags({ resume: folder });

/** A new run that begins where the one in a folder was. */
export const branchWords = (
  { checkpoint, hyper, seed, rounds, minutes }: BranchAsked,
  { folder, out }: { readonly folder: string; readonly out: string },
): string[] => [
  ...flags({ branch: folder, checkpoint, seed, rounds, minutes, out }),
  ...hyperWords(hyper),
];
