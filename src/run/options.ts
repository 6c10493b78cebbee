import type { Dataset } from "../data/dataset.js";
import type { Score } from "../game/events.js";
import type { System } from "../game/system.js";
import type { FrozenNetwork } from "../nn/features.js";
import type { BranchFrom } from "./branch.js";

/** What a run is asked for with. */
export interface TrainOptions {
  /** What is played: one of the zoo, or your own. */
  readonly system: System;
  /** What real items are drawn from. */
  readonly data: Dataset;
  /** Real items of the same shape that are never trained on: checkups and conclusions look at them. */
  readonly heldOut?: Dataset;
  /** Changes to the system's hyper-parameters. */
  readonly hyper?: Readonly<Record<string, unknown>>;
  /**
   * What losses perceive with instead of the system's own network, such as the VGG-19 of the paper:
   * what `openFeatures` gives. A run that is resumed or branched reads its own again.
   */
  readonly features?: FrozenNetwork;
  /** What all chance comes from; 0 by default. */
  readonly seed?: number;
  /** Rounds to play; the system's own number unless `minutes` is given. */
  readonly rounds?: number;
  /** Time to play; schedules are stretched to fit. */
  readonly minutes?: number;
  /** Where graphs run: `cpu`, `webgpu`, `cuda` or `auto`, the default. */
  readonly device?: string;
  /** Worker threads that share each batch; what is computed does not depend on it. */
  readonly replicas?: number;
  /** Where the run is kept; a new folder in `runs` by default, nowhere when `null` or `false`. */
  readonly folder?: string | null | false;
  /** The folder of a run to go on with. */
  readonly resume?: string;
  /**
   * Begins where another run was, perhaps with other hyper-parameters; `rounds` and `minutes` then
   * say how much more is played, and without them it is what the other run had left.
   */
  readonly branch?: BranchFrom;
  /** Rounds between checkpoints; once a minute by default. */
  readonly checkpointEvery?: number;
  /** Rounds between samples; 40 times a run, and at powers of two early on, by default. */
  readonly samplesEvery?: number;
  /** How many samples each time. */
  readonly sampleCount?: number;
  /**
   * Whether compiled steps are kept on disk for the next run, in `$BELAMY_CACHE` or where the system
   * has caches; true by default, and of no effect on what is computed.
   */
  readonly cache?: boolean;
  /** Stops the run after the present round when it is aborted. */
  readonly signal?: AbortSignal;
  /** Scores samples, one after another as in `SamplesEvent`. */
  readonly judge?: (
    samples: Float32Array,
    data: Dataset,
  ) => readonly Score[] | Promise<readonly Score[]>;
  /** How many samples are judged. */
  readonly judgeCount?: number;
  /** Rounds between scores; otherwise only at the end. */
  readonly judgeEvery?: number;
}
