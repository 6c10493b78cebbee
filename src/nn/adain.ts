import { ShapeError } from "../shape/error.js";
import type { Shape } from "../shape/shape.js";
import { reshape, slice } from "../tensor/operations.js";
import type { Tensor } from "../tensor/tensor.js";
import { equalized } from "./equalized.js";
import { type BuiltLayer, type Condition, type Layer, prefixed, scopeOf } from "./layer.js";
import { linear } from "./linear.js";
import { instanceNorm } from "./norms.js";

/** Options of adaptive instance norm. */
export interface AdaptiveInstanceNormOptions {
  /** Added to the variance. */
  readonly eps?: number;
}

/**
 * Normalizes each channel of each item by itself and gives it the scale and the shift that follow
 * from a style: `x [b c h w]`, told `[b n] → [b c h w]`, `norm(x) (s₀ + 1) + s₁` with
 * `(s₀, s₁) = A w`, an equalized linear layer.
 *
 * Huang & Belongie 2017, "Arbitrary style transfer in real-time with adaptive instance
 * normalization", equation 8; affine, and with 1 added to the scale, as in StyleGAN (Karras, Laine &
 * Aila 2019, equation 1, and the authors' code).
 *
 * @throws {ShapeError} when the input is no picture, or its network is told no numbers `[b n]`.
 * @example
 * const layers = chain(conv(8), adaptiveInstanceNorm());
 * network([3, 16, 16], layers, { condition: [32] }).built.output; // → [8,16,16]
 */
export function adaptiveInstanceNorm({ eps = 1e-8 }: AdaptiveInstanceNormOptions = {}): Layer {
  const name = "adaptive instance norm";
  return {
    name,
    build(shape, condition): BuiltLayer {
      const channels = shape[0] ?? 0;
      const norm = instanceNorm({ eps }).build(shape);
      const style = styleOf(channels).build(toldIn("adaptiveInstanceNorm", condition));
      const parameters = prefixed("style", style.parameters);
      return {
        output: shape,
        parameters,
        state: {},
        rows: [{ name, output: shape, parameters: style.rows[0]!.parameters }],
        apply(x, scope) {
          // `build` was given a condition, so the network is told one.
          const told = style.apply(scope.condition!, scopeOf(scope, "style"));
          return styledBy(norm.apply(x, scope), told);
        },
      };
    },
  };
}

/** A style for so many channels: scales first, then shifts. */
const styleOf = (channels: number): Layer => equalized(linear(2 * channels), { gain: 1 });

/** `y (s₀ + 1) + s₁`: `y [b c h w], [b 2c] → [b c h w]`. */
function styledBy(y: Tensor, told: Tensor): Tensor {
  const [b, c] = y.shape as readonly [number, number]; // a picture
  const spread = [b, c, ...y.shape.slice(2).map(() => 1)];
  const part = (start: number): Tensor =>
    reshape(slice(told, [undefined, { start, end: start + c }]), spread);
  return y.times(part(0).plus(1)).plus(part(c));
}

/** The shape of the numbers that a network is told. */
function toldIn(op: string, condition: Condition | undefined): Shape {
  if (condition?.type === "float32" && condition.shape.length === 1) return condition.shape;
  const value =
    condition === undefined ? "none" : `${condition.type} [${["b", ...condition.shape].join(" ")}]`;
  const operands = [{ label: "condition", value }];
  throw new ShapeError({ op, why: "needs a condition of numbers [b n]", operands });
}
