import { Translator, type TranslatorOptions } from "../run/translate.js";
import { BelamyError, ConfigurationError } from "../shape/error.js";
import { formatShape } from "../shape/shape.js";
import type { TileModel } from "./model.js";
import { usualFade, usualMargin, usualTile } from "./sessions.js";

/** Multiples that the sides of what networks are given may have to be. */
const multiples = [1, 2, 4, 8, 16, 32, 64, 128] as const;

/**
 * What a run has learned to make of pictures, for tiles of a picture.
 *
 * @throws {ConfigurationError} when it has learned nothing yet, or does not make larger pictures.
 */
export function runModel(folder: string, options: TranslatorOptions = {}): TileModel {
  const translator = Translator.open(folder, options);
  const { from } = translator;
  const [channels, h, w] = from as readonly [number, number, number]; // pictures have three axes
  const to = translator.to(from);
  const scale = to[1]! / h;
  if (!(Number.isInteger(scale) && to[2] === scale * w)) {
    throw new ConfigurationError({
      op: folder,
      why: "makes pictures of other proportions",
      operands: [
        { label: "from", value: formatShape(from) },
        { label: "to", value: formatShape(to) },
      ],
    });
  }
  const multiple = multiples.find((n) => isPossible(translator, [channels, 3 * n, 5 * n]));
  const size = multiple === undefined ? ([h, w] as const) : undefined;
  const margin =
    size === undefined ? usualMargin : Math.min(usualMargin, Math.floor(Math.min(h, w) / 4));
  return {
    about: `×${scale} of run ${folder}`,
    ...{ scale, inputs: channels, outputs: to[0]!, multiple: multiple ?? 1, size },
    ...{ margin, fade: Math.min(usualFade, margin), tile: usualTile({ scale }), edge: "mirror" },
    async run(tile, [height, width]) {
      const given = tile.map((v) => 2 * v - 1);
      const made = await translator.translate(given, [channels, height, width]);
      return made.map((v) => (v + 1) / 2);
    },
    release: () => translator.release(),
  };
}

/** Whether the networks can be built for pictures of this size. */
function isPossible(translator: Translator, shape: readonly number[]): boolean {
  try {
    translator.to(shape);
    return true;
  } catch (error) {
    if (error instanceof BelamyError) return false;
    throw error;
  }
}
