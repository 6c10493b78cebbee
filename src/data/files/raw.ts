import type { ItemStore } from "../../shape/items.js";
import type { Shape } from "../../shape/shape.js";
import { decode, type RawPicture, type Recipe, toPlanes } from "./decode.js";
import { askedSize } from "./options.js";
import { makeRoom, type Opening } from "./room.js";
import { concurrently } from "./source.js";

/** Pictures without a file format, all of one size: IDX, CIFAR and NumPy hold such. */
export interface RawPictures {
  readonly count: number;
  readonly pictureAt: (i: number) => RawPicture;
}

/** Writes the chosen pictures into one array, resized and coloured as the options ask. */
export async function resized(
  file: string,
  {
    all,
    chosen,
    options,
  }: {
    readonly all: RawPictures;
    readonly chosen: readonly number[];
    readonly options: Opening;
  },
): Promise<{ readonly shape: Shape; readonly items: ItemStore }> {
  const first = all.pictureAt(0);
  const { fit = "crop", filter = "lanczos3", background = "white", color = "auto" } = options;
  const small = Math.max(first.height, first.width) <= 64;
  const size = askedSize(options) ?? (small ? [first.height, first.width] : [64, 64]);
  const [height, width] = size as readonly [number, number]; // Both branches are pairs.
  const planes = (color === "auto" ? first.channels === 1 : color === "grey") ? 1 : 3;
  const shape = [planes, height, width] as const;
  const room = makeRoom(file, { count: chosen.length, shape, options });
  const asIs =
    height === first.height &&
    width === first.width &&
    (first.channels === 1 || first.channels === planes);
  const recipe: Recipe = {
    size: asIs ? undefined : [height, width],
    channels: planes,
    fit,
    filter,
    background,
  };
  let done = 0;
  await concurrently([...chosen.entries()], async ([slot, i]) => {
    options.signal?.throwIfAborted();
    const picture = all.pictureAt(i);
    const pixels = asIs ? picture : await decode(picture, recipe);
    room.put(slot, (out) => toPlanes(pixels, { planes, out }));
    options.onProgress?.(++done, chosen.length);
  });
  return { shape, items: room.close() };
}
