import type { Tensor as DeviceTensor, InferenceSession as Session } from "onnxruntime-common";
import { Tensor } from "#ort";
import { lower, type Port } from "../onnx/lower.js";
import { BelamyError } from "../shape/error.js";
import { sizeOf } from "../shape/shape.js";
import { allocate, type TypedArray } from "../shape/type.js";
import { input } from "../tensor/tensor.js";
import { type CompiledGraphs, openCompiled } from "./compiled.js";
import { type DeviceName, hasOwnMemory, openSession } from "./device.js";
import { fingerprint } from "./fingerprint.js";
import { beginnings, meanOf } from "./joined.js";
import { type Feeds, Held, type Loaded, type Onlooker, type Program } from "./program.js";

export type { Feeds, Loaded, Onlooker, Program, RunOptions } from "./program.js";
export { Held, type Port };

export interface MemorySettings {
  readonly device: DeviceName;
  readonly threads?: number;
  readonly onlooker?: Onlooker | undefined;
  /** Where graphs for the processor are kept once compiled; nowhere by default, or when looked on. */
  readonly compiled?: CompiledGraphs | undefined;
}

interface Cell {
  readonly port: Port;
  current: DeviceTensor;
  /** Where the next value is written, so that state is never allocated while training. */
  spare: DeviceTensor | undefined;
  /** How often it was read where it was put. */
  reads: number;
}

/** The first numbers of something held. */
export interface Beginning {
  readonly held: Held;
  readonly count: number;
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
  private readonly compiled: CompiledGraphs | undefined;
  private readonly cells = new Map<string, Cell>();
  private readonly sessions = new Map<string, Promise<Session>>();
  /** Sessions that join what is held, by what they join. */
  private readonly joiners = new Map<string, Promise<Session>>();
  private pending: (() => void)[] = [];

  constructor({ device, threads = 1, onlooker, compiled }: MemorySettings) {
    this.device = device;
    this.threads = threads;
    this.onlooker = onlooker;
    this.compiled = device === "cpu" && onlooker === undefined ? compiled : undefined;
  }

  /**
   * Puts a copy of numbers into a cell, making it when there is none; a `fixed` one is written by no
   * program, and needs room once.
   */
  put(port: Port, data: TypedArray, { fixed = false } = {}): void {
    const current = new Tensor(port.type, data.slice(), port.shape) as DeviceTensor; // one of our types
    const before = this.cells.get(port.name);
    if (before !== undefined && before.current.location !== "cpu") before.current.dispose();
    const spare =
      this.inPlace && !fixed && before?.spare === undefined
        ? (new Tensor(
            port.type,
            allocate(port.type, sizeOf(port.shape)),
            port.shape,
          ) as DeviceTensor) // likewise
        : before?.spare;
    this.cells.set(port.name, { port, current, spare, reads: 0 });
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

  /** Whether programs can leave what they hand back on the device. */
  get holds(): boolean {
    return hasOwnMemory(this.device);
  }

  /**
   * Compiles a program and wires it to the cells; with `held`, for `hold` alone.
   *
   * @throws {BelamyError} when the device cannot run it; running it, when an input is not fed.
   */
  async load(program: Program, { held = false } = {}): Promise<Loaded> {
    const written = program.writes.map((w) => w.output);
    const resident = held ? [...written, ...program.returns.map((p) => p.name)] : written;
    const session = await this.open(program.model, resident, resident.join());
    const fed = new Map<string, { array: TypedArray; tensor: DeviceTensor }>();
    const returned = program.returns.map(
      (p) => new Tensor(p.type, allocate(p.type, sizeOf(p.shape)), p.shape) as DeviceTensor, // likewise
    );

    const feedTensor = (port: Port, given: TypedArray | Held | undefined): DeviceTensor => {
      if (given === undefined) {
        throw new BelamyError({ op: "run", why: `nothing was fed to ${port.name}` });
      }
      if (given instanceof Held) return given.tensor;
      const known = fed.get(port.name);
      if (known?.array === given) return known.tensor;
      const tensor = new Tensor(port.type, given, port.shape) as DeviceTensor; // one of our types
      fed.set(port.name, { array: given, tensor });
      return tensor;
    };

    const play = async (feeds: Feeds, defer: boolean): Promise<Session.OnnxValueMapType> => {
      const inputs: Record<string, DeviceTensor> = {};
      for (const name of program.reads) {
        const { current } = this.cell(name);
        inputs[name] = this.holds && current.location === "cpu" ? await this.moved(name) : current;
      }
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
      return outputs;
    };
    const { onlooker } = this;
    const seen: typeof play =
      onlooker === undefined ? play : (...given) => onlooker.during(program, () => play(...given));
    return {
      run: async (feeds, { defer = false } = {}) => {
        const outputs = await seen(feeds, defer);
        const named = program.returns.map((p) => [p.name, outputs[p.name]!.data as TypedArray]); // likewise
        return Object.fromEntries(named);
      },
      hold: async (feeds, { defer = false } = {}) => {
        const outputs = await seen(feeds, defer);
        const named = program.returns.map((p) => [p.name, new Held(p, outputs[p.name]!)]);
        return Object.fromEntries(named);
      },
    };
  }

  /** Fetches what runs have left on the device, all at once: the device is waited for once. */
  async fetch(parts: readonly Beginning[]): Promise<readonly Float32Array[]> {
    if (parts.length === 0) return [];
    const sizes = parts.map(({ held, count }) => ({ size: sizeOf(held.port.shape), count }));
    const session = await this.joining(`fetch ${JSON.stringify(sizes)}`, () => beginnings(sizes));
    const named = parts.map(({ held }, i) => [`part${i}`, held.tensor]);
    const { all } = await session.run(Object.fromEntries(named));
    const numbers = all!.data as Float32Array; // of such numbers alone
    let start = 0;
    return parts.map(({ count }) => {
      start += count;
      return numbers.slice(start - count, start);
    });
  }

  /** The mean of rows on the device, where it stays; the rows are released. */
  async mean(rows: readonly Held[]): Promise<Held> {
    const { port } = rows[0]!;
    const [size] = port.shape as readonly [number]; // a row
    const key = `mean ${rows.length} ${size}`;
    const session = await this.joining(key, () => meanOf(rows.length, size), ["mean"]);
    const { mean } = await session.run(
      Object.fromEntries(rows.map((r, i) => [`row${i}`, r.tensor])),
    );
    for (const row of rows) row.release();
    return new Held(port, mean!);
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
    this.joiners.clear();
  }

  /** Only onnxruntime-node on the CPU writes into tensors that it is given. */
  private get inPlace(): boolean {
    return this.device === "cpu";
  }

  /** A cell that is still where it was put; when it is read again and again it moves to the device. */
  private async moved(name: string): Promise<DeviceTensor> {
    const cell = this.cell(name);
    cell.reads++;
    if (cell.reads > 1) {
      const mover = await this.open(readerOf(cell.port), ["value"], "mover");
      const { value } = await mover.run({ cell: cell.current });
      cell.current = value!;
    }
    return cell.current;
  }

  /** A session that joins what is held; lowered once. */
  private async joining(
    key: string,
    model: () => Uint8Array<ArrayBuffer>,
    resident: readonly string[] = [],
  ): Promise<Session> {
    const known = this.joiners.get(key) ?? this.open(model(), resident, "joiner");
    this.joiners.set(key, known);
    return await known;
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
      const { device, threads, onlooker, compiled } = this;
      const settings = {
        device,
        threads,
        resident: hasOwnMemory(device) ? resident : [],
        ...(onlooker === undefined ? {} : { profile: onlooker.prefix + print }),
      };
      session =
        compiled === undefined
          ? openSession(model, settings)
          : openCompiled(model, settings, { print, compiled });
      this.sessions.set(key, session);
    }
    return session;
  }
}

/** A graph that does nothing: on a device with memory of its own, its output can be read. */
const readerOf = ({ shape, type }: Port): Uint8Array<ArrayBuffer> =>
  lower({ value: input("cell", shape, type) }).model;
