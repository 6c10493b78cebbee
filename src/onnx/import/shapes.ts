import { broadcastShape, type Shape, sizeOf } from "../../shape/shape.js";
import {
  broadcast,
  concatenate,
  gather,
  reshape,
  reverse,
  slice,
  transpose,
} from "../../tensor/operations.js";
import { constant, type Tensor } from "../../tensor/tensor.js";
import { axisOf, type Call, integersKnown, type Known, type Result, sizeFrom } from "./call.js";
import type { Operator } from "./operators.js";
import type { StoredTensor } from "./read-tensor.js";

/** A 0 keeps a size, and −1 takes what is left. */
function reshaped(call: Call): Tensor {
  const x = call.tensor(0);
  const wanted = call.listed("shape", 1) ?? call.fail("has no shape");
  const kept = wanted.map((d, i) =>
    d === 0 && call.number("allowzero", 0) === 0 ? x.shape[i]! : d,
  );
  const rest = sizeOf(x.shape) / sizeOf(kept.filter((d) => d !== -1));
  const shape = kept.map((d) => (d === -1 ? rest : d));
  if (sizeOf(shape) !== sizeOf(x.shape)) call.fail(`cannot fill [${wanted.join(" ")}]`);
  return reshape(x, shape);
}

function squeezed(call: Call): Tensor {
  const x = call.tensor(0);
  const wanted = call.listed("axes", 1)?.map((axis) => axisOf(call, axis, x.rank));
  const isGone = (d: number, i: number): boolean => wanted?.includes(i) ?? d === 1;
  return reshape(
    x,
    x.shape.filter((d, i) => !isGone(d, i)),
  );
}

function unsqueezed(call: Call): Tensor {
  const x = call.tensor(0);
  const wanted = call.listed("axes", 1) ?? call.fail("has no axes");
  const rank = x.rank + wanted.length;
  const axes = wanted.map((axis) => axisOf(call, axis, rank));
  const left = [...x.shape];
  return reshape(
    x,
    Array.from({ length: rank }, (_, i) => (axes.includes(i) ? 1 : left.shift()!)),
  );
}

function flattened(call: Call): Tensor {
  const x = call.tensor(0);
  const given = call.number("axis", 1);
  const axis = given < 0 ? given + x.rank : given;
  return reshape(x, [sizeOf(x.shape.slice(0, axis)), sizeFrom(x.shape, axis)]);
}

function expanded(call: Call): Tensor {
  const x = call.tensor(0);
  const wanted = call.known(1) ?? call.fail("has no shape");
  const shape = broadcastShape(x.shape, wanted);
  return broadcast(x, shape ?? call.fail(`cannot become [${wanted.join(" ")}]`));
}

function tiled(call: Call): Tensor {
  const x = call.tensor(0);
  const times = call.known(1) ?? call.fail("does not say how often");
  const apart = x.shape.flatMap((d) => [1, d]);
  const wide = x.shape.flatMap((d, i) => [times[i]!, d]);
  const joined = x.shape.map((d, i) => d * times[i]!);
  return reshape(broadcast(reshape(x, apart), wide), joined);
}

/** ONNX's own rule: out of range means as far as there is something. */
function sliced(call: Call): Tensor {
  let x = call.tensor(0);
  const starts = call.listed("starts", 1) ?? call.fail("has no starts");
  const ends = call.listed("ends", 2) ?? call.fail("has no ends");
  const axes = (call.listed("axes", 3) ?? starts.map((_, i) => i)).map((a) =>
    axisOf(call, a, x.rank),
  );
  const steps = call.known(4) ?? starts.map(() => 1);
  const ranges = x.shape.map(
    () => undefined as { start: number; end: number; step: number } | undefined,
  ); // filled below
  axes.forEach((axis, i) => {
    const [d, step] = [x.shape[axis]!, steps[i]!];
    const place = (n: number): number => (n < 0 ? n + d : n);
    const within = (n: number, low: number, high: number): number =>
      Math.min(Math.max(n, low), high);
    if (step > 0) {
      const start = within(place(starts[i]!), 0, d);
      ranges[axis] = { start, end: within(place(ends[i]!), 0, d), step };
    } else {
      // Backwards is forwards in the reverse.
      const start = d - 1 - within(place(starts[i]!), 0, d - 1);
      const end = d - 1 - within(place(ends[i]!), -1, d - 1);
      x = reverse(x, [axis]);
      ranges[axis] = { start, end, step: -step };
    }
    if (ranges[axis]!.start >= ranges[axis]!.end) call.fail("leaves nothing");
  });
  return slice(x, ranges);
}

function gathered(call: Call): Tensor {
  const x = call.tensor(0);
  const axis = axisOf(call, call.number("axis", 0), x.rank);
  const known = call.perhaps(1);
  if (known === undefined) return gather(x, call.tensor(1), axis);
  const { shape } = call.tensor(1);
  const places = known.map((n) => (n < 0 ? n + x.shape[axis]! : n));
  if (places.length === 1) {
    const [start] = places as [number]; // just counted
    const ranges = x.shape.map((_, i) => (i === axis ? { start, end: start + 1 } : undefined));
    const sizes = [...x.shape.slice(0, axis), ...shape, ...x.shape.slice(axis + 1)];
    return reshape(slice(x, ranges), sizes);
  }
  return gather(x, constant(places, { shape, type: "int32" }), axis);
}

function split(call: Call): readonly Tensor[] {
  const x = call.tensor(0);
  const axis = axisOf(call, call.number("axis", 0), x.rank);
  const count = call.node.outputs.length;
  const each = Math.ceil(x.shape[axis]! / count);
  const even = Array.from({ length: count }, (_, i) => Math.min(each, x.shape[axis]! - i * each));
  let start = 0;
  return (call.listed("split", 1) ?? even).map((size) => {
    const range = { start, end: start + size };
    start += size;
    return slice(
      x,
      x.shape.map((_, i) => (i === axis ? range : undefined)),
    );
  });
}

function shapeOf(call: Call): Known {
  const { shape, rank } = call.tensor(0);
  const end = call.has("end") ? call.number("end", rank) : rank;
  return integersKnown(shape.slice(call.number("start", 0), end));
}

function constantOf(call: Call): Known {
  const { value, value_float: float, value_int: whole } = call.node.attributes;
  if (isStored(value)) return value;
  if (typeof float === "number") return { shape: [], type: "float32", values: [float] };
  if (typeof whole === "number") return { shape: [], type: "int32", values: [whole] };
  const floats = call.list("value_floats");
  if (floats !== undefined) return { shape: [floats.length], type: "float32", values: floats };
  return integersKnown(call.list("value_ints") ?? call.fail("has no numbers"));
}

const isStored = (value: unknown): value is StoredTensor =>
  typeof value === "object" && value !== null && "values" in value;

function filledWith(call: Call): Result {
  const shape: Shape = call.known(0) ?? call.fail("has no shape");
  const { value } = call.node.attributes;
  const { type, values } = isStored(value) ? value : ({ type: "float32", values: [0] } as const);
  return broadcast(constant([values[0]!], { shape: [], type }), shape);
}

function range(call: Call): Known {
  const [start, limit, step] = [0, 1, 2].map(
    (i) => call.known(i)?.[0] ?? call.fail("is not known"),
  );
  const count = Math.max(0, Math.ceil((limit! - start!) / step!));
  const values = Array.from({ length: count }, (_, i) => start! + i * step!);
  return { shape: [count], type: call.tensor(0).type, values };
}

/** Channels become neighbours; what ONNX calls CRD is PyTorch's pixel shuffle. */
function depthToSpace(call: Call): Tensor {
  const x = call.tensor(0);
  const [b, c, h, w] = x.shape as readonly [number, number, number, number]; // ONNX demands four axes
  const r = call.number("blocksize", 1);
  const deep = c / (r * r);
  const isCrd = call.text("mode", "DCR") === "CRD";
  const apart = reshape(x, isCrd ? [b, deep, r, r, h, w] : [b, r, r, deep, h, w]);
  const order = isCrd ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2];
  return reshape(transpose(apart, order), [b, deep, h * r, w * r]);
}

function spaceToDepth(call: Call): Tensor {
  const x = call.tensor(0);
  const [b, c, h, w] = x.shape as readonly [number, number, number, number]; // ONNX demands four axes
  const r = call.number("blocksize", 1);
  const apart = reshape(x, [b, c, h / r, r, w / r, r]);
  return reshape(transpose(apart, [0, 3, 5, 1, 2, 4]), [b, c * r * r, h / r, w / r]);
}

/** Operators that move numbers and leave them as they are. */
export const shapes: Readonly<Record<string, Operator>> = {
  Reshape: reshaped,
  Squeeze: squeezed,
  Unsqueeze: unsqueezed,
  Flatten: flattened,
  Expand: expanded,
  Tile: tiled,
  Transpose: (call) => transpose(call.tensor(0), call.list("perm")),
  Concat: (call) =>
    concatenate(call.all(), axisOf(call, call.number("axis", 1), call.tensor(0).rank)),
  Slice: sliced,
  Gather: gathered,
  Split: split,
  Shape: shapeOf,
  Size: (call) => ({ shape: [], type: "int32", values: [sizeOf(call.tensor(0).shape)] }),
  Constant: constantOf,
  ConstantOfShape: filledWith,
  Range: range,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
};
