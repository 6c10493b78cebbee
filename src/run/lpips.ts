import { readFileSync } from "node:fs";
import { basename, extname } from "node:path";
import type { PictureDistance } from "../metrics/feature-distance.js";
import { lpips } from "../metrics/lpips.js";
import { importOnnx } from "../onnx/import/import.js";
import { DataError } from "../shape/error.js";
import type { Shape } from "../shape/shape.js";
import { readFeatures } from "./features.js";
import { decodeSafetensors } from "./safetensors.js";

/** Where LPIPS's two parts are. */
export interface LpipsFiles {
  /** The network: torchvision's VGG-16 or AlexNet, as for `openFeatures`. */
  readonly network: string;
  /** The linear weights of LPIPS for that network, as `.safetensors` or inside of an `.onnx`. */
  readonly weights: string;
  /** One picture: `[c h w]`. */
  readonly shape: Shape;
}

/**
 * LPIPS from files: a network, and the linear weights that its authors learned for it.
 *
 * @throws {DataError} when a file is gone, or they do not belong together.
 *
 * @example
 * const files = { network: "vgg16.safetensors", weights: "lpips-vgg.safetensors" };
 * const opened = openLpips({ ...files, shape: [3, 64, 64] });
 * await opened.catch((error) => error.message); // → "vgg16.safetensors: cannot be read; there is no such network"
 */
export async function openLpips({ network, weights, shape }: LpipsFiles): Promise<PictureDistance> {
  const name = basename(weights);
  return await lpips(readFeatures(network), { shape, weights: tensorsIn(weights), name });
}

function tensorsIn(path: string): Parameters<typeof lpips>[1]["weights"] {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch {
    throw new DataError({ op: path, why: "cannot be read; there are no such weights" });
  }
  if (extname(path).toLowerCase() === ".onnx") return importOnnx(bytes, { name: path }).weights;
  const { tensors } = decodeSafetensors(bytes, path);
  const weights = Object.entries(tensors).map(([key, { shape, data }]) => [
    key,
    { shape, values: data },
  ]);
  return Object.fromEntries(weights);
}
