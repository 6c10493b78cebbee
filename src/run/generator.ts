import type { Tensor as DeviceTensor } from "onnxruntime-common";
import { Tensor } from "#ort";
import { Dealer } from "../game/dealer.js";
import type { DataDescription } from "../game/draws.js";
import { drawPort, knownCells, type Plan, type SamplePlan } from "../game/plan.js";
import type { System, Values } from "../game/system.js";
import { traceGenerator } from "../game/trace.js";
import { lower } from "../onnx/lower.js";
import { openSession, plainDevice } from "../runtime/device.js";
import type { Program } from "../runtime/memory.js";
import { Memory } from "../runtime/memory.js";
import { BelamyError } from "../shape/error.js";
import { Random } from "../shape/random.js";
import { sizeOf } from "../shape/shape.js";
import type { TypedArray } from "../shape/type.js";
import { encodeSafetensors } from "./safetensors.js";
import type { Cells } from "./task.js";

export interface GeneratorOptions {
  readonly system: System;
  readonly hyper: Values;
  readonly data: DataDescription;
  readonly cells: Cells;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What a trained system makes as an ONNX model: draws in, `samples` out, for any batch. */
export function generatorModel(options: GeneratorOptions): Program["model"] {
  const { system, hyper, data, cells, metadata } = options;
  const samples = traceGenerator(system, { hyper, data });
  return lower({ samples }, { name: system.name, weights: cells, metadata, freeBatch: true }).model;
}

/**
 * Largest difference that is put down to another order of additions: a hundredth of a byte. Instance
 * norm divides rounding by deviations that are small when a run is young.
 */
const tolerance = 1e-4;

/** A model that runs by itself, or only the numbers that it reads. */
export type ExportFormat = "onnx" | "safetensors";

/** Numbers that samples are made with, and after how many rounds. */
export interface Learned {
  readonly round: number;
  readonly cells: Cells;
}

/** What a run learned, and everything that is told of it. */
export interface Origin {
  readonly system: System;
  readonly hyper: Values;
  readonly data: DataDescription & { readonly name: string; readonly fingerprint: string };
  readonly plan: Plan;
  readonly seed: number;
  /** Of Belamy. */
  readonly version: string;
  readonly learned: Learned;
}

/** What a run has learned to make, as the parts of a file. */
export function encodeGenerator(origin: Origin, format: ExportFormat): Uint8Array[] {
  const { system, hyper, data, plan, learned } = origin;
  const metadata = metadataFor(origin);
  const cells = { ...knownCells(plan, samplesOf(plan).program.reads), ...learned.cells };
  if (format === "onnx") return [generatorModel({ system, hyper, data, cells, metadata })];
  const tensors = plan.cells
    .filter(({ name }) => samplesOf(plan).program.reads.includes(name))
    .map(({ name, shape }) => [name, { shape, data: cells[name]! }]);
  return encodeSafetensors({ tensors: Object.fromEntries(tensors), metadata });
}

/** How a game makes samples. */
function samplesOf({ system, sample, translation }: Plan): SamplePlan {
  if (translation !== undefined) return translation;
  if (sample !== undefined) return sample;
  throw new BelamyError({ op: system, why: "makes nothing: there is no generator" });
}

/** What is told of a model inside of its file: where it comes from, and what chance supplies to it. */
function metadataFor(origin: Origin): Record<string, string> {
  const { system, hyper, data, plan, seed, version, learned } = origin;
  const { cite } = system;
  return {
    belamy: version,
    system: system.name,
    paper: cite.arxiv === undefined ? cite.title : `${cite.title}, arXiv:${cite.arxiv}`,
    seed: String(seed),
    round: String(learned.round),
    data: `${data.name} ${data.fingerprint}`,
    shape: JSON.stringify(data.shape),
    classes: String(data.classes),
    hyper: JSON.stringify(hyper),
    draws: JSON.stringify(neededDraws(plan)),
  };
}

/** The draws that samples depend on. */
function neededDraws(plan: Plan): Plan["draws"] {
  const { translation } = plan;
  if (translation !== undefined) {
    return { given: { kind: "given", shape: translation.from, type: "float32" } };
  }
  return Object.fromEntries(
    Object.entries(plan.draws).filter(([name]) =>
      samplesOf(plan).program.feeds.some((port) => port.name === drawPort(name)),
    ),
  );
}

/** Runs an exported model at two batch sizes, and fails unless it says what the game's graph says. */
export async function verifyGenerator(
  model: Uint8Array,
  { plan, cells }: { readonly plan: Plan; readonly cells: Cells },
): Promise<void> {
  const { count, shape, program } = samplesOf(plan);
  const memory = new Memory({ device: plainDevice });
  const known = knownCells(plan, program.reads);
  for (const name of program.reads) {
    const cell = plan.cells.find((c) => c.name === name)!;
    memory.put({ name, shape: cell.shape, type: "float32" }, known[name] ?? cells[name]!);
  }
  const draws = neededDraws(plan);
  const arrays = dealNoise(draws, plan);
  const expected = (await (await memory.load(program)).run(arrays)).samples!;
  const session = await openSession(model, { device: plainDevice });
  for (const size of [1, count - 1]) {
    const feeds = Object.entries(draws).map(([name, draw]): [string, DeviceTensor] => {
      const part = arrays[drawPort(name)]!.slice(0, size * sizeOf(draw.shape));
      return [name, new Tensor(draw.type, part, [size, ...draw.shape]) as DeviceTensor]; // one of our types
    });
    const { samples } = await session.run(Object.fromEntries(feeds));
    const found = samples!.data as Float32Array; // as traced
    const wanted = expected.subarray(0, size * sizeOf(shape));
    const difference = largestDifference(found, wanted);
    if (difference > tolerance) {
      const why = `differs by ${difference.toPrecision(2)} from the game at a batch of ${size}`;
      throw new BelamyError({ op: "generator.onnx", why });
    }
  }
  await session.release();
  await memory.release();
}

/** Draws by chance; where real items are drawn, noise. */
function dealNoise(draws: Plan["draws"], plan: Plan): Record<string, TypedArray> {
  const { count, shape } = samplesOf(plan);
  const size = Math.max(sizeOf(shape), ...Object.values(draws).map((draw) => sizeOf(draw.shape)));
  const random = new Random({ seed: 0, purpose: "verify" });
  const items = Float32Array.from({ length: size }, () => 2 * random.uniform() - 1);
  const dealer = new Dealer({ count: 1, items, labels: undefined, given: { items } }, 0);
  const arrays = dealer.allocate(draws, count);
  dealer.deal(draws, arrays, { purpose: "verify", turn: 0, group: 0, dealt: 0 });
  return arrays;
}

/** Relative where numbers are large; infinite when sizes differ or something is no number. */
function largestDifference(found: TypedArray, wanted: TypedArray): number {
  if (found.length !== wanted.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < found.length; i++) {
    const apart = Math.abs(found[i]! - wanted[i]!) / Math.max(1, Math.abs(wanted[i]!));
    if (!(apart <= largest)) largest = Number.isNaN(apart) ? Number.POSITIVE_INFINITY : apart;
  }
  return largest;
}

/** A file from its parts. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
