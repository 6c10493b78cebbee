import type { Tensor as DeviceTensor } from "onnxruntime-common";
import { Tensor } from "#ort";
import type { Draw } from "../game/draws.js";
import { metadataOf } from "../onnx/metadata.js";
import { checkDevice, openSession, plainDevice } from "../runtime/device.js";
import { DataError } from "../shape/error.js";
import { Random } from "../shape/random.js";
import { type Shape, sizeOf } from "../shape/shape.js";
import { allocate, type TypedArray } from "../shape/type.js";

/** What samples are asked for with. */
export interface GenerateOptions {
  /** How many samples; 64 by default. */
  readonly count?: number;
  /** What chance comes from; 0 by default. */
  readonly seed?: number;
  /** The classes of the samples, by number and repeated as needed; any class by default. */
  readonly labels?: readonly number[];
  /** Where it runs: the processor by default. */
  readonly device?: string;
}

/** Samples, one after another; pictures from −1 to 1. */
export interface Generated {
  readonly shape: Shape;
  readonly count: number;
  readonly items: Float32Array;
}

const batch = 64;

/**
 * Samples of an exported generator: `count` items of the data's shape, each a function of the seed
 * and its place alone.
 *
 * @throws {DataError} when the bytes are no generator that Belamy exported, or it wants real items
 * @example
 * const run = train({ system: zoo.gan, data: data.ring({ count: 1000 }), rounds: 1, folder: null });
 * await run.finish();
 * const { items } = await generate(await run.generator(), { count: 3, seed: 1 });
 * items.length // → 6
 */
export async function generate(
  model: Uint8Array,
  { count = 64, seed = 0, labels, device = plainDevice }: GenerateOptions = {},
): Promise<Generated> {
  const { shape, draws } = toldBy(model);
  const session = await openSession(model, { device: checkDevice(device) });
  const each = sizeOf(shape);
  const items = new Float32Array(count * each);
  try {
    for (let start = 0; start < count; start += batch) {
      const size = Math.min(batch, count - start);
      const feeds = Object.entries(draws).map(([name, draw]): [string, DeviceTensor] => {
        const values = allocate(draw.type, size * sizeOf(draw.shape));
        for (let i = 0; i < size; i++) {
          const place = start + i;
          const random = new Random({ seed, purpose: `generate ${name}`, at: [place] });
          const part = sizeOf(draw.shape);
          const into = values.subarray(i * part, (i + 1) * part);
          fill(into, { draw, random, label: labels?.[place % labels.length] });
        }
        const tensor = new Tensor(draw.type, values, [size, ...draw.shape]);
        return [name, tensor as DeviceTensor]; // one of our types
      });
      const { samples } = await session.run(Object.fromEntries(feeds));
      items.set(samples!.data as Float32Array, start * each); // it was exported so
    }
  } finally {
    await session.release();
  }
  return { shape, count, items };
}

/** What a model says of its samples and of what chance must supply. */
function toldBy(model: Uint8Array): {
  readonly shape: Shape;
  readonly draws: Readonly<Record<string, Draw>>;
} {
  const { shape, draws, classes } = readMetadata(model);
  if (shape === undefined || draws === undefined) {
    throw new DataError({ op: "model", why: "is no generator that Belamy exported" });
  }
  const all = Object.entries(JSON.parse(draws) as Readonly<Record<string, Draw>>); // we wrote it
  const any = { kind: "classes", shape: [], type: "int32", classes: Math.max(1, Number(classes)) };
  const known = all.map(([name, draw]): [string, Draw] => {
    if (draw.kind === "items") {
      throw new DataError({ op: "model", why: `wants ${name}, which chance alone cannot supply` });
    }
    // Whatever classes the items of the game had, each is as likely here.
    return [name, draw.kind === "labels" ? (any as Draw) : draw]; // one of the kinds
  });
  return { shape: JSON.parse(shape) as Shape, draws: Object.fromEntries(known) }; // likewise
}

function readMetadata(model: Uint8Array): Readonly<Record<string, string>> {
  try {
    return metadataOf(model);
  } catch {
    return {};
  }
}

function fill(
  out: TypedArray,
  {
    draw,
    random,
    label,
  }: { readonly draw: Draw; readonly random: Random; readonly label: number | undefined },
): void {
  for (let i = 0; i < out.length; i++) {
    if (draw.kind === "classes") out[i] = label ?? random.integer(draw.classes);
    else if (draw.kind === "uniform") out[i] = draw.low + (draw.high - draw.low) * random.uniform();
    else out[i] = random.normal();
  }
}
