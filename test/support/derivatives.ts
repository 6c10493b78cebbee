import { Random } from "../../src/shape/random.js";
import { type Shape, sizeOf } from "../../src/shape/shape.js";
import { gradients } from "../../src/tensor/gradients.js";
import { sum } from "../../src/tensor/operations.js";
import { evaluate } from "../../src/tensor/reference.js";
import { constant, type Tensor } from "../../src/tensor/tensor.js";
import { type Case, inputsOf } from "./cases.js";

const numbers = (purpose: string, shape: Shape): Float64Array => {
  const random = new Random({ seed: 2, purpose });
  return Float64Array.from({ length: sizeOf(shape) }, () => Math.fround(random.normal()));
};

const inner = (x: Tensor, purpose: string): Tensor =>
  sum(x.times(constant(Array.from(numbers(purpose, x.shape)), { shape: x.shape })));

/** A case with what a gradient check and a comparison of devices ask of it. */
export interface Derivatives {
  readonly value: Tensor;
  /** f = Σ w y + ½ Σ y²: what flows back depends on x, even where the case is linear. */
  readonly loss: Tensor;
  /** ∂f/∂x */
  readonly first: readonly Tensor[];
  /** ⟨∂f/∂x, v⟩ for a random v */
  readonly along: Tensor;
  /** ∂⟨∂f/∂x, v⟩/∂x */
  readonly second: readonly Tensor[];
  readonly wrt: readonly Tensor<"input">[];
  readonly values: Readonly<Record<string, Float64Array>>;
}

export function derivativesOf(c: Case): Derivatives {
  const { tensors, values } = inputsOf(c);
  const wrt = tensors.filter((x) => x.type === "float32");
  const value = c.build(...tensors);
  const loss = inner(value, "w").plus(sum(value.times(value)).times(0.5));
  const first = gradients(loss, wrt);
  const along = first.map((g, i) => inner(g, `v${i}`)).reduce((total, part) => total.plus(part));
  return { value, loss, first, along, second: gradients(along, wrt), wrt, values };
}

/** Five-point difference quotient of a scalar along a direction of all inputs. */
function quotient({ wrt, values }: Derivatives, f: Tensor): number {
  const h = 1e-4;
  const at = (step: number): number => {
    const moved = wrt.map((x) => {
      const { name } = x.attributes;
      const direction = numbers(`direction ${name}`, x.shape);
      return [name, values[name]!.map((v, i) => v + step * direction[i]!)] as const;
    });
    return evaluate([f], { ...values, ...Object.fromEntries(moved) })[0]![0]!;
  };
  return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
}

/** The same slope from the gradients. */
function slope({ wrt, values }: Derivatives, parts: readonly Tensor[]): number {
  const found = evaluate(parts, values);
  return wrt.reduce((total, x, i) => {
    const direction = numbers(`direction ${x.attributes.name}`, x.shape);
    return total + found[i]!.reduce((n, g, k) => n + g * direction[k]!, 0);
  }, 0);
}

/** Relative where slopes are large, absolute where they are small. */
const apart = (a: number, b: number): number =>
  Math.abs(a - b) / Math.max(1, Math.abs(a), Math.abs(b));

/** How far the gradients of a case are from difference quotients, to first and second order. */
export function gradientErrors(c: Case): { readonly first: number; readonly second: number } {
  const d = derivativesOf(c);
  return {
    first: apart(slope(d, d.first), quotient(d, d.loss)),
    second: apart(slope(d, d.second), quotient(d, d.along)),
  };
}
