import { readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import type { DataDescription } from "../game/draws.js";
import type { System, Values } from "../game/system.js";
import type { PixelRange } from "../metrics/features-socket.js";
import type { FrozenNetwork } from "../nn/features.js";
import { DataError } from "../shape/error.js";
import { type FeaturesRead, featuresFrom, type OpenFeaturesOptions } from "./features-read.js";

/** A frozen network that was read from a file. */
export interface FeaturesFile extends FeaturesRead {
  /** Where it is. */
  readonly file: string;
}

/** What a run's record says of the network that its losses perceive with. */
export interface FeaturesRecord {
  readonly name: string;
  readonly sha256: string;
  /** Where it was read from; none where the system has its own. */
  readonly file?: string;
  readonly range?: PixelRange;
}

/**
 * The network in a file, for losses to perceive with: `train({ features })`. An ONNX model's layers
 * have the names of its values, and `conv1_1`, `relu1_1`, `pool1` … beside those; a `.safetensors` is
 * a VGG network as torchvision or timm names its weights.
 *
 * @throws {DataError} when there is no such file, or no network of pictures in it.
 *
 * @example
 * const opened = openFeatures("vgg19.safetensors"); // train({ system, data, features: await opened })
 * await opened.catch((error) => error.message); // → "vgg19.safetensors: cannot be read; there is no such network"
 */
export const openFeatures = async (
  path: string,
  options: OpenFeaturesOptions = {},
): Promise<FeaturesFile> => readFeatures(path, options);

/** The same at once. */
export function readFeatures(path: string, options: OpenFeaturesOptions = {}): FeaturesFile {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch {
    throw new DataError({ op: path, why: "cannot be read; there is no such network" });
  }
  const network = featuresFrom(bytes, { name: path, ...options });
  return Object.assign(network, { name: basename(path), file: resolve(path) });
}

/** What is recorded of the network that a system perceives with; nothing when it has none. */
export function featuresRecord(
  system: System,
  hyper: Values,
  data: DataDescription,
): FeaturesRecord | undefined {
  const network = system.perceives?.(hyper, data);
  if (network === undefined) return undefined;
  const { name, hash, file, range } = network as FrozenNetwork & Partial<FeaturesFile>; // when it was read from a file
  return {
    ...{ name, sha256: hash },
    ...(file === undefined ? {} : { file }),
    ...(range === undefined ? {} : { range }),
  };
}

/**
 * A system that perceives with what a run was begun with, read again from its file.
 *
 * @throws {DataError} when that file is gone, or another one is there.
 */
export function perceivingAgain(system: System, record: FeaturesRecord | undefined): System {
  if (record?.file === undefined) return system;
  const { file, sha256, range } = record;
  const hint = "put the file back, or name it with --features FILE";
  const operands = [
    { label: "network", value: record.name },
    { label: "sha256", value: sha256 },
  ];
  let network: FeaturesFile;
  try {
    network = readFeatures(file, range === undefined ? {} : { range });
  } catch (error) {
    if (!(error instanceof DataError) || !error.facts.why.startsWith("cannot be read")) throw error;
    throw new DataError({ op: file, why: "is gone; this run perceives with it", operands, hint });
  }
  if (network.hash === sha256) return system.perceiving(network);
  operands.push({ label: "found", value: network.hash });
  throw new DataError({
    op: file,
    why: "is another network than this run began with",
    operands,
    hint,
  });
}
