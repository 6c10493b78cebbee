import { ConfigurationError, ShapeError } from "../shape/error.js";
import type { Shape } from "../shape/shape.js";
import { gather, matmul, reshape } from "../tensor/operations.js";
import type { Tensor } from "../tensor/tensor.js";
import { channelwise, normalizeBatch, type StatisticsOptions, statisticsOf } from "./batch-norm.js";
import { filled, type Initializer, scaledUniform } from "./initializers.js";
import { type Condition, type Kept, type Layer, simple } from "./layer.js";

/** Options of conditional batch norm. */
export interface ConditionalBatchNormOptions extends StatisticsOptions {
  /** How many labels there are; needed where the condition is labels. */
  readonly classes?: number;
  /** Of both weights where the condition is numbers; U(−1/√e, 1/√e) when left out. */
  readonly initial?: Initializer;
}

const op = "conditionalBatchNorm";

/**
 * Batch norm whose scale and shift follow from what the network is told: `[b c …] → [b c …]`. For
 * labels `[b]` each class has its own, rows of `scale` and `shift [classes c]`; for numbers `y [b e]`
 * they are `1 + y · scale` and `y · shift`, both `[e c]`.
 *
 * De Vries et al. 2017, "Modulating early visual processing by language", equation 5, for classes as
 * in Miyato & Koyama 2018; for numbers as in BigGAN (Brock, Donahue & Simonyan 2019, appendix B).
 *
 * @throws {ConfigurationError} when the condition is labels, and how many there are is not told.
 * @throws {ShapeError} when the condition is neither labels `[b]` nor numbers `[b e]`, or there is none.
 * @example
 * const layers = chain(conv(8), conditionalBatchNorm({ classes: 10 }), relu);
 * network([3, 16, 16], layers, { condition: "labels" }).built.output; // → [8,16,16]
 */
export function conditionalBatchNorm(options: ConditionalBatchNormOptions = {}): Layer {
  const { classes, initial, ...statistics } = options;
  const name = "conditional batch norm";
  return {
    name,
    build(shape, condition) {
      const spread = channelwise(op, shape);
      const { parameters, read } = modulation({ condition, classes, initial, channels: shape[0]! });
      return simple({
        name,
        output: shape,
        parameters,
        state: statisticsOf(shape),
        apply(x, scope) {
          const told = scope.condition!; // `build` was given one, so the network is
          const each = (which: "scale" | "shift"): Tensor =>
            reshape(read(which, scope.parameter(which), told), [x.shape[0]!, ...spread.slice(1)]);
          const [scale, shift] = [each("scale"), each("shift")];
          return normalizeBatch(x, scope, { ...statistics, scale, shift });
        },
      });
    },
  };
}

interface Modulation {
  readonly parameters: Readonly<Record<"scale" | "shift", Kept>>;
  /** `[b c]` from a parameter and the condition. */
  read(which: "scale" | "shift", parameter: Tensor, told: Tensor): Tensor;
}

function modulation({
  condition,
  classes,
  initial,
  channels,
}: {
  readonly condition: Condition | undefined;
  readonly classes: number | undefined;
  readonly initial: Initializer | undefined;
  readonly channels: number;
}): Modulation {
  if (condition === undefined) {
    const hint = "give network(…) the option condition";
    throw new ShapeError({ op, why: "needs labels or numbers as its network's condition", hint });
  }
  const { shape, type } = condition;
  if (type === "int32" && shape.length === 0) {
    if (classes === undefined) {
      const hint = "pass conditionalBatchNorm({ classes: 10 })";
      throw new ConfigurationError({ op, why: "needs to know how many classes there are", hint });
    }
    const table: Shape = [classes, channels];
    return {
      parameters: {
        scale: { shape: table, initial: filled(1) },
        shift: { shape: table, initial: filled(0) },
      },
      read: (_, rows, labels) => gather(rows, labels),
    };
  }
  if (type !== "float32" || shape.length !== 1) {
    const operands = [{ label: "condition", value: `${type} [${["b", ...shape].join(" ")}]` }];
    const why = "needs a condition of labels [b] or numbers [b e]";
    throw new ShapeError({ op, why, operands });
  }
  const kept = { shape: [shape[0]!, channels], initial: initial ?? scaledUniform(shape[0]!) };
  return {
    parameters: { scale: kept, shift: kept },
    read(which, weight, told) {
      const made = matmul(told, weight);
      return which === "scale" ? made.plus(1) : made;
    },
  };
}
