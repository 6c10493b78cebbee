import { formatShape, type Shape } from "./shape.js";

/** One aligned line of an error: a label, the shape or text, and what its axes are called. */
export interface Operand {
  readonly label: string;
  readonly value: Shape | string;
  readonly axes?: string;
}

export interface ErrorFacts {
  /** The operation, option or file that the caller named. */
  readonly op: string;
  /** What is wrong, lower case, with the numbers. */
  readonly why: string;
  readonly operands?: readonly Operand[];
  /** From the outside in: system, network, layer. */
  readonly where?: readonly string[];
  /** One imperative cure, only when it is right. */
  readonly hint?: string;
}

/**
 * Every error that Belamy throws on purpose: data first, text second.
 *
 * @example
 * const facts = { op: "brew", why: "there is no tea", hint: "buy some" };
 * new BelamyError(facts).message; // → "brew: there is no tea\n  hint  buy some"
 */
export class BelamyError extends Error {
  override readonly name: string = "BelamyError";
  /** What the text says, to be shown some other way. */
  readonly facts: ErrorFacts;

  constructor(facts: ErrorFacts) {
    super(render(facts));
    this.facts = facts;
  }

  /**
   * The same error with one more place around it; each layer and network adds its own.
   * @example
   * const error = new BelamyError({ op: "brew", why: "there is no tea" });
   * error.within("kitchen").within("house").message; // → "brew: there is no tea\n  in  house › kitchen"
   */
  within(place: string): BelamyError {
    const Kind = this.constructor as new (facts: ErrorFacts) => BelamyError;
    return new Kind({ ...this.facts, where: [place, ...(this.facts.where ?? [])] });
  }
}

/**
 * Shapes or types that do not fit.
 * @example
 * const operands = [{ label: "x", value: [2, 3], axes: "m k" }];
 * new ShapeError({ op: "multiply", why: "k differs", operands }).message; // → "multiply: k differs\n  x  [2 3]  m k"
 */
export class ShapeError extends BelamyError {
  override readonly name: string = "ShapeError";
}

/**
 * Options, hyper-parameters and definitions that do not make sense.
 * @example new ConfigurationError({ op: "hyper.lr", why: "below 0" }).name; // → "ConfigurationError"
 */
export class ConfigurationError extends BelamyError {
  override readonly name: string = "ConfigurationError";
}

/**
 * Files that cannot be read or are not what they say.
 * @example new DataError({ op: "a.png", why: "is no picture" }).message; // → "a.png: is no picture"
 */
export class DataError extends BelamyError {
  override readonly name: string = "DataError";
}

/** Runs `action`, adding `place` to any Belamy error that leaves it. */
export function locate<T>(place: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof BelamyError ? error.within(place) : error;
  }
}

function render({ op, why, operands = [], where = [], hint }: ErrorFacts): string {
  const rows: [string, string, string][] = operands.map(({ label, value, axes }) => [
    label,
    typeof value === "string" ? value : formatShape(value),
    axes ?? "",
  ]);
  const valueWidth = Math.max(0, ...rows.filter((r) => r[2]).map((r) => r[1].length));
  if (where.length > 0) rows.push(["in", where.join(" › "), ""]);
  if (hint !== undefined) rows.push(["hint", hint, ""]);
  const labelWidth = Math.max(0, ...rows.map((r) => r[0].length));
  const lines = rows.map(([label, value, axes]) =>
    `  ${label.padEnd(labelWidth)}  ${axes ? value.padEnd(valueWidth) : value}  ${axes}`.trimEnd(),
  );
  return [`${op}: ${why}`, ...lines].join("\n");
}

/** The candidate closest to a mistyped word, when it is close enough to be meant. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 2)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Optimal string alignment: insertions, deletions, changes and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i]);
  for (let j = 1; j <= b.length; j++) rows[0]![j] = j;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let d = Math.min(
        rows[i - 1]![j]! + 1,
        rows[i]![j - 1]! + 1,
        rows[i - 1]![j - 1]! + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        d = Math.min(d, rows[i - 2]![j - 2]! + 1);
      }
      rows[i]![j] = d;
    }
  }
  return rows[a.length]![b.length]!;
}
