import type { Random } from "../shape/random.js";
import type { Shape } from "../shape/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Items } from "./dealer.js";
import type { DataDescription } from "./draws.js";
import type { Owned, View } from "./network.js";

/** Numbers for a graph: float32, of a whole shape. */
export interface Given {
  readonly shape: Shape;
  readonly data: Float32Array;
}

/** Something reported, over the rounds of a run. */
export interface Series {
  readonly rounds: readonly number[];
  readonly values: readonly number[];
}

/** Items like those of the data that were never trained on. */
export interface HeldOut extends Items {
  /** What is known of each, by name, as in a data set. */
  readonly factors?: Readonly<Record<string, readonly (string | number)[]>>;
}

/** What there is to look at when a run has ended. */
export interface Look<N extends Readonly<Record<string, Owned>>, H> {
  readonly hyper: H;
  readonly data: DataDescription & Items;
  /** The test split, or what is drawn with another seed, when there is one. */
  readonly heldOut?: HeldOut;
  readonly seed: number;
  /** Rounds played. */
  readonly round: number;
  /** Evaluates tensors of the networks as they are now, as they are used outside of training. */
  compute<I extends string, O extends string>(
    expression: (
      networks: View<N>,
      inputs: { readonly [K in I]: Tensor },
    ) => { readonly [K in O]: Tensor },
    inputs?: { readonly [K in I]: Given },
  ): Promise<{ readonly [K in O]: Float32Array }>;
  /** What a term or a watch was in each round, by full name: `M.error`; empty when there is none. */
  history(name: string): Series;
  /** Everything kept between rounds, by cell: `D.0.weight`. */
  cell(name: string): Float32Array;
  /** What the worlds of an environment are when it has been left: `[worlds state]`, if they continue. */
  worlds(environment: string): Float32Array;
  /** Numbers by chance that depend on the seed and a purpose alone. */
  random(purpose: string): Random;
}

/** One number that says how a run ended. */
export interface Outcome {
  /** With its protocol: `accuracy at attack 0.5`. */
  readonly name: string;
  readonly value: number;
  readonly unit?: string;
  readonly better?: "higher" | "lower";
}

/** A picture that explains something, as the text of an SVG file, and what it shows in words. */
export interface Figure {
  readonly svg: string;
  readonly about: string;
}

/** What a run comes to. */
export interface Conclusion {
  /** The one number first, then others that a reader would ask for. */
  readonly outcomes: readonly [Outcome, ...Outcome[]];
  /** By file name without its ending. */
  readonly figures: Readonly<Record<string, Figure>>;
}
