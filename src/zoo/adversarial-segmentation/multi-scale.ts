import { conv } from "../../nn/convolution.js";
import {
  asLayer,
  type BuiltLayer,
  chain,
  countOf,
  type Layer,
  prefixed,
  scopeOf,
} from "../../nn/layer.js";
import { maxPooling } from "../../nn/pools.js";
import { ShapeError } from "../../shape/error.js";
import { concatenate, tanh } from "../../tensor/operations.js";
import { averagePool, resize } from "../../tensor/pictures.js";
import type { Tensor } from "../../tensor/tensor.js";

const scales = 3;

/**
 * The multi-scale net, `[b c h w] → [b classes h w]`: one and the same convolutional network sees
 * three levels of a Laplacian pyramid; what it makes of each, at a quarter of the picture's size and
 * below, is brought to one size, joined, and classified place by place.
 *
 * Farabet, Couprie, Najman & LeCun 2013, "Learning hierarchical features for scene labeling",
 * sections 3.1 and 4: 16, 64 and 256 filters of 7×7, 1024 hidden units.
 */
export function multiScale({
  widths,
  hidden,
  classes,
}: {
  readonly widths: readonly [number, number, number];
  readonly hidden: number;
  readonly classes: number;
}): Layer {
  const [first, second, third] = widths;
  const filters = { kernel: 7 };
  // biome-ignore format: a table, kept as one
  const trunk = asLayer(chain(
    conv(first, filters), tanh, maxPooling(2),
    conv(second, filters), tanh, maxPooling(2),
    conv(third, filters),
  ));
  const head = asLayer(chain(conv(hidden, { kernel: 1 }), tanh, conv(classes, { kernel: 1 })));
  return {
    name: "multi-scale",
    build(shape) {
      const [channels, height = 0, width = 0] = shape;
      if (shape.length !== 3 || height % 16 !== 0 || width % 16 !== 0) {
        const operands = [{ label: "input", value: shape }];
        const why = "needs pictures whose sides are multiples of 16";
        throw new ShapeError({ op: "multi-scale", why, operands });
      }
      const levels = Array.from(
        { length: scales },
        (_, s): BuiltLayer => trunk.build([channels!, height / 2 ** s, width / 2 ** s]),
      );
      const size = [height / 4, width / 4] as const;
      const top = head.build([scales * third, ...size]);
      const own = levels[0]!;
      return {
        output: [classes, height, width],
        parameters: { ...prefixed("trunk", own.parameters), ...prefixed("head", top.parameters) },
        state: {},
        rows: [
          ...own.rows,
          {
            name: `the same at 1/2 and 1/4, joined`,
            output: [scales * third, ...size],
            parameters: 0,
          },
          ...top.rows,
          { name: "resize", output: [classes, height, width], parameters: countOf({}) },
        ],
        apply(x, scope) {
          const features = laplacian(x).map((level, s) =>
            resize(levels[s]!.apply(level, scopeOf(scope, "trunk")), size, { filter: "nearest" }),
          );
          const logits = top.apply(concatenate(features, 1), scopeOf(scope, "head"));
          return resize(logits, [height, width], { filter: "bilinear" });
        },
      };
    },
  };
}

/** What each size adds to the next smaller one, and the smallest itself. */
function laplacian(x: Tensor): readonly Tensor[] {
  const levels = [x];
  while (levels.length < scales) levels.push(averagePool(levels.at(-1)!, { kernel: 2 }));
  return levels.map((level, s) => {
    const [, , h, w] = level.shape as readonly [number, number, number, number]; // pictures
    const below = levels[s + 1];
    return below === undefined ? level : level.minus(resize(below, [h, w], { filter: "bilinear" }));
  });
}
