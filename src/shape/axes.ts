import { ShapeError } from "./error.js";
import type { Shape } from "./shape.js";

type Words<S extends string> = S extends `${infer Head} ${infer Tail}` ? Head | Words<Tail> : S;

/** The names in a specification such as `"b 3 h w"`: here `"b" | "h" | "w"`. */
export type AxisNames<Spec extends string> = Exclude<Words<Spec>, `${number}` | "_">;

/**
 * Names the sizes of a shape and checks its rank: a word names an axis, a number demands a size,
 * `_` is ignored, and a word used twice demands equal sizes.
 *
 * @throws {ShapeError} when there are more or fewer axes than words, or a size is not as demanded.
 *
 * @example
 * const { b, c } = axes([64, 3, 32, 32], "b c _ _"); // → {"b":64,"c":3}
 */
export function axes<const Spec extends string>(
  x: Shape | { readonly shape: Shape },
  spec: Spec,
): { readonly [N in AxisNames<Spec>]: number } {
  const shape = "shape" in x ? x.shape : x;
  const words = spec.split(" ").filter((word) => word !== "");
  const got = { label: "got", value: shape, axes: spec };
  if (words.length !== shape.length) {
    const why = `needs ${words.length} axes, has ${shape.length}`;
    throw new ShapeError({ op: "axes", why, operands: [got] });
  }
  const sizes: Record<string, number> = {};
  words.forEach((word, i) => {
    const size = shape[i]!;
    if (word === "_") return;
    const wanted = /^\d+$/.test(word) ? Number(word) : sizes[word];
    if (wanted !== undefined && wanted !== size) {
      const label = /^\d+$/.test(word) ? `${i}` : `${i} (${word})`;
      const why = `axis ${label} must be ${wanted}, is ${size}`;
      throw new ShapeError({ op: "axes", why, operands: [got] });
    }
    if (!/^\d+$/.test(word)) sizes[word] = size;
  });
  // The words were just checked against the specification that the type is made of.
  return sizes as { readonly [N in AxisNames<Spec>]: number };
}
