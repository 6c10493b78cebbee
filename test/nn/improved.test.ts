import { describe, expect, test } from "vitest";
import { gaussianNoise } from "../../src/nn/gaussian-noise.js";
import { historicalAveraging } from "../../src/nn/history.js";
import { linear } from "../../src/nn/linear.js";
import { crossEntropy, saysFake, saysReal } from "../../src/nn/losses.js";
import { meansApart, ofAnyClass } from "../../src/nn/matching.js";
import { minibatchDiscrimination } from "../../src/nn/minibatch.js";
import { sgd } from "../../src/nn/optimizers.js";
import { virtualBatchNorm } from "../../src/nn/virtual-batch-norm.js";
import { weightNorm } from "../../src/nn/weight-norm.js";
import { Random } from "../../src/shape/random.js";
import { type Shape, sizeOf } from "../../src/shape/shape.js";
import { evaluate } from "../../src/tensor/reference.js";
import { constant, type Tensor } from "../../src/tensor/tensor.js";

const random = new Random({ seed: 3, purpose: "improved" });
const normal = (...shape: Shape): Float64Array =>
  Float64Array.from({ length: sizeOf(shape) }, () => random.normal());
/** Numbers as a tensor. */
const held = (x: Iterable<number>, shape: Shape): Tensor => constant([...x], { shape });
const numbersOf = (x: Tensor): Float64Array => evaluate([x], {})[0]!;

/** A layer applied with these numbers; state as it becomes. */
function played(
  layer: { build: ReturnType<typeof linear>["build"] },
  x: Tensor,
  {
    parameters = {},
    state = {},
    training = true,
    uniform,
  }: {
    readonly parameters?: Readonly<Record<string, Float64Array>>;
    readonly state?: Readonly<Record<string, Float64Array>>;
    readonly training?: boolean;
    readonly uniform?: Float64Array;
  },
) {
  const built = layer.build(x.shape.slice(1));
  const next: Record<string, Tensor> = {};
  const kept = (all: typeof built.parameters, given: Readonly<Record<string, Float64Array>>) => {
    return (name: string): Tensor => {
      const { shape } = all[name]!;
      return held(given[name] ?? new Float64Array(sizeOf(shape)), shape);
    };
  };
  const y = built.apply(x, {
    parameter: kept(built.parameters, parameters),
    state: (name) => next[name] ?? kept(built.state, state)(name),
    update(name, value) {
      next[name] = value;
    },
    training,
    condition: undefined,
    uniform: (shape) => held(uniform!, shape),
  });
  const updated = Object.entries(next).map(([name, value]) => [name, numbersOf(value)] as const);
  return { y: numbersOf(y), state: Object.fromEntries(updated) };
}

describe("virtual batch norm", () => {
  const scale = { scale: Float64Array.of(1.5, 0.5), shift: Float64Array.of(0.1, -0.2) };
  const layer = virtualBatchNorm(3);
  const [reference, one] = [normal(3, 2, 4), normal(1, 2, 4)];
  const batch = (...items: readonly Float64Array[]): Tensor => {
    const all = [...reference, ...items.flatMap((item) => [...item])];
    return held(all, [3 + items.length, 2, 4]);
  };

  test("an item does not depend on those beside it, to the last bit", () => {
    const alone = played(layer, batch(one), { parameters: scale });
    for (let k = 0; k < 5; k++) {
      const others = [normal(1, 2, 4), normal(1, 2, 4).map((v) => 100 * v)];
      const beside = played(layer, batch(one, ...others), { parameters: scale });
      expect([...beside.y.subarray(24, 32)]).toEqual([...alone.y.subarray(24, 32)]);
    }
  });

  test("is what the formula says", () => {
    const { y } = played(layer, batch(one), { parameters: scale });
    for (let c = 0; c < 2; c++) {
      const of = (x: Float64Array, f: (v: number) => number): number => {
        const own = [...x].filter((_, i) => Math.floor(i / 4) % 2 === c).map(f);
        return own.reduce((s, v) => s + v, 0) / own.length;
      };
      const middle = of(one, (v) => v) / 4 + (3 / 4) * of(reference, (v) => v);
      const squares = of(one, (v) => v * v) / 4 + (3 / 4) * of(reference, (v) => v * v);
      const deviation = Math.sqrt(squares - middle ** 2 + 1e-5);
      for (let k = 0; k < 4; k++) {
        const wanted = ((one[4 * c + k]! - middle) / deviation) * scale.scale[c]! + scale.shift[c]!;
        expect(y[24 + 4 * c + k]).toBeCloseTo(wanted, 12);
      }
    }
  });

  test("samples are as they were beside the reference", () => {
    const { y, state } = played(layer, batch(one), { parameters: scale });
    const sampled = played(layer, held(one, [1, 2, 4]), {
      ...{ parameters: scale, state, training: false },
    });
    sampled.y.forEach((v, i) => {
      expect(v).toBeCloseTo(y[24 + i]!, 12);
    });
  });

  test("needs items after the reference", () => {
    const x = held(reference, [3, 2, 4]);
    expect(() => played(layer, x, { parameters: scale })).toThrow(
      "virtualBatchNorm: needs items after the 3 of reference\n  input  [3 2 4]",
    );
    expect(() => virtualBatchNorm(3).build([])).toThrow(
      "virtualBatchNorm: needs an axis besides the batch\n  input  []",
    );
  });
});

describe("minibatch discrimination that is fitted to its first batch", () => {
  const layer = minibatchDiscrimination(4, { width: 3, fitted: true });
  const plain = minibatchDiscrimination(4, { width: 3 });
  const x = normal(8, 5);
  const features = (y: Float64Array): number[] => [...y].filter((_, i) => i % 9 >= 5);
  const seen = (layer: typeof plain, times: number, state = {}) =>
    played(
      layer,
      held(
        x.map((v) => v * times),
        [8, 5],
      ),
      {
        parameters: { weight: weights },
        state,
      },
    );
  const weights = normal(5, 12);

  test("says the same of items a thousand times as far apart, where it would say nothing", () => {
    const [near, far] = [seen(layer, 1), seen(layer, 1000)];
    far.y.forEach((v, i) => {
      if (i % 9 >= 5) expect(v).toBeCloseTo(near.y[i]!, 9);
    });
    expect(Math.max(...features(near.y)) - Math.min(...features(near.y))).toBeGreaterThan(0.01);
    expect(new Set(features(seen(plain, 1000).y))).toEqual(new Set([1]));
  });

  test("features of the first batch have a mean of 0, and the nearest items are 2 units away", () => {
    const { y, state } = seen(layer, 3);
    for (let k = 0; k < 4; k++) {
      const mean =
        features(y)
          .filter((_, i) => i % 4 === k)
          .reduce((s, v) => s + v, 0) / 8;
      expect(mean).toBeCloseTo(0, 12);
    }
    const near = [0, 1, 2, 3].map((k) => {
      const at = (i: number, w: number): number =>
        3 * [0, 1, 2, 3, 4].reduce((s, a) => s + x[i * 5 + a]! * weights[a * 12 + k * 3 + w]!, 0);
      const distance = (i: number, j: number): number =>
        [0, 1, 2].reduce((s, w) => s + Math.abs(at(i, w) - at(j, w)), 0);
      const all = [0, 1, 2, 3, 4, 5, 6, 7];
      const least = all.map((i) =>
        Math.min(...all.filter((j) => j !== i).map((j) => distance(i, j))),
      );
      return least.reduce((s, v) => s + v, 0) / 16;
    });
    expect([...state.near!].map((v) => v.toFixed(9))).toEqual(near.map((v) => v.toFixed(9)));
  });

  test("later batches are measured as the first one was", () => {
    const { state } = seen(layer, 1);
    const later = seen(layer, 2, state);
    expect(later.state).toEqual(state);
    expect([...later.y]).not.toEqual([...seen(layer, 1).y]);
  });
});

describe("historical averaging", () => {
  test("follows the gradient and the way back to the mean of all moves so far", () => {
    const learner = historicalAveraging(sgd({ lr: 0.1 }), 0.25);
    let [theta, past] = [2, 0];
    const all: number[] = [];
    for (let t = 1; t <= 5; t++) {
      const { parameter, slots } = learner.move({
        parameter: constant([theta]),
        gradient: constant([t - 2]),
        slots: { past: constant([past]) },
        clock: { progress: constant(0), moves: constant(t) },
      });
      all.push(theta);
      const mean = all.reduce((s, v) => s + v, 0) / t;
      const wanted = theta - 0.1 * (t - 2 + 0.5 * (theta - mean));
      expect(numbersOf(slots.past!)[0]).toBeCloseTo(mean, 12);
      [theta, past] = [numbersOf(parameter)[0]!, numbersOf(slots.past!)[0]!];
      expect(theta).toBeCloseTo(wanted, 12);
    }
  });

  test("a weight is no negative number", () => {
    expect(() => historicalAveraging(sgd(), -1)).toThrow(
      "historicalAveraging.weight: expected ≥ 0, received -1",
    );
  });
});

describe("a classifier as a discriminator of K + 1 classes", () => {
  test("is one whose last logit is 0", () => {
    const [l, made] = [normal(4, 3), normal(4, 3)];
    const withZero = (x: Float64Array): Tensor => {
      const rows = [0, 1, 2, 3].flatMap((i) => [...x.subarray(3 * i, 3 * i + 3), 0]);
      return constant(rows, { shape: [4, 4] });
    };
    const fake = crossEntropy(withZero(made), constant(Int32Array.of(3, 3, 3, 3)));
    const logits = held(made, [4, 3]);
    expect(numbersOf(saysFake(ofAnyClass(logits)))[0]).toBeCloseTo(numbersOf(fake)[0]!, 12);
    // Of real items: −log of what is not the last class's share.
    const shares = [...Array(4).keys()].map((i) => {
      const row = [...l.subarray(3 * i, 3 * i + 3)].map(Math.exp);
      const z = row.reduce((s, v) => s + v, 0);
      return -Math.log(z / (z + 1));
    });
    const real = numbersOf(saysReal(ofAnyClass(held(l, [4, 3]))))[0];
    expect(real).toBeCloseTo(shares.reduce((s, v) => s + v, 0) / 4, 12);
  });

  test("means are apart by what lies between them, however many items", () => {
    const a = constant([1, 5, 3, 5], { shape: [2, 2] });
    const b = constant([0, 5, 0, 6, 0, 7], { shape: [3, 2] });
    expect(numbersOf(meansApart(a, b))[0]).toBeCloseTo((2 ** 2 + 1 ** 2) / 2, 12);
  });
});

test("weights of a weight norm have the length of their gain", () => {
  const weight = normal(4, 3);
  const { y } = played(weightNorm(linear(3)), constant([1, 0, 0, 0], { shape: [1, 4] }), {
    parameters: { weight, bias: new Float64Array(3), gain: Float64Array.of(1, 2, -3) },
  });
  [1, 2, -3].forEach((gain, k) => {
    const length = Math.hypot(...[0, 1, 2, 3].map((i) => weight[i * 3 + k]!));
    expect(y[k]).toBeCloseTo((gain * weight[k]!) / length, 9);
  });
});

describe("noise", () => {
  const u = Float64Array.from({ length: 2 * 40_000 }, () => random.uniform());
  const x = held(new Float64Array(40_000), [40_000, 1]);

  test("is normal, of the deviation that is asked for", () => {
    const { y } = played(gaussianNoise(0.5), x, { uniform: u });
    const moment = (k: number): number => y.reduce((s, v) => s + (v / 0.5) ** k, 0) / y.length;
    // Four standard errors of each.
    [0, 1, 0, 3].forEach((wanted, i) => {
      const error = 4 * Math.sqrt([1, 2, 15, 96][i]! / y.length);
      expect(Math.abs(moment(i + 1) - wanted)).toBeLessThan(error);
    });
  });

  test("is none when sampling, and of no negative deviation", () => {
    const one = constant([1, 2], { shape: [2, 1] });
    expect([...played(gaussianNoise(9), one, { training: false }).y]).toEqual([1, 2]);
    expect(() => gaussianNoise(-1)).toThrow("gaussianNoise: expected a deviation ≥ 0, received -1");
  });
});
