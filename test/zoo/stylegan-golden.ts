import { type Shape, sizeOf } from "../../src/shape/shape.js";

/**
 * Numbers by a formula that test/golden/stylegan.py knows too: sums of three fractional parts, of
 * mean 0 and deviation 1, or uniform ones.
 */
export function numbers(
  key: number,
  shape: Shape,
  kind: "normal" | "uniform" = "normal",
): Float32Array {
  const part = (i: number, k: number): number => {
    const y = Math.sin((i + 1) * 12.9898 + (key * 3 + k) * 78.233) * 43758.5453;
    return y - Math.floor(y);
  };
  return Float32Array.from({ length: sizeOf(shape) }, (_, i) =>
    kind === "uniform" ? part(i, 0) : 2 * (part(i, 0) + part(i, 1) + part(i, 2) - 1.5),
  );
}
