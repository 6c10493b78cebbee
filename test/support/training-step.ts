import { Random } from "../../src/shape/random.js";
import { type Shape, sizeOf } from "../../src/shape/shape.js";
import { convolution } from "../../src/tensor/convolution.js";
import { gradients } from "../../src/tensor/gradients.js";
import {
  exp,
  flatten,
  leakyRelu,
  matmul,
  mean,
  negate,
  softplus,
  sqrt,
  square,
  sum,
  tanh,
} from "../../src/tensor/operations.js";
import { constant, input, type Tensor } from "../../src/tensor/tensor.js";

const parameters: Readonly<Record<string, Shape>> = {
  "first weight": [6, 3, 4, 4],
  "first bias": [6, 1, 1],
  "second weight": [8, 6, 4, 4],
  "last weight": [32, 1],
};

/** One move of a critic: a loss with a penalty on its gradient, and Adam, as one graph. */
export function trainingStep(): {
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly writes: Readonly<Record<string, string>>;
  readonly cells: Readonly<Record<string, Float64Array>>;
  readonly feeds: Readonly<Record<string, Float64Array>>;
} {
  const names = Object.keys(parameters);
  const own = names.map((name) => input(name, parameters[name]!));
  const [w1, b1, w2, w3] = own as [Tensor, Tensor, Tensor, Tensor]; // in that order
  const [real, fake] = [input("real", [4, 3, 8, 8]), input("fake", [4, 3, 8, 8])];

  const critic = (x: Tensor): Tensor => {
    const first = leakyRelu(convolution(x, w1, { stride: 2, padding: 1 }).plus(b1));
    const second = tanh(convolution(first, w2, { stride: 2, padding: 1 }));
    return matmul(flatten(second), w3);
  };
  const score = critic(real);
  const adversarial = mean(softplus(critic(fake).minus(score)));
  const [toReal] = gradients(sum(score), [real]);
  const penalty = mean(sum(square(toReal!), { axes: [1, 2, 3] })).times(0.5);

  // Kingma & Ba 2015, Algorithm 1, with β₁ = 0.5 and β₂ = 0.9.
  const found = gradients(adversarial.plus(penalty), own);
  const time = input("time", []);
  const next = time.plus(1);
  const outputs: Record<string, Tensor> = { adversarial, penalty, "next time": next };
  const missing = (beta: number): Tensor => constant(1).minus(exp(next.times(Math.log(beta))));
  own.forEach((w, i) => {
    const name = names[i]!;
    const m = input(`${name} m`, w.shape).times(0.5).plus(found[i]!.times(0.5));
    const v = input(`${name} v`, w.shape).times(0.9).plus(square(found[i]!).times(0.1));
    const step = m.over(missing(0.5)).over(sqrt(v.over(missing(0.9))).plus(1e-8));
    outputs[`next ${name}`] = w.plus(negate(step.times(1e-3)));
    outputs[`next ${name} m`] = m;
    outputs[`next ${name} v`] = v;
  });

  const random = new Random({ seed: 3, purpose: "training step" });
  const normal = (shape: Shape, scale: number): Float64Array =>
    Float64Array.from({ length: sizeOf(shape) }, () => Math.fround(scale * random.normal()));
  const cells: Record<string, Float64Array> = { time: new Float64Array(1) };
  for (const name of names) {
    cells[name] = normal(parameters[name]!, 0.2);
    cells[`${name} m`] = new Float64Array(sizeOf(parameters[name]!));
    cells[`${name} v`] = new Float64Array(sizeOf(parameters[name]!));
  }
  return {
    outputs,
    writes: Object.fromEntries(Object.keys(cells).map((name) => [`next ${name}`, name])),
    cells,
    feeds: { real: normal(real.shape, 1), fake: normal(fake.shape, 1) },
  };
}
