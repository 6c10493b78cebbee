import type { Policy } from "../nn/augmentation.js";
import type { Shape } from "../shape/shape.js";

/** Pictures of one size in one file, in rows from the top left, parted by `gap` pixels. */
export interface Sheet {
  readonly url: string;
  /** Of the whole file. */
  readonly width: number;
  readonly height: number;
  readonly tile: { readonly width: number; readonly height: number };
  readonly columns: number;
  readonly count: number;
  readonly gap: number;
}

/** Which data, and how they are read. */
export interface DataChoice {
  /** A set's name, as `GET /api/data` lists them, or the id of an upload. */
  readonly source: string;
  readonly options?: ReadOptions;
}

/** How pictures become a data set; the flags of `belamy train`. */
export interface ReadOptions {
  readonly size?: number | readonly [height: number, width: number];
  readonly color?: "rgb" | "grey" | "auto";
  readonly fit?: "crop" | "pad";
  readonly filter?: "lanczos3" | "cubic" | "nearest";
  readonly background?: string;
  readonly label?: string;
  /** Of a table; behind a question mark and in forms, lists are names with commas between them. */
  readonly classes?: readonly string[];
  readonly leave?: readonly string[];
  readonly category?: readonly string[];
  readonly skipMissing?: boolean;
  readonly limit?: number;
  /** What a generator is given, made from the pictures. */
  readonly given?: "edges" | "grey";
  /** Each file holds two pictures, A on the left and B on the right; A is given unless `BtoA`. */
  readonly pairs?: "side-by-side";
  readonly direction?: "AtoB" | "BtoA";
}

/** `GET /api/data`. */
export interface DataReply {
  /** Computed, from nothing. */
  readonly procedural: readonly { readonly name: string; readonly kind: "pictures" | "points" }[];
  /** Downloaded once, from their publishers, when they are first used. */
  readonly known: readonly { readonly name: string }[];
  readonly uploads: readonly { readonly id: string; readonly addedAt: number }[];
  readonly limits: UploadLimits;
}

/** What an upload may be. */
export interface UploadLimits {
  readonly bytes: number;
  readonly files: number;
}

/**
 * `POST /api/data` with `multipart/form-data`: either one file (a zip, tar, table, array …) or many
 * pictures, whose file names may hold folders, which become classes. Fields before the files may be
 * `name` and those of `ReadOptions`. Also `GET /api/data/:id?size=&color=&fit=…`: the same, read with
 * other options; procedural and known sets have their names as ids.
 */
export interface DataSummary {
  readonly id: string;
  readonly name: string;
  readonly kind: "pictures" | "points";
  readonly shape: Shape;
  readonly count: number;
  /** Pixels; null for points. */
  readonly size: { readonly width: number; readonly height: number } | null;
  readonly color: "grey" | "rgb" | null;
  readonly classes: readonly { readonly name: string; readonly count: number }[];
  readonly bytes: number;
  readonly rejected: readonly { readonly file: string; readonly why: string }[];
  /** What the reader found out, a sentence each. */
  readonly notes: readonly string[];
  /** Items evenly spread over all; of points a scattered picture of one tile. */
  readonly preview: Sheet;
}

/** `POST /api/data/:id/augment`. */
export interface AugmentRequest {
  readonly policy: readonly Policy[];
  /** Share of pictures that are changed at all; 1 by default. */
  readonly probability?: number;
  /** How many pictures, 8 by default; each is changed `variants` times, 4 by default. */
  readonly count?: number;
  readonly variants?: number;
  readonly seed?: number;
  readonly options?: ReadOptions;
}

export interface AugmentReply {
  readonly policies: readonly Policy[];
  /** One picture a row. */
  readonly before: Sheet;
  /** Row i: picture i, changed each time anew. */
  readonly after: Sheet;
}
