import { ConfigurationError } from "../../shape/error.js";
import { type MemoryItems, readItems } from "../../shape/items.js";
import { Random } from "../../shape/random.js";
import { sizeOf } from "../../shape/shape.js";
import { checkWhole } from "../check.js";
import type { Dataset } from "../dataset.js";
import { fingerprintOf } from "../fingerprint.js";
import { sharedBytes, sharedFloats, sharedInts } from "../memory.js";
import { measured } from "./measure.js";

/** How a data set is divided. */
export interface SplitOptions {
  /** How much of it is for the test, between 0 and 1. */
  readonly share?: number;
  /** What decides which items those are. */
  readonly seed?: number;
}

/**
 * Divides data at random in two that share no item: of each class, as nearly as whole items allow,
 * `share` for the test. Both keep the order that the items had.
 *
 * @throws {ConfigurationError} when the share is not between 0 and 1, or would leave either empty
 * @example
 * const { train, test } = data.split(data.moons({ count: 100 }), { share: 0.3, seed: 1 });
 * [train.count, test.count]; // → [70,30]
 */
export function split(
  data: Dataset,
  { share = 0.2, seed = 0 }: SplitOptions = {},
): { readonly train: Dataset; readonly test: Dataset } {
  checkWhole("split", { seed });
  if (!(share > 0 && share < 1)) {
    const why = `expected a number between 0 and 1, received ${share}`;
    throw new ConfigurationError({ op: "split.share", why });
  }
  const inTest = new Uint8Array(data.count);
  const groups = byClass(data);
  let before = 0;
  let taken = 0;
  for (const [label, places] of groups) {
    before += places.length;
    // What rounding took from one class is given to the next, so that the sum is right.
    const wanted = Math.max(0, Math.min(places.length, Math.round(before * share) - taken));
    taken += wanted;
    const order = new Random({ seed, purpose: "split", at: [label] }).permutation(places.length);
    for (let i = 0; i < wanted; i++) inTest[places[order[i]!]!] = 1;
  }
  if (taken === 0 || taken === data.count) {
    const part = taken === 0 ? "test" : "training";
    const why = `${share} of ${data.count} items leaves nothing for ${part}`;
    throw new ConfigurationError({ op: "split.share", why });
  }
  const all = Array.from(inTest, (_, i) => i);
  const part = (name: string, which: number): Dataset =>
    chosen(data, { places: all.filter((i) => inTest[i] === which), name: `${data.name}-${name}` });
  return { train: part("train", 0), test: part("test", 1) };
}

/** The places of the items of each class; of all, where there are no classes. */
function byClass({ count, labels }: Dataset): [number, number[]][] {
  const groups = new Map<number, number[]>();
  for (let i = 0; i < count; i++) {
    const label = labels?.[i] ?? 0;
    const group = groups.get(label);
    if (group) group.push(i);
    else groups.set(label, [i]);
  }
  return [...groups].sort(([a], [b]) => a - b);
}

/** Some of the items of a data set, in memory, with all that is known of them. */
export function chosen(
  data: Dataset,
  { places, name }: { readonly places: readonly number[]; readonly name: string },
): Dataset {
  const items = shared(readItems(data, places));
  const labels = data.labels && sharedInts(places.length);
  places.forEach((place, i) => {
    if (labels) labels[i] = data.labels![place]!;
  });
  const { columns, captions, factors, given } = data;
  const part = {
    ...{ ...data, name, count: places.length, items, labels },
    ...(given && { given: { ...given, items: shared(readItems(given, places)) } }),
  };
  return {
    ...part,
    ...(columns && { columns: measured(columns, { items, width: sizeOf(data.shape) }) }),
    ...(captions && { captions: places.map((place) => captions[place]!) }),
    ...(factors && {
      factors: Object.fromEntries(
        Object.entries(factors).map(([key, values]) => [key, places.map((i) => values[i]!)]),
      ),
    }),
    fingerprint: fingerprintOf(part),
  };
}

function shared(read: MemoryItems): MemoryItems {
  const items = read instanceof Float32Array ? sharedFloats(read.length) : sharedBytes(read.length);
  items.set(read);
  return items;
}
