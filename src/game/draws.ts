import type { Column } from "../shape/column.js";
import type { Legend } from "../shape/legend.js";
import type { Shape } from "../shape/shape.js";

/** Something chance supplies each turn, of a given shape for each item of the batch: plain data. */
export type Draw =
  | {
      readonly kind: "items";
      readonly shape: Shape;
      readonly type: "float32";
      /** Numbers are missing, NaN in the data: dealt as 0. */
      readonly gaps?: true;
    }
  | { readonly kind: "given"; readonly shape: Shape; readonly type: "float32" }
  | { readonly kind: "present"; readonly shape: Shape; readonly type: "float32" }
  | { readonly kind: "labels"; readonly shape: readonly []; readonly type: "int32" }
  | {
      readonly kind: "classes";
      readonly shape: readonly [];
      readonly type: "int32";
      readonly classes: number;
    }
  | { readonly kind: "normal"; readonly shape: Shape; readonly type: "float32" }
  | {
      readonly kind: "uniform";
      readonly shape: Shape;
      readonly type: "float32";
      readonly low: number;
      readonly high: number;
    }
  | {
      readonly kind: "some items";
      readonly shape: Shape;
      readonly type: "float32";
      readonly of: number;
      readonly gaps?: true;
    }
  | {
      readonly kind: "some labels";
      readonly shape: readonly [];
      readonly type: "int32";
      readonly of: number;
    }
  | {
      readonly kind: "all";
      readonly shape: Shape;
      readonly type: "float32";
      readonly gaps?: true;
      readonly count: number;
    }
  | {
      readonly kind: "all labels";
      readonly shape: readonly [];
      readonly type: "int32";
      readonly count: number;
    };

/**
 * Standard normal numbers: `[b …shape]`.
 * @example normal(64); // → {"kind":"normal","shape":[64],"type":"float32"}
 */
export const normal = (...shape: Shape): Draw => ({ kind: "normal", shape, type: "float32" });

/**
 * Uniform numbers in [0, 1), or from `low` to `high`: `[b …shape]`.
 * @example uniform(2, { low: -1 }); // → {"kind":"uniform","shape":[2],"type":"float32","low":-1,"high":1}
 */
export const uniform = (
  shape: number | Shape,
  { low = 0, high = 1 }: { readonly low?: number; readonly high?: number } = {},
): Draw => ({
  kind: "uniform",
  shape: typeof shape === "number" ? [shape] : shape,
  type: "float32",
  low,
  high,
});

/** What a system may know of its data before it sees any. */
export interface DataDescription {
  readonly kind: "pictures" | "points";
  /** One item: `[c h w]` with values from −1 to 1, or `[d]`. */
  readonly shape: Shape;
  /** 0 when the data have no classes. */
  readonly classes: number;
  readonly count: number;
  /** What the numbers of an item are, when they are the columns of a table. */
  readonly columns?: readonly Column[];
  /** What the colours of the items mean, when they are maps. */
  readonly legend?: Legend;
  /** The second picture that each item has, when it has one. */
  readonly given?: GivenDescription;
}

/** Pictures that a generator is given: their shape, and what their colours mean when they are maps. */
export interface GivenDescription {
  readonly shape: Shape;
  readonly legend?: Legend;
}

/** The same, with the draws of real items and of their labels. */
export interface DataSource extends Omit<DataDescription, "given"> {
  readonly items: Draw;
  /** The pictures that belong to those items, `[b c h w]`; the items themselves where there are none. */
  readonly given: Draw;
  /** The classes of those items: int32 `[b]`. */
  readonly labels: Draw;
  /** Any class, each as likely, whatever the items are: int32 `[b]`. */
  readonly anyLabels: Draw;
  /** 1 where a number of those items is known, 0 where it is missing and its item has 0 there. */
  readonly present: Draw;
  /** Items from a few alone, `of` in all and as many of each class, chosen by the run's seed. */
  someItems(of: number): Draw;
  /** The classes of those: int32 `[b]`. */
  someLabels(of: number): Draw;
  /** All items in their order, the same every turn: `[count …]`. */
  readonly all: Draw;
  /** The classes of all items: int32 `[count]`. */
  readonly allLabels: Draw;
}

export const sourceOf = (data: DataDescription): DataSource => ({
  ...data,
  items: { kind: "items", shape: data.shape, type: "float32", ...gapsIn(data) },
  given: { kind: "given", shape: (data.given ?? data).shape, type: "float32" },
  labels: { kind: "labels", shape: [], type: "int32" },
  present: { kind: "present", shape: data.shape, type: "float32" },
  someItems: (of) => ({
    ...{ kind: "some items", shape: data.shape, type: "float32", of },
    ...gapsIn(data),
  }),
  someLabels: (of) => ({ kind: "some labels", shape: [], type: "int32", of }),
  all: { kind: "all", shape: data.shape, type: "float32", count: data.count, ...gapsIn(data) },
  allLabels: { kind: "all labels", shape: [], type: "int32", count: data.count },
  anyLabels: { kind: "classes", shape: [], type: "int32", classes: Math.max(1, data.classes) },
});

const gapsIn = ({ columns }: DataDescription): { readonly gaps?: true } =>
  columns?.some(({ missing }) => missing > 0) ? { gaps: true } : {};

/** How many rows a draw has in a group of this size. */
export const rowsOf = (draw: Draw, group: number): number =>
  draw.kind === "all" || draw.kind === "all labels" ? draw.count : group;
