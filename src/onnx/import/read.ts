import { DataError } from "../../shape/error.js";
import { readTensor, type StoredTensor } from "./read-tensor.js";
import { integer, numbers, readMessage } from "./wire.js";

/** The value of an attribute; graphs and the like are left out. */
export type Attribute = number | string | readonly number[] | StoredTensor | undefined;

/** One operator of a model. */
export interface ModelNode {
  /** Its own name, or what stands in for one. */
  readonly name: string;
  readonly op: string;
  /** An empty name is an input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** An input of a model: a word or nothing in its shape is a free size. */
export interface ModelInput {
  readonly name: string;
  readonly shape: readonly (number | string)[];
  /** As ONNX counts its types: 1 is float32. */
  readonly type: number;
}

/** What an ONNX file says. */
export interface Model {
  /** Version of ONNX's own operators. */
  readonly opset: number;
  readonly nodes: readonly ModelNode[];
  readonly weights: ReadonlyMap<string, StoredTensor>;
  /** Without the weights, which old models repeat here. */
  readonly inputs: readonly ModelInput[];
  readonly outputs: readonly string[];
}

/**
 * Reads an ONNX file; `name` is what errors call it.
 *
 * @throws {DataError} when it is none.
 */
export function readModel(bytes: Uint8Array, name: string): Model {
  try {
    return modelIn(bytes);
  } catch (error) {
    if (error instanceof DataError) throw new DataError({ ...error.facts, op: name });
    throw new DataError({ op: name, why: "is no ONNX model" });
  }
}

function modelIn(bytes: Uint8Array): Model {
  let graph: Uint8Array | undefined;
  let opset = 1;
  readMessage(bytes, {
    7: (r) => {
      graph = r.bytes();
    },
    8: (r) => {
      let [domain, version] = ["", 1];
      readMessage(r.bytes(), {
        1: (s) => {
          domain = s.string();
        },
        2: (s) => {
          version = integer(s);
        },
      });
      if (domain === "" || domain === "ai.onnx") opset = version;
    },
  });
  if (graph === undefined)
    throw new DataError({ op: "", why: "is no ONNX model: it has no graph" });
  const nodes: ModelNode[] = [];
  const weights = new Map<string, StoredTensor>();
  const inputs: ModelInput[] = [];
  const outputs: string[] = [];
  readMessage(graph, {
    1: (r) => nodes.push(nodeIn(r.bytes(), nodes.length)),
    5: (r) => {
      const tensor = readTensor(r.bytes());
      weights.set(tensor.name, tensor);
    },
    11: (r) => inputs.push(valueIn(r.bytes())),
    12: (r) => outputs.push(valueIn(r.bytes()).name),
  });
  return { opset, nodes, weights, outputs, inputs: inputs.filter((i) => !weights.has(i.name)) };
}

function nodeIn(bytes: Uint8Array, index: number): ModelNode {
  const [inputs, outputs]: [string[], string[]] = [[], []];
  const attributes: Record<string, Attribute> = {};
  let [name, op, domain] = ["", "", ""];
  readMessage(bytes, {
    1: (r) => inputs.push(r.string()),
    2: (r) => outputs.push(r.string()),
    3: (r) => {
      name = r.string();
    },
    4: (r) => {
      op = r.string();
    },
    5: (r) => {
      const [key, value] = attributeIn(r.bytes());
      attributes[key] = value;
    },
    7: (r) => {
      domain = r.string();
    },
  });
  const full = domain === "" || domain === "ai.onnx" ? op : `${domain}.${op}`;
  return { name: name === "" ? `${index}` : name, op: full, inputs, outputs, attributes };
}

function attributeIn(bytes: Uint8Array): [string, Attribute] {
  let name = "";
  let single: Attribute;
  const several: number[] = [];
  let type: number | undefined;
  readMessage(bytes, {
    1: (r) => {
      name = r.string();
    },
    2: (r) => {
      single = r.float();
    },
    3: (r) => {
      single = integer(r);
    },
    4: (r) => {
      single = new TextDecoder().decode(r.bytes());
    },
    5: (r) => {
      single = readTensor(r.bytes());
    },
    7: numbers(several, (r) => r.float()),
    8: numbers(several, integer),
    20: (r) => {
      type = integer(r);
    },
  });
  // An empty list leaves nothing behind but its type: floats are 6, integers 7.
  const isList = type === 6 || type === 7 || several.length > 0;
  return [name, isList ? several : single];
}

function valueIn(bytes: Uint8Array): ModelInput {
  let [name, type] = ["", 0];
  const shape: (number | string)[] = [];
  readMessage(bytes, {
    1: (r) => {
      name = r.string();
    },
    2: (outer) =>
      readMessage(outer.bytes(), {
        1: (tensor) =>
          readMessage(tensor.bytes(), {
            1: (r) => {
              type = integer(r);
            },
            2: (dimensions) =>
              readMessage(dimensions.bytes(), { 1: (r) => shape.push(sizeIn(r.bytes())) }),
          }),
      }),
  });
  return { name, shape, type };
}

function sizeIn(bytes: Uint8Array): number | string {
  let size: number | string = "";
  readMessage(bytes, {
    1: (r) => {
      size = integer(r);
    },
    2: (r) => {
      size = r.string();
    },
  });
  return size;
}

/** The sizes of an input as they are told, free ones as a word. */
export const shapeText = ({ shape }: ModelInput): string =>
  `[${shape.map((d) => (d === "" ? "?" : d)).join(" ")}]`;
