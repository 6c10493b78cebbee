import { DataError } from "../../shape/error.js";
import { formatShape } from "../../shape/shape.js";

/** What the axes of an array are. */
export type ArrayLayout =
  | { readonly kind: "points"; readonly count: number; readonly width: number }
  | {
      readonly kind: "pictures";
      readonly count: number;
      readonly height: number;
      readonly width: number;
      readonly channels: 1 | 3 | 4;
      /** Whether the channels stand before height and width. */
      readonly planar: boolean;
    };

const isChannels = (size: number): size is 1 | 3 | 4 => size === 1 || size === 3 || size === 4;

/**
 * Reads `[n d]` as points and `[n h w]`, `[n h w c]` and `[n c h w]` as pictures of 1, 3 or 4
 * channels; where both of the last fit, the channels are the last axis.
 *
 * @throws {DataError} when the shape is none of these, which it names.
 */
export function layoutOf(
  shape: readonly number[],
  { file }: { readonly file: string },
): ArrayLayout {
  const fail = (what: string, hint?: string) =>
    new DataError({
      op: file,
      why: `holds ${formatShape(shape)}, ${what}`,
      operands: [
        { label: "read", value: "[n d] as points, [n h w], [n h w c] or [n c h w] as pictures" },
      ],
      ...(hint ? { hint } : {}),
    });
  const [count = 0, a = 0, b = 0, c = 0] = shape;
  if (shape.length > 1 && shape.includes(0)) throw fail("which is nothing");
  if (shape.length === 2) return { kind: "points", count, width: a };
  const pictures = { kind: "pictures", count } as const;
  if (shape.length === 3) {
    if ((b === 3 || b === 4) && count > 4 && a > 4) {
      throw fail("which seems to be one picture", `reshape it to [1 ${shape.join(" ")}]`);
    }
    return { ...pictures, height: a, width: b, channels: 1, planar: false };
  }
  if (shape.length === 4) {
    if (isChannels(c)) return { ...pictures, height: a, width: b, channels: c, planar: false };
    if (isChannels(a)) return { ...pictures, height: b, width: c, channels: a, planar: true };
  }
  if (shape.length === 4 || shape.length === 5) {
    throw fail("which seems to be volumes; these are not read yet");
  }
  if (shape.length === 1) throw fail("a single row", `reshape it to [${count} 1]`);
  throw fail("which is neither points nor pictures");
}
