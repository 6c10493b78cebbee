import { ConfigurationError, ShapeError } from "../shape/error.js";

/** The numbers of a network, by the names of its tensors. */
export type Weights = Readonly<Record<string, Float32Array>>;

/**
 * A network between two of one architecture: every number of it lies between theirs,
 * `(1 − α) a + α b`. Where b was made of a by more training, it makes something between what the two
 * make, with fewer artefacts than the mean of their pictures.
 *
 * Wang et al. 2018, "ESRGAN", equation 5; Wang, Yu, Dong, Tang & Loy 2019, "Deep network
 * interpolation for continuous imagery effect transition".
 *
 * @throws {ShapeError} when they are not of the same tensors.
 * @throws {ConfigurationError} when α is no number.
 *
 * @example
 * const [smooth, sharp] = [{ w: Float32Array.of(0, 4) }, { w: Float32Array.of(8, 4) }];
 * interpolated(smooth, sharp, 0.25).w; // → [2,4]
 */
export function interpolated(a: Weights, b: Weights, alpha: number): Record<string, Float32Array> {
  if (!Number.isFinite(alpha)) {
    const why = `expected a number, received ${alpha}`;
    throw new ConfigurationError({ op: "interpolated.alpha", why });
  }
  const names = Object.keys(a);
  const fail = (why: string): never => {
    throw new ShapeError({ op: "interpolated", why });
  };
  const alone = Object.keys(b).find((name) => !Object.hasOwn(a, name));
  if (alone !== undefined) fail(`only the second has ${alone}`);
  return Object.fromEntries(
    names.map((name) => {
      const [from, to] = [a[name]!, b[name] ?? fail(`only the first has ${name}`)];
      if (from.length !== to.length) {
        fail(`${name} has ${from.length} numbers in one and ${to.length} in the other`);
      }
      return [name, from.map((value, i) => (1 - alpha) * value + alpha * to[i]!)];
    }),
  );
}
