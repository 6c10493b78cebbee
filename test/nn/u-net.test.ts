import { describe, expect, test } from "vitest";
import { countOf, type Layer } from "../../src/nn/layer.js";
import { patchDiscriminator } from "../../src/nn/patch-discriminator.js";
import { uNet, uNetWidths } from "../../src/nn/u-net.js";
import type { Shape } from "../../src/shape/shape.js";

const numbersOf = (layer: Layer, shape: Shape): number => countOf(layer.build(shape).parameters);

describe("parameters are as many as in the authors' PyTorch code", () => {
  // Printed by test/golden/pix2pix.py, which writes the same networks in PyTorch.
  test("U-Net of 256, 3 → 3 channels: 54.414 M", () => {
    const g = uNet({ widths: uNetWidths([3, 256, 256], 64), channels: 3 });
    expect(numbersOf(g, [3, 256, 256])).toBe(54_413_955);
  });

  test.each([
    [70, 2_768_705],
    [16, 139_585],
    [1, 9_024],
    [286, 11_159_361],
  ] as const)("patches of %i, 6 channels: %i", (field, count) => {
    expect(numbersOf(patchDiscriminator({ field }), [6, 256, 256])).toBe(count);
  });
});
