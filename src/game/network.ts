import type { Initializer } from "../nn/initializers.js";
import {
  type BuiltLayer,
  fromFunction,
  type Kept,
  type Layer,
  type Scope,
  type Step,
} from "../nn/layer.js";
import { locate, ShapeError } from "../shape/error.js";
import { type Shape, sameShape } from "../shape/shape.js";
import type { Tensor } from "../tensor/tensor.js";

/** A network before it has a name: its input's shape without the batch, and its layers. */
export interface NetworkDefinition {
  readonly kind: "network";
  readonly input: Shape;
  readonly built: BuiltLayer;
}

/** A tensor that a player owns as it is: an image, a latent, a code. */
export interface TensorDefinition {
  readonly kind: "tensor";
  readonly kept: Kept;
}

/** What can be owned. */
export type Owned = NetworkDefinition | TensorDefinition;

/** Layers from an input of this shape (without the batch). */
export function network(input: Shape, layers: Step): NetworkDefinition {
  const layer: Layer = typeof layers === "function" ? fromFunction(layers) : layers;
  let built: BuiltLayer | undefined;
  return {
    kind: "network",
    input,
    // Not built before it has a name, so that a shape error can say which network it is in.
    get built() {
      built ??= layer.build(input);
      return built;
    },
  };
}

/** Settles every shape of a system's networks; an error says which one it is in. */
export function build<N extends Readonly<Record<string, Owned>>>(owned: N): N {
  for (const [name, definition] of Object.entries(owned)) {
    if (definition.kind === "network") locate(name, () => definition.built);
  }
  return owned;
}

/** A tensor to be owned by itself, with its whole shape. */
export const tensor = (shape: Shape, initial: Initializer): TensorDefinition => ({
  kind: "tensor",
  kept: { shape, initial },
});

/** How losses see what is owned: networks as functions of a batch, tensors as themselves. */
export type View<N extends Readonly<Record<string, Owned>>> = {
  readonly [K in keyof N]: N[K] extends TensorDefinition ? Tensor : (x: Tensor) => Tensor;
};

/** Everything a definition keeps, by its full name: `D.3.weight`. */
export function keptBy(
  owned: Readonly<Record<string, Owned>>,
  which: "parameters" | "state",
): Record<string, Kept> {
  const kept: Record<string, Kept> = {};
  for (const [name, definition] of Object.entries(owned)) {
    if (definition.kind === "tensor") {
      if (which === "parameters") kept[name] = definition.kept;
      continue;
    }
    for (const [inner, k] of Object.entries(definition.built[which])) kept[`${name}.${inner}`] = k;
  }
  return kept;
}

export interface Binding {
  /** The tensor that stands for a parameter, by its full name. */
  parameter(name: string): Tensor;
  /** The present value of a piece of state, by its full name. */
  state(name: string): Tensor;
  update(name: string, value: Tensor): void;
  readonly training: boolean;
}

/** Makes owned things callable. A network called twice with one tensor is computed, and counted, once. */
export function bind<N extends Readonly<Record<string, Owned>>>(
  owned: N,
  binding: Binding,
): View<N> {
  const view: Record<string, Tensor | ((x: Tensor) => Tensor)> = {};
  for (const [name, definition] of Object.entries(owned)) {
    view[name] =
      definition.kind === "tensor" ? binding.parameter(name) : callable(name, definition, binding);
  }
  return view as View<N>; // made from N's own entries
}

function callable(
  name: string,
  { input, built }: NetworkDefinition,
  binding: Binding,
): (x: Tensor) => Tensor {
  const scope: Scope = {
    parameter: (inner) => binding.parameter(`${name}.${inner}`),
    state: (inner) => binding.state(`${name}.${inner}`),
    update: (inner, value) => binding.update(`${name}.${inner}`, value),
    training: binding.training,
  };
  const calls = new Map<Tensor, Tensor>();
  return (x) => {
    if (!sameShape(x.shape.slice(1), input)) {
      const operands = [
        { label: "given", value: x.shape },
        { label: "built for", value: ["b", ...input].join(" ").replace(/^/, "[").concat("]") },
      ];
      throw new ShapeError({ op: name, why: "was built for another shape", operands });
    }
    const known = calls.get(x);
    if (known !== undefined) return known;
    const y = built.apply(x, scope);
    calls.set(x, y);
    return y;
  };
}
