// Tensors, gradients, gradients of gradients: what penalties are made of, with numbers to check.
import {
  compute,
  constant,
  gradientNorm,
  gradients,
  input,
  matmul,
  mean,
  relu,
  square,
  sum,
} from "belamy";

// A tensor is what will be computed; its shape is known at once, its numbers when something runs.
const x = input("x", [3]);
const y = sum(x.times(x).times(x));
const [slope] = gradients(y, [x]);
const [bend] = gradients(sum(slope), [x]);
const found = await compute({ y, slope, bend }, { x: [1, 2, 3] });
console.log("Σ x³        ", found.y[0]);
console.log("its slope   ", [...found.slope], "= 3 x²");
console.log("its bend    ", [...found.bend], "= 6 x");

// A critic of points: a linear map, a ReLU, a sum. Its slope is found once more, by hand.
const weight = constant([1, -2, 0.5, 3, 1, -1], { shape: [2, 3] });
const out = constant([1, 1, 2], { shape: [3, 1] });
const critic = (/** @type {import("belamy").Tensor} */ points) =>
  matmul(relu(matmul(points, weight)), out);

const points = input("points", [2, 2]);
const norms = gradientNorm(critic, points);
// WGAN-GP: the critic pays for a slope that is not 1. The penalty is a term like any other …
const penalty = mean(square(norms.minus(1)));
// … and has a gradient of its own, with respect to the critic's weights: the second order.
const [pull] = gradients(penalty, [weight]);
const given = { points: [1, 0, -1, 2] };
const numbers = await compute({ norms, penalty, pull }, given);

/** ‖∇critic‖ at a point: the columns of `weight` that are awake there, times `out`. @param {number[]} point */
function normByHand([a, b]) {
  const columns = [
    [1, 3, 1],
    [-2, 1, 1],
    [0.5, -1, 2],
  ];
  const awake = columns.filter(([p, q]) => a * p + b * q > 0);
  return Math.hypot(...[0, 1].map((axis) => awake.reduce((s, c) => s + c[axis] * c[2], 0)));
}
console.log("‖∇D‖        ", [...numbers.norms].map((n) => n.toFixed(4)).join("  "));
const byHand = [normByHand([1, 0]), normByHand([-1, 2])];
console.log("by hand     ", byHand.map((n) => n.toFixed(4)).join("  "));
console.log("penalty     ", numbers.penalty[0].toFixed(4));

// Is the second order right? Move along it a little, and see whether the penalty falls as foretold.
const step = 1e-3;
const moved = weight.minus(pull.times(step));
const after = gradientNorm((p) => matmul(relu(matmul(p, moved)), out), points);
const next = await compute(
  { penalty: mean(square(after.minus(1))), pull: sum(square(pull)) },
  given,
);
console.log("foretold    ", (-step * next.pull[0]).toFixed(4));
console.log("it changed  ", (next.penalty[0] - numbers.penalty[0]).toFixed(4));
