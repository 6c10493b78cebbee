import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import type { InferenceSession as Session } from "onnxruntime-common";
import { Tensor } from "#ort";
import { type Draw, sourceOf } from "../game/draws.js";
import { settle } from "../game/hyper.js";
import type { System } from "../game/system.js";
import { metadataOf } from "../onnx/metadata.js";
import { openSession } from "../runtime/device.js";
import { DataError } from "../shape/error.js";
import { Random } from "../shape/random.js";
import { type Shape, sizeOf } from "../shape/shape.js";
import { allocate } from "../shape/type.js";
import { zoo } from "../zoo/index.js";

const batch = 64;

/** Numbers for one sample, by the name of the draw. */
export type Latent = Readonly<Record<string, Float32Array | Int32Array>>;

/** A `generator.onnx` that is ready to make samples, with what chance must supply for them. */
export class Generator {
  readonly shape: Shape;
  readonly draws: Readonly<Record<string, Draw>>;
  private readonly classes: number;
  private readonly session: Session;

  private constructor(
    session: Session,
    { shape, draws, classes }: Pick<Generator, "shape" | "draws"> & { readonly classes: number },
  ) {
    this.session = session;
    this.classes = classes;
    this.shape = shape;
    this.draws = draws;
  }

  static open(path: string): Promise<Generator> {
    return Generator.from(readModel(path), path);
  }

  /** The same from a model's bytes; `path` is what errors call it. */
  static async from(model: Uint8Array, path: string): Promise<Generator> {
    const told = toldBy(model);
    const shape = JSON.parse(told.shape ?? "null") as Shape | null; // we wrote it
    const systems: Readonly<Record<string, System>> = zoo;
    const system = systems[told.system ?? ""];
    if (shape === null || system === undefined) {
      throw new DataError({ op: path, why: "is no generator that Belamy exported" });
    }
    const hyper = settle(system.hyper, JSON.parse(told.hyper ?? "{}") as Record<string, unknown>);
    const kind = shape.length === 3 ? "pictures" : "points";
    const data = sourceOf({ kind, shape, classes: Number(told.classes ?? 0), count: 1 });
    const session = await openSession(model, { device: "cpu", threads: availableParallelism() });
    const all = Object.entries(system.chance(hyper, data));
    const draws = Object.fromEntries(all.filter(([name]) => session.inputNames.includes(name)));
    for (const name of session.inputNames) {
      const { kind: drawn = "nothing" } = draws[name] ?? {};
      if (drawn !== "items" && drawn !== "nothing") continue;
      throw new DataError({ op: path, why: `wants ${name}, which chance alone cannot supply` });
    }
    return new Generator(session, { shape, draws, classes: Math.max(1, data.classes) });
  }

  /** What chance supplies for one sample: a function of the seed and its place alone. */
  latent(seed: number, place: number): Latent {
    const entries = Object.entries(this.draws).map(([name, draw]) => {
      const random = new Random({ seed, purpose: `generate ${name}`, at: [place] });
      if (draw.type === "int32") {
        // Whatever classes samples had in the game, each is as likely here.
        const classes = draw.kind === "classes" ? draw.classes : this.classes;
        return [name, Int32Array.of(random.integer(classes))] as const;
      }
      const next =
        draw.kind === "uniform"
          ? () => draw.low + (draw.high - draw.low) * random.uniform()
          : () => random.normal();
      return [name, Float32Array.from({ length: sizeOf(draw.shape) }, next)] as const;
    });
    return Object.fromEntries(entries);
  }

  /** One sample for each latent, one after the other. */
  async samples(latents: readonly Latent[]): Promise<Float32Array> {
    const each = sizeOf(this.shape);
    const out = new Float32Array(latents.length * each);
    for (let start = 0; start < latents.length; start += batch) {
      const part = latents.slice(start, start + batch);
      const feeds = Object.entries(this.draws).map(([name, { shape, type }]) => {
        const size = sizeOf(shape);
        const values = allocate(type, part.length * size);
        part.forEach((latent, i) => {
          values.set(latent[name]!, i * size);
        });
        return [name, new Tensor(type, values, [part.length, ...shape])] as const;
      });
      const { samples } = await this.session.run(Object.fromEntries(feeds));
      out.set(samples!.data as Float32Array, start * each); // it was exported so
    }
    return out;
  }

  /** A place between two latents: on the great circle where numbers are normal, on a line elsewhere; the nearer one's class. */
  between(a: Latent, b: Latent, t: number): Latent {
    const entries = Object.entries(this.draws).map(([name, draw]) => {
      const [from, to] = [a[name]!, b[name]!];
      if (from instanceof Int32Array || to instanceof Int32Array) {
        return [name, t < 0.5 ? from : to] as const;
      }
      return [name, (draw.kind === "normal" ? spherical : linear)(from, to, t)] as const;
    });
    return Object.fromEntries(entries);
  }

  async close(): Promise<void> {
    await this.session.release();
  }
}

const linear = (a: Float32Array, b: Float32Array, t: number): Float32Array =>
  a.map((v, i) => v + (b[i]! - v) * t);

/** White 2016, "Sampling Generative Networks", section 2: a line would leave the shell of normals. */
export function spherical(a: Float32Array, b: Float32Array, t: number): Float32Array {
  const dot = (x: Float32Array, y: Float32Array): number => x.reduce((n, v, i) => n + v * y[i]!, 0);
  const lengths = Math.sqrt(dot(a, a) * dot(b, b));
  const angle = Math.acos(Math.max(-1, Math.min(1, dot(a, b) / Math.max(lengths, 1e-12))));
  if (Math.sin(angle) < 1e-6) return linear(a, b, t);
  const [p, q] = [Math.sin((1 - t) * angle), Math.sin(t * angle)];
  return a.map((v, i) => (p * v + q * b[i]!) / Math.sin(angle));
}

/** What a model says of itself; nothing where it is none. */
export function toldBy(model: Uint8Array): Readonly<Record<string, string>> {
  try {
    return metadataOf(model);
  } catch {
    return {};
  }
}

const usualHint = "belamy export writes one from a run's checkpoint";

/** The bytes of a model. */
export function readModel(
  path: string,
  { hint = usualHint }: { readonly hint?: string } = {},
): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(readFileSync(path));
  } catch {
    throw new DataError({ op: path, why: "cannot be read", ...(hint === "" ? {} : { hint }) });
  }
}
