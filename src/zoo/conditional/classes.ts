import type { DataDescription } from "../../game/draws.js";
import { ConfigurationError } from "../../shape/error.js";

/**
 * Who makes items of a class that is asked for learns from items whose classes are known.
 *
 * @throws {ConfigurationError} when the data have fewer than two classes.
 */
export function checkClasses(system: string, { classes }: DataDescription): void {
  if (classes >= 2) return;
  const why = `${system} needs items with classes`;
  const hint = "sort pictures into a folder for each class, or use a system without classes";
  throw new ConfigurationError({ op: "data", why, hint });
}
