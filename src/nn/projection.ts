import { ShapeError } from "../shape/error.js";
import { gather, sum } from "../tensor/operations.js";
import { between, type Initializer } from "./initializers.js";
import { type BuiltLayer, type Layer, prefixed, scopeOf, simple } from "./layer.js";
import { linear } from "./linear.js";

export interface ProjectionOptions {
  /** What both of its matrices go through, such as a spectral norm. */
  readonly through?: (layer: Layer) => Layer;
  /** Of the embedding; U(−√(6/(k + n)), √(6/(k + n))) when left out, as in the authors' code. */
  readonly initial?: Initializer;
}

/**
 * A judgement of features together with a label, `ψ(x) + ⟨e(y), x⟩` with a linear ψ and one learned
 * vector e for each class: `x [b n]`, labels y `[b]` as the network's condition → `[b 1]`.
 *
 * Miyato & Koyama 2018, "cGANs with Projection Discriminator", equation 4 and figure 1.
 *
 * @throws {ShapeError} when its network has no labels for a condition, or features are no `[b n]`.
 *
 * @example
 * const D = network([2], chain(linear(64), relu, projection(10)), { condition: "labels" });
 * const normalized = projection(10, { through: spectralNorm });
 * D.built.output; // → [1]
 */
export function projection(
  classes: number,
  { through = (layer) => layer, initial }: ProjectionOptions = {},
): Layer {
  const name = `projection of ${classes}`;
  return {
    name,
    build(shape, condition): BuiltLayer {
      if (condition?.type !== "int32" || condition.shape.length !== 0) {
        const why = "needs labels as its network's condition";
        const hint = 'give network(…) the option condition: "labels"';
        throw new ShapeError({ op: "projection", why, hint });
      }
      const inner = {
        linear: through(linear(1)).build(shape, condition),
        embedding: through(chosen(classes, initial)).build(shape, condition),
      };
      const both = Object.entries(inner);
      return {
        output: [1],
        parameters: Object.assign({}, ...both.map(([key, b]) => prefixed(key, b.parameters))),
        state: Object.assign({}, ...both.map(([key, b]) => prefixed(key, b.state))),
        rows: [
          {
            name,
            output: [1],
            parameters: both.flatMap(([, b]) => b.rows).reduce((n, row) => n + row.parameters, 0),
          },
        ],
        apply(x, scope) {
          const ofClass = inner.embedding.apply(x, scopeOf(scope, "embedding"));
          return inner.linear
            .apply(x, scopeOf(scope, "linear"))
            .plus(sum(x.times(ofClass), { axes: [1], keep: true }));
        },
      };
    },
  };
}

/** The vector of the class that the network is told of: `[b n] → [b n]`. */
const chosen = (classes: number, initial: Initializer | undefined): Layer => ({
  name: `embedding of ${classes}`,
  build(shape) {
    const [n] = shape;
    const bound = Math.sqrt(6 / (classes + n!));
    return simple({
      name: `embedding of ${classes}`,
      output: shape,
      parameters: {
        // Its rows are its outputs, as in an embedding.
        weight: { shape: [classes, n!], initial: initial ?? between(-bound, bound), out: 0 },
      },
      // The condition is there: its layer was built with one.
      apply: (_, scope) => gather(scope.parameter("weight"), scope.condition!),
    });
  },
});
