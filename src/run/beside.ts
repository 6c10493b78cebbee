import type { Dataset } from "../data/dataset.js";
import { Dealer } from "../game/dealer.js";
import { type Draw, sourceOf } from "../game/draws.js";
import type { Plan } from "../game/plan.js";
import type { Shape } from "../shape/shape.js";
import { descriptionOf } from "./asked.js";
import { gap, type Samples } from "./picture.js";

/** At most so many are shown with what they were made from: each takes three places. */
const most = 32;

/** Which samples they are: those of a run with this plan and seed, on draws that stay the same. */
export interface Origin {
  readonly plan: Plan;
  readonly data: Dataset;
  readonly seed: number;
}

/**
 * Pictures made from pictures, each between what it was made from and the real one: given, made,
 * real, side by side. Others stay as they are.
 */
export function besideTheirs(samples: Samples, { plan, data, seed }: Origin): Samples {
  const { shape } = samples;
  const draws = Object.values(plan.draws);
  const isDealt = draws.some(({ kind }) => kind === "given");
  if (!isDealt || data.given === undefined || shape.length !== 3) return samples;
  const source = sourceOf(descriptionOf({ data }));
  const count = Math.min(most, samples.count);
  const given = dealt(source.given, { data, seed, count });
  const real = dealt(source.items, { data, seed, count });
  const columns: readonly Column[] = [
    { shape: source.given.shape, items: given },
    { shape, items: samples.items },
    { shape: data.shape, items: real },
  ];
  return sideBySide(columns, count);
}

/** What the samples of a run were made from: the items dealt first. */
function dealt(
  draw: Draw,
  { data, seed, count }: { readonly data: Dataset; readonly seed: number; readonly count: number },
): Float32Array {
  const dealer = new Dealer(data, seed);
  const arrays = dealer.allocate({ draw }, count);
  dealer.deal({ draw }, arrays, { purpose: "fixed", turn: 0, group: 0, dealt: 0 });
  return Float32Array.from(Object.values(arrays)[0]!);
}

/** Pictures that stand in one column: as a game sees them, −1 … 1. */
export interface Column {
  readonly shape: Shape;
  readonly items: Float32Array;
}

/** Colour pictures next to each other, enlarged pixel by pixel to the height of the tallest. */
export function sideBySide(columns: readonly Column[], count: number): Samples {
  const height = Math.max(...columns.map(({ shape }) => shape[1]!));
  const widths = columns.map(({ shape }) => Math.round((shape[2]! * height) / shape[1]!));
  const width = widths.reduce((sum, w) => sum + w + gap, -gap);
  const items = new Float32Array(count * 3 * height * width).fill(1);
  let left = 0;
  columns.forEach(({ shape, items: from }, k) => {
    const [channels, h, w] = shape as readonly [number, number, number]; // pictures have three axes
    for (let i = 0; i < count; i++) {
      for (let c = 0; c < 3; c++) {
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < widths[k]!; x++) {
            const row = Math.floor((y * h) / height);
            const place = (i * channels + Math.min(c, channels - 1)) * h + row;
            const value = from[place * w + Math.floor((x * w) / widths[k]!)]!;
            items[((i * 3 + c) * height + y) * width + left + x] = value;
          }
        }
      }
    }
    left += widths[k]! + gap;
  });
  return { shape: [3, height, width], count, items };
}
