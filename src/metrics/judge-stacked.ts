import { ShapeError } from "../shape/error.js";
import { evenPlaces, inMemory } from "../shape/items.js";
import { sameShape } from "../shape/shape.js";
import type { Classifier } from "./classifier.js";
import { type Items, told } from "./features.js";
import type { Score } from "./judge.js";
import { labelsOf } from "./judge-classes.js";
import { stackedModes } from "./stacked-modes.js";

/**
 * Modes and KL of stacked pictures `[n 3 h w]`: a classifier of single digits `[1 h w]` labels each
 * channel, so that ten classes make a thousand modes.
 *
 * Metz et al. 2017, section 3.3; the usual number of samples is 26,000 (Lin et al. 2018).
 *
 * @throws {ShapeError} when the samples are not channels of what the classifier knows
 *
 * @example
 * const greys = await trainClassifier({ ...data.shapes({ count: 40, size: 8 }), shape: [1, 8, 8] });
 * const [modes] = await judgeStacked(data.shapes({ count: 4, size: 8 }), greys);
 * modes?.name; // → "stacked-modes-of-512"
 */
export async function judgeStacked(
  samples: Items,
  classifier: Classifier,
): Promise<readonly Score[]> {
  const [channels, ...place] = samples.shape as readonly [number, ...number[]]; // pictures have axes
  const one = [1, ...place];
  if (!sameShape(one, classifier.shape) || !inMemory(samples.items)) {
    const operands = [
      { label: "samples", value: samples.shape, axes: "c h w" },
      { label: "classifier", value: classifier.shape, axes: "1 h w" },
    ];
    throw new ShapeError({ op: "judgeStacked", why: "channels are other pictures", operands });
  }
  // Channels lie one after another, as single pictures would.
  const single = { shape: one, count: samples.count * channels, items: samples.items };
  const places = evenPlaces(single.count, single.count);
  const labels = await labelsOf(single, { classifier, places });
  const classes = classifier.classes.length;
  const { covered, modes, kl, chanceKl } = stackedModes(labels, { classes, channels });
  const protocol = `${samples.count} samples, the class of each channel told by ${told(classifier)}`;
  return [
    { name: `stacked-modes-of-${modes}`, value: covered, better: "higher", protocol },
    { name: "stacked-kl", value: kl, better: "lower", protocol, floor: chanceKl },
  ];
}
