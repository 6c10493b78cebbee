import { ShapeError } from "../shape/error.js";
import type { Random } from "../shape/random.js";
import { type Shape, sizeOf } from "../shape/shape.js";

/**
 * First values of a weight with orthonormal rows or columns, whichever are fewer, times `gain`, in
 * float64: the Q of a normal matrix, with a positive diagonal of R so that every rotation is as likely.
 *
 * @throws {ShapeError} when the shape has fewer than two axes.
 */
export function orthogonalValues(shape: Shape, gain: number, random: Random): Float64Array {
  if (shape.length < 2) {
    const operands = [{ label: "shape", value: shape }];
    const why = `needs two axes, has ${shape.length}`;
    throw new ShapeError({ op: "orthogonal", why, operands });
  }
  const rows = shape[0]!;
  const normal = Float64Array.from({ length: sizeOf(shape) }, () => random.normal());
  return orthonormalized(normal, rows).map((value) => gain * value);
}

/**
 * A row-major matrix with its columns, or its rows where they are fewer, made orthonormal one after the
 * other: the Q of its QR decomposition (or of its transpose's) with a positive diagonal of R.
 */
export function orthonormalized(matrix: Float64Array, rows: number): Float64Array {
  const columns = matrix.length / rows;
  const isTall = rows >= columns;
  const length = isTall ? rows : columns;
  const at = (i: number, k: number): number => (isTall ? k * columns + i : i * columns + k);
  const vectors = Array.from({ length: matrix.length / length }, (_, i) =>
    Float64Array.from({ length }, (_, k) => matrix[at(i, k)]!),
  );
  // Modified Gram–Schmidt: each vector is taken out of those that follow as soon as it is known.
  vectors.forEach((vector, i) => {
    const norm = Math.sqrt(dot(vector, vector));
    for (let k = 0; k < length; k++) vector[k]! /= norm;
    for (const other of vectors.slice(i + 1)) {
      const share = dot(vector, other);
      for (let k = 0; k < length; k++) other[k]! -= share * vector[k]!;
    }
  });
  const out = new Float64Array(matrix.length);
  vectors.forEach((vector, i) => {
    for (let k = 0; k < length; k++) out[at(i, k)] = vector[k]!;
  });
  return out;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}
