import type { Type } from "../shape/type.js";
import { lift, type Operand, Tensor } from "./tensor.js";

/**
 * The same numbers, through which no gradient flows: `[…] → […]`
 * @example detach(constant([1, 2])); // → [1,2]
 */
export const detach = (x: Tensor): Tensor => new Tensor("detach", [x], {});

/**
 * `−x`: `[…] → […]`
 * @example negate(constant([1, -2])); // → [-1,2]
 */
export const negate = (x: Tensor): Tensor => new Tensor("negate", [x], {});
/**
 * `eˣ`: `[…] → […]`
 * @example exp(constant([0, 1])); // → [1,2.7183]
 */
export const exp = (x: Tensor): Tensor => new Tensor("exp", [x], {});
/**
 * The natural logarithm; `x` must be positive: `[…] → […]`
 * @example log(constant([1, Math.E])); // → [0,1]
 */
export const log = (x: Tensor): Tensor => new Tensor("log", [x], {});
/**
 * The square root; `x` must not be negative, and its slope at 0 is infinite: `[…] → […]`
 * @example sqrt(constant([4, 2])); // → [2,1.4142]
 */
export const sqrt = (x: Tensor): Tensor => new Tensor("sqrt", [x], {});
/**
 * The hyperbolic tangent, from −1 to 1: `[…] → […]`
 * @example tanh(constant([0, 1, 100])); // → [0,0.7616,1]
 */
export const tanh = (x: Tensor): Tensor => new Tensor("tanh", [x], {});
/**
 * `1 / (1 + exp(−x))`, from 0 to 1: `[…] → […]`
 * @example sigmoid(constant([0, 2])); // → [0.5,0.8808]
 */
export const sigmoid = (x: Tensor): Tensor => new Tensor("sigmoid", [x], {});
/**
 * The sine of radians: `[…] → […]`
 * @example sin(constant([0, Math.PI / 2])); // → [0,1]
 */
export const sin = (x: Tensor): Tensor => new Tensor("sin", [x], {});
/**
 * The cosine of radians: `[…] → […]`
 * @example cos(constant([0, Math.PI])); // → [1,-1]
 */
export const cos = (x: Tensor): Tensor => new Tensor("cos", [x], {});
/**
 * `|x|`, with slope 0 at 0: `[…] → […]`
 * @example abs(constant([-3, 3])); // → [3,3]
 */
export const abs = (x: Tensor): Tensor => new Tensor("abs", [x], {});
/**
 * −1, 0 or 1: `[…] → […]`
 * @example sign(constant([-3, 0, 3])); // → [-1,0,1]
 */
export const sign = (x: Tensor): Tensor => new Tensor("sign", [x], {});
/**
 * The largest whole number that is not above `x`; no gradient flows: `[…] → […]`
 * @example floor(constant([1.5, -1.5])); // → [1,-2]
 */
export const floor = (x: Tensor): Tensor => new Tensor("floor", [x], {});
/**
 * `x²`: `[…] → […]`
 * @example square(constant([3, -4])); // → [9,16]
 */
export const square = (x: Tensor): Tensor => x.times(x);
/**
 * `1 / x`: `[…] → […]`
 * @example reciprocal(constant([2, -4])); // → [0.5,-0.25]
 */
export const reciprocal = (x: Tensor): Tensor => lift(1).over(x);

/**
 * `log(1 + exp(x))` without overflow: `[…] → […]`
 * @example softplus(constant([-1000, 0, 89])); // → [0,0.6931,89]
 */
export const softplus = (x: Tensor): Tensor => new Tensor("softplus", [x], {});
/**
 * `log(sigmoid(x))` without underflow: `[…] → […]`
 * @example logSigmoid(constant([-1000, 0])); // → [-1000,-0.6931]
 */
export const logSigmoid = (x: Tensor): Tensor => negate(softplus(negate(x)));
/**
 * `x` to a constant power: `[…] → […]`; `x` must be positive unless it is a whole number.
 * @example power(constant([2, 3]), 3); // → [8,27]
 */
export const power = (x: Tensor, exponent: number): Tensor =>
  new Tensor("power", [x], { exponent });

/**
 * `x` where positive, 0 elsewhere: `[…] → […]`; the slope at 0 is 0.
 * @example relu(constant([-1, 2])); // → [0,2]
 */
export const relu = (x: Tensor): Tensor => new Tensor("leakyRelu", [x], { slope: 0 });
/**
 * `x` where positive, `slope · x` elsewhere: `[…] → […]`
 * @example leakyRelu(constant([-1, 2])); // → [-0.2,2]
 */
export const leakyRelu = (x: Tensor, slope = 0.2): Tensor =>
  new Tensor("leakyRelu", [x], { slope });

/**
 * The larger of two, broadcast: `[…a], […b] → […]`; a tie shares its gradient by halves.
 * @example maximum(constant([1, 5]), 3); // → [3,5]
 */
export const maximum = (a: Tensor, b: Operand): Tensor => new Tensor("maximum", [a, lift(b)], {});
/**
 * The smaller of two, broadcast: `[…a], […b] → […]`; a tie shares its gradient by halves.
 * @example minimum(constant([1, 5]), 3); // → [1,3]
 */
export const minimum = (a: Tensor, b: Operand): Tensor => new Tensor("minimum", [a, lift(b)], {});
/**
 * `x` held between two bounds: `[…] → […]`; no gradient flows where it is held.
 * @example clamp(constant([-2, 0.5, 2]), 0, 1); // → [0,0.5,1]
 */
export const clamp = (x: Tensor, low: number, high: number): Tensor =>
  minimum(maximum(x, low), high);

/**
 * Where `a > b`, as bool, broadcast: `[…a], […b] → […]`
 * @example greater(constant([1, 5]), 3); // → [0,1]
 */
export const greater = (a: Tensor, b: Operand): Tensor => new Tensor("greater", [a, lift(b)], {});
/**
 * Where `a < b`, as bool, broadcast: `[…a], […b] → […]`
 * @example less(constant([1, 5]), 3); // → [1,0]
 */
export const less = (a: Tensor, b: Operand): Tensor => new Tensor("greater", [lift(b), a], {});
/**
 * Where `a = b`, as bool, broadcast: `[…a], […b] → […]`
 * @example equal(constant([1, 3]), 3); // → [0,1]
 */
export const equal = (a: Tensor, b: Operand): Tensor => new Tensor("equal", [a, lift(b)], {});
/**
 * Where both hold, broadcast: `[…a], […b] → […]`
 * @example
 * const x = constant([1, 3, 5]);
 * and(greater(x, 2), less(x, 4)); // → [0,1,0]
 */
export const and = (a: Tensor, b: Tensor): Tensor => new Tensor("and", [a, b], {});
/**
 * Where it does not hold: `[…] → […]`
 * @example not(greater(constant([1, 5]), 3)); // → [1,0]
 */
export const not = (a: Tensor): Tensor => new Tensor("not", [a], {});
/**
 * Where either holds, broadcast: `[…a], […b] → […]`
 * @example
 * const x = constant([1, 3, 5]);
 * or(less(x, 2), greater(x, 4)); // → [1,0,1]
 */
export const or = (a: Tensor, b: Tensor): Tensor => not(and(not(a), not(b)));
/**
 * `a` where the condition holds, `b` elsewhere, broadcast: `[…c], […a], […b] → […]`
 * @example
 * const x = constant([-1, 2]);
 * select(greater(x, 0), x, 0); // → [0,2]
 */
export const select = (condition: Tensor, a: Operand, b: Operand): Tensor =>
  new Tensor("select", [condition, lift(a), lift(b)], {});
/**
 * The same numbers in another type, to int32 towards zero, to bool where not 0: `[…] → […]`
 * @example cast(constant([1.9, -1.9]), "int32"); // → [1,-1]
 */
export const cast = (x: Tensor, type: Type): Tensor =>
  x.type === type ? x : new Tensor("cast", [x], { type });
