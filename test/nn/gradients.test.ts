import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { augment, augmentationNumbers, type Policy, policies } from "../../src/nn/augmentation.js";
import { discriminativeBasis, generativeBasis } from "../../src/nn/basis.js";
import { batchNorm } from "../../src/nn/batch-norm.js";
import { restored, standardized } from "../../src/nn/columns.js";
import { conv, deconv } from "../../src/nn/convolution.js";
import { perceive } from "../../src/nn/features.js";
import { randomVgg } from "../../src/nn/features-random.js";
import { imagenetColours, normalized } from "../../src/nn/features-sequence.js";
import { vgg, vggShapes } from "../../src/nn/features-vgg.js";
import { gram, gramOfPatches } from "../../src/nn/gram.js";
import { chain, fromFunction, residual } from "../../src/nn/layer.js";
import { classesOf, coloursOf } from "../../src/nn/legend.js";
import { linear, unflatten } from "../../src/nn/linear.js";
import {
  clearlyFake,
  clearlyReal,
  crossEntropy,
  exceeds,
  matches,
  relativeTo,
  saysFake,
  saysReal,
  scoresHigh,
  scoresLow,
} from "../../src/nn/losses.js";
import { meansApart, ofAnyClass } from "../../src/nn/matching.js";
import { maxout } from "../../src/nn/maxout.js";
import {
  gradientNorm,
  gradientSquaredNorm,
  lerp,
  pathLengths,
  perturb,
  squaredDistance,
} from "../../src/nn/penalties.js";
import { elmanSize, elmans } from "../../src/nn/population.js";
import { projection } from "../../src/nn/projection.js";
import { upsample } from "../../src/nn/resample.js";
import { resized } from "../../src/nn/resized.js";
import { rrdbNet } from "../../src/nn/rrdb.js";
import { runningMean } from "../../src/nn/running-mean.js";
import { cosineFrom, linearFrom, warmedUp } from "../../src/nn/schedules.js";
import { type Shape, sizeOf } from "../../src/shape/shape.js";
import { gradients, inOrder } from "../../src/tensor/gradients.js";
import {
  detach,
  flatten,
  matmul,
  mean,
  power,
  reshape,
  sin,
  softplus,
  square,
  sum,
  tanh,
} from "../../src/tensor/operations.js";
import { constant, type Tensor } from "../../src/tensor/tensor.js";
import type { Case, Given } from "../support/cases.js";
import { derivativesOf, gradientErrors } from "../support/derivatives.js";
import { apply } from "./apply.js";
import { layerCases, normal, ofLayer, uniform } from "./layer-cases.js";

/** A table of a number, and of a category of two words. */
const rows: Parameters<typeof standardized>[1] = {
  shape: [3],
  columns: [
    { name: "age", kind: "number", start: 0, size: 1, mean: 2, deviation: 3, missing: 0 },
    { name: "kind", kind: "category", start: 1, size: 2, values: ["a", "b"], missing: 0 },
  ],
};
const sizes = { inputs: 2, hidden: 3, outputs: 2 };

/** Uniform numbers, none near a multiple of 1/2, 1/3, 1/8 or 1/9, where an augmentation jumps. */
const awayFromJumps = (...shape: Shape): Given => ({
  shape,
  type: "float32",
  draw: (random) => (random.integer(72) + 0.25 + random.uniform() / 2) / 72,
});

/** A frozen network whose weights are given too, so that a slope through it is one of theirs too. */
const layout = { widths: [2, 3], depths: [1, 2] };
const shapes = Object.entries(vggShapes(layout));
const frozen = (weights: readonly Tensor[], pooling: "max" | "average") => {
  const names = shapes.map(([name]) => name);
  const known = shapes.map(([name, shape]) => [
    name,
    { shape, values: new Float32Array(sizeOf(shape)) },
  ]);
  const net = vgg({ ...layout, name: "net", weights: Object.fromEntries(known), pooling });
  return perceive("F", net, (name) => weights[names.indexOf(name)]!);
};
const weights = shapes.map(([, shape]) => normal(...shape));
const untrained = randomVgg({ widths: [3, 4], depths: [1, 1] });

const picture: Shape = [4, 5, 4];
const many: Shape = [6];

/** Of three colours, one of them of what does not count. */
const legend = [
  { name: "sea", colour: [0, 0, 255] },
  { name: "cloud", colour: [255, 255, 255], ignored: true },
  { name: "land", colour: [0, 160, 0] },
] as const;

/** At least one case for each exported function that a loss may contain. */
const cases: Readonly<Record<string, readonly Case[]>> = {
  ...layerCases,
  linear: [
    ofLayer("with a bias", linear(4), { shape: many }),
    ofLayer("without", linear(4, { bias: false }), { shape: many }),
  ],
  unflatten: [ofLayer("6 → 3×2", unflatten(3, 2), { shape: many })],
  conv: [
    ofLayer("3×3", conv(3), { shape: picture, batch: 2 }),
    ofLayer("stride 2, padding 1", conv(3, { kernel: 4, stride: 2 }), { shape: picture, batch: 2 }),
    ofLayer("2 groups, no bias", conv(2, { groups: 2, bias: false }), { shape: picture, batch: 2 }),
    ofLayer("1×1 without padding", conv(2, { kernel: 1 }), { shape: picture, batch: 2 }),
  ],
  deconv: [
    ofLayer("4×4 ×2", deconv(3), { shape: [2, 3, 2], batch: 2 }),
    ofLayer("output padding", deconv(3, { kernel: 3, stride: 2 }), {
      shape: [2, 3, 2],
      batch: 2,
    }),
    ofLayer("output padding 2, stride 3", deconv(2, { kernel: 3, stride: 3, outputPadding: 2 }), {
      shape: [2, 2, 3],
      batch: 2,
    }),
    ofLayer("2 groups, no bias", deconv(2, { groups: 2, bias: false }), {
      shape: [4, 2, 2],
      batch: 2,
    }),
  ],
  batchNorm: [
    ...layerCases.batchNorm!,
    ofLayer("of pictures, training", batchNorm(), { shape: [2, 3, 2] }),
    ofLayer("of points, training", batchNorm({ eps: 0.01 }), { shape: [3], batch: 5 }),
  ],
  maxout: [ofLayer("4 of 3", maxout(4, { pieces: 3 }), { shape: many })],
  generativeBasis: [ofLayer("4 → 3×2×2", generativeBasis(3, 2, 2), { shape: [4], batch: 2 })],
  discriminativeBasis: [
    ofLayer("3×2×2 → 2", discriminativeBasis(2), { shape: [3, 2, 2], batch: 2 }),
  ],
  classesOf: [
    {
      name: "with a mean beside it",
      given: [uniform(-1, 1, 2, 3, 2, 3)],
      build: (x) => classesOf(x!, legend).plus(mean(x!)),
    },
  ],
  coloursOf: [
    { name: "one class ignored", given: [normal(2, 2, 2, 3)], build: (p) => coloursOf(p!, legend) },
  ],
  gram: [{ name: "3 channels", given: [normal(2, 3, 2, 4)], build: (x) => gram(x!) }],
  gramOfPatches: [
    {
      name: "6 patches",
      given: [normal(1, 2, 4, 6)],
      build: (x) => gramOfPatches(x!, { side: 2 }),
    },
  ],
  vgg: [
    {
      name: "pool2, means",
      given: [normal(1, 3, 4, 4), ...weights],
      build: (x, ...w) => frozen(w, "average")(x!, "pool2"),
    },
  ],
  perceive: [
    {
      name: "conv2_2 of grey pictures",
      given: [normal(2, 1, 4, 4), ...weights],
      build: (x, ...w) => frozen(w, "max")(x!, "conv2_2"),
    },
  ],
  randomVgg: [
    {
      name: "conv2_1",
      given: [normal(1, 3, 4, 4)],
      build: (x) =>
        perceive("F", untrained, (name) => {
          const { shape, values } = untrained.weights[name]!;
          return constant(values, { shape });
        })(x!, "conv2_1"),
    },
  ],
  normalized: [
    {
      name: "ImageNet's",
      given: [normal(2, 3, 2, 2)],
      build: (x) => normalized(x!, imagenetColours),
    },
  ],
  resized: [
    {
      name: "wider and lower, bicubic",
      given: [normal(2, 1, 5, 3)],
      build: (x) => resized(x!, { height: 3, width: 4, kernel: "bicubic" }),
    },
    {
      name: "smaller, Lanczos renormalized",
      given: [normal(1, 2, 4, 6)],
      build: (x) => resized(x!, { height: 3, width: 2, kernel: "lanczos3", border: "renormalize" }),
    },
  ],
  upsample: [ofLayer("×2", upsample(), { shape: [2, 2, 3], batch: 2 })],
  rrdbNet: [
    ofLayer("×2", rrdbNet({ blocks: 1, channels: 2, growth: 1, scale: 2, unshuffle: 1, out: 1 }), {
      shape: [1, 2, 2],
      batch: 2,
    }),
    ofLayer("×1, squares first", rrdbNet({ blocks: 1, channels: 1, growth: 1, scale: 1, out: 1 }), {
      shape: [1, 4, 4],
      batch: 1,
    }),
  ],
  fromFunction: [ofLayer("tanh", fromFunction(tanh), { shape: many })],
  residual: [
    ofLayer("without skip", residual(chain(linear(6), tanh)), { shape: many }),
    ofLayer("with skip", residual(chain(linear(3), softplus), { skip: linear(3) }), {
      shape: many,
    }),
  ],
  chain: [
    ofLayer(
      "of everything",
      chain(
        linear(16),
        unflatten(4, 2, 2),
        batchNorm(),
        tanh,
        deconv(2),
        residual(conv(2)),
        conv(2, { kernel: 4, stride: 2 }),
        softplus,
        flatten,
        maxout(3, { pieces: 2 }),
        linear(1),
      ),
      { shape: many, batch: 4 },
    ),
  ],

  saysReal: [
    { name: "[5]", given: [normal(5)], build: (d) => saysReal(d!) },
    { name: "smoothed", given: [normal(5)], build: (d) => saysReal(d!, { target: 0.9 }) },
  ],
  saysFake: [{ name: "[5]", given: [normal(5)], build: (d) => saysFake(d!) }],
  exceeds: [
    { name: "[5] [5]", given: [normal(5), normal(5)], build: (a, b) => exceeds(a!, b!) },
    { name: "[4 1] [4 1]", given: [normal(4, 1), normal(4, 1)], build: (a, b) => exceeds(a!, b!) },
  ],
  relativeTo: [
    { name: "[5] [4]", given: [normal(5), normal(4)], build: (a, b) => relativeTo(a!, b!) },
  ],
  meansApart: [
    {
      name: "[4 3] [2 3]",
      given: [normal(4, 3), normal(2, 3)],
      build: (a, b) => meansApart(a!, b!),
    },
  ],
  ofAnyClass: [{ name: "[4 3]", given: [normal(4, 3)], build: (l) => ofAnyClass(l!) }],
  matches: [
    { name: "[5], 0.9", given: [normal(5)], build: (d) => matches(d!, 0.9) },
    { name: "[5] [5]", given: [normal(5), normal(5)], build: (a, b) => matches(a!, b!) },
  ],
  clearlyReal: [{ name: "[9]", given: [normal(9)], build: (d) => clearlyReal(d!) }],
  clearlyFake: [{ name: "[9]", given: [normal(9)], build: (d) => clearlyFake(d!) }],
  scoresHigh: [{ name: "[5]", given: [normal(5)], build: (d) => scoresHigh(d!) }],
  scoresLow: [{ name: "[5]", given: [normal(5)], build: (d) => scoresLow(d!) }],
  crossEntropy: [
    {
      name: "[4 3]",
      given: [normal(4, 3)],
      build: (d) => crossEntropy(d!, constant(Int32Array.of(2, 0, 1, 1))),
    },
  ],
  lerp: [
    {
      name: "[3 2 2] by [3 1]",
      given: [normal(3, 2, 2), normal(3, 2, 2), normal(3, 1)],
      build: (a, b, share) => lerp(a!, b!, share!),
    },
  ],
  perturb: [
    { name: "[3 2]", given: [normal(3, 2), normal(3, 2)], build: (x, u) => perturb(x!, u!) },
  ],
  standardized: [
    { name: "[3 3]", given: [normal(3, 3)], build: (x) => tanh(standardized(x!, rows)) },
  ],
  restored: [{ name: "[3 3]", given: [normal(3, 3)], build: (x) => tanh(restored(x!, rows)) }],
  elmans: [
    {
      name: "two of three neurons over four steps",
      given: [normal(2, elmanSize(sizes)), normal(3, 4, 2)],
      build: (weights, x) => elmans(weights!, sizes).last(x!),
    },
  ],
  squaredDistance: [
    {
      name: "[3 2 2]",
      given: [normal(3, 2, 2), normal(3, 2, 2)],
      build: (a, b) => squaredDistance(a!, b!),
    },
  ],
  pathLengths: [
    {
      name: "of a generator of pictures",
      given: [normal(3, 4), normal(4, 8), normal(3, 2, 2, 2)],
      build: (w, p, noise) =>
        pathLengths((c) => tanh(reshape(matmul(c, p!), [3, 2, 2, 2])), w!, { noise: noise! }),
    },
  ],
  runningMean: [
    {
      name: "[3 2]",
      given: [normal(3, 2), normal(2)],
      build: (x, a) => {
        const never = (): never => {
          throw new Error("not asked for here");
        };
        const scope = { parameter: never, uniform: never, update: () => {}, condition: undefined };
        const built = runningMean({ decay: 0.7 }).build([2]);
        return built.apply(x!, { ...scope, training: true, state: () => a! });
      },
    },
  ],
  projection: [
    {
      name: "3 classes",
      given: [normal(4, 5), normal(5, 1), normal(1), normal(3, 5)],
      build: (x, ...own) =>
        apply(projection(3).build([5], { shape: [], type: "int32" }), x!, {
          own,
          condition: constant(Int32Array.of(2, 0, 1, 2)),
        }).y,
    },
  ],
  gradientSquaredNorm: [penaltyCase("a critic", gradientSquaredNorm), acrossTheBatch()],
  gradientNorm: [
    penaltyCase("a critic", gradientNorm),
    penaltyCase("a large eps", (f, x) => gradientNorm(f, x, { eps: 0.5 })),
  ],

  augment: [
    ...policies.map((policy) => augmented(policy, [policy])),
    augmented("everything", policies),
    augmented("half of the pictures", policies, 0.5),
  ],
  linearFrom: [
    {
      name: "inside its span",
      given: [uniform(0.1, 0.4)],
      build: (p) => sin(linearFrom({ from: 2, to: -1, until: 0.5 })(p!)),
    },
  ],
  warmedUp: [
    {
      name: "while it rises",
      given: [uniform(0.1, 0.4)],
      build: (p) => warmedUp(cosineFrom({ from: 2, to: -1 }), { until: 0.5 })(p!),
    },
  ],
  cosineFrom: [
    {
      name: "inside its span",
      given: [uniform(0.1, 0.4)],
      build: (p) => cosineFrom({ from: 2, to: -1, until: 0.5 })(p!),
    },
  ],
};

/** A penalty on a critic of two layers, with respect to items, weights and biases. */
function penaltyCase(name: string, penalty: (f: (x: Tensor) => Tensor, x: Tensor) => Tensor): Case {
  const given = [normal(3, 4), normal(4, 5), normal(5), normal(5, 1)];
  return {
    name,
    given,
    build: (x, w, b, v) => penalty((items) => matmul(tanh(matmul(items, w!).plus(b!)), v!), x!),
  };
}

/** The penalty of a critic whose logits depend on the whole batch. */
function acrossTheBatch(): Case {
  const built = chain(linear(3), batchNorm(), tanh, linear(1, { bias: false })).build([4]);
  const own = Object.values(built.parameters).map((kept) => normal(...kept.shape));
  return {
    name: "a critic with batch norm",
    given: [normal(4, 4), ...own],
    build: (x, ...given) =>
      gradientSquaredNorm((items) => apply(built, items, { own: given }).y, x!),
  };
}

function augmented(name: string, policy: readonly Policy[], probability = 1): Case {
  return {
    name,
    given: [normal(4, 3, 8, 8), awayFromJumps(4, augmentationNumbers)],
    build: (x, u) => augment(x!, u!, { policy, probability }),
  };
}

/** Exports that no loss is differentiated through, and where they are tested instead. */
const elsewhere: ReadonlySet<string> = new Set([
  // First numbers: layers.test.ts and initializers.test.ts
  ...[
    "filled",
    "normalWith",
    "between",
    "kaiming",
    "scaledUniform",
    "biasOf",
    "initialValues",
    "halvings",
    "pyramid",
    "interpolating",
    "truncatedNormal",
    "orthogonal",
    "orthogonalValues",
    "orthonormalized",
    "xavierNormal",
    "xavierUniform",
  ],
  // Definitions, shapes and names of frozen networks: features.test.ts
  ...["features", "vggShapes", "hashOfWeights"],
  // Names weights for vgg: features-golden.test.ts
  ...["torchvisionVgg", "torchvisionAlexNet", "torchvisionNetwork"],
  // What vgg is made of
  "sequence",
  // Learners and schedules: goldens.test.ts, learners.test.ts, schedules.test.ts
  ...["adam", "adamW", "rmsprop", "sgd", "clipGradients", "clipGradientNorm", "clipWeights", "at"],
  "historicalAveraging",
  ...["feedback", "stepsFrom"],
  // Has no slope: learners.test.ts
  "overfitting",
  // How layers are put together: layers.test.ts
  ...["simple", "countOf", "prefixed", "scopeOf", "asLayer", "reweighted"],
  // Choices by chance, and how many numbers they need: columns.test.ts and masks.test.ts
  ...["columnNumbers", "asColumns", "maskNumbers", "maskFrom"],
  // Plain numbers: population.test.ts
  ...["elmanSize", "elman"],
  // What is dropped, and how much there is to drop: u-net.test.ts
  ...["dropsFrom", "uNetDepth", "uNetDrops", "uNetWidths"],
  // Places without a slope: circular-fields.test.ts
  "circularFields",
  // Numbers of two networks: interpolated.test.ts
  "interpolated",
  // What batch norms share: in theirs
  ...["statisticsOf", "channelwise", "normalizeBatch"],
]);

const folder = new URL("../../src/nn/", import.meta.url);

test("there is a case for every exported function of src/nn", async () => {
  const functions: string[] = [];
  for (const file of readdirSync(folder)) {
    const module: Readonly<Record<string, unknown>> = await import(new URL(file, folder).href);
    functions.push(...Object.keys(module).filter((name) => typeof module[name] === "function"));
  }
  expect(functions.length).toBeGreaterThan(20);
  expect(functions.filter((name) => !(name in cases) && !elsewhere.has(name))).toEqual([]);
  expect([...Object.keys(cases), ...elsewhere].filter((n) => !functions.includes(n))).toEqual([]);
});

const all = Object.entries(cases).flatMap(([about, list]) =>
  list.map((c) => ({ ...c, name: `${about} ${c.name}` })),
);

describe("gradients agree with difference quotients, to second order", () => {
  test.each(all)("$name", (c) => {
    const { first, second } = gradientErrors(c);
    expect(first, "first order").toBeLessThan(1e-7);
    expect(second, "second order").toBeLessThan(1e-7);
  });

  test.each(all)("$name uses everything it is given", (c) => {
    const { value, wrt } = derivativesOf(c);
    const reached = new Set<Tensor>(inOrder([value]));
    expect(wrt.filter((x) => !reached.has(x)).map((x) => x.attributes.name)).toEqual([]);
  });
});

/** What authors of layers and losses get wrong: each computes the right value. */
const mistakes: readonly Case[] = [
  {
    name: "batch statistics held still",
    given: [normal(5, 3)],
    build: (x) => {
      const centred = x!.minus(detach(mean(x!, { axes: [0], keep: true })));
      const variance = detach(mean(square(centred), { axes: [0], keep: true }));
      return centred.times(power(variance.plus(1e-5), -0.5));
    },
  },
  {
    name: "a penalty cut from its items",
    given: [normal(3, 4), normal(4, 1)],
    build: (x, w) => gradientSquaredNorm((y) => tanh(matmul(y, w!)), detach(x!)),
  },
  {
    name: "a penalty whose slope is held still",
    given: [normal(3, 4), normal(4, 1)],
    build: (x, w) => {
      const [slope] = gradients(sum(tanh(matmul(x!, w!))), [x!]);
      return sum(square(detach(slope!)));
    },
  },
  {
    name: "a shortcut held still",
    given: [normal(3, 4)],
    build: (x) => detach(x!).plus(tanh(x!)),
  },
];

describe("the check objects to", () => {
  test.each(mistakes)("$name", (c) => {
    expect(gradientErrors(c).first).toBeGreaterThan(1e-3);
  });
});
