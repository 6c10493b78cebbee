import { ConfigurationError } from "../shape/error.js";
import { type Shape, sizeOf } from "../shape/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import type { BuiltLayer, Kept, Layer, Scope } from "./layer.js";

/** The weight of a wrapped layer. */
export interface Weight {
  readonly shape: Shape;
  /** The axis that counts its outputs, and how many there are. */
  readonly axis: number;
  readonly outputs: number;
  /** Numbers that each output is made of. */
  readonly fanIn: number;
}

/** What a wrapper changes of the layer inside. */
export interface Reweighting {
  /** First values and state that the wrapper wants, by name; others stay. */
  readonly parameters?: Readonly<Record<string, Kept>>;
  readonly state?: Readonly<Record<string, Kept>>;
  /** The tensors that the layer inside sees in place of its parameters, by name. */
  seen(scope: Scope): Readonly<Record<string, Tensor>>;
}

/**
 * A layer with a `weight`, which it sees changed each time that it is applied; names of parameters
 * stay, and the row in the architecture table tells of the change.
 *
 * @throws {ConfigurationError} when the layer has no weight of its own.
 */
export function reweighted(
  { op, told }: { readonly op: string; readonly told: string },
  layer: Layer,
  change: (weight: Weight, inner: BuiltLayer) => Reweighting,
): Layer {
  const name = `${layer.name}, ${told}`;
  return {
    name,
    build(shape, condition) {
      const inner = layer.build(shape, condition);
      const { parameters = {}, state = {}, seen } = change(weightOf(op, layer, inner), inner);
      return {
        output: inner.output,
        parameters: { ...inner.parameters, ...parameters },
        state: { ...inner.state, ...state },
        rows: inner.rows.map((row) => ({ ...row, name: `${row.name}, ${told}` })),
        apply(x, scope) {
          const instead = seen(scope);
          const parameter = (key: string): Tensor => instead[key] ?? scope.parameter(key);
          return inner.apply(x, { ...scope, parameter });
        },
      };
    },
  };
}

function weightOf(op: string, { name }: Layer, { parameters }: BuiltLayer): Weight {
  const { weight } = parameters;
  if (weight === undefined) {
    const isComposed = Object.keys(parameters).some((key) => key.includes("."));
    const cure = isComposed ? { hint: "wrap the layers inside" } : {};
    throw new ConfigurationError({ op, why: `${name} has no weight of its own`, ...cure });
  }
  const { shape } = weight;
  const axis = weight.out ?? (shape.length === 2 ? 1 : 0);
  const outputs = shape[axis]!;
  return { shape, axis, outputs, fanIn: sizeOf(shape) / outputs };
}
