import sharp from "sharp";
import { ConfigurationError } from "../../shape/error.js";
import type { Legend } from "../../shape/legend.js";
import type { CacheOptions } from "../cache/settings.js";
import { checkWhole } from "../check.js";

/** One of two pictures that stand side by side in a file. */
export type Half = "left" | "right";

/** How a second picture is found for each item, which a generator is given. */
export interface PairOptions {
  /**
   * What belongs to each picture: a folder or archive of pictures with the same names, by its path or
   * as a folder within the source; or `edges` or `grey`, which are made from the pictures themselves.
   */
  readonly given?: string;
  /** The folder of a source that the pictures are in: `train-images`, or `images` of any split. */
  readonly within?: string;
  /** `side-by-side` when each file holds two pictures, A on the left and B on the right. */
  readonly pairs?: "side-by-side";
  /** Which of two pictures side by side is given: A with `AtoB`, the default, or B with `BtoA`. */
  readonly direction?: "AtoB" | "BtoA";
  /**
   * What the colours or numbers of maps mean: a file of names and colours, `auto` to take every
   * colour there is for a class, or the legend itself. Without it, pictures are maps when the
   * `classes` of a `dataset.json` name all numbers in them, or when all have one palette.
   */
  readonly legend?: "auto" | (string & {}) | Legend;
  /** Classes of maps that count nowhere, besides those called void, unlabelled or ignored. */
  readonly void?: readonly string[];
}

/** How files become a data set; everything has a default. */
export interface PictureOptions extends PairOptions {
  /**
   * Pixels a side, or `[height, width]`. Without it the pictures keep their own size when all have
   * the same and it is at most 64 a side; otherwise they become 64 × 64.
   */
  readonly size?: number | readonly [height: number, width: number];
  /** `auto` (the default) is grey when every pixel of every picture is, and rgb otherwise. */
  readonly color?: "rgb" | "grey" | "auto";
  /** What happens to another aspect: `crop` (the default) keeps the centre, `pad` keeps all. */
  readonly fit?: "crop" | "pad";
  /** The kernel that shrinks; enlarging is bicubic, or nearest with `nearest`. */
  readonly filter?: "lanczos3" | "cubic" | "nearest";
  /** A CSS colour, seen through transparency and beside padded pictures; white by default. */
  readonly background?: string;
  /** Which part of a set that has parts; without it `train`, or the only part there is. */
  readonly split?: "train" | "test";
  /**
   * Which column of a table is the class: its name, its number from 1, `last` or `none`; without
   * it one called label, class, target or y, or the last when it is text.
   */
  readonly label?: string;
  /** The classes of a table in the order that they are numbered; by size or by name without it. */
  readonly classes?: readonly string[];
  /** Columns of a table to do without, by name or by number from 1. */
  readonly leave?: readonly string[];
  /**
   * Columns of a table that are categories though they are numbers, or though they have more than
   * 64 different words.
   */
  readonly category?: readonly string[];
  /** Leaves out rows of a table in which a value is missing. */
  readonly skipMissing?: boolean;
  /** Leaves bad files out and lists them in `skipped`, instead of stopping. */
  readonly skipBad?: boolean;
  /** At most so many pictures, evenly spread over all of them in order of their names. */
  readonly limit?: number;
  /**
   * Bytes that the decoded pictures may take in memory; half of the machine's by default. More lie
   * in a file of the cache, from which they are read at their places.
   */
  readonly memory?: number;
  /** Whether and where decoded pictures are kept, so that the next opening need not decode. */
  readonly cache?: boolean | CacheOptions;
  /** Called with what a person should know, such as why nothing was kept. */
  readonly onNote?: (text: string) => void;
  /** Called while files are compared with what was decoded before: bytes read. */
  readonly onCheck?: (bytes: number) => void;
  /** Called as pictures are decoded. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Stops reading when it is aborted. */
  readonly signal?: AbortSignal;
}

/** Checks what types cannot: the numbers and the colour among the options. */
export function checkOptions(options: PictureOptions): void {
  const { size, limit, memory, background, given, pairs, direction } = options;
  if (typeof size === "number") checkWhole("data", { size });
  if (typeof size === "object") checkWhole("data", { height: size[0], width: size[1] });
  if (limit !== undefined) checkWhole("data", { limit });
  if (memory !== undefined) checkWhole("data", { memory });
  if (background !== undefined) checkColor(background);
  if (pairs !== undefined && given !== undefined) {
    const why = "is the other half of each file, with pairs side by side";
    throw new ConfigurationError({ op: "data.given", why, hint: "leave given or pairs out" });
  }
  if (direction !== undefined && pairs === undefined) {
    const why = "belongs to pairs side by side";
    throw new ConfigurationError({ op: "data.direction", why, hint: "add --pairs side-by-side" });
  }
}

/** The size asked for as height and width. */
export function askedSize({ size }: PictureOptions): readonly [number, number] | undefined {
  return typeof size === "number" ? [size, size] : size;
}

function checkColor(background: string): void {
  try {
    sharp({ create: { width: 1, height: 1, channels: 3, background } });
  } catch {
    throw new ConfigurationError({
      op: "data.background",
      why: `${background} is not a colour`,
      hint: "write a CSS colour such as white or #336699",
    });
  }
}
