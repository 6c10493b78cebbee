import { conv } from "../../nn/convolution.js";
import { equalized } from "../../nn/equalized.js";
import { filled } from "../../nn/initializers.js";
import {
  type BuiltLayer,
  type Condition,
  type Kept,
  type Layer,
  type LayerRow,
  prefixed,
  scopeOf,
} from "../../nn/layer.js";
import { doublingConv } from "../../nn/resampling-convolution.js";
import { styleEpilogue } from "../../nn/style-epilogue.js";
import { type Shape, sizeOf } from "../../shape/shape.js";
import { broadcast, concatenate, reshape, slice } from "../../tensor/operations.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type Stage, smooth } from "./networks.js";

/** One styled convolution, or the constant that stands in its place at first. */
interface Part {
  readonly name: string;
  readonly before: BuiltLayer | undefined;
  readonly epilogue: BuiltLayer;
  /** Where its noise begins, and how many numbers that is. */
  readonly noise: readonly [start: number, end: number];
}

/**
 * StyleGAN's synthesis network: a learned constant, then two styled convolutions at every size,
 * styles `[b layers n]`, told noise `[b noise] → [b c h w]`. Parameters have the names of the
 * official code's scopes, in lower case.
 */
export const synthesis = (stages: readonly Stage[], out: number): Layer => ({
  name: "synthesis",
  build(shape): BuiltLayer {
    const [, n] = shape as readonly [number, number]; // made for it
    const [first] = stages as readonly [Stage]; // at least two
    const start: Shape = [first.channels, ...first.size];
    const constant: Kept = { shape: start, initial: filled(1) };
    const parts = partsOf(stages, n);
    const rgb = equalized(conv(out, { kernel: 1 }), { gain: 1 }).build(
      parts.at(-1)!.epilogue.output,
    );
    const kept = (part: Part): Record<string, Kept> => ({
      ...prefixed(part.name, part.before?.parameters ?? {}),
      ...prefixed(part.name, part.epilogue.parameters),
    });
    return {
      output: rgb.output,
      parameters: {
        const: constant,
        ...Object.assign({}, ...parts.map(kept)),
        ...prefixed("rgb", rgb.parameters),
      },
      state: {},
      rows: rowsOf(constant, parts, rgb),
      apply(styles, scope) {
        const b = styles.shape[0]!;
        const noise = scope.condition!; // `build` is for a network that is told its noise
        let x = broadcast(reshape(scope.parameter("const"), [1, ...start]), [b, ...start]);
        parts.forEach((part, layer) => {
          const inside = scopeOf(scope, part.name);
          if (part.before !== undefined) x = part.before.apply(x, inside);
          x = part.epilogue.apply(x, {
            ...inside,
            condition: toldOf(part, layer, { styles, noise }),
          });
        });
        return rgb.apply(x, scopeOf(scope, "rgb"));
      },
    };
  },
});

/** Style and noise of one styled convolution, side by side: `[b n + h·w]`. */
function toldOf(
  { noise: [start, end] }: Part,
  layer: number,
  { styles, noise }: { readonly styles: Tensor; readonly noise: Tensor },
): Tensor {
  const [b, , n] = styles.shape as readonly [number, number, number]; // [b layers n]
  const style = reshape(slice(styles, [undefined, { start: layer, end: layer + 1 }]), [b, n]);
  return concatenate([style, slice(noise, [undefined, { start, end }])], 1);
}

function partsOf(stages: readonly Stage[], n: number): readonly Part[] {
  const parts: Part[] = [];
  let at = 0;
  const add = (name: string, { channels, size }: Stage, before?: BuiltLayer): void => {
    const told: Condition = { shape: [n + sizeOf(size)], type: "float32" };
    const epilogue = styleEpilogue().build([channels, ...size], told);
    parts.push({ name, before, epilogue, noise: [at, at + sizeOf(size)] });
    at += sizeOf(size);
  };
  stages.forEach((stage, i) => {
    const { channels, size } = stage;
    const at = size.join("x");
    const below = stages[i - 1];
    const convolution = equalized(conv(channels, { bias: false }));
    if (below === undefined) add(`${at}.const`, stage);
    else {
      const up = equalized(doublingConv(channels, { bias: false })).build([
        below.channels,
        ...below.size,
      ]);
      const apply: BuiltLayer["apply"] = (x, scope) => smooth(up.apply(x, scope));
      add(`${at}.conv0_up`, stage, { ...up, rows: up.rows.map(upwards), apply });
    }
    const name = below === undefined ? "conv" : "conv1";
    add(`${at}.${name}`, stage, convolution.build([channels, ...size]));
  });
  return parts;
}

const upwards = (row: LayerRow): LayerRow => ({ ...row, name: `${row.name}, blur` });

function rowsOf(constant: Kept, parts: readonly Part[], rgb: BuiltLayer): readonly LayerRow[] {
  const first = { name: "constant", output: constant.shape, parameters: sizeOf(constant.shape) };
  const rest = parts.flatMap(({ before, epilogue }) => [...(before?.rows ?? []), ...epilogue.rows]);
  return [first, ...rest, ...rgb.rows];
}
