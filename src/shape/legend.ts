/** What one colour of a map means. */
export interface LegendEntry {
  readonly name: string;
  /** Red, green and blue, 0 … 255. */
  readonly colour: readonly [number, number, number];
  /** What has this colour counts in no loss and in no score. */
  readonly ignored?: true;
}

/** The classes of a map, in order: each of its pixels has one of these colours. */
export type Legend = readonly LegendEntry[];
