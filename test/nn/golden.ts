import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { constant, type Tensor } from "../../src/tensor/tensor.js";

/** An array as golden files keep it. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}
export type Named = Readonly<Record<string, Numbers>>;

/** A file of test/golden; the caller says what the script beside it wrote. */
export const readGolden = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../golden/${name}`, import.meta.url), "utf8")) as T; // see above

export const given = ({ data, shape }: Numbers): Tensor => constant(data, { shape });

export const dataOf = (named: Named): Record<string, readonly number[]> =>
  Object.fromEntries(Object.entries(named).map(([name, { data }]) => [name, data]));

/** The largest difference, relative to the largest golden number. */
export function apart(ours: ArrayLike<number>, theirs: readonly number[]): number {
  expect(ours.length).toBe(theirs.length);
  const largest = Math.max(...theirs.map(Math.abs));
  const difference = Math.max(...theirs.map((value, i) => Math.abs(ours[i]! - value)));
  return largest === 0 ? difference : difference / largest;
}

/** Both sides computed in float64, and the goldens have 9 digits. */
export function expectClose(
  ours: ArrayLike<number>,
  theirs: Numbers | undefined,
  what: string,
): void {
  expect(apart(ours, theirs!.data), what).toBeLessThan(1e-8);
}
