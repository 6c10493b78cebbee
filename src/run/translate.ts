import type { Dataset } from "../data/dataset.js";
import { fingerprintOf } from "../data/fingerprint.js";
import type { System } from "../game/system.js";
import { trace } from "../game/trace.js";
import { type Translation, traceTranslation } from "../game/translate.js";
import { type DeviceName, plainDevice, prefersProducts } from "../runtime/device.js";
import { type Loaded, Memory } from "../runtime/memory.js";
import { ConfigurationError } from "../shape/error.js";
import { readSeen } from "../shape/items.js";
import type { Legend } from "../shape/legend.js";
import { formatShape, type Shape, sizeOf } from "../shape/shape.js";
import { zoo } from "../zoo/index.js";
import { betweenPhases } from "./between.js";
import { listCheckpoints, readCheckpoint } from "./checkpoint.js";
import { playedWith } from "./export.js";
import { readRecord } from "./folder.js";

/** How a run is opened to make pictures from pictures. */
export interface TranslatorOptions {
  /** What the run plays; the zoo's system of that name by default. */
  readonly system?: System;
  /** Networks between those of an earlier phase, 0, and those of the last one, 1: 1. */
  readonly alpha?: number;
  /** Where networks run; the processor. */
  readonly device?: DeviceName;
  /** Of a session: 1. */
  readonly threads?: number;
}

const systems: Readonly<Record<string, System>> = zoo;
/** Pictures at a time, unless they are large. */
const most = 32;
/** Pixels at a time. */
const mostPixels = 512 * 512;

/** What a run has learned to make of pictures, ready for pictures of any size. */
export class Translator {
  /** A given picture as the run was trained with: `[c h w]`. */
  readonly from: Shape;
  /** What the colours of given pictures mean, when the run was given maps. */
  readonly legend: Legend | undefined;
  private readonly memory: Memory;
  private readonly traced: (from: Shape, count: number) => Translation;
  private readonly loaded = new Map<string, { translation: Translation; program: Loaded }>();

  private constructor(
    memory: Memory,
    traced: (from: Shape, count: number) => Translation,
    { from, legend }: Pick<Translator, "from" | "legend">,
  ) {
    this.memory = memory;
    this.traced = traced;
    this.from = from;
    this.legend = legend;
  }

  /**
   * Opens the newest checkpoint of a run.
   *
   * @throws {ConfigurationError} when the run has learned nothing yet, or makes no pictures from
   *   pictures.
   */
  static open(folder: string, options: TranslatorOptions = {}): Translator {
    const { system: own, alpha = 1, device = plainDevice, threads = 1 } = options;
    const record = readRecord(folder);
    const system = own ?? systems[record.system];
    if (system?.translates === undefined) {
      const why = `${record.system} makes no pictures from pictures`;
      throw new ConfigurationError({ op: "translate", why, hint: "pix2pix does" });
    }
    const newest = listCheckpoints(folder).at(-1);
    if (newest === undefined) {
      const operands = [{ label: "folder", value: folder }];
      throw new ConfigurationError({
        op: "translate",
        why: "there is no checkpoint yet",
        operands,
      });
    }
    const played = { hyper: playedWith(record, system), data: record.data };
    const plan = trace(system, played);
    const kept = readCheckpoint(newest, plan);
    const { phase = 0 } = kept.position;
    const cells =
      alpha === 1 ? kept.cells : betweenPhases({ plan, cells: kept.cells, phase }, alpha);
    const memory = new Memory({ device, threads });
    for (const { name, shape } of plan.cells) {
      const stored = cells[name];
      // Frozen networks are in no checkpoint, and make nothing.
      if (stored !== undefined) memory.put({ name, shape, type: "float32" }, stored);
    }
    const traced = (from: Shape, count: number): Translation =>
      traceTranslation(system, { ...played, from, count, products: prefersProducts(device) });
    const from = system.translatesFrom(played.hyper, played.data);
    return new Translator(memory, traced, { from, legend: record.data.given?.legend });
  }

  /** The shape of what is made of a picture of some shape. */
  to(from: Shape): Shape {
    return this.traced(from, 1).to;
  }

  /**
   * Pictures made from pictures: `given` as a game sees them, one after another, each of shape
   * `from`.
   *
   * @throws {ShapeError} when the networks cannot be built for pictures of that size.
   */
  async translate(given: Float32Array, from = this.from): Promise<Float32Array> {
    const each = sizeOf(from);
    const total = given.length / each;
    const pixels = from.slice(1).reduce((n, side) => n * side, 1);
    const count = Math.max(1, Math.min(most, total, Math.floor(mostPixels / pixels)));
    const { translation, program } = await this.load(from, count);
    const size = sizeOf(translation.to);
    const made = new Float32Array(total * size);
    const batch = new Float32Array(count * each);
    for (let start = 0; start < total; start += count) {
      const part = given.subarray(start * each, (start + count) * each);
      batch.set(part);
      const { samples: pictures } = await program.run({ "draw.given": batch });
      const wanted = (pictures as Float32Array).subarray(0, (part.length / each) * size); // as traced
      made.set(wanted, start * size);
    }
    return made;
  }

  /** Lets go of everything that it holds. */
  release(): Promise<void> {
    return this.memory.release();
  }

  private async load(from: Shape, count: number) {
    const key = `${count} ${formatShape(from)}`;
    let known = this.loaded.get(key);
    if (known === undefined) {
      const translation = this.traced(from, count);
      known = { translation, program: await this.memory.load(translation.program) };
      this.loaded.set(key, known);
    }
    return known;
  }
}

/**
 * What a run makes of pictures, for each picture of some data one: photos from label maps, label
 * maps from photos, large pictures from small ones. The pictures may have another size than those
 * of the run where its networks allow it. What is made of light is light.
 *
 * @throws {ConfigurationError} when the run has learned nothing yet, makes no pictures from
 *   pictures, or the pictures have other channels than it was trained with.
 * @throws {ShapeError} when its networks cannot be built for pictures of that size.
 *
 * @example
 * const shoes = data.products({ count: 8, size: 16 });
 * const hyper = { width: 4, batch: 4, group: 4 };
 * const run = train({ system: zoo.pix2pix, data: shoes, hyper, rounds: 1, folder: "shoes" });
 * await run.finish();
 * const edges = { ...shoes, ...shoes.given };
 * (await translate("shoes", edges)).shape; // → [3,16,16]
 */
export async function translate(
  folder: string,
  given: Dataset,
  options: TranslatorOptions = {},
): Promise<Dataset<Uint8Array | Float32Array>> {
  const translator = Translator.open(folder, options);
  try {
    return await translated(translator, given);
  } finally {
    await translator.release();
  }
}

/** The same with a run that is open already. */
export async function translated(
  translator: Translator,
  given: Dataset,
): Promise<Dataset<Uint8Array | Float32Array>> {
  const { shape, count, name, labels, classes, flux } = given;
  if (given.kind !== "pictures" || shape[0] !== translator.from[0]) {
    const operands = [
      { label: name, value: formatShape(shape) },
      { label: "run", value: formatShape(translator.from) },
    ];
    const why = "the pictures have other channels than the run's";
    throw new ConfigurationError({ op: "translate", why, operands });
  }
  const to = translator.to(shape);
  const size = count * sizeOf(to);
  const items = flux === undefined ? new Uint8Array(size) : new Float32Array(size);
  const kept = flux === undefined ? byteOf : (value: number): number => value;
  const stride = Math.max(1, Math.floor(mostPixels / sizeOf(shape.slice(1))));
  for (let start = 0; start < count; start += stride) {
    const places = Array.from({ length: Math.min(stride, count - start) }, (_, i) => start + i);
    const made = await translator.translate(readSeen(given, places), shape);
    for (let i = 0; i < made.length; i++) items[start * sizeOf(to) + i] = kept(made[i]!);
  }
  const pictures = { kind: "pictures", shape: to, items, labels } as const;
  return {
    ...{ ...pictures, name, count, classes, modes: undefined, skipped: [] },
    ...(flux === undefined ? {} : { flux }),
    fingerprint: fingerprintOf(pictures),
  };
}

const byteOf = (value: number): number =>
  Math.max(0, Math.min(255, Math.round((value + 1) * 127.5)));
