import { readItems } from "../shape/items.js";
import type { Legend } from "../shape/legend.js";
import { boundaryF1 } from "./boundary.js";
import type { Items } from "./features.js";
import { labelsIn, overlap } from "./iou.js";
import type { Score } from "./judge.js";
import { structure } from "./structure.js";

/**
 * The scores of maps that were made of pictures, beside the maps that belong to those pictures, in
 * the same order: how many pixels have their class, and whether classes fall into the parts they
 * should. Both are pictures in the colours of the legend, `[n 3 h w]`.
 *
 * @throws {ShapeError} when the maps differ in size or number, or are not in colours.
 * @example
 * const truth = data.scenes({ count: 2 });
 * const [iou] = judgeMaps(truth, truth, { legend: truth.legend ?? [] });
 * [iou?.name, iou?.value]; // → ["mean-iou",1]
 */
export function judgeMaps(
  made: Items,
  truth: Items,
  {
    legend,
  }: {
    /** What the colours of the maps mean. */
    readonly legend: Legend;
  },
): readonly Score[] {
  const [, height = 0, width = 0] = truth.shape;
  const labels = ({ items, shape, count }: Items): Uint8Array =>
    labelsIn(
      readItems(
        { items, shape },
        Array.from({ length: count }, (_, i) => i),
      ),
      { shape, legend },
    );
  const [mine, theirs] = [labels(made), labels(truth)];
  const options = { height, width, legend };
  const { meanIou, pixelAccuracy, classAccuracy } = overlap(mine, theirs, options);
  const parts = structure(mine, theirs, options);
  const left = legend.filter(({ ignored }) => ignored).map(({ name }) => name);
  const classes = legend.length - left.length;
  const over = `${truth.count} maps, ${classes} classes${left.length === 0 ? "" : `, ${left.join(" and ")} left out`}`;
  const higher = (name: string, value: number, how: string): Score => {
    return { name, value, better: "higher", protocol: `${over}; ${how}` };
  };
  const lower = (name: string, value: number, how: string): Score => {
    return { name, value, better: "lower", protocol: `${over}; ${how}, in a map` };
  };
  return [
    higher("mean-iou", meanIou, "intersection over union, counted over all maps together"),
    higher("pixel-accuracy", pixelAccuracy, "pixels that have their class"),
    higher("class-accuracy", classAccuracy, "the mean over classes of the same"),
    higher("boundary-f1", boundaryF1(mine, theirs, options), "outlines within one pixel or 0.75 %"),
    lower("component-error", parts.componentError, "parts of a class too many or too few"),
    lower("extra-fragments", parts.extraFragments, "parts of a class too many"),
    lower("hole-error", parts.holeError, "holes in a class too many or too few"),
  ];
}
