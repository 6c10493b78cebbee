import { ConfigurationError } from "../shape/error.js";

/** Checks that every option is a whole number of at least 1 (`seed` may be 0). */
export function checkWhole(op: string, options: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(options)) {
    const least = name === "seed" ? 0 : 1;
    if (Number.isSafeInteger(value) && value >= least) continue;
    const why = `expected a whole number of at least ${least}, received ${value}`;
    throw new ConfigurationError({ op: `${op}.${name}`, why });
  }
}

/** Checks that every option is a finite number that is not negative. */
export function checkLengths(op: string, options: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (Number.isFinite(value) && value >= 0) continue;
    const why = `expected a number of at least 0, received ${value}`;
    throw new ConfigurationError({ op: `${op}.${name}`, why });
  }
}
