import { ShapeError } from "../shape/error.js";
import { broadcast, concatenate, reshape } from "../tensor/operations.js";
import type { Tensor } from "../tensor/tensor.js";
import { asLayer, countOf, type Layer, prefixed, type Scope, type Step, scopeOf } from "./layer.js";

/**
 * Puts what the network is told beside its input, as more channels, the same at every place:
 * `[b c …]` and `[b e]` → `[b c+e …]`. Labels go through a step such as an embedding first; its
 * parameters are named `condition.weight`.
 *
 * Mirza & Osindero 2014, "Conditional generative adversarial nets", section 3.2.
 *
 * @throws {ShapeError} when the network has no condition, or the step does not end in numbers `[b e]`.
 * @example
 * const layers = chain(joinCondition(embedding(10, 50)), linear(64), relu);
 * network([100], layers, { condition: "labels" }).built.output; // → [64]
 */
export function joinCondition(step?: Step): Layer {
  const inner = step === undefined ? undefined : asLayer(step);
  const name = inner === undefined ? "join condition" : `join ${inner.name}`;
  return {
    name,
    build(shape, condition) {
      const op = "joinCondition";
      if (condition === undefined) {
        const hint = "give network(…) the option condition";
        throw new ShapeError({ op, why: "needs its network's condition", hint });
      }
      if (shape.length === 0) {
        const operands = [{ label: "input", value: shape }];
        throw new ShapeError({ op, why: "needs an axis besides the batch", operands });
      }
      const told = inner?.build(condition.shape, condition);
      if (told === undefined && condition.type !== "float32") {
        const hint = "pass joinCondition(embedding(classes, size))";
        throw new ShapeError({ op, why: `needs a step for ${condition.type}`, hint });
      }
      const made = told?.output ?? condition.shape;
      if (made.length !== 1) {
        const operands = [{ label: "told", value: made }];
        const why = `needs one axis besides the batch, is told ${made.length}`;
        throw new ShapeError({ op, why, operands });
      }
      const [channels, ...places] = shape as readonly [number, ...number[]]; // just checked
      const output = [channels + made[0]!, ...places];
      const parameters = prefixed("condition", told?.parameters ?? {});
      const numbers = (scope: Scope): Tensor => {
        const given = scope.condition!; // `build` was given one, so the network is
        return told === undefined ? given : told.apply(given, scopeOf(scope, "condition"));
      };
      return {
        output,
        parameters,
        state: prefixed("condition", told?.state ?? {}),
        rows: [{ name, output, parameters: countOf(parameters) }],
        apply(x, scope) {
          const b = x.shape[0]!;
          const spread = reshape(numbers(scope), [b, made[0]!, ...places.map(() => 1)]);
          return concatenate([x, broadcast(spread, [b, made[0]!, ...places])], 1);
        },
      };
    },
  };
}
