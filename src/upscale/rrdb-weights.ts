import type { Layer } from "../nn/layer.js";
import { type RrdbOptions, rrdbNet } from "../nn/rrdb.js";
import type { Safetensors, StoredTensor } from "../run/safetensors.js";
import { DataError, type ErrorFacts } from "../shape/error.js";
import { sameShape } from "../shape/shape.js";
import { namingOf } from "./rrdb-keys.js";

/** ESRGAN's generator as a file has it. */
export interface RrdbWeights {
  readonly layer: Layer;
  readonly sizes: Required<RrdbOptions>;
  /** Channels of the pictures that it is given. */
  readonly inputs: number;
  /** By their names in RRDBNet_arch.py. */
  readonly tensors: Readonly<Record<string, Float32Array>>;
}

/**
 * ESRGAN's generator from a file's tensors, in the names of any generation of its code: sizes,
 * channels and scale are those that the tensors have. Every tensor must be known and have its shape.
 *
 * @throws {DataError} when they are not, and names the file and the tensor.
 */
export function rrdbWeights({ tensors }: Pick<Safetensors, "tensors">, file: string): RrdbWeights {
  const fail = (why: string, rest: Pick<ErrorFacts, "operands" | "hint"> = {}): never => {
    throw new DataError({ op: file, why, ...rest });
  };
  const keys = Object.keys(tensors);
  const naming = namingOf(keys);
  if (naming === undefined) {
    const operands = [
      { label: "it has", value: keys.slice(0, 3).join(", ") || "nothing" },
      { label: "wanted", value: "body.0.rdb1.conv1.weight or an older name of it" },
    ];
    return fail("has no weights of an ESRGAN network", { operands, hint });
  }
  const get = (name: string): StoredTensor => {
    const key = naming.key(name);
    return tensors[key] ?? fail(`has no ${key}`, { hint });
  };
  const filters = (name: string): readonly [made: number, read: number] => {
    const { shape } = get(name);
    const [made, read, ...kernel] = shape;
    if (sameShape(kernel, [3, 3])) return [made!, read!];
    const operands = [{ label: "has", value: shape, axes: "out in 3 3" }];
    return fail(`${naming.key(name)} is no convolution of 3×3`, { operands, hint });
  };
  const [channels, read] = filters("conv_first.weight");
  const [growth] = filters("RRDB_trunk.0.RDB1.conv1.weight");
  const [out] = filters("conv_last.weight");
  // Squares of pixels became channels where there are as many times more.
  const unshuffle = [2, 4].find((side) => read === out * side ** 2) ?? 1;
  const { blocks, doublings } = naming;
  const scale = 2 ** doublings / unshuffle;
  if (scale < 1) fail(`makes pictures ${1 / scale} times smaller`, { hint });
  const sizes = { blocks, channels, growth, scale, out, unshuffle };
  const layer = rrdbNet(sizes);
  const inputs = read / unshuffle ** 2;
  const { parameters } = layer.build([inputs, 4 * unshuffle, 4 * unshuffle]);
  const found = Object.entries(parameters).map(([name, { shape }]) => {
    const tensor = get(name);
    if (!sameShape(tensor.shape, shape)) {
      const operands = [
        { label: "has", value: tensor.shape },
        { label: "wanted", value: shape },
      ];
      fail(`${naming.key(name)} has another shape`, { operands, hint });
    }
    return [name, tensor.data] as const;
  });
  const known = new Set(Object.keys(parameters).map(naming.key));
  const strange = keys.find((key) => key.startsWith(naming.prefix) && !known.has(key));
  if (strange !== undefined) fail(`${strange} is no part of ESRGAN's generator`, { hint });
  return { layer, sizes, inputs, tensors: Object.fromEntries(found) };
}

const hint = "other networks are read as .onnx";
