import { conv } from "../../nn/convolution.js";
import { asLayer, chain, type Layer, residual, type Step } from "../../nn/layer.js";
import { uNet } from "../../nn/u-net.js";
import { leakyRelu, slice } from "../../tensor/operations.js";
import { pad2d, pixelShuffle, pixelUnshuffle } from "../../tensor/pictures.js";

/** pix2pix's widths: eight halvings. */
const paperWidths = [1, 2, 4, 8, 8, 8, 8, 8] as const;

/**
 * The generator of the paper, pix2pix's U-Net, for pictures of any size: what it is given is
 * continued outside to the next multiple of 256, and the frame is cut off again.
 */
export const uNetGenerator = (channels: number, width: number): Layer =>
  framed(uNet({ widths: paperWidths.map((times) => times * width), channels }), 256);

/**
 * A small generator that corrects what it is given: at half of the size, `depth` pairs of 3×3
 * convolutions that add to what was there before, `[b c h w] → [b c h w]`.
 */
export function residualGenerator(channels: number, width: number, depth: number): Layer {
  const block = residual(chain(conv(width), leakyRelu, conv(width)));
  const correction = chain(
    halved,
    conv(width),
    ...Array.from({ length: depth }, () => block),
    leakyRelu,
    conv(4 * channels),
    doubled,
  );
  return framed(residual(correction), 2);
}

const halved: Step = (x) => pixelUnshuffle(x, 2);
const doubled: Step = (x) => pixelShuffle(x, 2);

/** A layer for pictures whose sides are multiples of a number, for pictures of any. */
function framed(step: Step, multiple: number): Layer {
  const inner = asLayer(step);
  return {
    name: inner.name,
    build(shape, condition) {
      const [channels, height, width] = shape as readonly [number, number, number]; // pictures
      const frame = [height, width].map((side) => {
        const missing = Math.ceil(side / multiple) * multiple - side;
        return [Math.floor(missing / 2), Math.ceil(missing / 2)] as const;
      });
      const [rows, columns] = frame as [readonly [number, number], readonly [number, number]]; // two sides
      const sides = [height + rows[0] + rows[1], width + columns[0] + columns[1]];
      const built = inner.build([channels, ...sides], condition);
      if (sides[0] === height && sides[1] === width) return built;
      return {
        ...built,
        output: [built.output[0]!, height, width],
        apply(x, scope) {
          const y = built.apply(pad2d(x, { rows, columns, mode: "edge" }), scope);
          const inside = (start: number, size: number) => ({ start, end: start + size });
          return slice(y, [
            undefined,
            undefined,
            inside(rows[0], height),
            inside(columns[0], width),
          ]);
        },
      };
    },
  };
}
