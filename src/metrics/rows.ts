import { DataError, ShapeError } from "../shape/error.js";

/** Counts rows of `size` features; every one must be whole and finite. */
export function checkRows(
  op: string,
  rows: ArrayLike<number>,
  size: number,
  label = "features",
): number {
  const count = rows.length / size;
  if (count < 1 || !Number.isInteger(count)) {
    const why = `needs whole rows of ${size} ${label}, received ${rows.length} numbers`;
    throw new ShapeError({ op, why });
  }
  for (let i = 0; i < rows.length; i++) {
    if (Number.isFinite(rows[i])) continue;
    const place = `number ${i % size} of row ${Math.floor(i / size)}`;
    throw new DataError({ op, why: `${place} of the ${label} is ${rows[i]}` });
  }
  return count;
}

/** `Σ (a − b)²` between row `i` of one and row `j` of another, the same in both directions. */
export function squaredDistance(
  [a, i]: readonly [ArrayLike<number>, number],
  [b, j]: readonly [ArrayLike<number>, number],
  size: number,
): number {
  let sum = 0;
  for (let t = 0; t < size; t++) {
    const difference = a[i * size + t]! - b[j * size + t]!;
    sum += difference * difference;
  }
  return sum;
}
