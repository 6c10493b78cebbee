import { ConfigurationError, DataError } from "../shape/error.js";
import { inMemory } from "../shape/items.js";
import { formatShape } from "../shape/shape.js";
import type { Dataset, GivenPictures } from "./dataset.js";
import { edgesOf } from "./edges.js";
import { fingerprintOfGiven, pairedFingerprint } from "./fingerprint.js";
import { sharedBytes } from "./memory.js";

/**
 * Pictures with other pictures that belong to them, in the same order: what a generator makes, and
 * what it is given to make it from.
 *
 * @throws {DataError} when they are not as many, or either are no pictures.
 *
 * @example
 * const photos = data.from(new Uint8Array(5 * 3 * 64), { shape: [3, 8, 8] });
 * const drawings = data.from(new Uint8Array(5 * 64), { shape: [1, 8, 8] });
 * const { shape, given } = data.pairs(photos, drawings);
 * [shape, given?.shape]; // → [[3,8,8],[1,8,8]]
 */
export function pairs(items: Dataset, given: Dataset): Dataset {
  for (const { name, kind, shape } of [items, given]) {
    if (kind === "pictures") continue;
    throw new DataError({
      op: name,
      why: `pairs are of pictures, not of points ${formatShape(shape)}`,
    });
  }
  if (items.count !== given.count) {
    const why = `has ${items.count} pictures, and ${given.name} has ${given.count}`;
    throw new DataError({ op: items.name, why, hint: "give one picture for each" });
  }
  const { given: _, ...own } = items;
  const { shape, items: store, legend } = given;
  return withGiven(own, { shape, items: store, ...(legend ? { legend } : {}) });
}

/** What a generator can be given of any pictures. */
export const madeKinds = ["edges", "grey"] as const;
export type MadeKind = (typeof madeKinds)[number];

/** Whether what is given is made from the pictures themselves; a path of that name is written `./edges`. */
export const isMade = (given: string): given is MadeKind =>
  madeKinds.some((kind) => kind === given);

/**
 * Pictures with what is made from each of them: its `edges`, black on white, or itself in `grey`.
 *
 * @throws {DataError} when items are no pictures, have no colours to take away, or lie in a file.
 */
export function madeFrom(data: Dataset, kind: MadeKind): Dataset {
  const { name, shape, count, items, given: _, ...rest } = data;
  const [channels, height, width] = shape;
  if (data.kind !== "pictures" || !(items instanceof Uint8Array)) {
    const why = inMemory(items)
      ? `has no pictures to make ${kind} of`
      : `is too large for memory, where ${kind} are made`;
    const hint = inMemory(items) ? {} : { hint: "choose a smaller --size or a --limit" };
    throw new DataError({ op: name, why, ...hint });
  }
  if (kind === "grey" && channels === 1) {
    const why = "is grey already, so that no colours are left to be made";
    throw new DataError({ op: name, why, hint: "pass --given edges, or pictures with colours" });
  }
  if (data.legend !== undefined) {
    throw new ConfigurationError({
      op: "data.given",
      why: `${kind} are made of pictures, not of maps`,
    });
  }
  const area = height! * width!;
  const each = channels! * area;
  const made = sharedBytes(count * area);
  for (let i = 0; i < count; i++) {
    const item = items.subarray(i * each, (i + 1) * each);
    made.set(kind === "edges" ? edgesOf(item, { shape }) : greyOf(item, area), i * area);
  }
  const own = { ...rest, name, shape, count, items };
  return withGiven(own, { shape: [1, height!, width!], items: made });
}

/** Grey as eyes weigh colours. ITU-R BT.601. */
function greyOf(item: Uint8Array, area: number): Uint8Array {
  const out = new Uint8Array(area);
  for (let i = 0; i < area; i++) {
    const [r, g, b] = [item[i]!, item[area + i]!, item[2 * area + i]!];
    out[i] = Math.round(0.299 * r + 0.587 * g + 0.114 * b);
  }
  return out;
}

function withGiven(items: Omit<Dataset, "given">, given: GivenPictures): Dataset {
  const fingerprint = pairedFingerprint(items.fingerprint, fingerprintOfGiven(given));
  return { ...items, given, fingerprint };
}
