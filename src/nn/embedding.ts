import { ShapeError } from "../shape/error.js";
import { gather } from "../tensor/operations.js";
import { type Initializer, normalWith } from "./initializers.js";
import { type Layer, simple } from "./layer.js";

/** Options of an embedding. */
export interface EmbeddingOptions {
  /** N(0, 1) when left out, as in PyTorch. */
  readonly initial?: Initializer;
}

/**
 * A learned row for each of `classes`: int32 labels `[b …] → [b … size]`; the weight is
 * `[classes size]`. Alone in a network, `network([], embedding(10, 64))`, it is called with labels.
 *
 * @throws {ShapeError} when it is applied to what is not int32.
 * @example
 * embedding(10, 64).build([]).output; // → [64]
 */
export function embedding(
  classes: number,
  size: number,
  { initial = normalWith(1) }: EmbeddingOptions = {},
): Layer {
  const name = `embedding ${classes} to ${size}`;
  return {
    name,
    build: (shape) =>
      simple({
        name,
        output: [...shape, size],
        // PyTorch's spectral norm takes its rows for outputs.
        parameters: { weight: { shape: [classes, size], initial, out: 0 } },
        apply(x, scope) {
          if (x.type !== "int32") {
            throw new ShapeError({
              op: "embedding",
              why: `needs int32 labels, has ${x.type}`,
              operands: [{ label: "input", value: x.shape }],
            });
          }
          return gather(scope.parameter("weight"), x);
        },
      }),
  };
}
