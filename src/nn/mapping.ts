import { leakyRelu } from "../tensor/operations.js";
import { equalized } from "./equalized.js";
import { chain, type Layer } from "./layer.js";
import { linear } from "./linear.js";
import { pixelNorm } from "./norms.js";

/** Options of the mapping network. */
export interface MappingOptions {
  /** Numbers in w and in every hidden layer. */
  readonly width?: number;
  /** Linear layers, each followed by leaky ReLU. */
  readonly layers?: number;
  /** How much slower it learns than other networks. */
  readonly multiplier?: number;
}

/**
 * From a latent to a style, `z [b n] → w [b width]`: a norm, then equalized linear layers that learn
 * slower than the rest of the game.
 *
 * Karras, Laine & Aila 2019, "A style-based generator architecture", figure 1b and appendix C.
 *
 * @throws {ShapeError} when the latent has other than one axis besides the batch.
 * @example
 * const M = network([512], mappingNetwork()).built;
 * [M.output, Object.keys(M.parameters).length]; // → [[512],16]
 */
export function mappingNetwork({
  width = 512,
  layers = 8,
  multiplier = 0.01,
}: MappingOptions = {}): Layer {
  const hidden = Array.from({ length: layers }, () => [
    equalized(linear(width), { multiplier }),
    leakyRelu,
  ]);
  return { ...chain(pixelNorm(), ...hidden.flat()), name: "mapping" };
}
