import type { Tensor as DeviceTensor, InferenceSession as Session } from "onnxruntime-common";
import { Tensor } from "#ort";
import { metadataOf } from "../onnx/metadata.js";
import { floatsToHalves, halvesToFloats } from "../run/safetensors-numbers.js";
import { openSession } from "../runtime/device.js";
import { DataError } from "../shape/error.js";
import type { TileModel } from "./model.js";
import { type SessionOptions, usualFade, usualMargin, usualTile } from "./sessions.js";

/** What a network takes for black and white: 0 and 1, −1 and 1, 0 and 255. */
export const valueRanges = ["unit", "signed", "byte"] as const;
/** The name of a range of values. */
export type ValueRange = (typeof valueRanges)[number];

/** For each range what 0 and 1 become. */
const ends: Readonly<Record<ValueRange, readonly [black: number, white: number]>> = {
  unit: [0, 1],
  signed: [-1, 1],
  byte: [0, 255],
};

/** Where sizes are free networks often want multiples of a window or of their halvings. */
const usualMultiple = 16;
const probeSide = 64;

/** How an ONNX model is opened. */
export interface OnnxModelOptions extends SessionOptions {
  /** What the model's metadata say under `range`, else 0 … 1. */
  readonly range?: ValueRange;
}

/**
 * Any ONNX network that makes one picture from one picture, `[1 c h w]` or `[1 h w c]`, of any size
 * or of one; a run on grey tells by how much it enlarges.
 *
 * @throws {DataError} when the model cannot be run or makes no larger picture.
 */
export async function onnxModel(
  bytes: Uint8Array,
  file: string,
  options: OnnxModelOptions,
): Promise<TileModel> {
  const session = await openSession(bytes, options).catch((error: unknown) => {
    const said = error instanceof Error ? error.message.split("\n").at(-1)!.trim() : "";
    const operands = [{ label: "engine", value: said.replace(/^said\s+/, "") }];
    throw new DataError({ op: file, why: "is no ONNX model that can be run", operands });
  });
  try {
    return await pictureModel(session, { file, range: options.range ?? rangeOf(bytes) });
  } catch (error) {
    await session.release();
    throw error;
  }
}

const rangeOf = (bytes: Uint8Array): ValueRange =>
  valueRanges.find((range) => range === metadataOf(bytes).range) ?? "unit";

async function pictureModel(
  session: Session,
  { file, range }: { readonly file: string; readonly range: ValueRange },
): Promise<TileModel> {
  const fail = (why: string): never => {
    throw new DataError({ op: file, why });
  };
  const socket = socketOf(session, fail);
  const [black, white] = ends[range];
  const run = async (tile: Float32Array, size: readonly [number, number]) => {
    const fed = tile.map((v) => black + (white - black) * v);
    const made = await runOnce(session, socket, fed, size);
    return { ...made, values: made.values.map((v) => (v - black) / (white - black)) };
  };
  const { channels } = socket;
  const side: readonly [number, number] = socket.size ?? [probeSide, probeSide];
  const grey = new Float32Array(channels * side[0] * side[1]).fill(0.5);
  const probe = await run(grey, side).catch((error: unknown) => {
    const said = error instanceof Error ? error.message.split("\n")[0]!.slice(0, 200) : "";
    const operands = [{ label: "engine", value: said }];
    throw new DataError({ op: file, why: `cannot be run on ${side.join("×")} pixels`, operands });
  });
  const [height, width] = probe.size;
  const scale = height / side[0];
  if (!(Number.isInteger(scale) && scale >= 1 && width === scale * side[1])) {
    fail(`makes ${height}×${width} of ${side.join("×")} pixels, which is no whole scale`);
  }
  const margin = Math.min(usualMargin, Math.floor(Math.min(...side) / 4));
  const words = socket.size === undefined ? "" : `, tiles of ${side.join("×")}`;
  return {
    about: `ONNX ×${scale}, ${channels} to ${probe.channels} channels${words}, ${file}`,
    ...{ scale, inputs: channels, outputs: probe.channels, size: socket.size },
    multiple: socket.size === undefined ? usualMultiple : 1,
    ...{ margin, fade: Math.min(usualFade, margin), tile: usualTile({ scale }), edge: "mirror" },
    run: async (tile, size) => (await run(tile, size)).values,
    release: () => session.release(),
  };
}

/** What a model's one input is like. */
interface Socket {
  readonly input: string;
  readonly output: string;
  readonly type: "float32" | "float16";
  readonly layout: "nchw" | "nhwc";
  readonly channels: number;
  readonly size: readonly [number, number] | undefined;
}

function socketOf(session: Session, fail: (why: string) => never): Socket {
  const { inputNames, outputNames, inputMetadata } = session;
  if (inputNames.length !== 1 || outputNames.length !== 1) {
    fail(`has ${inputNames.length} inputs and ${outputNames.length} outputs, not one of each`);
  }
  const [input] = inputMetadata;
  if (input === undefined || !input.isTensor) return fail("takes no tensor");
  const { type, shape } = input;
  if (type !== "float32" && type !== "float16") {
    return fail(`takes ${type}, not float32 or float16`);
  }
  const told = shape.map((d) => (typeof d === "number" && d > 0 ? d : undefined));
  const words = `[${told.map((d) => d ?? "?").join(" ")}]`;
  const [batch, second, third, last] = told;
  if (told.length !== 4 || (batch ?? 1) !== 1) {
    return fail(`takes ${words}, not a picture [1 c h w] or [1 h w c]`);
  }
  const isColour = (d: number | undefined): d is number => d !== undefined && d >= 1 && d <= 4;
  const layout = isColour(second) ? "nchw" : "nhwc";
  const [channels, h, w] = layout === "nchw" ? [second, third, last] : [last, second, third];
  if (!isColour(channels)) return fail(`takes ${words}, in which no place for channels is 1 to 4`);
  const size = h === undefined || w === undefined ? undefined : ([h, w] as const);
  return { input: input.name, output: outputNames[0]!, type, layout, channels, size };
}

/** One picture through the session, whatever its layout and numbers: `[c h w] → [o H W]`. */
async function runOnce(
  session: Session,
  { input, output, type, layout, channels }: Socket,
  tile: Float32Array,
  size: readonly [number, number],
) {
  const [h, w] = size;
  const last = layout === "nhwc";
  const fed = last ? turned(tile, channels, h * w) : tile;
  const data = type === "float16" ? floatsToHalves(fed) : fed;
  const x = new Tensor(type, data, last ? [1, h, w, channels] : [1, channels, h, w]);
  const { [output]: made } = await session.run({ [input]: x as DeviceTensor }); // one of our types
  const { dims } = made!;
  const given = made!.data as Float32Array | Uint16Array; // halves may have an array type of their own
  const values =
    made!.type === "float32"
      ? (given as Float32Array) // its type says so
      : halvesToFloats(new Uint16Array(given.buffer, given.byteOffset, given.length));
  const [, second = 0, third = 0, fourth = 0] = dims;
  const [o, height, width] = last ? [fourth, second, third] : [second, third, fourth];
  const planes = last ? turned(values, height * width, o) : values;
  return { values: planes, channels: o, size: [height, width] as const };
}

/** `[rows columns] → [columns rows]` */
function turned(values: Float32Array, rows: number, columns: number): Float32Array {
  const made = new Float32Array(values.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) made[j * rows + i] = values[i * columns + j]!;
  }
  return made;
}
