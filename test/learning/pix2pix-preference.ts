import type { Conclusion, Look } from "../../src/game/conclusion.js";
import type { ConditionalDefinition, NetworkDefinition } from "../../src/game/network.js";
import { uNetDrops, uNetWidths } from "../../src/nn/u-net.js";
import { sizeOf } from "../../src/shape/shape.js";
import { gradients } from "../../src/tensor/gradients.js";
import { concatenate, mean, slice, sum } from "../../src/tensor/operations.js";
import type { Tensor } from "../../src/tensor/tensor.js";
import type { Pairs } from "./pix2pix-measured.js";

type Networks = { readonly G: ConditionalDefinition; readonly D: NetworkDefinition };
export type Pix2pixLook = Look<Networks, { readonly width: number; readonly depth: number }>;

/** Pictures as a game sees them. */
const seen = (items: Uint8Array): Float32Array => Float32Array.from(items, (v) => v / 127.5 - 1);

/** What a user may like, of the scale of −1 … 1: red more than blue, or light where all is grey. */
function warmth(made: Tensor): Tensor {
  if (made.shape[1] === 1) return mean(made, { axes: [1, 2, 3] });
  const channel = (k: number) => slice(made, [undefined, { start: k, end: k + 1 }]);
  return mean(channel(0).minus(channel(2)), { axes: [1, 2, 3] });
}

/** D's mean logit for each picture with what was given. */
const realism = (D: (x: Tensor) => Tensor, given: Tensor, made: Tensor): Tensor =>
  mean(D(concatenate([given, made], 1)), { axes: [1, 2, 3] });

const average = (values: Float32Array): number => values.reduce((s, v) => s + v, 0) / values.length;

/**
 * Preference design over pix2pix's noise: what its dropout multiplies by, from 0 to 2 and 1 at first,
 * climbs what a user likes and what D says together, for some test drawings.
 */
export const preferring =
  (test: Pairs, { count = 24, steps = 30, rate = 0.1, weight = 20 } = {}) =>
  async (look: Pix2pixLook): Promise<Conclusion> => {
    const { given: drawings, shape } = test;
    const n = uNetDrops(uNetWidths(look.hyper.width, look.hyper.depth), drawings.shape);
    const part = (items: Uint8Array, each: readonly number[]) => ({
      shape: [count, ...each],
      data: seen(items.subarray(0, count * sizeOf(each))),
    });
    const [given, x] = [part(drawings.items, drawings.shape), part(test.items, shape)];
    const real = await look.compute(({ D }, pair) => ({ says: realism(D, pair.given, pair.x) }), {
      given,
      x,
    });
    const quarter = [...real.says].sort((a, b) => a - b)[Math.floor(count / 4)]!;
    const noise = new Float32Array(count * n).fill(1);
    const found: { readonly liked: number; readonly says: number }[] = [];
    for (let step = 0; step <= steps; step++) {
      const { liked, says, slope } = await look.compute(
        ({ G, D }, inputs) => {
          const made = G(inputs.given, inputs.z);
          const [likes, real] = [warmth(made), realism(D, inputs.given, made)];
          const [slope] = gradients(sum(likes.times(weight).plus(real)), [inputs.z]);
          return { liked: likes, says: real, slope: slope! };
        },
        { given, z: { shape: [count, n], data: noise.slice() } },
      );
      found.push({ liked: average(liked), says: average(says) });
      for (let i = 0; i < count; i++) {
        const own = slope.subarray(i * n, (i + 1) * n);
        const size = Math.sqrt(own.reduce((s, v) => s + v * v, 0) / n) || 1;
        own.forEach((v, k) => {
          const at = i * n + k;
          noise[at] = Math.min(2, Math.max(0, noise[at]! + (rate * v) / size));
        });
      }
    }
    const [first, last] = [found[0]!, found.at(-1)!];
    return {
      outcomes: [
        { name: "liked before", value: first.liked },
        { name: "liked after", value: last.liked },
        { name: "D before", value: first.says },
        { name: "D after", value: last.says },
        { name: "D of reals, 25th percentile", value: quarter },
      ],
      figures: {},
    };
  };
