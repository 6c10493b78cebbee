import { ShapeError } from "../shape/error.js";
import type { Shape } from "../shape/shape.js";
import { leakyRelu, reshape, slice } from "../tensor/operations.js";
import { adaptiveInstanceNorm } from "./adain.js";
import { filled } from "./initializers.js";
import { type BuiltLayer, type Layer, prefixed, scopeOf } from "./layer.js";

/**
 * What follows every convolution of StyleGAN's generator, in the order of the authors' code:
 * noise, the same for all channels and weighted by each; a bias; leaky ReLU; instance norm; a style.
 * `x [b c h w]`, told `[b n + h·w] → [b c h w]`: n numbers of style, then one of noise for each pixel.
 *
 * Karras, Laine & Aila 2019, "A style-based generator architecture", figure 1b; `layer_epilogue`.
 *
 * @throws {ShapeError} when the input is no picture, or its network is told too few numbers.
 * @example
 * const layers = chain(conv(8), styleEpilogue());
 * network([3, 4, 4], layers, { condition: [32 + 4 * 4] }).built.output; // → [8,4,4]
 */
export function styleEpilogue(): Layer {
  const name = "noise, bias, leaky ReLU, style";
  return {
    name,
    build(shape, condition): BuiltLayer {
      const [channels, height, width] = shape;
      const told = condition?.shape.length === 1 ? condition.shape[0]! : 0;
      if (shape.length !== 3) fail("needs three axes besides the batch", { input: shape });
      const places = height! * width!;
      if (condition?.type !== "float32" || told <= places) {
        const value = condition?.shape ?? "none";
        fail(`needs a style and ${places} numbers of noise`, { input: shape, condition: value });
      }
      const n = told - places;
      const norm = adaptiveInstanceNorm().build(shape, { shape: [n], type: "float32" });
      const own = {
        noise: { shape: [channels!], initial: filled(0) },
        bias: { shape: [channels!], initial: filled(0) },
      };
      const row = norm.rows[0]!;
      return {
        output: shape,
        parameters: { ...own, ...prefixed("norm", norm.parameters) },
        state: {},
        rows: [{ name, output: shape, parameters: row.parameters + 2 * channels! }],
        apply(x, scope) {
          const b = x.shape[0]!;
          const both = scope.condition!; // `build` was given one
          const spread = (key: string) => reshape(scope.parameter(key), [1, channels!, 1, 1]);
          const noise = reshape(slice(both, [undefined, { start: n, end: n + places }]), [
            b,
            1,
            height!,
            width!,
          ]);
          const style = slice(both, [undefined, { start: 0, end: n }]);
          const seen = leakyRelu(x.plus(noise.times(spread("noise"))).plus(spread("bias")));
          return norm.apply(seen, { ...scopeOf(scope, "norm"), condition: style });
        },
      };
    },
  };
}

function fail(why: string, named: Readonly<Record<string, Shape | string>>): never {
  const operands = Object.entries(named).map(([label, value]) => ({ label, value }));
  throw new ShapeError({ op: "styleEpilogue", why, operands });
}
