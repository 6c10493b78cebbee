import {
  type FeaturesDefinition,
  type KnownTensor,
  type Perception,
  perceive,
} from "../nn/features.js";
import type { Initializer } from "../nn/initializers.js";
import {
  asLayer,
  type BuiltLayer,
  type Condition,
  type Kept,
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
  readonly condition: Condition | undefined;
  readonly built: BuiltLayer;
  /** The same layers for pictures of another size, when they are made for any. */
  readonly forSize?: (input: Shape) => BuiltLayer;
}

/** A network that is told something beside its input: `G(z, y)`. */
export interface ConditionalDefinition extends NetworkDefinition {
  readonly condition: Condition;
}

/** A tensor that a player owns as it is: an image, a latent, a code. */
export interface TensorDefinition {
  readonly kind: "tensor";
  readonly kept: Kept;
}

/** What can be owned, and frozen networks, which nobody owns. */
export type Owned =
  | NetworkDefinition
  | ConditionalDefinition
  | TensorDefinition
  | FeaturesDefinition;

/** The names of what players may own: all but frozen networks. */
export type OwnedName<N> = {
  readonly [K in keyof N]: N[K] extends FeaturesDefinition ? never : K;
}[keyof N] &
  string;

export interface NetworkOptions {
  /** What it is told beside its input: `"labels"` (int32 `[b]`), or numbers of a shape, `[b …shape]`. */
  readonly condition: "labels" | Shape;
}

/** A network of convolutions alone. */
export interface AnySizeOptions {
  /** It may be given pictures of any size: its layers are built again for each, and keep their parameters. */
  readonly anySize: true;
}

/**
 * Layers from an input of this shape (without the batch); with a condition, layers inside may look
 * at what the network is told beside its input. Shapes are settled when a system is built, and an
 * error says which network it is in.
 *
 * @example
 * const G = network([64], chain(linear(128), relu, linear(2)));
 * G.built.output; // → [2]
 */
export function network(input: Shape, layers: Step, options?: AnySizeOptions): NetworkDefinition;
export function network(input: Shape, layers: Step, options: NetworkOptions): ConditionalDefinition;
export function network(
  input: Shape,
  layers: Step,
  options: Partial<NetworkOptions & AnySizeOptions> = {},
): NetworkDefinition {
  const layer = asLayer(layers);
  const condition = conditionOf(options.condition);
  let built: BuiltLayer | undefined;
  return {
    ...(options.anySize === true ? { forSize: (size: Shape) => layer.build(size, condition) } : {}),
    kind: "network",
    input,
    condition,
    // Not built before it has a name, so that a shape error can say which network it is in.
    get built() {
      built ??= layer.build(input, condition);
      return built;
    },
  };
}

function conditionOf(wanted: "labels" | Shape | undefined): Condition | undefined {
  if (wanted === undefined) return undefined;
  return wanted === "labels" ? { shape: [], type: "int32" } : { shape: wanted, type: "float32" };
}

/** Settles every shape of a system's networks; an error says which one it is in. */
export function build<N extends Readonly<Record<string, Owned>>>(owned: N): N {
  for (const [name, definition] of Object.entries(owned)) {
    if (definition.kind === "network") locate(name, () => definition.built);
  }
  return owned;
}

/**
 * A tensor to be owned by itself, with its whole shape: a picture, a latent, a code; losses see it
 * as it is, `[shape]`.
 * @example tensor([1, 3, 64, 64], filled(0)).kept.shape; // → [1,3,64,64]
 */
export const tensor = (shape: Shape, initial: Initializer): TensorDefinition => ({
  kind: "tensor",
  kept: { shape, initial },
});

/**
 * How losses see what is owned: networks as functions of a batch, frozen ones of a batch and the name
 * of a layer, tensors as themselves.
 */
export type View<N extends Readonly<Record<string, Owned>>> = {
  readonly [K in keyof N]: N[K] extends TensorDefinition
    ? Tensor
    : N[K] extends FeaturesDefinition
      ? Perception
      : N[K] extends ConditionalDefinition
        ? (x: Tensor, condition: Tensor) => Tensor
        : (x: Tensor) => Tensor;
};

/** Everything a definition keeps, by its full name: `D.3.weight`. */
export function keptBy(
  owned: Readonly<Record<string, Owned>>,
  which: "parameters" | "state",
): Record<string, Kept> {
  const kept: Record<string, Kept> = {};
  for (const [name, definition] of Object.entries(owned)) {
    if (definition.kind === "features") continue;
    if (definition.kind === "tensor") {
      if (which === "parameters") kept[name] = definition.kept;
      continue;
    }
    for (const [inner, k] of Object.entries(definition.built[which])) kept[`${name}.${inner}`] = k;
  }
  return kept;
}

/** The weights of frozen networks, by their full names: `F.conv1_1.weight`. */
export function knownBy(owned: Readonly<Record<string, Owned>>): Record<string, KnownTensor> {
  const known: Record<string, KnownTensor> = {};
  for (const [name, definition] of Object.entries(owned)) {
    if (definition.kind !== "features") continue;
    for (const [inner, k] of Object.entries(definition.network.weights)) {
      known[`${name}.${inner}`] = k;
    }
  }
  return known;
}

export interface Binding {
  /** The tensor that stands for a parameter or a known weight, by its full name. */
  parameter(name: string): Tensor;
  /** The present value of a piece of state, by its full name. */
  state(name: string): Tensor;
  update(name: string, value: Tensor): void;
  readonly training: boolean;
  /** Fresh uniform numbers for a network, of a whole shape. */
  uniform(network: string, shape: Shape): Tensor;
}

/** Makes owned things callable. A network called twice with one tensor is computed, and counted, once. */
export function bind<N extends Readonly<Record<string, Owned>>>(
  owned: N,
  binding: Binding,
): View<N> {
  const view: Record<string, Tensor | Callable | Perception> = {};
  for (const [name, definition] of Object.entries(owned)) {
    view[name] =
      definition.kind === "tensor"
        ? binding.parameter(name)
        : definition.kind === "features"
          ? perceive(name, definition.network, (w) => binding.parameter(`${name}.${w}`))
          : callable(name, definition, binding);
  }
  return view as View<N>; // made from N's own entries
}

type Callable = (x: Tensor, condition?: Tensor) => Tensor;

function callable(name: string, definition: NetworkDefinition, binding: Binding): Callable {
  const { input, condition: told } = definition;
  const scope: Omit<Scope, "condition"> = {
    parameter: (inner) => binding.parameter(`${name}.${inner}`),
    state: (inner) => binding.state(`${name}.${inner}`),
    update: (inner, value) => binding.update(`${name}.${inner}`, value),
    training: binding.training,
    uniform: (shape) => binding.uniform(name, shape),
  };
  const calls = new Map<Tensor, Map<Tensor | undefined, Tensor>>();
  return (x, condition) => {
    const fitted = fittedTo(x, definition);
    if (fitted === undefined) checkCall(name, x, input);
    checkCondition(name, { x, condition, told });
    const known = calls.get(x)?.get(condition);
    if (known !== undefined) return known;
    // Built no earlier, so that networks nobody calls need not fit.
    const y = (fitted ?? definition.built).apply(x, { ...scope, condition });
    if (!calls.has(x)) calls.set(x, new Map());
    calls.get(x)!.set(condition, y);
    return y;
  };
}

/** The layers built again for pictures of another size, where that leaves all that they keep as it is. */
function fittedTo(x: Tensor, { input, built, forSize }: NetworkDefinition): BuiltLayer | undefined {
  const size = x.shape.slice(1);
  if (forSize === undefined || sameShape(size, input)) return undefined;
  if (size.length !== input.length || size[0] !== input[0]) return undefined;
  const fitted = forSize(size);
  const same = Object.entries(fitted.parameters).every(([name, { shape }]) =>
    sameShape(shape, built.parameters[name]?.shape ?? []),
  );
  return same ? fitted : undefined;
}

const shapeText = (shape: Shape): string => `[${["b", ...shape].join(" ")}]`;

function checkCall(name: string, x: Tensor, input: Shape): void {
  if (sameShape(x.shape.slice(1), input)) return;
  const operands = [
    { label: "given", value: x.shape },
    { label: "built for", value: shapeText(input) },
  ];
  throw new ShapeError({ op: name, why: "was built for another shape", operands });
}

/** What a network is told has a row for each item of its input. */
function checkCondition(
  name: string,
  {
    x,
    condition,
    told,
  }: {
    readonly x: Tensor;
    readonly condition: Tensor | undefined;
    readonly told: Condition | undefined;
  },
): void {
  if (told === undefined) {
    if (condition === undefined) return;
    const hint = "give network(…) the option condition";
    throw new ShapeError({ op: name, why: "was built without a condition", hint });
  }
  const wanted = `${told.type} ${shapeText(told.shape)}`;
  if (condition === undefined) {
    const operands = [{ label: "condition", value: wanted }];
    throw new ShapeError({ op: name, why: "needs its condition", operands });
  }
  const [b, ...rest] = condition.shape;
  if (b === x.shape[0] && sameShape(rest, told.shape) && condition.type === told.type) return;
  const operands = [
    { label: "input", value: x.shape },
    { label: "condition", value: `${condition.type} [${condition.shape.join(" ")}]` },
    { label: "built for", value: wanted },
  ];
  throw new ShapeError({ op: name, why: "was built for another condition", operands });
}
