import { ConfigurationError, DataError } from "../shape/error.js";
import { formatShape, type Shape, sizeOf } from "../shape/shape.js";
import type { Dataset } from "./dataset.js";
import { fingerprintOf } from "./fingerprint.js";
import { sharedBytes, sharedFloats, sharedInts } from "./memory.js";
import { numbered } from "./point-set.js";

/** What is known of arrays that become a data set. */
export interface ArrayOptions {
  /** Short and fit for a folder name; `arrays` by default. */
  readonly name?: string;
  /** One item, `[d]` or `[c h w]`; `[d]` of a row when the items are rows. */
  readonly shape?: Shape;
  /** One class per item: 0, 1, 2, … */
  readonly labels?: ArrayLike<number>;
  /** Names of the classes; their numbers by default. */
  readonly classes?: readonly string[];
}

/** Items as rows of numbers, or one after the other with a `shape` beside them. */
export type ArrayItems = readonly ArrayLike<number>[] | Uint8Array | Float32Array;

/**
 * Your own numbers as a data set: points `[n d]`, or pictures `[n c h w]`, planar, as bytes 0 … 255
 * or as floats −1 … 1, which become bytes. Numbers are copied.
 *
 * @throws {DataError} when items or labels are not as many or not what they should be.
 * @throws {ConfigurationError} when the shape has other than one or three axes.
 *
 * @example
 * const { kind, count } = data.from([[0, 1], [2, 3], [4, 5]], { labels: [0, 1, 1] });
 * [kind, count]; // → ["points",3]
 * data.from(new Uint8Array(2 * 3 * 8 * 8), { shape: [3, 8, 8] }).kind; // → "pictures"
 */
export function from(
  items: ArrayItems,
  { name = "arrays", shape: given, labels, classes }: ArrayOptions = {},
): Dataset<Uint8Array | Float32Array> {
  const shape = given ?? [isRows(items) ? (items[0]?.length ?? 0) : 1];
  if ((shape.length !== 1 && shape.length !== 3) || !(sizeOf(shape) >= 1)) {
    throw new ConfigurationError({
      op: "data.shape",
      why: `expected [d] or [c h w], received ${formatShape(shape)}`,
    });
  }
  const each = sizeOf(shape);
  const numbers = isRows(items) ? joined(items, each, name) : items;
  const count = numbers.length / each;
  if (count === 0) throw new DataError({ op: name, why: "has no items" });
  if (!Number.isInteger(count)) {
    const why = `${numbers.length} numbers are no whole number of items ${formatShape(shape)}`;
    throw new DataError({ op: name, why });
  }
  const isPictures = shape.length === 3;
  const known = labels === undefined ? undefined : checkedLabels(labels, { name, count, classes });
  const data = {
    name,
    kind: isPictures ? "pictures" : "points",
    shape,
    count,
    items: isPictures ? asBytes(numbers, { name, each }) : asFloats(numbers, { name, each }),
    labels: known,
    classes:
      classes ?? numbered(known === undefined ? 0 : 1 + known.reduce((a, b) => Math.max(a, b))),
    modes: undefined,
    skipped: [],
  } as const;
  return { ...data, fingerprint: fingerprintOf(data) };
}

const isRows = (items: ArrayItems): items is readonly ArrayLike<number>[] => Array.isArray(items);

function joined(rows: readonly ArrayLike<number>[], each: number, name: string): Float32Array {
  const out = new Float32Array(rows.length * each);
  rows.forEach((row, i) => {
    if (row.length !== each) {
      throw new DataError({ op: name, why: `row ${i} has ${row.length} numbers, not ${each}` });
    }
    out.set(row, i * each);
  });
  return out;
}

interface Place {
  readonly name: string;
  readonly each: number;
}

function asFloats(numbers: Uint8Array | Float32Array, { name, each }: Place): Float32Array {
  const wrong = numbers.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    const why = `item ${Math.floor(wrong / each)} has ${numbers[wrong]}, which is no finite number`;
    throw new DataError({ op: name, why });
  }
  const out = sharedFloats(numbers.length);
  out.set(numbers);
  return out;
}

function asBytes(numbers: Uint8Array | Float32Array, { name, each }: Place): Uint8Array {
  const out = sharedBytes(numbers.length);
  if (numbers instanceof Uint8Array) out.set(numbers);
  else {
    numbers.forEach((value, i) => {
      if (!(value >= -1 && value <= 1)) {
        throw new DataError({
          op: name,
          why: `item ${Math.floor(i / each)} has ${value}; floats of pictures are −1 … 1`,
          hint: "pass 0 … 255 as a Uint8Array",
        });
      }
      out[i] = Math.round((value + 1) * 127.5);
    });
  }
  return out;
}

function checkedLabels(
  labels: ArrayLike<number>,
  {
    name,
    count,
    classes,
  }: {
    readonly name: string;
    readonly count: number;
    readonly classes: readonly string[] | undefined;
  },
): Int32Array {
  if (labels.length !== count) {
    throw new DataError({ op: name, why: `${labels.length} labels for ${count} items` });
  }
  const most = (classes?.length ?? Number.POSITIVE_INFINITY) - 1;
  const out = sharedInts(count);
  for (let i = 0; i < count; i++) {
    const label = labels[i]!;
    if (!(Number.isInteger(label) && label >= 0 && label <= most)) {
      const range = most === Number.POSITIVE_INFINITY ? "0, 1, 2, …" : `0 … ${most}`;
      throw new DataError({ op: name, why: `label ${label} of item ${i} is none of ${range}` });
    }
    out[i] = label;
  }
  return out;
}
