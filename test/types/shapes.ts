// What the compiler promises about names of axes, sizes and primitives; see systems.ts.
import { axes } from "../../src/shape/axes.js";
import { rules } from "../../src/tensor/rules.js";
import { constant, Tensor } from "../../src/tensor/tensor.js";
import { primitiveCases } from "../support/cases.js";

const shape = [2, 3, 8, 8] as const;

export const { b, c, h, w } = axes(shape, "b c h w");
export const total: number = b + c + h + w;

// @ts-expect-error Property 'h' does not exist
export const unnamed = axes(shape, "b c _ _").h;
// @ts-expect-error Property '3' does not exist
export const demanded = axes(shape, "b 3 h w")["3"];
// @ts-expect-error Property '_' does not exist
export const ignored = axes(shape, "b _ h w")._;
// @ts-expect-error Property 'height' does not exist
export const { height } = axes(shape, "b c h w");

const { tanh: _rule, ...rest } = rules;
// @ts-expect-error Property 'tanh' is missing
export const incomplete: typeof rules = rest;
export const complete: typeof rules = { ...rest, tanh: rules.tanh };

const { tanh: _cases, ...others } = primitiveCases;
// @ts-expect-error Property 'tanh' is missing
export const untested: typeof primitiveCases = others;

// @ts-expect-error Argument of type '"tangent"' is not assignable
export const unknown = new Tensor("tangent", [], {});
// @ts-expect-error Property 'exponent' is missing
export const unsettled = new Tensor<"power">("power", [constant(1)], {});
// @ts-expect-error Cannot assign to 'shape' because it is a read-only property
constant(1).shape = [1];
// @ts-expect-error The right-hand side of an arithmetic operation must be
export const added = 1 * constant(1);
