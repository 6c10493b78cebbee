import { locate, ShapeError } from "../shape/error.js";
import { type Shape, sameShape, sizeOf } from "../shape/shape.js";
import type { Type } from "../shape/type.js";
import { input, type Tensor } from "../tensor/tensor.js";
import type { Initializer } from "./initializers.js";

/** A tensor that a layer keeps: learned (a parameter) or only carried along (state). */
export interface Kept {
  readonly shape: Shape;
  readonly initial: Initializer;
  /** Which axis of a weight counts its outputs: 1 of a matrix, 0 of others when left out. */
  readonly out?: number;
}

/** What a network is told beside its input: labels, a style, a code; the shape leaves out the batch. */
export interface Condition {
  readonly shape: Shape;
  readonly type: Type;
}

/** What a layer sees while it is applied. */
export interface Scope {
  parameter(name: string): Tensor;
  state(name: string): Tensor;
  /** Gives a piece of state its next value; losses never see it. */
  update(name: string, value: Tensor): void;
  /** Whether batch statistics are used and updated; sampling passes false. */
  readonly training: boolean;
  /** What the network was told beside its input, `[b …]`; only where `build` was given one. */
  readonly condition: Tensor | undefined;
  /** Fresh uniform numbers in [0, 1) of a whole shape, batch included; only while training. */
  uniform(shape: Shape): Tensor;
}

/** A layer whose shapes are settled; shapes leave out the batch axis. */
export interface BuiltLayer {
  readonly output: Shape;
  readonly parameters: Readonly<Record<string, Kept>>;
  readonly state: Readonly<Record<string, Kept>>;
  /** Lines of the architecture table: one for a simple layer, more for a composed one. */
  readonly rows: readonly LayerRow[];
  apply(x: Tensor, scope: Scope): Tensor;
}

export interface LayerRow {
  readonly name: string;
  readonly output: Shape;
  readonly parameters: number;
}

/** A layer before it knows its input: `build` settles every shape before data exists. */
export interface Layer {
  readonly name: string;
  build(input: Shape, condition?: Condition): BuiltLayer;
}

/** Anything that can stand in a chain: a layer, or a function of tensors such as `relu`. */
export type Step = Layer | ((x: Tensor) => Tensor);

/**
 * A layer without parameters, from a function of tensors `[b …] → [b …]`.
 * @example network([3, 8, 8], fromFunction(flatten)).built.output; // → [192]
 */
export function fromFunction(f: (x: Tensor) => Tensor, name = f.name || "function"): Layer {
  return {
    name,
    build(shape) {
      const output = f(input("shape", [1, ...shape])).shape.slice(1);
      // Alone, so that the scope is not taken for an option such as a slope.
      return simple({ name, output, apply: (x) => f(x) });
    },
  };
}

/** A step as a layer. */
export const asLayer = (step: Step): Layer =>
  typeof step === "function" ? fromFunction(step) : step;

/** Fills in what a layer that is not composed of others need not say. */
export function simple(layer: {
  readonly name: string;
  readonly output: Shape;
  readonly parameters?: Readonly<Record<string, Kept>>;
  readonly state?: Readonly<Record<string, Kept>>;
  apply(x: Tensor, scope: Scope): Tensor;
}): BuiltLayer {
  const { name, output, parameters = {}, state = {} } = layer;
  const rows = [{ name, output, parameters: countOf(parameters) }];
  return { output, parameters, state, rows, apply: layer.apply };
}

/** How many numbers are kept. */
export const countOf = (kept: Readonly<Record<string, Kept>>): number =>
  Object.values(kept).reduce((n, { shape }) => n + sizeOf(shape), 0);

/** Names of an inner layer's tensors, seen from outside: `3` and `weight` are `3.weight`. */
export const prefixed = (
  prefix: string,
  kept: Readonly<Record<string, Kept>>,
): Record<string, Kept> =>
  Object.fromEntries(Object.entries(kept).map(([name, k]) => [`${prefix}.${name}`, k]));

/** A scope as a layer inside of another sees it: `weight` there is `3.weight` here. */
export const scopeOf = (scope: Scope, prefix: string): Scope => ({
  parameter: (name) => scope.parameter(`${prefix}.${name}`),
  state: (name) => scope.state(`${prefix}.${name}`),
  update: (name, value) => scope.update(`${prefix}.${name}`, value),
  training: scope.training,
  condition: scope.condition,
  uniform: scope.uniform,
});

/**
 * Layers one after the other, `[b …] → [b …]`; parameters are named by their place, as in PyTorch's
 * Sequential.
 *
 * @throws {ShapeError} when a layer cannot follow the one before it; it says which.
 *
 * @example
 * const { output, parameters } = network([64], chain(linear(128), relu, linear(2))).built;
 * output; // → [2]
 * Object.keys(parameters); // → ["0.weight","0.bias","2.weight","2.bias"]
 */
export function chain(...steps: readonly Step[]): Layer {
  return {
    name: "chain",
    build(shape, condition) {
      const built: BuiltLayer[] = [];
      let current = shape;
      steps.forEach((step, i) => {
        const layer = asLayer(step);
        const next = locate(`${layer.name} #${i}`, () => layer.build(current, condition));
        built.push(next);
        current = next.output;
      });
      return {
        output: current,
        parameters: Object.assign({}, ...built.map((b, i) => prefixed(`${i}`, b.parameters))),
        state: Object.assign({}, ...built.map((b, i) => prefixed(`${i}`, b.state))),
        rows: built.flatMap((b) => b.rows),
        apply: (x, scope) => built.reduce((y, b, i) => b.apply(y, scopeOf(scope, `${i}`)), x),
      };
    },
  };
}

/**
 * `x + branch(x)`, `[b …] → [b …]`; with `skip`, `skip(x) + branch(x)` where shapes change.
 *
 * @throws {ShapeError} when the two shapes differ.
 *
 * @example
 * const block = residual(chain(relu, conv(32)), { skip: conv(32, { kernel: 1 }) });
 * network([16, 8, 8], block).built.output; // → [32,8,8]
 */
export function residual(branch: Step, { skip }: { readonly skip?: Step } = {}): Layer {
  return {
    name: "residual",
    build(shape, condition) {
      const inner = locate("residual", () => asLayer(branch).build(shape, condition));
      const shortcut =
        skip === undefined
          ? undefined
          : locate("skip", () => asLayer(skip).build(shape, condition));
      const past = shortcut?.output ?? shape;
      // Broadcasting would add other shapes up in silence.
      if (!sameShape(past, inner.output)) {
        const operands = [
          { label: shortcut === undefined ? "input" : "skip", value: past },
          { label: "branch", value: inner.output },
        ];
        const cure = shortcut === undefined ? { hint: "give it a skip" } : {};
        throw new ShapeError({ op: "residual", why: "shapes differ", operands, ...cure });
      }
      return {
        output: inner.output,
        parameters: {
          ...prefixed("branch", inner.parameters),
          ...prefixed("skip", shortcut?.parameters ?? {}),
        },
        state: { ...prefixed("branch", inner.state), ...prefixed("skip", shortcut?.state ?? {}) },
        rows: [
          ...(shortcut?.rows.map((r) => ({ ...r, name: `skip ${r.name}` })) ?? []),
          ...inner.rows.map((r) => ({ ...r, name: `+ ${r.name}` })),
        ],
        apply: (x, scope) =>
          (shortcut === undefined ? x : shortcut.apply(x, scopeOf(scope, "skip"))).plus(
            inner.apply(x, scopeOf(scope, "branch")),
          ),
      };
    },
  };
}
