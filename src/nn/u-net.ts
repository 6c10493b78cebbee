import { ConfigurationError, locate, ShapeError } from "../shape/error.js";
import { type Shape, sizeOf } from "../shape/shape.js";
import { concatenate, leakyRelu, relu, reshape, slice, tanh } from "../tensor/operations.js";
import type { Tensor } from "../tensor/tensor.js";
import { batchNorm } from "./batch-norm.js";
import { conv, deconv } from "./convolution.js";
import { dropout } from "./dropout.js";
import { type Initializer, normalWith } from "./initializers.js";
import { asLayer, type BuiltLayer, type Layer, prefixed, type Step, scopeOf } from "./layer.js";

/** Options of a U-Net; what is left out is pix2pix's. */
export interface UNetOptions {
  /** Channels after each halving, outside in; both sides are halved as often as there are widths. */
  readonly widths: readonly number[];
  /** Channels of what it makes. */
  readonly channels: number;
  /** What follows convolutions, but the first, the innermost and the last; batch norm when left out. */
  readonly norm?: () => Step;
  /** How likely a number of the three innermost blocks on the way up is dropped. */
  readonly dropout?: number;
  /** First weights; N(0, 0.02) when left out. */
  readonly initial?: Initializer;
  /** What the last convolution's numbers go through; `tanh` when left out. */
  readonly last?: (x: Tensor) => Tensor;
}

/**
 * The U-Net of pix2pix, `[b c h w] → [b channels h w]`: 4×4 convolutions halve the picture down to
 * the innermost and double it up again, and each block on the way up also sees what the way down
 * had at its size.
 *
 * Numbers are dropped by chance while training and none when sampling. A network that is told
 * something, `uNetDrops` numbers `[b n]`, multiplies by those instead, training or not: 0 or
 * 1/(1 − p) by chance, as `dropsFrom` makes them, or 1 for no dropout.
 *
 * Isola, Zhu, Zhou & Efros 2017, "Image-to-image translation with conditional adversarial networks",
 * appendix 6.1; the innermost is not normalized, as in the authors' code: with a batch of 1 nothing
 * would be left of it.
 *
 * @throws {ShapeError} when a side cannot be halved so often, or it is told another count of numbers.
 * @throws {ConfigurationError} when there are fewer than two widths.
 *
 * @example
 * uNet({ widths: [64, 128, 256], channels: 3 }).build([1, 32, 48]).output; // → [3,32,48]
 */
export function uNet(options: UNetOptions): Layer {
  const { widths, channels, initial = normalWith(0.02), last = tanh, dropout: p = 0.5 } = options;
  const { norm = () => batchNorm({ initial: normalWith(0.02, 1) }) } = options;
  const depth = widths.length;
  if (depth < 2) {
    const why = `expected two widths or more, received ${depth}`;
    throw new ConfigurationError({ op: "uNet", why });
  }
  const outwards = [...widths.slice(0, -1).reverse(), channels];
  const drop = dropout(p);
  return {
    name: "u-net",
    build(shape, condition) {
      checkSides(shape, depth);
      if (condition !== undefined) checkTold(condition.shape, uNetDrops(widths, shape));
      const parts = new Map<string, BuiltLayer>();
      const part = (name: string, step: Step, input: Shape): Shape => {
        const built = locate(name, () => asLayer(step).build(input));
        parts.set(name, built);
        return built.output;
      };
      let at = shape;
      widths.forEach((width, i) => {
        const options = { kernel: 4, stride: 2, initial, bias: false };
        at = part(`down.${i}.conv`, conv(width, options), at);
        if (i > 0 && i < depth - 1) part(`down.${i}.norm`, norm(), at);
      });
      outwards.forEach((width, i) => {
        const isLast = i === depth - 1;
        const made = part(`up.${i}.conv`, deconv(width, { initial, bias: isLast }), at);
        if (!isLast) part(`up.${i}.norm`, norm(), made);
        at = [2 * width, ...made.slice(1)];
      });
      const kept = (which: "parameters" | "state") =>
        Object.assign({}, ...[...parts].map(([name, built]) => prefixed(name, built[which])));
      return {
        output: [channels, ...shape.slice(1)],
        parameters: kept("parameters"),
        state: kept("state"),
        rows: [...parts].flatMap(([name, { rows }]) =>
          rows.map((row) => ({ ...row, name: `${name.split(".")[0]} ${row.name}` })),
        ),
        apply(x, scope) {
          const { condition: told } = scope;
          const after = (name: string, y: Tensor): Tensor =>
            parts.get(name)?.apply(y, scopeOf(scope, name)) ?? y;
          let used = 0;
          const dropped = (y: Tensor): Tensor => {
            const own = y.shape.slice(1);
            if (told === undefined) return drop.build(own).apply(y, scope);
            const start = used;
            used += sizeOf(own);
            return y.times(reshape(slice(told, [undefined, { start, end: used }]), y.shape));
          };
          const seen: Tensor[] = [];
          for (const i of widths.keys()) {
            const before = i === 0 ? x : leakyRelu(seen[i - 1]!);
            seen.push(after(`down.${i}.norm`, after(`down.${i}.conv`, before)));
          }
          let y = seen[depth - 1]!;
          for (const i of outwards.keys()) {
            const both = i === 0 ? y : concatenate([seen[depth - 1 - i]!, y], 1);
            y = after(`up.${i}.norm`, after(`up.${i}.conv`, relu(both)));
            if (i < droppingOf(depth)) y = dropped(y);
          }
          return last(y);
        },
      };
    },
  };
}

/** Blocks on the way up whose numbers are dropped: three, and never the last. */
const droppingOf = (depth: number): number => Math.min(3, depth - 1);

/**
 * How many numbers of a U-Net with these widths can be dropped, for pictures `[c h w]`: what a
 * network that is told its drops is told, `[b n]`.
 *
 * @example
 * uNetDrops([16, 32, 64], [3, 32, 32]); // → 6144
 */
export function uNetDrops(widths: readonly number[], shape: Shape): number {
  const [, height, width] = shape as readonly [number, number, number]; // pictures have three axes
  const depth = widths.length;
  let drops = 0;
  for (let i = 0; i < droppingOf(depth); i++) {
    const shrunk = 2 ** (depth - 1 - i);
    drops += widths[depth - 2 - i]! * (height / shrunk) * (width / shrunk);
  }
  return drops;
}

/**
 * pix2pix's widths for a U-Net that halves pictures `depth` times: twice as many channels each time,
 * up to eight times the first.
 *
 * @example
 * uNetWidths(64, 8); // → [64,128,256,512,512,512,512,512]
 */
export const uNetWidths = (width: number, depth: number): readonly number[] =>
  Array.from({ length: depth }, (_, i) => width * 2 ** Math.min(i, 3));

/**
 * How often both sides of pictures `[c h w]` can be halved, at most eight times, as in pix2pix.
 *
 * @example
 * [uNetDepth([3, 256, 256]), uNetDepth([3, 96, 128])]; // → [8,5]
 */
export function uNetDepth(shape: Shape): number {
  const [, ...sides] = shape;
  let depth = 0;
  while (depth < 8 && sides.every((side) => side % 2 ** (depth + 1) === 0)) depth++;
  return depth;
}

function checkSides(shape: Shape, depth: number): void {
  const [, ...sides] = shape;
  const operands = [{ label: "input", value: shape, axes: "c h w" }];
  if (sides.length !== 2) {
    const why = `needs three axes besides the batch, has ${shape.length}`;
    throw new ShapeError({ op: "uNet", why, operands });
  }
  if (sides.some((side) => side % 2 ** depth !== 0)) {
    const why = `${sides.join("×")} cannot be halved ${depth} times`;
    throw new ShapeError({ op: "uNet", why, operands, hint: "give it fewer widths" });
  }
}

function checkTold(told: Shape, drops: number): void {
  if (told.length === 1 && told[0] === drops) return;
  const operands = [
    { label: "told", value: told },
    { label: "drops", value: [drops] },
  ];
  throw new ShapeError({ op: "uNet", why: "is told other numbers than it can drop", operands });
}
