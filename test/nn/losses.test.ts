import { describe, expect, test } from "vitest";
import { conv, deconv } from "../../src/nn/convolution.js";
import { chain } from "../../src/nn/layer.js";
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
import {
  gradientNorm,
  lerp,
  pathLengths,
  perturb,
  squaredDistance,
} from "../../src/nn/penalties.js";
import { projection } from "../../src/nn/projection.js";
import { runningMean } from "../../src/nn/running-mean.js";
import { spectralNorm } from "../../src/nn/spectral-norm.js";
import { ShapeError } from "../../src/shape/error.js";
import { gradients } from "../../src/tensor/gradients.js";
import {
  flatten,
  leakyRelu,
  mean,
  negate,
  reshape,
  softplus,
  square,
  sum,
  tanh,
} from "../../src/tensor/operations.js";
import { evaluate } from "../../src/tensor/reference.js";
import { constant, input, type Tensor } from "../../src/tensor/tensor.js";
import { apply } from "./apply.js";
import {
  apart,
  dataOf,
  expectClose,
  given,
  type Named,
  type Numbers,
  readGolden,
} from "./golden.js";

interface Golden {
  readonly made: string;
  readonly losses: {
    readonly real: Numbers;
    readonly fake: Numbers;
    readonly a: number;
    readonly b: number;
    readonly c: number;
    readonly terms: Readonly<
      Record<
        string,
        { readonly value: Numbers; readonly toReal?: Numbers; readonly toFake?: Numbers }
      >
    >;
  };
  readonly crossEntropy: {
    readonly logits: Numbers;
    readonly labels: readonly number[];
    readonly value: Numbers;
    readonly toLogits: Numbers;
  };
  readonly penalties: Readonly<
    Record<"x" | "fake" | "moved" | "eps" | "u" | "between" | "near", Numbers>
  > & {
    readonly parameters: Named;
    readonly terms: Readonly<
      Record<string, { readonly value: Numbers; readonly toParameters: Named }>
    >;
  };
  readonly pathLength: {
    readonly parameters: Named;
    readonly moves: readonly (Readonly<
      Record<"w" | "noise" | "lengths" | "mean" | "value", Numbers>
    > & { readonly toParameters: Named })[];
    readonly several: Readonly<Record<"codes" | "noise" | "mixing" | "lengths", Numbers>>;
  };
  readonly projection: {
    readonly x: Numbers;
    readonly labels: readonly number[];
    readonly parameters: Named;
    readonly w: Numbers;
    readonly y: Numbers;
    readonly toX: Numbers;
    readonly toParameters: Named;
  };
}

const golden = readGolden<Golden>("losses.json"); // written by losses.py beside it

test("goldens are PyTorch 2.6's, on the critic outputs that style.md names", () => {
  expect(golden.made).toMatch(/^PyTorch 2\.6/);
  expect(golden.losses.real.data).toEqual([-5, 1.4, 12.5, 2.7]);
  expect(golden.losses.fake.data).toEqual([10, 4.4, -5.5, 3.6]);
});

describe("losses on fixed critic outputs", () => {
  const [real, fake] = [input("real", [4]), input("fake", [4])];
  const { a, b, c } = golden.losses;
  const relative = [relativeTo(real, fake), relativeTo(fake, real)] as const;
  const losses: Readonly<Record<string, Tensor>> = {
    "D: standard": saysReal(real).plus(saysFake(fake)),
    "D: smoothed on one side": saysReal(real, { target: 0.9 }).plus(saysFake(fake)),
    "G: saturating": negate(saysFake(fake)),
    "G: non-saturating": saysReal(fake),
    "D: least squares": matches(real, b).plus(matches(fake, a)),
    "G: least squares": matches(fake, c),
    "D: hinge": clearlyReal(real).plus(clearlyFake(fake)),
    "G: hinge": scoresHigh(fake),
    "D: Wasserstein": scoresHigh(real).plus(scoresLow(fake)),
    "G: Wasserstein": scoresHigh(fake),
    "D: relativistic": exceeds(real, fake),
    "G: relativistic": exceeds(fake, real),
    "D: relativistic average": saysReal(relative[0]).plus(saysFake(relative[1])),
    "G: relativistic average": saysReal(relative[1]).plus(saysFake(relative[0])),
    "D: relativistic average, least squares": matches(relative[0], 1)
      .plus(matches(relative[1], -1))
      .times(2),
    "D: relativistic average, hinge": clearlyReal(relative[0]).plus(clearlyFake(relative[1])),
  };

  test("every golden is used", () => {
    expect(Object.keys(losses)).toEqual(Object.keys(golden.losses.terms));
  });

  test.each(Object.entries(losses))("%s", (name, loss) => {
    const { value, toReal, toFake } = golden.losses.terms[name]!;
    const numbers = { real: golden.losses.real.data, fake: golden.losses.fake.data };
    const found = evaluate([loss, ...gradients(loss, [real, fake])], numbers);
    const still = { shape: [4], data: [0, 0, 0, 0] };
    expectClose(found[0]!, value, "value");
    expectClose(found[1]!, toReal ?? still, "gradient of real");
    expectClose(found[2]!, toFake ?? still, "gradient of fake");
  });

  test("huge logits give neither infinity nor NaN", () => {
    const far = constant([-1e4, 1e4]);
    const all = [saysReal(far, { target: 0.9 }), saysFake(far), exceeds(far, negate(far))];
    // Of −10⁴: 0.9 · 10⁴; of 10⁴: 0.1 · 10⁴. Then halves of 10⁴, and of 2 · 10⁴.
    expect(evaluate(all).map((v) => v[0])).toEqual([5000, 5000, 10_000]);
  });
});

describe("cross-entropy of classes", () => {
  const { logits, labels, value, toLogits } = golden.crossEntropy;

  test("agrees with PyTorch's", () => {
    const x = input("logits", logits.shape);
    const loss = crossEntropy(x, constant(Int32Array.from(labels)));
    const found = evaluate([loss, ...gradients(loss, [x])], { logits: logits.data });
    expectClose(found[0]!, value, "value");
    expectClose(found[1]!, toLogits, "gradient");
  });

  test("of huge logits is finite", () => {
    const far = constant([1e4, -1e4, 1e4, -1e4], { shape: [2, 2] });
    const loss = crossEntropy(far, constant(Int32Array.of(0, 1)));
    expect(evaluate([loss])[0]![0]).toBe(1e4);
  });

  test("says what it needs", () => {
    const text = (f: () => unknown): string => {
      try {
        f();
      } catch (error) {
        if (error instanceof ShapeError) return error.message;
        throw error;
      }
      throw new Error("nothing was thrown");
    };
    const ten = input("logits", [4, 10]);
    expect(text(() => crossEntropy(ten, input("labels", [4])))).toBe(
      "crossEntropy: needs one int32 label for each item\n" +
        "  logits  float32 [4 10]\n" +
        "  labels  float32 [4]",
    );
    expect(text(() => crossEntropy(ten, input("labels", [3], "int32")))).toBe(
      "crossEntropy: needs one int32 label for each item\n" +
        "  logits  float32 [4 10]\n" +
        "  labels  int32 [3]",
    );
    expect(text(() => lerp(input("a", [4, 2]), input("b", [4, 2]), input("share", [4, 2])))).toBe(
      "lerp: needs one share for each item\n  from   [4 2]\n  share  [4 2]",
    );
    expect(text(() => projection(3).build([4]))).toBe(
      "projection: needs labels as its network's condition\n" +
        '  hint  give network(…) the option condition: "labels"',
    );
  });
});

describe("penalties on a convolutional critic", () => {
  const { parameters, terms, ...numbers } = golden.penalties;
  const { x, fake, moved, eps, u, between, near } = numbers;
  const critic = chain(
    conv(3),
    leakyRelu,
    conv(2, { kernel: 4, stride: 2 }),
    softplus,
    flatten,
    linear(1),
  ).build(x.shape.slice(1));
  const names = Object.keys(parameters);
  const own = names.map((name) => input(name, parameters[name]!.shape));
  const D = (items: Tensor): Tensor => apply(critic, items, { own }).y;
  const values = dataOf(parameters);

  const points = lerp(given(fake), given(x), given(eps));
  const column = reshape(given(eps), [3, 1]);
  const noisy = lerp(given(x), perturb(given(x), given(u)), column);
  const distance = (a: Numbers, b: Numbers): Tensor =>
    mean(squaredDistance(D(given(a)), D(given(b))));
  const penalties: Readonly<Record<string, Tensor>> = {
    "wgan-gp": mean(square(gradientNorm(D, points).minus(1))),
    dragan: mean(square(gradientNorm(D, noisy).minus(1))),
    consistency: distance(x, moved),
    "balanced consistency": distance(x, moved).times(10).plus(distance(fake, u).times(5)),
  };

  test("places between and near", () => {
    const [ours, close] = evaluate([points, noisy]);
    expectClose(ours!, between, "between");
    expectClose(close!, near, "near");
  });

  test("every golden is used", () => {
    expect(Object.keys(penalties)).toEqual(Object.keys(terms));
  });

  test.each(Object.entries(penalties))("%s, with its gradients", (name, penalty) => {
    const theirs = terms[name]!;
    const found = evaluate([penalty, ...gradients(penalty, own)], values);
    expectClose(found[0]!, theirs.value, "value");
    names.forEach((key, i) => {
      expectClose(found[i + 1]!, theirs.toParameters[key], `gradient of ${key}`);
    });
  });
});

describe("path length", () => {
  const { parameters, moves, several } = golden.pathLength;
  const generator = chain(linear(12), softplus, unflatten(3, 2, 2), deconv(2), tanh).build([4]);
  // PyTorch's script counts no softplus: the same parameters under the names of its places.
  const own = Object.values(parameters).map((p, i) => input(`own ${i}`, p.shape));
  const G = (w: Tensor): Tensor => apply(generator, w, { own }).y;
  const values = Object.fromEntries(
    Object.values(parameters).map(({ data }, i) => [`own ${i}`, data]),
  );

  test("against its own running mean, with its gradients, over three moves", () => {
    const a = runningMean({ decay: 0.99 }).build([]);
    let kept: ArrayLike<number> = [0];
    for (const { w, noise, lengths, mean: now, value, toParameters } of moves) {
      const each = pathLengths(G, given(w), { noise: given(noise) });
      const { y, updates } = apply(a, each);
      const penalty = mean(square(each.minus(y)));
      const all = [each, updates.get("mean")!, penalty, ...gradients(penalty, own)];
      const found = evaluate(all, { ...values, mean: kept });
      expectClose(found[0]!, lengths, "lengths");
      expectClose(found[1]!, now, "running mean");
      expectClose(found[2]!, value, "value");
      Object.entries(toParameters).forEach(([key, theirs], i) => {
        expectClose(found[i + 3]!, theirs, `gradient of ${key}`);
      });
      kept = found[1]!;
    }
  });

  test("sampling reads the running mean and leaves it", () => {
    const a = runningMean().build([2]);
    const { y, updates } = apply(a, input("x", [3, 2]), { training: false });
    expect(updates.size).toBe(0);
    const found = evaluate([y], { x: [1, 2, 3, 4, 5, 6], mean: [7, 8] })[0]!;
    expect(Array.from(found)).toEqual([7, 8, 7, 8, 7, 8]);
  });

  test("of codes for several layers is the root of their mean square", () => {
    const { codes, noise, mixing, lengths } = several;
    const mixed = (w: Tensor): Tensor =>
      G(sum(w.times(reshape(given(mixing), [1, 3, 1])), { axes: [1] }));
    const ours = pathLengths(mixed, given(codes), { noise: given(noise) });
    expectClose(evaluate([ours], values)[0]!, lengths, "lengths");
  });
});

describe("projection", () => {
  const { x, labels, parameters, w, y, toX, toParameters } = golden.projection;
  const built = projection(3).build([5], { shape: [], type: "int32" });
  const condition = constant(Int32Array.from(labels));

  test("agrees with PyTorch, with its gradients", () => {
    const named: Readonly<Record<string, string>> = {
      "linear.weight": "weight",
      "linear.bias": "bias",
      "embedding.weight": "embedding",
    };
    expect(Object.keys(built.parameters)).toEqual(Object.keys(named));
    const items = input("x", x.shape);
    const ours = apply(built, items, { condition });
    const own = Object.values(ours.parameters);
    const numbers = Object.entries(named).map(([k, theirs]) => [k, parameters[theirs]!.data]);
    const slopes = gradients(sum(ours.y.times(given(w))), [items, ...own]);
    const values = { x: x.data, ...Object.fromEntries(numbers) };
    const found = evaluate([ours.y, ...slopes], values);
    expectClose(found[0]!, y, "output");
    expectClose(found[1]!, toX, "gradient of x");
    Object.values(named).forEach((theirs, i) => {
      expectClose(found[i + 2]!, toParameters[theirs], `gradient of ${theirs}`);
    });
  });

  test("both matrices go through what is asked for, and are counted", () => {
    const seen: string[] = [];
    const layer = projection(3, {
      through(inner) {
        seen.push(inner.name);
        return inner;
      },
    });
    const { rows, output } = layer.build([5], { shape: [], type: "int32" });
    expect(seen).toEqual(["linear 1", "embedding of 3"]);
    expect(rows).toEqual([{ name: "projection of 3", output: [1], parameters: 5 + 1 + 15 }]);
    expect(output).toEqual([1]);
  });

  test("through a spectral norm each matrix has a largest singular value of its own", () => {
    const layer = projection(3, { through: spectralNorm });
    const { state } = layer.build([5], { shape: [], type: "int32" });
    expect(Object.fromEntries(Object.entries(state).map(([k, { shape }]) => [k, shape]))).toEqual({
      "linear.u": [1],
      "linear.v": [5],
      "embedding.u": [3],
      "embedding.v": [5],
    });
  });
});

test("the golden comparison itself objects to a small difference", () => {
  expect(apart([1, 2.000001], [1, 2])).toBeGreaterThan(1e-8);
});
