import { drawPort } from "../game/plan.js";
import type { System } from "../game/system.js";
import { trace, traceExpression } from "../game/trace.js";
import { listCheckpoints, readCheckpoint } from "../run/checkpoint.js";
import { generatorBytes, playedWith } from "../run/export.js";
import { readRecord } from "../run/folder.js";
import { joined } from "../run/generator.js";
import { type ChanceDraws, latentAt, truncated } from "../run/latents.js";
import { Generator } from "../run/sampler.js";
import { plainDevice, prefersProducts } from "../runtime/device.js";
import { fingerprint } from "../runtime/fingerprint.js";
import { type Loaded, Memory } from "../runtime/memory.js";
import type { Order, Provenance } from "../serve/maker.js";
import { ConfigurationError } from "../shape/error.js";
import { type Shape, sizeOf } from "../shape/shape.js";
import { allocate } from "../shape/type.js";
import { input, type Tensor } from "../tensor/tensor.js";
import { zoo } from "../zoo/index.js";

/** Latents of a canvas: rows and columns of them. */
export type Canvas = readonly [rows: number, columns: number];

/** Pictures of one canvas, one after another, −1 … 1. */
export interface Painted {
  /** One of them: `[c h w]`. */
  readonly shape: Shape;
  readonly items: Float32Array;
  /** How real the discriminator thinks each is, as logits; none when nobody judges. */
  readonly logits: Float32Array | undefined;
}

/** A canvas that is ready to be painted on. */
interface Stretched {
  readonly draws: ChanceDraws;
  readonly shape: Shape;
  /** Pictures that are painted together. */
  readonly count: number;
  readonly program: Loaded;
}

const systems: Readonly<Record<string, System>> = zoo;
/** Pixels that are painted together. */
const most = 32 * 64 * 64;

/** A run that paints: its generator for canvases of any size, and its discriminator to judge them. */
export class Painter {
  readonly provenance: Provenance;
  private readonly system: System;
  private readonly draws: ChanceDraws;
  private readonly memory: Memory;
  private readonly folder: string;
  private readonly canvases = new Map<string, Promise<Stretched>>();

  private constructor(
    folder: string,
    {
      provenance,
      system,
      draws,
      memory,
    }: Pick<Painter, "provenance"> & {
      readonly system: System;
      readonly draws: ChanceDraws;
      readonly memory: Memory;
    },
  ) {
    this.folder = folder;
    this.provenance = provenance;
    this.system = system;
    this.draws = draws;
    this.memory = memory;
  }

  /**
   * Opens the newest checkpoint of a run.
   *
   * @throws {ConfigurationError} when the run has learned nothing yet, or makes no pictures.
   */
  static async open(
    folder: string,
    { system: own, threads = 1 }: { readonly system?: System; readonly threads?: number } = {},
  ): Promise<Painter> {
    const record = readRecord(folder);
    const system = own ?? systems[record.system];
    const { data } = record;
    if (system?.samples === undefined || data.kind !== "pictures") {
      const why = `${record.system} on ${data.name} makes no pictures`;
      throw new ConfigurationError({ op: "portrait", why });
    }
    const model = joined(await generatorBytes(folder, { system, verify: async () => {} }));
    const generator = await Generator.from(model, { name: folder });
    const { draws } = generator;
    await generator.close();
    const plan = trace(system, { hyper: playedWith(record, system), data });
    const { cells } = readCheckpoint(listCheckpoints(folder).at(-1)!, plan);
    const memory = new Memory({ device: plainDevice, threads });
    for (const { name, shape } of plan.cells) {
      const stored = cells[name];
      if (stored !== undefined) memory.put({ name, shape, type: "float32" }, stored);
    }
    const { versions } = record;
    const provenance = {
      title: `${system.name} on ${data.name}`,
      model: fingerprint(model),
      version: versions.belamy,
    };
    return new Painter(folder, { provenance, system, draws, memory });
  }

  /**
   * A picture for each order, on a canvas of so many latents.
   *
   * @throws {ConfigurationError} when a larger canvas is wanted of latents that have no places.
   */
  async paint(orders: readonly Order[], canvas: Canvas = [1, 1]): Promise<Painted> {
    const { draws, shape, count, program } = await this.stretched(canvas);
    const each = sizeOf(shape);
    const items = new Float32Array(orders.length * each);
    const logits = this.system.verdict && new Float32Array(orders.length);
    for (let start = 0; start < orders.length; start += count) {
      const part = orders.slice(start, start + count);
      const made = await program.run(this.feeds(draws, part, count));
      items.set((made.samples as Float32Array).subarray(0, part.length * each), start * each); // as traced
      logits?.set((made.logits as Float32Array).subarray(0, part.length), start); // likewise
    }
    return { shape, items, logits };
  }

  /** Whether there is a discriminator. */
  get judges(): boolean {
    return this.system.verdict !== undefined;
  }

  /** Lets go of everything that it holds. */
  release(): Promise<void> {
    return this.memory.release();
  }

  /** All that is needed to paint on a canvas, prepared once. */
  private stretched(canvas: Canvas): Promise<Stretched> {
    const key = canvas.join();
    const known = this.canvases.get(key) ?? this.stretch(canvas);
    this.canvases.set(key, known);
    return known;
  }

  private async stretch(canvas: Canvas): Promise<Stretched> {
    const draws = this.spread(canvas);
    const { system } = this;
    const record = readRecord(this.folder);
    const settled = { hyper: playedWith(record, system), data: record.data };
    let shape: Shape = [];
    const build = (count: number) =>
      traceExpression(
        system,
        { ...settled, products: prefersProducts(plainDevice) },
        (networks) => {
          const drawn = Object.entries(draws).map(([name, draw]): [string, Tensor] => [
            name,
            input(drawPort(name), [count, ...draw.shape], draw.type),
          ]);
          const { samples, verdict } = system;
          const made = samples!(networks, Object.fromEntries(drawn), settled); // checked by open
          shape = made.shape.slice(1);
          if (verdict === undefined) return { samples: made };
          return { samples: made, logits: verdict(networks, made, settled) };
        },
      );
    build(1);
    // Always as many, so that no picture depends on its company.
    const count = Math.max(1, Math.floor(most / (shape[1]! * shape[2]!)));
    return { draws, shape, count, program: await this.memory.load(build(count)) };
  }

  /** What chance supplies, where there is a place for each latent of the canvas. */
  private spread([rows, columns]: Canvas): ChanceDraws {
    if (rows === 1 && columns === 1) return this.draws;
    const spread = Object.entries(this.draws).map(([name, draw]) => {
      const { shape } = draw;
      const hasPlaces = shape.length === 3 && shape[1] === 1 && shape[2] === 1;
      return [name, hasPlaces ? { ...draw, shape: [shape[0]!, rows, columns] } : draw] as const;
    });
    if (spread.every(([name, { shape }]) => shape === this.draws[name]!.shape)) {
      const why = `${this.system.name} makes pictures of one size`;
      throw new ConfigurationError({ op: "canvas", why, hint: "art-dcgan makes larger ones" });
    }
    return Object.fromEntries(spread) as ChanceDraws; // the same draws in other shapes
  }

  private feeds(draws: ChanceDraws, orders: readonly Order[], count: number) {
    const latents = orders.map(({ seed, truncation }) =>
      truncated(draws, latentAt(draws, seed, 0), truncation),
    );
    const entries = Object.entries(draws).map(([name, { shape, type }]) => {
      const size = sizeOf(shape);
      const values = allocate(type, count * size);
      for (let i = 0; i < count; i++) values.set(latents[i % latents.length]![name]!, i * size);
      return [drawPort(name), values] as const;
    });
    return Object.fromEntries(entries);
  }
}
