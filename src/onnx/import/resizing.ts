import { gather, matmul, pad, power, reshape, slice, transpose } from "../../tensor/operations.js";
import { pad2d, resize } from "../../tensor/pictures.js";
import { constant, type Tensor } from "../../tensor/tensor.js";
import { axisOf, type Call } from "./call.js";
import type { Operator } from "./operators.js";

/** How one axis gets another size. */
interface Axis {
  readonly from: number;
  readonly to: number;
  /** New places for one old one, as the model says it. */
  readonly scale: number;
}

type Coordinate = (i: number, axis: Axis) => number;

const halfPixel: Coordinate = (i, { scale }) => (i + 0.5) / scale - 0.5;

/** Where a new pixel lies among the old ones. */
const coordinates: Readonly<Record<string, Coordinate>> = {
  half_pixel: halfPixel,
  pytorch_half_pixel: (i, axis) => (axis.to > 1 ? halfPixel(i, axis) : 0),
  asymmetric: (i, { scale }) => i / scale,
  align_corners: (i, { from, to }) => (to === 1 ? 0 : (i * (from - 1)) / (to - 1)),
};

/** Which of two neighbours a place belongs to. */
const roundings: Readonly<Record<string, (place: number) => number>> = {
  round_prefer_floor: (x) => Math.ceil(x - 0.5),
  round_prefer_ceil: (x) => Math.floor(x + 0.5),
  floor: Math.floor,
  ceil: Math.ceil,
};

/** Weights of the neighbours at −1, 0, 1 and 2. */
function cubicTaps(t: number, a: number): readonly number[] {
  const near = (d: number): number => ((a + 2) * d - (a + 3)) * d * d + 1;
  const far = (d: number): number => ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
  return [far(1 + t), near(t), near(1 - t), far(2 - t)];
}

function matrixOf(call: Call, axis: Axis, at: Coordinate, mode: string): Tensor {
  const { from, to } = axis;
  const matrix = new Float64Array(to * from);
  const a = call.number("cubic_coeff_a", -0.75);
  for (let i = 0; i < to; i++) {
    const place = at(i, axis);
    const first = Math.floor(place);
    const t = place - first;
    (mode === "linear" ? [0, 1 - t, t, 0] : cubicTaps(t, a)).forEach((weight, k) => {
      const j = Math.min(Math.max(first - 1 + k, 0), from - 1);
      matrix[i * from + j]! += weight;
    });
  }
  return constant(Array.from(matrix), { shape: [to, from] });
}

function nearest(call: Call, x: Tensor, axes: readonly [Axis, Axis], at: Coordinate): Tensor {
  const name = call.text("nearest_mode", call.opset < 11 ? "floor" : "round_prefer_floor");
  const rounding = roundings[name] ?? call.fail(`rounds by ${name}, which is not known`);
  const places = axes.map((axis) =>
    Array.from({ length: axis.to }, (_, i) =>
      Math.min(Math.max(rounding(at(i, axis)), 0), axis.from - 1),
    ),
  );
  const isRepeated = axes.every(({ from, to }, k) =>
    places[k]!.every((place, i) => place === Math.floor((i * from) / to)),
  );
  const [rows, columns] = axes;
  if (isRepeated && rows.to % rows.from === 0 && columns.to % columns.from === 0) {
    return resize(x, [rows.to, columns.to], { filter: "nearest" });
  }
  const indices = places.map((list) => constant(list, { type: "int32" }));
  return gather(gather(x, indices[0]!, 2), indices[1]!, 3);
}

/** Resize of every version, and Upsample, which came before it. */
function resized(call: Call): Tensor {
  const x = call.tensor(0);
  if (x.rank !== 4) call.fail("resizes something else than pictures");
  const [scalesAt, sizesAt] = call.opset < 11 || call.node.op === "Upsample" ? [1, 9] : [2, 3];
  const given = call.listed("scales", scalesAt);
  const scales = given?.length === 4 ? given : undefined;
  const sizes = call.known(sizesAt);
  const axes = x.shape.map((from, i): Axis => {
    const to = sizes?.[i] ?? Math.floor(from * (scales?.[i] ?? call.fail("has no size")));
    return { from, to, scale: scales?.[i] ?? to / from };
  });
  if (axes.slice(0, 2).some(({ from, to }) => from !== to)) call.fail("resizes channels");
  if (call.number("antialias", 0) === 1) call.fail("smooths what it shrinks, which is not read");
  if (call.number("exclude_outside", 0) === 1) call.fail("excludes what is outside");
  const [, , rows, columns] = axes as [Axis, Axis, Axis, Axis]; // as many as x has
  const usual = call.opset < 11 ? "asymmetric" : "half_pixel";
  const name = call.text("coordinate_transformation_mode", usual);
  const at = coordinates[name] ?? call.fail(`has coordinates of another kind, ${name}`);
  const mode = call.text("mode", "nearest");
  if (mode === "nearest") return nearest(call, x, [rows, columns], at);
  if (mode !== "linear" && mode !== "cubic") call.fail(`interpolates by ${mode}`);
  const [b, c, h, w] = x.shape as readonly [number, number, number, number]; // checked above
  const across = transpose(matrixOf(call, columns, at, mode));
  const wide = reshape(matmul(reshape(x, [b * c * h, w]), across), [b, c, h, columns.to]);
  return matmul(matrixOf(call, rows, at, mode), wide);
}

function padded(call: Call): Tensor {
  const x = call.tensor(0);
  const pads = call.listed("pads", 1) ?? call.fail("has no pads");
  const axes = call.known(3)?.map((axis) => axisOf(call, axis, x.rank)) ?? [...x.shape.keys()];
  const widths = x.shape.map((_, i): readonly [number, number] => {
    const at = axes.indexOf(i);
    return at < 0 ? [0, 0] : [pads[at]!, pads[at + axes.length]!];
  });
  // Less than nothing is taken away.
  const inner = slice(
    x,
    x.shape.map((d, i) => ({
      start: Math.max(0, -widths[i]![0]),
      end: d + Math.min(0, widths[i]![1]),
    })),
  );
  const frame = widths.map(([before, after]) => [Math.max(0, before), Math.max(0, after)] as const);
  const mode = call.text("mode", "constant");
  if (mode === "constant") {
    const value = call.has("value") ? call.number("value", 0) : (call.known(2)?.[0] ?? 0);
    const around = { before: frame.map(([n]) => n), after: frame.map(([, n]) => n) };
    return value === 0 ? pad(inner, around) : pad(inner.minus(value), around).plus(value);
  }
  if (mode !== "reflect" && mode !== "edge" && mode !== "wrap") return call.fail(`pads by ${mode}`);
  if (x.rank !== 4 || frame.slice(0, 2).some(([before, after]) => before + after > 0)) {
    return call.fail("continues something else than pictures");
  }
  return pad2d(inner, { rows: frame[2]!, columns: frame[3]!, mode });
}

/** Sums over a few neighbouring channels: local response normalization. */
function responses(call: Call): Tensor {
  const x = call.tensor(0);
  const size = call.number("size", 1);
  const [before, c] = [Math.floor((size - 1) / 2), x.shape[1]!];
  const none = x.shape.map(() => 0);
  const beside = (n: number): number[] => none.map((_, i) => (i === 1 ? n : 0));
  const wide = pad(x.times(x), { before: beside(before), after: beside(size - 1 - before) });
  const total = Array.from({ length: size }, (_, k) =>
    slice(wide, [undefined, { start: k, end: k + c }]),
  ).reduce((a, b) => a.plus(b));
  const scale = total.times(call.number("alpha", 1e-4) / size).plus(call.number("bias", 1));
  return x.times(power(scale, -call.number("beta", 0.75)));
}

/** Operators that change the size of pictures, or look beside them. */
export const resizing: Readonly<Record<string, Operator>> = {
  Resize: resized,
  Upsample: resized,
  Pad: padded,
  LRN: responses,
};
