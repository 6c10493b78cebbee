import { ConfigurationError, ShapeError } from "../shape/error.js";
import { formatShape, type Shape, sizeOf } from "../shape/shape.js";

/** How well the lines of a drawing lie on those of another: shares from 0 to 1. */
export interface EdgeAgreement {
  /** Of the lines found, how many are near a true one. */
  readonly precision: number;
  /** Of the true lines, how many are near one found. */
  readonly recall: number;
  /** The harmonic mean of both. */
  readonly f1: number;
}

/** What is compared, and how near is near enough. */
export interface EdgeF1Options {
  /** Of both drawings: `[1 h w]`. */
  readonly shape: Shape;
  /** Pixels between a line and the one that is meant; 1. */
  readonly tolerance?: number;
}

/**
 * How well edges found agree with true ones, drawings as `edgesOf` makes them: `[1 h w]`, darker
 * than half on lines. A pixel of a line counts when the other drawing has one at most `tolerance`
 * pixels away, across, down or both; two drawings without lines agree wholly.
 *
 * After Martin, Fowlkes & Malik 2004, "Learning to detect natural image boundaries using local
 * brightness, color, and texture cues", section IV-A, without the one-to-one assignment.
 *
 * @throws {ShapeError} when a drawing is not of that shape.
 * @throws {ConfigurationError} when the tolerance is no whole number of at least 0.
 *
 * @example
 * const line = Uint8Array.from({ length: 64 }, (_, i) => (i % 8 === 3 ? 0 : 255));
 * const beside = Uint8Array.from({ length: 64 }, (_, i) => (i % 8 === 4 ? 0 : 255));
 * edgeF1(beside, line, { shape: [1, 8, 8] }).f1; // → 1
 * edgeF1(beside, line, { shape: [1, 8, 8], tolerance: 0 }).f1; // → 0
 */
export function edgeF1(
  found: Uint8Array,
  truth: Uint8Array,
  { shape, tolerance = 1 }: EdgeF1Options,
): EdgeAgreement {
  for (const drawing of [found, truth]) {
    if (shape.length === 3 && shape[0] === 1 && drawing.length === sizeOf(shape)) continue;
    const why = `${drawing.length} bytes are no drawing [1 h w] of ${formatShape(shape)}`;
    throw new ShapeError({ op: "edgeF1", why });
  }
  if (!Number.isSafeInteger(tolerance) || tolerance < 0) {
    const why = `expected a whole number of at least 0, received ${tolerance}`;
    throw new ConfigurationError({ op: "edgeF1.tolerance", why });
  }
  const plane = { height: shape[1]!, width: shape[2]!, tolerance };
  const precision = shareNear(found, truth, plane);
  const recall = shareNear(truth, found, plane);
  const [none, noneTrue] = [precision === undefined, recall === undefined];
  if (none && noneTrue) return { precision: 1, recall: 1, f1: 1 };
  const [p, r] = [precision ?? 0, recall ?? 0];
  return { precision: p, recall: r, f1: p + r === 0 ? 0 : (2 * p * r) / (p + r) };
}

const isLine = (value: number | undefined): boolean => value! < 128;

/** The share of one drawing's lines that are near the other's; `undefined` when it has none. */
function shareNear(
  drawing: Uint8Array,
  other: Uint8Array,
  plane: { readonly height: number; readonly width: number; readonly tolerance: number },
): number | undefined {
  const { height, width, tolerance } = plane;
  let lines = 0;
  let near = 0;
  for (let i = 0; i < drawing.length; i++) {
    if (!isLine(drawing[i])) continue;
    lines++;
    const [y, x] = [Math.floor(i / width), i % width];
    const rows = [Math.max(0, y - tolerance), Math.min(height - 1, y + tolerance)] as const;
    const columns = [Math.max(0, x - tolerance), Math.min(width - 1, x + tolerance)] as const;
    search: for (let v = rows[0]; v <= rows[1]; v++) {
      for (let u = columns[0]; u <= columns[1]; u++) {
        if (!isLine(other[v * width + u])) continue;
        near++;
        break search;
      }
    }
  }
  return lines === 0 ? undefined : near / lines;
}
