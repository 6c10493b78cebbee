import { expect, it } from "vitest";
import { lower } from "../../src/onnx/lower.js";
import { input } from "../../src/tensor/tensor.js";
import { rrdbWeights } from "../../src/upscale/rrdb-weights.js";
import { apply } from "../nn/apply.js";
import { apart } from "../nn/golden.js";
import { devices, type Job } from "../support/devices.js";
import { goldenTensor, weightsOf } from "./rrdb-golden.js";

const names = ["x4", "x2"] as const;

/** The networks as an upscaler compiles them, weights inside of the model. */
const jobs: readonly Job[] = names.map((name) => {
  const { layer, tensors } = rrdbWeights({ tensors: weightsOf(name, "new") }, name);
  const { shape, data } = goldenTensor(name, "x");
  const x = input("x", shape);
  const { y } = apply(layer.build(shape.slice(1)), x, { training: false });
  const { model, inputs, outputs } = lower({ y }, { weights: tensors });
  const program = { model, reads: [], feeds: inputs, writes: [], returns: outputs };
  return { name, program, cells: [], feeds: { x: data }, runs: 1 };
});

/** A software driver compiles every shader of every graph. */
const timeout = 240_000;

it.each(devices.map((device) => ({ device, name: device.name })))(
  "$name makes PyTorch's pictures of ESRGAN's network",
  async ({ device }) => {
    if (device.missing !== undefined) {
      console.warn(`skipped on ${device.name}: ${device.missing}`);
      expect(process.env.CI, `${device.name}: ${device.missing}`).toBeUndefined();
      return;
    }
    const results = await device.run(jobs);
    expect(results.map((r) => r.error)).toEqual(jobs.map(() => undefined));
    results.forEach(({ last }, i) => {
      const wanted = Array.from(goldenTensor(names[i]!, "y").data);
      expect(apart(last.outputs.y!, wanted), names[i]!).toBeLessThan(1e-5);
    });
  },
  timeout,
);
