import type { InferenceSession as Session } from "onnxruntime-common";
import { DataError } from "../shape/error.js";
import { type Shape, sizeOf } from "../shape/shape.js";
import {
  filterNames,
  type Resize,
  type ResizeFilter,
  resizeFilters,
  resizing,
} from "./features-resize.js";

/** What a network takes for black and white: −1 and 1, 0 and 1, 0 and 255, or ImageNet's own scale. */
export const pixelRanges = ["signed", "unit", "byte", "imagenet"] as const;
/** The name of a range of values. */
export type PixelRange = (typeof pixelRanges)[number];

export interface NetworkOptions {
  /** One picture of the data: `[c h w]`. */
  readonly shape: Shape;
  /** What the file is called, in errors. */
  readonly name: string;
  /** What the model's metadata say under `filter`, else bicubic. */
  readonly filter?: ResizeFilter;
  /** What the model's metadata say under `range`, else −1 … 1. */
  readonly range?: PixelRange;
  /** Of the session: 1. */
  readonly threads?: number;
}

/** What a model's one input is like. */
export interface Socket {
  readonly input: string;
  readonly type: "float32" | "uint8";
  readonly layout: "nchw" | "nhwc";
  readonly channels: 1 | 3;
  readonly size: readonly [number, number];
  /** Without the batch, in the model's own layout. */
  readonly shape: Shape;
  readonly each: number;
  /** Where the model takes so many pictures at once, never more nor fewer. */
  readonly batch: number | undefined;
}

/** What a model's one input is like, when it is one for pictures. */
export function socketOf(session: Session, { name, shape: own }: NetworkOptions): Socket {
  const fail = (why: string): never => {
    throw new DataError({ op: name, why });
  };
  const [input, ...others] = session.inputMetadata;
  if (input === undefined || others.length > 0)
    return fail(`takes ${session.inputNames.length} inputs, not one batch of pictures`);
  if (!input.isTensor) return fail("takes no tensor");
  const { type, shape } = input;
  const told = shape.map((d) => (typeof d === "number" && d > 0 ? d : undefined));
  const words = `[${shape.map((d, i) => told[i] ?? (String(d) === "" || d === -1 ? "?" : d)).join(" ")}]`;
  if (type !== "float32" && type !== "uint8") return fail(`takes ${type}, not float32 or uint8`);
  if (told.length !== 4) return fail(`takes ${words}, not pictures [n c h w] or [n h w c]`);
  const isPixel = (d: number | undefined): d is 1 | 3 => d === 1 || d === 3;
  const [batch, second, third, last] = told;
  const [, ownHeight, ownWidth] = own as readonly [number, number, number]; // pictures have three axes
  if (isPixel(second)) {
    const size = [third ?? ownHeight, last ?? ownWidth] as const;
    const sizes = [second, ...size];
    const each = sizeOf(sizes);
    const common = { input: input.name, type, size, each, batch } as const;
    return { ...common, layout: "nchw", channels: second, shape: sizes };
  }
  if (isPixel(last)) {
    const size = [second ?? ownHeight, third ?? ownWidth] as const;
    const sizes = [...size, last];
    const each = sizeOf(sizes);
    const common = { input: input.name, type, size, each, batch } as const;
    return { ...common, layout: "nhwc", channels: last, shape: sizes };
  }
  return fail(`takes ${words}, in which neither place for channels is 1 or 3`);
}

/** Turns a picture of the data into what a network takes. */
export interface Prepare {
  /** Numbers of one picture of the data. */
  readonly size: number;
  into(item: Float32Array, out: Float32Array): void;
}

/** ImageNet's means and deviations of red, green and blue, as torchvision has them. */
const imagenet = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] } as const;
/** ITU-R BT.601, as Pillow makes grey of colours. */
const luma = [0.299, 0.587, 0.114] as const;

const scales: Readonly<Record<PixelRange, (byte: number, channel: number) => number>> = {
  signed: (v) => v / 127.5 - 1,
  unit: (v) => v / 255,
  byte: (v) => v,
  imagenet: (v, c) => (v / 255 - imagenet.mean[c]!) / imagenet.deviation[c]!,
};

const rangeNames: Readonly<Record<PixelRange, string>> = {
  signed: "−1 … 1",
  unit: "0 … 1",
  byte: "0 … 255",
  imagenet: "ImageNet's mean 0 and deviation 1",
};

/** How pictures of the data become what a network takes, and in what words. */
export function preparing(
  { channels, size, layout, type }: Socket,
  { shape, ...given }: NetworkOptions,
  metadata: Readonly<Record<string, string>>,
): { readonly prepare: Prepare; readonly preparation: string } {
  const [own, h, w] = shape as readonly [number, number, number]; // pictures have three axes
  const filter = given.filter ?? resizeFilters.find((f) => f === metadata.filter) ?? "bicubic";
  const said = type === "uint8" ? "byte" : metadata.range;
  const range = given.range ?? pixelRanges.find((r) => r === said) ?? "signed";
  const resized = size[0] !== h || size[1] !== w;
  const resize: Resize = resized ? resizing(filter, [h, w], size) : (plane) => plane;
  const scale = scales[range];
  const place = size[0] * size[1];
  const plane = new Float32Array(h * w);
  const fill = (item: Float32Array, c: number): void => {
    for (let i = 0; i < plane.length; i++) {
      if (own === channels || own === 1) plane[i] = item[(own === 1 ? 0 : c) * plane.length + i]!;
      else plane[i] = luma.reduce((sum, share, k) => sum + share * item[k * plane.length + i]!, 0);
      plane[i] = (plane[i]! + 1) * 127.5;
    }
  };
  const into = (item: Float32Array, out: Float32Array): void => {
    for (let c = 0; c < channels; c++) {
      fill(item, c);
      const pixels = resize(plane);
      for (let i = 0; i < place; i++) {
        const byte = Math.max(0, Math.min(255, pixels[i]!));
        out[layout === "nchw" ? c * place + i : i * channels + c] = scale(byte, c);
      }
    }
  };
  const steps = [
    ...(resized ? [`resized to ${size.join("×")} by ${filterNames[filter]}`] : []),
    ...(own < channels ? ["grey repeated as colours"] : []),
    ...(own > channels ? ["colours made grey"] : []),
    ...(resized || range !== "signed" ? [`values ${rangeNames[range]}`] : []),
  ];
  return { prepare: { size: own * h * w, into }, preparation: steps.join(", ") };
}
