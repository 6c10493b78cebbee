import { ShapeError } from "../shape/error.js";
import { zeros } from "./operations.js";
import { pullBack } from "./rules.js";
import { constant, type Tensor } from "./tensor.js";

/** Every tensor that the given ones are computed from, inputs before outputs. */
export function inOrder(outputs: readonly Tensor[]): readonly Tensor[] {
  const order = new Set<Tensor>();
  const stack = [...outputs].reverse();
  // A loop instead of recursion: unrolled networks are deeper than the call stack.
  while (stack.length > 0) {
    const x = stack[stack.length - 1]!;
    const waiting = order.has(x) ? [] : x.inputs.filter((input) => !order.has(input));
    if (waiting.length === 0) {
      order.add(x);
      stack.pop();
    } else {
      for (let i = waiting.length - 1; i >= 0; i--) stack.push(waiting[i]!);
    }
  }
  return [...order];
}

/**
 * The gradients of a scalar with respect to any tensors it was computed from: `[], […] → […]`. They
 * are tensors, so they can stand in a loss and be differentiated again, to any order. Zeros where
 * nothing flows.
 *
 * @throws {ShapeError} when the loss is no float32 scalar.
 *
 * @example
 * const x = constant([1, 2, 3]);
 * const [slope] = gradients(sum(square(x)), [x]);
 * slope; // → [2,4,6]
 */
export function gradients(loss: Tensor, wrt: readonly Tensor[]): Tensor[] {
  if (loss.shape.length > 0 || loss.type !== "float32") {
    const operands = [{ label: "loss", value: `${loss.type} [${loss.shape.join(" ")}]` }];
    const cure = loss.type === "float32" ? { hint: "take the mean or the sum" } : {};
    throw new ShapeError({ op: "gradients", why: "needs a float32 scalar", operands, ...cure });
  }
  const order = inOrder([loss]);
  const wanted = new Set(wrt);
  const carries = new Set<Tensor>();
  for (const x of order) {
    if (wanted.has(x) || x.inputs.some((input) => carries.has(input))) carries.add(x);
  }
  const collected = new Map<Tensor, Tensor>([[loss, constant(1)]]);
  for (let i = order.length - 1; i >= 0; i--) {
    const node = order[i]!;
    const gradient = collected.get(node);
    if (gradient === undefined || !carries.has(node)) continue;
    pullBack(gradient, node).forEach((part, k) => {
      const input = node.inputs[k]!;
      if (part === undefined || !carries.has(input)) return;
      const before = collected.get(input);
      collected.set(input, before === undefined ? part : before.plus(part));
    });
  }
  return wrt.map((x) => collected.get(x) ?? zeros(x.shape));
}
