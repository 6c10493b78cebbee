import { checkWhole } from "../data/check.js";
import { type KernelName, tapsFor } from "./kernels.js";
import type { TileModel } from "./model.js";
import { tiled } from "./tiled.js";
import type { Planes, Upscaler } from "./upscaler.js";

/** A kernel of old as an upscaler: what to compare networks with, and what there is without one. */
export function kernelUpscaler(name: KernelName, scale: number): Upscaler {
  checkWhole("upscale", { scale });
  const model: TileModel = {
    scale,
    about: `${name} ×${scale}`,
    ...{ inputs: 1, outputs: 1, multiple: 1, size: undefined },
    // Neighbours agree: no kernel reaches farther.
    ...{ margin: 4, fade: 0, tile: 256, edge: "repeat" },
    run: async (data, [height, width]) =>
      resized(
        { channels: 1, height, width, data },
        { height: height * scale, width: width * scale, kernel: name, wrap: false },
      ).data,
    release: async () => {},
  };
  return tiled(model);
}

/** Another size by a kernel: `[c h w] → [c height width]`, not cut to 0 … 1. */
function resized(
  { channels, height: h, width: w, data }: Planes,
  {
    height,
    width,
    kernel,
    wrap,
  }: {
    readonly height: number;
    readonly width: number;
    readonly kernel: KernelName;
    readonly wrap: boolean;
  },
): Planes {
  const across = tapsFor({ from: w, to: width, kernel, wraps: wrap });
  const down = tapsFor({ from: h, to: height, kernel, wraps: wrap });
  const wide = new Float32Array(channels * h * width);
  for (let row = 0; row < channels * h; row++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let k = x * across.count; k < (x + 1) * across.count; k++) {
        sum += across.weights[k]! * data[row * w + across.places[k]!]!;
      }
      wide[row * width + x] = sum;
    }
  }
  const out = new Float32Array(channels * height * width);
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < height; y++) {
      const to = (c * height + y) * width;
      for (let k = y * down.count; k < (y + 1) * down.count; k++) {
        const weight = down.weights[k]!;
        if (weight === 0) continue;
        const from = (c * h + down.places[k]!) * width;
        for (let x = 0; x < width; x++) out[to + x]! += weight * wide[from + x]!;
      }
    }
  }
  return { channels, height, width, data: out };
}
