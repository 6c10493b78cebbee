import type { BuiltLayer, Scope } from "../../src/nn/layer.js";
import { input, type Tensor } from "../../src/tensor/tensor.js";

/** A built layer applied to a tensor, with an input for everything that it keeps. */
export interface Applied {
  readonly y: Tensor;
  readonly parameters: Readonly<Record<string, Tensor<"input">>>;
  readonly state: Readonly<Record<string, Tensor<"input">>>;
  /** What the layer wrote, by name. */
  readonly updates: ReadonlyMap<string, Tensor>;
}

const inputsFor = (kept: BuiltLayer["parameters"]): Record<string, Tensor<"input">> =>
  Object.fromEntries(Object.entries(kept).map(([name, { shape }]) => [name, input(name, shape)]));

/** Applies a layer; tensors already made for its parameters may be given in their order. */
export function apply(
  built: BuiltLayer,
  x: Tensor,
  { training = true, own }: { readonly training?: boolean; readonly own?: readonly Tensor[] } = {},
): Applied {
  const parameters = inputsFor(built.parameters);
  const state = inputsFor(built.state);
  const updates = new Map<string, Tensor>();
  const given = new Map(Object.keys(parameters).map((name, i) => [name, own?.[i]]));
  const known = (table: Readonly<Record<string, Tensor>>, name: string): Tensor => {
    const tensor = table[name];
    if (tensor === undefined) throw new Error(`the layer keeps no ${name}`);
    return tensor;
  };
  const scope: Scope = {
    parameter: (name) => given.get(name) ?? known(parameters, name),
    state: (name) => updates.get(name) ?? known(state, name),
    update: (name, value) => updates.set(name, value),
    training,
  };
  return { y: built.apply(x, scope), parameters, state, updates };
}
