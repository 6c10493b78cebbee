import type { Column } from "../shape/column.js";
import type { ItemStore } from "../shape/items.js";
import type { Legend } from "../shape/legend.js";
import type { Shape } from "../shape/shape.js";

/** Where the truth is known: the modes that a point generator should cover. */
export interface Modes {
  /** `[modes d]`, row by row. */
  readonly centres: readonly (readonly number[])[];
  /** Standard deviation of each mode, along every axis. */
  readonly deviation: number;
}

/** A file that was left out, and why; only ever with `skipBad`. */
export interface Skipped {
  readonly file: string;
  readonly reason: string;
}

/** A second picture for each item: what a generator is given, when it makes pictures from pictures. */
export interface GivenPictures {
  /** One of them: `[c h w]`. */
  readonly shape: Shape;
  /** In the order of the items they belong to, kept as those are. */
  readonly items: ItemStore;
  /** What their colours mean, when they are maps. */
  readonly legend?: Legend;
}

/** What a game draws its real items from: decoded, and readable from worker threads. */
export interface Dataset<Items extends ItemStore = ItemStore> {
  /** Short and fit for a folder name: `portraits64`, `ring`. */
  readonly name: string;
  readonly kind: "pictures" | "points";
  /** One item: `[c h w]` for pictures, `[d]` for points. */
  readonly shape: Shape;
  readonly count: number;
  /**
   * `count` items one after the other, over a SharedArrayBuffer where there is one, or in a file
   * when they are more than may be in memory; `readItems` reads either. Pictures are bytes, planar,
   * 0 … 255 (a game sees them as −1 … 1), or, where `flux` says so, float32 as a game sees them;
   * points are float32 as they are, NaN where a value of a
   * table is missing.
   */
  readonly items: Items;
  /** One class per item, when the source has classes. */
  readonly labels: Int32Array | undefined;
  readonly classes: readonly string[];
  /** What the numbers of an item are, when they are the columns of a table. */
  readonly columns?: readonly Column[];
  /** What belongs to each item and is given to a generator: edges of a product, the photo of a map. */
  readonly given?: GivenPictures;
  /** What the colours of the items mean, when they are maps. */
  readonly legend?: Legend;
  /** One sentence per item, when the source has them. */
  readonly captions?: readonly string[];
  /** What else is known of each item, by name: ages, sizes, positions; one value per item. */
  readonly factors?: Readonly<Record<string, readonly (string | number)[]>>;
  /** SHA-256 of kind, shape, items and labels, in hexadecimal. */
  readonly fingerprint: string;
  /**
   * Pictures of light whose numbers bytes would lose: float32, stretched so that −1 stands for a flux
   * of −0.1 and 1 for one of 4, and beyond where there is more (`fluxOf`). One of these is `unit` of
   * the numbers that their files have.
   */
  readonly flux?: { readonly unit: number };
  readonly modes: Modes | undefined;
  readonly skipped: readonly Skipped[];
  /** What the reader found out or left out, a sentence each: `floats −1 … 1 became bytes`. */
  readonly notes?: readonly string[];
}
