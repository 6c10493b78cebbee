import { DataError } from "../../shape/error.js";
import type { ItemStore } from "../../shape/items.js";
import { formatShape, type Shape } from "../../shape/shape.js";
import type { Dataset, Skipped } from "../dataset.js";
import { sharedFloats, sharedInts } from "../memory.js";
import { badFiles } from "./bad.js";
import { mostClasses } from "./classes.js";
import type { RawPicture } from "./decode.js";
import { nodeFingerprint } from "./hash.js";
import { evenly } from "./layout.js";
import { checkMemory } from "./memory.js";
import type { NpyHeader } from "./npy.js";
import { type ArrayLayout, layoutOf } from "./npy-layout.js";
import type { Numbers } from "./npy-numbers.js";
import { scaleOf } from "./npy-scale.js";
import type { PictureOptions } from "./options.js";
import { resized } from "./raw.js";

/** An array and its numbers in C order. */
export interface NumpyArray extends Pick<NpyHeader, "type" | "shape"> {
  readonly numbers: Numbers;
}

/** What an array becomes a data set with. */
export interface ArrayJob {
  readonly name: string;
  readonly items: NumpyArray;
  readonly labels: NumpyArray | undefined;
  readonly options: PictureOptions;
}

/** A data set from an array: points from two axes, pictures from three or four. */
export async function arrayDataset(
  file: string,
  { name, items: array, labels, options }: ArrayJob,
): Promise<Dataset> {
  const layout = layoutOf(array.shape, { file });
  const { kind, count } = layout;
  const all = labels && labelsOf(file, { labels, count });
  const asked = evenly(
    Array.from({ length: count }, (_, i) => i),
    options.limit,
  );
  const skipped = notFinite(array, asked);
  if (skipped.length > 0 && (!options.skipBad || skipped.length === asked.length)) {
    throw badFiles(file, skipped, asked.length, kind);
  }
  const left = new Set(skipped.map(({ file: item }) => item));
  const chosen = asked.filter((i) => !left.has(itemName(i)));
  const { note, ...items } =
    layout.kind === "points"
      ? pointsOf(file, { array, layout, chosen, options })
      : await picturesOf(file, { array, layout, chosen, options });
  const labelled = all && sharedInts(chosen.length);
  chosen.forEach((i, slot) => {
    if (labelled) labelled[slot] = all[i]!;
  });
  const data = { kind, ...items, labels: labelled };
  return {
    name,
    count: chosen.length,
    ...data,
    classes: all ? numbered(all) : [],
    fingerprint: nodeFingerprint(data),
    modes: undefined,
    skipped,
    ...(note ? { notes: [note] } : {}),
  };
}

const itemName = (i: number): string => `item ${i}`;

/** Items with numbers that are none: NaN or infinite. */
function notFinite({ numbers, shape }: NumpyArray, asked: readonly number[]): Skipped[] {
  if (!(numbers instanceof Float32Array || numbers instanceof Float64Array)) return [];
  const each = numbers.length / shape[0]!;
  return asked.flatMap((i) => {
    const bad = numbers.subarray(i * each, (i + 1) * each).find((value) => !Number.isFinite(value));
    return bad === undefined ? [] : [{ file: itemName(i), reason: `holds ${bad}` }];
  });
}

interface Part<L> {
  readonly array: NumpyArray;
  readonly layout: L;
  readonly chosen: readonly number[];
  readonly options: PictureOptions;
}

interface Items {
  readonly shape: Shape;
  readonly items: ItemStore;
  readonly note: string | undefined;
}

function pointsOf(
  file: string,
  { array, layout, chosen, options }: Part<ArrayLayout & { readonly kind: "points" }>,
): Items {
  const { width } = layout;
  checkMemory(file, { count: chosen.length, shape: [width], options, what: "points" });
  const items = sharedFloats(chosen.length * width);
  chosen.forEach((i, slot) => {
    items.set(array.numbers.subarray(i * width, (i + 1) * width), slot * width);
  });
  return { shape: [width], items, note: undefined };
}

async function picturesOf(
  file: string,
  { array, layout, chosen, options }: Part<ArrayLayout & { readonly kind: "pictures" }>,
): Promise<Items> {
  const { height, width, channels, planar, count } = layout;
  const { toByte, note } = scaleOf(array.numbers, { file, type: array.type });
  const area = height * width;
  const pictureAt = (i: number): RawPicture => {
    const data = new Uint8ClampedArray(area * channels);
    const start = i * data.length;
    for (let pixel = 0, to = 0; pixel < area; pixel++) {
      for (let c = 0; c < channels; c++, to++) {
        data[to] = toByte(array.numbers[start + (planar ? c * area + pixel : to)]!);
      }
    }
    return { data: new Uint8Array(data.buffer), height, width, channels };
  };
  const pixels = await resized(file, { all: { count, pictureAt }, chosen, options });
  return { ...pixels, note };
}

/** Classes called by their numbers, up to the largest. */
function numbered(labels: Numbers): string[] {
  let most = -1;
  for (let i = 0; i < labels.length; i++) most = Math.max(most, labels[i]!);
  return Array.from({ length: most + 1 }, (_, i) => `${i}`);
}

/** Labels `[n]` or `[n 1]` as whole numbers from 0. */
function labelsOf(
  file: string,
  { labels: { numbers, shape }, count }: { readonly labels: NumpyArray; readonly count: number },
): Numbers {
  const [held, ...rest] = shape;
  if (held !== count || rest.some((axis) => axis !== 1)) {
    const why = `its labels are ${formatShape(shape)} for ${count} items`;
    throw new DataError({ op: file, why });
  }
  const odd = numbers.findIndex((v: number) => !(Number.isInteger(v) && v >= 0 && v < mostClasses));
  if (odd >= 0) {
    const why = `label ${numbers[odd]} of item ${odd} is no class from 0 to ${mostClasses - 1}`;
    throw new DataError({ op: file, why });
  }
  return numbers;
}
