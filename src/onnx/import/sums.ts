import { sizeOf } from "../../shape/shape.js";
import {
  abs,
  argMax,
  detach,
  exp,
  log,
  logSumExp,
  matmul,
  max,
  mean,
  min,
  power,
  type ReductionOptions,
  reshape,
  sqrt,
  square,
  sum,
  transpose,
} from "../../tensor/operations.js";
import type { Tensor } from "../../tensor/tensor.js";
import { axisOf, type Call, sizeFrom } from "./call.js";
import type { Operator } from "./operators.js";

const reduction =
  (f: (x: Tensor, options: ReductionOptions) => Tensor): Operator =>
  (call) => {
    const x = call.tensor(0);
    const wanted = call.listed("axes", 1)?.map((axis) => axisOf(call, axis, x.rank));
    const empty = wanted === undefined || wanted.length === 0;
    if (empty && call.number("noop_with_empty_axes", 0) === 1) return x;
    const axes = empty ? [...x.shape.keys()] : wanted;
    return f(x, { axes, keep: call.number("keepdims", 1) === 1 });
  };

function indexOfLargest(call: Call): Tensor {
  const x = call.tensor(0);
  const axis = axisOf(call, call.number("axis", 0), x.rank);
  const found = argMax(x, axis);
  if (call.number("keepdims", 1) === 0) return found;
  return reshape(
    found,
    x.shape.map((d, i) => (i === axis ? 1 : d)),
  );
}

/** Before version 13, all axes from one on were taken together. */
function softmax(call: Call): {
  readonly logits: Tensor;
  readonly axis: number;
  readonly x: Tensor;
} {
  const x = call.tensor(0);
  const axis = axisOf(call, call.number("axis", call.opset < 13 ? 1 : -1), x.rank);
  if (call.opset >= 13) return { x, logits: x, axis };
  return {
    x,
    logits: reshape(x, [sizeOf(x.shape.slice(0, axis)), sizeFrom(x.shape, axis)]),
    axis: 1,
  };
}

function shares(call: Call): Tensor {
  const { x, logits, axis } = softmax(call);
  const over = { axes: [axis], keep: true };
  // The largest is a constant shift: its gradient cancels.
  const grown = exp(logits.minus(detach(max(logits, over))));
  return reshape(grown.over(sum(grown, over)), x.shape);
}

function logShares(call: Call): Tensor {
  const { x, logits, axis } = softmax(call);
  return reshape(logits.minus(logSumExp(logits, { axes: [axis], keep: true })), x.shape);
}

/** Vectors become matrices for the product, and what they added goes again. */
function product(call: Call): Tensor {
  const [a, b] = [call.tensor(0), call.tensor(1)];
  const left = a.rank === 1 ? reshape(a, [1, a.shape[0]!]) : a;
  const right = b.rank === 1 ? reshape(b, [b.shape[0]!, 1]) : b;
  const made = matmul(left, right);
  const kept = made.shape.filter((_, i) => {
    if (i === made.rank - 2) return a.rank > 1;
    return i < made.rank - 1 || b.rank > 1;
  });
  return reshape(made, kept);
}

function gemm(call: Call): Tensor {
  const turned = (i: number, attribute: string): Tensor =>
    call.number(attribute, 0) === 1 ? transpose(call.tensor(i)) : call.tensor(i);
  const [alpha, beta] = [call.number("alpha", 1), call.number("beta", 1)];
  const made = matmul(turned(0, "transA"), turned(1, "transB"));
  const scaled = alpha === 1 ? made : made.times(alpha);
  const added = call.maybe(2);
  if (added === undefined) return scaled;
  return scaled.plus(beta === 1 ? added : added.times(beta));
}

/** One number for each channel, beside pictures. */
const channelwise = (x: Tensor, numbers: Tensor): Tensor =>
  reshape(numbers, [1, numbers.shape[0]!, ...x.shape.slice(2).map(() => 1)]);

function batchNormalized(call: Call): Tensor {
  if (call.number("training_mode", 0) === 1) call.fail("normalizes by the batch");
  const [x, scale, bias, center, variance] = call.all() as [Tensor, Tensor, Tensor, Tensor, Tensor]; // ONNX demands five
  const factor = scale.over(sqrt(variance.plus(call.number("epsilon", 1e-5))));
  const shift = bias.minus(center.times(factor));
  return x.times(channelwise(x, factor)).plus(channelwise(x, shift));
}

function standardized(x: Tensor, axes: readonly number[], epsilon: number): Tensor {
  const over = { axes, keep: true };
  const centred = x.minus(mean(x, over));
  return centred.times(power(mean(square(centred), over).plus(epsilon), -0.5));
}

function instanceNormalized(call: Call): Tensor {
  const [x, scale, bias] = [call.tensor(0), call.tensor(1), call.tensor(2)];
  const axes = [...x.shape.keys()].slice(2);
  const y = standardized(x, axes, call.number("epsilon", 1e-5));
  return y.times(channelwise(x, scale)).plus(channelwise(x, bias));
}

function layerNormalized(call: Call): Tensor {
  const x = call.tensor(0);
  const axes = [...x.shape.keys()].slice(axisOf(call, call.number("axis", -1), x.rank));
  const y = standardized(x, axes, call.number("epsilon", 1e-5)).times(call.tensor(1));
  const bias = call.maybe(2);
  return bias === undefined ? y : y.plus(bias);
}

/** Operators that bring numbers together. */
export const sums: Readonly<Record<string, Operator>> = {
  ReduceSum: reduction(sum),
  ReduceMean: reduction(mean),
  ReduceMax: reduction(max),
  ReduceMin: reduction(min),
  ReduceL1: reduction((x, options) => sum(abs(x), options)),
  ReduceL2: reduction((x, options) => sqrt(sum(square(x), options))),
  ReduceSumSquare: reduction((x, options) => sum(square(x), options)),
  ReduceLogSum: reduction((x, options) => log(sum(x, options))),
  ReduceLogSumExp: reduction(logSumExp),
  ArgMax: indexOfLargest,
  Softmax: shares,
  LogSoftmax: logShares,
  MatMul: product,
  Gemm: gemm,
  BatchNormalization: batchNormalized,
  InstanceNormalization: instanceNormalized,
  LayerNormalization: layerNormalized,
};
