import { ConfigurationError, closest, DataError } from "../../shape/error.js";
import { isMissing, numberIn, type Record } from "./csv.js";

/** What the columns of a table are, by their places from 0. */
export interface TableColumns {
  /** Whether the first record is the names. */
  readonly header: boolean;
  readonly names: readonly string[];
  readonly numbers: readonly number[];
  readonly label: number | undefined;
  readonly texts: readonly number[];
}

/** `column 3 (width)`: a column as errors call it. */
export const columnName = ({ header, names }: TableColumns, column: number): string =>
  `column ${column + 1}${header ? ` (${names[column]})` : ""}`;

const labelNames = ["label", "labels", "class", "target", "y"];

/**
 * Finds out from the first records which columns are numbers and which is the class: the one that
 * was asked for, or one of a known name, or the last when it is text. The first record is a header
 * when it has a word over a column of numbers.
 */
export function columnsOf(
  file: string,
  { sample, asked }: { readonly sample: readonly Record[]; readonly asked: string | undefined },
): TableColumns {
  const [first, ...rest] = sample;
  const width = first!.cells.length;
  const columns = Array.from({ length: width }, (_, i) => i);
  const isNumber = (records: readonly Record[]) => (column: number) => {
    const cells = records
      .map(({ cells }) => cells[column] ?? "")
      .filter((cell) => !isMissing(cell));
    const numbers = cells.filter((cell) => numberIn(cell) !== undefined).length;
    return 2 * numbers > cells.length;
  };
  const isWord = (column: number) =>
    numberIn(first!.cells[column]!) === undefined && !isMissing(first!.cells[column]!);
  const header = columns.some((column) => isWord(column) && isNumber(rest)(column));
  const body = header ? rest : sample;
  const numeric = new Set(columns.filter(isNumber(body)));
  const names = header ? first!.cells.map((cell) => cell.trim()) : columns.map((i) => `${i + 1}`);
  const label =
    asked === undefined
      ? foundLabel({ header, names, numeric, body })
      : askedLabel(asked, { header, names });
  const numbers = columns.filter((column) => column !== label && numeric.has(column));
  if (numbers.length === 0) {
    throw new DataError({ op: file, why: "has no column of numbers" });
  }
  const texts = columns.filter((column) => column !== label && !numeric.has(column));
  return { header, names, numbers, label, texts };
}

interface Named {
  readonly header: boolean;
  readonly names: readonly string[];
}

function foundLabel({
  header,
  names,
  numeric,
  body,
}: Named & { readonly numeric: ReadonlySet<number>; readonly body: readonly Record[] }):
  | number
  | undefined {
  const last = names.length - 1;
  if (header) {
    const lower = names.map((name) => name.toLowerCase());
    // Beside an x, y is a place and no class.
    const known = labelNames.filter((name) => name !== "y" || !lower.includes("x"));
    const place = known.map((name) => lower.indexOf(name)).find((at) => at >= 0);
    const whole = (at: number) =>
      body.every(({ cells }) => Number.isInteger(Number(cells[at] ?? "")));
    if (place !== undefined && (!numeric.has(place) || whole(place))) return place;
  }
  return last > 0 && !numeric.has(last) ? last : undefined;
}

function askedLabel(asked: string, { header, names }: Named): number | undefined {
  if (asked === "none") return undefined;
  if (asked === "last") return names.length - 1;
  const at = header ? names.indexOf(asked) : -1;
  const place = at >= 0 ? at : /^[1-9]\d*$/.test(asked) ? Number(asked) - 1 : -1;
  if (place >= 0 && place < names.length) return place;
  const meant = header ? closest(asked, names) : undefined;
  throw new ConfigurationError({
    op: "data.label",
    why: `${asked} is no column`,
    operands: [{ label: "columns", value: header ? names.join(", ") : `1 to ${names.length}` }],
    ...(meant ? { hint: `did you mean ${meant}?` } : {}),
  });
}
