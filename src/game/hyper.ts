import { ConfigurationError, closest } from "../shape/error.js";

/** One hyper-parameter: its default, what it is, and what it may be. Flags, tables and forms are made from it. */
export interface HyperParameter<T extends number | string = number | string> {
  readonly value: T;
  readonly about: string;
  readonly unit?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly integer?: boolean;
  readonly choices?: readonly T[];
}

export type Hyper = Readonly<Record<string, HyperParameter>>;

/** What a definition's functions receive: the values alone. */
export type ValuesOf<H extends Hyper> = { readonly [K in keyof H]: H[K]["value"] };

interface Limits {
  /** What it is counted in, for tables and help. */
  readonly unit?: string;
  /** The smallest value that is accepted. */
  readonly minimum?: number;
  /** The largest value that is accepted. */
  readonly maximum?: number;
}

/**
 * A whole number, at least 1 unless told otherwise.
 * @example count(64, "items in a batch", { unit: "items" }).value; // → 64
 */
export const count = (
  value: number,
  about: string,
  limits: Limits = {},
): HyperParameter<number> => ({
  value,
  about,
  integer: true,
  minimum: 1,
  ...limits,
});

/**
 * A real number, not negative unless told otherwise.
 * @example real(2e-4, "learning rate", { maximum: 1 }).minimum; // → 0
 */
export const real = (
  value: number,
  about: string,
  limits: Limits = {},
): HyperParameter<number> => ({
  value,
  about,
  minimum: 0,
  ...limits,
});

/**
 * One of a few words.
 * @example choice("none", ["none", "flip"], "what happens to pictures").choices; // → ["none","flip"]
 */
export const choice = <const T extends string>(
  value: NoInfer<T>,
  choices: readonly T[],
  about: string,
): HyperParameter<T> => ({ value, about, choices });

/**
 * The values of a run: defaults, changed by what the user gave; every mistake is reported at once.
 *
 * @throws {ConfigurationError} when a name is unknown or a value is not what its parameter may be.
 *
 * @example
 * const { latent, lr } = settle(zoo.gan.hyper, { latent: 4 });
 * [latent, lr]; // → [4,0.1]
 */
export function settle<H extends Hyper>(
  hyper: H,
  given: Readonly<Record<string, unknown>> = {},
): ValuesOf<H> {
  const mistakes: string[] = [];
  const values: Record<string, number | string> = {};
  for (const [name, parameter] of Object.entries(hyper)) values[name] = parameter.value;
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const parameter = hyper[name];
    if (parameter === undefined) {
      const near = closest(name, Object.keys(hyper));
      mistakes.push(`hyper.${name}: unknown${near === undefined ? "" : `; did you mean ${near}?`}`);
      continue;
    }
    const problem = problemWith(parameter, value);
    if (problem === undefined)
      values[name] = value as number | string; // just checked
    else mistakes.push(`hyper.${name}: expected ${problem}, received ${String(value)}`);
  }
  if (mistakes.length > 0) {
    const [first, ...rest] = mistakes;
    const [op, why] = splitOnce(first!);
    const operands = rest.map((text) => {
      const [label, value] = splitOnce(text);
      return { label, value };
    });
    throw new ConfigurationError({ op, why, operands });
  }
  return values as ValuesOf<H>; // every key of H was filled in
}

const splitOnce = (text: string): [string, string] => {
  const colon = text.indexOf(": ");
  return [text.slice(0, colon), text.slice(colon + 2)];
};

/** What was expected, when a value is not it. */
function problemWith(parameter: HyperParameter, value: unknown): string | undefined {
  const { choices, integer, minimum, maximum } = parameter;
  if (choices !== undefined) {
    return choices.includes(value as string) ? undefined : `one of ${choices.join(", ")}`;
  }
  if (typeof parameter.value === "string") {
    return typeof value === "string" ? undefined : "text";
  }
  if (typeof value !== "number" || !Number.isFinite(value)) return "a number";
  if (integer && !Number.isInteger(value)) return "a whole number";
  if (minimum !== undefined && value < minimum) return minimum === 0 ? "≥ 0" : `≥ ${minimum}`;
  return maximum !== undefined && value > maximum ? `≤ ${maximum}` : undefined;
}
