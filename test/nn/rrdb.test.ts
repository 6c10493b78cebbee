import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { network } from "../../src/game/network.js";
import { initialValues } from "../../src/nn/initializers.js";
import { countOf } from "../../src/nn/layer.js";
import { adam } from "../../src/nn/optimizers.js";
import { type RrdbOptions, rrdbNet } from "../../src/nn/rrdb.js";
import { decodeSafetensors } from "../../src/run/safetensors.js";
import { compute } from "../../src/runtime/compute.js";
import { BelamyError } from "../../src/shape/error.js";
import { gradients } from "../../src/tensor/gradients.js";
import { abs, mean } from "../../src/tensor/operations.js";
import { constant, type Tensor } from "../../src/tensor/tensor.js";
import { apply } from "./apply.js";
import { apart, readGolden } from "./golden.js";

interface Sizes {
  readonly blocks: number;
  readonly c: number;
  readonly g: number;
  readonly scale: number;
  readonly unshuffle: number;
  readonly inputs?: number;
  readonly outputs?: number;
}

/** What rrdb.py wrote beside its numbers. */
interface Golden {
  readonly made: string;
  readonly paper: number;
  readonly cases: Readonly<Record<string, { readonly sizes: Sizes }>>;
}

const { made, paper, cases } = readGolden<Golden>("rrdb.json");
const file = new URL("../golden/rrdb.safetensors", import.meta.url);
const { tensors } = decodeSafetensors(readFileSync(file), "rrdb.safetensors");
const numbers = (name: string): readonly number[] => Array.from(tensors[name]!.data);
const stored = (name: string): Tensor => constant(numbers(name), { shape: tensors[name]!.shape });

const optionsOf = ({ c, g, outputs = 3, ...sizes }: Sizes): RrdbOptions => ({
  ...sizes,
  channels: c,
  growth: g,
  out: outputs,
});

/** The network of a case applied to its picture, with all of its parameters as inputs. */
function applied(name: string) {
  const x = stored(`${name}/x`);
  const built = rrdbNet(optionsOf(cases[name]!.sizes)).build(x.shape.slice(1));
  const { y, parameters } = apply(built, x);
  const given = Object.fromEntries(
    Object.keys(parameters).map((key) => [key, numbers(`${name}/before/${key}`)]),
  );
  return { y, parameters, given };
}

test("goldens are PyTorch 2.6's", () => {
  expect(made).toBe("PyTorch 2.6.0+debian, float64");
});

test("the paper's generator has the official code's 16 697 987 parameters", () => {
  const { parameters, output, rows } = network([3, 32, 32], rrdbNet()).built;
  expect(output).toEqual([3, 128, 128]);
  expect(countOf(parameters)).toBe(16_697_987);
  expect(countOf(parameters)).toBe(paper);
  expect(rows.reduce((n, row) => n + row.parameters, 0)).toBe(paper);
  expect(rows).toHaveLength(1 + 23 + 5);
});

test("parameters are named and shaped as in RRDBNet_arch.py", () => {
  for (const [name, { sizes }] of Object.entries(cases)) {
    const side = 4 * (sizes.unshuffle ?? 1);
    const { parameters } = rrdbNet(optionsOf(sizes)).build([sizes.inputs ?? 3, side, side]);
    const theirs = Object.entries(tensors)
      .filter(([key]) => key.startsWith(`${name}/before/`))
      .map(([key, { shape }]) => [key.slice(`${name}/before/`.length), shape]);
    expect(Object.entries(parameters).map(([key, { shape }]) => [key, shape])).toEqual(theirs);
  }
});

test.each(Object.keys(cases))("%s makes PyTorch's picture", async (name) => {
  const { y, given } = applied(name);
  const found = await compute({ y }, given);
  expect(y.shape).toEqual(tensors[`${name}/y`]!.shape);
  expect(apart(found.y, numbers(`${name}/y`))).toBeLessThan(1e-5);
});

test.each(["x4", "x2"])("%s learns in a step of Adam what PyTorch's learns", async (name) => {
  const { y, parameters, given } = applied(name);
  const names = Object.keys(parameters);
  const loss = mean(abs(y.minus(stored(`${name}/target`))));
  const slopes = gradients(loss, Object.values(parameters));
  const { slots, move } = adam({ lr: 2e-4, beta1: 0.9, beta2: 0.99 });
  const clock = { progress: constant(0), moves: constant(1) };
  const outputs = names.flatMap((key, i) => {
    const parameter = parameters[key]!;
    const zero = constant(0);
    const moved = move({
      parameter,
      gradient: slopes[i]!,
      slots: Object.fromEntries(slots.map((slot) => [slot, zero])),
      clock,
    });
    return [
      [`gradient/${key}`, slopes[i]!],
      [`after/${key}`, moved.parameter],
    ] as const;
  });
  const found = await compute(Object.fromEntries(outputs), given);
  for (const [key] of outputs) {
    expect(apart(found[key]!, numbers(`${name}/${key}`)), key).toBeLessThan(1e-4);
  }
});

describe("first numbers", () => {
  const { parameters } = rrdbNet({ blocks: 1, channels: 64, growth: 32 }).build([3, 8, 8]);
  const deviationOf = (name: string): number => {
    const { shape, initial } = parameters[name]!;
    const values = initialValues(initial, { shape, name, seed: 3 });
    return Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
  };

  test("inside of blocks are a tenth of He's, biases 0", () => {
    for (const [i, seen] of [64, 96, 128, 160, 192].entries()) {
      const name = `RRDB_trunk.0.RDB2.conv${i + 1}`;
      const wanted = 0.1 * Math.sqrt(2 / (9 * seen));
      // So many numbers have a deviation within two percent of what they are drawn with.
      expect(deviationOf(`${name}.weight`) / wanted).toBeCloseTo(1, 1.7);
      expect(deviationOf(`${name}.bias`)).toBe(0);
    }
  });

  test("elsewhere are PyTorch's", () => {
    for (const name of ["trunk_conv", "upconv1", "upconv2", "HRconv"]) {
      // A uniform number within ±a has a deviation of a / √3.
      expect(deviationOf(`${name}.weight`) * Math.sqrt(3 * 9 * 64)).toBeCloseTo(1, 1.7);
    }
  });
});

describe("mistakes", () => {
  const messageOf = (action: () => unknown): string => {
    try {
      action();
    } catch (error) {
      if (error instanceof BelamyError) return `${error.name}: ${error.message}`;
      throw error;
    }
    throw new Error("nothing was thrown");
  };

  test.each<[RrdbOptions, string]>([
    [{ scale: 3 }, "ConfigurationError: rrdbNet.scale: 3 is no power of two"],
    [{ unshuffle: 6 }, "ConfigurationError: rrdbNet.unshuffle: 6 is no power of two"],
    [
      { blocks: 0 },
      "ConfigurationError: rrdbNet.blocks: expected a whole number of at least 1, received 0",
    ],
    [
      { growth: 1.5 },
      "ConfigurationError: rrdbNet.growth: expected a whole number of at least 1, received 1.5",
    ],
  ])("%j", (options, text) => {
    expect(messageOf(() => rrdbNet(options))).toBe(text);
  });

  test("sides that do not split into squares", () => {
    expect(messageOf(() => rrdbNet({ scale: 2 }).build([3, 8, 7]))).toBe(
      "ShapeError: pixelUnshuffle: sides are not multiples of 2\n  input  [1 3 8 7]",
    );
  });
});
