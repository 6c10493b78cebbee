import { ConfigurationError } from "../shape/error.js";

/**
 * How often a picture's sides can be halved, both whole and neither below 4.
 *
 * @throws {ConfigurationError} when they cannot be halved once.
 *
 * @example [halvings(256, 256), halvings(28, 28)]; // → [6,2]
 */
export function halvings(height: number, width: number): number {
  let n = 0;
  while ([height, width].every((side) => side % 2 ** (n + 1) === 0 && side / 2 ** (n + 1) >= 4))
    n++;
  if (n > 0) return n;
  throw new ConfigurationError({
    op: "size",
    why: `${height}×${width} cannot be halved to 4 or more`,
    hint: "pass --size 32 or another multiple of 8",
  });
}
