import { ShapeError } from "../shape/error.js";
import { type Shape, sameShape } from "../shape/shape.js";

/** How a kernel moves over the spatial axes: one entry for each axis. */
export interface ConvolutionOptions {
  readonly strides: readonly number[];
  /** Zeros added before and after each spatial axis. */
  readonly padding: readonly (readonly [number, number])[];
  readonly dilations: readonly number[];
  /** Channels are split into this many parts that do not see each other. */
  readonly groups: number;
}

const axes = {
  convolution: ["b c …", "out c/groups …"],
  "transposed convolution": ["b c …", "c out/groups …"],
} as const;

function fail(op: keyof typeof axes, why: string, x: Shape, w: Shape): never {
  const operands = [
    { label: "input", value: x, axes: axes[op][0] },
    { label: "weight", value: w, axes: axes[op][1] },
  ];
  throw new ShapeError({ op, why, operands });
}

/** Positions of the kernel along each spatial axis. */
function positions(size: Shape, kernel: Shape, options: ConvolutionOptions): number[] {
  return size.map((d, i) => {
    const [before, after] = options.padding[i]!;
    const span = options.dilations[i]! * (kernel[i]! - 1) + 1;
    return Math.floor((d + before + after - span) / options.strides[i]!) + 1;
  });
}

/** `x [b c …s], w [o c/g …k] → [b o …t]` */
export function convolutionShape(x: Shape, w: Shape, options: ConvolutionOptions): Shape {
  const op = "convolution";
  if (x.length < 3 || x.length !== w.length) fail(op, "ranks differ or are below 3", x, w);
  if (options.strides.length !== x.length - 2) fail(op, `needs ${x.length - 2} strides`, x, w);
  const { groups } = options;
  if (w[0]! % groups !== 0 || x[1] !== w[1]! * groups) {
    const why = `${x[1]} channels do not meet a weight for ${w[1]! * groups}`;
    fail(op, groups === 1 ? why : `${why} in ${groups} groups`, x, w);
  }
  const out = positions(x.slice(2), w.slice(2), options);
  if (out.some((t) => t < 1)) fail(op, "kernel is larger than the padded input", x, w);
  return [x[0]!, w[0]!, ...out];
}

/** `g [b o …t], w [o c/g …k] → [b c …size]`: the transpose of a convolution. */
export function inputGradientShape(
  g: Shape,
  w: Shape,
  { size, ...options }: ConvolutionOptions & { readonly size: Shape },
): Shape {
  const op = "transposed convolution";
  if (g.length < 3 || g.length !== w.length) fail(op, "ranks differ or are below 3", g, w);
  if (g[1] !== w[0]) fail(op, `${g[1]} channels do not meet a weight for ${w[0]}`, g, w);
  const expected = positions(size, w.slice(2), options);
  if (!sameShape(expected, g.slice(2))) {
    fail(op, `an output of [${size.join(" ")}] has no such input`, g, w);
  }
  return [g[0]!, w[1]! * options.groups, ...size];
}

/** `x [b c …s], g [b o …t] → [o c/g …kernel]` */
export function weightGradientShape(
  x: Shape,
  g: Shape,
  { kernel, ...options }: ConvolutionOptions & { readonly kernel: Shape },
): Shape {
  const expected = positions(x.slice(2), kernel, options);
  if (x[0] !== g[0] || !sameShape(expected, g.slice(2))) {
    const operands = [
      { label: "input", value: x },
      { label: "output", value: g },
    ];
    const why = `a kernel of [${kernel.join(" ")}] does not join these`;
    throw new ShapeError({ op: "convolution weight gradient", why, operands });
  }
  return [g[1]!, x[1]! / options.groups, ...kernel];
}
