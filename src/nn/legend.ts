import { ConfigurationError, ShapeError } from "../shape/error.js";
import type { Legend } from "../shape/legend.js";
import { equal, floor } from "../tensor/elementwise.js";
import { broadcast, cast, matmul, reshape, sum, transpose } from "../tensor/operations.js";
import { constant, type Tensor } from "../tensor/tensor.js";

/** The classes that count: all but those that are ignored. */
const counted = (legend: Legend): Legend => legend.filter(({ ignored }) => ignored !== true);

/**
 * The classes of a map as a game sees it, `[b 3 h w] → [b classes h w]`: 1 where a pixel has the
 * class's colour, 0 elsewhere. Ignored classes have no channel, so where the map has one of them all
 * channels are 0, and their sum says which pixels count. No gradient comes back through it.
 *
 * @throws {ShapeError} when the map has other than three channels.
 * @throws {ConfigurationError} when no class of the legend counts.
 *
 * @example
 * const legend = [{ name: "sea", colour: [0, 0, 255] }, { name: "land", colour: [0, 160, 0] }] as const;
 * classesOf(zeros([4, 3, 8, 8]), legend).shape; // → [4,2,8,8]
 */
export function classesOf(map: Tensor, legend: Legend): Tensor {
  if (map.shape.length !== 4 || map.shape[1] !== 3) {
    const operands = [{ label: "map", value: map.shape }];
    throw new ShapeError({ op: "classesOf", why: "expected a map [b 3 h w]", operands });
  }
  const names = classesIn("classesOf", legend);
  // Three bytes as one whole number, which float32 holds exactly.
  const weights = constant([1 << 16, 1 << 8, 1], { shape: [1, 3, 1, 1] });
  const bytes = floor(map.plus(1).times(127.5).plus(0.5));
  const code = sum(bytes.times(weights), { axes: [1], keep: true });
  const codes = names.map(({ colour: [r, g, b] }) => (r << 16) | (g << 8) | b);
  const [batch, , height, width] = map.shape as readonly [number, number, number, number]; // checked
  const shape = [batch, codes.length, height, width];
  const wanted = constant(codes, { shape: [1, codes.length, 1, 1] });
  return cast(equal(broadcast(code, shape), broadcast(wanted, shape)), "float32");
}

/**
 * Probabilities of classes as a map, `[b classes h w] → [b 3 h w]` from −1 to 1: the mean of the
 * colours of all classes that count, as likely as each is. What is missing from a sum of 1 has the
 * colour of the first ignored class, where there is one: so `classesOf` is turned back into its map.
 *
 * @throws {ShapeError} when there are not as many channels as classes that count.
 *
 * @example
 * const legend = [{ name: "sea", colour: [0, 0, 255] }, { name: "land", colour: [0, 160, 0] }] as const;
 * coloursOf(zeros([4, 2, 8, 8]), legend).shape; // → [4,3,8,8]
 */
export function coloursOf(probabilities: Tensor, legend: Legend): Tensor {
  const names = classesIn("coloursOf", legend);
  const { shape } = probabilities;
  if (shape.length !== 4 || shape[1] !== names.length) {
    throw new ShapeError({
      op: "coloursOf",
      why: `expected [b ${names.length} h w], a channel for each class that counts`,
      operands: [{ label: "probabilities", value: shape }],
    });
  }
  const [batch, classes, height, width] = shape as readonly [number, number, number, number]; // checked
  const seen = (entry: Legend[number] | undefined): readonly number[] =>
    (entry?.colour ?? [127.5, 127.5, 127.5]).map((byte) => byte / 127.5 - 1);
  // Σ p (colour − rest) + rest, where rest is what nothing at all looks like.
  const rest = seen(legend.find(({ ignored }) => ignored === true));
  const rows = names.flatMap((entry) => seen(entry).map((value, c) => value - rest[c]!));
  const flat = reshape(transpose(probabilities, [0, 2, 3, 1]), [batch * height * width, classes]);
  const mixed = matmul(flat, constant(rows, { shape: [classes, 3] })).plus(
    constant(rest, { shape: [1, 3] }),
  );
  return transpose(reshape(mixed, [batch, height, width, 3]), [0, 3, 1, 2]);
}

function classesIn(op: string, legend: Legend): Legend {
  const names = counted(legend);
  if (names.length > 0) return names;
  const why = legend.length === 0 ? "the legend is empty" : "every class of the legend is ignored";
  throw new ConfigurationError({ op, why });
}
