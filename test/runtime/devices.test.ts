import { beforeAll, describe, expect, test } from "vitest";
import { Random } from "../../src/shape/random.js";
import { sizeOf } from "../../src/shape/shape.js";
import type { TypedArray } from "../../src/shape/type.js";
import {
  convolutionInputGradient,
  convolutionWeightGradient,
} from "../../src/tensor/convolution.js";
import { evaluate } from "../../src/tensor/reference.js";
import { input, Tensor } from "../../src/tensor/tensor.js";
import { allCases, type NamedCase } from "../support/cases.js";
import { derivativesOf } from "../support/derivatives.js";
import {
  type Device,
  devices,
  furthest,
  type Job,
  jobOf,
  type Result,
} from "../support/devices.js";
import { trainingStep } from "../support/training-step.js";

interface Expected {
  readonly name: string;
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly feeds: Readonly<Record<string, Float64Array>>;
  readonly values: Readonly<Record<string, Float64Array>>;
}

/** Value, gradients and second gradients of a case, with what the reference says they are. */
function expectedOf(c: NamedCase): Expected {
  const { value, first, second, values: feeds } = derivativesOf(c);
  const named: readonly (readonly [string, Tensor])[] = [
    [`${c.name} value`, value],
    ...first.map((g, i) => [`${c.name} first ${i}`, g] as const),
    ...second.map((g, i) => [`${c.name} second ${i}`, g] as const),
  ];
  const found = evaluate(
    named.map(([, x]) => x),
    feeds,
  );
  const values = Object.fromEntries(named.map(([name], i) => [name, found[i]!]));
  return { name: c.name, outputs: Object.fromEntries(named), feeds, values };
}

/** Channel counts at which kernels of WebGPU change: vectors of 4, 3, 2 and 1. */
const channelCounts: readonly Expected[] = [
  ...[3, 5, 6, 9].flatMap((c) => [3, 4, 8].map((o) => counts({ groups: 1, from: c, to: o }))),
  ...[2, 3].flatMap((groups) =>
    [2, 3].flatMap((from) => [1, 4, 5, 6].map((to) => counts({ groups, from, to }))),
  ),
];

function counts(size: { groups: number; from: number; to: number }): Expected {
  const { groups, from, to } = size;
  const name = `convolutions of ${from} into ${to} channels, ${groups} groups`;
  const options = {
    strides: [2, 2],
    padding: [
      [1, 1],
      [1, 1],
    ],
    dilations: [1, 1],
    groups,
  } as const; // prettier-ignore
  const [c, o] = [groups * from, groups * to];
  const [x, w] = [input(`${name} x`, [6, c, 5, 5]), input(`${name} w`, [o, from, 3, 3])];
  const [y, v] = [input(`${name} y`, [6, o, 3, 3]), input(`${name} v`, [c, to, 3, 3])];
  const outputs = {
    [`${name}: forward`]: new Tensor("convolution", [x, w], options),
    [`${name}: transposed`]: convolutionInputGradient(y, w, { ...options, size: [5, 5] }),
    [`${name}: transposed the other way`]: convolutionInputGradient(
      new Tensor("slice", [x], { starts: [0, 0, 0, 0], ends: [6, c, 3, 3], steps: [1, 1, 1, 1] }),
      v,
      { ...options, size: [5, 5] },
    ),
    [`${name}: weight`]: convolutionWeightGradient(x, y, { ...options, kernel: [3, 3] }),
  };
  const random = new Random({ seed: 4, purpose: name });
  const feeds = Object.fromEntries(
    [x, w, y, v].map(({ attributes, shape }) => [
      attributes.name,
      Float64Array.from({ length: sizeOf(shape) }, () => Math.fround(random.normal())),
    ]),
  );
  const found = evaluate(Object.values(outputs), feeds);
  const values = Object.fromEntries(Object.keys(outputs).map((key, i) => [key, found[i]!]));
  return { name, outputs, feeds, values };
}

/** WebGPU has no convolution of volumes in groups; nobody needs one so far. */
const refused = (name: string): boolean => name.endsWith("3D, 2 groups");

const expected = allCases.map(expectedOf);
const together = [...expected.filter(({ name }) => !refused(name)), ...channelCounts];
const apart = expected.filter(({ name }) => refused(name));

/**
 * One model for many cases on a GPU in software, where opening a session costs more than running it.
 * There, second gradients are left out; they are made of primitives whose values are compared.
 */
function jobsFor(device: Device): readonly Job[] {
  const onGpu = device.home === "gpu-buffer";
  const kept = ([name]: readonly [string, Tensor]): boolean => !onGpu || !/ second \d$/.test(name);
  const size = onGpu ? 50 : 1;
  return Array.from({ length: Math.ceil(together.length / size) }, (_, i) => {
    const part = together.slice(i * size, (i + 1) * size);
    const outputs = part.flatMap((c) => Object.entries(c.outputs).filter(kept));
    const feeds = Object.assign({}, ...part.map((c) => c.feeds));
    return jobOf(part.map((c) => c.name).join(), Object.fromEntries(outputs), { feeds });
  });
}

/** Sines of WebGPU are right to 2⁻¹¹ and no better: section 15.7.4 of WGSL. */
const tolerance = (name: string): number => (/^(sin|cos|detach) /.test(name) ? 2 ** -11 : 2e-6);

const step = trainingStep();
const training = jobOf("training step", step.outputs, { ...step, runs: 40 });

const counter = input("counter", [1024, 1024]);
const counting = jobOf(
  "counter",
  { next: counter.plus(1) },
  { cells: { counter: new Float64Array(1024 * 1024) }, writes: { next: "counter" }, runs: 200 },
);

for (const { name, missing } of devices) {
  if (missing !== undefined) console.warn(`${name} is skipped: ${missing}`);
}

describe.each(devices)("$name", (device) => {
  describe.skipIf(device.missing !== undefined)(device.missing ?? "present", () => {
    const results = new Map<string, Result>();
    const made: Record<string, TypedArray> = {};
    const errors: string[] = [];
    const resultOf = (name: string): Result => {
      const result = results.get(name)!;
      expect(result.error).toBeUndefined();
      return result;
    };

    beforeAll(async () => {
      const single = apart.map((c) => jobOf(c.name, c.outputs, { feeds: c.feeds }));
      const jobs = [...jobsFor(device), ...single, training, counting];
      for (const result of await device.run(jobs)) {
        results.set(result.name, result);
        Object.assign(made, result.first.outputs);
        if (result.error !== undefined) errors.push(`${result.name}: ${result.error}`);
      }
    }, 300_000);

    test.each(together)("$name", ({ name, values }) => {
      const compared = Object.keys(values).filter((output) => output in made);
      expect(compared.length, errors.join("\n")).toBeGreaterThan(0);
      for (const output of compared) {
        expect(furthest(made[output]!, values[output]!), output).toBeLessThan(tolerance(name));
      }
    });

    test.each(apart)("$name", ({ name, values }) => {
      if (device.home === "gpu-buffer") {
        expect(results.get(name)!.error).toContain("does not support grouped convolution");
        return;
      }
      const { outputs } = resultOf(name).first;
      for (const [output, wanted] of Object.entries(values)) {
        expect(furthest(outputs[output]!, wanted), output).toBeLessThan(2e-6);
      }
    });

    test("a training step with a penalty and Adam", () => {
      const { outputs, cells } = resultOf("training step").first;
      const found = evaluate(Object.values(step.outputs), { ...step.cells, ...step.feeds });
      Object.keys(step.outputs).forEach((name, i) => {
        const got = outputs[name] ?? cells[step.writes[name]!]!;
        expect(furthest(got, found[i]!, 0), name).toBeLessThan(1e-4);
      });
    });

    test("40 training steps leave state where it lives, with nothing left over", () => {
      const { last, growth } = resultOf("training step");
      const { cells, locations } = last;
      expect(Array.from(cells.time!)).toEqual([40]);
      for (const [name, numbers] of Object.entries(cells)) {
        expect(numbers.every(Number.isFinite), name).toBe(true);
        expect(locations[name], name).toBe(device.home);
      }
      expect(growth).toBeLessThanOrEqual(device.slack);
    });

    test("four megabytes that are replaced 200 times are read right and held once", () => {
      const { last, growth } = resultOf("counter");
      const { cells, locations } = last;
      expect(cells.counter!.every((n) => n === 200)).toBe(true);
      expect(locations.counter).toBe(device.home);
      expect(growth).toBeLessThanOrEqual(device.slack);
    });
  });
});
