import type { Tensor as DeviceTensor, InferenceSession as Session } from "onnxruntime-common";
import { Tensor } from "#ort";
import { metadataOf } from "../onnx/metadata.js";
import { openSession, plainDevice } from "../runtime/device.js";
import { fingerprint } from "../runtime/fingerprint.js";
import { closest, DataError } from "../shape/error.js";
import { sizeOf } from "../shape/shape.js";
import {
  type NetworkOptions,
  type Prepare,
  preparing,
  type Socket,
  socketOf,
} from "./features-socket.js";

const usualBatch = 64;

/** An ONNX model that takes pictures, made ready for those of one data set. */
export class PictureNetwork {
  /** SHA-256 of the file. */
  readonly hash: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** How many numbers each output has for one picture. */
  readonly outputs: Readonly<Record<string, number>>;
  /** What is done to pictures first; empty when nothing is. */
  readonly preparation: string;
  private readonly session: Session;
  private readonly socket: Socket;
  private readonly prepare: Prepare;

  private constructor(
    session: Session,
    parts: Pick<PictureNetwork, "hash" | "metadata" | "outputs" | "preparation"> & {
      readonly socket: Socket;
      readonly prepare: Prepare;
    },
  ) {
    this.session = session;
    this.hash = parts.hash;
    this.metadata = parts.metadata;
    this.outputs = parts.outputs;
    this.preparation = parts.preparation;
    this.socket = parts.socket;
    this.prepare = parts.prepare;
  }

  static async open(model: Uint8Array, options: NetworkOptions): Promise<PictureNetwork> {
    const { name, threads = 1 } = options;
    const session = await openSession(model, { device: plainDevice, threads }).catch(
      (error: unknown) => {
        const said = error instanceof Error ? error.message.split("\n").at(-1)!.trim() : "";
        const operands = [{ label: "engine", value: said.replace(/^said\s+/, "") }];
        throw new DataError({ op: name, why: "is no ONNX model that can be run", operands });
      },
    );
    try {
      const metadata = PictureNetwork.metadataOf(model, name);
      const socket = socketOf(session, options);
      const { prepare, preparation } = preparing(socket, options, metadata);
      const hash = fingerprint(model);
      const parts = { hash, metadata, preparation, socket, prepare };
      const blank = new PictureNetwork(session, { ...parts, outputs: {} });
      const outputs = await blank.probe(sizeOf(options.shape));
      return new PictureNetwork(session, { ...parts, outputs });
    } catch (error) {
      await session.release();
      throw error;
    }
  }

  /** What a model says of itself. */
  static metadataOf(model: Uint8Array, name: string): Readonly<Record<string, string>> {
    try {
      return metadataOf(model);
    } catch {
      throw new DataError({ op: name, why: "is no ONNX model" });
    }
  }

  /** The named output, or the first one, when it gives a row of numbers for each picture. */
  outputNamed(wanted: string | undefined, name: string): string {
    const names = this.session.outputNames;
    const output = wanted ?? names[0]!;
    if (!names.includes(output)) {
      const near = closest(output, names);
      const hint = near === undefined ? `it has ${names.join(", ")}` : `did you mean ${near}?`;
      throw new DataError({ op: name, why: `has no output ${output}`, hint });
    }
    if (this.outputs[output] !== undefined) return output;
    const rows = Object.keys(this.outputs);
    const hint = rows.length === 0 ? {} : { hint: `${rows.join(", ")} would do` };
    const why = `output ${output} is no row of numbers for each picture`;
    throw new DataError({ op: name, why, ...hint });
  }

  /** Pictures `[n c h w]` from −1 to 1 → rows `[n d]` of each wanted output. */
  async run(
    items: Float32Array,
    wanted: readonly string[],
  ): Promise<Readonly<Record<string, Float32Array>>> {
    const { batch, each } = this.socket;
    const size = this.prepare.size;
    const count = items.length / size;
    const results = wanted.map((name) => new Float32Array(count * this.outputs[name]!));
    for (let start = 0; start < count; start += batch ?? usualBatch) {
      const length = Math.min(batch ?? usualBatch, count - start);
      const fed = new Float32Array((batch ?? length) * each);
      for (let i = 0; i < length; i++) {
        const from = (start + i) * size;
        this.prepare.into(
          items.subarray(from, from + size),
          fed.subarray(i * each, (i + 1) * each),
        );
      }
      const said = await this.session.run(this.feeds(fed, batch ?? length));
      wanted.forEach((name, k) => {
        const rows = said[name]!.data as Float32Array; // probed
        const width = this.outputs[name]!;
        results[k]!.set(rows.subarray(0, length * width), start * width);
      });
    }
    return Object.fromEntries(wanted.map((name, k) => [name, results[k]!]));
  }

  async release(): Promise<void> {
    await this.session.release();
  }

  /** Runs blank pictures to learn which outputs are rows, and how long. */
  private async probe(size: number): Promise<Record<string, number>> {
    const count = this.socket.batch ?? 2;
    const fed = new Float32Array(count * this.socket.each);
    const blank = new Float32Array(size);
    for (let i = 0; i < count; i++) {
      const { each } = this.socket;
      this.prepare.into(blank, fed.subarray(i * each, (i + 1) * each));
    }
    const said = await this.session.run(this.feeds(fed, count));
    const rows = Object.entries(said).filter(
      ([, { dims, type }]) =>
        type === "float32" &&
        dims.length >= 2 &&
        dims[0] === count &&
        dims.slice(2).every((d) => d === 1),
    );
    return Object.fromEntries(rows.map(([name, { dims }]) => [name, dims[1]!]));
  }

  private feeds(values: Float32Array, count: number): Record<string, DeviceTensor> {
    const { shape, type, input } = this.socket;
    const dims = [count, ...shape];
    const tensor =
      type === "uint8"
        ? new Tensor("uint8", Uint8Array.from(values, Math.round), dims)
        : new Tensor("float32", values, dims);
    return { [input]: tensor as DeviceTensor }; // one of our types
  }
}
