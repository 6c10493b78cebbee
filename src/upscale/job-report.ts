import type { Skipped } from "../data/dataset.js";
import type { AlphaKind } from "./alpha.js";
import type { Wraps } from "./bleed.js";
import type { OutFormat } from "./row-sink.js";
import type { TextureFacts } from "./texture.js";
import type { TexturePlan } from "./texture-plan.js";

/** What is done, or would be done, to one texture; sizes are height and width. */
export interface PlannedTexture {
  readonly name: string;
  /** Where it goes, below the folder of results. */
  readonly out: string;
  readonly format: OutFormat;
  readonly from: readonly [height: number, width: number];
  readonly to: readonly [height: number, width: number];
  readonly alpha: AlphaKind;
  /** Which axes go on at the other side. */
  readonly seamless: Wraps;
  readonly normalMap: boolean;
  /** Bytes that its pixels take in memory and, meanwhile, on the disk. */
  readonly memory: number;
  readonly disk: number;
  readonly notes: readonly string[];
}

/** A texture that was made larger, and what was measured. */
export interface TextureResult extends PlannedTexture, TextureFacts {
  /** Bytes of its file. */
  readonly bytes: number;
}

/** What became of a folder of textures. */
export interface UpscaleReport {
  readonly source: string;
  readonly out: string;
  /** What made them larger. */
  readonly model: string;
  /** How many times as wide and high the results are, unless a size was asked for. */
  readonly scale: number;
  readonly files: readonly TextureResult[];
  /** How many of them were there already, from a run before. */
  readonly kept: number;
  /** Files that could not be used, when they may be left out. */
  readonly skipped: readonly Skipped[];
}

/** What would become of a folder of textures. */
export interface UpscalePlan extends Omit<UpscaleReport, "files" | "kept"> {
  readonly files: readonly PlannedTexture[];
  readonly kept: number;
}

/** The part of a plan that people want to see. */
export const planned = ({
  name,
  out,
  format,
  from,
  to,
  alpha,
  seamless,
  normalMap,
  memory,
  disk,
  notes,
}: TexturePlan): PlannedTexture => ({
  ...{ name, out, format, from, to },
  ...{ alpha: alpha.kind, seamless, normalMap, memory, disk, notes },
});
