import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { lower } from "../../src/onnx/lower.js";
import type { OnnxValue } from "../../src/onnx/model.js";
import type { DeviceName } from "../../src/runtime/device.js";
import type { Port, Program } from "../../src/runtime/memory.js";
import { allocate, type Type, type TypedArray } from "../../src/shape/type.js";
import type { Tensor } from "../../src/tensor/tensor.js";
import { noChromium, noSwiftShader, openPage, swiftShader } from "./chromium.js";

export interface Filled extends Port {
  readonly data: TypedArray;
}

/** One program to be run on every device. */
export interface Job {
  readonly name: string;
  readonly program: Program;
  /** What cells hold before the first run. */
  readonly cells: readonly Filled[];
  readonly feeds: Readonly<Record<string, TypedArray>>;
  readonly runs: number;
}

/** What a job has made after a run. */
export interface Snapshot {
  /** What the run handed back. */
  readonly outputs: Readonly<Record<string, TypedArray>>;
  readonly cells: Readonly<Record<string, TypedArray>>;
  /** Whether each cell is in the host's memory (`cpu`) or on the device. */
  readonly locations: Readonly<Record<string, string>>;
}

export interface Result {
  readonly name: string;
  /** Why it did not run; then all else is empty. */
  readonly error: string | undefined;
  readonly first: Snapshot;
  readonly last: Snapshot;
  /** From a quarter of the runs to the end: bytes of the process in Node, buffers in a page. */
  readonly growth: number;
}

/** Somewhere that jobs can run. */
export interface Device {
  readonly name: string;
  /** Where state should be after a run. */
  readonly home: "cpu" | "gpu-buffer";
  /** How much may be held more after many runs than after a quarter of them. */
  readonly slack: number;
  /** Why it cannot be used here. */
  readonly missing: string | undefined;
  readonly run: (jobs: readonly Job[]) => Promise<readonly Result[]>;
}

type Numbers = Readonly<Record<string, ArrayLike<number>>>;

/** A job from a graph: inputs are cells or fed; outputs replace a cell or are handed back. */
export function jobOf(
  name: string,
  outputs: Readonly<Record<string, Tensor>>,
  options: {
    readonly feeds?: Numbers;
    readonly cells?: Numbers;
    /** Output → the cell that it replaces. */
    readonly writes?: Readonly<Record<string, string>>;
    readonly runs?: number;
  },
): Job {
  const { feeds = {}, cells = {}, writes = {}, runs = 1 } = options;
  const lowered = lower(outputs, { name });
  const inputs = lowered.inputs.map(portOf);
  const filled = (from: Numbers): Filled[] =>
    inputs
      .filter((port) => port.name in from)
      .map((port) => {
        const data = allocate(port.type, from[port.name]!.length);
        data.set(from[port.name]!);
        return { ...port, data };
      });
  const fed = filled(feeds);
  return {
    name,
    program: {
      model: lowered.model,
      reads: inputs.filter((port) => port.name in cells).map((port) => port.name),
      feeds: fed.map(({ data: _, ...port }) => port),
      writes: Object.entries(writes).map(([output, cell]) => ({ output, cell })),
      returns: lowered.outputs.map(portOf).filter((port) => !(port.name in writes)),
    },
    cells: filled(cells),
    feeds: Object.fromEntries(fed.map((port) => [port.name, port.data])),
    runs,
  };
}

const portOf = ({ name, shape, type }: OnnxValue): Port => ({
  name,
  shape: shape.map(Number),
  type: type as Type, // games are in float32; float64 is for metrics alone
});

const kinds = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

const textOf = (a: Uint8Array | TypedArray): string =>
  Buffer.from(a.buffer, a.byteOffset, a.byteLength).toString("base64");

const arrayOf = (type: Type, text: string): TypedArray =>
  new kinds[type](Uint8Array.from(Buffer.from(text, "base64")).buffer);

/** What `job.mjs` receives: the same with numbers as base64. */
function sent({ program, cells, feeds, ...rest }: Job) {
  return {
    ...rest,
    program: { ...program, model: textOf(program.model) },
    cells: cells.map(({ data, ...port }) => ({ port, data: textOf(data) })),
    feeds: Object.fromEntries(Object.entries(feeds).map(([name, a]) => [name, textOf(a)])),
  };
}

interface SentSnapshot {
  readonly outputs: Readonly<Record<string, string>>;
  readonly cells: Readonly<Record<string, string>>;
  readonly locations: Readonly<Record<string, string>>;
}

interface Received {
  readonly name: string;
  readonly error?: string;
  readonly first?: SentSnapshot;
  readonly last?: SentSnapshot;
  readonly growth?: number;
}

function received(jobs: readonly Job[], results: readonly Received[]): Result[] {
  const decode = (ports: readonly Port[], texts: Readonly<Record<string, string>>) =>
    Object.fromEntries(ports.map((p) => [p.name, arrayOf(p.type, texts[p.name]!)]));
  return results.map(({ name, error, first, last, growth = 0 }, i) => {
    const { program, cells } = jobs[i]!;
    const snapshot = (sent: SentSnapshot | undefined): Snapshot =>
      sent === undefined
        ? { outputs: {}, cells: {}, locations: {} }
        : {
            outputs: decode(program.returns, sent.outputs),
            cells: decode(cells, sent.cells),
            locations: sent.locations,
          };
    return { name, error, first: snapshot(first), last: snapshot(last), growth };
  });
}

/** In a child process: native code that crashes takes only that process with it. */
function runInNode(device: DeviceName, environment: Readonly<Record<string, string>>) {
  return async (jobs: readonly Job[]): Promise<readonly Result[]> => {
    const child = fork(fileURLToPath(new URL("node-device.mjs", import.meta.url)), {
      env: { ...process.env, ...environment },
      execArgv: ["--expose-gc"],
      stdio: ["ignore", "inherit", "pipe", "ipc"],
    });
    let errors = "";
    child.stderr?.on("data", (text) => {
      errors += text;
    });
    const results = await new Promise<readonly Received[]>((resolve, reject) => {
      child.once("message", (message) => resolve(message as readonly Received[])); // from job.mjs
      child.once("exit", (code, signal) =>
        reject(new Error(`${device} in Node ended with ${signal ?? code}\n${errors}`)),
      );
      child.send({ device, threads: 1, jobs: jobs.map(sent) });
    });
    return received(jobs, results);
  };
}

function runInChromium(device: DeviceName) {
  return async (jobs: readonly Job[]): Promise<readonly Result[]> => {
    const { page, close } = await openPage();
    try {
      const text = JSON.stringify(jobs.map(sent));
      const script = `async (text) => {
        const { runPageJobs } = await import("/test/support/page-device.mjs");
        return JSON.stringify(await runPageJobs(${JSON.stringify(device)}, JSON.parse(text)));
      }`;
      const run = page.evaluate(`(${script})(${JSON.stringify(text)})`);
      const results = JSON.parse((await run) as string) as readonly Received[]; // from job.mjs
      return received(jobs, results);
    } finally {
      await close();
    }
  };
}

const onlyIf =
  (run: Device["run"], missing: string | undefined): Device["run"] =>
  (jobs) =>
    missing === undefined ? run(jobs) : Promise.reject(new Error(missing));

/** Everywhere that Belamy should run; those that are not here say why. */
export const devices: readonly Device[] = [
  {
    name: "cpu in Node",
    home: "cpu" as const,
    slack: 150e6,
    missing: undefined,
    run: runInNode("cpu", {}),
  },
  {
    name: "webgpu in Node",
    home: "gpu-buffer" as const,
    slack: 150e6,
    missing: noSwiftShader(),
    run: runInNode("webgpu", swiftShader),
  },
  {
    name: "wasm in Chromium",
    home: "cpu" as const,
    slack: 0,
    missing: noChromium(),
    run: runInChromium("wasm"),
  },
  {
    name: "webgpu in Chromium",
    home: "gpu-buffer" as const,
    slack: 0,
    missing: noChromium() ?? noSwiftShader(),
    run: runInChromium("webgpu"),
  },
].map((device) => ({ ...device, run: onlyIf(device.run, device.missing) }));

/** Runs jobs on every device present, one after another. */
export async function runEverywhere(
  jobs: readonly Job[],
): Promise<readonly { readonly device: Device; readonly results: readonly Result[] }[]> {
  const everywhere = [];
  for (const device of devices) {
    if (device.missing === undefined) everywhere.push({ device, results: await device.run(jobs) });
  }
  return everywhere;
}

/** The largest difference, relative to the largest expected number, or to `floor` if that is more. */
export function furthest(got: ArrayLike<number>, expected: ArrayLike<number>, floor = 1): number {
  if (got.length !== expected.length) return Number.POSITIVE_INFINITY;
  const sizes = Array.from(expected, Math.abs);
  const difference = Math.max(0, ...sizes.map((_, i) => Math.abs(got[i]! - expected[i]!)));
  return difference === 0 ? 0 : difference / Math.max(floor, ...sizes);
}
