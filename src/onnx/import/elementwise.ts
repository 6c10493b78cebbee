import {
  abs,
  and,
  cast,
  cos,
  equal,
  exp,
  floor,
  greater,
  less,
  log,
  maximum,
  minimum,
  negate,
  not,
  or,
  power,
  reciprocal,
  relu,
  select,
  sigmoid,
  sign,
  sin,
  softplus,
  sqrt,
  tanh,
} from "../../tensor/operations.js";
import { Tensor } from "../../tensor/tensor.js";
import type { Call } from "./call.js";
import type { Operator } from "./operators.js";
import { typeOf } from "./read-tensor.js";

const unary =
  (f: (x: Tensor) => Tensor): Operator =>
  (call) =>
    f(call.tensor(0));

const binary =
  (f: (a: Tensor, b: Tensor) => Tensor): Operator =>
  (call) =>
    f(call.tensor(0), call.tensor(1));

/** Of any number of inputs. */
const many =
  (f: (a: Tensor, b: Tensor) => Tensor): Operator =>
  (call) =>
    call.all().reduce(f);

const plus = (a: Tensor, b: Tensor): Tensor => a.plus(b);

/** x where it is positive, and something else below. */
const above = (x: Tensor, below: Tensor): Tensor => select(greater(x, 0), x, below);

/** `α (exp(x) − 1)` below 0; nothing overflows on the side that is not taken. */
const elu = (x: Tensor, alpha: number): Tensor =>
  above(x, exp(minimum(x, 0)).minus(1).times(alpha));

function clipped(call: Call): Tensor {
  const limit = (attribute: string, input: number): number | undefined =>
    call.has(attribute) ? call.number(attribute, 0) : call.known(input)?.[0];
  const [low, high] = [limit("min", 1), limit("max", 2)];
  const raised = low === undefined ? call.tensor(0) : maximum(call.tensor(0), low);
  return high === undefined ? raised : minimum(raised, high);
}

function powered(call: Call): Tensor {
  const x = call.tensor(0);
  const exponents = call.perhaps(1);
  if (exponents?.length === 1) return power(x, exponents[0]!);
  return exp(log(x).times(call.tensor(1)));
}

/** What ONNX calls a cast to a type that has no tensors here is a cast to the nearest that has. */
function castTo(call: Call): Tensor {
  const code = call.number("to", 1);
  const type = typeOf(code);
  if (type === undefined) return call.fail(`casts to a type, ${code}, that is not known`);
  return cast(call.tensor(0), type);
}

/** Operators that look at each number by itself. */
export const elementwise: Readonly<Record<string, Operator>> = {
  Identity: unary((x) => x),
  Dropout: unary((x) => x),
  Neg: unary(negate),
  Abs: unary(abs),
  Exp: unary(exp),
  Log: unary(log),
  Sqrt: unary(sqrt),
  Reciprocal: unary(reciprocal),
  Sign: unary(sign),
  Floor: unary(floor),
  Ceil: unary((x) => negate(floor(negate(x)))),
  Sin: unary(sin),
  Cos: unary(cos),
  Tanh: unary(tanh),
  Sigmoid: unary(sigmoid),
  Softplus: unary(softplus),
  Softsign: unary((x) => x.over(abs(x).plus(1))),
  Relu: unary(relu),
  // Any slope, negative ones too.
  LeakyRelu: (call) =>
    new Tensor("leakyRelu", [call.tensor(0)], { slope: call.number("alpha", 0.01) }),
  PRelu: binary((x, slope) => above(x, x.times(slope))),
  Elu: (call) => elu(call.tensor(0), call.number("alpha", 1)),
  Selu: (call) =>
    elu(call.tensor(0), call.number("alpha", 1.6732632423543772)).times(
      call.number("gamma", 1.0507009873554805),
    ),
  HardSigmoid: (call) =>
    maximum(
      minimum(call.tensor(0).times(call.number("alpha", 0.2)).plus(call.number("beta", 0.5)), 1),
      0,
    ),
  HardSwish: unary((x) => x.times(maximum(minimum(x.over(6).plus(0.5), 1), 0))),
  Mish: unary((x) => x.times(tanh(softplus(x)))),
  Clip: clipped,

  Add: binary(plus),
  Sub: binary((a, b) => a.minus(b)),
  Mul: binary((a, b) => a.times(b)),
  Div: binary((a, b) => a.over(b)),
  Pow: powered,
  Min: many((a, b) => minimum(a, b)),
  Max: many((a, b) => maximum(a, b)),
  Sum: many(plus),
  Mean: (call) =>
    call
      .all()
      .reduce(plus)
      .times(1 / call.count),

  Equal: binary(equal),
  Greater: binary(greater),
  Less: binary(less),
  GreaterOrEqual: binary((a, b) => not(less(a, b))),
  LessOrEqual: binary((a, b) => not(greater(a, b))),
  Not: unary(not),
  And: binary(and),
  Or: binary(or),
  Where: (call) => select(call.tensor(0), call.tensor(1), call.tensor(2)),
  Cast: castTo,
};
