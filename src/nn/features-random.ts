import { ConfigurationError } from "../shape/error.js";
import { Random } from "../shape/random.js";
import type { Shape } from "../shape/shape.js";
import type { FrozenNetwork, KnownTensor } from "./features.js";
import { type VggLayout, vgg, vggShapes } from "./features-vgg.js";
import { orthogonalValues } from "./orthogonal.js";

/** What random features are made of; everything has a default. */
export interface RandomVggOptions {
  /** Channels of each block, of which each sees half of the size of the one before: 16, 32, 64, 128. */
  readonly widths?: readonly number[];
  /** Convolutions in each block: 2 everywhere. */
  readonly depths?: readonly number[];
  /** Another seed is another network: 0. */
  readonly seed?: number;
}

const known = new Map<string, Readonly<Record<string, KnownTensor>>>();

/**
 * A network like VGG that was never trained, for `features`: its filters are drawn at random, at
 * right angles to each other, and scaled so that every channel has mean 0 and deviation 1 before its
 * activation on smooth noise with the spectrum of photographs. `[b 3 h w] → [b c t u]`
 *
 * It needs no download, and compares edges, colours and textures at several scales. It knows no
 * objects: what a trained network would call the same, such as a face and its mirror image, it tells
 * apart. Ustyuzhaninov et al. 2016, "Texture synthesis using shallow convolutional networks with
 * random filters", section 3, and He, Wang & Hopcroft 2016, "A powerful generative model using random
 * weights for the deep image representation", section 4, use such networks.
 *
 * @throws {ConfigurationError} when there is a width for each block, and not a depth.
 *
 * @example
 * randomVgg({ widths: [8, 16] }).name; // → "random features 8-16"
 */
export function randomVgg(options: RandomVggOptions = {}): FrozenNetwork {
  const { widths = [16, 32, 64, 128], seed = 0 } = options;
  const depths = options.depths ?? widths.map(() => 2);
  const each = [...widths, ...depths];
  if (widths.length !== depths.length || each.some((n) => !(Number.isSafeInteger(n) && n >= 1))) {
    const why = `expected as many depths as widths, received [${depths.join(" ")}] and [${widths.join(" ")}]`;
    throw new ConfigurationError({ op: "randomVgg", why });
  }
  const layout = { widths, depths };
  const usual = depths.every((depth) => depth === 2);
  const parts = [
    `random features ${widths.join("-")}`,
    ...(usual ? [] : [`${depths.join("-")} convolutions`]),
    ...(seed === 0 ? [] : [`seed ${seed}`]),
  ];
  const key = parts.join(", ");
  const drawn = (name: string): Float32Array => {
    const weights = known.get(key) ?? standardized(layout, seed);
    known.set(key, weights);
    return weights[name]!.values;
  };
  const weights = Object.entries(vggShapes(layout)).map(([name, shape]): [string, KnownTensor] => [
    name,
    {
      shape,
      // Drawn when they are needed: descriptions have no use for them.
      get values() {
        return drawn(name);
      },
    },
  ]);
  return vgg({ ...layout, name: key, weights: Object.fromEntries(weights) });
}

/** Planes of one size, one after another. */
interface Planes {
  readonly count: number;
  readonly side: number;
  readonly values: Float64Array;
}

const pictures = 2;
const smallestEnd = 4;
/** Where there are many halvings, fewer places are left at the end instead. */
const largestSide = 64;

/** Draws every layer, and scales it by what it makes of noise. */
function standardized(layout: VggLayout, seed: number): Record<string, KnownTensor> {
  const weights: Record<string, KnownTensor> = {};
  const halvings = 2 ** layout.widths.length;
  const side = Math.max(32, halvings, Math.min(largestSide, smallestEnd * halvings));
  let seen = Array.from({ length: pictures }, (_, i) => smoothNoise(side, i));
  layout.depths.forEach((depth, block) => {
    for (let i = 0; i < depth; i++) {
      const name = `conv${block + 1}_${i + 1}`;
      const shape: Shape = [layout.widths[block]!, seen[0]!.count, 3, 3];
      const random = new Random({ seed, purpose: `random features ${name}` });
      const values = orthogonalValues(shape, 1, random);
      const made = seen.map((planes) => convolved(planes, values));
      const bias = standardize(made, values);
      weights[`${name}.weight`] = { shape, values: Float32Array.from(values) };
      weights[`${name}.bias`] = { shape: [shape[0]!], values: bias };
      seen = made;
    }
    seen = seen.map(halved);
  });
  return weights;
}

/** Scales filters `[out in 3 3]` in place, and what they made likewise and rectified; returns biases. */
function standardize(made: readonly Planes[], filters: Float64Array): Float32Array {
  const { count, side } = made[0]!;
  const place = side * side;
  const each = filters.length / count;
  const bias = new Float32Array(count);
  for (let c = 0; c < count; c++) {
    const planes = made.map(({ values }) => values.subarray(c * place, (c + 1) * place));
    const n = place * planes.length;
    const mean = planes.reduce((sum, plane) => sum + plane.reduce((a, b) => a + b, 0), 0) / n;
    const squares = planes.reduce((sum, p) => sum + p.reduce((a, v) => a + (v - mean) ** 2, 0), 0);
    const scale = 1 / Math.sqrt(squares / n + 1e-12);
    bias[c] = -mean * scale;
    for (let k = c * each; k < (c + 1) * each; k++) filters[k]! *= scale;
    for (const plane of planes) {
      for (let k = 0; k < place; k++) plane[k] = Math.max(0, (plane[k]! - mean) * scale);
    }
  }
  return bias;
}

/** 3×3, with zeros around. */
function convolved({ count, side, values }: Planes, filters: Float64Array): Planes {
  const out = filters.length / (9 * count);
  const place = side * side;
  const made = new Float64Array(out * place);
  for (let o = 0; o < out; o++) {
    const plane = made.subarray(o * place, (o + 1) * place);
    for (let c = 0; c < count; c++) {
      const from = c * place;
      for (let k = 0; k < 9; k++) {
        const weight = filters[(o * count + c) * 9 + k]!;
        const [down, across] = [Math.floor(k / 3) - 1, (k % 3) - 1];
        const [top, bottom] = [Math.max(0, -down), Math.min(side, side - down)];
        const [left, right] = [Math.max(0, -across), Math.min(side, side - across)];
        for (let y = top; y < bottom; y++) {
          const at = from + (y + down) * side + across;
          for (let x = left; x < right; x++) plane[y * side + x]! += weight * values[at + x]!;
        }
      }
    }
  }
  return { count: out, side, values: made };
}

/** The largest of each 2×2 window. */
function halved({ count, side, values }: Planes): Planes {
  const half = side / 2;
  const made = new Float64Array(count * half * half);
  for (let i = 0; i < made.length; i++) {
    const [row, x] = [Math.floor(i / half), i % half];
    const at = 2 * row * side + 2 * x;
    const [a, b] = [values[at]!, values[at + 1]!];
    made[i] = Math.max(a, b, values[at + side]!, values[at + side + 1]!);
  }
  return { count, side: half, values: made };
}

/**
 * A picture `[3 side side]` from −1 to 1 of noise at every scale, each as strong as the others: the
 * spectrum of photographs falls like that. Colours mostly go together.
 */
function smoothNoise(side: number, index: number): Planes {
  const values = new Float64Array(3 * side * side);
  for (let c = -1; c < 3; c++) {
    const share = c < 0 ? 0.4 : 0.15;
    for (let grid = 2; grid <= side; grid *= 2) {
      const random = new Random({ seed: 0, purpose: `noise ${c} ${grid}`, at: [index] });
      const nodes = Float64Array.from({ length: (grid + 1) ** 2 }, () => random.normal());
      for (let i = 0; i < side * side; i++) {
        const level =
          share * interpolated(nodes, grid, { row: Math.floor(i / side), x: i % side, side });
        const planes = c < 0 ? [0, 1, 2] : [c];
        for (const plane of planes) values[plane * side * side + i]! += level;
      }
    }
  }
  return { count: 3, side, values: values.map((v) => Math.max(-1, Math.min(1, v))) };
}

/** Between the nodes of a grid, linearly. */
function interpolated(
  nodes: Float64Array,
  grid: number,
  { row, x, side }: { readonly row: number; readonly x: number; readonly side: number },
): number {
  const [v, u] = [(row * grid) / side, (x * grid) / side];
  const [top, left] = [Math.floor(v), Math.floor(u)];
  const [s, t] = [v - top, u - left];
  const at = top * (grid + 1) + left;
  const upper = nodes[at]! * (1 - t) + nodes[at + 1]! * t;
  const lower = nodes[at + grid + 1]! * (1 - t) + nodes[at + grid + 2]! * t;
  return upper * (1 - s) + lower * s;
}
