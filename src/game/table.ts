/** How a column stands: text to the left, numbers to the right. */
export interface Column {
  readonly align?: "left" | "right";
  /** The column that is broken into lines when the table is wider than the place. */
  readonly wraps?: boolean;
}

/** How many terminal columns a text takes, for the scripts we print. */
export const widthOf = (text: string): number => [...text].length;

const padTo = (text: string, width: number, align: Column["align"]): string => {
  const space = " ".repeat(Math.max(0, width - widthOf(text)));
  return align === "right" ? space + text : text + space;
};

/** Breaks text at spaces into lines of at most `width`; words that are longer stay whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (widthOf(longer) <= width || line === "") line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

/** Rows as aligned lines, two spaces between columns; the wrapping column takes what is left. */
export function table(
  rows: readonly (readonly string[])[],
  columns: readonly Column[],
  { width = Number.POSITIVE_INFINITY }: { readonly width?: number } = {},
): string[] {
  const widths = columns.map((_, i) => Math.max(0, ...rows.map((row) => widthOf(row[i] ?? ""))));
  const wrapping = columns.findIndex((column) => column.wraps);
  if (wrapping >= 0) {
    const others = widths.reduce((n, w, i) => (i === wrapping ? n : n + w + 2), 0);
    widths[wrapping] = Math.min(widths[wrapping]!, Math.max(16, width - others));
  }
  return rows.flatMap((row) => {
    const cells = columns.map((_, i) =>
      i === wrapping ? wrap(row[i] ?? "", widths[i]!) : [row[i] ?? ""],
    );
    const height = Math.max(...cells.map((cell) => cell.length));
    return Array.from({ length: height }, (_, line) =>
      cells
        .map((cell, i) => padTo(cell[line] ?? "", widths[i]!, columns[i]!.align))
        .join("  ")
        .trimEnd(),
    );
  });
}

/** `1,234,567` */
export const grouped = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ",");

/** A number with as many digits as a reader wants: `0.0002`, `12.35`, `1e-8`. */
export function short(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return String(value);
  return String(Number(value.toPrecision(digits)));
}
