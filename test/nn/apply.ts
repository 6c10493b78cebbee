import type { BuiltLayer, Scope } from "../../src/nn/layer.js";
import { input, type Tensor } from "../../src/tensor/tensor.js";

/** A built layer applied to a tensor, with an input for everything that it keeps. */
export interface Applied {
  readonly y: Tensor;
  readonly parameters: Readonly<Record<string, Tensor<"input">>>;
  readonly state: Readonly<Record<string, Tensor<"input">>>;
  /** Uniform numbers that the layer asked for, in order. */
  readonly chance: readonly Tensor<"input">[];
  /** What the layer wrote, by name. */
  readonly updates: ReadonlyMap<string, Tensor>;
}

const inputsFor = (kept: BuiltLayer["parameters"]): Record<string, Tensor<"input">> =>
  Object.fromEntries(Object.entries(kept).map(([name, { shape }]) => [name, input(name, shape)]));

export interface ApplyOptions {
  readonly training?: boolean;
  /** Tensors already made for its parameters, in their order. */
  readonly own?: readonly Tensor[];
  readonly condition?: Tensor;
}

/** Applies a layer. */
export function apply(
  built: BuiltLayer,
  x: Tensor,
  { training = true, own, condition }: ApplyOptions = {},
): Applied {
  const parameters = inputsFor(built.parameters);
  const state = inputsFor(built.state);
  const updates = new Map<string, Tensor>();
  const chance: Tensor<"input">[] = [];
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
    condition,
    uniform(shape) {
      const numbers = input(`chance ${chance.length}`, shape);
      chance.push(numbers);
      return numbers;
    },
  };
  return { y: built.apply(x, scope), parameters, state, updates, chance };
}
