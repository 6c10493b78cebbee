/** Sizes of a tensor's axes, outermost first; `[]` is a scalar. */
export type Shape = readonly number[];

/**
 * Number of elements: the product of the sizes.
 * @example sizeOf([64, 3, 32, 32]); // → 196608
 */
export const sizeOf = (shape: Shape): number => shape.reduce((n, d) => n * d, 1);

/**
 * A shape as it is written in errors and tables.
 * @example formatShape([64, 100]); // → "[64 100]"
 */
export const formatShape = (shape: Shape): string => `[${shape.join(" ")}]`;

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((d, i) => d === b[i]);

/** Row-major strides in elements: `[b c h w] → [c·h·w, h·w, w, 1]`. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i]!;
  }
  return strides;
}

/** The shape both broadcast to by NumPy's rule, or `undefined` when they do not fit. */
export function broadcastShape(a: Shape, b: Shape): number[] | undefined {
  const rank = Math.max(a.length, b.length);
  const out = new Array<number>(rank);
  for (let i = 0; i < rank; i++) {
    const x = a[i - rank + a.length] ?? 1;
    const y = b[i - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1) return undefined;
    out[i] = x === 1 ? y : x;
  }
  return out;
}

/** Turns `-1` into the last axis, and so on; `undefined` when there is no such axis. */
export function normalAxis(axis: number, rank: number): number | undefined {
  const positive = axis < 0 ? axis + rank : axis;
  return Number.isInteger(positive) && positive >= 0 && positive < rank ? positive : undefined;
}
