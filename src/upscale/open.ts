import { readFileSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, extname } from "node:path";
import type { System } from "../game/system.js";
import { decodeSafetensors } from "../run/safetensors.js";
import { checkDevice } from "../runtime/device.js";
import { ConfigurationError, closest, DataError } from "../shape/error.js";
import { kernelUpscaler } from "./kernel-upscaler.js";
import type { TileModel } from "./model.js";
import { onnxModel, type ValueRange } from "./onnx-model.js";
import { rrdbModel } from "./rrdb-model.js";
import { rrdbWeights } from "./rrdb-weights.js";
import { runModel } from "./run-model.js";
import { tiled } from "./tiled.js";
import { readTorchFile } from "./torch-file.js";
import type { Upscaler } from "./upscaler.js";

/** How something that makes pictures larger is opened. */
export interface UpscalerOptions {
  /** How many times larger, for the kernels: 4. A network's scale is its own. */
  readonly scale?: number;
  /** Side of the largest tile that a network is given, margins included, in pixels: 224 for ×4. */
  readonly tile?: number;
  /** Of a network's session; as many as there are cores. */
  readonly threads?: number;
  /** Where networks run: `cpu`. */
  readonly device?: string;
  /** What a run plays; the zoo's system of that name by default. */
  readonly system?: System;
  /** Of a run: between the networks of an earlier phase, 0, and those of the last one, 1: 1. */
  readonly alpha?: number;
  /** What an ONNX model takes for black and white; what its metadata say, else `unit`, 0 and 1. */
  readonly range?: ValueRange;
}

const kernels = ["bicubic", "lanczos"] as const;
/** Files of `torch.save`. */
const pickles: readonly string[] = [".pth", ".pt", ".ckpt"];

/**
 * Something that makes pictures larger: ESRGAN weights (`.safetensors` or `.pth`, in the names of
 * any of its codes), any `.onnx` model that makes one picture from one, the folder of a run that
 * makes pictures from pictures, or `bicubic` or `lanczos`, which need no network.
 *
 * @throws {DataError} when the file is not what its name says.
 * @throws {ConfigurationError} when there is no such source, or an option does not fit it.
 *
 * @example
 * const upscaler = await openUpscaler("bicubic", { scale: 2 });
 * const data = new Float32Array(3 * 4 * 5).fill(0.5);
 * const made = await upscaler.upscale({ channels: 3, height: 4, width: 5, data });
 * [made.channels, made.height, made.width]; // → [3,8,10]
 */
export async function openUpscaler(
  source: string,
  options: UpscalerOptions = {},
): Promise<Upscaler> {
  const kernel = kernels.find((name) => name === source);
  if (kernel !== undefined) return kernelUpscaler(kernel, options.scale ?? 4);
  const model = await modelOf(source, options);
  const { tile = model.tile, scale = model.scale } = options;
  try {
    if (scale !== model.scale) {
      const why = `${basename(source)} makes pictures ${model.scale} times larger, not ${scale}`;
      throw new ConfigurationError({ op: "scale", why });
    }
    const least = leastTile(model);
    if (!(Number.isSafeInteger(tile) && tile >= least)) {
      const why = `expected a whole number of at least ${least}, received ${tile}`;
      throw new ConfigurationError({ op: "tile", why });
    }
    return tiled(model, tile);
  } catch (error) {
    await model.release();
    throw error;
  }
}

/** Less than this would be margins alone. */
const leastTile = ({ margin, fade, multiple }: TileModel): number => {
  const up = (n: number): number => Math.ceil(n / multiple) * multiple;
  return 2 * up(margin) + 2 * up(fade) + 8;
};

async function modelOf(source: string, options: UpscalerOptions): Promise<TileModel> {
  const found = statSync(source, { throwIfNoEntry: false });
  if (found === undefined) {
    const near = closest(source, kernels);
    const hint =
      near === undefined
        ? "give a file, a run's folder, bicubic or lanczos"
        : `did you mean ${near}?`;
    throw new ConfigurationError({ op: source, why: "there is no such file", hint });
  }
  const { device = "cpu", threads = availableParallelism(), range, system, alpha } = options;
  const session = { device: checkDevice(device), threads };
  if (found.isDirectory()) {
    return runModel(source, {
      ...session,
      ...(system === undefined ? {} : { system }),
      ...(alpha === undefined ? {} : { alpha }),
    });
  }
  const file = basename(source);
  const extension = extname(source).toLowerCase();
  if (extension === ".onnx") {
    return await onnxModel(readFileSync(source), file, {
      ...session,
      ...(range === undefined ? {} : { range }),
    });
  }
  if (extension === ".safetensors") {
    const weights = rrdbWeights(decodeSafetensors(readFileSync(source), file), file);
    return rrdbModel(weights, file, session);
  }
  if (pickles.includes(extension)) {
    const weights = rrdbWeights({ tensors: await readTorchFile(source, file) }, file);
    return rrdbModel(weights, file, session);
  }
  const why = "is neither .safetensors, .pth nor .onnx, nor a run's folder";
  throw new DataError({ op: file, why });
}
