import { BadFile } from "../data/files/source.js";
import type { Shape } from "../shape/shape.js";
import { Global, type PickleReader, type PickleValue } from "./pickle.js";

/** Numbers that lie beside the pickle. */
export class TorchStorage {
  readonly key: string;
  /** Of one number. */
  readonly bytes: number;
  /** As safetensors call the type; nothing for integers, which no weights are. */
  readonly format: string | undefined;

  constructor(key: string, bytes: number, format: string | undefined) {
    this.key = key;
    this.bytes = bytes;
    this.format = format;
  }
}

/** A tensor as a pickle tells of it. */
export class Stored {
  readonly storage: TorchStorage;
  readonly offset: number;
  readonly shape: Shape;
  readonly strides: Shape;

  constructor(
    storage: TorchStorage,
    { offset, shape, strides }: { offset: number; shape: Shape; strides: Shape },
  ) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}

/** Bytes of a number and what safetensors call it, by the names of PyTorch's storages. */
const storages: Readonly<Record<string, readonly [bytes: number, format?: string]>> = {
  "torch.FloatStorage": [4, "F32"],
  "torch.HalfStorage": [2, "F16"],
  "torch.BFloat16Storage": [2, "BF16"],
  "torch.DoubleStorage": [8, "F64"],
  "torch.LongStorage": [8],
  "torch.IntStorage": [4],
  "torch.ShortStorage": [2],
  "torch.CharStorage": [1],
  "torch.ByteStorage": [1],
  "torch.BoolStorage": [1],
};

const isSizes = (value: PickleValue | undefined): value is number[] =>
  Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && Number(n) >= 0);

/** Knows tensors and ordered dictionaries, nothing else; lists the storages that it meets. */
export function torchReader(met = new Map<string, TorchStorage>()): PickleReader {
  return {
    persistent(id) {
      if (!Array.isArray(id) || id[0] !== "storage" || !(id[1] instanceof Global)) {
        throw new BadFile("keeps something other than numbers beside its pickle");
      }
      const known = storages[id[1].name];
      if (known === undefined) throw new BadFile(`has numbers of type ${id[1].name}`);
      if (Array.isArray(id[5]))
        throw new BadFile("has views of numbers; save it with a newer PyTorch");
      const storage = new TorchStorage(String(id[2]), known[0], known[1]);
      met.set(storage.key, storage);
      return storage;
    },
    reduce(name, args) {
      if (name === "collections.OrderedDict") return new Map();
      if (name === "torch._utils._rebuild_parameter") return args[0];
      if (name !== "torch._utils._rebuild_tensor_v2") return undefined;
      const [storage, offset, shape, strides] = args;
      const isWhole = storage instanceof TorchStorage && isSizes([offset ?? null]);
      if (!(isWhole && isSizes(shape) && isSizes(strides) && shape.length === strides.length)) {
        throw new BadFile("has a tensor without a place or a shape");
      }
      return new Stored(storage, { offset: Number(offset), shape, strides });
    },
  };
}
