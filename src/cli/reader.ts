import { closest } from "../shape/error.js";

/** A mistake in what was typed: all of them at once, each `--flag: why`. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly problems: readonly string[];
  readonly command: string;

  constructor(problems: readonly string[], { command }: { readonly command: string }) {
    super(problems.join("\n"));
    this.problems = problems;
    this.command = command;
  }
}

/** What a command was called with, before it is checked: operands, flags and words nobody knows. */
export interface Typed {
  readonly command: string;
  readonly operands: readonly string[];
  readonly flags: Readonly<Record<string, unknown>>;
  readonly unknown: readonly string[];
  /** Every flag that exists, without its dashes. */
  readonly known: readonly string[];
}

const camel = (flag: string): string =>
  flag.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Reads flags and collects what is wrong with them, so that it can be said at once. */
export class Reader {
  readonly problems: string[] = [];
  private readonly typed: Typed;
  private words: readonly string[];

  constructor(typed: Typed) {
    this.typed = typed;
    this.words = typed.operands;
    for (const word of typed.unknown) {
      const flag = word.replace(/^-+/, "").replace(/=.*$/, "");
      const near = closest(flag, typed.known);
      this.problem(`--${flag}`, `unknown${near === undefined ? "" : `; did you mean --${near}?`}`);
    }
  }

  /** The first of the words beside the flags, when it is one of these; it is taken away. */
  verb<const T extends string>(verbs: readonly T[]): T | undefined {
    const found = verbs.find((verb) => verb === this.words[0]);
    if (found !== undefined) this.words = this.words.slice(1);
    return found;
  }

  /** The words beside the flags: at most as many as they have names. */
  operands(...names: readonly string[]): (string | undefined)[] {
    const operands = this.words;
    for (const extra of operands.slice(names.length)) {
      const takes = names.length === 0 ? "nothing" : names.join(" and ");
      this.problem(extra, `not expected; ${this.typed.command} takes ${takes}`);
    }
    return names.map((_, i) => operands[i]);
  }

  text(flag: string): string | undefined {
    const value = this.typed.flags[camel(flag)];
    return typeof value === "string" ? value : undefined;
  }

  /** A flag that may be given more than once. */
  list(flag: string): readonly string[] {
    const value = this.typed.flags[camel(flag)];
    return Array.isArray(value) ? value.map(String) : [];
  }

  is(flag: string): boolean {
    return this.typed.flags[camel(flag)] === true;
  }

  /** Whether `--no-` and the flag was given. */
  isNot(flag: string): boolean {
    return this.typed.flags[camel(flag)] === false;
  }

  whole(flag: string, { minimum = 1 }: { readonly minimum?: number } = {}): number | undefined {
    const text = this.text(flag);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (text.trim() !== "" && Number.isSafeInteger(value) && value >= minimum) return value;
    this.problem(`--${flag}`, `expected a whole number ≥ ${minimum}, received ${text}`);
    return undefined;
  }

  /** A number above zero. */
  amount(flag: string): number | undefined {
    const text = this.text(flag);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (Number.isFinite(value) && value > 0) return value;
    this.problem(`--${flag}`, `expected a number > 0, received ${text}`);
    return undefined;
  }

  word<const T extends string>(flag: string, words: readonly T[]): T | undefined {
    const text = this.text(flag);
    if (text === undefined) return undefined;
    const found = words.find((word) => word === text);
    if (found === undefined) {
      const near = closest(text, words);
      const meant = near === undefined ? "" : `; did you mean ${near}?`;
      this.problem(`--${flag}`, `expected ${words.join(", ")}, received ${text}${meant}`);
    }
    return found;
  }

  /** Two whole numbers, `8x8`; one stands for both. */
  pair(flag: string): readonly [number, number] | undefined {
    const text = this.text(flag);
    if (text === undefined) return undefined;
    const match = /^(\d+)(?:[x×](\d+))?$/i.exec(text);
    const first = Number(match?.[1]);
    const second = Number(match?.[2] ?? match?.[1]);
    if (match !== null && first > 0 && second > 0) return [first, second];
    this.problem(`--${flag}`, `expected a number or two as in 8x8, received ${text}`);
    return undefined;
  }

  /** Flags that do not go together. */
  either(...flags: readonly string[]): void {
    const given = flags.filter((flag) => this.typed.flags[camel(flag)] !== undefined);
    if (given.length > 1) {
      this.problem(given.map((f) => `--${f}`).join(" and "), "choose one of them");
    }
  }

  problem(what: string, why: string): void {
    this.problems.push(`${what}: ${why}`);
  }

  /** Throws when anything was wrong. */
  finish(): void {
    const { command } = this.typed;
    if (this.problems.length > 0) throw new UsageError(this.problems, { command });
  }
}
