import type { PicturesPanel } from "../../figure/panels.js";
import { type Shape, sizeOf } from "../../shape/shape.js";

/**
 * Pictures of several makers side by side, `across` pictures in a row; each maker's pictures stand
 * one after another, all of one shape.
 */
export function shownBeside(
  makers: Readonly<Record<string, Float32Array>>,
  {
    shape,
    rows,
    across = 1,
  }: { readonly shape: Shape; readonly rows: number; readonly across?: number },
): PicturesPanel {
  const each = sizeOf(shape);
  const names = Object.keys(makers);
  const there = Math.min(...Object.values(makers).map((all) => all.length / each));
  const count = Math.min(rows * across, there);
  return {
    kind: "pictures",
    title: "The same small pictures made larger",
    size: shape,
    columns: Math.min(across, count) * names.length,
    domain: [-1, 1],
    pictures: Array.from({ length: count }, (_, row) =>
      names.map((name) => ({
        values: makers[name]!.subarray(row * each, (row + 1) * each),
        ...(row >= count - across ? { caption: name } : {}),
      })),
    ).flat(),
  };
}
