import type { PicturesPanel } from "../../figure/panels.js";
import { type Shape, sizeOf } from "../../shape/shape.js";

/**
 * Pictures of several makers side by side, one row for each picture; each maker's pictures stand one
 * after another, all of one shape.
 */
export function shownBeside(
  makers: Readonly<Record<string, Float32Array>>,
  { shape, rows }: { readonly shape: Shape; readonly rows: number },
): PicturesPanel {
  const each = sizeOf(shape);
  const names = Object.keys(makers);
  const count = Math.min(rows, ...Object.values(makers).map((all) => all.length / each));
  return {
    kind: "pictures",
    title: "The same small pictures made larger",
    size: shape,
    columns: names.length,
    domain: [-1, 1],
    pictures: Array.from({ length: count }, (_, row) =>
      names.map((name) => ({
        values: makers[name]!.subarray(row * each, (row + 1) * each),
        ...(row === count - 1 ? { caption: name } : {}),
      })),
    ).flat(),
  };
}
