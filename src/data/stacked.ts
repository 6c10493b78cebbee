import { ShapeError } from "../shape/error.js";
import { readItems } from "../shape/items.js";
import { Random } from "../shape/random.js";
import { checkWhole } from "./check.js";
import type { Dataset } from "./dataset.js";
import { fingerprintOf } from "./fingerprint.js";
import { sharedBytes, sharedFloats, sharedInts } from "./memory.js";

/** What stands before a source of grey pictures that are to be stacked: `stacked:mnist`. */
export const stackedPrefix = "stacked:";

const channels = 3;
const chunk = 512;

/**
 * Colour pictures of three grey ones each, drawn at random: `[1 h w] → [3 h w]`, labelled with all
 * three classes, the red one first (7, 0 and 4 are class 704 of 1,000). Stacked MNIST when the
 * pictures are MNIST's. `count` pictures are drawn with `seed`; 128,000 of 28 × 28 take 300 MB.
 *
 * Metz et al. 2017, "Unrolled GANs", section 3.3; the count is that of Lin et al. 2018, "PacGAN",
 * section 4.2.
 *
 * @throws {ShapeError} when the pictures are not grey.
 *
 * @example
 * const grey = data.from(new Uint8Array(20 * 64), { shape: [1, 8, 8] });
 * data.stacked(grey, { count: 50 }).shape; // → [3,8,8]
 */
export function stacked(
  pictures: Dataset,
  { count = 128_000, seed = 0 }: { readonly count?: number; readonly seed?: number } = {},
): Dataset {
  checkWhole("stacked", { count, seed });
  const [depth = 0, height = 0, width = 0] = pictures.shape;
  if (pictures.kind !== "pictures" || depth !== 1) {
    const operands = [{ label: pictures.name, value: pictures.shape }];
    throw new ShapeError({ op: "stacked", why: "stacks grey pictures, [1 h w]", operands });
  }
  const each = height * width;
  const size = count * channels * each;
  const items = pictures.flux === undefined ? sharedBytes(size) : sharedFloats(size);
  const labels = pictures.labels && sharedInts(count);
  const random = new Random({ seed, purpose: "data/stacked" });
  const total = pictures.classes.length;
  for (let start = 0; start < count; start += chunk) {
    const many = Math.min(chunk, count - start);
    const places = Array.from({ length: many * channels }, () => random.integer(pictures.count));
    items.set(readItems(pictures, places), start * channels * each);
    if (labels === undefined || pictures.labels === undefined) continue;
    for (let i = 0; i < many * channels; i++) {
      const at = start + Math.floor(i / channels);
      labels[at] = labels[at]! * total + pictures.labels[places[i]!]!;
    }
  }
  const data = {
    name: `stacked-${pictures.name}`,
    kind: "pictures",
    shape: [channels, height, width],
    count,
    items,
    labels,
    classes: labels === undefined ? [] : combinations(pictures.classes),
    modes: undefined,
    skipped: pictures.skipped,
  } as const;
  const light = pictures.flux === undefined ? {} : { flux: pictures.flux };
  return { ...data, ...light, fingerprint: fingerprintOf(data) };
}

function combinations(names: readonly string[]): string[] {
  const between = names.every((name) => name.length === 1) ? "" : "-";
  return names.flatMap((a) => names.flatMap((b) => names.map((c) => [a, b, c].join(between))));
}
