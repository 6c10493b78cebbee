import type { Dataset } from "../data/dataset.js";
import { openData } from "../data/open.js";
import { isProcedural } from "../data/procedural.js";
import { stackedPrefix } from "../data/stacked.js";
import type { Origin } from "../run/origin.js";
import { BelamyError } from "../shape/error.js";
import { sameShape } from "../shape/shape.js";

/** As many as a checkup could look at. */
const most = 512;

/**
 * Items that a run never trains on, to see what its discriminator makes of them: the test split, or
 * another seed of what is drawn; nothing where there is neither.
 */
export async function openHeldOut(
  { source, options }: Origin,
  data: Dataset,
): Promise<Dataset | undefined> {
  if (options.split === "test" || source.startsWith(stackedPrefix)) return undefined;
  const [channels, height, width] = data.shape;
  const isPaired = data.given !== undefined;
  const colour = { color: channels === 1 ? "grey" : "rgb" } as const;
  const fitting =
    height === undefined || width === undefined
      ? {}
      : // What belongs to pictures need not be as colourful as they are.
        { size: [height, width] as const, ...(isPaired ? {} : colour) };
  const few = isProcedural(source)
    ? { seed: (options.seed ?? 0) + 1, count: most }
    : ({ split: "test", limit: most } as const);
  try {
    const heldOut = await openData(source, { ...options, ...fitting, ...few });
    const isSame =
      sameShape(heldOut.shape, data.shape) &&
      sameShape(heldOut.given?.shape ?? [], data.given?.shape ?? []) &&
      // Classes that were counted may be others in another split.
      JSON.stringify(legends(heldOut)) === JSON.stringify(legends(data));
    return isSame ? heldOut : undefined;
  } catch (error) {
    if (error instanceof BelamyError) return undefined;
    throw error;
  }
}

const legends = ({ legend, given }: Dataset) => [legend, given?.legend];
