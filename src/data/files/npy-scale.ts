import { DataError } from "../../shape/error.js";
import { type NpyType, typeName } from "./npy.js";
import type { Numbers } from "./npy-numbers.js";

/** How an array's numbers become bytes. */
export interface Scale {
  readonly toByte: (value: number) => number;
  /** What was done, unless the numbers are bytes already. */
  readonly note: string | undefined;
}

/** Room for what float arithmetic leaves over: 1.0000001 is still 1. */
const slack = 1e-3;

/**
 * How pixels become bytes. Floats are 0 … 1, −1 … 1 or 0 … 255, the first of these that holds all
 * of them; whole numbers are 0 … 255, or 0 … 65535 when they are uint16.
 *
 * @throws {DataError} when the numbers run further than any of these.
 */
export function scaleOf(
  numbers: Numbers,
  { file, type }: { readonly file: string; readonly type: NpyType },
): Scale {
  if (type === "u1") return { toByte: (value) => value, note: undefined };
  const { least, most } = rangeOf(numbers);
  const became = (from: string) => `${typeName(type)} pixels ${from} became bytes 0 … 255`;
  const within = (from: number, to: number) => least >= from - slack && most <= to + slack;
  if (type === "b1" && within(0, 1)) {
    return { toByte: (value) => 255 * value, note: became("false and true") };
  }
  if (type[0] === "f" && within(0, 1)) {
    return { toByte: (value) => Math.round(255 * value), note: became("0 … 1") };
  }
  if (type[0] === "f" && within(-1, 1)) {
    return { toByte: (value) => Math.round(127.5 * (value + 1)), note: became("−1 … 1") };
  }
  if (within(0, 255)) return { toByte: Math.round, note: became("0 … 255") };
  if (type === "u2")
    return { toByte: (value) => Math.round(value / 257), note: became("0 … 65535") };
  const read = type[0] === "f" ? "0 … 1, −1 … 1 or 0 … 255" : "0 … 255";
  throw new DataError({
    op: file,
    why: `its pixels run from ${short(least)} to ${short(most)}, no range of pictures`,
    operands: [{ label: "read", value: `${typeName(type)} of ${read}` }],
  });
}

const short = (value: number): string => `${Number(value.toPrecision(4))}`;

function rangeOf(numbers: Numbers): { readonly least: number; readonly most: number } {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i]!;
    // NaN is neither; infinities are told of item by item.
    if (value < least && value !== Number.NEGATIVE_INFINITY) least = value;
    if (value > most && value !== Number.POSITIVE_INFINITY) most = value;
  }
  return { least, most };
}
