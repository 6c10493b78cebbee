import { readFileSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, extname } from "node:path";
import type { System } from "../../game/system.js";
import { trace } from "../../game/trace.js";
import { interpolated } from "../../nn/interpolated.js";
import { keepsCopies } from "../../run/between.js";
import { playedWith } from "../../run/export.js";
import { readRecord } from "../../run/folder.js";
import { decodeSafetensors } from "../../run/safetensors.js";
import { plainDevice } from "../../runtime/device.js";
import { ConfigurationError } from "../../shape/error.js";
import { zoo } from "../../zoo/index.js";
import { openUpscaler } from "../open.js";
import { rrdbModel } from "../rrdb-model.js";
import { type RrdbWeights, rrdbWeights } from "../rrdb-weights.js";
import { runModel } from "../run-model.js";
import { tiled } from "../tiled.js";
import type { Upscaler } from "../upscaler.js";

/** Networks that make pictures larger: one alone, or two with all that lies between them. */
export interface Networks {
  readonly about: string;
  /** Whether there are two. */
  readonly two: boolean;
  /** The network at a place between the two, 0 … 1. */
  at(alpha: number): Promise<Upscaler>;
}

/**
 * A run with what an earlier phase made of its network, two files of ESRGAN weights, or whatever
 * `openUpscaler` opens, alone.
 *
 * @throws {ConfigurationError} when there is nothing between two sources.
 */
export async function openNetworks(first: string, second?: string): Promise<Networks> {
  const isRun = statSync(first, { throwIfNoEntry: false })?.isDirectory() === true;
  if (second === undefined) {
    if (!(isRun && isTwofold(first))) {
      return { about: first, two: false, at: () => openUpscaler(first) };
    }
    const at = async (alpha: number): Promise<Upscaler> => tiled(runModel(first, { alpha }));
    return { about: first, two: true, at };
  }
  const [a, b] = [first, second].map(weightsIn) as [RrdbWeights, RrdbWeights]; // two
  const names = [first, second].map((path) => basename(path)).join(" to ");
  const at = async (alpha: number): Promise<Upscaler> => {
    const tensors = interpolated(a.tensors, b.tensors, alpha);
    const session = { device: plainDevice, threads: availableParallelism() };
    return tiled(rrdbModel({ ...a, tensors }, names, session));
  };
  return { about: names, two: true, at };
}

/** Whether a run keeps a network as an earlier phase left it. */
function isTwofold(folder: string): boolean {
  const record = readRecord(folder);
  const systems: Readonly<Record<string, System>> = zoo;
  const system = systems[record.system];
  return (
    system !== undefined &&
    keepsCopies(trace(system, { hyper: playedWith(record, system), data: record.data }))
  );
}

function weightsIn(path: string): RrdbWeights {
  if (extname(path).toLowerCase() !== ".safetensors") {
    const why = `${path} is no .safetensors file of ESRGAN weights`;
    throw new ConfigurationError({ op: "curve", why, hint: "one run alone has both networks" });
  }
  return rrdbWeights(decodeSafetensors(readFileSync(path), basename(path)), basename(path));
}
