import { ShapeError } from "../shape/error.js";

/**
 * How much more light pictures have than they should, as a share: the mean over pictures of
 * `(Σ found − Σ truth) / Σ truth`, flux one picture after another, `size` numbers each.
 *
 * @throws {ShapeError} when there are not as many numbers, or they are no whole number of pictures.
 * @example
 * fluxBias(Float64Array.of(1, 2, 5, 6), Float64Array.of(1, 1, 5, 5), { size: 2 }); // → 0.3
 */
export function fluxBias(
  found: ArrayLike<number>,
  truth: ArrayLike<number>,
  {
    size,
  }: {
    /** Numbers of one picture. */
    readonly size: number;
  },
): number {
  if (found.length !== truth.length || found.length === 0 || found.length % size !== 0) {
    const why = `${found.length} and ${truth.length} numbers are not as many pictures of ${size}`;
    throw new ShapeError({ op: "fluxBias", why });
  }
  const count = found.length / size;
  let bias = 0;
  for (let at = 0; at < found.length; at += size) {
    let [more, all] = [0, 0];
    for (let i = at; i < at + size; i++) {
      more += found[i]! - truth[i]!;
      all += truth[i]!;
    }
    bias += more / all / count;
  }
  return bias;
}

/** Where the spiral arms of a galaxy are; lengths in pixels, angles in radians. */
export interface ArmPlaces {
  /** Its middle, from the left and from the top. */
  readonly x: number;
  readonly y: number;
  /** Of the long axis, from the right downwards. */
  readonly angle: number;
  /** Short axis over long axis. */
  readonly axis: number;
  /** The radius at which the first arm is at `phase`. */
  readonly scale: number;
  readonly arms: number;
  /** Between an arm and a circle; negative for arms that wind the other way. */
  readonly pitch: number;
  readonly phase: number;
}

/** Radii between which arms are looked for, in scale lengths. */
const [inner, outer] = [0.7, 2.7];

/**
 * How much brighter arms are than what is between them: the amplitude of the light of a plane `[h w]`
 * along logarithmic spirals whose places are known, `2 Σ I cos ψ / Σ I` from 0.7 to 2.7 scale lengths;
 * 0 for a smooth disc, a for `1 + a cos ψ`.
 *
 * @throws {ShapeError} when there are other than so many numbers.
 * @example
 * const arms = { x: 8, y: 8, angle: 0, axis: 1, scale: 2.5, arms: 2, pitch: 0.4, phase: 0 };
 * Math.abs(armContrast(new Float64Array(256).fill(1), [16, 16], arms)) < 0.05; // → true
 */
export function armContrast(
  light: Float64Array,
  [h, w]: readonly [height: number, width: number],
  { x, y, angle, axis, scale, arms, pitch, phase }: ArmPlaces,
): number {
  if (light.length !== h * w) {
    const why = `${light.length} numbers are no plane of ${h} × ${w}`;
    throw new ShapeError({ op: "armContrast", why });
  }
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  let [along, all] = [0, 0];
  for (let i = 0; i < light.length; i++) {
    const [dx, dy] = [(i % w) + 0.5 - x, Math.floor(i / w) + 0.5 - y];
    const [u, v] = [dx * cos + dy * sin, (dy * cos - dx * sin) / axis];
    const r = Math.hypot(u, v) / scale;
    if (r < inner || r > outer) continue;
    const off = arms * (Math.atan2(v, u) - phase - Math.log(r) / Math.tan(pitch));
    along += light[i]! * Math.cos(off);
    all += light[i]!;
  }
  return (2 * along) / all;
}
