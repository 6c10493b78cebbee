import { DataError } from "../../shape/error.js";
import type { Dataset } from "../dataset.js";
import { sharedInts } from "../memory.js";

/** Most classes that labels may number; more are no classes. */
export const mostClasses = 2 ** 16;

/** A class as a file has it, and where, for errors: `row 17`. */
export interface Marked {
  readonly value: number | string | null;
  readonly place: string;
}

type Labels = Pick<Dataset, "labels" | "classes">;

/**
 * Labels from the numbers of classes, whose names are known or are the numbers; none when every
 * item says −1, as test sets without classes do.
 *
 * @throws {DataError} when a value is no class.
 */
export function numberedLabels(
  file: string,
  {
    marks,
    names,
  }: { readonly marks: readonly Marked[]; readonly names: readonly string[] | undefined },
): Labels {
  if (marks.every(({ value }) => value === -1)) return { labels: undefined, classes: [] };
  const labels = sharedInts(marks.length);
  const end = names?.length ?? mostClasses;
  let most = -1;
  marks.forEach(({ value, place }, i) => {
    const known = typeof value === "number" && Number.isInteger(value) && value >= 0 && value < end;
    if (!known) {
      const why =
        value === null ? "has no class" : `is of class ${value}, which is not from 0 to ${end - 1}`;
      throw new DataError({ op: `${file} › ${place}`, why });
    }
    labels[i] = value;
    most = Math.max(most, value);
  });
  return { labels, classes: names ?? Array.from({ length: most + 1 }, (_, i) => `${i}`) };
}

/**
 * Labels from the classes' names: the names in order, numbers by size and words by code units.
 *
 * @throws {DataError} when a value is missing, or there are too many to be classes.
 */
export function namedLabels(file: string, marks: readonly Marked[]): Labels {
  const missing = marks.find(({ value }) => value === null);
  if (missing) throw new DataError({ op: `${file} › ${missing.place}`, why: "has no class" });
  const values = marks.map(({ value }) => value!); // Checked above.
  const different = new Set(values);
  if (different.size > mostClasses) {
    const why = `has ${different.size} different labels, too many for classes`;
    throw new DataError({ op: file, why });
  }
  const classes = [...different].sort((a, b) =>
    typeof a === "number" && typeof b === "number" ? a - b : `${a}` < `${b}` ? -1 : 1,
  );
  const places = new Map(classes.map((value, i) => [value, i]));
  const labels = sharedInts(values.length);
  values.forEach((value, i) => {
    labels[i] = places.get(value)!;
  });
  return { labels, classes: classes.map(String) };
}
