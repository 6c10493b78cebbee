import { axes } from "../shape/axes.js";
import { locate, ShapeError } from "../shape/error.js";
import { sameShape } from "../shape/shape.js";
import { matmul, reshape, transpose } from "../tensor/operations.js";
import { softmax } from "./activations.js";
import { conv } from "./convolution.js";
import { filled } from "./initializers.js";
import { type BuiltLayer, countOf, type Layer, prefixed, scopeOf } from "./layer.js";

/** Options of self-attention. */
export interface SelfAttentionOptions {
  /** How many times fewer channels the places are compared in. */
  readonly reduce?: number;
  /** How its three 1×1 convolutions are made, such as with spectral norm. */
  readonly conv?: (out: number) => Layer;
}

/**
 * Lets every place of a picture look at all others: `[b c h w] → [b c h w]`.
 *
 *   oⱼ = Σᵢ softmaxᵢ(f(xᵢ)ᵀ g(xⱼ)) h(xᵢ),   y = γ o + x
 *
 * Zhang, Goodfellow, Metaxas & Odena 2018, "Self-attention GANs", equations 1 to 3, without maximum
 * pooling; γ begins at 0, so that the layer begins as the identity.
 *
 * @throws {ShapeError} when the input is no picture, `reduce` does not divide its channels, or a
 *   convolution changes its size.
 * @example
 * selfAttention().build([64, 8, 8]).output; // → [64,8,8]
 */
export function selfAttention(options: SelfAttentionOptions = {}): Layer {
  const { reduce = 8, conv: make = (out) => conv(out, { kernel: 1 }) } = options;
  const name = "self-attention";
  return {
    name,
    build(shape, condition) {
      const [c, h, w] = shape;
      const fail = (why: string): never => {
        const operands = [{ label: "input", value: shape, axes: "c h w" }];
        throw new ShapeError({ op: "selfAttention", why, operands });
      };
      if (c === undefined || h === undefined || w === undefined || shape.length !== 3)
        return fail(`needs three axes besides the batch, has ${shape.length}`);
      if (c % reduce !== 0) return fail(`${reduce} does not divide ${c} channels`);
      const built = (part: string, out: number): BuiltLayer =>
        locate(part, () => {
          const inner = make(out).build(shape, condition);
          const wanted = [out, h, w];
          if (sameShape(inner.output, wanted)) return inner;
          const why = "its convolutions change the shape";
          const operands = [
            { label: "wanted", value: wanted },
            { label: "made", value: inner.output },
          ];
          throw new ShapeError({ op: "selfAttention", why, operands });
        });
      const [f, g, v] = [built("f", c / reduce), built("g", c / reduce), built("h", c)];
      const parameters = {
        ...prefixed("f", f.parameters),
        ...prefixed("g", g.parameters),
        ...prefixed("h", v.parameters),
        gamma: { shape: [], initial: filled(0) },
      };
      return {
        output: shape,
        parameters,
        state: { ...prefixed("f", f.state), ...prefixed("g", g.state), ...prefixed("h", v.state) },
        rows: [{ name, output: shape, parameters: countOf(parameters) }],
        apply(x, scope) {
          const { b } = axes(x, "b _ _ _");
          const places = h * w;
          const keys = reshape(f.apply(x, scopeOf(scope, "f")), [b, c / reduce, places]);
          const queries = reshape(g.apply(x, scopeOf(scope, "g")), [b, c / reduce, places]);
          const values = reshape(v.apply(x, scopeOf(scope, "h")), [b, c, places]);
          // Row i, column j: how much place i gives to place j.
          const share = softmax(matmul(transpose(keys, [0, 2, 1]), queries), 1);
          const seen = reshape(matmul(values, share), x.shape);
          return seen.times(scope.parameter("gamma")).plus(x);
        },
      };
    },
  };
}
