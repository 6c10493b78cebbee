import { lower } from "../onnx/lower.js";
import { input } from "../tensor/tensor.js";
import type { TileModel } from "./model.js";
import type { RrdbWeights } from "./rrdb-weights.js";
import {
  type SessionOptions,
  TileSessions,
  type TileSize,
  usualFade,
  usualMargin,
  usualTile,
} from "./sessions.js";

/** ESRGAN's generator with given weights; a graph is made for every shape of tiles. */
export function rrdbModel(
  { layer, sizes, inputs, tensors }: RrdbWeights,
  file: string,
  options: SessionOptions,
): TileModel {
  const { blocks, channels, growth, scale, out, unshuffle } = sizes;
  const model = ([h, w]: TileSize): Uint8Array => {
    const built = layer.build([inputs, h, w]);
    const never = (): never => {
      throw new Error("the generator keeps no state and draws nothing");
    };
    const made = built.apply(input("x", [1, inputs, h, w]), {
      parameter: (name) => input(name, built.parameters[name]!.shape),
      ...{ state: never, update: never, uniform: never },
      ...{ training: false, condition: undefined },
    });
    return lower({ y: made }, { weights: tensors, products: false }).model;
  };
  const tile = usualTile({ scale, square: unshuffle, channels });
  const compiled = new TileSessions(model, { ...options, tile });
  const squares = unshuffle === 1 ? "" : `, pixels in squares of ${unshuffle}`;
  const about = `RRDB ×${scale}, ${blocks} × ${channels}+${growth} channels${squares}`;
  return {
    about: `${about}, ${file}`,
    ...{ scale, inputs, outputs: out, multiple: unshuffle, size: undefined },
    ...{ margin: usualMargin * unshuffle, fade: usualFade * unshuffle, edge: "mirror" },
    tile,
    run: (pixels, size) => compiled.run(pixels, { channels: inputs, size }),
    release: () => compiled.release(),
  };
}
