import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { Shape } from "../shape/shape.js";
import type { Type } from "../shape/type.js";

/** Operators as of this version of the ONNX standard; old enough for every runtime in use. */
export const opset = 18;
const irVersion = 8;

const elementTypes = {
  float32: 1,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
} as const;
export type ElementType = keyof typeof elementTypes;

/** The value of an ONNX attribute: an integer, integers, a float marked as such, or text. */
export type AttributeValue = number | readonly number[] | string | { readonly float: number };

export interface OnnxNode {
  readonly op: string;
  /** What it is for; engines tell it in profiles and errors. */
  readonly name?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
}

export interface OnnxValue {
  readonly name: string;
  /** Sizes; a word is a free one. */
  readonly shape: readonly (number | string)[];
  readonly type: Type | "float16" | "float64";
}

export interface OnnxInitializer {
  readonly name: string;
  readonly shape: Shape;
  readonly type: ElementType;
  readonly data: Uint8Array;
}

export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxInitializer[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** Free text kept beside the model. */
  readonly metadata?: Readonly<Record<string, string>>;
}

type Part = (w: BinaryWriter) => void;

const text =
  (field: number, value: string): Part =>
  (w) =>
    w.tag(field, WireType.LengthDelimited).string(value);
const integer =
  (field: number, value: number): Part =>
  (w) =>
    w.tag(field, WireType.Varint).int64(value);
const bytes =
  (field: number, value: Uint8Array): Part =>
  (w) =>
    w.tag(field, WireType.LengthDelimited).bytes(value);
const message =
  (field: number, ...parts: readonly Part[]): Part =>
  (w) => {
    w.tag(field, WireType.LengthDelimited).fork();
    for (const part of parts) part(w);
    w.join();
  };

function attribute([name, value]: readonly [string, AttributeValue]): Part {
  if (typeof value === "number") {
    return message(5, text(1, name), integer(3, value), integer(20, 2));
  }
  if (typeof value === "string") {
    return message(5, text(1, name), bytes(4, new TextEncoder().encode(value)), integer(20, 3));
  }
  if ("float" in value) {
    const float: Part = (w) => w.tag(2, WireType.Bit32).float(value.float);
    return message(5, text(1, name), float, integer(20, 1));
  }
  return message(5, text(1, name), ...value.map((n) => integer(8, n)), integer(20, 7));
}

const node = ({ op, name, inputs, outputs, attributes = {} }: OnnxNode): Part =>
  message(
    1,
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    ...(name === undefined ? [] : [text(3, name)]),
    text(4, op),
    ...Object.entries(attributes).map(attribute),
  );

const initializer = ({ name, shape, type, data }: OnnxInitializer): Part =>
  message(
    5,
    ...shape.map((d) => integer(1, d)),
    integer(2, elementTypes[type]),
    text(8, name),
    bytes(9, data),
  );

const value =
  (field: number) =>
  ({ name, shape, type }: OnnxValue): Part => {
    const dimensions = shape.map((d) =>
      message(1, typeof d === "number" ? integer(1, d) : text(2, d)),
    );
    const tensor = message(1, integer(1, elementTypes[type]), message(2, ...dimensions));
    return message(field, text(1, name), message(2, tensor));
  };

/** The bytes of an ONNX model file. */
export function encodeModel(graph: OnnxGraph): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter();
  const parts = [
    integer(1, irVersion),
    text(2, "belamy"),
    message(
      7,
      ...graph.nodes.map(node),
      text(2, graph.name),
      ...graph.initializers.map(initializer),
      ...graph.inputs.map(value(11)),
      ...graph.outputs.map(value(12)),
    ),
    message(8, text(1, ""), integer(2, opset)),
    ...Object.entries(graph.metadata ?? {}).map(([key, v]) =>
      message(14, text(1, key), text(2, v)),
    ),
  ];
  for (const part of parts) part(writer);
  return writer.finish() as Uint8Array<ArrayBuffer>; // the writer allocates plain buffers
}
