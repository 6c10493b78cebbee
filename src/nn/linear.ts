import { ShapeError } from "../shape/error.js";
import { type Shape, sizeOf } from "../shape/shape.js";
import { matmul, reshape } from "../tensor/operations.js";
import { filled, type Initializer, scaledUniform } from "./initializers.js";
import { type Layer, simple } from "./layer.js";

export interface LinearOptions {
  /** Whether something is added to each output. */
  readonly bias?: boolean;
  /** U(−1/√in, 1/√in) when left out, as in PyTorch. */
  readonly initial?: Initializer;
}

/**
 * A matrix and a bias: `[b in] → [b out]`; the weight is `[in out]`.
 *
 * @throws {ShapeError} when the input has more axes; put `flatten` before it.
 *
 * @example network([64], linear(10)).built.output; // → [10]
 */
export function linear(out: number, { bias = true, initial }: LinearOptions = {}): Layer {
  const name = `linear ${out}`;
  return {
    name,
    build(shape) {
      if (shape.length !== 1) {
        throw new ShapeError({
          op: "linear",
          why: "needs one axis besides the batch",
          operands: [{ label: "input", value: shape }],
          hint: "put flatten before it",
        });
      }
      const fanIn = shape[0]!;
      return simple({
        name,
        output: [out],
        parameters: {
          weight: { shape: [fanIn, out], initial: initial ?? scaledUniform(fanIn) },
          ...(bias ? { bias: { shape: [out], initial: biasOf(initial, fanIn) } } : {}),
        },
        apply(x, scope) {
          const y = matmul(x, scope.parameter("weight"));
          return bias ? y.plus(scope.parameter("bias")) : y;
        },
      });
    },
  };
}

/** PyTorch's own bias beside its own weights; zero beside any other choice. */
export const biasOf = (initial: Initializer | undefined, fanIn: number): Initializer =>
  initial === undefined ? scaledUniform(fanIn) : filled(0);

/**
 * One axis becomes several: `[b n] → [b …shape]`
 *
 * @throws {ShapeError} when n elements do not fill the shape.
 *
 * @example network([48], unflatten(3, 4, 4)).built.output; // → [3,4,4]
 */
export const unflatten = (...shape: Shape): Layer => {
  const name = `unflatten ${shape.join("×")}`;
  return {
    name,
    build(from) {
      if (sizeOf(from) !== sizeOf(shape)) {
        const operands = [
          { label: "from", value: from },
          { label: "to", value: shape },
        ];
        const why = `${sizeOf(from)} elements do not fill ${sizeOf(shape)} places`;
        throw new ShapeError({ op: "unflatten", why, operands });
      }
      return simple({ name, output: shape, apply: (x) => reshape(x, [x.shape[0]!, ...shape]) });
    },
  };
};
