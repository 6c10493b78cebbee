import type { Tensor as DeviceTensor, InferenceSession as Session } from "onnxruntime-common";
import { Tensor } from "#ort";
import { lower, type Port } from "../onnx/lower.js";
import { BelamyError } from "../shape/error.js";
import { sizeOf } from "../shape/shape.js";
import { allocate, type TypedArray } from "../shape/type.js";
import { input } from "../tensor/tensor.js";
import { type DeviceName, hasOwnMemory, openSession } from "./device.js";
import { fingerprint } from "./fingerprint.js";

export type { Port };

/** A compiled graph and how it is wired to memory: plain data, so it can be sent to a worker. */
export interface Program {
  readonly model: Uint8Array<ArrayBuffer>;
  /** Model inputs that are cells of memory of the same name. */
  readonly reads: readonly string[];
  /** Model inputs given at every run. */
  readonly feeds: readonly Port[];
  /** Model outputs that replace a cell. */
  readonly writes: readonly { readonly output: string; readonly cell: string }[];
  /** Model outputs handed back. */
  readonly returns: readonly Port[];
  /** Multiply-adds of matrix products and convolutions, by the names of their operators. */
  readonly products?: Readonly<Record<string, number>>;
}

/** Looks on as programs run, and has the engine write down where their time goes. */
export interface Onlooker {
  /** What the paths of profiles begin with; the fingerprint of a program's model follows. */
  readonly prefix: string;
  /** Does one run of a program. */
  during<T>(program: Program, run: () => Promise<T>): Promise<T>;
}

export interface MemorySettings {
  readonly device: DeviceName;
  readonly threads?: number;
  readonly onlooker?: Onlooker | undefined;
}

export interface Loaded {
  /**
   * Runs once. Arrays handed back are reused by the next run. With `defer`, cells keep their old
   * values until `settle`, so that several programs can read the same state.
   */
  run(
    feeds: Readonly<Record<string, TypedArray>>,
    options?: { readonly defer?: boolean },
  ): Promise<Readonly<Record<string, TypedArray>>>;
}

interface Cell {
  readonly port: Port;
  current: DeviceTensor;
  /** Where the next value is written, so that state is never allocated while training. */
  spare: DeviceTensor | undefined;
}

/**
 * Named tensors that stay on a device, and the programs that change them there.
 *
 * @example
 * const memory = new Memory({ device: "cpu" });
 * const cell = { name: "a", shape: [2], type: "float32" } as const;
 * memory.put(cell, Float32Array.of(1, 2));
 * const { model } = lower({ next: input("a", [2]).times(2) });
 * const writes = [{ output: "next", cell: "a" }];
 * const { run } = await memory.load({ model, reads: ["a"], feeds: [], writes, returns: [] });
 * await run({});
 * await memory.get("a"); // → [2,4]
 * await memory.release();
 */
export class Memory {
  /** Where the cells are. */
  readonly device: DeviceName;
  private readonly threads: number;
  private readonly onlooker: Onlooker | undefined;
  private readonly cells = new Map<string, Cell>();
  private readonly sessions = new Map<string, Promise<Session>>();
  private pending: (() => void)[] = [];

  constructor({ device, threads = 1, onlooker }: MemorySettings) {
    this.device = device;
    this.threads = threads;
    this.onlooker = onlooker;
  }

  /** Puts a copy of numbers into a cell, making it when there is none. */
  put(port: Port, data: TypedArray): void {
    const current = new Tensor(port.type, data.slice(), port.shape) as DeviceTensor; // one of our types
    const before = this.cells.get(port.name);
    if (before !== undefined && before.current.location !== "cpu") before.current.dispose();
    const spare =
      this.inPlace && before?.spare === undefined
        ? (new Tensor(
            port.type,
            allocate(port.type, sizeOf(port.shape)),
            port.shape,
          ) as DeviceTensor) // likewise
        : before?.spare;
    this.cells.set(port.name, { port, current, spare });
  }

  /** Names of all cells. */
  get names(): readonly string[] {
    return [...this.cells.keys()];
  }

  /** Shape and type of a cell. */
  portOf(name: string): Port {
    return this.cell(name).port;
  }

  /** A copy of a cell's numbers. */
  async get(name: string): Promise<TypedArray> {
    const { current, port } = this.cell(name);
    if (current.location === "cpu") return (current.data as TypedArray).slice(); // one of our types
    const reader = await this.open(readerOf(port), [], "reader");
    const { value } = await reader.run({ cell: current });
    return (value!.data as TypedArray).slice(); // one of our types
  }

  /**
   * Compiles a program and wires it to the cells.
   *
   * @throws {BelamyError} when the device cannot run it; running it, when an input is not fed.
   */
  async load(program: Program): Promise<Loaded> {
    const resident = program.writes.map((w) => w.output);
    const session = await this.open(program.model, resident, resident.join());
    const fed = new Map<string, { array: TypedArray; tensor: DeviceTensor }>();
    const returned = program.returns.map(
      (p) => new Tensor(p.type, allocate(p.type, sizeOf(p.shape)), p.shape) as DeviceTensor, // likewise
    );

    const feedTensor = (port: Port, array: TypedArray | undefined): DeviceTensor => {
      if (array === undefined) {
        throw new BelamyError({ op: "run", why: `nothing was fed to ${port.name}` });
      }
      const known = fed.get(port.name);
      if (known?.array === array) return known.tensor;
      const tensor = new Tensor(port.type, array, port.shape) as DeviceTensor; // one of our types
      fed.set(port.name, { array, tensor });
      return tensor;
    };

    const run: Loaded["run"] = async (feeds, { defer = false } = {}) => {
      const inputs: Record<string, DeviceTensor> = {};
      for (const name of program.reads) inputs[name] = this.cell(name).current;
      for (const port of program.feeds) inputs[port.name] = feedTensor(port, feeds[port.name]);
      let outputs: Session.OnnxValueMapType;
      if (this.inPlace) {
        const places: Record<string, DeviceTensor> = {};
        for (const { output, cell } of program.writes) places[output] = this.cell(cell).spare!;
        program.returns.forEach((p, i) => {
          places[p.name] = returned[i]!;
        });
        outputs = await session.run(inputs, places);
      } else {
        outputs = await session.run(inputs);
      }
      const commit = (): void => {
        for (const { output, cell } of program.writes) this.replace(cell, outputs[output]!);
      };
      if (defer) this.pending.push(commit);
      else commit();
      const results: Record<string, TypedArray> = {};
      for (const p of program.returns) results[p.name] = outputs[p.name]!.data as TypedArray; // likewise
      return results;
    };
    const { onlooker } = this;
    if (onlooker === undefined) return { run };
    return { run: (...given) => onlooker.during(program, () => run(...given)) };
  }

  /** Makes the writes of deferred runs visible, in the order in which they ran. */
  settle(): void {
    for (const commit of this.pending) commit();
    this.pending = [];
  }

  /** Frees the cells and everything compiled. */
  async release(): Promise<void> {
    // Before the sessions: a tensor on a device belongs to the session that made it.
    for (const { current } of this.cells.values())
      if (current.location !== "cpu") current.dispose();
    this.cells.clear();
    for (const session of this.sessions.values()) await (await session).release();
    this.sessions.clear();
  }

  /** Only onnxruntime-node on the CPU writes into tensors that it is given. */
  private get inPlace(): boolean {
    return this.device === "cpu";
  }

  private replace(name: string, value: DeviceTensor): void {
    const cell = this.cell(name);
    const old = cell.current;
    cell.current = value;
    if (this.inPlace) cell.spare = old;
    else if (old.location !== "cpu") old.dispose();
  }

  private cell(name: string): Cell {
    const cell = this.cells.get(name);
    if (cell === undefined) throw new BelamyError({ op: "memory", why: `no cell named ${name}` });
    return cell;
  }

  /** Sessions are kept by what they compute, so that a repeated step is compiled once. */
  private open(
    model: Uint8Array<ArrayBuffer>,
    resident: readonly string[],
    kind: string,
  ): Promise<Session> {
    const print = fingerprint(model);
    const key = `${kind} ${print}`;
    let session = this.sessions.get(key);
    if (session === undefined) {
      const { device, threads, onlooker } = this;
      session = openSession(model, {
        device,
        threads,
        resident: hasOwnMemory(device) ? resident : [],
        ...(onlooker === undefined ? {} : { profile: onlooker.prefix + print }),
      });
      this.sessions.set(key, session);
    }
    return session;
  }
}

/** A graph that does nothing: on a device with memory of its own, its output can be read. */
const readerOf = ({ shape, type }: Port): Uint8Array<ArrayBuffer> =>
  lower({ value: input("cell", shape, type) }).model;
